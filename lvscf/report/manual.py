"""Manuals of rules and directives, as text for a terminal."""

from collections.abc import Sequence

from lvscf.findings.rule import LintRule
from lvscf.linter.directive_manual import DirectiveManual
from lvscf.linter.manual import manual_of
from lvscf.report.page import SEVERITIES, Page, Piece, prose
from lvscf.report.phrases import severities


def render(rule: LintRule, page: Page) -> None:
    """Write the manual of `rule` to `page`."""
    manual = manual_of(rule)
    page.line(*title(rule))
    page.blank()
    page.prose(*prose(manual.summary, "bold"))
    _paragraph(page, "What it checks", manual.what)
    _paragraph(page, "Why it matters", manual.why)
    if manual.example is None:
        note = ", non-printing characters as escapes" if manual.escaped else ""
        _example(page, f"Wrong{note}", manual.bad or "(nothing)", "red")
        _example(page, "Right", manual.good, "green")
    else:
        _before_and_after(page, manual.example)
    if manual.fix:
        _paragraph(page, "Fix", manual.fix)


def render_list(rules: Sequence[LintRule], page: Page) -> None:
    """Write the summaries of several rules to `page`."""
    _list(page, rules)
    page.blank()
    page.prose(*prose(f"{len(rules)} rules; `lvscf explain {rules[0].code}` shows a whole manual."))


def render_directive(
    manuals: Sequence[DirectiveManual], rules: Sequence[LintRule], page: Page
) -> None:
    """Write the manual of a directive, for each kind of block, to `page`."""
    for number, manual in enumerate(manuals):
        if number:
            page.blank()
        page.line((manual.name, "bold"), (f" ({manual.where})", "dim"))
        page.blank()
        page.prose(*prose(manual.meaning, "bold"))
        page.blank()
        for heading, fact in manual.facts:
            first = (("  ", ""), (f"{heading:<7}  ", "bold"))
            page.prose(*prose(fact), first=first, rest=((" " * 11, ""),))
    if rules:
        page.blank()
        page.line(("Rules that mention it", "bold underline"))
        _list(page, rules, "  ")


def _list(page: Page, rules: Sequence[LintRule], indent: str = "") -> None:
    margin = ((f"{indent}       ", ""),)
    for rule in rules:
        page.line((indent, ""), *title(rule))
        page.prose(*prose(rule.summary), first=margin, rest=margin)


def title(rule: LintRule) -> tuple[Piece, ...]:
    """Code, name and severity of a rule."""
    optional = ", off unless selected" if rule.optional else ""
    return (
        (rule.code, "bold"),
        (f" {rule.name} ", ""),
        ("(", "dim"),
        (severities(rule), SEVERITIES[rule.severity]),
        (f"{optional})", "dim"),
    )


def _paragraph(page: Page, heading: str, text: str) -> None:
    page.blank()
    page.line((heading, "bold underline"))
    margin = (("  ", ""),)
    for number, paragraph in enumerate(text.split("\n\n")):
        if number:
            page.blank()
        page.prose(*prose(" ".join(paragraph.split())), first=margin, rest=margin)


def _before_and_after(page: Page, example: str) -> None:
    page.blank()
    page.line(("Before and after", "bold underline"))
    for line in example.splitlines():
        page.line(("    ", ""), (line, {"-": "red", "+": "green"}.get(line[:1], "")))


def _example(page: Page, heading: str, text: str, colour: str) -> None:
    page.blank()
    page.line((heading, "bold underline"))
    for line in text.rstrip("\n").split("\n"):
        page.line(("    ", ""), (line, colour))
