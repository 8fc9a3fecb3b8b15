"""Findings: what lvscf has to say, complete when made and never changed afterwards.

This is the vocabulary that the reader, the firewall parser and the rules share.  A finding knows
nothing of how it will be shown; reports know nothing of how it was found.

Sentences quote what files hold.  They are made fit for a terminal here, once, so that no control
character gets there by way of a quotation.
"""

from enum import IntEnum
from typing import TYPE_CHECKING

from attrs import field, frozen

from lvscf.source import Span, displayable

if TYPE_CHECKING:
    from lvscf.findings.fix import Fix


def _displayable(text: str | None) -> str | None:
    return displayable(text) if text else text


class Severity(IntEnum):
    """How bad a finding is.  Ordered: `Severity.ERROR > Severity.WARNING > Severity.INFO`."""

    INFO = 1
    """Worth knowing."""
    WARNING = 2
    """Very likely not what was meant."""
    ERROR = 3
    """Piranha refuses the file, or the cluster certainly misbehaves."""

    @property
    def label(self) -> str:
        """The word for messages and settings: `info`, `warning` or `error`."""
        return self.name.lower()


@frozen
class Related:
    """Another place that a finding is about: the earlier directive, the second block, the rule."""

    span: Span
    message: str = field(converter=displayable)


@frozen
class Finding:
    """One thing that is wrong, or worth knowing, at one place."""

    code: str
    """Stable code, such as `LVS201`."""
    name: str
    """Stable name, such as `deadtime-below-keepalive`."""
    severity: Severity
    message: str = field(converter=displayable)
    """What is wrong and what will happen at run time; one or more sentences."""
    span: Span
    help: str | None = field(default=None, converter=_displayable)
    """What to write instead."""
    related: tuple[Related, ...] = ()
    fix: "Fix | None" = field(default=None)
