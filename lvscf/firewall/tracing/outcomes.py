"""Ways of a packet that have become one, and what it is at the end of them."""

from functools import reduce

from attrs import evolve, frozen

from lvscf.firewall.model import Rule
from lvscf.firewall.packets import Outcome
from lvscf.firewall.tracing.branches import Range, Way, assumptions, common, rules_met
from lvscf.shared import ipv4
from lvscf.shared.records import evolved

MOST_WAYS = 64
"""Ways followed side by side; beyond, what they know is forgotten, then some are left out."""


@frozen
class End:
    """A way that ended within a table."""

    way: Way
    verdict: str
    rule: Rule | None
    table: str
    chain: str


def joined(ways: list[Way]) -> list[Way]:
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
        wide = evolved(way, held=frozenset(), failed=frozenset(), interface_like="+")
        key = (
            way.mark, way.connection_mark, way.doubt, way.connection_doubt, way.tracked,
            way.translated is None,
        )  # fmt: skip
        known = coarse.get(key)
        coarse[key] = wide if known is None else _widened(_one(known, wide), known, wide)
    kept = list(coarse.values())
    if len(kept) > MOST_WAYS:
        kept = [evolved(way, complete=False) for way in kept[:MOST_WAYS]]
    return kept


def _one(first: Way, second: Way) -> Way:
    """One way for two: only what both assumed is still assumed."""
    return evolved(
        first,
        supposed=common(first.supposed, second.supposed),
        complete=first.complete and second.complete,
    )


def _widened(way: Way, first: Way, second: Way) -> Way:
    def hull(one: Range, other: Range) -> Range:
        return min(one[0], other[0]), max(one[1], other[1])

    return evolved(
        way,
        source=hull(first.source, second.source),
        source_port=hull(first.source_port, second.source_port),
        destination=hull(first.destination, second.destination),
        port=hull(first.port, second.port),
    )


def outcomes(ends: list[End]) -> tuple[Outcome, ...]:
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
            ends = [evolved(end, way=evolved(end.way, complete=False)) for end in ends]
    else:
        ends = list(distinct.values())
    outcomes = [_outcome(end) for end in ends]
    return tuple(sorted(outcomes, key=lambda o: (o.uncertain, len(o.assumptions), o.forwarded)))


def _visible(end: End) -> tuple[object, ...]:
    way = end.way
    return way.mark, way.doubt, way.destination, way.port, end.verdict, end.table, end.chain


def _outcome(end: End) -> Outcome:
    way = end.way
    address, last_address = way.destination
    port, last_port = way.port
    return Outcome(
        mark=way.mark,
        destination=ipv4.dotted(address) if address == last_address else None,
        port=port if port == last_port else None,
        accepted=end.verdict == "ACCEPT",
        path=rules_met(way.path),
        verdict=end.verdict,
        decided_by=end.rule,
        decided_in=(end.table, end.chain),
        assumptions=assumptions(way.supposed),
        translated_by=way.translated,
        complete=way.complete and not way.doubt,
        forwarded=end.verdict == "FORWARD",
        mark_known=not way.doubt,
    )
