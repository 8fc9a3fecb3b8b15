"""What is at an offset of an lvs.cf: the line, the blocks around it, and its words."""

import re
from bisect import bisect_right

from lvscf.findings.rule import LintRule
from lvscf.linter.selection import UnknownRuleError, find
from lvscf.piranha.directives import Scope
from lvscf.shared.records import record
from lvscf.syntax.nodes import Block, Item, Line
from lvscf.syntax.words import Word

_SELECTORS = re.compile(r"#[ \t]*lvscf:[ \t]*(?:ignore-file|ignore)[ \t]*\[([^\]\r\n]*)")
_CODE = re.compile(r"\bLVS\d{1,3}\b", re.IGNORECASE)
_SELECTOR = re.compile(r"[^\s,]+")


@record
class Cursor:
    """A place in an lvs.cf."""

    line: Line | None
    """None at the end of a text, after its last line end."""
    around: tuple[Block, ...]
    """The blocks that the line is in, from the outside; the header and the `}` of a block are."""

    @property
    def scope(self) -> Scope:
        """Which directives are allowed here."""
        return self.around[-1].scope if self.around else Scope.GLOBAL


def cursor_at(items: tuple[Item, ...], offset: int) -> Cursor:
    """The line and the blocks at an offset; the end of a line belongs to it."""
    return _at(items, offset, ())


def _at(items: tuple[Item, ...], offset: int, around: tuple[Block, ...]) -> Cursor:
    number = bisect_right(items, offset, key=start_of) - 1
    item = items[number] if number >= 0 else None
    if item is None:
        return Cursor(None, around)
    if not isinstance(item, Block):
        return Cursor(item if _covers(item, offset) else None, around)
    inside = (*around, item)
    if _covers(item.header, offset):
        return Cursor(item.header, inside)
    if item.close is not None and offset >= item.close.start:
        is_close = _covers(item.close, offset)
        return Cursor(item.close, inside) if is_close else Cursor(None, around)
    return _at(item.items, offset, inside)


def start_of(item: Item) -> int:
    """The offset at which a line or a block begins."""
    return item.header.start if isinstance(item, Block) else item.start


def _covers(line: Line, offset: int) -> bool:
    end = line.start + len(line.text)
    return line.start <= offset and (offset < end or line.text == line.content)


def word_at(line: Line, offset: int) -> tuple[int, Word] | None:
    """The word of a line that an offset is in, or directly after, and its number."""
    column = offset - line.start
    return next(
        (
            (number, word)
            for number, word in enumerate(line.words)
            if word.start <= column <= word.end
        ),
        None,
    )


def rules_named_at(line: Line, offset: int) -> tuple[int, int, tuple[LintRule, ...]] | None:
    """The rules that a word of a comment names: its offsets, and the rules.

    These are words in the brackets of a silencing comment, and codes in any comment.
    """
    text = line.content
    silencing = _SELECTORS.search(text)
    words = list(_SELECTOR.finditer(text, *silencing.span(1))) if silencing else []
    for word in (*words, *_CODE.finditer(text)):
        if line.start + word.start() <= offset <= line.start + word.end():
            try:
                return line.start + word.start(), line.start + word.end(), find(word[0])
            except UnknownRuleError:
                return None
    return None
