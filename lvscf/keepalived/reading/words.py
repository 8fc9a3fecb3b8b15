r"""The words of keepalived.conf, line by line.

Facts: keepalived.conf(5) of 2.x, and what `keepalived -t` of 2.2 accepts.  `#` and `!` begin a
comment outside of quotes, even within a word; a backslash takes the special meaning of the next
character, and at the end of a line, also of a comment, it continues the line.  Braces are words of
their own, except those of `${NAME}`.
"""

import re
from collections.abc import Iterator

from attrs import field

from lvscf.findings.place import Place
from lvscf.shared.records import record
from lvscf.source import Source

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_ENDS = "\r\n"
_BLANKS = " \t\r\f\v\0"
_VARIABLE = re.compile(r"\$\{\w*\}")
_PLAIN = re.compile(r"[^ \t\r\f\v\0\n\"\\#!{}$]+")


@record
class Word:
    """A word, or a brace."""

    text: str
    """Without quotes and backslashes."""
    start: int
    end: int
    source: Source = field(repr=False)
    is_brace: bool = False

    @property
    def place(self) -> Place:
        """Where it is written."""
        return Place(self.start, self.end, self.source)


@record
class Line:
    """The words of a line, with those of the lines that continue it."""

    words: tuple[Word, ...]
    start: int
    end: int
    open_quote: int | None = None
    """The offset of a quote that is not closed on its line."""


def lines(source: Source) -> Iterator[Line]:
    """The lines that have words."""
    text = source.text
    words: list[Word] = []
    begin = 0
    is_comment = is_continued = False
    broken: int | None = None
    for found in _LINE.finditer(text):
        start, end = found.span()
        content = end - (len(found[0]) - len(found[0].rstrip(_ENDS)))
        if not is_continued:
            words, begin, is_comment, broken = [], start, False, None
        is_continued = _is_continued(text, start, content)
        stop = content - is_continued
        if not is_comment:
            is_comment, quote = _split(source, start, stop, words)
            broken = quote if broken is None else broken
        if words and not is_continued:
            yield Line(tuple(words), begin, content, broken)
            words = []
    if words:
        yield Line(tuple(words), begin, len(text), broken)


def _is_continued(text: str, start: int, end: int) -> bool:
    """Whether a line ends in a backslash that no other one takes away."""
    count = end
    while count > start and text[count - 1] == "\\":
        count -= 1
    return (end - count) % 2 == 1


def split(text: str, at: Word) -> tuple[Word, ...]:
    """The words of the value of a variable, at the place where it is used."""
    source = Source(text, at.source.filename)
    words: list[Word] = []
    _split(source, 0, len(text), words)
    return tuple(Word(one.text, at.start, at.end, at.source, one.is_brace) for one in words)


def _split(source: Source, start: int, end: int, words: list[Word]) -> tuple[bool, int | None]:
    """Add the words of a stretch; whether a comment ends it, and where a quote is left open."""
    text = source.text
    position = start
    while position < end:
        character = text[position]
        if character in _BLANKS:
            position += 1
        elif character in "#!":
            return True, None
        elif character in "{}":
            words.append(Word(character, position, position + 1, source, True))
            position += 1
        else:
            word, position, quote = _word(source, position, end)
            words.append(word)
            if quote is not None:
                return False, quote
    return False, None


def _word(source: Source, start: int, end: int) -> tuple[Word, int, int | None]:
    """A word, where it ends, and where a quote is left open."""
    text = source.text
    parts: list[str] = []
    position = start
    while position < end:
        plain = _PLAIN.match(text, position, end)
        if plain is not None:
            parts.append(plain[0])
            position = plain.end()
            continue
        character = text[position]
        if character == '"':
            closing = text.find('"', position + 1, end)
            if closing < 0:
                parts.append(text[position + 1 : end])
                return Word("".join(parts), start, end, source), end, position
            parts.append(text[position + 1 : closing])
            position = closing + 1
        elif character == "\\":
            parts.append(text[position + 1 : min(position + 2, end)])
            position += 2
        elif character == "$":
            variable = _VARIABLE.match(text, position, end)
            parts.append(variable[0] if variable else character)
            position = variable.end() if variable else position + 1
        else:
            break
    position = min(position, end)
    return Word("".join(parts), start, position, source), position, None
