"""Findings: complete when created, and never changed.

The reader, the firewall parser and the rules share this vocabulary.  A finding does not know how it
will be displayed, and reports do not know how it was found.

Messages quote the contents of files.  They are made safe for a terminal here, once, so that no
control character reaches it in a quotation.
"""

from enum import IntEnum
from typing import TYPE_CHECKING

from attrs import field, frozen

from lvscf.shared.records import compared
from lvscf.source import Span, displayable

if TYPE_CHECKING:
    from lvscf.findings.command import Command
    from lvscf.findings.fix import Fix


def _displayable(text: str | None) -> str | None:
    return displayable(text) if text else text


class Severity(IntEnum):
    """How severe a finding is; `Severity.ERROR > Severity.WARNING > Severity.INFO`."""

    INFO = 1
    """Worth knowing."""
    WARNING = 2
    """Very likely a mistake."""
    ERROR = 3
    """Piranha rejects the file, or the cluster certainly misbehaves."""

    @property
    def label(self) -> str:
        """The word for messages and settings: `info`, `warning` or `error`."""
        return self.name.lower()


@compared
@frozen(eq=False, repr=False)
class Related:
    """Another place that belongs to a finding, such as the earlier of two directives."""

    span: Span
    message: str = field(converter=displayable)


@compared
@frozen(eq=False, repr=False)
class Finding:
    """One thing that is wrong, or worth knowing, and its place."""

    code: str
    """Stable code, such as `LVS201`."""
    name: str
    """Stable name, such as `deadtime-below-keepalive`."""
    severity: Severity
    message: str = field(converter=displayable)
    """What is wrong, and what happens at run time, in one or two sentences."""
    span: Span
    help: str | None = field(default=None, converter=_displayable)
    """What to do about it."""
    related: tuple[Related, ...] = ()
    fix: "Fix | None" = field(default=None)
    commands: "tuple[Command, ...]" = ()
    """What to run on the hosts to fix it, in this order; empty if no command can."""
