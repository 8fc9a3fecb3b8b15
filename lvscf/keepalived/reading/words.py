r"""The words of keepalived.conf, line by line.

Facts: keepalived.conf(5) of 2.x, and what `keepalived -t` of 2.2 accepts.  `#` and `!` begin a
comment outside of quotes, even within a word; a backslash takes the special meaning of the next
character.  At the end of a line, it continues only the definition of a variable (measured on 2.2).
Braces are words of their own, except those of `${NAME}`.
"""

import re
from collections.abc import Iterator

from attrs import field

from lvscf.findings.place import Place
from lvscf.shared.records import record
from lvscf.source import Source

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_ENDS = "\r\n"
_DEFINITION = re.compile(r"[ \t]*(?:@\S+[ \t]+)?\$\w+=")
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
    backslash: int | None = None
    """The offset of a backslash at the end of a line that it does not continue."""


def lines(source: Source) -> Iterator[Line]:
    """The lines that have words, or a backslash at their end."""
    text = source.text
    words: list[Word] = []
    begin = 0
    is_definition = False
    broken: int | None = None
    for found in _LINE.finditer(text):
        start = found.start()
        end = start + len(found[0].rstrip(_ENDS))
        if not is_definition:
            words, begin, broken = [], start, None
            is_definition = _DEFINITION.match(text, start, end) is not None
        has_backslash = _has_backslash(text, start, end)
        quote = _split(source, start, end - has_backslash, words)
        broken = quote if broken is None else broken
        is_definition = is_definition and has_backslash
        if is_definition:
            continue
        stray = end - 1 if has_backslash else None
        if words or stray is not None:
            yield Line(tuple(words), begin, end, broken, stray)
    if is_definition:
        yield Line(tuple(words), begin, len(text), broken)


def _has_backslash(text: str, start: int, end: int) -> bool:
    """Whether a line ends in a backslash that no other one makes an ordinary character."""
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


def _split(source: Source, start: int, end: int, words: list[Word]) -> int | None:
    """Add the words of a stretch; returns where a quote is left open."""
    text = source.text
    position = start
    while position < end:
        character = text[position]
        if character in _BLANKS:
            position += 1
        elif character in "#!":
            return None
        elif character in "{}":
            words.append(Word(character, position, position + 1, source, True))
            position += 1
        else:
            word, position, quote = _word(source, position, end)
            words.append(word)
            if quote is not None:
                return quote
    return None


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
