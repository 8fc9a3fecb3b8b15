"""Errors of the command line."""


class CommandError(Exception):
    """lvscf could not do its work; the message is a sentence for the user."""


ONE_PAIR = (
    "--pair compares one lvs.cf with the other router's; give one FILE with it, or name both "
    "routers' files in the settings"
)
"""What is wrong with several files and one `--pair`."""
