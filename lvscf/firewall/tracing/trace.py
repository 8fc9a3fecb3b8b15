"""The trace of a packet through the kernel's hooks, table by table.

All branches are followed together, chain by chain, and those that have become equal are joined: the
work grows with the rules visited and the possible marks, not with the number of branches.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Literal

from attrs import evolve, field

from lvscf.firewall.language.names import protocol_number
from lvscf.firewall.language.options import IPTABLES
from lvscf.firewall.model import HIDDEN, INSEPARABLE, Rule, Setting, Table
from lvscf.firewall.packets import Assumption, Outcome, Packet
from lvscf.firewall.tracing.actions import act, changed_mark, supposed_of
from lvscf.firewall.tracing.address_questions import is_elsewhere
from lvscf.firewall.tracing.branches import (
    ANY_ADDRESS,
    ANY_PORT,
    CLIENT_PORT,
    Branch,
    Journey,
    Range,
    Step,
    Supposition,
    known_or,
)
from lvscf.firewall.tracing.hooks import BaseChain, base_chains
from lvscf.firewall.tracing.lookup import ForeignTable, Known, Lookup, Prepared, prepared_chain
from lvscf.firewall.tracing.outcomes import End, joined, outcomes
from lvscf.firewall.tracing.questions import is_changeable
from lvscf.firewall.tracing.translation import as_opened
from lvscf.shared import ipv4
from lvscf.shared.records import evolved, record

_STEPS_PER_RULE = 8
_STEPS_AT_LEAST = 100_000
"""The most rules tested in one trace: chains that jump to each other twice grow without limit."""


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
    _own: set[int | None] | None = field(init=False, default=None)

    def trace(
        self,
        packet: Packet,
        local_address: str | None,
        *,
        established: bool,
        answering: bool,
        own_addresses: Iterable[str] | None = None,
    ) -> tuple[Outcome, ...]:
        """See `Firewall.trace`."""
        local = ipv4.number(local_address) if local_address is not None else None
        journey = Journey(
            protocol_number(packet.protocol) or 0,
            answering,
            local,
            arrived=False,
            own=True,
            reply=answering,
            state=packet.state,
        )
        self._own = None
        if own_addresses is not None:
            self._own = {ipv4.number(address) for address in own_addresses} | {local}
            known_ones = frozenset(one for one in self._own if one is not None)
            journey = evolve(journey, own_addresses=known_ones)
        ends = self._ends(packet, journey, established=established, answering=answering)
        known = self._own is not None and ipv4.number(packet.destination or "") in self._own
        if known or not self._asks_for_type:
            return outcomes(ends)
        # Rules ask whether the destination is local before NAT.  Packets get in only if it is, so
        # it must be, unless NAT changes the destination: on a real server that accepts packets for
        # the VIP with REDIRECT, the VIP is not local.
        elsewhere = evolve(journey, own=False)
        either = self._ends(packet, elsewhere, established=established, answering=answering)
        if any(end.branch.translated for end in either):
            ends = [
                end
                for end in either
                if end.branch.translated or end.hook != "input" or not is_elsewhere(end.branch)
            ]
        return outcomes(ends)

    def _ends(
        self, packet: Packet, journey: Journey, *, established: bool, answering: bool
    ) -> list[End]:
        """All ends that a packet, or a later one of its connection, can reach."""
        self._steps = self._rules * _STEPS_PER_RULE + _STEPS_AT_LEAST
        start = _departure(packet, answering=answering)
        # A reply belongs to a connection that NAT has already seen, on its way out.
        ended, arrived = self._pass(start, journey, start if answering else None)
        if established:
            openers, ended, arrived = arrived, list(ended), []
            for opener in openers:
                again = evolved(
                    _departure(packet, answering=answering),
                    connection_mark=opener.connection_mark,
                    connection_doubt=opener.connection_doubt,
                    source=opener.source,
                    source_port=opener.source_port,
                    interface_like=opener.interface_like,
                    held=opener.held,
                    failed=opener.failed,
                    supposed=opener.supposed,
                    complete=opener.complete,
                )
                later = evolve(journey, established=True)
                more_ended, more_arrived = self._pass(again, later, opener)
                ended.extend(more_ended)
                arrived.extend(more_arrived)
        return [
            *ended,
            *(End(branch, "ACCEPT", None, "filter", "INPUT", "input") for branch in arrived),
        ]

    def _pass(
        self, start: Branch, journey: Journey, opener: Branch | None
    ) -> tuple[list[End], list[Branch]]:
        """Take a packet through all hooks: the branches that end early, and those that arrive."""
        ended: list[End] = []
        branches = [start]
        tracked = journey.state != "INVALID"  # such a packet has no connection, as in table raw
        for base in (*self._bases.get("ingress", ()), *self._bases.get("prerouting", ())):
            tracking = base.tracks and tracked and base.hook != "ingress"
            here = evolve(journey, tracking=tracking, hook=base.hook)
            if base.is_nat:
                # Only the first packet of a tracked connection meets the chains of type nat, and
                # only until one of them has translated it.
                if not self._tracks or not tracked:
                    continue
                asked = [
                    branch
                    for branch in branches
                    if branch.tracked and opener is None and branch.translated is None
                ]
                passing = [
                    branch
                    for branch in branches
                    if not branch.tracked or opener or branch.translated is not None
                ]
                branches = [as_opened(branch, opener) for branch in passing]
                branches.extend(self._table(base, asked, here, ended))
            else:
                branches = self._table(base, branches, here, ended)
        branches = [one for branch in branches for one in self._routed(branch, journey, ended)]
        journey = evolve(journey, arrived=True, tracking=tracked)
        for base in self._bases.get("input", ()):
            here = evolve(journey, hook=base.hook)
            if base.is_nat:
                if self._tracks and tracked and opener is None:
                    asked = [branch for branch in branches if branch.tracked]
                    branches = [branch for branch in branches if not branch.tracked]
                    branches.extend(self._table(base, asked, here, ended))
                continue
            branches = self._table(base, branches, here, ended)
        return ended, branches

    def _routed(self, branch: Branch, journey: Journey, ended: list[End]) -> list[Branch]:
        """The branches that reach INPUT; those that DNAT sends to another host are forwarded."""
        rule = branch.translated
        if rule is None or rule.target is None or rule.target.name == "REDIRECT":
            return [branch]
        if journey.established:
            return [branch]  # the first packet of its connection has come in
        own: bool | None
        low, high = branch.destination
        if self._own is not None:
            count = sum(one is not None and low <= one <= high for one in self._own)
            own = None if 0 < count <= high - low else bool(count)
        else:
            known = low == high and (low == journey.local_address or low >> 24 == 127)
            own = True if known or branch.destination == branch.first_destination else None
        if own is None:
            here, there = (
                supposed_of(
                    branch, rule, True, Setting(f"{_span(branch.destination)} belongs to {whom}")
                )
                for whom in ("this host", "another host")
            )
            ended.append(End(there, "FORWARD", rule, "nat", "PREROUTING", "prerouting"))
            return [here]
        if own:
            return [branch]
        ended.append(End(branch, "FORWARD", rule, "nat", "PREROUTING", "prerouting"))
        return []

    @cached_property
    def _bases(self) -> dict[str, tuple[BaseChain, ...]]:
        return base_chains(self.tables)

    @cached_property
    def _rules(self) -> int:
        """The number of rules."""
        return sum(len(c.rules) for t in self.tables.values() for c in t.chains.values())

    @cached_property
    def _asks_for_type(self) -> bool:
        """Whether any rule asks if a destination is local."""
        return any(
            match.name == "addrtype"
            for table in self.tables.values()
            for rule in table.rules
            for match in rule.matches
        )

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
        known = _known(branches)
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
            matched, others = _divided(prepared, frame.branches, journey)
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


def _departure(packet: Packet, *, answering: bool) -> Branch:
    """The branch at the start of a trace, from the packet's fields."""
    destination = known_or(ipv4.number(packet.destination or ""), ANY_ADDRESS)
    port = known_or(packet.port, ANY_PORT)
    return Branch(
        source=known_or(ipv4.number(packet.source or ""), ANY_ADDRESS),
        source_port=known_or(packet.source_port, ANY_PORT if answering else CLIENT_PORT),
        destination=destination,
        port=port,
        interface=packet.interface.partition(":")[0] if packet.interface else None,
        first_destination=destination,
        first_port=port,
    )


