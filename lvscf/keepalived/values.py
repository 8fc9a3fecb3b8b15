"""What a conversion returns: files, and notes about what they cannot hold."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from attrs import field, frozen

from lvscf.findings.finding import Related, Severity
from lvscf.shared.records import compared
from lvscf.source import Span, displayable

SCRIPT_MODE = 0o755
FILE_MODE = 0o644


class Kept(Enum):
    """How much of a directive's effect survives the conversion."""

    EXACT = "exact"
    NEAR = "near"
    DROPPED = "dropped"


@compared
@frozen(eq=False, repr=False)
class File:
    """A file to be written."""

    text: str
    mode: int = FILE_MODE
    """Permissions, such as 0o644; scripts have 0o755."""


@compared
@frozen(eq=False, repr=False)
class Note:
    """One thing that changes, and what to do about it."""

    code: str
    """Stable code, such as `N04`."""
    name: str
    """Stable name, such as `failover-time`."""
    severity: Severity
    """ERROR if the cluster will not do what it did; WARNING if that is likely to matter."""
    message: str = field(converter=displayable)
    """What changes, in one or two sentences."""
    help: str | None = None
    """What to do about it."""
    span: Span | None = None
    """The place in the lvs.cf; None if a `Config` was converted that no document holds."""
    related: tuple[Related, ...] = ()
    """Other places with the same cause."""
    directive: str | None = None
    block: str | None = None
    """The block that the directive is in, such as `virtual web/server one`; None at top level."""
    kept: Kept = Kept.NEAR


def _read_only(files: Mapping[str, File]) -> Mapping[str, File]:
    return MappingProxyType(dict(files))


@compared
@frozen(eq=False, repr=False)
class Conversion:
    """An lvs.cf in the terms of another program."""

    files: Mapping[str, File] = field(converter=_read_only, hash=False)
    """Every file by its path in the output folder, such as `primary/keepalived.conf`."""
    notes: tuple[Note, ...] = ()
    """What changes, in the order of the lvs.cf."""
    target: str = ""
    """The program's version, as it was asked for."""
    source: str = ""
    """The name of the lvs.cf."""


class UnconvertibleError(ValueError):
    """The lvs.cf holds something without which no file can be written, such as a host name."""
