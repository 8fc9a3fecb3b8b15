"""Places in files, as rules point at them."""

from attrs import field, frozen

from lvscf.shared.records import compared
from lvscf.source import Source


@compared
@frozen(eq=False, repr=False)
class Place:
    """A half-open range of characters."""

    start: int
    end: int
    source: Source | None = field(default=None, repr=False)
    """The file, if it is not the lvs.cf."""
