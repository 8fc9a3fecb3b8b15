"""Reading the archive of a host: a tar, compressed or not.

It is read as a stream, from front to back.  Nothing is unpacked, no link is followed out of the
archive, and whatever looks as if it were made to harm is rejected as a whole.
"""

import bz2
import gzip
import lzma
import posixpath
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from typing import IO, Any, BinaryIO, cast

from attrs import field

from lvscf.files.collected import members
from lvscf.files.collected.collection import HOW, MOST_BYTES, Collection, NotCollectedError
from lvscf.files.errors import FileError
from lvscf.files.file_kinds import archive as archive_kind
from lvscf.files.file_kinds import is_encrypted
from lvscf.shared.records import record
from lvscf.source import displayable, quoted

MOST_MEMBERS = 200_000
"""Archives with more members are rejected; a sosreport has some ten thousand."""
LARGEST_MEMBER = 512 * 1024 * 1024
"""Archives with a larger member are rejected, in bytes, whether or not it is of interest."""
MOST_TOTAL = 16 * 1024 * 1024 * 1024
"""Archives that unpack to more bytes are rejected."""
MOST_KEPT = 256 * 1024 * 1024
"""Archives with more bytes of evidence are rejected."""
_LONGEST_NAME = 64 * 1024
"""Of the records that hold long names, in bytes: tarfile reads them into memory."""

_UNPACKED_BY: dict[bytes, Callable[[BinaryIO], Any]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file, mode="rb"),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ": lzma.LZMAFile,
}
"""What unpacks a file, by its first bytes."""
_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tbz2", ".tar.xz", ".txz")
_NAMES_OF_NAMES = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
_DAMAGED = (tarfile.TarError, EOFError, zlib.error, lzma.LZMAError, RecursionError)
_MOST_LINKS = 8
_CHUNK = 1024 * 1024
_MOST_PADDING = 64 * _CHUNK


def is_named_so(path: str) -> bool:
    """Whether a file has the name of an archive, encrypted or not."""
    return path.lower().removesuffix(".gpg").endswith(_SUFFIXES)


def read(path: str) -> Collection:
    """Read the evidence in an archive.

    Raises:
        NotCollectedError: it is an archive, but neither a sosreport nor of `lvscf collect`.
        FileError: it cannot be read, is damaged or encrypted, or was made to harm.
    """
    name = displayable(path)
    archive = _Archive(path, name)
    try:
        with open(path, "rb") as file:
            head = file.read(512)
        if not head:
            raise FileError(f"{name} is empty, which is what a failed ssh leaves; {HOW} again")
        if is_encrypted(head):
            raise FileError(
                f"{name} is encrypted; decrypt it with `gpg --decrypt` and name the result"
            )
        archive.read()
        for _ in range(_MOST_LINKS):
            if not archive.links:
                break
            archive.read_targets()
    except _ImpossibleHeaderError:
        raise archive.harmful("a header in it has an impossible size") from None
    except _DAMAGED as error:
        raise archive.damaged(error, head) from None
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is None:  # of gzip and bz2
            raise archive.damaged(error, head) from None
        raise FileError(f"{name} cannot be read: {_reason(error)}") from None
    return archive.collection()


def _reason(error: Exception) -> str:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return displayable(reason)


