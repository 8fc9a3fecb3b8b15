"""Firewall: the rules of one host, and how they treat a packet."""

from collections.abc import Iterable, Mapping
from typing import Literal, get_args

from attrs import evolve, field, frozen

from lvscf.findings.finding import Finding
from lvscf.firewall.ip_sets import IpSet
from lvscf.firewall.model import Table
from lvscf.firewall.packets import Assumption, Outcome, Packet, Way
from lvscf.firewall.tracing.trace import Tracer
from lvscf.shared.records import evolved, record
from lvscf.source import Source


@record
class State:
    """One of the states in which a script may leave the rules."""

    tables: Mapping[str, Table]
    arp_tables: Mapping[str, Table]
    choices: tuple[Assumption, ...] = ()
    """The assumptions about the script's branches."""


@frozen(eq=False)
class Firewall:
    """The packet filter of a host, as one file shows it."""

    source: Source
    kind: Literal["iptables", "arptables"]
    """`arptables` if the file is for arptables only."""
    tables: Mapping[str, Table]
    """The iptables tables in the file, by name, in the order in which packets meet them.

    If a script may leave several states, these are the tables of the one with the most rules."""
    arp_tables: Mapping[str, Table] = field(factory=dict)
    """The arptables tables."""
    findings: tuple[Finding, ...] = ()
    """What iptables would reject, and what the text does not show: family LVS7."""
    states: tuple[State, ...] = ()
    """All states that the rules may be in, if a script may leave several."""
    partial: bool = False
    """Whether the host has rules that the file does not show."""
    _tracers: list[Tracer] = field(init=False, factory=list, repr=False)
    _with_sets: dict[tuple[IpSet, ...], "Firewall"] = field(init=False, factory=dict, repr=False)

    @property
    def is_open(self) -> bool:
        """Whether the host's rules may differ from `tables` and `arp_tables`."""
        return self.partial or bool(self.states)

    def __str__(self) -> str:
        tables = self.arp_tables if self.kind == "arptables" else self.tables
        return "".join(map(str, tables.values()))

    def with_sets(self, sets: Iterable[IpSet]) -> "Firewall":
        """The same firewall on a host whose sets are known: `-m set` is decided where it can be.

        Sets that are not among them, that change by themselves, or that rules change stay unknown.
        """
        known = tuple(sets)
        if known not in self._with_sets:
            self._with_sets[known] = self._knowing({one.name: one for one in known})
        return self._with_sets[known]

    def _knowing(self, sets: Mapping[str, IpSet]) -> "Firewall":
        from lvscf.firewall.with_sets import asks_for_sets, still_open, with_known

        if not sets or not any(
            asks_for_sets(tables) for tables in (self.tables, *(one.tables for one in self.states))
        ):
            return self
        tables = with_known(self.tables, sets)
        states = tuple(evolved(one, tables=with_known(one.tables, sets)) for one in self.states)
        findings = self.findings if states else still_open(self.findings, tables)
        return evolve(self, tables=tables, states=states, findings=findings)

    def trace(
        self,
        packet: Packet,
        local_address: str | None = None,
        *,
        established: bool = False,
        answering: bool = False,
        own_addresses: Iterable[str] | None = None,
        way: Way = "input",
    ) -> tuple[Outcome, ...]:
        """Follow a packet through all chains of its way, table by table.

        The ways, each with its tables in order:

        - `input`: PREROUTING (raw, mangle, nat), INPUT (mangle, filter, security).  The packet is
          assumed to be for this host: its destination is one of the host's addresses, or becomes
          one through NAT.  IPVS takes its packets there, before nat INPUT.
        - `forward`: PREROUTING (raw, mangle, nat), FORWARD (mangle, filter, security), POSTROUTING
          (mangle, nat).  The packet is assumed to be for another host.
        - `output`: OUTPUT (raw, mangle, nat, filter, security), POSTROUTING (mangle, nat): for what
          this host sends, and what IPVS sends on.

        Args:
            packet: the packet.  Rules that test a field that is None are followed both ways, and
                so are those that only a running kernel can decide (`-m limit`).
            local_address: the address of the incoming interface, to which REDIRECT sends packets;
                for the other ways, that of the outgoing interface, which MASQUERADE gives them.
            established: follow a later packet of the connection that this packet opened.
            answering: follow a packet of a connection that its receiver opened; for `input`, that
                is this host.
            own_addresses: all addresses of this host, if they are known: packets that DNAT sends
                anywhere else are forwarded.
            way: which chains the packet passes through.

        Returns:
            Every possible outcome; one if everything is known.  Those with fewer assumptions come
            first.

        Raises:
            TypeError: `packet` is not a Packet.
            ValueError: `way` is not one of the three.
        """
        if not isinstance(packet, Packet):
            raise TypeError(f"trace needs a Packet, not {type(packet).__name__}")
        if way not in get_args(Way):
            raise ValueError(f"way must be one of {', '.join(get_args(Way))}, not {way!r}")
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
                way=way,
            )
            for tracer in self._tracers
        ]
        outcomes = found[0] if len(found) == 1 else _of_all(self.states, found)
        if self.partial:
            outcomes = tuple(evolve(outcome, complete=False) for outcome in outcomes)
        return outcomes


def _of_all(states: tuple[State, ...], found: list[tuple[Outcome, ...]]) -> tuple[Outcome, ...]:
    """The outcomes in all states; outcomes common to all of them need no assumption."""
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
        outcome.delivered,
        outcome.source if outcome.source_translated_by else None,
    )


def together(files: tuple[Firewall, ...]) -> tuple[Firewall, ...]:
    """Files of one host as packet filters: they are one if no two of them hold the same table."""
    tables = [name for one in files for name in one.tables]
    if len(files) < 2 or len(set(tables)) < len(tables):
        return files
    return (
        Firewall(
            files[0].source,
            "iptables",
            {name: table for one in files for name, table in one.tables.items()},
            findings=tuple(finding for one in files for finding in one.findings),
            partial=any(one.is_open for one in files),
        ),
    )
