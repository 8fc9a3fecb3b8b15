"""Comments that ask for silence, as they are written.

A comment on a line of its own (behind a value, Piranha would refuse the file) silences rules for
what follows it: `# lvscf: ignore[LVS201]` for the next directive, or the whole next block;
`# lvscf: ignore-file[LVS204]` for the whole file.  Several rules are parted by commas, by code,
name or family; text behind the bracket is the reason.
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
    """What was probably meant, once it is known that there is no such rule."""


@record
class SilencingComment:
    """A comment that asks for silence, or was meant to."""

    line: Comment
    at: Place
    """From `lvscf` to the closing bracket; to the end of the line where it cannot be read."""
    words: tuple[Mention, ...]
    """Empty where no rule is named, or none that can be found."""
    reason: str | None
    whole_file: bool
    start: int
    """Where silence begins and ends; for a comment that nothing follows, at itself."""
    end: int
    idle: tuple[Mention, ...] = ()
    """Words that silence nothing, once that is known."""


Explanation = Callable[[Reading, SilencingComment, Mention | None], Problem]
"""Says what is wrong with a comment, or with one word of it."""


@record
class CommentRule(LintRule):
    """A rule about comments that ask for silence: puts what is wrong with one into words."""

    explain: Explanation


def comment_rule(code: str, name: str, severity: Severity) -> Callable[[Explanation], CommentRule]:
    """Make a rule of a function that explains a comment; its docstring is the manual."""

    def make(explain: Explanation) -> CommentRule:
        return CommentRule(code, name, severity, explain.__doc__, explain)

    return make


def silencing_comments(items: tuple[Item, ...], end_of_file: int) -> Iterator[SilencingComment]:
    """The comments of a file that ask for silence, or were meant to."""
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
