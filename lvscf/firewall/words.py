"""Shell text cut into commands and words, without a shell: nothing is ever run.

Quotes, backslashes, comments, continuation lines, `VAR=value` and `$VAR` are understood; what a
running shell alone could know (`$1`, `$(...)`, a variable set elsewhere) stays marked as unset.
"""

import re
from collections.abc import Iterator

from attrs import define, field, frozen

from lvscf.firewall.specification import UNSET

_LONGEST_VALUE = 4096
"""Characters of a variable's value that are kept: `A=$A$A` must not grow without end."""

_PIECE = re.compile(
    r"(?P<plain>[^\s'\"\\$`;&|<>()#\n]+)"
    r"|(?P<space>[ \t\r\f\v]+)"
    r"|(?P<continued>\\\r?\n)"
    r"|(?P<end>\n)"
    r"|(?P<single>'[^'\n]*')"
    r'|"(?P<double>(?:[^"\\\n]|\\(?:.|\n))*)"'
    r"|\\(?P<escaped>.)"
    r"|(?P<variable>\$(?:\w+|\{[^}\n]*\}|[@*#?$!-]))"
    r"|(?P<run>\$\([^)\n]*\)?|`[^`\n]*`)"
    r"|(?P<control>&&|\|\||;;|[;&|()])"
    r"|(?P<redirect>\d?(?:<<-?|>>|[<>])(?:&[\d-]?)?)"
    r"|(?P<other>.)"
)
_IN_QUOTES = re.compile(
    r"\\(?P<escaped>[$`\"\\]|\n)|(?P<variable>\$(?:\w+|\{[^}\n]*\}))"
    r"|(?P<run>\$\([^)\n]*\)|`[^`\n]*`)"
)
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=")
_DECLARING = ("export", "local", "readonly", "declare", "typeset")


@frozen
class Word:
    """A word with its place; `text` is what the shell would hand over."""

    text: str
    start: int
    end: int


@frozen
class Line:
    """One simple command: words up to a line's end or `;`, `&&`, `|`."""

    words: tuple[Word, ...]
    start: int
    end: int
    first: bool
    """Whether it begins a line of the file."""
    unbalanced: int | None = None
    """Where a quote opens that is not closed on its line."""


@define
class Shell:
    """Reads commands one after the other, and remembers variables on the way."""

    text: str
    variables: dict[str, str] = field(factory=dict)

    def lines(self, start: int, end: int) -> Iterator[Line]:
        """The commands of `text[start:end]`, in order."""
        position = start
        first = True
        while position < end:
            line, position, ended = self._line(position, end, first)
            if line.words or line.unbalanced is not None:
                yield line
            first = ended

    def _line(self, position: int, end: int, first: bool) -> tuple[Line, int, bool]:
        """One command from `position`; also where it ends, and whether its line ends there."""
        words: list[Word] = []
        begin = position
        parts: list[str] = []
        word_start = -1
        can_split = False
        unbalanced: int | None = None
        awaiting = False
        last = position

        def finish(at: int) -> None:
            nonlocal word_start, can_split, awaiting
            if word_start < 0:
                return
            text = "".join(parts)
            if awaiting:  # the file of a redirection is no argument
                awaiting = False
            elif can_split and (" " in text or not text):
                words.extend(Word(piece, word_start, at) for piece in text.split())
            else:
                words.append(Word(text, word_start, at))
            parts.clear()
            word_start = -1
            can_split = False

        ended = False
        while position < end:
            found = _PIECE.match(self.text, position, end)
            if found is None:  # cannot be: `other` takes any character but a line's end
                break
            kind = found.lastgroup
            piece = found.group()
            following = found.end()
            if kind == "space" or kind == "continued":
                finish(position)
                position = following
                continue
            if kind == "end" or kind == "control":
                finish(position)
                position = following
                ended = kind == "end"
                break
            if piece == "#" and word_start < 0:
                line_end = self.text.find("\n", position, end)
                position = end if line_end < 0 else line_end
                continue
            if kind == "redirect":
                if word_start >= 0 and piece[0].isdigit():
                    parts.append(piece[0])
                finish(position)
                awaiting = "&" not in piece
                position = following
                continue
            if not words and word_start < 0:
                begin = position
            if word_start < 0:
                word_start = position
            if kind == "single":
                parts.append(piece[1:-1])
            elif kind == "double":
                parts.append(self._unquoted(found.group("double")))
            elif kind == "escaped":
                parts.append(found.group("escaped"))
            elif kind == "variable":
                value = self.variable(piece)
                can_split = can_split or len(piece) == following - word_start
                parts.append(value)
            elif kind == "run":
                parts.append(UNSET + piece)
            elif piece in ("'", '"'):
                # A quote that its line does not close ends with the line.
                unbalanced = position
                line_end = self.text.find("\n", position, end)
                following = end if line_end < 0 else line_end
                parts.append(self.text[position + 1 : following])
            else:
                parts.append(piece)
            position = last = following
        finish(position)
        if self._declared(words):
            words = []
        return (
            Line(tuple(words), begin, max(last, begin), first, unbalanced),
            position,
            ended or position >= end,
        )

    def _unquoted(self, text: str) -> str:
        def replace(found: re.Match[str]) -> str:
            if found.lastgroup == "escaped":
                return "" if found["escaped"] == "\n" else found["escaped"]
            return (
                self.variable(found.group())
                if found.lastgroup == "variable"
                else UNSET + found.group()
            )

        return _IN_QUOTES.sub(replace, text)

    def variable(self, reference: str) -> str:
        """What `$NAME`, `${NAME}` or `${NAME:-value}` stands for."""
        name = reference[1:].strip("{}")
        name, sign, default = name.partition(":-")
        value = self.variables.get(name)
        if value is not None:
            return value
        return default if sign else UNSET + reference

    def _declared(self, words: list[Word]) -> bool:
        """Take note of `VAR=value` words; whether the command is nothing else."""
        first = 1 if words and words[0].text in _DECLARING else 0
        assigned = []
        for word in words[first:]:
            found = _ASSIGNMENT.match(word.text)
            if not found or not _ASSIGNMENT.match(self.text, word.start, word.end):
                return bool(first)
            assigned.append((found[1], word.text[found.end() :]))
        for name, value in assigned:
            if len(value) <= _LONGEST_VALUE:
                self.variables[name] = value
            else:
                self.variables.pop(name, None)
        return bool(assigned) or bool(first)


_SAVED_WORD = re.compile(r'[^\s"]*(?:"(?:[^"\\]|\\.)*"[^\s"]*)+|[^\s"]+|"')


def saved_words(text: str, start: int, end: int) -> list[str]:
    """The words of a line of iptables-save.

    Only double quotes quote there; a backslash within them takes the next character as it is.

    Raises:
        ValueError: a quote is not closed; its argument is the offset of the quote.
    """
    line = text[start:end]
    if '"' not in line:
        return line.split()
    words: list[str] = []
    for found in _SAVED_WORD.finditer(line):
        word = found.group()
        if '"' in word:
            if word == '"':
                raise ValueError(start + found.start())
            word = _unquote(word)
        words.append(word)
    return words


def saved_places(text: str, start: int, end: int) -> list[int]:
    """Where the words of a line of iptables-save begin."""
    return [found.start() for found in _SAVED_WORD.finditer(text, start, end)]


def _unquote(word: str) -> str:
    return re.sub(r'"((?:[^"\\]|\\.)*)"', lambda found: re.sub(r"\\(.)", r"\1", found[1]), word)
