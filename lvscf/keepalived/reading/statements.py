"""The statements of keepalived.conf: keywords with their values and blocks.

Variables are replaced, conditional lines chosen and included files read.  What cannot be read is a
`Gap`: the text around it is read all the same.
"""

import re
from collections.abc import Callable, Iterator

from attrs import field

from lvscf.findings.place import Place
from lvscf.keepalived.reading.words import Word, lines, split
from lvscf.shared.records import record
from lvscf.source import Source, quoted

_INCLUDES = frozenset(
    ("include", "includer", "includem", "includew", "includeb", "includet", "includea")
)
_DEEPEST = 16
"""Includes within includes."""
_DEEPEST_BLOCK = 32
"""Blocks within blocks; keepalived knows six."""
_LONGEST = 1 << 20
"""Characters that variables may add to a configuration: they can double each other."""
_MOST_FILES = 1000
"""Inclusions, of which a few files can ask for many."""

_DEFINITION = re.compile(r"\$(\w+)=")
_USE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_GENERATED = re.compile(r"~(?:SEQ|LST)\s*\(")


@record
class Gap:
    """A part of the configuration that was not read."""

    message: str
    """What was not read and why, as a sentence without its full stop."""
    place: Place
    """With its source."""
    is_ignored: bool = False
    """Whether keepalived ignores it as well, so that nothing is missing."""

    def __str__(self) -> str:
        source = self.place.source
        assert source is not None
        return f"{source.span(self.place.start, self.place.end)}: {self.message}"


@record
class Statement:
    """A keyword with its values, and perhaps a block."""

    words: tuple[Word, ...]
    body: "tuple[Statement, ...] | None"
    """None without braces."""
    end: int
    """The offset after it, in the file of its first word if its block ends there."""

    @property
    def keyword(self) -> str:
        """The first word."""
        return self.words[0].text

    @property
    def values(self) -> tuple[Word, ...]:
        """The words after the keyword."""
        return self.words[1:]

    @property
    def place(self) -> Place:
        """The words."""
        first, last = self.words[0], self.words[-1]
        end = last.end if last.source is first.source and last.end > first.start else first.end
        return Place(first.start, end, first.source)


Include = Callable[[str, Source], "tuple[Source, ...] | str"]
"""Finds the files that a pattern means, as written in a file; or says in words why it does not."""


def no_includes(_pattern: str, _source: Source) -> str:
    """Include nothing: for texts that have no folder."""
    return "the folder of this file is not known"


@record(frozen=False)
class _Open:
    """A block that is being read."""

    words: tuple[Word, ...]
    done: list[Statement] = field(factory=list)


