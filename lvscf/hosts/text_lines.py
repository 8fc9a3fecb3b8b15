"""Lines of a text, each with its place."""

import re
from collections.abc import Iterator

from attrs import frozen

from lvscf.findings.place import Place
from lvscf.source import Source

_LINE = re.compile(r"\S[^\r\n]*")
_PART = re.compile(r"[^\s\\][^\r\n\\]*")


@frozen
class Line:
    """A line that is not blank."""

    text: str
    """Without the blanks around it."""
    indented: bool
    """Whether something precedes it in its line."""
    place: Place


def lines(source: Source) -> Iterator[Line]:
    """The lines of a text that are not blank."""
    return _lines(source, _LINE)


def parts(source: Source) -> Iterator[Line]:
    r"""The lines that `ip` would print without `-o`, which puts a `\` where a line would end."""
    return _lines(source, _PART)


def _lines(source: Source, pattern: re.Pattern[str]) -> Iterator[Line]:
    for found in pattern.finditer(source.text):
        text, start = found[0].rstrip(), found.start()
        indented = source.text[start - 1 : start] not in ("", "\n", "\r")
        yield Line(text, indented, Place(start, start + len(text), source))
