"""Errors of the command line."""


class CommandError(Exception):
    """The tool could not do its work; the message is a sentence for whoever called it."""
