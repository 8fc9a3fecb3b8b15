"""A packet's way as text: the rules that match it, and its fate."""

from lvscf.firewall import Outcome
from lvscf.report.page import Page, Piece
from lvscf.report.route import (
    Route,
    assumption_words,
    destination_words,
    mark_words,
    packet_words,
    place,
    verdict_words,
)
from lvscf.source import displayable

_PLACE = "blue"
_HOOK = "cyan"


def render(route: Route, page: Page) -> None:
    """Write all ways of a packet to `page`, those with the fewest assumptions first."""
    page.prose((packet_words(route.packet), "bold"))
    number = len(route.outcomes)
    for position, outcome in enumerate(route.outcomes, start=1):
        page.blank()
        if number > 1:
            page.prose(*_title(outcome, f"way {position} of {number}"))
        for step in _steps(outcome):
            page.line(*step)
        page.line(*_end(outcome))
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


def _steps(outcome: Outcome) -> list[tuple[Piece, ...]]:
    """The matching rules, one per line, in columns."""
    if not outcome.path:
        return [(("  no rule matches", ""),)]
    places = [place(rule) for rule in outcome.path]
    hooks = [f"{rule.table} {rule.chain}" for rule in outcome.path]
    first, second = (max(map(len, column)) for column in (places, hooks))
    return [
        (
            (f"  {where:<{first}}", _PLACE),
            (f"  {hook:<{second}}", _HOOK),
            (f"  {displayable(str(rule))}", ""),
        )
        for where, hook, rule in zip(places, hooks, outcome.path, strict=True)
    ]


def _end(outcome: Outcome) -> tuple[Piece, ...]:
    """Mark, destination and verdict."""
    colour = "green" if outcome.accepted else "red"
    return (
        ("  = ", ""),
        (mark_words(outcome), "bold"),
        (f", {destination_words(outcome)}, ", ""),
        (verdict_words(outcome), f"bold {colour}"),
    )
