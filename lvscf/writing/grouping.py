"""Grouping: which comments belong to which directive or block, and which directives stand together.

Directives with no empty line between them are a group.  A comment belongs to what stands directly
below it; one with an empty line below it stands on its own.
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
    """Whether an empty line stands above."""
    line: Directive | None = None
    words: tuple[Word, ...] = ()
    """Those that say the value of `line`."""
    block: Block | None = None
    port: int | None = None
    """A port to be written into the block, or (where there is neither line nor block) alone."""

    @property
    def is_directive(self) -> bool:
        """Whether it sets something."""
        return self.line is not None or (self.port is not None and self.block is None)


@record(frozen=False)
class Grouped:
    """What stands inside one block, or in a whole text."""

    heading: list[str]
    """The comments that a file begins with."""
    groups: list[list[Entry]]
    """Above the first block; each holds its directives in canonical order, then the comments that
    stand on their own."""
    blocks: list[Entry]
    """The blocks, and the comments between them and behind."""


def grouped(keyword: str, items: Sequence[Item], port: int | None = None) -> Grouped:
    """Sort what stands inside the block that `keyword` opens (a whole text has none).

    Directives behind the first block come above it, and so does `port`, one that has to be written.
    """
    entries = _entries(keyword, items)
    if keyword in ("virtual", "failover"):
        _note_ports(entries)
    opens = next((i for i, entry in enumerate(entries) if entry.block), len(entries))
    groups = _groups(entries[:opens])
    heading = [] if keyword else _take_heading(groups)
    blocks, moved = _parted(entries[opens:])
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
    """What stands behind the last word of a line that is read, as a comment."""
    behind = line.content[last.end :].strip(words.BLANKS)
    if not behind:
        return []
    comment = behind if behind.startswith("#") else f"# {behind}"
    # It silenced no rule where it was, and shall not begin to.
    return [f"# {comment}" if speaks_to_the_linter(comment) else comment]


def _entries(keyword: str, items: Sequence[Item]) -> list[Entry]:
    entries: list[Entry] = []
    waiting: list[str] = []
    gap = False
    for item in items:
        if isinstance(item, Blank):
            # Across an empty line, nothing but a silenced rule belongs to what is below.
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
    """Take out the comments above the first directive: they are about the file, not about it."""
    if not groups or groups[0][0].line is None:
        return []
    comments = groups[0][0].comments
    about_the_file = next(
        (i for i, comment in enumerate(comments) if silences_what_follows(comment)), len(comments)
    )
    groups[0][0].comments = comments[about_the_file:]
    return comments[:about_the_file]


def _parted(entries: list[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Blocks (and comments on their own), and the directives between them."""
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
    """Add directives to the last group that has any; else they become one."""
    for group in reversed(groups):
        if any(entry.is_directive for entry in group):
            group += moved
            return
    groups.insert(0 if in_front else len(groups), moved)


def _note_ports(entries: list[Entry]) -> None:
    """Give servers the port that they have without saying so, where another is set behind them.

    A server without a port takes that which its service has at that line.
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
    """The directives inside a block by name, each with its place in canonical order."""
    return {row.name: (rank, row) for rank, row in enumerate(ORDER[keyword])}
