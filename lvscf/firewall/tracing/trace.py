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
from lvscf.firewall.packets import Assumption, Outcome, Packet, Way
from lvscf.firewall.tracing.actions import act, changed_mark, supposed_of
from lvscf.firewall.tracing.address_questions import is_taken_for
from lvscf.firewall.tracing.branches import (
    Branch,
    Journey,
    Range,
    Step,
    Supposition,
)
from lvscf.firewall.tracing.lookup import Known, Lookup, Prepared, prepared_chain
from lvscf.firewall.tracing.outcomes import End, joined, outcomes
from lvscf.firewall.tracing.questions import is_changeable
from lvscf.firewall.tracing.translation import as_opened
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
            rule.target is not None
            and rule.target.name == "CONNMARK"
            and rule.target.setting("--restore-mark") is None
            for table in self.tables.values()
            for rule in table.rules
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
            hook=HOOKS[way][0][0],
            settled=True,
            reply=answering or packet.flags == "SYN-ACK",
            state=packet.state,
            flags=flag_bits(packet, established=later),
            unseen=unseen,
        )
        if self._own is not None and way != "input":
            journey = evolve(journey, own=self._own)
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
                or end.chain == "PREROUTING"
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
        chain = journey.way.upper()
        return [*ended, *(End(branch, "ACCEPT", None, "filter", chain) for branch in arrived)]

    def _pass(
        self, start: Branch, journey: Journey, opener: Branch | None
    ) -> tuple[list[End], list[Branch]]:
        """Take a packet through all hooks: the branches that end early, and those that arrive."""
        ended: list[End] = []
        branches = [start]
        tracked = journey.state != "INVALID"  # such a packet has no connection, as in table raw
        for hook, tables in HOOKS[journey.way]:
            here = journey
            if hook != journey.hook or not tracked:
                here = evolve(journey, hook=hook, tracking=tracked)
            for name in tables:
                if name == "raw":
                    if name in self.tables:
                        before = evolve(here, tracking=False)
                        branches = self._table(name, hook, branches, before, ended)
                elif name == "nat":
                    # Only the first packet of a tracked connection passes through the nat table.
                    if not self._tracks or not tracked:
                        continue
                    asked = [branch for branch in branches if branch.tracked and opener is None]
                    branches = [
                        as_opened(branch, opener, hook)
                        for branch in branches
                        if not branch.tracked or opener
                    ]
                    branches.extend(self._table(name, hook, asked, here, ended))
                else:
                    branches = self._table(name, hook, branches, here, ended)
            if hook == "PREROUTING":
                branches = [one for branch in branches for one in self._routed(branch, here, ended)]
            elif hook == "OUTPUT":
                branches = [self._rerouted(branch) for branch in branches]
        return ended, branches

    def _routed(self, branch: Branch, journey: Journey, ended: list[End]) -> list[Branch]:
        """The branches that go on after PREROUTING.

        Of the packets for this host, those that DNAT sends to another one are forwarded; of the
        packets to be forwarded, those that DNAT or REDIRECT sends to this host are delivered.
        """
        rule = branch.translated
        if rule is None or rule.target is None or journey.established:
            return [branch]  # the first packet of its connection has gone on
        own = True if rule.target.name == "REDIRECT" else self._is_own(branch, journey)
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
            ended.append(End(there, other, rule, "nat", "PREROUTING"))
            return [here]
        if own is going_in:
            return [branch]
        ended.append(End(branch, other, rule, "nat", "PREROUTING"))
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
            for name in ("raw", "mangle", "nat")
            if name in self.tables
            for rule in self.tables[name].rules
            for match in rule.matches
        )

    @cached_property
    def _tracks(self) -> bool:
        """Whether any rule makes the kernel track connections.

        Since 4.10, kernels track connections only then, and otherwise skip the nat table (measured
        with 6.18): there, MARK rules alone, for example, never see a packet.
        """
        return any(_needs_tracking(rule) for table in self.tables.values() for rule in table.rules)

    def _table(
        self, table: str, chain: str, branches: list[Branch], journey: Journey, ended: list[End]
    ) -> list[Branch]:
        """Take branches through a base chain; those that end there are added to `ended`."""
        if table not in self.tables or not branches:
            return branches
        base = self.tables[table].chains.get(chain)
        if base is None:
            return branches
        passed: list[Branch] = []
        finished: list[tuple[Branch, str, Rule | None]] = []
        leaving = self._walk(table, chain, branches, journey, passed, finished)
        if base.policy == "DROP":
            finished.extend((branch, "DROP", None) for branch in leaving)
        else:
            passed.extend(leaving)
        ended.extend(End(branch, verdict, rule, table, chain) for branch, verdict, rule in finished)
        return joined(passed)

    def _lookup(self, table: str, chain: str) -> Lookup:
        lookup = self._lookups.get((table, chain))
        if lookup is None:
            chains = self.tables[table].chains
            if table not in self._names:
                self._names[table] = frozenset(chains)
            lookup = prepared_chain(chains[chain], self._names[table])
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
            if prepared.action == "jump":
                assert prepared.rule.target is not None
                target = prepared.rule.target
                frame.branches = others
                candidates = self._lookup(table, target.name).candidates(known)
                stack.append(_Frame(candidates, matched, target.goto))
            elif prepared.action == "return":
                frame.leaving.extend(matched)
                frame.branches = others
            else:
                going_on = list(others)
                for branch in matched:
                    act(prepared, branch, journey, going_on, passed, finished)
                frame.branches = joined(going_on)


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
            if open_tests and _without_effect(prepared, branch):
                others.append(branch)
                continue
            for test in open_tests:
                # An earlier question of the same rule may have settled this one.
                answer = test.answer(branch, journey)
                if answer is None:
                    question = test.question.asked_in(journey)
                    cause: Literal["rule", "packet"] = "rule" if question.by_rule else "packet"
                    refused, branch = (
                        evolved(
                            question.narrowed(branch, holds is not test.negated),
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
                matched.append(evolved(branch, path=Step(prepared.rule, branch.path)))
    return matched, others if matched or len(others) != len(branches) else branches


def _without_effect(prepared: Prepared, branch: Branch) -> bool:
    """Whether it makes no difference if the branch matches."""
    if prepared.action == "mark":
        change = prepared.change[0]
        return changed_mark(branch.mark, change) == branch.mark and not branch.doubt & change.mask
    if prepared.action == "rewrite":
        return not any(map(is_changeable, (*branch.held, *branch.failed)))
    return prepared.action == "nothing"


def _span(addresses: Range) -> str:
    low, high = addresses
    return ipv4.dotted(low) if low == high else f"{ipv4.dotted(low)}-{ipv4.dotted(high)}"
