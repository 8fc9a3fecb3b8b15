"""Wording: phrases that the rules about the file itself share."""

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
        return _forgotten(reading, fault)
    if reading.misread_as is not None and not _is_reached(reading, fault):
        return "Piranha would refuse this line if it read the file as it is written."
    if fault.complaint is Complaint.CRASH:
        return "Piranha's reader crashes on this line: it writes outside its memory."
    return f"Piranha refuses the file here («{fault.complaint.value}») and does not start."


def _forgotten(reading: Reading, fault: Fault) -> str:
    """What happens because of a fault that Piranha does not complain about."""
    if fault.kind is not FaultKind.QUOTES or fault.line is None:
        return "Piranha does not complain."
    if reading.source.text[fault.line.start : fault.start].strip(" \t"):
        return "Piranha forgets the error and uses only the words before the quote."
    return "Piranha takes this line for the end of the block."


def _is_reached(reading: Reading, fault: Fault) -> bool:
    """Whether it is this line that makes Piranha refuse a text that it misreads otherwise."""
    refusal = reading.refusal
    if refusal is None or any(one.kind is FaultKind.CARRIAGE_RETURN for one in reading.faults):
        return False
    line, _ = reading.source.location(fault.start)
    return (refusal.line, refusal.complaint) == (line, fault.complaint)


def place(fault: Fault) -> Place:
    """Where a fault is."""
    return Place(fault.start, fault.end)


def text(reading: Reading, fault: Fault) -> str:
    """The words that a fault is about, as written."""
    return reading.source.text[fault.start : fault.end]


def line_content(fault: Fault) -> str:
    """The line of a fault, without its end."""
    return fault.line.content if fault.line is not None else ""


def keyword(fault: Fault) -> str:
    """The first word of a fault's line."""
    words = fault.line.words if fault.line is not None else ()
    return words[0].text if words else ""


def known_here(scope: Scope) -> tuple[str, ...]:
    """All keywords that may begin a line in `scope`."""
    return (*BY_SCOPE[scope], *BLOCKS[scope])


def other_scopes(name: str, scope: Scope) -> list[str]:
    """Where `name` would be known, if not in `scope`."""
    return [
        SCOPE_NAMES[other] for other in Scope if other is not scope and name in known_here(other)
    ]
