"""Directories on the command line: the lvs.cf files in and below them, and the hosts."""

import os
import stat
from collections.abc import Iterable, Iterator

from attrs import field

from lvscf.cli import terminal
from lvscf.cli.errors import CommandError
from lvscf.files import inputs
from lvscf.files.collected.members import COMMANDS
from lvscf.shared.records import record
from lvscf.source import displayable

NAME = "lvs.cf"


@record
class Expanded:
    """What paths on the command line mean."""

    files: list[str] = field(factory=list)
    """The lvs.cf files."""
    hosts: list[str] = field(factory=list)
    """The archives that were named, and the folders of hosts."""
    candidates: dict[str, list[str]] = field(factory=dict)
    """By directory that was named: archives in it, which may be of hosts or not."""
    complaints: list[str] = field(factory=list)
    """Which directories could not be read or contain nothing, as sentences."""


def expanded(paths: Iterable[str]) -> Expanded:
    """Replace each directory by the files called `lvs.cf` in and below it, and find the hosts.

    The files are sorted by path, without duplicates.  Hidden directories and symbolic links to
    directories are skipped.  A directory with a folder `sos_commands` is a host: what else is in it
    does not count.  Archives are considered only in the directories that are named.

    Complaints are printed as well.
    """
    paths = list(paths)
    found = Expanded()
    known = {path for path in paths if not os.path.isdir(path)}
    for path in paths:
        if path == "-" or not os.path.isdir(path):
            if path == "-" or not inputs.may_be_of_hosts(path):
                found.files.append(path)
            elif path not in found.hosts:
                found.hosts.append(path)
            continue
        errors: list[CommandError] = []
        hosts: list[str] = []
        files = list(_files_below(path, hosts, errors))
        archives = [one for one in _archives_in(path) if one not in known]
        if not files and not hosts and not archives and not errors:
            errors.append(CommandError(f"there is no {NAME} in {displayable(path)} or below it"))
        for error in errors:
            terminal.complain(error)
            found.complaints.append(str(error))
        found.files.extend(file for file in files if file not in known)
        found.hosts.extend(host for host in hosts if host not in known)
        if archives:
            found.candidates[path] = archives
        known.update(files, hosts, archives)
    return found


def _archives_in(folder: str) -> Iterator[str]:
    """The archives in a directory, but not below it."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:  # reported with the files
        return
    for name in names:
        path = _joined(folder, name)
        if name.lower().endswith(inputs.ARCHIVES) and inputs.may_be_of_hosts(path):
            yield path


def _files_below(folder: str, hosts: list[str], errors: list[CommandError]) -> Iterator[str]:
    """The `lvs.cf` in a directory, then those in each one below it; `hosts` gets the hosts."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                names = {entry.name: entry.is_dir(follow_symlinks=False) for entry in entries}
        except OSError as error:
            errors.append(CommandError(f"{displayable(here)} cannot be read: {error.strerror}"))
            continue
        if names.get(COMMANDS):
            hosts.append(here)
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
