"""Outcomes: joins branches with the same future, and turns their ends into outcomes."""

from functools import reduce

from attrs import evolve, frozen

from lvscf.firewall.model import Rule
from lvscf.firewall.packets import Outcome
from lvscf.firewall.tracing.branches import Branch, Range, assumptions, common, rules_met
from lvscf.shared import ipv4
from lvscf.shared.records import compared, evolved

MOST_BRANCHES = 64
"""The most branches followed side by side; beyond, they are merged, then some are left out."""


@compared
@frozen(eq=False, repr=False)
class End:
    """A branch that ended within a table."""

    branch: Branch
    verdict: str
    rule: Rule | None
    table: str
    chain: str
    hook: str


def joined(branches: list[Branch]) -> list[Branch]:
    """Join branches with the same future, and limit their number."""
    if len(branches) < 2:
        return branches
    distinct: dict[tuple[object, ...], Branch] = {}
    for branch in branches:
        knowledge = branch.knowledge
        known = distinct.get(knowledge)
        distinct[knowledge] = branch if known is None else _one(known, branch)
    if len(distinct) <= MOST_BRANCHES:
        return list(distinct.values())
    coarse: dict[tuple[object, ...], Branch] = {}
    for branch in distinct.values():
        wide = evolved(branch, held=frozenset(), failed=frozenset(), interface_like="+")
        key = (
            branch.mark,
            branch.connection_mark,
            branch.doubt,
            branch.connection_doubt,
            branch.tracked,
            branch.translated is None,
        )
        known = coarse.get(key)
        coarse[key] = wide if known is None else _widened(_one(known, wide), known, wide)
    kept = list(coarse.values())
    if len(kept) > MOST_BRANCHES:
        kept = [evolved(branch, complete=False) for branch in kept[:MOST_BRANCHES]]
    return kept


def _one(first: Branch, second: Branch) -> Branch:
    """Join two branches: only what both assumed is still assumed."""
    return evolved(
        first,
        supposed=common(first.supposed, second.supposed),
        complete=first.complete and second.complete,
    )


def _widened(branch: Branch, first: Branch, second: Branch) -> Branch:
    def hull(one: Range, other: Range) -> Range:
        return min(one[0], other[0]), max(one[1], other[1])

    return evolved(
        branch,
        source=hull(first.source, second.source),
        source_port=hull(first.source_port, second.source_port),
        destination=hull(first.destination, second.destination),
        port=hull(first.port, second.port),
    )


def outcomes(ends: list[End]) -> tuple[Outcome, ...]:
    """Ends as outcomes without repetition, those with the fewest assumptions first."""
    distinct: dict[tuple[object, ...], End] = {}
    for end in ends:
        key = (*_visible(end), id(end.rule), id(end.branch.supposed))
        distinct.setdefault(key, end)
    if len(distinct) > MOST_BRANCHES:
        grouped: dict[tuple[object, ...], list[End]] = {}
        for end in distinct.values():
            grouped.setdefault(_visible(end), []).append(end)
        merged = [
            evolve(group[0], branch=reduce(_one, (end.branch for end in group)))
            for group in grouped.values()
        ]
        ends = merged[:MOST_BRANCHES]
        if len(merged) > MOST_BRANCHES:
            ends = [evolved(end, branch=evolved(end.branch, complete=False)) for end in ends]
    else:
        ends = list(distinct.values())
    outcomes = [_outcome(end) for end in ends]
    return tuple(sorted(outcomes, key=_order))


def _order(outcome: Outcome) -> tuple[object, ...]:
    return (
        outcome.uncertain,
        len(outcome.assumptions),
        outcome.forwarded or outcome.delivered,
    )


def _visible(end: End) -> tuple[object, ...]:
    branch = end.branch
    return (
        branch.mark,
        branch.doubt,
        branch.destination,
        branch.port,
        branch.new_source,
        end.verdict,
        end.table,
        end.chain,
    )


def _outcome(end: End) -> Outcome:
    branch = end.branch
    address, last_address = branch.destination
    port, last_port = branch.port
    source, source_port = branch.new_source or (branch.source, branch.source_port)
    return Outcome(
        mark=branch.mark,
        destination=ipv4.dotted(address) if address == last_address else None,
        port=port if port == last_port else None,
        accepted=end.verdict == "ACCEPT",
        path=rules_met(branch.path),
        verdict=end.verdict,
        decided_by=end.rule,
        decided_in=(end.table, end.chain),
        assumptions=assumptions(branch.supposed),
        translated_by=branch.translated,
        complete=branch.complete and not branch.doubt,
        forwarded=end.verdict == "FORWARD",
        mark_known=not branch.doubt,
        hook=end.hook,
        source=ipv4.dotted(source[0]) if source[0] == source[1] else None,
        source_port=source_port[0] if source_port[0] == source_port[1] else None,
        source_translated_by=branch.source_translated,
        delivered=end.verdict == "INPUT",
    )
