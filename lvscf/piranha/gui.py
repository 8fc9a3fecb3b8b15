"""The Piranha GUI as a reader and writer of lvs.cf: how it reads a line, and what it knows.

Nearly every page of the GUI loads the file and writes it again.  It reads line by line, with
rougher rules than the daemons: words end at single spaces, a brace counts anywhere on a line, and a
line of four bytes or less repeats the line before it.  Facts: the GUI's reader and writer, run on
files that Piranha's daemons accept.
"""

from lvscf.piranha.directives import BY_SCOPE, Scope
from lvscf.piranha.releases import is_before
from lvscf.shared import ipv4
from lvscf.source import encode

_STRIPPED = " \t\r\n\0\v"
_NOTHING = ("", "0")
"""Words that the GUI treats as absent, from the third word on."""

MOST_SHORT_BYTES = 4
"""The GUI finds no words in a line up to this length, and applies the line before it again."""
MOST_READ_BYTES = 4095
"""The GUI reads a line that is longer, with its line end, as two."""

_UNKNOWN = frozenset({"hard_shutdown", "ipvsadm", "sync", "client_monitor", "master", "dirs"})
_IN_FAILOVER = frozenset(
    {"address", "vip_nmask", "active", "port", "timeout"}
    | {"send", "expect", "send_program", "start_cmd", "stop_cmd"}
)
_SINCE_0_8_6 = frozenset(
    {"syncd_iface", "syncd_id", "tcp_timeout", "tcpfin_timeout", "udp_timeout"}
)
_UNTIL_0_8_6 = frozenset({"active_cmd", "inactive_cmd"})

_MOST_BYTES = 80
_MOST_CHECK_BYTES = 300
_CHECKS = frozenset({"send", "expect", "use_regex", "send_program"})
_INDENT = {"global": 0, "virtual": 5, "failover": 5, "server": 9}
_HEADER_INDENT = {"virtual": 0, "failover": 0, "server": 5}


def stripped(line: str) -> str:
    """A line without what the GUI strips from both ends."""
    return line.strip(_STRIPPED)


def is_short(line: str) -> bool:
    """Whether the GUI reads a line as a repetition of the one before it."""
    text = stripped(line)
    return len(text) <= MOST_SHORT_BYTES and len(encode(text)) <= MOST_SHORT_BYTES


def is_too_long(line: str) -> bool:
    """Whether the GUI reads a line, given without its line end, as two."""
    if len(line) * 4 < MOST_READ_BYTES:
        return False
    return len(encode(line)) + 1 > MOST_READ_BYTES


def read(line: str) -> tuple[str, str | None]:
    """The name and value that the GUI reads from a line of more than four bytes.

    A value of None means the value of the line before it.
    """
    text = stripped(line)
    words = text.split(" ")
    value: str | None = words[1] if len(words) > 1 else ""
    if "=" in text:
        value = words[2] if len(words) > 2 else None
    if len(words) > 3 and words[3] not in _NOTHING:
        value = f"{words[2]} {words[3]}"
    if len(words) > 4 and words[4] not in _NOTHING:
        _, quote, rest = text.partition('"')
        value = quote + rest
    return words[0], value


def cannot_load(line: str) -> bool:
    """Whether a line with an opening brace makes the GUI's reader recurse endlessly.

    It does if the brace is part of the name or value that the GUI reads from the line.
    """
    name, value = read(line)
    return "{" in name or "{" in (value or "")


def knows(kind: str, name: str, release: str) -> bool:
    """Whether the GUI of a release keeps a directive.

    Args:
        kind: the block that it is in: `virtual`, `failover`, `server`, or `global`.
        name: a directive that Piranha knows there.
        release: the release of Piranha.  Since 0.8.6 the GUI knows the timeouts and the two
            settings of the sync daemon, and no longer writes active_cmd and inactive_cmd.
    """
    if kind == "failover":
        return name in _IN_FAILOVER
    if kind == "virtual":
        return name not in _UNKNOWN and name not in ("start_cmd", "stop_cmd")
    if kind == "server":
        return name in BY_SCOPE[Scope.SERVER]
    if name in _SINCE_0_8_6:
        return not is_before(release, "0.8.6")
    if name in _UNTIL_0_8_6:
        return is_before(release, "0.8.6")
    return name not in _UNKNOWN


def most_value_bytes(kind: str, name: str) -> int:
    """The number of bytes of a value that the GUI can write, quotes included.

    Each line has a limit, which includes its indentation and its line end.  Everything beyond it is
    lost, and the line end too.
    """
    most = _MOST_CHECK_BYTES if kind == "virtual" and name in _CHECKS else _MOST_BYTES
    return most - _INDENT[kind] - len(f"{name} = \n")


def most_name_bytes(keyword: str) -> int:
    """The number of bytes of a block's name that the GUI can write."""
    return _MOST_BYTES - _HEADER_INDENT[keyword] - len(f"{keyword}  {{\n")


def offers_mask(mask: str, release: str) -> bool:
    """Whether the GUI's forms offer a netmask in this spelling."""
    from lvscf.piranha.values import inet_aton

    if inet_aton(mask) != mask:
        return False
    number = 0
    for part in mask.split("."):
        number = number << 8 | int(part)
    length = number.bit_count()
    if number != ipv4.mask_of(length):
        return False
    return 16 <= length <= 32 and length != 31 and (length != 23 or not is_before(release, "0.8.6"))