def _known(branches: list[Branch]) -> Known:
    """The fields in which all branches agree."""

    def agreed(values: Iterable[Range]) -> int | None:
        distinct = set(values)
        low, high = distinct.pop()
        return low if low == high and not distinct else None

    return (
        agreed(branch.destination for branch in branches),
        agreed(branch.port for branch in branches),
        agreed(branch.source for branch in branches),
    )


def _divided(
    prepared: Prepared, branches: list[Branch], journey: Journey
) -> tuple[list[Branch], list[Branch]]:
    """The branches that match a rule, with the rule added to their path, and those that do not."""
    matched: list[Branch] = []
    others: list[Branch] = []
    for branch in branches:
        open_tests = []
        for test in prepared.tests:
            answer = test.answer(branch, journey)
            if answer is False:
                others.append(branch)
                break
            if answer is None:
                open_tests.append(test)
        else:
            if open_tests and _without_effect(prepared, branch, journey):
                others.append(branch)
                continue
            for test in open_tests:
                # An earlier question of the same rule may have settled this one.
                answer = test.answer(branch, journey)
                if answer is None:
                    cause: Literal["rule", "packet"] = "rule" if test.question.by_rule else "packet"
                    refused, branch = (
                        evolved(
                            test.question.narrowed(branch, holds is not test.negated),
                            supposed=Supposition.after(
                                branch.supposed,
                                Assumption(prepared.rule, test.setting, holds, cause),
                            ),
                        )
                        for holds in (False, True)
                    )
                    others.append(refused)
                elif not answer:
                    others.append(branch)
                    break
            else:
                if branch.path is None or branch.path.rule is not prepared.rule:
                    branch = evolved(branch, path=Step(prepared.rule, branch.path))
                matched.append(branch)
    return matched, others if matched or len(others) != len(branches) else branches


def _without_effect(prepared: Prepared, branch: Branch, journey: Journey) -> bool:
    """Whether it makes no difference if the branch matches."""
    if prepared.action == "effect" and prepared.effect is not None:
        return prepared.effect.changes_nothing(branch, journey)
    if prepared.action == "mark":
        change = prepared.change[0]
        return changed_mark(branch.mark, change) == branch.mark and not branch.doubt & change.mask
    if prepared.action == "rewrite":
        return not any(map(is_changeable, (*branch.held, *branch.failed)))
    return prepared.action == "nothing"


def _span(addresses: Range) -> str:
    low, high = addresses
    return ipv4.dotted(low) if low == high else f"{ipv4.dotted(low)}-{ipv4.dotted(high)}"
