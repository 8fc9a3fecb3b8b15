"""The command line: which commands there are, and what several of them have in common."""

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from importlib import import_module
from os import get_terminal_size
from typing import Any

import lvscf
from lvscf import spelling
from lvscf.cli import terminal

_COLOUR_CHOICES = ("auto", "always", "never")


class HelpFormatter(RawDescriptionHelpFormatter):
    """Help as wide as the terminal.

    argparse makes a formatter for every argument that it learns of, and imports a lot for one that
    is not told its width.
    """

    def __init__(self, prog: str) -> None:
        try:
            width = get_terminal_size().columns - 2
        except OSError:
            width = 78
        super().__init__(prog, width=width)


class Parser(ArgumentParser):
    """A parser that writes help and version as everything else is written.

    It takes options by their whole names only: what `--fi` means must not change with the next
    release.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, allow_abbrev=False)

    def _print_message(self, message: str, file: Any = None) -> None:
        if file is not None and file is sys.stderr:
            super()._print_message(message, file)
        else:  # help and version; None where there is no standard output
            terminal.write(message)


COMMANDS = {
    "lint": "find what is wrong with lvs.cf files",
    "fmt": "lay lvs.cf files out as the Piranha GUI does, comments kept",
    "show": "show the cluster as a tree, a graph or a table",
    "trace": "follow a packet through firewall rules",
    "diff": "tell what differs in meaning between two lvs.cf files",
    "dump": "print the values of an lvs.cf as JSON or YAML",
    "load": "write an lvs.cf from JSON or YAML",
    "explain": "show the manual of a rule",
    "rules": "list all rules",
}
"""Every command, with its line in the help.

The module of that name in `lvscf.cli` has two functions: `arguments` tells the parser what the
command understands, and `run` does the work.
"""


def parse(arguments: Sequence[str] | None) -> Namespace:
    """Parse a command line; the options hold a function `run`.

    Only the command that is asked for is imported, and told what it understands.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    top, command = _parsers(given[0] if given else None)
    options, unknown = top.parse_known_args(given)
    if unknown:
        command.error(_unrecognised(unknown, command))
    return options


def _unrecognised(words: Sequence[str], command: ArgumentParser) -> str:
    """What argparse says of words that mean nothing, and the option that was probably meant."""
    from lvscf.source import displayable

    option = words[0].partition("=")[0]
    known = [name.strip("-") for action in command._actions for name in action.option_strings]
    near = spelling.nearest(option.lstrip("-"), known) if option.startswith("-") else None
    hint = f"; did you mean `--{near}`?" if near else ""
    return f"unrecognized arguments: {' '.join(map(displayable, words))}{hint}"


def _parsers(wanted: str | None) -> tuple[ArgumentParser, ArgumentParser]:
    """The parser of the whole line, and that of the command; the former, if there is no such."""
    top = asked = Parser(
        prog="lvscf",
        description="Linter and toolkit for lvs.cf, the configuration of Piranha (LVS clusters).",
        epilog="exit status:\n"
        "  0  clean\n"
        "  1  findings at or above --fail-on\n"
        "  2  lvscf could not do its work",
        formatter_class=HelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"lvscf {lvscf.__version__}")
    # Naming `prog` keeps argparse from formatting a usage line (and importing what that needs).
    commands = top.add_subparsers(metavar="COMMAND", required=True, prog="lvscf")
    for name in (wanted,) if wanted in COMMANDS else COMMANDS:
        command = commands.add_parser(name, formatter_class=HelpFormatter, help=COMMANDS[name])
        if name == wanted:
            module = import_module(f"lvscf.cli.{name}")
            module.arguments(command)
            command.set_defaults(run=module.run)
            asked = command
    return top, asked


def add_evidence(command: ArgumentParser) -> None:
    """Options that name what was collected from the hosts."""
    group = command.add_argument_group(
        "evidence",
        "What was saved on the cluster's hosts: rules of iptables and arptables, sysctl settings.",
    )
    group.add_argument(
        "--router", action="append", metavar="[HOST=]FILE",
        help="from a router, by its address; from both, without HOST",
    )  # fmt: skip
    group.add_argument(
        "--real-server", action="append", metavar="HOST=FILE",
        help="from a real server, by its address or its name in the lvs.cf",
    )  # fmt: skip
    group.add_argument(
        "--cluster", metavar="SETTINGS",
        help="the settings file, in place of the nearest lvscf.toml (or pyproject.toml with "
        "[tool.lvscf]) upward from each FILE",
    )  # fmt: skip


def add_colour(command: ArgumentParser) -> None:
    """The option that says whether to use colours."""
    command.add_argument(
        "--color", choices=_COLOUR_CHOICES, default="auto",
        help="colours and bold (default: auto, on a terminal unless NO_COLOR is set)",
    )  # fmt: skip
