"""Errors of the command line."""

import sys
from contextlib import suppress


class CommandError(Exception):
    """The tool could not do its work; the message is a sentence for whoever called it."""


def complain(error: CommandError) -> None:
    """Tell of an error on standard error, if there is one that takes it."""
    note(str(error))


def note(message: str) -> None:
    """Say something on standard error that is no error, if there is one that takes it."""
    with suppress(OSError):
        print(f"lvscf: {message}", file=sys.stderr, flush=True)
