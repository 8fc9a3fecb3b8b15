"""Writing to standard output or standard error: terminals, pipes and files."""

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
"""The longest source line that files and pipes get in full."""


def write(text: str, stream: TextIO | None = None) -> None:
    """Write text to standard output, or to another stream.

    Characters outside its encoding are written in ASCII.  A broken pipe ends the output but does
    not change the exit status.

    Raises:
        CommandError: standard output is closed or cannot be written.
    """
    stream = stream or _standard_output()
    encoding = stream.encoding or "ascii"
    try:
        encoded = text.encode(encoding)
    except UnicodeEncodeError:
        encoded = text.translate(_IN_ASCII).encode(encoding, "backslashreplace")
    write_bytes(encoded, stream)


def write_bytes(content: bytes, stream: TextIO | None = None) -> None:
    """Write bytes unchanged to standard output, or to another stream; see `write`."""
    stream = stream or _standard_output()
    try:
        stream.flush()
        stream.buffer.write(content)
        stream.buffer.flush()
    except OSError as error:
        # Python flushes its streams again on exit; send that to /dev/null.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not isinstance(error, BrokenPipeError):
            raise CommandError(f"the output cannot be written: {error.strerror}") from None


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

    Pipes and files get the exact bytes.  On a terminal, tabs become blanks, control characters
    become escapes, and added and removed lines are coloured.
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
    """Whether standard output, or another stream, is a terminal."""
    return (stream or _standard_output()).isatty()


def wants_colour(choice: str, stream: TextIO | None = None) -> bool:
    """Whether to use colours: by `--color`, then NO_COLOR and FORCE_COLOR, then the terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


_WITH_LINKS = (
    ("TERM", ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "foot-extra", "wezterm")),
    ("TERM_PROGRAM", ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio")),
    ("TERMINAL_EMULATOR", ("JetBrains-JediTerm",)),
)
"""Variables and the values of terminals that show links."""


def _shows_links(stream: TextIO) -> bool:
    """Whether a terminal is known to show links (OSC 8): others may print their escapes."""
    if not is_terminal(stream):
        return False
    set_by = os.environ.get
    if any(set_by(variable) in values for variable, values in _WITH_LINKS):
        return True
    if set_by("WT_SESSION") or set_by("KONSOLE_VERSION") or set_by("DOMTERM"):
        return True
    vte = set_by("VTE_VERSION", "")
    return vte.isascii() and vte.isdecimal() and int(vte) >= 5000


def emphasised(text: str, choice: str, stream: TextIO | None = None) -> str:
    """Text in bold if colours are used; for a line or two that need no page."""
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
        links=_shows_links(stream),
    )


def width(stream: TextIO | None = None) -> int:
    """The number of columns: COLUMNS, else the terminal's width; 100 for files and pipes."""
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


def columns_of_errors() -> int | None:
    """The width of standard error, if it is a terminal; lines of a file are not wrapped."""
    return width(sys.stderr) if sys.stderr is not None and is_terminal(sys.stderr) else None


def help_width() -> int:
    """The width of help texts, which, unlike reports, have no minimum or maximum width."""
    wanted = _columns_wanted()
    if wanted is not None:
        return wanted - 2
    try:
        return os.get_terminal_size().columns - 2
    except OSError:
        return 78


def _columns_wanted() -> int | None:
    """The value of COLUMNS, if it is a number of columns."""
    wanted = os.environ.get("COLUMNS", "")
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 5 else 0
    return number or None
