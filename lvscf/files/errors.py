"""The error of this package."""


class FileError(Exception):
    """A file cannot be read, understood or written; the message is a sentence that names it."""
