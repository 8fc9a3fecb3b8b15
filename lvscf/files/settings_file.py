"""What one settings file holds."""

from typing import TYPE_CHECKING

from attrs import field, frozen

from lvscf.linter.settings import Settings

if TYPE_CHECKING:
    from lvscf.files.host_files import HostFile, NamedFile


@frozen
class SettingsFile:
    """What a settings file says."""

    settings: Settings = field(factory=Settings)
    files: "tuple[HostFile, ...]" = ()
    copies: "tuple[NamedFile, ...]" = ()
    """Each router's copy of the lvs.cf."""
    baseline: "NamedFile | None" = None
    """The file of known findings."""
    path: str | None = None
    """The settings file itself; None where there is none."""
