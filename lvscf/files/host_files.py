"""Host files, as named by options and settings."""

from collections.abc import Callable
from typing import Literal

from attrs import field, frozen

from lvscf.files.errors import FileError
from lvscf.shared.records import compared

Role = Literal["router", "real-server"]


@compared
@frozen(eq=False, repr=False)
class HostFile:
    """A file collected from a host, not read yet."""

    role: Role
    host: str | None
    """None means both routers."""
    path: str
    place: Callable[[], str] | None = field(default=None, eq=False, repr=False)
    """The place in the settings that names it; None for options."""
    may_be_no_rules: bool = field(default=True, eq=False, kw_only=True)
    """Whether it shows a host without firewall rules if it is empty or has only comments.  In a
    directory of files of all kinds, it could as well be an empty list of something else."""

    def located(self, error: FileError) -> FileError:
        """An error about the file, prefixed with the place that names it."""
        return error if self.place is None else FileError(f"{self.place()}: {error}")


@compared
@frozen(eq=False, repr=False)
class NamedFile:
    """Another file named by settings: a router's copy of the lvs.cf, or the baseline."""

    path: str
    place: Callable[[], str] = field(eq=False, repr=False)
    """The place that names it."""

    def located(self, error: FileError) -> FileError:
        """An error about the file, prefixed with the place that names it."""
        return FileError(f"{self.place()}: {error}")
