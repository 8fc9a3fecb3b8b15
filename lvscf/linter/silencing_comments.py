"""Silencing comments, as they are written.

A comment on its own line (after a value, Piranha would reject the file) silences rules for what
follows it: `# lvscf: ignore[LVS201]` for the next directive or the whole next block,
`# lvscf: ignore-file[LVS204]` for the whole file.  Rules are given by code, name or family,
separated by commas; text after the bracket is the reason.
"""

import re
from collections.abc import Callable, Iterator

from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import LintRule, Problem
from lvscf.shared.records import record
from lvscf.syntax.nodes import Block, Comment, Item, Line
from lvscf.syntax.reading import Reading

_COMMENT = re.compile(r"[ \t]*#[ \t]*lvscf:[ \t]*(ignore-file|ignore)[ \t]*\[([^\]\r\n]*)\](.*)")
_MEANT = re.compile(r"[ \t]*#[ \t]*(lvscf(?:[ \t]*:|[ \t]+ignore\b).*)")
_WORD = re.compile(r"[^\s,](?:[^,]*[^\s,])?")


@record
class Mention:
    """A selector in the brackets of a comment."""

    text: str
    at: Place
    suggestion: str | None = None
    """The rule that was probably meant, if there is no such rule."""


@record
class SilencingComment:
    """A comment that silences rules, or was meant to."""

    line: Comment
    at: Place
    """From `lvscf` to the closing bracket; to the end of the line if it cannot be read."""
    words: tuple[Mention, ...]
    """Empty if no rule is named, or the comment cannot be read."""
    reason: str | None
    whole_file: bool
    start: int
    """Where silence begins and ends; for a comment followed by nothing, both are its own start."""
    end: int
    idle: tuple[Mention, ...] = ()
    """The words that silence nothing, once that is known."""


Explanation = Callable[[Reading, SilencingComment, Mention | None], Problem]
"""Explains what is wrong with a comment, or with one of its words."""


@record
class CommentRule(LintRule):
    """A rule about silencing comments."""

    explain: Explanation


def comment_rule(code: str, name: str, severity: Severity) -> Callable[[Explanation], CommentRule]:
    """Turn a function that explains a comment into a rule; its docstring is the manual."""

    def make(explain: Explanation) -> CommentRule:
        return CommentRule(code, name, severity, explain.__doc__, explain)

    return make


def silencing_comments(items: tuple[Item, ...], end_of_file: int) -> Iterator[SilencingComment]:
    """The silencing comments of a file, and those that were meant to be."""
    waiting: list[Comment] = []
    for item in items:
        if isinstance(item, Comment):
            if not _MEANT.match(item.text):
                continue
            found = _COMMENT.match(item.text)
            if found and found[1] == "ignore":
                waiting.append(item)
            else:
                yield _comment(item, 0, end_of_file)
            continue
        if not isinstance(item, Block) and not item.text.strip():
            continue
        extent = _extent(item)
        yield from (_comment(comment, *extent) for comment in waiting)
        waiting = []
        if isinstance(item, Block):
            yield from silencing_comments(item.items, end_of_file)
    yield from (_comment(comment, comment.start, comment.start) for comment in waiting)


def _comment(line: Comment, start: int, end: int) -> SilencingComment:
    found = _COMMENT.match(line.content)
    meant = _MEANT.match(line.content)
    assert meant is not None
    begin = line.start + meant.start(1)
    if found is None:
        at = Place(begin, line.start + len(line.content.rstrip()))
        return SilencingComment(line, at, (), None, False, start, end)
    words = tuple(
        Mention(part[0], Place(line.start + part.start(), line.start + part.end()))
        for part in _WORD.finditer(line.content, found.start(2), found.end(2))
    )
    at = Place(begin, line.start + found.end(2) + 1)
    whole_file = found[1] == "ignore-file"
    return SilencingComment(line, at, words, found[3].strip() or None, whole_file, start, end)


def _extent(item: Item) -> tuple[int, int]:
    lines: list[Line] = list(item.lines()) if isinstance(item, Block) else [item]
    return lines[0].start, lines[-1].start + len(lines[-1].content)
