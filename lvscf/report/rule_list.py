"""A list of rules, one per line."""

from collections.abc import Sequence

from lvscf.findings.rule import LintRule
from lvscf.report.page import SEVERITIES, Page, Piece, cells, prose

_FEWEST_CELLS = 20
"""The minimum width of the summaries; with less room, lines are not folded."""


def render(rules: Sequence[LintRule], page: Page, *, fold: bool) -> None:
    """Write one rule per line to `page`; with `fold`, wrap long lines between words."""
    width = max(len(rule.name) for rule in rules)
    for rule in rules:
        label: tuple[Piece, ...] = (
            (rule.code, "bold"),
            (f"  {rule.name:<{width}}  ", ""),
            (f"{rule.severity.label:<7}", SEVERITIES[rule.severity]),
            ("  ", ""),
        )
        optional = " (off unless selected)" if rule.optional else ""
        summary = prose(f"{rule.summary}{optional}")
        indent = sum(cells(text) for text, _ in label)
        if fold and page.columns >= indent + _FEWEST_CELLS:
            page.prose(*summary, first=label, rest=((" " * indent, ""),))
        else:
            page.line(*label, *summary)
