"""Directories on the command line: the lvs.cf files in and below them."""

import os
import stat
from collections.abc import Iterable, Iterator

from lvscf.cli import terminal
from lvscf.cli.errors import CommandError
from lvscf.source import displayable

NAME = "lvs.cf"


def expanded(paths: Iterable[str]) -> tuple[list[str], list[str]]:
    """Replace each directory by the files called `lvs.cf` in and below it.

    They are sorted by path, without duplicates.  Hidden directories and symbolic links to
    directories are skipped.

    Returns:
        The files, and which directories could not be read or contain none, as sentences; these
        are printed as well.
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
            errors.append(CommandError(f"there is no {NAME} in {displayable(path)} or below it"))
        for error in errors:
            terminal.complain(error)
            complaints.append(str(error))
        found += (file for file in files if file not in known)
        known.update(files)
    return found, complaints


def _files_below(folder: str, errors: list[CommandError]) -> Iterator[str]:
    """The `lvs.cf` in a directory, then those in each directory below it."""
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
    """Whether a path is a file, or a dangling symbolic link, which must be reported."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        return True


def _joined(folder: str, name: str) -> str:
    """A path without a leading `./`."""
    return (
        name if folder in (os.curdir, os.path.join(os.curdir, "")) else os.path.join(folder, name)
    )
