"""Writing to standard output, whatever is on the other end."""

import os
import sys
from typing import TYPE_CHECKING, TextIO

from lvscf.cli.errors import CommandError

if TYPE_CHECKING:
    from rich.console import Console

_IN_ASCII = str.maketrans({"«": '"', "»": '"', "…": "..."})


def write(text: str) -> None:
    """Write text to standard output.

    What its encoding lacks is written in ASCII.  A reader that has gone away ends the output, and
    nothing else: the exit status still tells what was found.

    Raises:
        CommandError: there is no standard output, or it takes no more.
    """
    stdout = _standard_output()
    encoding = stdout.encoding or "ascii"
    try:
        encoded = text.encode(encoding)
    except UnicodeEncodeError:
        encoded = text.translate(_IN_ASCII).encode(encoding, "backslashreplace")
    try:
        stdout.flush()
        stdout.buffer.write(encoded)
        stdout.buffer.flush()
    except OSError as error:
        # Python flushes standard output once more when it exits; let that go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise CommandError(f"the report cannot be written: {error.strerror}") from None


def _standard_output() -> TextIO:
    if sys.stdout is None:
        raise CommandError("there is no standard output")
    return sys.stdout


def wants_colour(choice: str) -> bool:
    """Whether to use colours: `--color`, then NO_COLOR and FORCE_COLOR, then what is out there."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return _standard_output().isatty() and os.environ.get("TERM") != "dumb"


def console(choice: str) -> "Console":
    """A rich console that collects what is printed to it; `collected` takes it out."""
    from io import StringIO

    from rich.console import Console

    colour = wants_colour(choice)
    return Console(
        file=StringIO(),
        force_terminal=colour,
        color_system="standard" if colour else None,
        width=_width(),
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )


def collected(console: "Console") -> str:
    """What was printed to a console made here, without blanks at the ends of lines."""
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip(" ") for line in text.split("\n"))


def _width() -> int:
    """The width of the terminal; for files and pipes, one that suits reading."""
    stdout = _standard_output()
    if not stdout.isatty():
        return 100
    try:
        return max(40, min(os.get_terminal_size(stdout.fileno()).columns, 120))
    except OSError:
        return 80
