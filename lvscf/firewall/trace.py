"""The way of a packet through the hooks, table after table, as the kernel takes it.

All ways are walked together, chain by chain, and ways that have become equal are joined: the work
grows with the rules visited and the marks that are possible, not with the number of branches.
"""

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Literal

from attrs import define, evolve, field, frozen

from lvscf.firewall.lookup import Known, Lookup, Prepared, prepared_chain
from lvscf.firewall.model import (
    Bits,
    Rule,
    Table,
    address_number,
    address_text,
)
from lvscf.firewall.names import protocol_number
from lvscf.firewall.options import IPTABLES
from lvscf.firewall.packets import Assumption, Outcome, Packet
from lvscf.firewall.translation import as_opened, translated
from lvscf.firewall.ways import (
    ANY_ADDRESS,
    ANY_PORT,
    Journey,
    Range,
    Step,
    Supposition,
    Way,
    assumptions,
    common,
    known_or,
    rules_met,
)

MOST_WAYS = 64
"""Ways followed side by side; beyond, what they know is forgotten, then some are left out."""
_STEPS_PER_RULE = 8
_STEPS_AT_LEAST = 100_000
"""Rules asked in one trace at most: chains that jump to each other twice over grow without end."""

_BEFORE_ROUTING = ("raw", "mangle", "nat")
_AFTER_ROUTING = ("mangle", "filter", "security")


@frozen
class End:
    """A way that ended within a table."""

    way: Way
    verdict: str
    rule: Rule | None
    table: str
    chain: str


@define(eq=False)
class _Frame:
    """A chain being walked, and the ways in it."""

    candidates: list[Prepared]
    ways: list[Way]
    goto: bool = False
    next: int = 0
    leaving: list[Way] = field(factory=list)


