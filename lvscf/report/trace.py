"""A packet's way for people at a terminal: the rules it meets, and what becomes of it."""

from rich.console import Console
from rich.text import Text

from lvscf.firewall import Outcome
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


def render(route: Route, console: Console) -> None:
    """Print all ways of a packet to `console`, those that assume least first."""
    console.print(Text(packet_words(route.packet), style="bold"))
    number = len(route.outcomes)
    for position, outcome in enumerate(route.outcomes, start=1):
        console.print()
        if number > 1:
            console.print(_title(outcome, f"way {position} of {number}"))
        for line in _steps(outcome):
            console.print(line, soft_wrap=True)
        console.print(_end(outcome), soft_wrap=True)
    if not all(outcome.complete for outcome in route.outcomes):
        console.print()
        console.print(
            Text("Not all rules of the host are followed here: other ways are possible.", "yellow")
        )


def _title(outcome: Outcome, name: str) -> Text:
    """Which of several ways this is, and what it assumes."""
    title = Text(name, style="bold")
    for position, assumption in enumerate(outcome.assumptions):
        title.append(", if " if position == 0 else "\n  and ", "bold")
        title.append(assumption_words(assumption))
        if assumption.cause == "rule":
            title.append(", which only the running kernel can tell", "yellow")
    return title


def _steps(outcome: Outcome) -> list[Text]:
    """The rules met, one a line, under each other."""
    if not outcome.path:
        return [Text("  no rule matches")]
    places = [place(rule) for rule in outcome.path]
    hooks = [f"{rule.table} {rule.chain}" for rule in outcome.path]
    first, second = (max(map(len, column)) for column in (places, hooks))
    return [
        Text.assemble(
            "  ", (f"{where:<{first}}", _PLACE), "  ", (f"{hook:<{second}}", _HOOK), "  ",
            displayable(str(rule)),
        )
        for where, hook, rule in zip(places, hooks, outcome.path, strict=True)
    ]  # fmt: skip


def _end(outcome: Outcome) -> Text:
    """Mark, destination and verdict."""
    colour = "green" if outcome.accepted else "red"
    return Text.assemble(
        "  = ",
        (mark_words(outcome), "bold"),
        ", ",
        destination_words(outcome),
        ", ",
        (verdict_words(outcome), f"bold {colour}"),
    )
