"""Errors of the command line."""


class CommandError(Exception):
    """lvscf could not do its work; the message is a sentence for the user."""
