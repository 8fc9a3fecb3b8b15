"""LVS1: commands, which no shell reads, and strings that keep their quotes."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.config.model import FailoverService, Owner
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Change, Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.consequences import cascade
from lvscf.piranha.limits import MOST_COMMAND_WORDS
from lvscf.source import quoted
from lvscf.syntax.nodes import Line

_SHELL = frozenset("$|;><`\"'")
_KEEPING_QUOTES = ("send", "expect", "send_program", "start_cmd", "stop_cmd")
_FAILS = {
    "active_cmd": "the command silently never runs",
    "inactive_cmd": "the command silently never runs",
    "start_cmd": "the service is not started",
    "stop_cmd": "the service is not stopped",
    "ipvsadm": "the VIPs are up, but no service is loaded",
}
"""What happens if the daemon cannot execute the program."""


@rule("LVS118", "relative-command", Severity.ERROR)
def relative_command(case: Case) -> Iterator[Problem]:
    """A command without an absolute path.

    What:
        `active_cmd`, `inactive_cmd`, `ipvsadm`, `client_monitor`, `start_cmd` or `stop_cmd` is in
        force and does not begin with `/`.

    Why:
        The daemons execute the program without a shell and without searching PATH, relative to
        their own working directory, and do not find it.  Without `ipvsadm`, the VIPs are up but no
        service is loaded.  Without `client_monitor`, the process that should check the servers
        exits, and lvsd then stops every service on this router (fos moves them to the partner).
        The other commands just do not run.

    Example:
        - active_cmd = "notify active"
        + active_cmd = "/usr/local/sbin/notify active"
    """
    for owner, name in (*_commands(case), *_programs(case)):
        line = places.written(owner, name)
        if line is None or (line.words[2].quote == "'" and name in _KEEPING_QUOTES):
            continue  # LVS121: the apostrophe comes first
        command = line.words[2].text
        if name in ("active_cmd", "inactive_cmd"):
            command = command.lstrip(" ")
        if command.startswith("/") or (not command and name in ("start_cmd", "stop_cmd")):
            continue
        if name != "client_monitor":
            fails = _FAILS[name]
        else:
            fails = f"the monitor{cascade(case).removeprefix('nanny')}"
            if isinstance(owner, FailoverService):
                fails = "fos treats its exit as a failure and moves the services to the partner"
        yield Problem(
            at=places.value(line),
            message=f"`{name}` does not begin with `/`, and Piranha does not search PATH: {fails}.",
            help="Write the absolute path of the program.",
        )


@rule("LVS119", "shell-syntax", Severity.WARNING, also=(Severity.ERROR,))
def shell_syntax(case: Case) -> Iterator[Problem]:
    """Shell syntax in a command that no shell reads.

    What:
        `active_cmd`, `inactive_cmd`, `start_cmd`, `stop_cmd` or `send_program` is in force and has
        quotes inside, or one of `$`, `|`, `;`, `>`, `<`, `` ` ``, or a word that ends in `&`.  This
        is a warning.  A command of more than 39 words is an error.

    Why:
        The daemons split the command at blanks and execute it.  Quotes, variables, pipes and
        redirections reach the program verbatim.  The 40th word is written past the end of an array,
        which can crash the daemon.

    Example:
        - active_cmd = "/usr/bin/logger active >> /var/log/lvs"
        + active_cmd = "/usr/local/sbin/log-active"
    """
    programs = [(service, "send_program") for service in case.services if service.send_program]
    for owner, name in (*_commands(case), *programs):
        line = places.written(owner, name)
        if line is None:
            continue
        text = line.words[2].text
        count = sum(1 for word in text.split(" ") if word)
        if count > MOST_COMMAND_WORDS:
            yield Problem(
                at=places.value(line),
                message=f"`{name}` has {count} words, and the daemon has room for "
                f"{MOST_COMMAND_WORDS}: the rest overwrites its stack, which can crash it.",
                help="Put the command into a script, and run the script here.",
                severity=Severity.ERROR,
            )
            continue
        start = 0
        for found in text.split(" "):
            if _is_shell(found, name):
                break
            start += len(found) + 1
        else:
            continue
        yield Problem(
            at=_within_value(line, start, len(found)),
            message=f"No shell reads `{name}`: {quoted(found)} reaches the program verbatim.",
            help="Put the command into a script, and run the script here.",
        )


def _is_shell(word: str, name: str) -> bool:
    if name == "send_program" and word.strip("\"'") in ("%h", "%p"):
        return False  # LVS603 reports that a quoted address is not replaced
    return word.endswith("&") or not _SHELL.isdisjoint(word)


@rule(
    "LVS121",
    "single-quotes",
    Severity.ERROR,
    changes_memory="the apostrophes are part of the value; once fixed, they are gone",
)
def single_quotes(case: Case) -> Iterator[Problem]:
    """Single quotes where they become part of the value.

    What:
        `send`, `expect` or `send_program` of an active service, or `start_cmd` or `stop_cmd` of an
        active failover service, is written in single quotes.

    Why:
        Piranha strips double quotes only.  `send` and `expect` keep apostrophes around them, and no
        server is ever up.  A `send_program` with apostrophes does not exist.  With an `expect`, nanny
        counts that as success, and every server is always up; without one, no server ever is.  With
        apostrophes around `start_cmd` or `stop_cmd`, the service is not started or stopped.

    Example:
          virtual smtp {
              active = 1
              address = 10.10.1.20 eth0:1
              port = 25
              send = "quit"
        -     expect = '220'
        +     expect = "220"
          }

    Fix:
        Safe: double quotes replace the single ones.  There is no fix if the value has a double quote
        inside.
    """
    for service in case.services:
        for name in _KEEPING_QUOTES:
            if getattr(service, name) is None or not _in_force(service, name):
                continue
            line = places.written(service, name)
            if line is None or line.words[2].quote != "'":
                continue
            at, text = places.value(line), line.words[2].text
            change = None
            if '"' not in text:
                change = Change("Write double quotes", "safe", ((at, f'"{text}"'),))
            yield Problem(
                at=at,
                message=f"The apostrophes become part of the value: {_consequence(service, name)}.",
                help="Write double quotes.",
                change=change,
            )


def _in_force(service: Owner, name: str) -> bool:
    return isinstance(service, FailoverService) or not name.endswith("_cmd")


def _consequence(service: Owner, name: str) -> str:
    """What apostrophes as part of a value do to a service."""
    if name == "send":
        return "nanny sends them too, and the server is unlikely to answer as expected"
    if name == "expect":
        return "no answer begins with one, so no server is ever up"
    if name == "send_program":
        if getattr(service, "expect", None) is None:
            return "there is no such program, so no server is ever up"
        return "there is no such program, which counts as success, so every server is always up"
    return f"there is no such program, so {_FAILS[name]}"


@rule("LVS124", "empty-argument", Severity.WARNING)
def empty_argument(case: Case) -> Iterator[Problem]:
    """Two blanks in a failover service's command.

    What:
        `start_cmd` or `stop_cmd` of an active failover service has two blanks in a row.

    Why:
        fos splits these commands at every single blank.  Between two of them is an empty argument,
        which most programs reject.

    Example:
          service = fos
          failover db {
              active = 1
              address = 10.10.1.20 eth0:1
        -     start_cmd = "/sbin/service  db start"
        +     start_cmd = "/sbin/service db start"
              stop_cmd = "/sbin/service db stop"
          }

    Fix:
        Unsafe: a single blank replaces several.
    """
    for owner, name in _commands(case):
        line = places.written(owner, name)
        if line is None or not isinstance(owner, FailoverService):
            continue
        text = line.words[2].text
        start = text.find("  ")
        if start > 0 and text[start:].strip(" "):
            length = len(text[start:]) - len(text[start:].lstrip(" "))
            at = _within_value(line, start, length)
            yield Problem(
                at=at,
                message="fos splits this command at every single blank, and passes "
                f"{'an empty argument' if length == 2 else f'{length - 1} empty arguments'} to the "
                "program.",
                help="Write a single blank.",
                change=Change("Write a single blank", "unsafe", ((at, " "),)),
            )


@rule("LVS125", "other-client-monitor", Severity.INFO)
def other_client_monitor(case: Case) -> Iterator[Problem]:
    """A program other than nanny checks the servers.

    What:
        `client_monitor` of an active service names a program that is not called nanny.

    Why:
        The program gets nanny's options and must do all that nanny does, including the calls to
        ipvsadm; if it exits, that is the same as nanny exiting.  It also inherits blocked signals:
        unless it unblocks SIGTERM, lvsd hangs when it stops the service.

    Example:
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
        -     client_monitor = /usr/local/sbin/check-web
        +     client_monitor = /usr/sbin/nanny
          }
    """
    for service, at in case.written(case.services, "client_monitor"):
        program = service.client_monitor or ""
        if program.startswith("/") and not program.endswith("/nanny"):
            yield Problem(
                at=at,
                message="This program replaces nanny: it gets nanny's options and must call ipvsadm "
                "itself. It must also unblock SIGTERM, or lvsd cannot stop it and hangs.",
                help="If you only need a check of your own, use `send_program` instead.",
            )


def _commands(case: Case) -> Iterator[tuple[Owner, str]]:
    """The commands in force: the owner and the directive of each."""
    if case.config.service == "lvs":
        for name in ("active_cmd", "inactive_cmd"):
            if getattr(case.config, name):
                yield case.config, name
    for service in case.failover_services:
        for name in ("start_cmd", "stop_cmd"):
            if getattr(service, name):
                yield service, name


def _programs(case: Case) -> Iterator[tuple[Owner, str]]:
    """The owner and directive of each program in force."""
    if case.config.service == "lvs":
        yield case.config, "ipvsadm"
    for service in case.services:
        yield service, "client_monitor"


def _within_value(line: Line, start: int, length: int) -> Place:
    """A stretch of a line's value, counted from after its quote."""
    word = line.words[2]
    begin = line.start + word.start + len(word.quote) + start
    return Place(begin, begin + length)


RULES: tuple[CaseRule, ...] = (
    relative_command,
    shell_syntax,
    single_quotes,
    empty_argument,
    other_client_monitor,
)
