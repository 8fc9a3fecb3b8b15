"""Rules about the bytes of the file: an empty file, and bytes that do not belong in one."""

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
    r"""The file is empty.

    What:
        The file has no bytes at all.  (A file of comments and blank lines is not empty.)

    Why:
        Piranha rejects it ("Empty configuration") and will not start.  The GUI produces such a file
        when the disk is full: it empties the file before it writes.

    Bad (with escapes):

    Good:
        serial_no = 1
    """
    return Problem(
        at=phrases.place(fault),
        message=f'The file is empty: Piranha rejects it ("{Complaint.EMPTY.value}") and will not '
        "start.",
        help="Restore it from the other router or from a backup.",
    )


@fault_rule(
    "LVS014",
    "carriage-return",
    Severity.ERROR,
    changes_memory="Piranha skips or joins lines; once fixed, it reads all of them, errors included",
)
def carriage_return(reading: Reading, fault: Fault) -> Problem:
    r"""Line ends other than plain line feeds.

    What:
        The file contains a carriage return (CR): it was edited on Windows, or copied by a tool that
        changes line ends.

    Why:
        Before Piranha looks for a line feed, it looks for a CR anywhere in the rest of the file.  A
        file with CRLF line ends is read up to the end of line 1; Piranha silently skips all other
        lines and starts with defaults in their place.  A single CR turns all the lines before it
        into one long line.

    Bad (with escapes):
        keepalive = 6\r
        deadtime = 18\r

    Good:
        keepalive = 6
        deadtime = 18

    Fix:
        Safe, or unsafe where CR and other line ends are mixed: all lines then end in a line feed.
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
        help = "Save the file with Unix line ends (LF), for example with `sed -i 's/\\r$//'`."
    applicability: Literal["safe", "unsafe"] = "safe" if all_alike else "unsafe"
    return Problem(
        at=phrases.place(fault),
        message=f"{_consequence(reading, text)} {_outcome(reading)}".rstrip(),
        help=help,
        change=Change("End all lines with LF", applicability, tuple(edits)),
    )


def _consequence(reading: Reading, text: str) -> str:
    """How Piranha reads the lines of a text that contains a CR."""
    first = text.index("\r")
    line, _ = reading.source.location(first)
    if line > 1:
        return (
            f"Because of the carriage return (CR) here, Piranha reads lines 1 to {line} as one long "
            "line."
        )
    if "\n" not in text:
        return "The lines end in CR alone, which hardly any program other than Piranha understands."
    last, _ = reading.source.location(text.rindex("\r"))
    if last == 1:
        return "This line ends in CRLF, the others in LF."
    skipped = "line 2" if last == 2 else f"lines 2 to {last}"
    return f"The lines end in CRLF: Piranha reads line 1 and silently skips {skipped}."


def _outcome(reading: Reading) -> str:
    """What such a file does at run time."""
    refusal = reading.refusal
    if refusal is not None and refusal.complaint is Complaint.CRASH:
        return "Piranha's reader then crashes."
    if refusal is not None:
        return f'Piranha then rejects the file ("{refusal.message}") and will not start.'
    if "\n" not in reading.source.text:
        return ""  # Piranha reads all lines
    return "It uses its defaults for whatever it does not read."


@fault_rule("LVS018", "byte-order-mark", Severity.ERROR)
def byte_order_mark(reading: Reading, fault: Fault) -> Problem:
    r"""The file begins with a byte-order mark.

    What:
        The first character is U+FEFF, which editors on Windows put at the start of UTF-8 text.

    Why:
        Piranha reads it as the first letter of the first word, which makes that an unknown command,
        and rejects the whole file.  Most editors do not show the mark.

    Bad (with escapes):
        \ufeffkeepalive = 6

    Good:
        keepalive = 6

    Fix:
        Safe: the mark is removed.
    """
    return Problem(
        at=phrases.place(fault),
        message="The file begins with a byte-order mark, which Piranha reads as part of the first "
        f"word. {phrases.verdict(reading, fault)}",
        help="Save the file as UTF-8 without a byte-order mark.",
        change=Change("Remove the mark", "safe", ((phrases.place(fault), ""),)),
    )


@fault_rule("LVS020", "nul-byte", Severity.ERROR)
def nul_byte(reading: Reading, fault: Fault) -> Problem:
    r"""A NUL byte, which crashes Piranha's reader or ends the file early.

    What:
        The file contains a byte of value 0.

    Why:
        At the beginning of a line, a NUL ends the file: Piranha silently ignores everything after
        it.  Anywhere else on a line, even in a comment, it crashes Piranha's reader, unless Piranha
        rejects an earlier line first.  NUL bytes get into a text file by a crash while it is
        written, or by saving it as UTF-16.

    Bad (with escapes):
        keepalive = 6
        \x00deadtime = 18

    Good:
        keepalive = 6
        deadtime = 18
    """
    message = "This NUL byte ends the file: Piranha silently ignores everything after it."
    if fault.complaint is not None:
        message = f"This line contains a NUL byte. {phrases.verdict(reading, fault)}"
    return Problem(
        at=phrases.place(fault),
        message=message,
        help="Remove the NUL bytes, restore the file, or convert it if it is UTF-16 from Windows.",
    )
