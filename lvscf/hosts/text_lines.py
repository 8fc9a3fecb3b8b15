"""Lines of a text, each with its place."""

import re
from collections.abc import Iterator

from attrs import frozen

from lvscf.findings.place import Place
from lvscf.source import Source

_LINE = re.compile(r"(?P<indent>[ \t]*)(?P<text>[^\s][^\r\n]*)")
_PART = re.compile(r"(?P<indent>[ \t]*)(?P<text>[^\s\\][^\r\n\\]*)")


@frozen
class Line:
    """A line that is not blank."""

    text: str
    """Without the blanks around it."""
    indented: bool
    place: Place


def lines(source: Source) -> Iterator[Line]:
    """The lines of a text that are not blank."""
    return _lines(source, _LINE)


def parts(source: Source) -> Iterator[Line]:
    r"""The lines that `ip` would print without `-o`, which puts a `\` where a line would end."""
    return _lines(source, _PART)


def _lines(source: Source, pattern: re.Pattern[str]) -> Iterator[Line]:
    for found in pattern.finditer(source.text):
        text = found["text"].rstrip()
        start = found.start("text")
        yield Line(text, bool(found["indent"]), Place(start, start + len(text), source))
