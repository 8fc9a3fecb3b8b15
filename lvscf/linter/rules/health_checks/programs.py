"""LVS6: health checks by an external program."""

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
        A service has `send_program` but no `expect`.

    Why:
        nanny compares the program's output with `expect`.  Without one, the check always fails: no
        server of the virtual server ever gets traffic, and a failover service is taken over again
        and again.

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
                help='Make the program print a line, such as `OK`, and write `expect = "OK"`.',
            )


@rule("LVS602", "send-and-send-program", Severity.WARNING)
def send_and_send_program(case: Case) -> Iterator[Problem]:
    r"""A `send` text that a check program makes unused.

    What:
        A service has both `send` and `send_program`.

    Why:
        The program makes the whole check.  nanny ignores `send` (and logs that); it is often a
        leftover default of the GUI.

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
                message="This is never sent: with a `send_program`, nanny ignores `send`.",
                help="Remove the line, or `send_program`.",
                related=((there, "this program makes the check"),),
            )


@rule("LVS603", "send-program-host", Severity.ERROR, also=(Severity.WARNING,))
def send_program_host(case: Case) -> Iterator[Problem]:
    """A check program that does not get the server's address.

    What:
        In `send_program`, `%h` or `%p` is part of a longer word: an error.  No word is `%h`, and
        the virtual server has several real servers: a warning.

    Why:
        nanny replaces a word that is exactly `%h` with the address of the real server, and `%p`
        with its port; inside a longer word they are not replaced.  A program that gets no address
        returns the same verdict for every server.

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
                message="The program does not get the server's address: all servers of this "
                "virtual server get the same verdict.",
                help="Pass it the word `%h`, which nanny replaces with the server's address.",
                severity=Severity.WARNING,
            )


def _glued(line: Line, program: str, start: int, end: int, names: list[str]) -> Problem:
    shown = " and ".join(f"`{name}`" for name in names)
    meant = " and ".join(f"the {_PLACEHOLDERS[name]}" for name in names)
    if len(names) == 1:
        replaced, help = (
            "is",
            f"Write {shown} as a separate word, and let the program insert {meant}",
        )
    else:
        replaced, help = "are", f"Write {shown} as two words, and let the program insert {meant}"
    return Problem(
        at=places.inside(line, 2, start, end),
        message=f"Inside a longer word, {shown} {replaced} not replaced: the program gets "
        f"{quoted(program[start:end])} verbatim.",
        help=f"{help}.",
    )


def _glued_placeholders(program: str) -> Iterator[tuple[int, int, list[str]]]:
    """Words that contain a placeholder and more: their place, and the placeholders."""
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
    r"""A check program whose failure counts as success.

    What:
        A service is checked by a `send_program`.

    Why:
        A server is only marked down by a program that exits with status 0 and prints something
        other than `expect`.  If the program is missing, crashes or exits with another status, that
        counts as success.  There is no time limit: if the program hangs, its server is no longer
        checked.  The last character of the output is cut off, so the output needs its newline:
        `printf OK` is read as `O`.

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
                message="If this program is missing, crashes or exits with a status other than 0, "
                "the server counts as up. If it hangs, the server is no longer checked.",
                help="Make it always exit with status 0, print its verdict as one line, and "
                "enforce its own timeout.",
            )


@rule("LVS624", "relative-send-program", Severity.WARNING)
def relative_send_program(case: Case) -> Iterator[Problem]:
    """A check program without an absolute path.

    What:
        The program in `send_program` has no absolute path.

    Why:
        nanny looks for it in the PATH that pulse was started with, which differs between boot, a
        shell and a cron job.  A program that is not found counts as success: every server is up,
        even a dead one.

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
            what = f"nanny looks for {quoted(name)} in its own PATH"
        else:
            at = places.value(line)
            what = "There is no program here"
        yield Problem(
            at=at,
            message=f"{what}. A program that cannot be run counts as success: dead servers stay up.",
            help="Write the absolute path of the program.",
        )


@rule("LVS626", "program-expect-newline", Severity.WARNING)
def program_expect_newline(case: Case) -> Iterator[Problem]:
    r"""A line end in the `expect` of a check program.

    What:
        A service has a `send_program`, and its `expect` ends in `\n`.

    Why:
        Before nanny compares the output with `expect`, it cuts off the last character, assuming
        that it is the line end.  From a program that prints `OK` and a line end, nanny gets `OK`.

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
            message="nanny cuts off the line end of a program's output before it compares it with "
            f"this. The check always fails, and {of_failing(check.service)}.",
            help="Leave out the line end here; only the program should print it.",
        )


RULES: tuple[CaseRule, ...] = (
    send_program_without_expect,
    send_and_send_program,
    send_program_host,
    send_program_fails_open,
    relative_send_program,
    program_expect_newline,
)
