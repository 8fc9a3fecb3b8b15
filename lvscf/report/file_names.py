"""File names as other programs expect them: relative to the directory that lvscf ran in."""

import os

from lvscf.source import encode

_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
"""The bytes of a path that a URI holds as they are."""


def relative(filename: str, folder: str) -> str:
    """A path relative to `folder`, with slashes; an absolute one if the file is elsewhere.

    Without a folder, only the slashes change.
    """
    if folder:
        whole = os.path.normpath(os.path.join(folder, filename))
        inside = os.path.join(folder, "")
        filename = whole.removeprefix(inside) if whole.startswith(inside) else whole
    return filename.replace(os.sep, "/")


def uri(filename: str, folder: str) -> str:
    """The URI reference of a file: relative below `folder`, otherwise `file://...`."""
    path = relative(filename, folder)
    encoded = "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in encode(path))
    if os.path.isabs(path):
        return f"file:///{encoded.removeprefix('/')}"
    return encoded


def unicode(text: str) -> str:
    r"""Text as valid Unicode: each lone surrogate, which is an invalid byte, as `\xe9`."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return encode(text).decode("utf-8", "backslashreplace")
    return text
