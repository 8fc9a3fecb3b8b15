"""Writing files: the whole new content or the whole old one, whatever happens in between.

The new content goes into a file of its own in the same folder, is brought to the disk, gets mode,
owner and attributes of the old one, and then takes its name in one step.  Whoever opens the file,
and whatever is left after a crash, finds one of the two.
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
"""Attributes that are checksums: they do not fit another content."""


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
    """Make `content` the content of a file, or make the file.

    A symbolic link stays; the file that it leads to is replaced.  Mode, owner, group and extended
    attributes (SELinux labels and access lists among them) stay.  Signals are held back meanwhile;
    a process that is killed may leave a file `.NAME.lvscf-unfinished-...` behind.

    Args:
        path: the file.
        content: what it shall hold.
        before: what it held when it was read; if it holds something else now, it is not touched.

    Raises:
        FileError: the file was not written, and is as it was.
    """
    name = displayable(path)
    try:
        target = os.path.realpath(path)
        old = _look_at(path, target, name)
        if before is not None and _content(target) != before:
            raise _changed_meanwhile(name)
        with _signals_held_back():
            _put_in_place(target, content, old, name)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise FileError(f"{name} cannot be written ({reason}); it was left untouched") from None


def _changed_meanwhile(name: str) -> FileError:
    return FileError(
        f"{name} was changed by another process in the meantime; it was left untouched"
    )


def _look_at(path: str, target: str, name: str) -> os.stat_result | None:
    """What kind of file is to be replaced; None if there is none.

    Raises:
        FileError: it cannot be replaced without doing harm.
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
        raise FileError(f"{name} is not writable for this user; it was left untouched")
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
    # Nobody else may read it before it has the mode of the old file.
    mode = 0o666 if old is None else 0o600
    binary = getattr(os, "O_BINARY", 0)  # for Windows, which has text files of its own
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
    # The file is in place; what follows makes that last if the power fails now.
    with suppress(OSError):
        directory = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def _make_alike(file: int, target: str, old: os.stat_result, name: str) -> None:
    """Give the open `file` the owner, the mode and the attributes of `target`."""
    if not hasattr(os, "fchown"):
        return  # Windows knows no owners
    new = os.fstat(file)
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        try:
            os.fchown(file, old.st_uid, old.st_gid)
        except PermissionError:
            raise FileError(
                f"{name} belongs to another user or group, which only root can keep; it was left "
                "untouched"
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
    except OSError:  # the file system knows none
        return []


def _attribute(file: int, attribute: str) -> bytes | None:
    try:
        return os.getxattr(file, attribute)
    except OSError:
        return None


def _is_the_same(before: os.stat_result, now: os.stat_result) -> bool:
    """Whether a file is the one it was, and nobody has written to it."""
    return os.path.samestat(before, now) and (before.st_size, before.st_mtime_ns) == (
        now.st_size,
        now.st_mtime_ns,
    )


@contextmanager
def _signals_held_back() -> Iterator[None]:
    """Let signals wait that would end lvscf, for the moment of writing: nothing is left over."""
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
