"""Suppressed findings, in a module of their own because few runs have any."""

from typing import Literal

from attrs import frozen

from lvscf.findings.finding import Finding
from lvscf.shared.records import compared
from lvscf.source import Span


@compared
@frozen(eq=False, repr=False)
class Suppressed:
    """A finding that a comment or a baseline suppresses."""

    finding: Finding
    kind: Literal["comment", "baseline"]
    """What suppresses it: a comment in the file, or a baseline of known findings."""
    reason: str | None
    """The reason that the comment gives."""
    span: Span | None
    """The place of the comment."""