@define(eq=False)
class Tracer:
    """The tables of a firewall, prepared chain by chain as packets come to them."""

    tables: Mapping[str, Table]
    _lookups: dict[tuple[str, str], Lookup] = field(init=False, factory=dict)
    _names: dict[str, frozenset[str]] = field(init=False, factory=dict)
    _steps: int = field(init=False, default=0)
    _tracking: bool | None = field(init=False, default=None)

    def trace(
        self, packet: Packet, local_address: str | None, *, established: bool, answering: bool
    ) -> tuple[Outcome, ...]:
        """See `Firewall.trace`."""
        local = address_number(local_address) if local_address is not None else None
        rules = sum(len(c.rules) for t in self.tables.values() for c in t.chains.values())
        self._steps = rules * _STEPS_PER_RULE + _STEPS_AT_LEAST
        journey = Journey(
            protocol_number(packet.protocol) or 0,
            answering,
            local,
            arrived=False,
            state=packet.state,
        )
        start = _departure(packet)
        # An answer belongs to a connection that NAT has looked at, on its way out.
        ended, arrived = self._pass(start, journey, start if answering else None)
        if established:
            openers, ended, arrived = arrived, list(ended), []
            for opener in openers:
                again = evolve(
                    _departure(packet),
                    connection_mark=opener.connection_mark,
                    source=opener.source,
                    source_port=opener.source_port,
                    interface_like=opener.interface_like,
                    held=opener.held,
                    failed=opener.failed,
                    supposed=opener.supposed,
                    complete=opener.complete,
                )
                journey = evolve(journey, established=True)
                more_ended, more_arrived = self._pass(again, journey, opener)
                ended.extend(more_ended)
                arrived.extend(more_arrived)
        ends = [*ended, *(End(way, "ACCEPT", None, "filter", "INPUT") for way in arrived)]
        return _outcomes(ends)

    def _pass(
        self, start: Way, journey: Journey, opener: Way | None
    ) -> tuple[list[End], list[Way]]:
        """Take a packet through all hooks: the ways that end early, and those that arrive."""
        ended: list[End] = []
        ways = [start]
        tracked = journey.state != "INVALID"  # such a packet is of no connection, as in table raw
        for name in _BEFORE_ROUTING:
            here = evolve(journey, tracking=name != "raw" and tracked)
            if name == "nat":
                # Only the first packet of a tracked connection is shown to the nat table.
                if not self._tracks() or not tracked:
                    continue
                asked = [way for way in ways if way.tracked and opener is None]
                ways = [as_opened(way, opener) for way in ways if not way.tracked or opener]
                ways.extend(self._table(name, "PREROUTING", asked, here, ended))
            else:
                ways = self._table(name, "PREROUTING", ways, here, ended)
        journey = evolve(journey, arrived=True, tracking=tracked)
        for name in _AFTER_ROUTING:
            ways = self._table(name, "INPUT", ways, journey, ended)
        return ended, ways

    def _tracks(self) -> bool:
        """Whether any rule makes the kernel track connections.

        Kernels since 4.10 track only then, and do not ask the nat table otherwise (measured with
        6.18): MARK rules alone, for one, never see a packet there.
        """
        if self._tracking is None:
            self._tracking = any(
                _needs_tracking(rule) for table in self.tables.values() for rule in table.rules
            )
        return self._tracking

    def _table(
        self, table: str, chain: str, ways: list[Way], journey: Journey, ended: list[End]
    ) -> list[Way]:
        """Take ways through a base chain; those that end there are added to `ended`."""
        if table not in self.tables or not ways:
            return ways
        base = self.tables[table].chains.get(chain)
        if base is None:
            return ways
        passed: list[Way] = []
        finished: list[tuple[Way, str, Rule | None]] = []
        leaving = self._walk(table, chain, ways, journey, passed, finished)
        if base.policy == "DROP":
            finished.extend((way, "DROP", None) for way in leaving)
        else:
            passed.extend(leaving)
        ended.extend(End(way, verdict, rule, table, chain) for way, verdict, rule in finished)
        return _joined(passed)

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
        ways: list[Way],
        journey: Journey,
        passed: list[Way],
        finished: list[tuple[Way, str, Rule | None]],
    ) -> list[Way]:
        """Walk a chain and all it jumps to; the ways that come to its end are returned.

        Ways with a verdict go to `passed` (accepted by this table) or `finished` (dropped).
        """
        known = _known(ways)
        stack = [_Frame(self._lookup(table, chain).candidates(known), ways)]
        while True:
            frame = stack[-1]
            if frame.next >= len(frame.candidates) or not frame.ways:
                stack.pop()
                leaving = _joined([*frame.leaving, *frame.ways])
                if not stack:
                    return leaving
                if frame.goto:
                    stack[-1].leaving.extend(leaving)
                else:
                    stack[-1].ways = _joined([*stack[-1].ways, *leaving])
                continue
            prepared = frame.candidates[frame.next]
            frame.next += 1
            self._steps -= len(frame.ways)
            if self._steps < 0:
                frame.ways = [evolve(way, complete=False) for way in frame.ways]
                frame.next = len(frame.candidates)
                continue
            matched, others = _divided(prepared, frame.ways, journey)
            if not matched:
                if others is not frame.ways:
                    frame.ways = others
                continue
            if prepared.action == "jump":
                assert prepared.rule.target is not None
                target = prepared.rule.target
                frame.ways = others
                candidates = self._lookup(table, target.name).candidates(known)
                stack.append(_Frame(candidates, matched, target.goto))
            elif prepared.action == "return":
                frame.leaving.extend(matched)
                frame.ways = others
            else:
                going_on = list(others)
                for way in matched:
                    _act(prepared, way, journey, going_on, passed, finished)
                frame.ways = _joined(going_on)


def _needs_tracking(rule: Rule) -> bool:
    target = rule.target
    if target is not None:
        extension = IPTABLES.targets.get(target.name)
        if extension is not None and extension.tracks:
            return True
        if target.name == "CT" and target.setting("--notrack") is None:
            return True
    known = (IPTABLES.matches.get(match.name) for match in rule.matches)
    return any(extension is None or extension.tracks for extension in known)


