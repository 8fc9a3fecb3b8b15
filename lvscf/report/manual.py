"""Manuals of rules, for people at a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from lvscf.findings import Severity
from lvscf.linter.manual import manual_of
from lvscf.linter.rule import Rule
from lvscf.report.prose import prose

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def render(rule: Rule, console: Console) -> None:
    """Print the manual of `rule` to `console`."""
    manual = manual_of(rule)
    console.print(_title(rule))
    console.print()
    console.print(prose(manual.summary, "bold"))
    _paragraph(console, "What it checks", manual.what)
    _paragraph(console, "Why it matters", manual.why)
    note = ", with escapes for what cannot be shown" if manual.escaped else ""
    _example(console, f"Wrong{note}", manual.bad or "(nothing)", "red")
    _example(console, "Right", manual.good, "green")
    if manual.fix:
        _paragraph(console, "Fix", manual.fix)


def render_list(rules: Sequence[Rule], console: Console) -> None:
    """Print what each of several rules is about."""
    for rule in rules:
        console.print(_title(rule))
        console.print(Padding(prose(rule.summary), (0, 0, 0, 7)))
    console.print()
    console.print(
        prose(f"{len(rules)} rules; `lvscf explain {rules[0].code}` shows a whole manual.")
    )


def _title(rule: Rule) -> Text:
    optional = ", off unless selected" if rule.optional else ""
    return Text.assemble(
        (rule.code, "bold"),
        f" {rule.name} ",
        ("(", "dim"),
        (rule.severity.label, _COLOURS[rule.severity]),
        (f"{optional})", "dim"),
    )


def _paragraph(console: Console, heading: str, text: str) -> None:
    console.print()
    console.print(Text(heading, "bold underline"))
    for number, paragraph in enumerate(text.split("\n\n")):
        if number:
            console.print()
        console.print(Padding(prose(" ".join(paragraph.split())), (0, 0, 0, 2)))


def _example(console: Console, heading: str, text: str, colour: str) -> None:
    console.print()
    console.print(Text(heading, "bold underline"))
    console.print(Padding(Text(text.rstrip("\n"), colour), (0, 0, 0, 4)))
