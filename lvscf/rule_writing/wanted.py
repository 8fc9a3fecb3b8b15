"""What a host needs, as values that each form writes in its own words."""

from collections.abc import Iterable
from typing import Literal

from attrs import field, frozen

from lvscf.shared.records import compared, record

PortRange = tuple[int, int]
TableName = Literal["mangle", "nat", "filter"]
ChainName = Literal["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"]
TargetName = Literal["ACCEPT", "MARK", "REDIRECT", "MASQUERADE"]


@compared
@frozen(eq=False, repr=False)
class Wanted:
    """A rule."""

    table: TableName
    chain: ChainName
    target: TargetName
    protocol: str
    """`tcp`, `udp`, `vrrp`, or a number."""
    source: str | None = field(default=None, kw_only=True)
    destination: str | None = field(default=None, kw_only=True)
    source_ports: tuple[PortRange, ...] = field(default=(), kw_only=True)
    ports: tuple[PortRange, ...] = field(default=(), kw_only=True)
    """Destination ports."""
    device: str | None = field(default=None, kw_only=True)
    """The device that packets come in on."""
    established: bool = field(default=False, kw_only=True)
    """Whether it is only for connections that the host opened itself."""
    mark: int = field(default=0, kw_only=True)
    """For MARK."""


@record
class Paragraph:
    """Rules with one purpose, and comments that name it and the lvs.cf's lines."""

    comments: tuple[str, ...]
    rules: tuple[Wanted, ...]


@record
class HostNeeds:
    """All that a host needs."""

    folder: str
    """`primary`, `backup`, or `real-servers/` and an address."""
    title: str
    """For comments: `primary router 10.10.1.21`."""
    names: tuple[str, ...]
    """What the host may be called on the command line."""
    role: Literal["router", "real-server"]
    address: str
    paragraphs: tuple[Paragraph, ...]
    settings: tuple[tuple[str, int, str], ...] = ()
    """Kernel settings: name, value, and what it is for."""
    commands: tuple[tuple[str, str], ...] = ()
    """Commands to be run at boot, each with what it is for: addresses and routes."""
    arp_rules: tuple[tuple[str, str], ...] = ()
    """Commands of arptables, each with what it is for."""
    remarks: tuple[str, ...] = ()
    """What the administrator has to know besides, as sentences."""


def distinct(paragraphs: Iterable[Paragraph]) -> tuple[Paragraph, ...]:
    """The paragraphs with each rule once, where it comes first; without those left empty."""
    seen: set[Wanted] = set()
    kept = []
    for one in paragraphs:
        rules = tuple(rule for rule in dict.fromkeys(one.rules) if rule not in seen)
        seen.update(rules)
        if rules:
            kept.append(Paragraph(one.comments, rules))
    return tuple(kept)


def chunks(ports: tuple[PortRange, ...], most: int) -> list[tuple[PortRange, ...]]:
    """Ports in groups that one rule can name; a range takes the room of two."""
    groups: list[list[PortRange]] = [[]]
    room = most
    for port in ports:
        cost = 1 if port[0] == port[1] else 2
        if cost > room:
            groups.append([])
            room = most
        groups[-1].append(port)
        room -= cost
    return [tuple(group) for group in groups]
