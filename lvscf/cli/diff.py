"""`lvscf diff`: what differs in meaning between two lvs.cf files."""

from argparse import ArgumentParser, Namespace

from lvscf.cli import terminal
from lvscf.cli.arguments import add_colour
from lvscf.cli.errors import CommandError
from lvscf.cli.load_document import loaded
from lvscf.config.differences import differences
from lvscf.report import config_diff


def arguments(command: ArgumentParser) -> None:
    """Add the command's arguments."""
    command.description = (
        "Show how two lvs.cf files differ in meaning. Order, spacing, comments, explicit defaults "
        "and the notation of numbers are ignored."
    )
    command.epilog = (
        "exit status:\n  0  no difference\n  1  differences\n  2  lvscf could not do its work"
    )
    command.add_argument("left", metavar="A", help="an lvs.cf; - is standard input")
    command.add_argument("right", metavar="B", help="the other one; - is standard input")
    command.add_argument(
        "--serial", action="store_true", help="also compare `serial_no`, which no daemon uses"
    )
    command.add_argument(
        "--format", choices=("text", "json"), default="text",
        help="output format (default: text)",
    )  # fmt: skip
    add_colour(command)


def run(options: Namespace) -> int:
    """Print the differences; returns the exit status.

    Raises:
        CommandError: a file cannot be read, or Piranha would reject it.
    """
    if options.left == options.right == "-":
        raise CommandError("standard input can be read only once; name a file instead")
    left, right = loaded(options.left), loaded(options.right)
    found = differences(left.config, right.config, counters=options.serial)
    if options.format == "json":
        import json

        terminal.write(json.dumps(config_diff.plain(left, right, found), indent=2) + "\n")
    elif found:
        page = terminal.page(options.color)
        for line in config_diff.lines(left, right, found):
            page.line(line)
        terminal.write(page.text)
    return int(bool(found))
