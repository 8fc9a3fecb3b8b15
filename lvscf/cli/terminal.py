"""Writing to standard output (or standard error), whatever is on the other end."""

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

from lvscf.cli.errors import CommandError

if TYPE_CHECKING:
    from rich.console import Console

_IN_ASCII = str.maketrans({"«": '"', "»": '"', "…": "..."})


def write(text: str, stream: TextIO | None = None) -> None:
    """Write text to standard output, or to another stream.

    What its encoding lacks is written in ASCII.  A reader that has gone away ends the output, and
    nothing else: the exit status still tells what was found.

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


def complain(error: CommandError) -> None:
    """Tell of an error on standard error, if there is one that takes it."""
    note(str(error))


def note(message: str) -> None:
    """Say something on standard error that is no error, if there is one that takes it."""
    write_aside(f"lvscf: {message}\n")


def write_aside(text: str) -> None:
    """Write text to standard error, if there is one that takes it; never to standard output."""
    if sys.stderr is not None:
        with suppress(CommandError):
            write(text, sys.stderr)


def _standard_output() -> TextIO:
    if sys.stdout is None:
        raise CommandError("there is no standard output")
    return sys.stdout


def file_text(text: str) -> bytes:
    """Text of a file, such as a diff, as bytes for standard output.

    They are the file's own, for other programs; for people, tabs become blanks, and what is no
    plain text becomes escapes.
    """
    from lvscf.source import displayable, encode

    if not is_terminal():
        return encode(text)
    shown = "\n".join(displayable(line.expandtabs()) for line in text.split("\n"))
    return shown.encode(_standard_output().encoding or "ascii", "backslashreplace")


def is_terminal() -> bool:
    """Whether people look at standard output."""
    return _standard_output().isatty()


def wants_colour(choice: str, stream: TextIO | None = None) -> bool:
    """Whether to use colours: `--color`, then NO_COLOR and FORCE_COLOR, then what is out there."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return (stream or _standard_output()).isatty() and os.environ.get("TERM") != "dumb"


def console(choice: str, stream: TextIO | None = None) -> "Console":
    """A rich console that collects what is printed to it; `collected` takes it out.

    Colours and width are those that suit standard output, or another stream.
    """
    from io import StringIO

    from rich.console import Console

    colour = wants_colour(choice, stream)
    return Console(
        file=StringIO(),
        force_terminal=colour,
        color_system="standard" if colour else None,
        width=width(stream),
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )


def collected(console: "Console") -> str:
    """What was printed to a console made here, without blanks at the ends of lines."""
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip(" ") for line in text.split("\n"))


def width(stream: TextIO | None = None) -> int:
    """The width of the terminal; for files and pipes, one that suits reading."""
    stream = stream or _standard_output()
    if not stream.isatty():
        return 100
    try:
        return max(40, min(os.get_terminal_size(stream.fileno()).columns, 120))
    except OSError:
        return 80
