"""Errors of the command line."""

import sys
from contextlib import suppress


class CommandError(Exception):
    """The tool could not do its work; the message is a sentence for whoever called it."""


def complain(error: CommandError) -> None:
    """Tell of an error on standard error, if there is one that takes it."""
    with suppress(OSError):
        print(f"lvscf: {error}", file=sys.stderr, flush=True)
