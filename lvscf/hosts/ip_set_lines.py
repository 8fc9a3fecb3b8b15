"""Sets of addresses and ports, as `ipset save` and `ipset list` print them.

Facts: ipset(8); the names that ipset had for types before version 5 are read as well.  A set whose
entries expire, or that holds what lvscf does not read (hardware addresses, interfaces), is kept
without its contents.  IPv6 sets are left out.
"""

import re
from collections.abc import Iterator

from attrs import define, field

from lvscf.firewall.ip_sets import Entry, IpSet, Numbers, Ports
from lvscf.firewall.language.names import protocol_number
from lvscf.hosts.host import Host
from lvscf.shared import ipv4
from lvscf.source import Source

_OLD_TYPES = {
    "iphash": "hash:ip",
    "nethash": "hash:net",
    "ipporthash": "hash:ip,port",
    "ipportiphash": "hash:ip,port,ip",
    "ipportnethash": "hash:ip,port,net",
    "ipmap": "bitmap:ip",
    "portmap": "bitmap:port",
    "setlist": "list:set",
}
_MADE = re.compile(r"(?:create|-N)[ \t]+(\S+)[ \t]+(\S+)([^\n]*)")
_ADDED = re.compile(r"(?:add|-A)[ \t]+(\S+)[ \t]+(\S+)([^\n]*)")
_QUOTED = re.compile(r'"[^"]*"')
_MASK = re.compile(r"\bnetmask[: \t]+(\S+)")
_EXPIRING = re.compile(r"\btimeout[: \t]+(?!0\b)\d")


@define
class _Set:
    """A set that is being read."""

    name: str
    type: str
    header: str
    start: int
    end: int
    entries: list[Entry] = field(factory=list)
    sets: list[str] = field(factory=list)
    settled: bool = True


def read(source: Source) -> Host:
    """The sets in a text."""
    made = [
        IpSet(
            one.name,
            one.type,
            tuple(one.entries),
            tuple(one.sets),
            one.settled,
            source,
            one.start,
            one.end,
        )
        for one in _sets(source)
    ]
    return Host(ip_sets=tuple(made), sources=(source,))


def _sets(source: Source) -> Iterator[_Set]:
    """The sets of a text, with those made by `ipset list` one after the other."""
    known: dict[str, _Set] = {}
    listed: _Set | None = None
    members = False
    position = 0
    for row in source.text.splitlines(keepends=True):
        start, end = position, position + len(row.rstrip())
        position += len(row)
        line = row.strip()
        if line.startswith("Name: "):
            listed, members = _Set(line[6:].strip(), "", "", start, end), False
            known[listed.name] = listed
        elif listed is not None and not members:
            word, _, rest = line.partition(":")
            if word == "Type":
                listed.type = _type(rest.strip())
            elif word == "Header":
                listed.header = rest
            elif word == "Members":
                members = True
        elif listed is not None:
            if line:
                _add(listed, *_divided(line))
        elif found := _MADE.match(line):
            known[found[1]] = _Set(found[1], _type(found[2]), found[3], start, end)
        elif (found := _ADDED.match(line)) and found[1] in known:
            _add(known[found[1]], found[2], found[3])
    for one in known.values():
        if " inet6" in one.header or not one.type:
            continue
        one.settled = one.settled and _EXPIRING.search(one.header) is None
        yield one


def _type(written: str) -> str:
    return _OLD_TYPES.get(written, written)


def _divided(line: str) -> tuple[str, str]:
    element, _, options = line.partition(" ")
    return element, options


def _add(to: _Set, element: str, options: str) -> None:
    """Add an entry; the set is not settled if it cannot be read, or expires."""
    words = _QUOTED.sub("", options)
    if _EXPIRING.search(words):
        to.settled = False
        return
    if to.type == "list:set":
        to.sets.append(element)
        return
    parts = _parts(to, element)
    if parts is None:
        to.settled = False
        return
    to.entries.append(Entry(parts, "nomatch" in words.split()))


def _parts(to: _Set, element: str) -> tuple[Numbers | Ports, ...] | None:
    kinds = to.type.partition(":")[2].split(",")
    written = element.split(",")
    if len(kinds) != len(written):
        return None
    mask = _MASK.search(to.header)
    found: list[Numbers | Ports] = []
    for kind, word in zip(kinds, written, strict=True):
        part = (
            _ports(word)
            if kind == "port"
            else _addresses(word, mask[1] if mask else "32")
            if kind in ("ip", "net")
            else None
        )
        if part is None:
            return None
        found.append(part)
    return tuple(found)


def _addresses(word: str, mask: str) -> Numbers | None:
    """The addresses of `10.0.0.1`, `10.0.0.0/8` and `10.0.0.1-10.0.0.9`."""
    first, dash, last = word.partition("-")
    if dash:
        low, high = ipv4.number(first), ipv4.number(last)
        return (low, high) if low is not None and high is not None and low <= high else None
    address, slash, length = word.partition("/")
    number = ipv4.number(address)
    written = length if slash else mask
    if number is None:
        return None
    if written.isdecimal() and len(written) <= 2 and int(written) <= 32:
        bits = ipv4.mask_of(int(written))
    else:
        bits = ipv4.number(written) or 0
    if not bits and written not in ("0", "0.0.0.0"):
        return None
    low = number & bits
    return low, low | (~bits & ipv4.ALL_ONES)


def _ports(word: str) -> Ports | None:
    """The ports of `tcp:80`, `80`, `udp:500-510`; a type and code of ICMP count as all of them."""
    name, colon, numbers = word.rpartition(":")
    protocol = protocol_number(name) if colon else 6
    if protocol is None:
        return None
    if protocol in (1, 58):
        return protocol, 0, 65535
    low, _, high = numbers.partition("-")
    high = high or low
    if not (low.isdecimal() and high.isdecimal() and len(low) < 6 and len(high) < 6):
        return None
    return protocol, int(low), int(high)