class Statements:
    """Reads the statements of a configuration, its included files and its gaps."""

    def __init__(self, source: Source, include: Include, config_id: str | None) -> None:
        self.sources: list[Source] = []
        """The file and those that it includes, each once."""
        self.gaps: list[Gap] = []
        self._include = include
        self._config_id = config_id
        self._variables: dict[str, str] = {}
        self._left = _LONGEST
        self._files = 0
        self._asked: set[str] = set()
        self._reading: list[str] = []
        self.statements = self._statements(source)

    def _gap(self, message: str, place: Place) -> None:
        self.gaps.append(Gap(message, place))

    # --- blocks ----------------------------------------------------------------------------------

    def _statements(self, source: Source) -> tuple[Statement, ...]:
        stack = [_Open(())]
        waiting: list[Word] = []
        """The words of a statement that is not finished."""

        def finish(end: int) -> None:
            if waiting:
                stack[-1].done.append(Statement(tuple(waiting), None, end))
                waiting.clear()

        too_deep = 0
        """The blocks that are open beyond the deepest that is read."""
        for line in self._lines(source):
            for word in line:
                if too_deep:
                    too_deep += (word.text == "{") - (word.text == "}") if word.is_brace else 0
                elif not word.is_brace:
                    waiting.append(word)
                elif word.text == "{":
                    done = stack[-1].done
                    if not waiting and done and done[-1].body is None:
                        waiting.extend(done.pop().words)  # the brace is on a line of its own
                    if not waiting:
                        self._gap("this brace belongs to no keyword", word.place)
                        waiting.append(word)
                    if len(stack) > _DEEPEST_BLOCK:
                        self._gap("this block is too deep inside others to be read", word.place)
                        too_deep = 1
                        continue
                    stack.append(_Open(tuple(waiting)))
                    waiting.clear()
                else:
                    finish(word.start)
                    if len(stack) == 1:
                        self._gap("this brace closes nothing", word.place)
                    else:
                        self._close(stack, word.end)
            if not too_deep:
                finish(line[-1].end)
        while len(stack) > 1:
            first = stack[-1].words[0]
            self._gap(f"the block of {quoted(first.text)} is not closed", first.place)
            self._close(stack, len(first.source.text))
        return tuple(stack[0].done)

    def _close(self, stack: list[_Open], end: int) -> None:
        block = stack.pop()
        stack[-1].done.append(Statement(block.words, tuple(block.done), end))

    # --- lines -----------------------------------------------------------------------------------

    def _lines(self, source: Source) -> Iterator[tuple[Word, ...]]:
        """The lines in force, of a file and those that it includes."""
        if source not in self.sources:
            self.sources.append(source)
        self._reading.append(source.filename)
        for line in lines(source):
            if line.open_quote is not None:
                place = Place(line.open_quote, line.open_quote + 1, source)
                self._gap("this quote is not closed on its line", place)
            if line.backslash is not None:
                place = Place(line.backslash, line.backslash + 1, source)
                self._gap("not all releases of keepalived continue a line after a backslash", place)
            words = self._chosen(line.words) if line.words else ()
            if not words or self._defines(source, words):
                continue
            if words[0].text in _INCLUDES and len(words) > 1:
                for file in self._included(words):
                    yield from self._lines(file)
                continue
            if any("$" in word.text or "~" in word.text for word in words):
                yield from self._replaced(words)
            else:
                yield words
        self._reading.pop()

    def _chosen(self, words: tuple[Word, ...]) -> tuple[Word, ...]:
        """The words of a line, if its condition holds: `@main` or `@^main` before them."""
        first = words[0]
        if not first.text.startswith("@") or first.is_brace:
            return words
        name = first.text[1:].removeprefix("^")
        if self._config_id is None:
            if name not in self._asked:
                self._asked.add(name)
                self._gap(
                    f"which lines hold depends on the config id, such as {quoted(name)}, which was "
                    "not given",
                    first.place,
                )
            return ()
        holds = (name == self._config_id) is not first.text.startswith("@^")
        return words[1:] if holds else ()

    # --- variables -------------------------------------------------------------------------------

    def _defines(self, source: Source, words: tuple[Word, ...]) -> bool:
        """Whether a line defines a variable; it is kept as text, since it may be a whole block."""
        definition = _DEFINITION.match(source.text, words[0].start)
        if definition is None or words[0].source is not source:
            return False
        end = max(words[-1].end, definition.end())  # without a comment
        text = source.text[definition.end() : end]
        kept = "\n".join(one.rstrip().removesuffix("\\") for one in text.split("\n"))
        self._variables[definition[1]] = self._expanded(kept, words[0])
        return True

    def _expanded(self, text: str, at: Word) -> str:
        """A text with its variables replaced; those that are not defined stay."""
        if "$" not in text:
            return text
        parts: list[str] = []
        end = 0
        for use in _USE.finditer(text):
            value = self._variables.get(use[1] or use[2])
            if value is None:
                continue
            if len(value) > self._left:
                self._gap(
                    "variables make the configuration too long: not all are replaced", at.place
                )
                break
            self._left -= len(value)
            parts += text[end : use.start()], value
            end = use.end()
        parts.append(text[end:])
        return "".join(parts)

    def _replaced(self, words: tuple[Word, ...]) -> Iterator[tuple[Word, ...]]:
        """A line with what its variables stand for, which may be several lines."""
        line: list[Word] = []
        for word in words:
            if _GENERATED.match(word.text):
                self._gap("blocks that `~SEQ` and `~LST` repeat are not read", word.place)
            text = self._expanded(word.text, word)
            if text == word.text:
                line.append(word)
                continue
            for number, part in enumerate(text.split("\n")):
                if number and line:
                    yield tuple(line)
                    line = []
                line += split(part, word)
        if line:
            yield tuple(line)

    # --- includes --------------------------------------------------------------------------------

    def _included(self, words: tuple[Word, ...]) -> Iterator[Source]:
        for word in words[1:]:
            pattern = self._expanded(word.text, word)
            if len(self._reading) >= _DEEPEST or self._files >= _MOST_FILES:
                self._gap(f"{quoted(pattern)} is not read: too many files are included", word.place)
                continue
            found = self._include(pattern, word.source)
            if isinstance(found, str):
                self._gap(f"{quoted(pattern)} is not read: {found}", word.place)
                continue
            for file in found:
                if file.filename in self._reading:
                    self._gap(f"{quoted(file.filename)} includes itself", word.place)
                elif self._files < _MOST_FILES:
                    self._files += 1
                    yield file
