"""Grouping: which comments belong to a directive or block, and which directives belong together.

Directives with no empty line between them are a group.  A comment belongs to the item directly
below it; one with an empty line below it belongs to none.
"""

from collections.abc import Sequence
from functools import cache

from lvscf.piranha.directives import DEFAULT_PORT, ORDER, Definition
from lvscf.shared.records import record
from lvscf.syntax import words
from lvscf.syntax.nodes import Blank, Block, Comment, Directive, Item, Line, Unread
from lvscf.syntax.words import Word
from lvscf.writing import wording
from lvscf.writing.linter_comments import silences_what_follows, speaks_to_the_linter


@record(frozen=False)
class Entry:
    """A directive or a block, with the comments that belong to it; or comments on their own."""

    comments: list[str]
    gap: bool = False
    """Whether there is an empty line above."""
    line: Directive | None = None
    words: tuple[Word, ...] = ()
    """The words of the value of `line`."""
    block: Block | None = None
    port: int | None = None
    """A port to write into the block, or (without line and block) on its own."""

    @property
    def is_directive(self) -> bool:
        """Whether it sets something."""
        return self.line is not None or (self.port is not None and self.block is None)


@record(frozen=False)
class Grouped:
    """The contents of one block, or of a whole text."""

    heading: list[str]
    """The comments at the beginning of a file."""
    groups: list[list[Entry]]
    """The groups above the first block: each has its directives in canonical order, then the
    comments on their own."""
    blocks: list[Entry]
    """The blocks, and the comments between and after them."""


def grouped(keyword: str, items: Sequence[Item], port: int | None = None) -> Grouped:
    """Sort the contents of the block that `keyword` opens (empty for a whole text).

    Directives after the first block move above it, and so does `port`, an additional one to write.
    """
    entries = _entries(keyword, items)
    if keyword in ("virtual", "failover"):
        _note_ports(entries)
    opens = next((i for i, entry in enumerate(entries) if entry.block), len(entries))
    groups = _groups(entries[:opens])
    heading = [] if keyword else _take_heading(groups)
    blocks, moved = _separated(entries[opens:])
    if blocks and not groups:
        blocks[0].gap = any(entry.gap for entry in (blocks[0], *moved))
    if port is not None:
        moved.append(Entry([], port=port))
    if moved:
        _join(moved, groups, in_front=not blocks)
    for group in groups:
        group.sort(key=lambda entry: _rank(entry, keyword))
    return Grouped(heading, groups, blocks)


def definition(keyword: str, name: str) -> Definition:
    """The directive `name` of the block that `keyword` opens."""
    return _rows(keyword)[name][1]


def ignored(line: Line, last: Word) -> list[str]:
    """The text after the last word that Piranha reads of a line, as a comment."""
    rest = line.content[last.end :].strip(words.BLANKS)
    if not rest:
        return []
    comment = rest if rest.startswith("#") else f"# {rest}"
    # It silenced no rule where it was, and must not start to.
    return [f"# {comment}" if speaks_to_the_linter(comment) else comment]


def _entries(keyword: str, items: Sequence[Item]) -> list[Entry]:
    entries: list[Entry] = []
    waiting: list[str] = []
    gap = False
    for item in items:
        if isinstance(item, Blank):
            # Across an empty line, only silencing comments belong to what follows.
            alone = [comment for comment in waiting if not silences_what_follows(comment)]
            if alone:
                entries.append(Entry(alone, gap))
                waiting = [comment for comment in waiting if silences_what_follows(comment)]
            gap = True
            continue
        if isinstance(item, Comment):
            waiting.append(item.content.strip(words.BLANKS))
            continue
        if isinstance(item, Unread):
            continue
        if isinstance(item, Block):
            entry = Entry(waiting + ignored(item.header, item.header.words[2]), gap, block=item)
        else:
            assert isinstance(item, Directive)
            said = wording.written(item, definition(keyword, item.name))
            entry = Entry(waiting + ignored(item, said[-1]), gap, item, said)
        entries.append(entry)
        waiting, gap = [], False
    if waiting:
        entries.append(Entry(waiting, gap))
    return entries


def _groups(entries: list[Entry]) -> list[list[Entry]]:
    groups: list[list[Entry]] = []
    for entry in entries:
        if entry.gap or not groups:
            groups.append([])
        groups[-1].append(entry)
    return groups


def _take_heading(groups: list[list[Entry]]) -> list[str]:
    """Take the comments above the first directive: they are about the file."""
    if not groups or groups[0][0].line is None:
        return []
    comments = groups[0][0].comments
    about_the_file = next(
        (i for i, comment in enumerate(comments) if silences_what_follows(comment)), len(comments)
    )
    groups[0][0].comments = comments[about_the_file:]
    return comments[:about_the_file]


def _separated(entries: list[Entry]) -> tuple[list[Entry], list[Entry]]:
    """The blocks (and comments on their own), and the directives between them."""
    blocks: list[Entry] = []
    directives: list[Entry] = []
    gap = False
    for entry in entries:
        if entry.is_directive:
            directives.append(entry)
            gap = gap or entry.gap
        else:
            entry.gap = entry.gap or gap
            blocks.append(entry)
            gap = False
    return blocks, directives


def _join(moved: list[Entry], groups: list[list[Entry]], in_front: bool) -> None:
    """Add directives to the last group that has any; if none has, they form their own."""
    for group in reversed(groups):
        if any(entry.is_directive for entry in group):
            group += moved
            return
    groups.insert(0 if in_front else len(groups), moved)


def _note_ports(entries: list[Entry]) -> None:
    """Note the ports that servers inherit now and would lose, as another is set after them.

    A server without a port takes the port that its service has at that line.
    """
    set_here = [
        entry.line.value
        for entry in entries
        if entry.line is not None and entry.line.name == "port" and entry.line.value is not None
    ]
    final = set_here[-1] if set_here else DEFAULT_PORT
    so_far = DEFAULT_PORT
    for entry in entries:
        if entry.line is not None and entry.line.name == "port":
            so_far = entry.line.value
        elif entry.block is not None and so_far != final and not entry.block.directives("port"):
            entry.port = so_far


def _rank(entry: Entry, keyword: str) -> int:
    rows = _rows(keyword)
    if not entry.is_directive:
        return len(rows)
    return rows[entry.line.name if entry.line is not None else "port"][0]


@cache
def _rows(keyword: str) -> dict[str, tuple[int, Definition]]:
    """The directives of a block by name, each with its rank in canonical order."""
    return {row.name: (rank, row) for rank, row in enumerate(ORDER[keyword])}
