"""Rules about the bytes of the file: none at all, or some that do not belong there."""

from typing import Literal

from lvscf.faults import phrases
from lvscf.faults.fault_rule import fault_rule
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Change, Problem
from lvscf.piranha.values import Complaint
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
        at=phrases.place(fault),
        message=f"The file is empty. {phrases.verdict(reading, fault)}",
        help="Restore it from the other router or from a backup.",
    )


@fault_rule(
    "LVS014",
    "carriage-return",
    Severity.ERROR,
    changes_memory="Piranha skips lines, or joins them; fixed, it reads what was written, errors included",
)
def carriage_return(reading: Reading, fault: Fault) -> Problem:
    r"""Line ends that are not plain line feeds.

    What:
        The file holds a carriage return (CR): it was edited on Windows or copied through something
        that changes line ends.

    Why:
        Piranha looks for the next CR anywhere ahead in the file before it looks for a line feed.  In
        a file with CRLF line ends it reads the first line, silently skips all others, and takes
        its defaults for all that they say.  A single CR makes one long line of all the lines before
        it.

    Bad (with escapes):
        keepalive = 6\r
        deadtime = 18\r

    Good:
        keepalive = 6
        deadtime = 18

    Fix:
        Safe, unless CR and other line ends are mixed: all lines end in a line feed.
    """
    text = reading.source.text.partition("\0")[0]
    edits = []
    position = text.find("\r")
    while position >= 0:
        crlf = text.startswith("\n", position + 1)
        edits.append((Place(position, position + 1), "" if crlf else "\n"))
        position = text.find("\r", position + 1)
    all_alike = "\r" not in text.replace("\r\n", "") or "\n" not in text
    help = "Save the file with Unix line ends (LF)."
    if "\r\n" in text and all_alike:
        help = "Save the file with Unix line ends (LF), for instance with `sed -i 's/\\r$//'`."
    applicability: Literal["safe", "unsafe"] = "safe" if all_alike else "unsafe"
    return Problem(
        at=phrases.place(fault),
        message=f"{_consequence(reading, text)} {_outcome(reading)}",
        help=help,
        change=Change("End all lines with LF", applicability, tuple(edits)),
    )


def _consequence(reading: Reading, text: str) -> str:
    """What Piranha makes of the lines of a text that holds a CR."""
    first = text.index("\r")
    line, _ = reading.source.location(first)
    if line > 1:
        return (
            f"There is a carriage return (CR) here, and Piranha looks for a CR before it looks for a "
            f"line feed: it takes lines 1 to {line} for one long line."
        )
    if "\n" not in text:
        return "The lines end in CR alone, which Piranha knows, but hardly any other program."
    last, _ = reading.source.location(text.rindex("\r"))
    if last == 1:
        return "This line ends in CRLF, the others in LF."
    skipped = "line 2" if last == 2 else f"lines 2 to {last}"
    return f"The lines end in CRLF: Piranha reads line 1 and skips {skipped} without a word."


def _outcome(reading: Reading) -> str:
    """What becomes of such a file at run time."""
    refusal = reading.refusal
    if refusal is not None and refusal.complaint is Complaint.CRASH:
        return "Then its reader crashes."
    if refusal is not None:
        return f"Then it refuses the file («{refusal.message}») and does not start."
    return "What it does not see, it takes to be at its default."


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
        at=phrases.place(fault),
        message="The file begins with a byte-order mark, which Piranha takes for a part of the "
        f"first word. {phrases.verdict(reading, fault)}",
        help="Save the file as UTF-8 without a byte-order mark.",
        change=Change("Remove the mark", "safe", ((phrases.place(fault), ""),)),
    )


@fault_rule("LVS020", "nul-byte", Severity.ERROR)
def nul_byte(reading: Reading, fault: Fault) -> Problem:
    r"""A NUL byte, which crashes Piranha's reader or ends the file early.

    What:
        The file holds a byte of value 0.

    Why:
        At the beginning of a line, a NUL ends the file: Piranha reads nothing after it and says
        nothing.  Anywhere else on a line, even in a comment, it crashes Piranha's reader, unless
        an earlier line is refused first.  NUL bytes in a text file come from a crash while it was
        written, or from UTF-16.

    Bad (with escapes):
        keepalive = 6
        \x00deadtime = 18

    Good:
        keepalive = 6
        deadtime = 18
    """
    message = "This NUL byte ends the file: Piranha silently ignores everything after it."
    if fault.complaint is not None:
        message = f"There is a NUL byte inside this line. {phrases.verdict(reading, fault)}"
    return Problem(
        at=phrases.place(fault),
        message=message,
        help="Remove the NUL bytes, or restore the file; text from Windows may be UTF-16.",
    )
