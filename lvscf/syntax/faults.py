"""Faults: what is wrong with a text, as plain facts.

A fault has a place, a kind and the message of Piranha's reader.  `lvscf.faults` explains it.
"""

from enum import Enum, auto

from attrs import frozen

from lvscf.piranha.directives import Definition, Scope
from lvscf.piranha.values import Complaint
from lvscf.shared.records import compared, record
from lvscf.syntax.nodes import Line


class FaultKind(Enum):
    """The kinds of faults in a line or a text."""

    UNKNOWN_KEYWORD = auto()
    """Neither a directive nor a block of this scope."""
    UNCLOSED_BEFORE = auto()
    """A line that belongs outside the block, whose brace is missing."""
    NO_EQUALS = auto()
    MISSING_ARGUMENT = auto()
    BAD_HEADER = auto()
    """The first line of a block, without its name or its brace."""
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
    """One thing that is wrong with a text."""

    kind: FaultKind
    start: int
    """The offsets in the file of the words that it is about."""
    end: int
    complaint: Complaint | None
    """The error that Piranha's reader logs; None if it silently accepts the line."""
    scope: Scope = Scope.GLOBAL
    line: Line | None = None
    definition: Definition | None = None
    """The directive whose value it is about, if there is one."""
    headers: tuple[Line, ...] = ()
    """The headers of the blocks whose brace is missing, the innermost last."""


@compared
@frozen(eq=False, repr=False)
class Refusal:
    """The verdict of Piranha's reader on a file that it rejects."""

    complaint: Complaint
    line: int
    """The line number that the daemon logs (0 for an empty file)."""
    column: int

    @property
    def message(self) -> str:
        """What the daemon logs, verbatim (`crash` if it crashes without a message)."""
        return self.complaint.value

    def place(self, filename: str) -> str:
        """`FILE:LINE:COLUMN`, or only `FILE` if it is empty."""
        return f"{filename}:{self.line}:{self.column}" if self.line else filename
