"""The outline of an lvs.cf: its blocks and directives as a tree, and what can be folded."""

from collections.abc import Iterator
from itertools import groupby

from lvscf.config import places
from lvscf.document import Document
from lvscf.findings.place import Place
from lvscf.shared.records import record
from lvscf.source import displayable
from lvscf.syntax.nodes import Block, Comment, Directive, Item, lines


@record
class Symbol:
    """A block or a directive."""

    name: str
    detail: str
    keyword: str
    """`virtual`, `failover` or `server`; empty for a directive."""
    whole: Place
    named: Place
    """Where its name is, within the whole."""
    inside: "tuple[Symbol, ...]" = ()


def symbols(document: Document) -> tuple[Symbol, ...]:
    """The blocks and directives at top level, with what they contain."""
    return tuple(_symbols(document.items))


def _symbols(items: tuple[Item, ...]) -> Iterator[Symbol]:
    for item in items:
        if isinstance(item, Block):
            yield _block(item)
        elif isinstance(item, Directive):
            whole = Place(*item.extent())
            words = item.words
            named = places.word(item, 0) if words else whole
            written = item.content[words[2].start : words[-1].end] if len(words) > 2 else ""
            name = displayable(words[0].text if words else item.name)
            yield Symbol(name or "=", displayable(written), "", whole, named)


def _block(block: Block) -> Symbol:
    *_, last = block.lines()
    whole = Place(block.header.extent()[0], max(block.header.extent()[1], last.extent()[1]))
    name = displayable(f"{block.keyword} {block.name}".strip())
    inside = tuple(_symbols(block.items))
    return Symbol(name, _address(block), block.keyword, whole, places.name_in(block), inside)


def _address(block: Block) -> str:
    """What clients or routers know a block by: its mark or address, and its port."""
    values = {
        item.name: item.value
        for item in block.items
        if isinstance(item, Directive) and item.value is not None
    }
    if values.get("fwmark"):
        return f"mark {values['fwmark']}"
    address = values.get("address")
    if address is None:
        return ""
    plain = str(address).partition(" ")[0]
    port = f":{values['port']}" if "port" in values else ""
    return displayable(f"{plain}{port}")


@record
class Folding:
    """Lines that can be folded into the first of them; they count from 1."""

    first: int
    last: int
    is_comment: bool


def foldings(document: Document) -> tuple[Folding, ...]:
    """Blocks without the line that closes them, and comments of several lines."""
    found = [*_blocks(document, document.items), *_comments(document)]
    return tuple(sorted(found, key=lambda one: (one.first, one.last)))


def _blocks(document: Document, items: tuple[Item, ...]) -> Iterator[Folding]:
    for item in items:
        if not isinstance(item, Block):
            continue
        first, _ = document.source.location(item.header.start)
        written = [line for line in lines(item.items) if line.text.strip()]
        if written:
            last, _ = document.source.location(written[-1].start)
            yield Folding(first, last, False)
        yield from _blocks(document, item.items)


def _comments(document: Document) -> Iterator[Folding]:
    for is_comment, group in groupby(
        lines(document.items), key=lambda line: isinstance(line, Comment)
    ):
        if not is_comment:
            continue
        numbers = [document.source.location(line.start)[0] for line in group]
        if len(numbers) > 1:
            yield Folding(numbers[0], numbers[-1], True)