@record(frozen=False)
class _Archive:
    """An archive that is being read."""

    path: str
    name: str
    """The path, safe to print."""
    top: str | None = None
    second: str | None = None
    """A second top folder, if any."""
    files: dict[str, bytes] = field(factory=dict)
    links: dict[str, str] = field(factory=dict)
    """Paths of evidence that are links, with the paths that they lead to."""
    time: float = 0.0
    is_collection: bool = False
    kept: int = 0
    """How many bytes of evidence were read."""
    seen: int = 0
    """How many members were read."""
    sosreports: str = ""
    """A sosreport in it, if any: `sos collect` packs those of several hosts into one archive."""

    def collection(self) -> Collection:
        """What was read.

        Raises:
            NotCollectedError: it is not of a host.
            FileError: it is of several.
        """
        if self.is_collection and self.second:
            raise FileError(
                f"{self.name} has two top folders, {quoted(self.top or '')} and "
                f"{quoted(self.second)}; pack each host into an archive of its own"
            )
        if self.sosreports and not self.is_collection:
            raise FileError(
                f"{self.name} holds other archives, such as {quoted(self.sosreports)}; "
                "unpack it and name those in it"
            )
        if not self.is_collection:
            raise NotCollectedError(
                f"{self.name} is a tar archive, but neither a sosreport nor written by "
                f"`lvscf collect`: there is no {members.COMMANDS} in it; {HOW}"
            )
        return Collection(self.path, self.files, self.time)

    def read(self) -> None:
        """Read all evidence from front to back; of links, where they lead to."""
        for member, content in self._members():
            inside = self._inside(member.name)
            if inside is None:
                continue
            if inside == members.COMMANDS or inside.startswith(f"{members.COMMANDS}/"):
                self.is_collection = True
                self.time = max(self.time, float(member.mtime))
            elif posixpath.basename(inside).startswith("sosreport-") and is_named_so(inside):
                self.sosreports = inside
            if member.issym() or member.islnk():
                target = self._target(member)
                if members.match(inside) is not None:
                    self.links[inside] = target
            elif members.match(inside) is not None:
                self._keep(member, inside, content)

    def read_targets(self) -> None:
        """Read what links to evidence lead to, which may be anywhere in the archive."""
        wanted: dict[str, list[str]] = {}
        for link, target in self.links.items():
            wanted.setdefault(target, []).append(link)
        self.links = {}
        for member, content in self._members():
            inside = self._inside(member.name)
            for link in wanted.pop(inside, ()) if inside is not None else ():
                if member.issym() or member.islnk():
                    self.links[link] = self._target(member)
                elif inside in self.files:
                    self.files[link] = self.files[inside]
                else:
                    self._keep(member, link, content)

    def _keep(self, member: Any, inside: str, content: Callable[[], IO[bytes] | None]) -> None:
        if not member.isreg():
            return
        if member.size > MOST_BYTES:
            raise FileError(
                f"{self.name} is rejected: {quoted(inside)} in it is larger than "
                f"{MOST_BYTES >> 20} MiB"
            )
        self.kept += member.size
        if self.kept > MOST_KEPT:
            raise self.harmful(f"the evidence in it is larger than {MOST_KEPT >> 20} MiB")
        file = content()
        self.files[inside] = file.read() if file is not None else b""

    def _inside(self, name: str) -> str | None:
        """The path below the top folder; None for that folder itself.

        Raises:
            FileError: the path leads out of the archive.
        """
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if name.startswith("/") or ".." in parts:
            raise self.harmful(f"{quoted(name)} leads out of the archive")
        if not parts:
            return None
        if self.top is None:
            self.top = parts[0]
        elif parts[0] != self.top:
            self.second = self.second or parts[0]
        return "/".join(parts[1:]) or None

    def _target(self, member: Any) -> str:
        """Where a link leads to, below the top folder.

        Raises:
            FileError: it leads out of the archive.
        """
        target = str(member.linkname)
        if member.issym() and not target.startswith("/"):
            target = posixpath.join(posixpath.dirname(member.name), target)
        reached = posixpath.normpath(target).removeprefix("./")
        if reached.startswith("/") or reached.partition("/")[0] not in (self.top, "."):
            raise self.harmful(
                f"the link {quoted(member.name)} leads out of it, to {quoted(member.linkname)}"
            )
        return reached.partition("/")[2]

    def _members(self) -> Iterator[tuple[tarfile.TarInfo, Callable[[], IO[bytes] | None]]]:
        """Each member, with what opens its content until the next one is asked for.

        Raises:
            FileError: the archive was made to harm.
        """
        self.seen = 0
        total = 0
        with (
            open(self.path, "rb") as file,
            closing(_unpacked(file)) as stream,
            tarfile.open(fileobj=stream, mode="r|", tarinfo=_Header) as archive,
        ):
            while (member := archive.next()) is not None:
                self.seen += 1
                total += member.size
                self._judge(member, total)
                yield member, partial(archive.extractfile, member)
                cast(Any, archive).members = []  # or they pile up
            _drain(stream)

    def _judge(self, member: tarfile.TarInfo, total: int) -> None:
        """Reject what no archive of a host has.

        Raises:
            FileError: the archive was made to harm.
        """
        if self.seen > MOST_MEMBERS:
            raise self.harmful(f"it has more than {MOST_MEMBERS:,} members")
        if member.size > LARGEST_MEMBER:
            raise self.harmful(
                f"{quoted(member.name)} in it is larger than {LARGEST_MEMBER >> 20} MiB"
            )
        if total > MOST_TOTAL:
            raise self.harmful(f"it unpacks to more than {MOST_TOTAL >> 30} GiB")
        if member.isfifo():
            raise self.harmful(f"{quoted(member.name)} in it is a FIFO, not a file")

    def damaged(self, error: Exception, head: bytes) -> FileError:
        """The error for an archive that cannot be read to its end; `head` are its first bytes."""
        if self.seen or isinstance(error, EOFError):
            return FileError(
                f"{self.name} is damaged or incomplete: it ends too early; {HOW} again"
            )
        if isinstance(error, tarfile.TarError):
            kind = archive_kind(head)
            advice = f"; {kind.as_lvs_cf}" if kind is not None else ""
            named = kind.name if kind is not None else "not a tar archive"
            return NotCollectedError(f"{self.name} is {named} without a tar in it{advice}")
        return FileError(f"{self.name} is damaged: it cannot be unpacked; {HOW} again")

    def harmful(self, why: str) -> FileError:
        """The error for an archive that no tool for hosts has written."""
        return FileError(f"{self.name} is rejected: {why}; {HOW}")


def _drain(stream: IO[bytes]) -> None:
    """Read what is left after the last member: only at its end is a compressed stream checked."""
    for _ in range(_MOST_PADDING // _CHUNK):
        if not stream.read(_CHUNK):
            break


def _unpacked(file: BinaryIO) -> IO[bytes]:
    """The tar in a file that may be compressed."""
    head = file.read(6)
    file.seek(0)
    for magic, unpacked in _UNPACKED_BY.items():
        if head.startswith(magic):
            return cast(IO[bytes], unpacked(file))
    return file


class _ImpossibleHeaderError(Exception):
    """A header has a size that would make tarfile loop, or read too much into memory."""


class _Header(tarfile.TarInfo):
    """A header; unlike that of tarfile, damage ends an archive with an error, not silently."""

    @classmethod
    def frombuf(cls, buf: Any, encoding: Any, errors: Any) -> "_Header":
        header = super().frombuf(buf, encoding, errors)
        is_name = header.type in _NAMES_OF_NAMES or header.type not in tarfile.SUPPORTED_TYPES
        if header.size < 0 or (is_name and header.size > _LONGEST_NAME):
            raise _ImpossibleHeaderError
        return header

    @classmethod
    def fromtarfile(cls, archive: Any) -> "_Header":
        try:
            return super().fromtarfile(archive)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(str(error)) from None
