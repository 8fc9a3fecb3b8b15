"""`lvscf explain`: show the manuals of rules."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from lvscf.cli import terminal
from lvscf.cli.arguments import add_colour
from lvscf.cli.errors import CommandError
from lvscf.linter.registry import UnknownRuleError, find
from lvscf.linter.rule import Rule


def arguments(command: ArgumentParser) -> None:
    """Tell what the command understands."""
    command.description = "Show what a rule checks, why, and what to write instead."
    command.add_argument(
        "rules", nargs="+", metavar="RULE",
        help="code (LVS201) or name of a rule; of a family (LVS2), its rules are listed",
    )  # fmt: skip
    command.add_argument(
        "--format", choices=("full", "markdown", "json"), default="full",
        help="how manuals are shown (default: full)",
    )  # fmt: skip
    add_colour(command)


def run(options: Namespace) -> int:
    """Print the manuals of rules; returns the exit status.

    Raises:
        CommandError: there is no such rule.
    """
    try:
        found = [find(selector) for selector in options.rules]
    except UnknownRuleError as error:
        raise CommandError(str(error)) from None
    terminal.write(_shown(found, options))
    return 0


def _shown(found: Sequence[tuple[Rule, ...]], options: Namespace) -> str:
    rules = list(dict.fromkeys(rule for addressed in found for rule in addressed))
    if options.format == "json":
        from lvscf.report import manual_json

        return manual_json.render(rules)
    if options.format == "markdown":
        from lvscf.report import manual_markdown

        return "\n".join(manual_markdown.render(rule) for rule in rules)
    from lvscf.report import manual

    console = terminal.console(options.color)
    for number, addressed in enumerate(found):
        if number:
            console.print()
            console.rule(style="dim", characters="-")
            console.print()
        if len(addressed) == 1:
            manual.render(addressed[0], console)
        else:
            manual.render_list(addressed, console)
    return terminal.collected(console)
