"""The files of one host, named one by one or as a directory."""

import os
from collections.abc import Collection, Iterator

from lvscf.files import inputs
from lvscf.files.archive import shows_something, understood
from lvscf.files.errors import FileError
from lvscf.hosts.host import Host, joined
from lvscf.source import displayable


def read(paths: Collection[str]) -> tuple[Host, tuple[FileError, ...]]:
    """What the files of a host show; for a directory, those in it.

    Hidden files, an `lvs.cf` and directories in a directory are left out.

    Returns:
        The host, and why files in a directory could not be used.

    Raises:
        FileError: a file that was named itself cannot be used, or a directory has no files.
    """
    parts: list[Host] = []
    errors: list[FileError] = []
    for path in paths:
        if path == "-" or not os.path.isdir(path):
            parts.append(_read(path))
            continue
        for inner in _files_in(path):
            try:
                part = _read(inner)
            except FileError as error:
                errors.append(error)
            else:
                if shows_something(part):
                    parts.append(part)
    if not parts:
        where = " and ".join(map(displayable, paths))
        raise errors[0] if errors else FileError(f"{where} contains no files of a host")
    return joined(parts), tuple(errors)


def _read(path: str) -> Host:
    content = inputs.read(path, "firewall file")
    return understood(content, inputs.STANDARD_INPUT if path == "-" else path)


def _files_in(folder: str) -> Iterator[str]:
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(f"{displayable(folder)} cannot be read: {reason}") from None
    for name in names:
        path = os.path.join(folder, name)
        if not name.startswith(".") and name != "lvs.cf" and os.path.isfile(path):
            yield path