def _departure(packet: Packet) -> Way:
    """All that a packet's fields tell."""
    destination = known_or(address_number(packet.destination or ""), ANY_ADDRESS)
    port = known_or(packet.port, ANY_PORT)
    return Way(
        source=known_or(address_number(packet.source or ""), ANY_ADDRESS),
        source_port=known_or(packet.source_port, ANY_PORT),
        destination=destination,
        port=port,
        interface=packet.interface.partition(":")[0] if packet.interface else None,
        first_destination=destination,
        first_port=port,
    )


def _known(ways: list[Way]) -> Known:
    """What all ways agree on."""

    def agreed(values: Iterable[Range]) -> int | None:
        distinct = set(values)
        low, high = distinct.pop()
        return low if low == high and not distinct else None

    return (
        agreed(way.destination for way in ways),
        agreed(way.port for way in ways),
        agreed(way.source for way in ways),
    )


def _divided(prepared: Prepared, ways: list[Way], journey: Journey) -> tuple[list[Way], list[Way]]:
    """The ways that match a rule, with the rule added to their path, and those that do not."""
    matched: list[Way] = []
    others: list[Way] = []
    for way in ways:
        open_tests = []
        for test in prepared.tests:
            answer = test.answer(way, journey)
            if answer is False:
                others.append(way)
                break
            if answer is None:
                open_tests.append(test)
        else:
            if open_tests and _without_effect(prepared, way):
                others.append(way)
                continue
            for test in open_tests:
                # An earlier question of the same rule may have settled this one.
                answer = test.answer(way, journey)
                if answer is None:
                    cause: Literal["rule", "packet"] = "rule" if test.question.by_rule else "packet"
                    refused, way = (
                        evolve(
                            test.question.narrowed(way, holds is not test.negated),
                            supposed=Supposition.after(
                                way.supposed,
                                Assumption(prepared.rule, test.setting, holds, cause),
                            ),
                        )
                        for holds in (False, True)
                    )
                    others.append(refused)
                elif not answer:
                    others.append(way)
                    break
            else:
                matched.append(evolve(way, path=Step(prepared.rule, way.path)))
    return matched, others if matched or len(others) != len(ways) else ways


def _without_effect(prepared: Prepared, way: Way) -> bool:
    """Whether it makes no difference if the way matches."""
    if prepared.action == "mark":
        return _changed(way.mark, prepared.change[0]) == way.mark
    return prepared.action == "nothing"


def _changed(mark: int, change: Bits) -> int:
    """The mark after `--set-xmark VALUE/MASK`."""
    return (mark & ~change.mask) ^ change.value


def _act(
    prepared: Prepared,
    way: Way,
    journey: Journey,
    going_on: list[Way],
    passed: list[Way],
    finished: list[tuple[Way, str, Rule | None]],
) -> None:
    """Do to a matching packet what the rule's target does."""
    rule = prepared.rule
    name = rule.target.name if rule.target else ""
    connected = journey.tracking and way.tracked
    match prepared.action:
        case "accept":
            passed.append(way)
        case "drop":
            finished.append((way, name, rule))
        case "nothing":
            going_on.append(way)
        case "mark":
            going_on.append(evolve(way, mark=_changed(way.mark, prepared.change[0])))
        case "mark connection":
            changed = _changed(way.connection_mark, prepared.change[0])
            going_on.append(evolve(way, connection_mark=changed) if connected else way)
        case "save mark":
            bits = prepared.change[0]
            saved = (way.connection_mark & ~bits.mask) ^ (way.mark & bits.value)
            going_on.append(evolve(way, connection_mark=saved) if connected else way)
        case "restore mark":
            bits = prepared.change[0]
            restored = (way.mark & ~bits.value) ^ (way.connection_mark & bits.mask)
            going_on.append(evolve(way, mark=restored) if connected else way)
        case "untrack":
            going_on.append(evolve(way, tracked=False))
        case "redirect" | "dnat" | "netmap":
            passed.append(translated(rule, way, journey))
        case "pass or not":
            passed.append(_supposed(_diverted(rule, way), rule, True))
            finished.append((_supposed(way, rule, False), name, rule))
        case _:  # a target that lvscf does not know
            going_on.append(_supposed(evolve(way, complete=False), rule, True))
            finished.append((_supposed(way, rule, False), name, rule))


