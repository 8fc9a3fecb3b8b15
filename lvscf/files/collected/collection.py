"""A collection: what lvscf reads of one archive or folder, in memory."""

from collections.abc import Mapping
from functools import cached_property

from attrs import field

from lvscf.files.collected import members
from lvscf.files.errors import FileError
from lvscf.shared.records import record

MOST_BYTES = 32 * 1024 * 1024
"""Larger files are rejected, as `lvscf.files.inputs` does."""

HOW = "collect it with `lvscf collect | ssh root@HOST sh > HOST.tar`"
"""What to do about an archive that cannot be used."""


class NotCollectedError(FileError):
    """An archive or a folder is sound, but not of one host."""


@record(slots=False)
class Collection:
    """The evidence in one archive, or in one folder that was unpacked from it."""

    path: str
    """The archive or the folder, as it was named."""
    files: Mapping[str, bytes] = field(repr=False)
    """The contents of the files that lvscf reads, by path below the top folder."""
    time: float
    """When it was collected, in seconds since 1970; 0 if it does not show."""
    is_archive: bool = True

    @cached_property
    def evidence(self) -> dict[str, tuple[str, ...]]:
        """Which files are which evidence; see `members.evidence`."""
        return members.evidence(self.files)

    def name_of(self, path: str) -> str:
        """What findings call a file: `lvs1.tar!etc/sysconfig/ha/lvs.cf`."""
        separator = "!" if self.is_archive else "/"
        return f"{self.path.rstrip('/') or self.path}{separator}{path}"
