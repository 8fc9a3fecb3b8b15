r"""The helper scripts: checks that keepalived has no checker for, and commands with odd words.

They need bash and coreutils only, as RHEL 6 to 9 and Debian have them.  All words of lvs.cf are in
`$'...'`, so neither keepalived's own quoting nor bash changes them.  bash writes to a socket line
by line; `dd obs=64k` collects the lines, so that a datagram stays one.
"""

import re
from collections.abc import Iterable, Mapping

from lvscf.config.health_check import MOST_COMPARED
from lvscf.keepalived.checks import ScriptedCheck
from lvscf.shared.records import record
from lvscf.source import encode

FOLDER = "/etc/keepalived/checks"
"""Where the scripts are on a router."""

ACTIVE_MARKER = "/var/run/keepalived-services-started"
"""Exists on the router on which the failover services run."""
ONLY_IF_ACTIVE = f"[ -e {ACTIVE_MARKER} ] || exit 0  # the services do not run here"
"""For the checks of failover services: they succeed on the other router."""

_ESCAPES = {"\\": r"\\", "'": r"\'", "\r": r"\r", "\n": r"\n", "\t": r"\t"}
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=")
"""What bash takes for an assignment, where a command begins."""
_PLAIN_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=,+@%-")


def ansi_c(text: str) -> str:
    r"""A text as bash's `$'...'`, in ASCII: other bytes become `\xHH`."""
    parts = []
    for byte in encode(text):
        character = chr(byte)
        if character in _ESCAPES:
            parts.append(_ESCAPES[character])
        elif 0x20 <= byte < 0x7F:
            parts.append(character)
        else:
            parts.append(f"\\x{byte:02x}")
    return f"$'{''.join(parts)}'"


def is_plain(word: str) -> bool:
    """Whether a word means itself to every shell and to keepalived."""
    return bool(word) and _PLAIN_WORD.issuperset(word)


def word(text: str) -> str:
    """A word of a command in bash, quoted if necessary."""
    return text if is_plain(text) and not _ASSIGNMENT.match(text) else ansi_c(text)


def check(one: ScriptedCheck, head: Iterable[str], prelude: Iterable[str] = ()) -> str:
    """The script of a check; its arguments are the address and the port.

    Args:
        one: the check.
        head: comment lines about where it comes from.
        prelude: lines to run first.
    """
    lines = ["#!/bin/bash", *(f"# {line}".rstrip() for line in head)]
    lines.append("# Arguments: address and port. Exit status: 0 if the server is up.")
    lines += prelude
    if one.words:
        lines += _program(one)
    elif one.expect is None:
        lines += _connection(one)
    else:
        lines += _exchange(one)
    return "\n".join(lines) + "\n"


def _connection(one: ScriptedCheck) -> list[str]:
    lines = ['exec 3<>"/dev/tcp/$1/$2" || exit 1']
    if one.send:
        lines += [f"send={ansi_c(one.send)}", 'printf %s "$send" | dd obs=64k >&3 2>/dev/null']
    return [*lines, "exit 0"]


def _exchange(one: ScriptedCheck) -> list[str]:
    size = _bytes_read(one)
    lines = ["LC_ALL=C  # compare bytes"]
    if one.send:
        lines.append(f"send={ansi_c(one.send)}")
    if not one.accepts_anything:
        lines.append(f"expect={ansi_c(_cut(one))}")
    protocol = "udp" if one.is_udp else "tcp"
    lines.append(f'exec 3<>"/dev/{protocol}/$1/$2" || exit 1')
    if one.send:
        lines.append('printf %s "$send" | dd obs=64k >&3 2>/dev/null  # in one piece')
    lines += [
        f"# One read of at most {size} bytes, as nanny does it; the x keeps line ends.",
        f'answer=$(timeout {one.timeout} dd bs={size} count=1 <&3 2>/dev/null; echo "x$?")',
        '[ "${answer##*x}" = 0 ] || exit 1',
    ]
    if one.accepts_anything:
        return [*lines, "exit 0  # any answer will do"]
    lines.append("answer=${answer%x*}")
    if one.is_regex:
        return [*lines, "[[ $answer =~ $expect ]]"]
    return [*lines, '[[ $answer == "$expect" ]]']


def _cut(one: ScriptedCheck) -> str:
    """What the answer is compared with, cut where nanny stops; a regular expression never is."""
    text = one.expect or ""
    if one.is_regex:
        return text
    return encode(text)[:MOST_COMPARED].decode("utf-8", "surrogateescape")


def _bytes_read(one: ScriptedCheck) -> int:
    """How many bytes nanny reads of an answer."""
    if one.is_regex:
        return MOST_COMPARED
    return max(1, min(MOST_COMPARED, len(encode(one.expect or ""))))


def _program(one: ScriptedCheck) -> list[str]:
    command = " ".join({"%h": '"$1"', "%p": '"$2"'}.get(text) or word(text) for text in one.words)
    if "/" not in one.words[0]:
        command = f"(exec {command})"  # in PATH, not what bash means by the word
    return [
        "LC_ALL=C  # compare bytes",
        f"expect={ansi_c(one.expect or '')}",
        "# The x keeps line ends.",
        f'output=$({command} </dev/null 2>/dev/null; echo "x$?")',
        '[ "${output##*x}" = 0 ] || exit 1  # nanny counts this as up',
        "output=${output%x*}",
        '[[ ${output%?} == "$expect" ]]  # without its last byte, the line end',
    ]


def command_words(command: str) -> tuple[str, ...]:
    """The words of `active_cmd` or `inactive_cmd`, as pulse splits them."""
    return tuple(text for text in command.split(" ") if text)


def commands(head: Iterable[str], lines: Iterable[str]) -> str:
    """A script that runs commands one after another."""
    return "\n".join(["#!/bin/bash", *(f"# {line}".rstrip() for line in head), *lines]) + "\n"


def joined(words: Iterable[str]) -> str:
    """A command in bash, from its words."""
    return " ".join(map(word, words))


@record
class NamedScripts:
    """Distinct checks, each with the name of its script."""

    names: Mapping[ScriptedCheck, str]

    def command(self, one: ScriptedCheck, address: str, port: int) -> str:
        """The command that checks a server."""
        return f"{FOLDER}/{self.names[one]} {address} {port}"


RESERVED = frozenset(("become-master", "become-backup", "start-services", "stop-services"))
"""Names of scripts that are not checks."""


def named(wanted: Iterable[tuple[ScriptedCheck, str]]) -> NamedScripts:
    """Name each distinct check after the first block that has it."""
    names: dict[ScriptedCheck, str] = {}
    taken = set(RESERVED)
    counts: dict[str, int] = {}
    for one, block in wanted:
        if one in names:
            continue
        base = "".join(c if c.isascii() and (c.isalnum() or c in "_-") else "-" for c in block)
        base = base.strip("-")[:40].lower() or "check"
        name = base
        while name in taken:
            counts[base] = counts.get(base, 1) + 1
            name = f"{base}-{counts[base]}"
        taken.add(name)
        names[one] = name
    return NamedScripts(names)
