"""A keepalived.conf as the lines and blocks that silencing comments stand among."""

import re
from collections.abc import Iterator

from lvscf.keepalived.linting.joined import JoinedText
from lvscf.keepalived.reading.statements import Statement
from lvscf.piranha.directives import Scope
from lvscf.syntax.nodes import Block, Close, Comment, Directive, Header, Item
from lvscf.syntax.words import Word

_COMMENT = re.compile(r"^[ \t]*#[^\r\n]*", re.MULTILINE)


class PlacedLine(Directive):
    """A stretch of a line, whatever its syntax: to rules, it is name and value at once."""

    __slots__ = ()

    @property
    def words(self) -> tuple[Word, ...]:
        """The stretch, as each of the words that a rule may ask for."""
        return (Word(self.text, "", 0, len(self.text)),) * 3


class PlacedHeader(Header):
    """The same, for the line that opens a block."""

    __slots__ = ()

    @property
    def words(self) -> tuple[Word, ...]:
        """The stretch, as each of the words that a rule may ask for."""
        return (Word(self.text, "", 0, len(self.text)),) * 3


def items(statements: tuple[Statement, ...], text: JoinedText) -> tuple[Item, ...]:
    """The statements and comments of all files; a block holds what is in its own file."""
    found = _COMMENT.finditer(text.source.text)
    comments = [Comment(one.start(), one[0]) for one in found if "lvscf" in one[0]]
    hoisted: list[Statement] = list(statements)
    # The list grows while blocks with parts in other files are found.
    whole = [_node(one, text, hoisted) for one in hoisted]
    return tuple(_merged(whole, comments, len(text.source.text)))


class _Node:
    """A statement with those inside it that are in the same file."""

    def __init__(self, statement: Statement, start: int, end: int) -> None:
        self.statement = statement
        self.start = start
        self.end = end
        self.inner: list[_Node] = []


def _node(statement: Statement, text: JoinedText, hoisted: list[Statement]) -> _Node:
    first = statement.words[0]
    start = text.start_of(first)
    end = text.offset(first.source, statement.end)
    node = _Node(statement, start, max(end, text.offset(first.source, first.end)))
    for inner in statement.body or ():
        at = text.start_of(inner.words[0])
        if inner.words[0].source is first.source and start <= at < node.end:
            node.inner.append(_node(inner, text, hoisted))
        else:
            hoisted.append(inner)
    return node


def _merged(nodes: list[_Node], comments: list[Comment], end: int) -> Iterator[Item]:
    """Nodes with the comments before and inside them, which are taken from the list."""
    whole = text_order(nodes)
    waiting = list(reversed(comments))
    for node in whole:
        while waiting and waiting[-1].start < node.start:
            yield waiting.pop()
        inside = []
        while waiting and waiting[-1].start < min(node.end, end):
            inside.append(waiting.pop())
        yield _item(node, inside)
    yield from reversed(waiting)


def text_order(nodes: list[_Node]) -> list[_Node]:
    """Nodes in the order of the text; of several at one place, as a variable makes, the first."""
    kept: list[_Node] = []
    for node in sorted(nodes, key=lambda one: one.start):
        if not kept or node.start >= kept[-1].end:
            kept.append(node)
    return kept


def _item(node: _Node, comments: list[Comment]) -> Item:
    statement = node.statement
    words = statement.place
    shown = " ".join(word.text for word in statement.words) or "-"
    length = max(1, words.end - words.start)
    if statement.body is None:
        return PlacedLine(node.start, shown[:length].ljust(length), statement.keyword, True)
    header = PlacedHeader(node.start, shown[:length].ljust(length))
    inner = tuple(_merged(node.inner, comments, node.end))
    close = Close(max(node.start, node.end - 1), "}")
    return Block(Scope.SERVICE, statement.keyword, shown, header, inner, close)
