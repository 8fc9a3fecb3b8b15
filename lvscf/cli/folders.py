"""Folders on the command line: the lvs.cf files in them."""

import os
import stat
from collections.abc import Iterable, Iterator

from lvscf.cli import terminal
from lvscf.cli.errors import CommandError
from lvscf.source import displayable

NAME = "lvs.cf"


def expanded(paths: Iterable[str]) -> tuple[list[str], list[str]]:
    """The paths, with the files called `lvs.cf` in and below a folder in its place.

    Files of a folder are in the order of their paths, and none is named twice.  Hidden folders and
    symbolic links to folders are left out.

    Returns:
        The files, and which folders could not be read or hold none, as sentences; these are
        printed, too.
    """
    paths = list(paths)
    complaints: list[str] = []
    found: list[str] = []
    known = {path for path in paths if not os.path.isdir(path)}
    for path in paths:
        if path == "-" or not os.path.isdir(path):
            found.append(path)
            continue
        errors: list[CommandError] = []
        files = list(_files_below(path, errors))
        if not files and not errors:
            errors.append(
                CommandError(f"{displayable(path)} and the folders below it hold no {NAME}")
            )
        for error in errors:
            terminal.complain(error)
            complaints.append(str(error))
        found += (file for file in files if file not in known)
        known.update(files)
    return found, complaints


def _files_below(folder: str, errors: list[CommandError]) -> Iterator[str]:
    """The files of that name in a folder, then those in each folder below it."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                names = {entry.name: entry.is_dir(follow_symlinks=False) for entry in entries}
        except OSError as error:
            errors.append(CommandError(f"{displayable(here)} cannot be read: {error.strerror}"))
            continue
        if NAME in names and _is_wanted(os.path.join(here, NAME)):
            yield _joined(here, NAME)
        below = (name for name, is_folder in names.items() if is_folder and name[0] != ".")
        waiting += (_joined(here, name) for name in sorted(below, reverse=True))


def _is_wanted(path: str) -> bool:
    """Whether a path is a file, or a symbolic link whose target is missing: that must be said."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        return True


def _joined(folder: str, name: str) -> str:
    """A path as people write it: without `./`."""
    return (
        name if folder in (os.curdir, os.path.join(os.curdir, "")) else os.path.join(folder, name)
    )
