"""Branches of a trace: what is known of a packet when not everything is known.

A `Branch` is a packet, or all packets that fit the assumptions made so far.  Addresses and ports
are ranges that narrow with every test; what ranges cannot express is kept as facts.
"""

from __future__ import annotations

from attrs import frozen

from lvscf.firewall.language.vocabulary import SYN_BITS
from lvscf.firewall.model import Rule
from lvscf.firewall.packets import Assumption, State, Way
from lvscf.shared import ipv4
from lvscf.shared.records import compared, record

Range = tuple[int, int]
Fact = tuple[object, ...]
"""What a test asks: the field's name first."""

ANY_ADDRESS: Range = (0, ipv4.ALL_ONES)
ANY_PORT: Range = (0, 65535)
CLIENT_PORT: Range = (1024, 65535)
"""The source ports of clients: lower ones are reserved for privileged programs."""
MOST_FACTS = 48
"""The most facts kept for a branch; beyond, it may be followed where it cannot go."""


def known_or(value: int | None, otherwise: Range) -> Range:
    """A range of one value, or another range if the value is unknown."""
    return otherwise if value is None else (value, value)


@record
class Step:
    """The rules a branch has matched, the last one first."""

    rule: Rule
    before: Step | None


@record
class Supposition:
    """The assumptions of a branch, the last one first."""

    assumption: Assumption
    before: Supposition | None
    depth: int

    @classmethod
    def after(cls, before: Supposition | None, assumption: Assumption) -> Supposition:
        """Add an assumption."""
        return cls(assumption, before, before.depth + 1 if before else 1)


def common(one: Supposition | None, other: Supposition | None) -> Supposition | None:
    """The assumptions that two branches made before they split."""
    while one is not other:
        if one is None or other is None:
            return None
        if one.depth >= other.depth:
            one = one.before
        else:
            other = other.before
    return one


@record
class Branch:
    """A packet, or a set of packets, at some point of its path."""

    source: Range
    source_port: Range
    destination: Range
    port: Range
    interface: str | None
    first_destination: Range
    first_port: Range
    mark: int = 0
    connection_mark: int = 0
    doubt: int = 0
    """The bits of the mark that only the running kernel knows."""
    connection_doubt: int = 0
    """The bits of the connection's mark that only the running kernel knows."""
    interface_like: str = "+"
    """If the interface is unknown: the narrowest pattern it is assumed to match."""
    tracked: bool = True
    translated: Rule | None = None
    outgoing: str | None = None
    outgoing_like: str = "+"
    """If the outgoing interface is unknown: the narrowest pattern it is assumed to match."""
    new_source: tuple[Range, Range] | None = None
    """Source address and port after the NAT of POSTROUTING, which is the last table of all."""
    source_translated: Rule | None = None
    held: frozenset[Fact] = frozenset()
    failed: frozenset[Fact] = frozenset()
    supposed: Supposition | None = None
    path: Step | None = None
    complete: bool = True

    @property
    def knowledge(self) -> tuple[object, ...]:
        """Everything later rules can ask about: branches equal in this have the same future."""
        return (
            self.mark,
            self.connection_mark,
            self.doubt,
            self.connection_doubt,
            self.tracked,
            self.source,
            self.source_port,
            self.destination,
            self.port,
            self.interface,
            self.interface_like,
            self.outgoing,
            self.outgoing_like,
            self.new_source,
            self.translated is None,
            self.held,
            self.failed,
        )


@compared
@frozen(eq=False, repr=False)
class Journey:
    """What is the same for all branches of a trace at one hook."""

    protocol: int
    established: bool
    local_address: int | None
    way: Way = "input"
    hook: str = "prerouting"
    """The hook whose chains the packet meets."""
    tracking: bool = True
    """Whether connection tracking has run; it has not in the raw table."""
    settled: bool = False
    """Whether the destination, before any NAT, is assumed to be what its way needs: an address of
    this host for a packet that comes in for it, another one for a packet that is forwarded."""
    reply: bool = False
    """Whether the packet goes to the host that opened the connection."""
    state: State | None = None
    """See `Packet`."""
    flags: int | None = SYN_BITS
    """The TCP flags; None: those of any later packet."""
    unseen: bool = False
    """Whether the connection's first packet was not followed, so that it may be under NAT."""
    own: frozenset[int] | None = None
    """All addresses of this host, if they are known."""

    @property
    def leaving(self) -> bool:
        """Whether routing has chosen the interface by which it leaves."""
        return self.hook not in ("ingress", "prerouting", "input")


def rules_met(step: Step | None) -> tuple[Rule, ...]:
    """The rules that a branch has matched, in order."""
    rules = []
    while step is not None:
        rules.append(step.rule)
        step = step.before
    return tuple(reversed(rules))


def assumptions(supposed: Supposition | None) -> tuple[Assumption, ...]:
    """All assumptions, in order."""
    made = []
    while supposed is not None:
        made.append(supposed.assumption)
        supposed = supposed.before
    return tuple(reversed(made))
