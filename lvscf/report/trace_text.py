"""A packet's way as text: the rules that match it, and its fate."""

from lvscf.firewall import Outcome
from lvscf.report.page import Page, Piece
from lvscf.report.route import (
    Route,
    assumption_words,
    destination_words,
    foreign_words,
    mark_words,
    packet_words,
    place,
    source_words,
    verdict_words,
)
from lvscf.source import displayable

_PLACE = "blue"
_HOOK = "cyan"
_QUIET = "dim"
_NAT_IS_DONE = "not consulted: the connection's first packet decided"


def render(route: Route, page: Page) -> None:
    """Write all ways of a packet to `page`, those with the fewest assumptions first."""
    page.prose((packet_words(route), "bold"))
    if route.is_foreign and not all(outcome.translated_by for outcome in route.outcomes):
        page.prose((foreign_words(route), "yellow"))
    number = len(route.outcomes)
    for position, outcome in enumerate(route.outcomes, start=1):
        page.blank()
        if number > 1:
            page.prose(*_title(outcome, f"way {position} of {number}"))
        for step in _steps(route, outcome):
            page.line(*step)
        page.line(*_end(route, outcome))
    if not all(outcome.complete for outcome in route.outcomes):
        page.blank()
        page.prose(
            ("Not all of the host's rules could be followed; other ways are possible.", "yellow")
        )


def _title(outcome: Outcome, name: str) -> list[Piece]:
    """The number of a way, and its assumptions."""
    title = [(name, "bold")]
    for position, assumption in enumerate(outcome.assumptions):
        title.append((", if " if position == 0 else "\n  and ", "bold"))
        title.append((assumption_words(assumption), ""))
        if assumption.cause == "rule":
            title.append((", which only the running kernel knows", "yellow"))
    return title


def _steps(route: Route, outcome: Outcome) -> list[tuple[Piece, ...]]:
    """The chains of the way and the matching rules, one per line, in columns."""
    rows: list[tuple[str, str, str, str]] = []
    for table, chain, rules in route.passed(outcome):
        rows += [
            (place(rule), f"{rule.table} {rule.chain}", displayable(str(rule)), "")
            for rule in rules
        ]
        if not rules:
            policy = f"policy {chain.policy}" if chain.policy == "DROP" else ""
            unmatched = _NAT_IS_DONE if table == "nat" and route.keeps_nat else "no rule matches"
            words = ", ".join(filter(None, (unmatched, policy)))
            rows.append(("", f"{table} {chain.name}", words, _QUIET))
    if not rows:
        return [(("  no rule matches", ""),)]
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    return [
        ((f"  {where:<{first}}", _PLACE), (f"  {hook:<{second}}", _HOOK), (f"  {words}", style))
        for where, hook, words, style in rows
    ]


def _end(route: Route, outcome: Outcome) -> tuple[Piece, ...]:
    """Mark, destination, a source that NAT changed, and verdict."""
    passes = outcome.accepted and not route.discards_of(outcome)
    colour = "green" if passes else "red"
    ends = ", ".join(filter(None, (destination_words(outcome), source_words(outcome))))
    return (
        ("  = ", ""),
        (mark_words(outcome), "bold"),
        (f", {ends}, ", ""),
        (verdict_words(route, outcome), f"bold {colour}"),
    )
