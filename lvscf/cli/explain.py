"""`lvscf explain`: show the manual of a rule."""

from argparse import ArgumentParser, Namespace

from lvscf.cli import terminal
from lvscf.cli.arguments import add_colour
from lvscf.cli.errors import CommandError
from lvscf.linter.registry import UnknownRuleError, find


def arguments(command: ArgumentParser) -> None:
    """Tell what the command understands."""
    command.description = "Show what a rule checks, why, and what to write instead."
    command.add_argument("rule", metavar="RULE", help="code (LVS201) or name of the rule")
    add_colour(command)


def run(options: Namespace) -> int:
    """Print the manual of a rule; returns the exit status.

    Raises:
        CommandError: there is no such rule.
    """
    try:
        found = find(options.rule)
    except UnknownRuleError as error:
        raise CommandError(str(error)) from None
    if len(found) > 1:
        raise CommandError(
            f"`{options.rule}` is a family of {len(found)} rules; name one of them, such as "
            f"`{found[0].code}` (`lvscf rules` lists all)"
        )
    from lvscf.report import manual

    console = terminal.console(options.color)
    manual.render(found[0], console)
    terminal.write(terminal.collected(console))
    return 0
