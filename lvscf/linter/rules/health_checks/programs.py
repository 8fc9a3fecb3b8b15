"""LVS6: health checks by a program of one's own."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.config.model import VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.consequences import of_failing
from lvscf.source import quoted
from lvscf.syntax.nodes import Line

_PLACEHOLDERS = {"%h": "address", "%p": "port"}


@rule("LVS601", "send-program-without-expect", Severity.ERROR)
def send_program_without_expect(case: Case) -> Iterator[Problem]:
    """A check program whose output is compared with nothing.

    What:
        A service has `send_program`, but no `expect`.

    Why:
        nanny compares what the program prints with `expect`.  Without one the check fails every
        time: no server of the virtual server ever gets traffic; a failover service is taken over
        again and again.

    Example:
          virtual dns {
              active = 1
              address = 10.10.1.20 eth0:1
              port = 53
              send_program = "/usr/local/bin/check_dns %h"
        +     expect = "OK"
          }
    """
    for check in case.health_checks:
        at = places.value_of(check.service, "send_program")
        if at is not None and check.expect is None:
            yield Problem(
                at=at,
                message="There is no `expect` to compare the program's output with, so this check "
                f"always fails: {of_failing(check.service)}.",
                help='Let the program print a line, such as `OK`, and write `expect = "OK"`.',
            )


@rule("LVS602", "send-and-send-program", Severity.WARNING)
def send_and_send_program(case: Case) -> Iterator[Problem]:
    r"""Text to send, and a program instead of it.

    What:
        A service has both `send` and `send_program`.

    Why:
        The program makes the whole check.  nanny ignores `send` (and says so in the log); often it
        is what the GUI filled in.

    Example:
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
        -     send = "GET / HTTP/1.0\r\n\r\n"
              expect = "OK"
              send_program = "/usr/local/bin/check_web %h"
          }
    """
    for check in case.health_checks:
        if check.program is None or not check.send:
            continue
        at = places.value_of(check.service, "send")
        there = places.value_of(check.service, "send_program")
        if at and there:
            yield Problem(
                at=at,
                message="This is never sent: where there is a `send_program`, nanny ignores "
                "`send`.",
                help="Remove the line, or `send_program`.",
                related=((there, "this program makes the check"),),
            )


@rule("LVS603", "send-program-host", Severity.ERROR, also=(Severity.WARNING,))
def send_program_host(case: Case) -> Iterator[Problem]:
    """A check program that is not told which server to check.

    What:
        In `send_program`, `%h` or `%p` is part of a longer word.  Or (a warning) no word is `%h`,
        and the virtual server has several real servers.

    Why:
        nanny replaces a word that is exactly `%h` by the address of the real server, and `%p` by
        its port; inside a longer word they are left alone.  A program that gets no address returns
        the same verdict for every server.

    Example:
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
        -     send_program = "/usr/local/bin/check_url http://%h/"
        +     send_program = "/usr/local/bin/check_url %h"
              expect = "OK"
          }
    """
    for check in case.health_checks:
        service, program = check.service, check.program
        line = places.written(service, "send_program")
        if not program or line is None or check.has_apostrophes:
            continue
        glued = list(_glued_placeholders(program))
        for start, end, names in glued:
            yield _glued(line, program, start, end, names)
        if any("%h" in names for _, _, names in glued) or "%h" in program.split(" "):
            continue
        if isinstance(service, VirtualServer) and len(list(case.servers(service))) > 1:
            yield Problem(
                at=places.value(line),
                message="The program is not told which server to check: all servers of this "
                "virtual server get the same verdict.",
                help="Give it the word `%h`, which nanny replaces by the server's address.",
                severity=Severity.WARNING,
            )


def _glued(line: Line, program: str, start: int, end: int, names: list[str]) -> Problem:
    shown = " and ".join(f"`{name}`" for name in names)
    meant = " and ".join(f"the {_PLACEHOLDERS[name]}" for name in names)
    if len(names) == 1:
        replaced, help = "is", f"Write {shown} as a word of its own; the program has to put {meant}"
    else:
        replaced, help = "are", f"Write {shown} as two words; the program has to put {meant}"
    return Problem(
        at=places.inside(line, 2, start, end),
        message=f"Inside a longer word {shown} {replaced} not replaced: the program gets "
        f"{quoted(program[start:end])} as it stands here.",
        help=f"{help} into the rest.",
    )


def _glued_placeholders(program: str) -> Iterator[tuple[int, int, list[str]]]:
    """Words that hold a placeholder and more: where they stand, and which they hold."""
    if "%" not in program:
        return
    start = 0
    for word in program.split(" "):
        end = start + len(word)
        names = [name for name in _PLACEHOLDERS if name in word and word != name]
        if names:
            yield start, end, names
        start = end + 1


@rule("LVS620", "send-program-fails-open", Severity.INFO)
def send_program_fails_open(case: Case) -> Iterator[Problem]:
    r"""What a check program has to know.

    What:
        A service is checked by `send_program`.

    Why:
        Only a program that ends with status 0 and prints something else than `expect` marks a
        server down.  One that is missing, crashes or ends with another status counts as success.
        There is no time limit: a program that hangs stops the checks of its server for ever.  Of
        the output the last character is cut off, so it needs its newline: `printf OK` is taken
        for `O`.

    Bad:
        virtual dns {
            active = 1
            address = 10.10.1.20 eth0:1
            port = 53
            send_program = "/usr/local/bin/check_dns %h"
            expect = "OK"
        }

    Good:
        virtual smtp {
            active = 1
            address = 10.10.1.20 eth0:1
            port = 25
            send = "quit\r\n"
            expect = "220"
        }
    """
    for check in case.health_checks:
        at = places.value_of(check.service, "send_program")
        if at is not None and check.expect is not None:
            yield Problem(
                at=at,
                message="If this program is missing, crashes or ends with a status other than 0, "
                "the server counts as up; if it hangs, its checks stop.",
                help="Let it always end with status 0, print the verdict as one line, and watch "
                "its own time.",
            )


@rule("LVS624", "relative-send-program", Severity.WARNING)
def relative_send_program(case: Case) -> Iterator[Problem]:
    """A check program that is looked for in the daemon's PATH.

    What:
        The program in `send_program` has no absolute path.

    Why:
        nanny looks for it in the PATH that pulse was started with, which differs between a boot, a
        shell and a cron job.  A program that is not found counts as success: every server is up,
        dead ones included.

    Example:
          virtual dns {
              active = 1
              address = 10.10.1.20 eth0:1
              port = 53
        -     send_program = "check_dns %h"
        +     send_program = "/usr/local/bin/check_dns %h"
              expect = "OK"
          }
    """
    for check in case.health_checks:
        line = places.written(check.service, "send_program")
        if line is None or check.program is None or check.has_apostrophes or check.expect is None:
            continue
        program = check.program.lstrip(" ")
        if program.startswith("/"):
            continue
        start = len(check.program) - len(program)
        name = program.partition(" ")[0]
        if name:
            at = places.inside(line, 2, start, start + len(name))
            what = f"{quoted(name)} is looked for in the PATH of the daemon"
        else:
            at = places.value(line)
            what = "No program is named here"
        yield Problem(
            at=at,
            message=f"{what}; a program that cannot be run counts as success: dead servers stay "
            "up.",
            help="Write the absolute path of the program.",
        )


@rule("LVS626", "program-expect-newline", Severity.WARNING)
def program_expect_newline(case: Case) -> Iterator[Problem]:
    r"""A line end that the output of a check program has lost.

    What:
        A service has a `send_program`, and its `expect` ends in `\n`.

    Why:
        nanny cuts off the last character of the output, which it takes for the line end, before it
        compares the two.  A program that prints `OK` and a line end has printed `OK`.

    Example:
          virtual dns {
              active = 1
              address = 10.10.1.20 eth0:1
              port = 53
              send_program = "/usr/local/bin/check_dns %h"
        -     expect = "OK\n"
        +     expect = "OK"
          }
    """
    for check in case.health_checks:
        if check.kind != "program" or check.expect is None or not check.expect.endswith("\\n"):
            continue
        line = places.written(check.service, "expect")
        if line is None or check.has_apostrophes or not (check.expected or "").endswith("\n"):
            continue
        end = len(check.expect)
        yield Problem(
            at=places.inside(line, 2, end - 2, end),
            message="The line end of a program's output is cut off before it is compared with "
            f"this: the check fails, and {of_failing(check.service)}.",
            help="Leave the line end out here; the program has to print it.",
        )


RULES: tuple[CaseRule, ...] = (
    send_program_without_expect,
    send_and_send_program,
    send_program_host,
    send_program_fails_open,
    relative_send_program,
    program_expect_newline,
)
