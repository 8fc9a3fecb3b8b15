"""`lvscf rules`: list all rules."""

from argparse import ArgumentParser, Namespace

from lvscf.cli import terminal
from lvscf.linter.registry import rules


def arguments(command: ArgumentParser) -> None:
    """Tell what the command understands."""
    command.description = "List all rules, one a line."


def run(_: Namespace) -> int:
    """Print all rules, one a line; returns the exit status."""
    width = max(len(rule.name) for rule in rules())
    lines = (
        f"{rule.code}  {rule.name:<{width}}  {rule.severity.label:<7}  {rule.summary}\n"
        for rule in rules()
    )
    terminal.write("".join(lines))
    return 0
