"""Suppressed findings: a module of its own, as few runs have any."""

from typing import Literal

from attrs import frozen

from lvscf.findings.finding import Finding
from lvscf.source import Span


@frozen
class Suppressed:
    """A finding that somebody asked to be silent about."""

    finding: Finding
    kind: Literal["comment", "baseline"]
    """What asks for silence: a comment in the file, or a baseline of known findings."""
    reason: str | None
    """Why, in the words of whoever wrote the comment."""
    span: Span | None
    """Where the comment stands."""
