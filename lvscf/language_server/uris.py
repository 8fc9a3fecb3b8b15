"""File names as the URIs of the protocol, and back."""

import os
from urllib.parse import unquote_to_bytes, urlsplit

from pygls.uris import to_fs_path

from lvscf.report import file_names


def path_of(uri: str) -> str | None:
    """The file of a URI; None if it is not in a file, like a text that was never saved."""
    parts = urlsplit(uri)
    if parts.scheme != "file":
        return None
    if os.name == "nt":
        return to_fs_path(uri)
    return os.fsdecode(unquote_to_bytes(parts.path))  # any bytes, as names of files may have


def uri_of(path: str) -> str:
    """The URI of a file."""
    return file_names.uri(os.path.abspath(path), "")
