"""The trace of a packet through the kernel's hooks, base chain by base chain.

All branches are followed together, chain by chain, and those that have become equal are joined: the
work grows with the rules visited and the possible marks, not with the number of branches.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property

from attrs import evolve, field

from lvscf.firewall.language.names import protocol_number
from lvscf.firewall.language.options import IPTABLES
from lvscf.firewall.model import HIDDEN, INSEPARABLE, Rule, Setting, Table
from lvscf.firewall.packets import Outcome, Packet, Way
from lvscf.firewall.tracing.actions import act, supposed_of
from lvscf.firewall.tracing.address_questions import is_taken_for
from lvscf.firewall.tracing.branches import (
    Branch,
    Journey,
    Range,
)
from lvscf.firewall.tracing.dividing import divided, known_of
from lvscf.firewall.tracing.hooks import BaseChain, base_chains
from lvscf.firewall.tracing.lookup import ForeignTable, Lookup, Prepared, prepared_chain
from lvscf.firewall.tracing.outcomes import End, joined, outcomes
from lvscf.firewall.tracing.translation import as_opened, from_new_source
from lvscf.firewall.tracing.ways import HOOKS, departure, flag_bits
from lvscf.shared import ipv4
from lvscf.shared.records import evolved, record

_STEPS_PER_RULE = 8
_STEPS_AT_LEAST = 100_000
"""The most rules tested in one trace: chains that jump to each other twice grow without limit."""

_ICMP = 1


@record(frozen=False)
class _Frame:
    """A chain being walked, and the branches in it."""

    candidates: list[Prepared]
    branches: list[Branch]
    goto: bool = False
    """Whether those that reach its end skip the rest of the chain below."""
    leaves: bool = False
    """Whether those that reach its end skip the rest of the row below, within the same rule."""
    inline: bool = False
    """Whether it is a part of a rule, not a chain."""
    next: int = 0
    leaving: list[Branch] = field(factory=list)


@record(frozen=False, slots=False)
class Tracer:
    """The tables of a firewall; each chain is prepared when a packet first reaches it."""

    tables: Mapping[str, Table]
    _lookups: dict[tuple[str, str], Lookup] = field(init=False, factory=dict)
    _names: dict[str, frozenset[str]] = field(init=False, factory=dict)
    _steps: int = field(init=False, default=0)
    _own: frozenset[int] | None = field(init=False, default=None)
    _given: tuple[frozenset[str], frozenset[int]] = field(
        init=False, default=(frozenset(), frozenset())
    )
    """The last own addresses, as given and as numbers: most traces have the same ones."""

    @cached_property
    def _marks_connections(self) -> bool:
        """Whether a connection may have a mark."""
        return any(
            table.marks_connections
            if isinstance(table, ForeignTable)
            else any(map(_marks_connection, table.rules))
            for table in self.tables.values()
        )

    def trace(
        self,
        packet: Packet,
        local_address: str | None,
        *,
        established: bool,
        answering: bool,
        own_addresses: Iterable[str] | None = None,
        way: Way = "input",
    ) -> tuple[Outcome, ...]:
        """See `Firewall.trace`."""
        local = ipv4.number(local_address) if local_address is not None else None
        self._own = self._numbers(own_addresses, local)
        later = answering or packet.state == "ESTABLISHED"
        unseen = packet.state in ("ESTABLISHED", "RELATED") or (answering and way != "input")
        journey = Journey(
            protocol_number(packet.protocol) or 0,
            later,
            local,
            way,
            hook=HOOKS[way][0],
            settled=True,
            reply=answering or packet.flags == "SYN-ACK",
            state=packet.state,
            flags=flag_bits(packet, established=later),
            unseen=unseen,
        )
        if self._own is not None:
            journey = evolve(journey, own=frozenset(one for one in self._own if one is not None))
        established = established and packet.state in (None, "NEW", "INVALID")
        ends = self._ends(packet, journey, established=established, answering=answering)
        if way == "output" or not self._asks_for_type:
            return outcomes(ends)
        here = way == "input"
        known = self._own is not None and ipv4.number(packet.destination or "") in self._own
        if known is here and (known or self._own is not None):
            return outcomes(ends)
        # Rules ask whether the destination is local before NAT.  Packets get in only if it is, so
        # it must be, unless NAT changes the destination: on a real server that accepts packets for
        # the VIP with REDIRECT, the VIP is not local.  Packets to be forwarded are the reverse.
        elsewhere = evolve(journey, settled=False)
        either = self._ends(packet, elsewhere, established=established, answering=answering)
        if any(end.branch.translated for end in either):
            ends = [
                end
                for end in either
                if end.branch.translated
                or end.hook in ("ingress", "prerouting")
                or not is_taken_for(end.branch, local=not here)
            ]
        return outcomes(ends)

    def _numbers(
        self, own_addresses: Iterable[str] | None, local: int | None
    ) -> frozenset[int] | None:
        """The host's addresses as numbers; None if they are not known."""
        if own_addresses is None:
            return None
        given, numbers = self._given
        if own_addresses is not given:
            given = frozenset(own_addresses)
            numbers = frozenset(filter(None, map(ipv4.number, given)))
            self._given = given, numbers
        return numbers if local is None or local in numbers else numbers | {local}

    def _ends(
        self, packet: Packet, journey: Journey, *, established: bool, answering: bool
    ) -> list[End]:
        """All ends that a packet, or a later one of its connection, can reach."""
        self._steps = self._rules * _STEPS_PER_RULE + _STEPS_AT_LEAST
        start = departure(packet, journey)
        if journey.unseen and self._marks_connections:
            start = evolved(start, connection_doubt=ipv4.ALL_ONES)
        # A reply belongs to a connection that NAT has already seen, on its way out.
        seen = journey.established or (journey.state == "RELATED" and journey.protocol == _ICMP)
        ended, arrived = self._pass(start, journey, start if seen else None)
        if established:
            openers, ended, arrived = arrived, list(ended), []
            for opener in openers:
                again = evolved(
                    departure(packet, journey),
                    connection_mark=opener.connection_mark,
                    connection_doubt=opener.connection_doubt,
                    source=opener.source,
                    source_port=opener.source_port,
                    interface_like=opener.interface_like,
                    outgoing_like=opener.outgoing_like,
                    held=opener.held,
                    failed=opener.failed,
                    supposed=opener.supposed,
                    complete=opener.complete,
                )
                flags = flag_bits(packet, established=True)
                later = evolve(journey, established=True, flags=flags)
                more_ended, more_arrived = self._pass(again, later, opener)
                ended.extend(more_ended)
                arrived.extend(more_arrived)
        way = journey.way
        return [
            *ended,
            *(End(branch, "ACCEPT", None, "filter", way.upper(), way) for branch in arrived),
        ]

    def _pass(
        self, start: Branch, journey: Journey, opener: Branch | None
    ) -> tuple[list[End], list[Branch]]:
        """Take a packet through all hooks: the branches that end early, and those that arrive."""
        ended: list[End] = []
        branches = [start]
        tracked = journey.state != "INVALID"  # such a packet has no connection, as in table raw
        for hook in HOOKS[journey.way]:
            there = evolve(journey, hook=hook, tracking=tracked)
            before = None
            for base in self._bases.get(hook, ()):
                here = there
                if not base.tracks:
                    here = before = before or evolve(there, tracking=False)
                if base.is_nat:
                    # Only the first packet of a tracked connection meets the chains of type nat.
                    if self._tracks and tracked:
                        branches = self._nat(base, branches, here, opener, ended)
                else:
                    if base.follows_source_nat:
                        branches = [from_new_source(branch) for branch in branches]
                    branches = self._table(base, branches, here, ended)
            if hook == "prerouting":
                branches = [
                    one for branch in branches for one in self._routed(branch, there, ended)
                ]
            elif hook == "output":
                branches = [self._rerouted(branch) for branch in branches]
        return ended, branches

    def _nat(
        self,
        base: BaseChain,
        branches: list[Branch],
        journey: Journey,
        opener: Branch | None,
        ended: list[End],
    ) -> list[Branch]:
        """Take branches through a chain of type nat, unless their connections are settled.

        Later packets go where the first one went, and that one only to the first translation.
        """
        asked: list[Branch] = []
        passing: list[Branch] = []
        for branch in branches:
            done = branch.source_translated if base.is_of_source else branch.translated
            settled = not branch.tracked or opener is not None or done is not None
            (passing if settled else asked).append(branch)
        passing = [as_opened(branch, opener, base.hook) for branch in passing]
        return [*passing, *self._table(base, asked, journey, ended)]

    def _routed(self, branch: Branch, journey: Journey, ended: list[End]) -> list[Branch]:
        """The branches that go on after PREROUTING.

        Of the packets for this host, those that DNAT sends to another one are forwarded; of the
        packets to be forwarded, those that DNAT or REDIRECT sends to this host are delivered.
        """
        rule = branch.translated
        if rule is None or journey.established:
            return [branch]  # the first packet of its connection has gone on
        own = True if rule.redirects else self._is_own(branch, journey)
        going_in = journey.way == "input"
        other = "FORWARD" if going_in else "INPUT"
        if own is None:
            here, there = (
                supposed_of(
                    branch, rule, True, Setting(f"{_span(branch.destination)} belongs to {whom}")
                )
                for whom in ("this host", "another host")
            )
            if not going_in:
                here, there = there, here
            ended.append(End(there, other, rule, "nat", "PREROUTING", "prerouting"))
            return [here]
        if own is going_in:
            return [branch]
        ended.append(End(branch, other, rule, "nat", "PREROUTING", "prerouting"))
        return []

    def _rerouted(self, branch: Branch) -> Branch:
        """A branch after OUTPUT: NAT there may have changed the interface it leaves by."""
        rule = branch.translated
        if rule is None or branch.destination == branch.first_destination:
            return branch
        low, high = branch.destination
        here = low >> 24 == 127 or (self._own is not None and low == high and low in self._own)
        return evolved(branch, outgoing="lo" if here else None, outgoing_like="+")

    def _is_own(self, branch: Branch, journey: Journey) -> bool | None:
        """Whether the destination that DNAT gave a packet is this host; None if it may be."""
        low, high = branch.destination
        if self._own is not None:
            if low == high:
                return low in self._own
            count = sum(low <= one <= high for one in self._own)
            return None if 0 < count <= high - low else bool(count)
        if low == high and (low == journey.local_address or low >> 24 == 127):
            return True
        return journey.way == "input" if branch.destination == branch.first_destination else None

    @cached_property
    def _rules(self) -> int:
        """The number of rules."""
        return sum(len(c.rules) for t in self.tables.values() for c in t.chains.values())

    @cached_property
    def _asks_for_type(self) -> bool:
        """Whether any rule before NAT asks if a destination is local."""
        return any(
            match.name == "addrtype"
            for name, table in self.tables.items()
            if name in ("raw", "mangle", "nat") or table.family != "iptables"
            for rule in table.rules
            for match in rule.matches
        )

    @cached_property
    def _bases(self) -> dict[str, tuple[BaseChain, ...]]:
        return base_chains(self.tables)

    @cached_property
    def _tracks(self) -> bool:
        """Whether any rule makes the kernel track connections.

        Since 4.10, kernels track connections only then, and otherwise skip the nat table (measured
        with 6.18): there, MARK rules alone, for example, never see a packet.
        """
        return any(
            table.needs_tracking
            if isinstance(table, ForeignTable)
            else any(map(_needs_tracking, table.rules))
            for table in self.tables.values()
        )

    def _table(
        self, at: BaseChain, branches: list[Branch], journey: Journey, ended: list[End]
    ) -> list[Branch]:
        """Take branches through a base chain; those that end there are added to `ended`."""
        if not branches:
            return branches
        table, chain = at.table, at.chain
        base = self.tables[table].chains[chain]
        passed: list[Branch] = []
        finished: list[tuple[Branch, str, Rule | None]] = []
        leaving = self._walk(table, chain, branches, journey, passed, finished)
        if base.policy == "DROP" and at.hook != "ingress":  # there it is among the rules
            finished.extend((branch, "DROP", None) for branch in leaving)
        else:
            passed.extend(leaving)
        ended.extend(
            End(branch, verdict, rule, table, chain, at.hook) for branch, verdict, rule in finished
        )
        return joined(passed)

    def _lookup(self, table: str, chain: str) -> Lookup:
        lookup = self._lookups.get((table, chain))
        if lookup is None:
            held = self.tables[table]
            if table not in self._names:
                self._names[table] = frozenset(held.chains)
            if isinstance(held, ForeignTable):
                lookup = held.prepared(chain)
            else:
                lookup = prepared_chain(held.chains[chain], self._names[table])
            self._lookups[table, chain] = lookup
        return lookup

    def _walk(
        self,
        table: str,
        chain: str,
        branches: list[Branch],
        journey: Journey,
        passed: list[Branch],
        finished: list[tuple[Branch, str, Rule | None]],
    ) -> list[Branch]:
        """Walk a chain and all it jumps to, and return the branches that reach its end.

        Branches with a verdict go to `passed` (accepted by this table) or `finished` (dropped).
        """
        known = known_of(branches)
        stack = [_Frame(self._lookup(table, chain).candidates(known), branches)]
        while True:
            frame = stack[-1]
            if frame.next >= len(frame.candidates) or not frame.branches:
                stack.pop()
                leaving = joined([*frame.leaving, *frame.branches])
                if not stack:
                    return leaving
                if frame.goto:
                    _whole(stack).leaving.extend(leaving)
                elif frame.leaves:
                    stack[-1].leaving.extend(leaving)
                else:
                    stack[-1].branches = joined([*stack[-1].branches, *leaving])
                continue
            prepared = frame.candidates[frame.next]
            frame.next += 1
            self._steps -= len(frame.branches)
            if self._steps < 0:
                frame.branches = [evolved(branch, complete=False) for branch in frame.branches]
                frame.next = len(frame.candidates)
                continue
            matched, others = divided(prepared, frame.branches, journey)
            if not matched:
                if others is not frame.branches:
                    frame.branches = others
                continue
            if prepared.action in ("jump", "inline", "chain"):
                inside = prepared.body or self._lookup(table, prepared.chain)
                frame.branches = others
                frame_inside = _Frame(
                    inside.candidates(known),
                    matched,
                    prepared.goto,
                    prepared.leaves,
                    prepared.action == "inline",
                )
                stack.append(frame_inside)
            elif prepared.action == "return":
                _whole(stack).leaving.extend(matched)
                frame.branches = others
            else:
                going_on = list(others)
                for branch in matched:
                    act(prepared, branch, journey, going_on, passed, finished)
                frame.branches = joined(going_on)


def _whole(stack: list[_Frame]) -> _Frame:
    """The chain being walked, not only a part of a rule in it."""
    return next(frame for frame in reversed(stack) if not frame.inline)


def _marks_connection(rule: Rule) -> bool:
    target = rule.target
    return (
        target is not None
        and target.name == "CONNMARK"
        and target.setting("--restore-mark") is None
    )


def _needs_tracking(rule: Rule) -> bool:
    target = rule.target
    if target is not None:
        extension = IPTABLES.targets.get(target.name)
        if extension is not None and extension.tracks:
            return True
        if target.name == "CT" and target.setting("--notrack") is None:
            return True
    known = (
        IPTABLES.matches.get(match.name)
        for match in rule.matches
        if match.name not in (HIDDEN, INSEPARABLE)
    )
    return any(extension is None or extension.tracks for extension in known)


def _span(addresses: Range) -> str:
    low, high = addresses
    return ipv4.dotted(low) if low == high else f"{ipv4.dotted(low)}-{ipv4.dotted(high)}"
