"""What the command line understands; each command's own module does the work, imported when run."""

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from importlib import import_module
from os import get_terminal_size
from typing import Any

import lvscf
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
    """A parser that writes help and version as everything else is written."""

    def _print_message(self, message: str, file: Any = None) -> None:
        if file is not None and file is sys.stderr:
            super()._print_message(message, file)
        else:  # help and version; None where there is no standard output
            terminal.write(message)


def parser() -> ArgumentParser:
    """The parser of `lvscf`; the parsed options hold a function `run`."""
    top = Parser(
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

    lint = commands.add_parser(
        "lint",
        formatter_class=HelpFormatter,
        help="find what is wrong with lvs.cf files",
        description="Find what Piranha will refuse, misread or do wrong. No file is touched.",
    )
    lint.add_argument("files", nargs="+", metavar="FILE", help="an lvs.cf; - is standard input")
    lint.add_argument(
        "--select", action="append", metavar="RULES",
        help="only these rules: codes, names or families (LVS2), parted by commas",
    )  # fmt: skip
    lint.add_argument("--ignore", action="append", metavar="RULES", help="all but these rules")
    lint.add_argument(
        "--fail-on", choices=("info", "warning", "error"),
        help="the least severity that makes the exit status 1 (default: warning)",
    )  # fmt: skip
    lint.add_argument(
        "--format", choices=("full", "concise", "json"), default="full",
        help="how findings are shown (default: full)",
    )  # fmt: skip
    lint.add_argument(
        "--stdin-filename", metavar="NAME", default="<stdin>",
        help="what findings call standard input",
    )  # fmt: skip
    _add_colour(lint)
    _add_evidence(lint)
    _runs(lint, "lint")

    trace = commands.add_parser(
        "trace",
        formatter_class=HelpFormatter,
        help="follow a packet through firewall rules",
        description="Follow a packet through the saved firewall rules of a host, as its kernel "
        "would take it.\nWhat is not given is followed every way that it can go.",
        epilog="example:\n  lvscf trace lvs-d01/iptables --to 10.10.1.20:80/tcp --in eth0",
    )
    trace.add_argument(
        "firewall", metavar="FIREWALL",
        help="saved iptables rules, or a script of iptables lines; - is standard input",
    )  # fmt: skip
    trace.add_argument(
        "--to", required=True, metavar="ADDR[:PORT][/PROTOCOL]",
        help="where the packet goes; the protocol is tcp unless given",
    )  # fmt: skip
    trace.add_argument("--from", dest="origin", metavar="ADDR[:PORT]", help="where it comes from")
    trace.add_argument(
        "--in", dest="interface", metavar="INTERFACE", help="the interface it comes in by"
    )
    trace.add_argument(
        "--local", metavar="ADDR", help="that interface's own address, where REDIRECT sends to"
    )
    trace.add_argument(
        "--format", choices=("full", "json"), default="full",
        help="how the way is shown (default: full)",
    )  # fmt: skip
    _add_colour(trace)
    _runs(trace, "trace")

    explain = commands.add_parser(
        "explain",
        formatter_class=HelpFormatter,
        help="show the manual of a rule",
        description="Show what a rule checks, why, and what to write instead.",
    )
    explain.add_argument("rule", metavar="RULE", help="code (LVS201) or name of the rule")
    _add_colour(explain)
    _runs(explain, "explain")

    rules = commands.add_parser(
        "rules",
        formatter_class=HelpFormatter,
        help="list all rules",
        description="List all rules, one a line.",
    )
    _runs(rules, "rules")
    return top


def _add_evidence(command: ArgumentParser) -> None:
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


def _add_colour(command: ArgumentParser) -> None:
    command.add_argument(
        "--color", choices=_COLOUR_CHOICES, default="auto",
        help="colours and bold (default: auto, on a terminal unless NO_COLOR is set)",
    )  # fmt: skip


def _runs(command: ArgumentParser, module: str) -> None:
    def run(options: Namespace) -> int:
        status: int = import_module(f"lvscf.cli.{module}").run(options)
        return status

    command.set_defaults(run=run)
