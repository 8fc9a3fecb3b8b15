"""Reading the folder of a host: an archive that was unpacked.

No link is followed out of the folder, and nothing but regular files is opened.
"""

import os
import stat
from collections.abc import Iterator

from lvscf.files.collected import members
from lvscf.files.collected.collection import HOW, MOST_BYTES, Collection
from lvscf.files.errors import FileError
from lvscf.source import displayable

_PLACES = (
    "etc/sysconfig/ha", "etc/sysconfig", "etc/sysconfig/network-scripts", "etc/sysctl.d", "etc",
    "proc", "proc/net", "proc/sys/net/ipv4", "proc/sys/net/netfilter",
)  # fmt: skip
"""The folders with evidence, besides `sos_commands`; the last two with all that is below."""


def read(folder: str) -> Collection:
    """Read the evidence in a folder.

    Raises:
        FileError: evidence in it cannot be read, or is a link out of the folder.
    """
    files: dict[str, bytes] = {}
    root = os.path.realpath(folder)
    newest = 0.0
    for path in _paths(folder):
        if members.match(path) is None:
            continue
        content, time = _content(folder, root, path)
        if content is not None:
            files[path] = content
            if path.startswith(f"{members.COMMANDS}/"):
                newest = max(newest, time)
    return Collection(folder, files, newest, is_archive=False)


def _paths(folder: str) -> Iterator[str]:
    """The paths of files that may be evidence, below a folder."""
    for place in _PLACES:
        yield from _below(folder, place, 3 if place.startswith("proc/sys/") else 0)
    yield from _below(folder, members.COMMANDS, 1)


def _below(folder: str, place: str, depth: int) -> Iterator[str]:
    """The paths of what is no folder in a place, and of what is that many levels below.

    Raises:
        FileError: a folder cannot be read; what is in it would be missing without a word.
    """
    try:
        with os.scandir(os.path.join(folder, place)) as entries:
            found = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        where = displayable(os.path.join(folder, place))
        raise FileError(f"{where} cannot be read: {error.strerror}") from None
    for name, is_folder in found:
        path = f"{place}/{name}"
        if not is_folder:
            yield path
        elif depth:
            yield from _below(folder, path, depth - 1)


def _content(folder: str, root: str, path: str) -> tuple[bytes | None, float]:
    """The content of a file and its time; None for what is no file, or is not there.

    Raises:
        FileError: it cannot be read, is too large, or is a link out of the folder.
    """
    full = os.path.join(folder, path)
    name = displayable(full)
    real = os.path.realpath(full)
    if not real.startswith(os.path.join(root, "")):
        raise FileError(
            f"{name} is rejected: it is a link out of the folder, to {displayable(real)}; {HOW}"
        )
    try:
        # A FIFO would block, so the kind is asked for before and after opening.
        if not stat.S_ISREG(os.stat(real).st_mode):
            return None, 0.0
        handle = os.open(real, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(file.fileno())
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:  # a dangling link
        return None, 0.0
    except OSError as error:
        raise FileError(f"{name} cannot be read: {error.strerror}") from None
    if len(content) > MOST_BYTES:
        raise FileError(f"{name} is rejected: it is larger than {MOST_BYTES >> 20} MiB")
    return content, status.st_mtime
