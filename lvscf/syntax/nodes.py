"""Nodes: the lines and blocks of an lvs.cf; every character belongs to exactly one of them.

A line includes its indentation and its line end.  A node knows the offset at which it begins, and
nothing else about its surroundings; the text of all nodes, joined, is the text of the file.
"""

from collections.abc import Iterator
from typing import Any, TypeAlias

from lvscf.piranha.directives import Scope
from lvscf.shared.records import record
from lvscf.syntax import words
from lvscf.syntax.words import Word


@record
class Line:
    """One line: its offset in the file, and its text with the line end."""

    start: int
    text: str

    @property
    def content(self) -> str:
        """The text without the line end."""
        return self.text.rstrip("\r\n")

    @property
    def words(self) -> tuple[Word, ...]:
        """The words as the reader splits them (offsets count from the start of the line)."""
        return words.split(self.content).words

    def extent(self) -> tuple[int, int]:
        """The offsets in the file of the first non-blank character, and after the last one."""
        content = self.content
        start = self.start + len(content) - len(content.lstrip(words.BLANKS))
        return start, max(start, self.start + len(content.rstrip(words.BLANKS)))


class Blank(Line):
    """A line of blanks."""

    __slots__ = ()


class Comment(Line):
    """A line whose first non-blank character is `#`."""

    __slots__ = ()


@record
class Directive(Line):
    """A line that sets a directive, or is meant to.

    `value` is None if Piranha cannot use the value: then a fault says why, or it is one that
    Piranha silently ignores (an unreadable `pmask`).
    """

    name: str
    value: Any = None


class Header(Line):
    """The line that opens a block."""

    __slots__ = ()


class Close(Line):
    """A line that begins with `}`."""

    __slots__ = ()


class Unread(Line):
    """A NUL byte and everything after it, or a byte-order mark: text that is not a line."""

    __slots__ = ()


@record(frozen=False)
class Block:
    """A `virtual`, `failover` or `server` block."""

    scope: Scope
    """The scope of the directives inside: SERVICE or SERVER."""
    keyword: str
    """The intended keyword: `virtual`, `failover` or `server`."""
    name: str
    header: Header
    items: "tuple[Item, ...]"
    close: Close | None
    """None if the closing brace is missing."""

    def lines(self) -> Iterator[Line]:
        """All lines of the block, in order."""
        yield self.header
        yield from lines(self.items)
        if self.close is not None:
            yield self.close

    @property
    def end(self) -> int:
        """The offset in the file after its last line."""
        last = self.close or (self.items[-1] if self.items else self.header)
        return last.end if isinstance(last, Block) else last.start + len(last.text)

    def directives(self, name: str) -> list[Directive]:
        """The lines of this block that set `name` to a usable value; the last one is in force."""
        return [
            item
            for item in self.items
            if isinstance(item, Directive) and item.name == name and item.value is not None
        ]


Item: TypeAlias = Line | Block


def lines(items: "tuple[Item, ...]") -> Iterator[Line]:
    """All lines of `items`, in order."""
    for item in items:
        if isinstance(item, Block):
            yield from item.lines()
        else:
            yield item
