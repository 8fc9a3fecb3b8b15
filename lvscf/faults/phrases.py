"""Phrases that the rules about the file itself share."""

import sys
from bisect import bisect_left, bisect_right

from lvscf.findings.place import Place
from lvscf.piranha.directives import BLOCKS, BY_SCOPE, Scope
from lvscf.piranha.values import Complaint
from lvscf.syntax.faults import Fault, FaultKind
from lvscf.syntax.reading import Reading

SCOPE_NAMES = {
    Scope.GLOBAL: "at top level",
    Scope.SERVICE: "in a virtual or failover block",
    Scope.SERVER: "in a server block",
}


def verdict(reading: Reading, fault: Fault) -> str:
    """What happens at run time because of a fault."""
    if fault.complaint is None:
        return _ignored(reading, fault)
    if reading.misread_as is not None and not _is_reached(reading, fault):
        return "Piranha would reject this line if it read the file as written."
    if fault.complaint is Complaint.CRASH:
        return "Piranha's reader crashes on this line: it writes outside its memory."
    if _shares_its_line_with_a_crash(reading, fault):
        return "Piranha's reader crashes on this line before it can reject it."
    return f'Piranha rejects the file at this line ("{fault.complaint.value}") and will not start.'


def _shares_its_line_with_a_crash(reading: Reading, fault: Fault) -> bool:
    """Whether another fault of the same line crashes Piranha's reader."""
    starts = reading.source.line_starts
    line = bisect_right(starts, fault.start)
    begin, end = (
        bisect_left(reading.faults, offset, key=lambda one: one.start)
        for offset in (starts[line - 1], starts[line] if line < len(starts) else sys.maxsize)
    )
    return any(one.complaint is Complaint.CRASH for one in reading.faults[begin:end])


def _ignored(reading: Reading, fault: Fault) -> str:
    """What happens because of a fault that Piranha does not complain about."""
    if fault.kind is not FaultKind.QUOTES or fault.line is None:
        return "Piranha does not complain."
    if reading.source.text[fault.line.start : fault.start].strip(" \t"):
        return "Piranha ignores the error and uses only the words before the quote."
    return "Piranha reads this line as the end of the block."


def _is_reached(reading: Reading, fault: Fault) -> bool:
    """Whether this line is the one at which Piranha rejects a text that it misreads."""
    refusal = reading.refusal
    if refusal is None or any(one.kind is FaultKind.CARRIAGE_RETURN for one in reading.faults):
        return False
    line, _ = reading.source.location(fault.start)
    return (refusal.line, refusal.complaint) == (line, fault.complaint)


def place(fault: Fault) -> Place:
    """Where a fault is."""
    return Place(fault.start, fault.end)


def text(reading: Reading, fault: Fault) -> str:
    """The text of a fault, as written."""
    return reading.source.text[fault.start : fault.end]


def line_content(fault: Fault) -> str:
    """The line of a fault, without its end."""
    return fault.line.content if fault.line is not None else ""


def keyword(fault: Fault) -> str:
    """The first word of a fault's line."""
    words = fault.line.words if fault.line is not None else ()
    return words[0].text if words else ""


def known_here(scope: Scope) -> tuple[str, ...]:
    """The keywords that may begin a line in `scope`."""
    return (*BY_SCOPE[scope], *BLOCKS[scope])


def other_scopes(name: str, scope: Scope) -> list[str]:
    """The scopes other than `scope` in which `name` is known, in words."""
    return [
        SCOPE_NAMES[other] for other in Scope if other is not scope and name in known_here(other)
    ]
