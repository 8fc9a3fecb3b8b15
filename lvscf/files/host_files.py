"""Files of hosts, as options and settings name them."""

from collections.abc import Callable
from typing import Literal

from attrs import field, frozen

from lvscf.files.errors import FileError

Role = Literal["router", "real-server"]


@frozen
class HostFile:
    """A file that was collected from a host: evidence that is not read yet."""

    role: Role
    host: str | None
    """None stands for both routers."""
    path: str
    place: Callable[[], str] | None = field(default=None, eq=False, repr=False)
    """Where the settings name it; None for options."""

    def located(self, error: FileError) -> FileError:
        """An error about the file, with the place that names it."""
        return error if self.place is None else FileError(f"{self.place()}: {error}")


@frozen
class NamedFile:
    """Another file that settings name: a router's copy of the lvs.cf, or the baseline."""

    path: str
    place: Callable[[], str] = field(eq=False, repr=False)
    """Where they name it."""

    def located(self, error: FileError) -> FileError:
        """An error about the file, with the place that names it."""
        return FileError(f"{self.place()}: {error}")