def _supposed(way: Way, rule: Rule, holds: bool) -> Way:
    assumption = Assumption(rule, None, holds, "rule")
    return evolve(way, supposed=Supposition.after(way.supposed, assumption))


def _diverted(rule: Rule, way: Way) -> Way:
    """TPROXY marks the packets that it lets pass."""
    setting = rule.target.setting("--tproxy-mark") if rule.target else None
    if setting is None or not isinstance(setting.value, Bits):
        return way
    return evolve(way, mark=_changed(way.mark, setting.value))


# Joining ways, and the end of them.


def _joined(ways: list[Way]) -> list[Way]:
    """Join ways that have one future, and see to it that there are not too many."""
    if len(ways) < 2:
        return ways
    distinct: dict[tuple[object, ...], Way] = {}
    for way in ways:
        knowledge = way.knowledge
        known = distinct.get(knowledge)
        distinct[knowledge] = way if known is None else _one(known, way)
    if len(distinct) <= MOST_WAYS:
        return list(distinct.values())
    coarse: dict[tuple[object, ...], Way] = {}
    for way in distinct.values():
        wide = evolve(way, held=frozenset(), failed=frozenset(), interface_like="+")
        key = (way.mark, way.connection_mark, way.tracked, way.translated is None)
        known = coarse.get(key)
        coarse[key] = wide if known is None else _widened(_one(known, wide), known, wide)
    kept = list(coarse.values())
    if len(kept) > MOST_WAYS:
        kept = [evolve(way, complete=False) for way in kept[:MOST_WAYS]]
    return kept


def _one(first: Way, second: Way) -> Way:
    """One way for two: only what both assumed is still assumed."""
    return evolve(
        first,
        supposed=common(first.supposed, second.supposed),
        complete=first.complete and second.complete,
    )


def _widened(way: Way, first: Way, second: Way) -> Way:
    def hull(one: Range, other: Range) -> Range:
        return min(one[0], other[0]), max(one[1], other[1])

    return evolve(
        way,
        source=hull(first.source, second.source),
        source_port=hull(first.source_port, second.source_port),
        destination=hull(first.destination, second.destination),
        port=hull(first.port, second.port),
    )


def _outcomes(ends: list[End]) -> tuple[Outcome, ...]:
    """Ends as outcomes, without repetition, those that assumed least first."""
    distinct: dict[tuple[object, ...], End] = {}
    for end in ends:
        key = (*_visible(end), id(end.rule), id(end.way.supposed))
        distinct.setdefault(key, end)
    if len(distinct) > MOST_WAYS:
        grouped: dict[tuple[object, ...], list[End]] = {}
        for end in distinct.values():
            grouped.setdefault(_visible(end), []).append(end)
        merged = [
            evolve(group[0], way=reduce(_one, (end.way for end in group)))
            for group in grouped.values()
        ]
        ends = merged[:MOST_WAYS]
        if len(merged) > MOST_WAYS:
            ends = [evolve(end, way=evolve(end.way, complete=False)) for end in ends]
    else:
        ends = list(distinct.values())
    outcomes = [_outcome(end) for end in ends]
    return tuple(sorted(outcomes, key=lambda o: (o.uncertain, len(o.assumptions))))


def _visible(end: End) -> tuple[object, ...]:
    way = end.way
    return way.mark, way.destination, way.port, end.verdict, end.table, end.chain


def _outcome(end: End) -> Outcome:
    way = end.way
    address, last_address = way.destination
    port, last_port = way.port
    return Outcome(
        mark=way.mark,
        destination=address_text(address) if address == last_address else None,
        port=port if port == last_port else None,
        accepted=end.verdict == "ACCEPT",
        path=rules_met(way.path),
        verdict=end.verdict,
        decided_by=end.rule,
        decided_in=(end.table, end.chain),
        assumptions=assumptions(way.supposed),
        translated_by=way.translated,
        complete=way.complete,
    )
