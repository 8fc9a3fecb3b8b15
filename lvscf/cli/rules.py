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
    lines = []
    width = max(len(rule.name) for rule in rules())
    for rule in rules():
        label = f"{rule.code}  {rule.name:<{width}}  {rule.severity.label:<7}  "
        summary = f"{rule.summary}{' (off unless selected)' if rule.optional else ''}"
        lines.append(_row(label, summary))
    terminal.write("".join(lines))
    return 0


def _row(label: str, summary: str) -> str:
    """A rule on one line; on a terminal that is too narrow, folded between words."""
    columns = terminal.width() if terminal.is_terminal() else 0
    if columns < len(label) + 20:  # no terminal, or no room for a column of words
        return f"{label}{summary}\n"
    from textwrap import fill

    margin = " " * len(label)
    folded = fill(summary, columns, initial_indent=margin, subsequent_indent=margin)
    return f"{label}{folded.removeprefix(margin)}\n"
