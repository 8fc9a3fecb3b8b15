"""Writing to standard output (or standard error), whatever is on the other end."""

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

from lvscf.cli.errors import CommandError

if TYPE_CHECKING:
    from lvscf.report.page import Page

_IN_ASCII = str.maketrans({"«": '"', "»": '"', "…": "..."})

_NARROWEST = 40
_LONGEST_LINE = 160
"""The longest line of a source that is shown whole in files and pipes."""


def write(text: str, stream: TextIO | None = None) -> None:
    """Write text to standard output, or to another stream.

    What its encoding lacks is written in ASCII.  A reader that has gone away ends the output, and
    nothing else: the exit status still says what was found.

    Raises:
        CommandError: there is no standard output, or it takes no more.
    """
    stream = stream or _standard_output()
    encoding = stream.encoding or "ascii"
    try:
        encoded = text.encode(encoding)
    except UnicodeEncodeError:
        encoded = text.translate(_IN_ASCII).encode(encoding, "backslashreplace")
    write_bytes(encoded, stream)


def write_bytes(content: bytes, stream: TextIO | None = None) -> None:
    """Write bytes as they are to standard output, or to another stream; see `write`."""
    stream = stream or _standard_output()
    try:
        stream.flush()
        stream.buffer.write(content)
        stream.buffer.flush()
    except OSError as error:
        # Python flushes its streams once more when it exits; let that go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not isinstance(error, BrokenPipeError):
            raise CommandError(f"the report cannot be written: {error.strerror}") from None


def complain(error: Exception) -> None:
    """Print an error to standard error, if it is open."""
    note(str(error))


def note(message: str) -> None:
    """Print a remark to standard error, if it is open."""
    write_aside(f"lvscf: {message}\n")


def write_aside(text: str) -> None:
    """Write text to standard error, if it is open; never to standard output."""
    if sys.stderr is not None:
        with suppress(CommandError):
            write(text, sys.stderr)


def _standard_output() -> TextIO:
    if sys.stdout is None:
        raise CommandError("there is no standard output")
    return sys.stdout


def file_text(text: str, choice: str = "never") -> bytes:
    """A diff as bytes for standard output.

    Programs get the bytes of the file.  For people, tabs become blanks, what is not plain text
    becomes escapes, and lines are coloured by what happens to them.
    """
    from lvscf.source import displayable, encode

    coloured = wants_colour(choice)
    if not is_terminal() and not coloured:
        return encode(text)
    lines = [displayable(line.expandtabs()) for line in text.split("\n")]
    if coloured:
        from lvscf.report.hunks import coloured_lines

        lines = coloured_lines(lines)
    return "\n".join(lines).encode(_standard_output().encoding or "ascii", "backslashreplace")


def is_terminal(stream: TextIO | None = None) -> bool:
    """Whether people look at standard output, or at another stream."""
    return (stream or _standard_output()).isatty()


def wants_colour(choice: str, stream: TextIO | None = None) -> bool:
    """Whether to use colours: `--color`, then NO_COLOR and FORCE_COLOR, then what is out there."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


def emphasised(text: str, choice: str, stream: TextIO | None = None) -> str:
    """Text in bold where colours are used: for a line or two, which need no page."""
    return f"\x1b[1m{text.rstrip()}\x1b[0m\n" if wants_colour(choice, stream) else text


def page(choice: str, stream: TextIO | None = None) -> "Page":
    """An empty page whose width, colours and characters suit standard output, or another stream."""
    from lvscf.report.page import Page

    stream = stream or _standard_output()
    is_file = not is_terminal(stream) and _columns_wanted() is None
    return Page(
        width(stream),
        wants_colour(choice, stream),
        stream.encoding or "ascii",
        most=_LONGEST_LINE if is_file else None,
    )


def width(stream: TextIO | None = None) -> int:
    """How many columns to use: COLUMNS, else the terminal's; in files and pipes, 100."""
    stream = stream or _standard_output()
    wanted = _columns_wanted()
    if wanted is not None:
        return max(_NARROWEST, wanted)
    if not stream.isatty():
        return 100
    try:
        return max(_NARROWEST, min(os.get_terminal_size(stream.fileno()).columns, 120))
    except OSError:
        return 80


def help_width() -> int:
    """How many columns help takes; unlike reports, it has no narrowest or widest form."""
    wanted = _columns_wanted()
    if wanted is not None:
        return wanted - 2
    try:
        return os.get_terminal_size().columns - 2
    except OSError:
        return 78


def _columns_wanted() -> int | None:
    """What COLUMNS says, if it is a number of columns."""
    wanted = os.environ.get("COLUMNS", "")
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 5 else 0
    return number or None
