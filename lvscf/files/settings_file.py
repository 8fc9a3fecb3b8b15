"""The content of one settings file."""

from typing import TYPE_CHECKING

from attrs import field, frozen

from lvscf.linter.settings import Settings
from lvscf.shared.records import compared

if TYPE_CHECKING:
    from lvscf.files.host_files import HostFile, NamedFile


@compared
@frozen(eq=False, repr=False)
class SettingsFile:
    """The content of a settings file."""

    settings: Settings = field(factory=Settings)
    files: "tuple[HostFile, ...]" = ()
    copies: "tuple[NamedFile, ...]" = ()
    """Each router's copy of the lvs.cf."""
    baseline: "NamedFile | None" = None
    """The baseline file."""
    path: str | None = None
    """The settings file itself; None if there is none."""
