"""Styled text for a terminal: pieces of text, on lines or wrapped between words.

rich provides styles and the width of characters; it is imported only where needed, so a plain
report does not pay for it.  Wrapping is done here: rich would break long paths, and separate a
number from its unit.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TypeAlias

from attrs import field

from lvscf.findings.finding import Severity
from lvscf.shared.records import record
from lvscf.source import displayable

Piece: TypeAlias = tuple[str, str]
"""Text, and its style in the syntax of rich; empty for none.

A style that ends in ` link ADDRESS` makes the text a link.
"""

SEVERITIES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
"""The style of each severity's label."""

_IN_ASCII = str.maketrans({
    "«": '"', "»": '"', "…": "...", "│": "|", "├": "+", "└": "`", "─": "-",
})  # fmt: skip
"""The characters outside ASCII that lvscf itself writes."""

_BOUND = re.compile(r"\d (?:/ )?(?:s|ms|min|%|[KMG]iB|seconds?|minutes?)(?!\w)")
"""A number and its unit, which must stay on one line."""


@record(frozen=False, slots=False)
class Page:
    """Lines of text, with the width, colours and encoding of the output."""

    columns: int
    coloured: bool = False
    encoding: str = "utf-8"
    most: int | None = None
    """The most cells that a source line may take; None means `columns`."""
    links: bool = False
    """Whether the output can show links; only with colours."""
    _lines: list[str] = field(init=False, factory=list)

    def line(self, *pieces: Piece) -> None:
        """Add pieces as one line, without wrapping."""
        self.add(pieces)

    def prose(
        self, *pieces: Piece, first: tuple[Piece, ...] = (), rest: tuple[Piece, ...] = ()
    ) -> None:
        """Add pieces, wrapped between words.

        Args:
            pieces: the text; line feeds in it end lines.
            first: the prefix of the first line.
            rest: the prefix of every further line.
        """
        fitted = [(self.fitted(text), style) for text, style in pieces]
        rooms = [self.columns - sum(cells(text) for text, _ in edge) for edge in (first, rest)]
        for number, (start, end) in enumerate(_breaks("".join(t for t, _ in fitted), *rooms)):
            edge = rest if number else first
            self.add((*edge, *_cut(fitted, start, end)))

    def blank(self) -> None:
        """Add an empty line."""
        self.add(())

    @property
    def is_empty(self) -> bool:
        """Whether there is no line yet."""
        return not self._lines

    @property
    def text(self) -> str:
        """All lines, without trailing blanks."""
        return "".join(f"{line}\n" for line in self._lines)

    def fitted(self, text: str) -> str:
        """Text in the characters of the encoding; all others are written in ASCII."""
        if text.isascii():
            return text
        try:
            text.encode(self.encoding)
        except UnicodeEncodeError:
            plain = text.translate(_IN_ASCII).encode(self.encoding, "backslashreplace")
            return plain.decode(self.encoding)
        return text

    @property
    def can_draw(self) -> bool:
        """Whether the encoding has the Unicode characters for drawing lines."""
        return self.fitted("├─│└") == "├─│└"

    def add(self, pieces: Iterable[Piece]) -> None:
        """Add a line; all other methods call this one."""
        if not self.coloured:
            pieces = tuple(pieces)
            line = "".join(text for text, _ in pieces)
            if line.isascii():
                self._lines.append(line.rstrip(" "))
                return
        shown = [(self.fitted(text), style) for text, style in pieces]
        while shown and not shown[-1][0].rstrip(" "):
            shown.pop()
        if shown:
            shown[-1] = (shown[-1][0].rstrip(" "), shown[-1][1])
        self._lines.append(
            "".join(styled(text, style) if self.coloured else text for text, style in shown)
        )


def prose(text: str, style: str = "") -> tuple[Piece, ...]:
    """A sentence of a finding or a manual, with text in backquotes highlighted."""
    return tuple(
        (part if position % 2 == 0 else f"`{part}`", f"{style} cyan" if position % 2 else style)
        for position, part in enumerate(displayable(text).split("`"))
        if part or position % 2
    )


def cells(text: str) -> int:
    """The number of terminal cells that a text takes."""
    if _is_narrow(text):
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _is_narrow(text: str) -> bool:
    """Whether each character surely takes one cell; most text is, and needs no tables."""
    if text.isascii():
        return True
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def styled(text: str, style: str) -> str:
    """Text with the escape sequences of a style."""
    style, _, address = style.partition(" link ")
    before, after = _escapes(style)
    if address:  # OSC 8; rich would add an id that changes from run to run
        before, after = f"\x1b]8;;{address}\x1b\\{before}", f"{after}\x1b]8;;\x1b\\"
    return f"{before}{text}{after}" if text else ""


@cache
def _escapes(style: str) -> tuple[str, str]:
    from rich.color import ColorSystem
    from rich.style import Style

    before, _, after = (
        Style.parse(style).render(" ", color_system=ColorSystem.STANDARD).partition(" ")
    )
    return before, after


def _breaks(text: str, first: int, rest: int) -> Iterator[tuple[int, int]]:
    """The ranges of the lines of a text; overlong words are not broken."""
    bound = _BOUND.sub(lambda found: found[0].replace(" ", "\0"), text)
    find = _narrow_breaks if _is_narrow(text) else _wide_breaks
    room, start = first, 0
    for paragraph in bound.split("\n"):
        for begin, end in find(paragraph, room, rest):
            yield start + begin, start + end
        room, start = rest, start + len(paragraph) + 1


def _wide_breaks(paragraph: str, first: int, rest: int) -> Iterator[tuple[int, int]]:
    """Where lines begin and end in a paragraph of any characters."""
    room, begin, last = first, 0, 0
    used = 0
    for word in re.finditer(r" *[^ ]+", paragraph):
        wide = cells(word[0].replace("\0", " "))
        if used and used + wide > room:
            yield begin, last
            begin = word.end() - len(word[0].lstrip(" "))
            room, used = rest, 0
            wide = cells(paragraph[begin : word.end()].replace("\0", " "))
        used += wide
        last = word.end()
    yield begin, last


def _narrow_breaks(paragraph: str, first: int, rest: int) -> Iterator[tuple[int, int]]:
    """The same where each character takes one cell: line by line instead of word by word."""
    room, begin = first, 0
    length = len(paragraph.rstrip(" "))
    while length - begin > room:
        blank = paragraph.rfind(" ", begin, begin + max(room, 0) + 1)
        end = begin + len(paragraph[begin : max(blank, begin)].rstrip(" "))
        if end == begin:  # the first word is too long
            word = length - len(paragraph[begin:length].lstrip(" "))
            end = paragraph.find(" ", word, length)
            if end < 0:
                break
        yield begin, end
        begin = length - len(paragraph[end:length].lstrip(" "))
        room = rest
    yield begin, length


def _cut(pieces: Iterable[Piece], start: int, end: int) -> Iterator[Piece]:
    """The part of pieces between two offsets of their joined text."""
    offset = 0
    for text, style in pieces:
        part = text[max(start - offset, 0) : max(end - offset, 0)]
        if part:
            yield part, style
        offset += len(text)
