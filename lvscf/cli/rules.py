"""`lvscf rules`: list all rules."""

from argparse import Namespace

from lvscf.cli import terminal
from lvscf.linter.registry import RULES


def run(options: Namespace) -> int:
    """Print all rules, one a line; returns the exit status."""
    width = max(len(rule.name) for rule in RULES)
    lines = (
        f"{rule.code}  {rule.name:<{width}}  {rule.severity.label:<7}  {rule.summary}\n"
        for rule in RULES
    )
    terminal.write("".join(lines))
    return 0
