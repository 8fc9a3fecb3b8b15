"""Repair: a text without faults that means the same as a faulty one.

Only for texts in which the smallest edit does not work, because a fault nearby would then be read
differently.  No word is lost: if Piranha loads the file (but misreads it), lines that it would
reject become comments; in a file that it rejects, they stay.
"""

from collections.abc import Iterator

from lvscf.piranha.directives import BLOCKS, BY_SCOPE, Scope
from lvscf.syntax import words
from lvscf.syntax.judge import complaint_about
from lvscf.syntax.nodes import Blank, Block, Close, Comment, Directive, Item, Line, Unread
from lvscf.syntax.reading import Reading
from lvscf.writing import wording
from lvscf.writing.lines import cuts_a_line
from lvscf.writing.style import indentation

_SILENCE = "# "


def repaired(reading: Reading, refused: bool = False) -> str:
    """The text that was read, without its faults.

    `refused`: whether Piranha rejects the file and should still do so.  Then the lines that it
    rejects stay.
    """
    lines: list[tuple[str, bool]] = []
    unread = ""
    for item in reading.items:
        if isinstance(item, Unread):
            unread = item.text.lstrip("\ufeff")  # a NUL and the rest; a byte-order mark goes
        else:
            lines += _item(item, Scope.GLOBAL)
    text = []
    was_silenced = False
    for line, silenced in lines:
        if silenced and refused:
            line, silenced = line.removeprefix(_SILENCE), False
        if was_silenced and not silenced and line.strip(" \t\r\n}"):
            text.append("\n")  # so that they are not read as a comment about what follows
        text.append(line.rstrip("\r\n") + "\n")
        was_silenced = silenced
    if refused and unread.startswith("\0") and cuts_a_line(reading.source.text):
        text.append(" ")
    return "".join(text) + unread


def _item(item: Item, scope: Scope) -> Iterator[tuple[str, bool]]:
    """The lines of `item`, each with whether it was turned into a comment."""
    if isinstance(item, Blank | Comment):
        yield item.text, False
    elif isinstance(item, Directive):
        yield _directive(item, scope)
    elif isinstance(item, Block) and item.keyword in BLOCKS[scope]:
        yield from _block(item)
    elif isinstance(item, Block):
        for line in item.lines():
            yield _silenced(line)
    else:
        yield _silenced(item)


def _directive(line: Directive, scope: Scope) -> tuple[str, bool]:
    if complaint_about(line.content, scope) is None and line.words:
        return line.text, False
    if line.value is None:
        return _silenced(line)
    definition = BY_SCOPE[scope][line.name]
    said = " ".join(wording.as_written(line, definition))
    return f"{indentation(line)}{line.name} = {said}", False


def _block(block: Block) -> Iterator[tuple[str, bool]]:
    yield _header(block), False
    for item in block.items:
        if not (isinstance(item, Directive) and item.name == "{"):
            yield from _item(item, block.scope)
    if block.close is None or not _closes(block.close):
        yield f"{indentation(block.header)}}}", False
    else:
        yield block.close.text, False


def _header(block: Block) -> str:
    if [word.text for word in block.header.words] == [block.keyword, block.name, "{"]:
        return block.header.text
    try:
        name = wording.name_word(block.keyword, block.name, ())
    except ValueError:  # it cannot be repaired here
        return block.header.text
    return f"{indentation(block.header)}{block.keyword} {name} {{"


def _closes(close: Close) -> bool:
    found = words.split(close.content)
    return found.broken_at is None and found.words[0].text == "}"


def _silenced(line: Line) -> tuple[str, bool]:
    content = line.content
    if content.lstrip(" \t")[:1] in ("", "#"):
        return content, False
    return f"{_SILENCE}{content}", True
