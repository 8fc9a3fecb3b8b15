"""Mending: a text without faults that says what a faulty one says.

Only for texts in which the smallest edit cannot say what it should, because what is wrong nearby
would be taken for something else.  No word is lost: lines that Piranha refuses become comments.
"""

from collections.abc import Iterator

from lvscf.directives import BY_SCOPE, Scope
from lvscf.syntax.judge import complaint_about
from lvscf.syntax.nodes import Blank, Block, Close, Comment, Directive, Item, Line, Unread
from lvscf.syntax.reading import Reading
from lvscf.writing import wording
from lvscf.writing.style import indentation


def mended(reading: Reading) -> str:
    """The text that was read, without what is wrong with it."""
    lines: list[str] = []
    unread = ""
    for position, item in enumerate(reading.items):
        if isinstance(item, Unread):
            unread = item.text if position or item.text.startswith("\0") else ""
        else:
            lines += _item(item, Scope.GLOBAL)
    return "".join(line.rstrip("\r\n") + "\n" for line in lines) + unread


def _item(item: Item, scope: Scope) -> Iterator[str]:
    if isinstance(item, Blank | Comment):
        yield item.text
    elif isinstance(item, Directive):
        yield _directive(item, scope)
    elif isinstance(item, Block) and (item.keyword == "server") is (scope is Scope.SERVICE):
        yield from _block(item)
    elif isinstance(item, Block):
        for line in item.lines():
            yield _comment(line)
    else:
        yield _comment(item)


def _directive(line: Directive, scope: Scope) -> str:
    if complaint_about(line.content, scope) is None and line.words:
        return line.text
    if line.value is None:
        return _comment(line)
    definition = BY_SCOPE[scope][line.name]
    said = " ".join(wording.as_written(line, definition))
    return f"{indentation(line)}{line.name} = {said}"


def _block(block: Block) -> Iterator[str]:
    yield _header(block)
    for item in block.items:
        if not (isinstance(item, Directive) and item.name == "{"):
            yield from _item(item, block.scope)
    if block.close is None or not _closes(block.close):
        yield f"{indentation(block.header)}}}"
    else:
        yield block.close.text


def _header(block: Block) -> str:
    words = block.header.words
    if [word.text for word in words] == [block.keyword, block.name, "{"]:
        return block.header.text
    try:
        name = wording.name_word(block.keyword, block.name, ())
    except ValueError:  # nothing can be done for it here
        return block.header.text
    return f"{indentation(block.header)}{block.keyword} {name} {{"


def _closes(close: Close) -> bool:
    words = close.words
    return bool(words) and words[0].text == "}"


def _comment(line: Line) -> str:
    content = line.content
    return content if content.lstrip(" \t")[:1] in ("", "#") else f"# {content}"
