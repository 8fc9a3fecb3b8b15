"""`lvscf lsp`: the language server, for editors."""

import sys
from argparse import ArgumentParser, Namespace

from lvscf.cli import documentation, terminal
from lvscf.cli.errors import CommandError


def arguments(command: ArgumentParser) -> None:
    """Add the command's arguments."""
    command.description = (
        "Serve an editor over standard input and output, by the Language Server Protocol: findings "
        "while typing, fixes, hovers, completions, an outline and formatting. The settings and the "
        "hosts' files are those of the nearest lvscf.toml, as for `lvscf lint`. Editors start this "
        "command themselves; docs/editors.md shows their settings. It needs the extra `lsp`: "
        "pip install 'lvscf[lsp]'."
    )
    command.epilog = (
        "exit status:\n"
        "  0  the editor ended the session\n"
        "  1  the editor exited without ending the session\n"
        "  2  lvscf could not do its work: the extra is not installed"
    )
    command.add_argument(
        "--stdio", action="store_true",
        help="accepted because some editors add it; the server uses nothing else in any case",
    )  # fmt: skip


def run(_options: Namespace) -> int:
    """Serve until the editor exits; returns the exit status.

    Raises:
        CommandError: the libraries for the protocol are not installed, or the address of the
            documentation is not one.
    """
    if sys.stdin is None or sys.stdout is None:
        raise CommandError("`lvscf lsp` needs standard input and output, which the editor opens")
    try:
        from lvscf.language_server import running
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise CommandError(
            "`lvscf lsp` needs libraries that are not installed; install them with "
            "`pip install 'lvscf[lsp]'`"
        ) from None
    if sys.stdin.isatty():
        terminal.note("`lvscf lsp` waits for an editor on standard input; Ctrl-C ends it")
    return running.run(documentation.home())
