"""Writing files atomically: a reader finds the old content or the new one, even after a crash.

The new content is written to a temporary file in the same directory, given the mode, owner and
attributes of the old file, flushed to disk and renamed over it.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from lvscf.files.errors import FileError
from lvscf.source import displayable

if TYPE_CHECKING:
    from lvscf.document import Document

_OF_THE_CONTENT = ("security.ima", "security.evm")
"""Attributes that are checksums of the content and are not copied."""


def write(
    document: "Document", path: "str | os.PathLike[str]", *, before: "Document | None" = None
) -> None:
    """Write a document to a file, atomically: the whole new text, or what was there before.

        document = lvscf.parse(path.read_bytes(), str(path))
        lvscf.write(document.with_value("deadtime", 18), path, before=document)

    Symbolic links, mode, owner, group and extended attributes are kept.  A file with several hard
    links is not replaced.

    Args:
        document: what to write.
        path: the file, which need not exist.
        before: what the file held when you read it.  If it holds something else now, another
            process has changed it, and it is left untouched.

    Raises:
        FileError: the file was not written, and is as it was.
        TypeError: `document` is not a document.
    """
    from lvscf.document import Document

    for one in (document, before):
        if not isinstance(one, Document) and (one is not None or document is None):
            raise TypeError(
                "a Document is needed, as lvscf.parse(text) returns it, or "
                f"lvscf.parse(lvscf.dumps(config)) for a Config, not {type(one).__name__}"
            )
    content = bytes(document)
    replace(os.fspath(path), content, None if before is None else bytes(before))


def replace(path: str, content: bytes, before: bytes | None = None) -> None:
    """Replace the content of a file, or create it.

    A symbolic link is kept and its target replaced.  Mode, owner, group and extended attributes
    (including SELinux labels and access lists) are kept.  Signals are blocked during the write; a
    killed process may leave a file `.NAME.lvscf-unfinished-...`.

    Args:
        path: the file.
        content: the new content.
        before: the content as it was read; if the file has changed since, it is left untouched.

    Raises:
        FileError: the file was not written and is unchanged.
    """
    name = displayable(path)
    try:
        target = os.path.realpath(path)
        old = _look_at(path, target, name)
        if before is not None and _content(target) != before:
            raise _changed_meanwhile(name)
        with signals_held_back():
            _put_in_place(target, content, old, name)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise FileError(f"{name} cannot be written ({reason}); it was left untouched") from None


def _changed_meanwhile(name: str) -> FileError:
    return FileError(
        f"{name} was changed by another process in the meantime; it was left untouched"
    )


def _look_at(path: str, target: str, name: str) -> os.stat_result | None:
    """The status of the file to replace; None if it does not exist.

    Raises:
        FileError: replacing it would do harm.
    """
    try:
        old = os.stat(path)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(old.st_mode):
        raise FileError(f"{name} is not a regular file and cannot be replaced")
    if not os.path.samestat(old, os.stat(target)):
        raise FileError(f"{name} cannot be replaced: its real path is unknown")
    if old.st_nlink > 1:
        raise FileError(
            f"{name} has {old.st_nlink} names (hard links), which would no longer be one file; "
            "it was left untouched"
        )
    if not os.access(target, os.W_OK):
        raise FileError(f"{name} is not writable by this user; it was left untouched")
    return old


def _content(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def _put_in_place(target: str, content: bytes, old: os.stat_result | None, name: str) -> None:
    folder, base = os.path.split(target)
    short = os.fsdecode(os.fsencode(base)[:100])
    unfinished = os.path.join(folder, f".{short}.lvscf-unfinished-{os.urandom(8).hex()}")
    # Not readable by others before it has the mode of the old file.
    mode = 0o666 if old is None else 0o600
    binary = getattr(os, "O_BINARY", 0)  # Windows translates line ends in text files
    file = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | binary, mode)
    try:
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(file, rest) :]
            if old is not None:
                _make_alike(file, target, old, name)
            os.fsync(file)
        finally:
            os.close(file)
        if old is not None and not _is_the_same(old, os.stat(target)):
            raise _changed_meanwhile(name)
        os.replace(unfinished, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(unfinished)
        raise
    # The file is in place; this makes the rename survive a power failure.
    with suppress(OSError):
        directory = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def _make_alike(file: int, target: str, old: os.stat_result, name: str) -> None:
    """Copy owner, mode and attributes of `target` to the open `file`."""
    if not hasattr(os, "fchown"):
        return  # Windows has no such owners
    new = os.fstat(file)
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        try:
            os.fchown(file, old.st_uid, old.st_gid)
        except PermissionError:
            raise FileError(
                f"{name} belongs to another user or group, and only root can keep that; it was "
                "left untouched"
            ) from None
    os.fchmod(file, stat.S_IMODE(old.st_mode))
    if not hasattr(os, "listxattr"):
        return
    for attribute in _attributes(target):
        if attribute in _OF_THE_CONTENT:
            continue
        value = os.getxattr(target, attribute)
        if _attribute(file, attribute) != value:
            os.setxattr(file, attribute, value)


def _attributes(path: str) -> list[str]:
    try:
        return os.listxattr(path)
    except OSError:  # the file system does not support them
        return []


def _attribute(file: int, attribute: str) -> bytes | None:
    try:
        return os.getxattr(file, attribute)
    except OSError:
        return None


def _is_the_same(before: os.stat_result, now: os.stat_result) -> bool:
    """Whether a path is still the same, unmodified file."""
    return os.path.samestat(before, now) and (before.st_size, before.st_mtime_ns) == (
        now.st_size,
        now.st_mtime_ns,
    )


@contextmanager
def signals_held_back() -> Iterator[None]:
    """Block signals that would end lvscf during a write, so that no temporary file is left."""
    import signal

    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    waiting = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    held = signal.pthread_sigmask(signal.SIG_BLOCK, waiting)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)
