"""LVS1: commands, and strings that keep their quotes: no shell reads them."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.config.model import FailoverService, Owner
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Change, Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.consequences import cascade
from lvscf.source import quoted
from lvscf.syntax.nodes import Line

MOST_WORDS = 39
"""The daemons part a command into an array that holds no more."""
_SHELL = frozenset("$|;><`\"'")
_KEEPING_QUOTES = ("send", "expect", "send_program", "start_cmd", "stop_cmd")
_FAILS = {
    "active_cmd": "the command never runs, and nobody is told",
    "inactive_cmd": "the command never runs, and nobody is told",
    "start_cmd": "the service is not started",
    "stop_cmd": "the service is not stopped",
    "ipvsadm": "no service is loaded, while the VIPs are up",
}
"""What happens if a program cannot be executed."""


@rule("LVS118", "relative-command", Severity.ERROR)
def relative_command(case: Case) -> Iterator[Problem]:
    """A command without an absolute path.

    What:
        `active_cmd`, `inactive_cmd`, `ipvsadm`, `client_monitor`, `start_cmd` or `stop_cmd`, where
        it is in force, does not begin with `/`.

    Why:
        The daemons execute the program as it is named, without a shell and without PATH, in their
        own working directory.  It is not found.  For `ipvsadm` no service is loaded, while the VIPs
        are up; for `client_monitor` the child that should check ends, and with it lvsd stops every
        service of the router (fos moves them to the partner); the other commands just do not run.

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
            fails = f"the child ends at once, which is the same as when {cascade(case)}"
            if isinstance(owner, FailoverService):
                fails = "fos takes its end for a failure and moves the services to the partner"
        yield Problem(
            at=places.value(line),
            message=f"`{name}` does not begin with `/`, and is not looked for in PATH: {fails}.",
            help="Write the absolute path of the program.",
        )


@rule("LVS119", "shell-syntax", Severity.WARNING, also=(Severity.ERROR,))
def shell_syntax(case: Case) -> Iterator[Problem]:
    """Shell syntax in a command that no shell reads.

    What:
        `active_cmd`, `inactive_cmd`, `start_cmd`, `stop_cmd` or `send_program`, where it is in
        force, has quotes inside, or one of `$`, `|`, `;`, `>`, `<`, `` ` ``, or a word that ends in
        `&`.  An error if it has more than 39 words.

    Why:
        The daemons part the command at its blanks and execute it.  Quotes, variables, pipes and
        redirections reach the program as they are written.  The 40th word is written behind the end
        of an array, which can crash the daemon.

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
        if count > MOST_WORDS:
            yield Problem(
                at=places.value(line),
                message=f"`{name}` has {count} words, and the daemon has room for 39: the rest "
                "overwrites its stack, which can crash it.",
                help="Put the command into a script, and name the script here.",
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
            at=_part(line, start, len(found)),
            message=f"No shell reads `{name}`: {quoted(found)} reaches the program as it is written.",
            help="Put the command into a script, and name the script here.",
        )


def _is_shell(word: str, name: str) -> bool:
    if name == "send_program" and word.strip("\"'") in ("%h", "%p"):
        return False  # a quoted address is not replaced, which is a matter of its own (LVS603)
    return word.endswith("&") or not _SHELL.isdisjoint(word)


@rule(
    "LVS121",
    "single-quotes",
    Severity.ERROR,
    changes_memory="the apostrophes are part of the value; fixed, they are gone",
)
def single_quotes(case: Case) -> Iterator[Problem]:
    """Single quotes where they become part of the value.

    What:
        `send`, `expect` or `send_program` of an active service, or `start_cmd` or `stop_cmd` of an
        active failover service, is written in single quotes.

    Why:
        Piranha takes off double quotes only.  `send` and `expect` get apostrophes around them, and
        no server is ever up.  A `send_program` of that name does not exist, and a program that
        cannot be executed counts as success: with `expect`, every server is always up.  A service
        is neither started nor stopped.

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
        Safe, where there is no double quote inside: double quotes take the place of the single ones.
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
                message=f"The apostrophes become part of the value: {_quoted_in_vain(service, name)}.",
                help="Write double quotes.",
                change=change,
            )


