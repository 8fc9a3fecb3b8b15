"""Firewall: the rules of one host, and the way of a packet through them."""

from collections.abc import Iterable, Mapping, Set
from typing import Literal

from attrs import evolve, field, frozen

from lvscf.findings.finding import Finding
from lvscf.firewall.model import Table
from lvscf.firewall.packets import Assumption, Outcome, Packet
from lvscf.firewall.tracing.trace import Tracer
from lvscf.shared.records import record
from lvscf.source import Source


@record
class State:
    """Rules as they may be, if a script can leave them in several ways."""

    tables: Mapping[str, Table]
    arp_tables: Mapping[str, Table]
    choices: tuple[Assumption, ...] = ()
    """What is assumed of the script's branches."""


@frozen(eq=False)
class Firewall:
    """What one file says of a host's packet filter."""

    source: Source
    kind: Literal["iptables", "arptables"]
    """`arptables` if the file is for arptables only."""
    tables: Mapping[str, Table]
    """iptables' tables that the file speaks of, by name, in the order packets meet them.

    Of a script that may leave several states, those of the state with the most rules."""
    arp_tables: Mapping[str, Table] = field(factory=dict)
    """The same of arptables."""
    findings: tuple[Finding, ...] = ()
    """What iptables would refuse, and what cannot be told from the text: family LVS7."""
    states: tuple[State, ...] = ()
    """All states that the rules may be in, if there are several: a script's branches."""
    partial: bool = False
    """Whether the host has rules that the file does not show."""
    _tracers: list[Tracer] = field(init=False, factory=list, repr=False)
    _followed: set[tuple[object, ...]] = field(init=False, factory=set, repr=False)

    @property
    def is_open(self) -> bool:
        """Whether the host's rules may be other than `tables` and `arp_tables`."""
        return self.partial or bool(self.states)

    def __str__(self) -> str:
        tables = self.arp_tables if self.kind == "arptables" else self.tables
        return "".join(map(str, tables.values()))

    @property
    def followed(self) -> Set[tuple[object, ...]]:
        """The packets that were followed so far, each once; for reports."""
        return self._followed

    def trace(
        self,
        packet: Packet,
        local_address: str | None = None,
        *,
        established: bool = False,
        answering: bool = False,
        own_addresses: Iterable[str] | None = None,
    ) -> tuple[Outcome, ...]:
        """Follow a packet through raw, mangle and nat PREROUTING, mangle and filter INPUT.

        The packet is taken to be for this host: its destination is an address of it, or becomes
        one by NAT.

        Args:
            packet: the packet; its fields that are None are followed both ways by every rule
                that tests them, and so is what only a running kernel can tell (`-m limit`).
            local_address: the address of the incoming interface, where REDIRECT sends packets.
            established: a later packet of a connection that the given one has opened, instead of
                that first packet itself.
            answering: a packet of a connection that this host has opened.
            own_addresses: all addresses of this host, if they are known: DNAT to any other is
                forwarded.

        Returns:
            Every way the packet can go; one if all is known.  Ways that had to assume less come
            first.

        Raises:
            TypeError: `packet` is something else.
        """
        if not isinstance(packet, Packet):
            raise TypeError(f"a Packet is followed, not {type(packet).__name__}")
        self._followed.add((packet, local_address, established, answering))
        if not self._tracers:
            every = self.states or (State(self.tables, self.arp_tables),)
            self._tracers.extend(Tracer(state.tables) for state in every)
        found = [
            tracer.trace(
                packet,
                local_address,
                established=established,
                answering=answering,
                own_addresses=own_addresses,
            )
            for tracer in self._tracers
        ]
        outcomes = found[0] if len(found) == 1 else _of_all(self.states, found)
        if self.partial:
            outcomes = tuple(evolve(outcome, complete=False) for outcome in outcomes)
        return outcomes


def _of_all(states: tuple[State, ...], found: list[tuple[Outcome, ...]]) -> tuple[Outcome, ...]:
    """The outcomes in all states; what is the same in all of them needs no assumption."""
    seen = [{_visible(outcome) for outcome in outcomes} for outcomes in found]
    if all(one == seen[0] for one in seen):
        return found[0]
    distinct: dict[tuple[object, ...], Outcome] = {}
    for state, outcomes in zip(states, found, strict=True):
        for outcome in outcomes:
            decided = outcome.decided_by.start if outcome.decided_by else None
            distinct.setdefault(
                (*_visible(outcome), decided, outcome.assumptions),
                evolve(outcome, assumptions=(*state.choices, *outcome.assumptions)),
            )
    return tuple(sorted(distinct.values(), key=lambda one: (one.uncertain, len(one.assumptions))))


def _visible(outcome: Outcome) -> tuple[object, ...]:
    return (
        outcome.mark,
        outcome.destination,
        outcome.port,
        outcome.verdict,
        outcome.decided_in,
        outcome.forwarded,
    )
