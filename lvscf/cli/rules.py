"""`lvscf rules`: list all rules."""

from argparse import ArgumentParser, Namespace

from lvscf.cli import terminal
from lvscf.linter.registry import rules


def arguments(command: ArgumentParser) -> None:
    """Tell what the command understands."""
    command.description = "List all rules, one a line."
    command.add_argument(
        "--format", choices=("full", "json"), default="full",
        help="how rules are listed (default: full); json holds their manuals, too",
    )  # fmt: skip


def run(options: Namespace) -> int:
    """Print all rules; returns the exit status."""
    if options.format == "json":
        from lvscf.report import manual_json

        terminal.write(manual_json.render(rules()))
        return 0
    width = max(len(rule.name) for rule in rules())
    lines = (
        f"{rule.code}  {rule.name:<{width}}  {rule.severity.label:<7}  {rule.summary}"
        f"{' (off unless selected)' if rule.optional else ''}\n"
        for rule in rules()
    )
    terminal.write("".join(lines))
    return 0
