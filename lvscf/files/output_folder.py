"""Writing a folder of files: all of it, or nothing.

The files are written to a new folder beside the wanted one, flushed to disk, and the new folder is
renamed.  So no reader finds half of them, and no file of an earlier run stays among them.
"""

import os
import shutil
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress

from lvscf.files.errors import FileError
from lvscf.files.writing import signals_held_back
from lvscf.source import displayable

_MODE = 0o755


def write(path: str, files: Mapping[str, tuple[bytes, int]], *, replace: bool = False) -> None:
    """Write a folder.

    Args:
        path: the folder; the one that it is in must exist.
        files: content and mode of each file, by its path in the folder, with `/`.
        replace: whether a folder of an earlier run may be replaced.  It is, only if it has no file
            but those that a run writes: those in `files`, and any in a folder that has one of them.

    Raises:
        FileError: the folder was not written; what was there is as it was.
    """
    name = displayable(path) or "``"
    try:
        target = os.path.realpath(path)
        exists = os.path.lexists(target)
        if exists:
            _check_replaceable(target, name, files, replace)
        with signals_held_back():
            _put_in_place(target, files, exists)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise FileError(f"{name} cannot be written ({reason}); nothing was written") from None


def _check_replaceable(
    target: str, name: str, files: Mapping[str, tuple[bytes, int]], replace: bool
) -> None:
    """Check that a folder may be replaced.

    Raises:
        FileError: it may not.
    """
    if not stat.S_ISDIR(os.stat(target).st_mode):
        raise FileError(f"{name} is not a directory; nothing was written")
    if not replace:
        raise FileError(f"{name} exists already; name a new directory, or use --force")
    foreign = _foreign(target, files)
    if foreign is not None:
        raise FileError(
            f"{name} has {displayable(foreign)}, which no conversion writes; it was left untouched"
        )


def _foreign(target: str, files: Iterable[str]) -> str | None:
    """Something in a folder that no run wrote; None if there is nothing."""
    own = set(files)
    folders = {os.path.dirname(one) for one in own} - {""}
    tops = {one.partition("/")[0] for one in folders} | _TOPS
    for folder, _, names in os.walk(target):
        inside = os.path.relpath(folder, target)
        for one in names:
            relative = one if inside == "." else f"{inside}/{one}"
            top = relative.partition("/")[0]
            if relative not in own and (top == relative or top not in tops):
                return relative
    return None


_TOPS = {"primary", "backup"}
"""Folders that some conversion writes; one with fewer routers replaces both."""


def _put_in_place(target: str, files: Mapping[str, tuple[bytes, int]], exists: bool) -> None:
    suffix = os.urandom(8).hex()
    parent, base = os.path.split(target)
    unfinished = os.path.join(parent, f".{base[:80]}.lvscf-unfinished-{suffix}")
    os.mkdir(unfinished, _MODE)
    try:
        for name, (content, mode) in files.items():
            _write_file(os.path.join(unfinished, *name.split("/")), content, mode)
        if exists:
            _exchange(unfinished, target, os.path.join(parent, f".{base[:80]}.lvscf-old-{suffix}"))
        else:
            os.rename(unfinished, target)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def _write_file(path: str, content: bytes, mode: int) -> None:
    os.makedirs(os.path.dirname(path), _MODE, exist_ok=True)
    with open(path, "xb") as file:
        file.write(content)
        file.flush()
        if hasattr(os, "fchmod"):  # Windows has no such modes
            os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())


def _exchange(new: str, target: str, aside: str) -> None:
    """Put a new folder in the place of an old one, which is removed."""
    os.rename(target, aside)
    try:
        os.rename(new, target)
    except OSError:
        with suppress(OSError):
            os.rename(aside, target)
        raise
    shutil.rmtree(aside, ignore_errors=True)
