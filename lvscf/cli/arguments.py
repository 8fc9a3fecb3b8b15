"""The command line: the commands, and the arguments that several of them share."""

import sys
from argparse import SUPPRESS, ArgumentParser, Namespace
from argparse import HelpFormatter as ArgparseFormatter
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import lvscf
from lvscf.cli import terminal
from lvscf.shared import suggestions

_OWN_OPTIONS = ("-h", "--help", "--version", "--color")
_COLOUR_CHOICES = ("auto", "always", "never")
_COLOUR_HELP = "when to use colours (default: auto, on a terminal unless NO_COLOR is set)"


class HelpFormatter(ArgparseFormatter):
    """Help as wide as the terminal, keeping the line breaks of descriptions.

    argparse creates a formatter for every argument that is added.  Passing the width saves the
    imports that finding it out would cost.
    """

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=terminal.help_width())

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        """Wrap each line of a description or an epilog separately."""
        from textwrap import fill

        lines = []
        for line in text.splitlines():
            margin = indent + " " * (len(line) - len(line.lstrip()))
            lines.append(fill(line.strip(), width, initial_indent=margin, subsequent_indent=margin))
        return "\n".join(lines)


class Parser(ArgumentParser):
    """A parser whose help, version and errors go through `terminal`, like all other output.

    Options cannot be abbreviated: a new option must not change what `--fi` means.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """Print what is wrong, after a usage that fits on a line, and exit with status 2."""
        formatter = HelpFormatter(f"{self.prog} [OPTIONS]")
        needed = [one for one in self._actions if one.required or not one.option_strings]
        formatter.add_usage(None, needed, [])
        usage = formatter.format_help().rstrip("\n")
        self.exit(2, f"{usage}\n{self.prog}: error: {message}\n")

    def _print_message(self, message: str, file: Any = None) -> None:
        if file is not None and file is sys.stderr:
            terminal.write_aside(message)
        else:  # help and version; `file` is None if standard output is closed
            terminal.write(message)


COMMANDS = {
    "lint": "find what is wrong with lvs.cf files, and fix it",
    "fmt": "lay out lvs.cf files as the Piranha GUI does, keeping comments",
    "show": "show the cluster as a tree, a graph or a table",
    "collect": "print a script that collects what lvscf reads about a host",
    "trace": "follow a packet through firewall rules",
    "diff": "show how two lvs.cf files differ in meaning",
    "compare-table": "compare a router's IPVS table, or a keepalived.conf, with an lvs.cf",
    "convert": "write the files that replace Piranha: keepalived, ipvsadm, ldirectord",
    "dump": "print the values of an lvs.cf as JSON or YAML",
    "load": "write an lvs.cf from JSON or YAML",
    "explain": "show the manual of a rule or a directive",
    "rules": "list the rules",
    "lsp": "serve an editor: findings while typing, fixes, hovers, completions",
    "completion": "print a script that completes lvscf in a shell",
}
"""Every command, with its line in the help.

Each has a module of the same name in `lvscf.cli`, with an underscore for a hyphen, and in it two
functions: `arguments` adds the command's arguments to its parser, and `run` does the work.
"""


def parse(arguments: Sequence[str] | None) -> Namespace:
    """Parse a command line; `run` in the result is the command's function.

    Only the requested command is imported.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    wanted = _command_in(given)
    top, command = _parsers(wanted)
    if wanted is not None and wanted not in COMMANDS:
        is_option = wanted.startswith("-") and wanted != "-"
        top.error(_unrecognised([wanted], top) if is_option else _no_command(wanted))
    options, unknown = top.parse_known_args(given)
    if unknown:
        command.error(_unrecognised(unknown, command))
    return options


def _command_in(words: Sequence[str]) -> str | None:
    """The command: the first word that is neither an option of `lvscf` itself nor its value."""
    is_value = False
    for word in words:
        if not is_value and word.partition("=")[0] not in _OWN_OPTIONS:
            return word
        is_value = word == "--color" and not is_value
    return None


