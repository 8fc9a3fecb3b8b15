"""`lvscf rules`: list the rules."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from lvscf.cli import terminal
from lvscf.cli.arguments import add_colour
from lvscf.cli.errors import CommandError
from lvscf.findings.rule import LintRule
from lvscf.linter.registry import rules
from lvscf.linter.selection import UnknownRuleError, find


def arguments(command: ArgumentParser) -> None:
    """Add the command's arguments."""
    command.description = "List all rules, or only the given ones, one per line."
    command.add_argument(
        "rules", nargs="*", metavar="RULES",
        help="only these: codes, names or families (LVS2), separated by commas or spaces",
    )  # fmt: skip
    command.add_argument(
        "--format", choices=("full", "json"), default="full",
        help="output format (default: full); json includes the manuals",
    )  # fmt: skip
    add_colour(command)


def run(options: Namespace) -> int:
    """Print the rules; returns the exit status.

    Raises:
        CommandError: a word matches no rule or family.
    """
    listed = _wanted(options.rules)
    if options.format == "json":
        from lvscf.report import manual_json

        terminal.write(manual_json.render(listed))
    else:
        from lvscf.report import rule_list

        page = terminal.page(options.color)
        rule_list.render(listed, page, fold=terminal.is_terminal())
        terminal.write(page.text)
    return 0


def _wanted(words: Sequence[str]) -> tuple[LintRule, ...]:
    selectors = [one.strip() for word in words for one in word.split(",") if one.strip()]
    if words and not selectors:
        raise CommandError("no rule is named; write, for instance, `lvscf rules LVS2`")
    try:
        found = {rule for selector in selectors for rule in find(selector)}
    except UnknownRuleError as error:
        raise CommandError(str(error)) from None
    return tuple(rule for rule in rules() if not selectors or rule in found)
