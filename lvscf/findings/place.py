"""A place: a stretch of a file, as rules point at it."""

from attrs import field, frozen

from lvscf.source import Source


@frozen
class Place:
    """A stretch of the text, half-open, in characters."""

    start: int
    end: int
    source: Source | None = field(default=None, repr=False)
    """The file, where it is another than the lvs.cf."""