def _no_command(word: str) -> str:
    """The error for an unknown command, with the one that was probably meant."""
    import os

    from lvscf.source import quoted

    near = suggestions.nearest(word, COMMANDS, 0.6)
    if os.path.lexists(word) or word == "-":
        hint = f"; to lint a file, write `lvscf lint {quoted(word)[1:-1]}`"
    elif word == "help":
        hint = "; `lvscf --help` shows the commands"
    elif near is not None:
        hint = f"; did you mean `{near}`?"
    else:
        hint = f"; the commands are {', '.join(COMMANDS)}"
    return f"there is no command {quoted(word)}{hint}"


def _unrecognised(words: Sequence[str], command: ArgumentParser) -> str:
    """The error for unknown arguments, with the option that was probably meant."""
    from lvscf.source import displayable

    option = words[0].partition("=")[0]
    known = [name.strip("-") for action in command._actions for name in action.option_strings]
    near = suggestions.nearest(option.lstrip("-"), known) if option.startswith("-") else None
    hint = f"; did you mean `--{near}`?" if near else ""
    return f"unrecognized arguments: {' '.join(map(displayable, words))}{hint}"


def whole() -> ArgumentParser:
    """The parser with the arguments of all commands: for completions and manual pages."""
    top, commands = _top()
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, formatter_class=HelpFormatter, help=summary)
        _module(name).arguments(command)
    return top


def _parsers(wanted: str | None) -> tuple[ArgumentParser, ArgumentParser]:
    """The parser of the whole line and the command's own; without a command, the former twice."""
    top, commands = _top()
    asked = top
    for name in (wanted,) if wanted in COMMANDS else COMMANDS:
        command = commands.add_parser(name, formatter_class=HelpFormatter, help=COMMANDS[name])
        if name == wanted:
            module = _module(name)
            module.arguments(command)
            command.set_defaults(run=module.run)
            asked = command
    return top, asked


def _module(name: str) -> Any:
    """The module of a command."""
    return import_module(f"lvscf.cli.{name.replace('-', '_')}")


def _top() -> tuple[ArgumentParser, Any]:
    """The parser of the whole line, without commands yet, and what takes them."""
    top = Parser(
        prog="lvscf",
        description="Linter and toolkit for lvs.cf, the configuration of Piranha (LVS clusters).",
        epilog="exit status:\n"
        "  0  clean\n"
        "  1  findings at or above --fail-on\n"
        "  2  lvscf could not do its work\n\n"
        "`lvscf COMMAND --help` shows the options of a command.",
        formatter_class=HelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"lvscf {lvscf.__version__}")
    top.add_argument("--color", choices=_COLOUR_CHOICES, default="auto", help=_COLOUR_HELP)
    # With `prog` given, argparse neither formats a usage line nor imports what that needs.
    commands = top.add_subparsers(metavar="COMMAND", required=True, prog="lvscf")
    return top, commands


def add_evidence(command: ArgumentParser) -> None:
    """Add the options that name files collected from the hosts."""
    group = command.add_argument_group(
        "evidence",
        "Files saved on the cluster's hosts: iptables and arptables rules, sysctl settings.",
    )
    group.add_argument(
        "--router", action="append", metavar="[HOST=]FILE",
        help="a file from a router, named by its address; without HOST, from both routers",
    )  # fmt: skip
    group.add_argument(
        "--real-server", action="append", metavar="HOST=FILE",
        help="a file from a real server, named by its address or its name in the lvs.cf",
    )  # fmt: skip
    group.add_argument(
        "--cluster", metavar="SETTINGS",
        help="the settings file to use, instead of the nearest lvscf.toml (or pyproject.toml with "
        "[tool.lvscf]) in the directory of each FILE or above it",
    )  # fmt: skip


def add_colour(command: ArgumentParser) -> None:
    """Add `--color`, which is also accepted before the command."""
    command.add_argument("--color", choices=_COLOUR_CHOICES, default=SUPPRESS, help=_COLOUR_HELP)
