"""Words: how Piranha's reader splits a line.

Only spaces and tabs are blanks.  A word that begins with a quote extends, oddly, first to the next
blank and only from there to the closing quote; there are no escapes.
"""

import re

from lvscf.shared.records import evolved, record

BLANKS = " \t"
MOST_WORDS = 99
"""The reader reads this many words of a line."""
LINE_FEED = "\ud800"
"""A line feed inside a line that ends in a CR, in the text that Piranha reads.

To Piranha such a line feed is an ordinary character, except that the search for a closing quote
stops there.  A text that was decoded from bytes never contains this lone surrogate.
"""

_PLAIN_WORDS = re.compile(r"[^ \t]+")
_BLANK = re.compile(r"[ \t]")


@record
class Word:
    """One word of a line: its text without quotes, and its place."""

    text: str
    quote: str
    """The quote character that it was written with, or an empty string."""
    start: int
    """Offset of its first character (of the quote, if there is one) in the line."""
    end: int

    @property
    def as_written(self) -> str:
        """The word with its quotes."""
        return f"{self.quote}{self.text}{self.quote}"


@record
class Words:
    """The words of a line, up to the first that cannot be read."""

    words: tuple[Word, ...]
    broken_at: int | None = None
    """Offset of a word whose quote is not closed where the reader expects it; it is the last."""
    crashes: bool = False
    """Whether that word is a lone quote at the line's end: the reader writes outside its memory."""
    cut_at: int | None = None
    """Offset of the first word after the 99 that are read."""


def split(line: str) -> Words:
    """Split a line (without its end) into words as the reader does; the caller handles comments."""
    if LINE_FEED in line:
        found = _split_quoted(line)
        words = [evolved(word, text=word.text.replace(LINE_FEED, "\n")) for word in found.words]
        return evolved(found, words=tuple(words))
    if '"' not in line and "'" not in line:
        words = [Word(m[0], "", m.start(), m.end()) for m in _PLAIN_WORDS.finditer(line)]
        if len(words) > MOST_WORDS:
            return Words(tuple(words[:MOST_WORDS]), cut_at=words[MOST_WORDS].start)
        return Words(tuple(words))
    return _split_quoted(line)


def _split_quoted(line: str) -> Words:
    words: list[Word] = []
    end = len(line)
    # The position of the last quote of each kind, so that a line of a million opening quotes is not
    # searched to its end a million times.
    last = {quote: line.rfind(quote) for quote in "\"'"}
    position = 0
    while True:
        while position < end and line[position] in BLANKS:
            position += 1
        if position == end:
            return Words(tuple(words))
        if len(words) == MOST_WORDS:
            return Words(tuple(words), cut_at=position)
        start = position
        quote = line[start]
        blank = _BLANK.search(line, start)
        position = blank.start() if blank else end
        if quote not in last:
            words.append(Word(line[start:position], "", start, position))
            continue
        if position == end:
            # The word ends the line: its last character must be the closing quote.
            if position == start + 1:
                return Words(tuple(words), broken_at=start, crashes=True)
            if line[end - 1] != quote:
                return Words(tuple(words), broken_at=start)
            words.append(Word(line[start + 1 : end - 1], quote, start, end))
            return Words(tuple(words))
        if last[quote] < position:
            return Words(tuple(words), broken_at=start)
        closing = line.index(quote, position)
        if line.find(LINE_FEED, position, closing) >= 0:
            return Words(tuple(words), broken_at=start)
        words.append(Word(line[start + 1 : closing], quote, start, closing + 1))
        position = closing + 1
