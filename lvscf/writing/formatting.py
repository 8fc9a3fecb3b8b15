"""Formatting: the layout that the Piranha GUI gives a file, with comments and groups kept.

Lines get a new layout, and directives are put into canonical order.  What Piranha holds in memory
does not change, and no word is lost; docs/formatting.md says what goes where, and why.
"""

from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from lvscf.piranha.directives import Definition
from lvscf.syntax.nodes import Block, Item, Unread
from lvscf.syntax.reading import Reading
from lvscf.syntax.words import Word
from lvscf.writing.grouping import Entry, definition, grouped, ignored
from lvscf.writing.style import GUI

_HEADER = {"virtual": GUI.header, "failover": GUI.header, "server": GUI.server_header}
_BODY = {"": "", "virtual": GUI.body, "failover": GUI.body, "server": GUI.server_body}


def text(reading: Reading, gui_safe: bool = False) -> str:
    """The text that was read, in the layout of the Piranha GUI.

    Only for a text that Piranha loads as it is written.

    Args:
        reading: what was read.
        gui_safe: whether to write comments, empty lines and quotes so that the GUI reads them
            correctly; `gui_traps` finds what it misreads even then.
    """
    unread = "".join(item.text for item in reading.items if isinstance(item, Unread))
    lines = list(_Layout(gui_safe).body("", reading.items))
    if not lines and not unread:
        return "\n"  # Piranha rejects an empty file
    return "".join(f"{line}\n" for line in lines) + unread


def value(words: Sequence[Word], row: Definition, gui_safe: bool = False) -> str:
    """The words of a value, as they are written, separated by one blank.

    `gui_safe`: the GUI deletes values of three words that begin with an apostrophe, so these get
    double quotes if the quotes are not part of the value.
    """
    said = " ".join([word.as_written for word in words])
    if gui_safe and not row.kind.keeps_quotes and said.count(" ") > 1:
        return " ".join(
            f'"{word.text}"' if word.quote == "'" and '"' not in word.text else word.as_written
            for word in words
        )
    return said


def safe_comment(comment: str) -> str:
    """A comment that the GUI ignores: without braces, and of five bytes or more.

    The GUI counts braces in comments, and reads a shorter line as a repetition of the previous one.
    """
    from lvscf.piranha import gui

    comment = comment.replace("{", "(").replace("}", ")")
    if gui.is_short(comment):
        comment += " " + "-" * max(1, gui.MOST_SHORT_BYTES - len(comment))
    return comment


@frozen
class _Layout:
    """The layout of lines."""

    gui_safe: bool

    def body(self, keyword: str, items: Sequence[Item], port: int | None = None) -> Iterator[str]:
        """The lines inside the block that `keyword` opens (of a whole text, if it is empty).

        `port` is an additional port to write.
        """
        inside = grouped(keyword, items, port)
        yield from self._comments(keyword, inside.heading)
        for number, group in enumerate(inside.groups):
            if number:
                yield ""
            for entry in group:
                yield from self._comments(keyword, entry.comments)
                yield from self._directive(keyword, entry)
        has_lines = bool(inside.heading or inside.groups)
        after_server = False
        for entry in inside.blocks:
            # The GUI applies the last line of a server again at an empty line after it.
            if entry.gap and has_lines and not (after_server and self.gui_safe):
                yield ""
            yield from self._comments(keyword, entry.comments)
            if entry.block is not None:
                yield from self._block(entry.block, entry.port)
            has_lines = True
            after_server = entry.block is not None and entry.block.keyword == "server"

    def _block(self, block: Block, port: int | None) -> Iterator[str]:
        keyword = block.keyword
        yield f"{_HEADER[keyword]}{keyword} {block.header.words[1].as_written} {{"
        yield from self.body(keyword, block.items, port)
        if block.close is not None:
            yield from self._comments(keyword, ignored(block.close, block.close.words[0]))
        yield f"{_HEADER[keyword]}}}"

    def _directive(self, keyword: str, entry: Entry) -> Iterator[str]:
        line = entry.line
        if line is not None:
            said = value(entry.words, definition(keyword, line.name), self.gui_safe)
            yield f"{_BODY[keyword]}{line.name} = {said}"
        elif entry.port is not None:
            yield f"{_BODY[keyword]}port = {entry.port}"

    def _comments(self, keyword: str, comments: Iterable[str]) -> Iterator[str]:
        for comment in comments:
            yield _BODY[keyword] + (safe_comment(comment) if self.gui_safe else comment)
