"""`lvscf explain`: show the manuals of rules and directives."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lvscf.cli import terminal
from lvscf.cli.arguments import add_colour
from lvscf.cli.errors import CommandError
from lvscf.findings.rule import LintRule
from lvscf.linter import directive_manual
from lvscf.linter.selection import UnknownRuleError, find
from lvscf.shared import suggestions
from lvscf.source import quoted

if TYPE_CHECKING:
    from lvscf.report.page import Page


def arguments(command: ArgumentParser) -> None:
    """Add the command's arguments."""
    command.description = (
        "Show what a rule checks, why, and what to write instead; or what a directive of lvs.cf "
        "does."
    )
    command.epilog = "examples:\n  lvscf explain LVS201\n  lvscf explain deadtime"
    command.add_argument(
        "words", nargs="+", metavar="RULE|DIRECTIVE",
        help="code (LVS201) or name of a rule, or a directive (deadtime); a family (LVS2) lists "
        "its rules",
    )  # fmt: skip
    command.add_argument(
        "--format", choices=("full", "markdown", "json"), default="full",
        help="output format (default: full)",
    )  # fmt: skip
    add_colour(command)


def run(options: Namespace) -> int:
    """Print manuals; returns the exit status.

    Raises:
        CommandError: a word matches neither a rule nor a directive.
    """
    found = list(map(_found, options.words))
    if options.format == "full":
        page = terminal.page(options.color)
        for number, subject in enumerate(found):
            if number:
                page.blank()
                page.line(("-" * page.columns, "dim"))
                page.blank()
            _show(subject, page)
        terminal.write(page.text)
        return 0
    rules = list(dict.fromkeys(rule for one in found if not isinstance(one, str) for rule in one))
    directives = list(dict.fromkeys(one for one in found if isinstance(one, str)))
    if options.format == "json":
        from lvscf.report import manual_json

        terminal.write(manual_json.render_explained(rules, directives))
    else:
        from lvscf.report import manual_markdown

        pages = [*map(manual_markdown.render, rules)]
        pages += map(manual_markdown.render_directive, directives)
        terminal.write("\n".join(pages))
    return 0


def _found(word: str) -> tuple[LintRule, ...] | str:
    """The rules or the directive that a word names.

    Raises:
        CommandError: there are none.
    """
    manuals = directive_manual.directive_manuals(word)
    if manuals:
        return manuals[0].name
    try:
        return find(word)
    except UnknownRuleError as error:
        near = suggestions.nearest(word, directive_manual.names())
        meant = error.suggestion if near is None or _is_code(word) else near
        hint = f"did you mean `{meant}`? " if meant else ""
        raise CommandError(
            f"there is no rule, family or directive {quoted(word)}; {hint}"
            "`lvscf rules` lists all rules"
        ) from None


def _is_code(word: str) -> bool:
    return word[:3].lower() == "lvs"


def _show(subject: tuple[LintRule, ...] | str, page: "Page") -> None:
    from lvscf.report import manual

    if isinstance(subject, str):
        manuals: Sequence[directive_manual.DirectiveManual]
        manuals = directive_manual.directive_manuals(subject)
        manual.render_directive(manuals, directive_manual.rules_about(subject), page)
    elif len(subject) == 1:
        manual.render(subject[0], page)
    else:
        manual.render_list(subject, page)
