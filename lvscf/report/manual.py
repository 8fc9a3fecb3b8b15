"""A rule's manual, for people at a terminal."""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from lvscf.linter.manual import manual_of
from lvscf.linter.rule import Rule
from lvscf.report.prose import prose


def render(rule: Rule, console: Console) -> None:
    """Print the manual of `rule` to `console`."""
    manual = manual_of(rule)
    console.print(
        Text.assemble((rule.code, "bold"), f" {rule.name} ", (f"({rule.severity.label})", "dim"))
    )
    console.print()
    console.print(prose(manual.summary, "bold"))
    _paragraph(console, "What it checks", manual.what)
    _paragraph(console, "Why it matters", manual.why)
    note = ", with escapes for what cannot be shown" if manual.escaped else ""
    _example(console, f"Wrong{note}", manual.bad or "(nothing)", "red")
    _example(console, "Right", manual.good, "green")
    if manual.fix:
        _paragraph(console, "Fix", manual.fix)


def _paragraph(console: Console, heading: str, text: str) -> None:
    console.print()
    console.print(Text(heading, "bold underline"))
    for paragraph in text.split("\n\n"):
        console.print(Padding(prose(" ".join(paragraph.split())), (0, 0, 0, 2)))


def _example(console: Console, heading: str, text: str, colour: str) -> None:
    console.print()
    console.print(Text(heading, "bold underline"))
    console.print(Padding(Text(text.rstrip("\n"), colour), (0, 0, 0, 4)))