def _in_force(service: Owner, name: str) -> bool:
    return isinstance(service, FailoverService) or not name.endswith("_cmd")


def _quoted_in_vain(service: Owner, name: str) -> str:
    """What comes of a value that holds the apostrophes around it."""
    if name == "send":
        return "they are sent, too, and the server hardly answers as expected"
    if name == "expect":
        return "no answer begins with one, and no server is ever up"
    if name == "send_program":
        if getattr(service, "expect", None) is None:
            return "there is no program of that name, and no server is ever up"
        return (
            "there is no program of that name, which counts as success, and servers are always up"
        )
    return f"there is no program of that name, and {_FAILS[name]}"


@rule("LVS124", "empty-argument", Severity.WARNING)
def empty_argument(case: Case) -> Iterator[Problem]:
    """Two blanks in a failover service's command.

    What:
        `start_cmd` or `stop_cmd` of an active failover service has two blanks in a row.

    Why:
        fos parts these commands at every single blank: between two of them is an empty argument,
        which most programs take for a wrong one.

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
        Unsafe: one blank takes the place of several.
    """
    for owner, name in _commands(case):
        line = places.written(owner, name)
        if line is None or not isinstance(owner, FailoverService):
            continue
        text = line.words[2].text
        start = text.find("  ")
        if start > 0 and text[start:].strip(" "):
            length = len(text[start:]) - len(text[start:].lstrip(" "))
            at = _part(line, start, length)
            yield Problem(
                at=at,
                message="fos parts this command at every single blank: "
                f"{'an empty argument' if length == 2 else f'{length - 1} empty arguments'} reach"
                f"{'es' if length == 2 else ''} the program.",
                help="Write one blank.",
                change=Change("Write one blank", "unsafe", ((at, " "),)),
            )


@rule("LVS125", "other-client-monitor", Severity.INFO)
def other_client_monitor(case: Case) -> Iterator[Problem]:
    """A program other than nanny checks the servers.

    What:
        `client_monitor` of an active service names a program that is not called nanny.

    Why:
        It is started with nanny's options and must do all that nanny does, ipvsadm included; its end
        is that of a nanny.  It also inherits blocked signals: if it does not unblock SIGTERM, lvsd
        waits for it for ever when the service is stopped.

    Example:
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
        -     client_monitor = /usr/local/sbin/check-web
        +     client_monitor = /usr/sbin/nanny
          }
    """
    for service in case.services:
        program = service.client_monitor or ""
        at = places.value_of(service, "client_monitor")
        if at is not None and program.startswith("/") and not program.endswith("/nanny"):
            yield Problem(
                at=at,
                message="This program takes nanny's place: it gets nanny's options, must call "
                "ipvsadm itself, and must unblock SIGTERM, or lvsd cannot stop it and hangs.",
                help="To check a service in a way of your own, `send_program` is enough.",
            )


def _commands(case: Case) -> Iterator[tuple[Owner, str]]:
    """The commands in force: whose, and which."""
    if case.config.service == "lvs":
        for name in ("active_cmd", "inactive_cmd"):
            if getattr(case.config, name):
                yield case.config, name
    for service in case.failover_services:
        for name in ("start_cmd", "stop_cmd"):
            if getattr(service, name):
                yield service, name


def _programs(case: Case) -> Iterator[tuple[Owner, str]]:
    """The programs in force whose path was written."""
    if case.config.service == "lvs":
        yield case.config, "ipvsadm"
    for service in case.services:
        yield service, "client_monitor"


def _part(line: Line, start: int, length: int) -> Place:
    """A part of the one word that is a line's value, quotes not counted."""
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
