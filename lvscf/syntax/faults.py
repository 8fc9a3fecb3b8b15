"""Faults: what the reader stumbles over, as bare facts.

A fault says where, of what kind, and what Piranha's reader says of it.  The words for people are
made from it elsewhere (`lvscf.lint.rules.file`).
"""

from enum import Enum, auto

from attrs import frozen

from lvscf.piranha.directives import Definition, Scope
from lvscf.piranha.values import Complaint
from lvscf.shared.records import record
from lvscf.syntax.nodes import Line


class FaultKind(Enum):
    """The ways in which a line, or a text, can be wrong for the reader."""

    UNKNOWN_KEYWORD = auto()
    """No directive and no block of this scope."""
    UNCLOSED_BEFORE = auto()
    """A line that belongs outside of the block, which lacks its brace."""
    NO_EQUALS = auto()
    MISSING_ARGUMENT = auto()
    BAD_HEADER = auto()
    """A block's first line without a name or without its brace."""
    EXTRA_ARGUMENT = auto()
    TOO_MANY_WORDS = auto()
    QUOTES = auto()
    LONE_QUOTE = auto()
    UNREADABLE_VALUE = auto()
    LIST_WITHOUT_BRACKETS = auto()
    LIST_WITHOUT_VALUE = auto()
    STRAY_BRACE = auto()
    GLUED_BRACE = auto()
    """A word that begins with `}` but is longer."""
    TEXT_AFTER_BRACE = auto()
    UNCLOSED_AT_END = auto()
    EMPTY = auto()
    CARRIAGE_RETURN = auto()
    BYTE_ORDER_MARK = auto()
    NUL = auto()


@record
class Fault:
    """One thing that the reader stumbles over."""

    kind: FaultKind
    start: int
    """Offsets in the file of the words it is about."""
    end: int
    complaint: Complaint | None
    """What Piranha's reader says; None where it takes the line, rightly or not, without a word."""
    scope: Scope = Scope.GLOBAL
    line: Line | None = None
    definition: Definition | None = None
    """The directive whose value it is about, where there is one."""
    headers: tuple[Line, ...] = ()
    """The headers of the blocks that lack their brace, the innermost last."""


@frozen
class Refusal:
    """The verdict of Piranha's reader on a file that it does not load."""

    complaint: Complaint
    line: int
    """The line that the daemon logs, counted as it counts (0 for an empty file)."""
    column: int

    @property
    def message(self) -> str:
        """What the daemon logs, word for word (`crash` where it dies without a word)."""
        return self.complaint.value

    def place(self, filename: str) -> str:
        """`FILE:LINE:COLUMN`; an empty file has no line to name."""
        return f"{filename}:{self.line}:{self.column}" if self.line else filename
