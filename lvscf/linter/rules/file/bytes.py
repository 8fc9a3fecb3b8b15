"""Rules about the bytes of the file: none at all, or some that do not belong there."""

from lvscf.findings import Severity
from lvscf.linter.places import Place
from lvscf.linter.rule import Change, Problem, fault_rule
from lvscf.linter.rules.file import wording
from lvscf.syntax.faults import Fault
from lvscf.syntax.reading import Reading


@fault_rule("LVS013", "empty-file", Severity.ERROR)
def empty_file(reading: Reading, fault: Fault) -> Problem:
    r"""The file holds nothing.

    What:
        The file has no bytes at all.  (A file of comments and blank lines is not empty.)

    Why:
        Piranha refuses it («Empty configuration»).  The GUI leaves such a file behind when the disk
        is full: it empties the file first and writes then.

    Bad (with escapes):

    Good:
        serial_no = 1
    """
    return Problem(
        at=wording.place(fault),
        message=f"The file is empty. {wording.verdict(reading, fault)}",
        help="Restore it from the other router or from a backup.",
    )


@fault_rule("LVS014", "carriage-return", Severity.ERROR)
def carriage_return(reading: Reading, fault: Fault) -> Problem:
    r"""Line ends that are not plain line feeds.

    What:
        The file holds a carriage return (CR): it was edited on Windows or copied through something
        that changes line ends.

    Why:
        Piranha looks for the next CR anywhere ahead in the file before it looks for a line feed.  In
        a file with CRLF line ends it reads the first line, silently skips all others, and runs on
        its defaults.  A single CR makes one long line of all the lines before it.

    Bad (with escapes):
        keepalive = 6\r
        deadtime = 18\r

    Good:
        keepalive = 6
        deadtime = 18

    Fix:
        Safe: all lines end in a line feed.
    """
    text = reading.source.text.partition("\0")[0]
    edits = []
    position = text.find("\r")
    while position >= 0:
        crlf = text.startswith("\n", position + 1)
        edits.append((Place(position, position + 1), "" if crlf else "\n"))
        position = text.find("\r", position + 1)
    return Problem(
        at=wording.place(fault),
        message=_consequence(reading, text),
        help="Save the file with Unix line ends (LF), for instance with `sed -i 's/\\r$//'`.",
        change=Change("End all lines with LF", "safe", tuple(edits)),
    )


def _consequence(reading: Reading, text: str) -> str:
    """What Piranha makes of the lines of a text that holds a CR."""
    first = text.index("\r")
    lines_before, _ = reading.source.location(first)
    rest = text.rpartition("\r")[0][first + 1 :]
    if lines_before > 1:
        return (
            f"A carriage return (CR) ends this line: Piranha then takes lines 1 to {lines_before} "
            "for one long line, because it looks for a CR before it looks for a line feed."
        )
    if "\n" in text[first:]:
        last, _ = reading.source.location(first + 1 + len(rest))
        skipped = "line 2" if last <= 2 else f"lines 2 to {last}"
        if last < 2:
            return "A carriage return (CR) ends this line, where Piranha knows line feeds only."
        return (
            f"The lines end in CRLF: Piranha reads line 1, skips {skipped} without a word, and "
            "runs on its defaults."
        )
    return (
        "The lines end in CR alone. Piranha reads them as lines, but the GUI, and every other "
        "tool, sees a single line."
    )


@fault_rule("LVS018", "byte-order-mark", Severity.ERROR)
def byte_order_mark(reading: Reading, fault: Fault) -> Problem:
    r"""The file begins with a byte-order mark.

    What:
        The first character is U+FEFF, which editors on Windows put in front of UTF-8 text.

    Why:
        Piranha takes it for the first letter of the first word: an unknown command, and the whole
        file is refused.  Most editors do not show it.

    Bad (with escapes):
        \ufeffkeepalive = 6

    Good:
        keepalive = 6

    Fix:
        Safe: the mark is removed.
    """
    return Problem(
        at=wording.place(fault),
        message="The file begins with a byte-order mark, which Piranha takes for a part of the "
        f"first word. {wording.verdict(reading, fault)}",
        help="Save the file as UTF-8 without a byte-order mark.",
        change=Change("Remove the mark", "safe", ((wording.place(fault), ""),)),
    )


@fault_rule("LVS020", "nul-byte", Severity.ERROR)
def nul_byte(reading: Reading, fault: Fault) -> Problem:
    r"""A NUL byte ends the file early.

    What:
        The file holds a byte of value 0.

    Why:
        Piranha reads nothing behind it and says nothing.  NUL bytes in a text file come from a
        crash while it was written, or from UTF-16.

    Bad (with escapes):
        keepalive = 6
        \x00deadtime = 18

    Good:
        keepalive = 6
        deadtime = 18
    """
    return Problem(
        at=wording.place(fault),
        message="A NUL byte: Piranha reads nothing of what stands behind it, and does not complain.",
        help="Remove the NUL bytes, or restore the file; text from Windows may be UTF-16.",
    )
