"""Phrases that several reports share."""

from lvscf.findings.rule import LintRule


def severities(rule: LintRule) -> str:
    """The severities that findings of a rule may have, the most common first."""
    usual, *others = (severity.label for severity in rule.severities)
    return f"{usual}, in some cases {' or '.join(others)}" if others else usual
