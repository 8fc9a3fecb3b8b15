"""Phrases that several reports share."""

from typing import TYPE_CHECKING

from lvscf.findings.rule import LintRule

if TYPE_CHECKING:
    pass


def counted(count: int, noun: str) -> str:
    """A count and its noun, such as `3 files`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def severities(rule: LintRule) -> str:
    """The severities that findings of a rule may have, the usual one first."""
    usual, *others = (severity.label for severity in rule.severities)
    return f"{usual}, in some cases {' or '.join(others)}" if others else usual
