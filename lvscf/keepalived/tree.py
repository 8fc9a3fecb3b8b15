"""A small tree of keepalived.conf, and its text."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from attrs import field

from lvscf.shared.records import record

_INDENT = " " * 4


@record
class Line:
    """A keyword with its values."""

    text: str
    remark: str = ""
    """A comment after it."""


@record
class Comment:
    """A comment on a line of its own."""

    text: str


@record
class Block:
    """A keyword with a block in braces."""

    head: str
    items: "tuple[Item, ...]" = field(converter=tuple)
    remark: str = ""


Item: TypeAlias = Line | Comment | Block


def text(items: Iterable[Item]) -> str:
    """The text of a file; blocks are separated by blank lines."""
    lines: list[str] = []
    after: Item | None = None
    for item in items:
        starts = isinstance(item, Block) != isinstance(after, Comment)
        if after is not None and (starts or isinstance(after, Block)):
            lines.append("")
        lines += _lines(item, "")
        after = item
    return "\n".join(lines) + "\n"


def _lines(item: Item, indent: str) -> Iterator[str]:
    if isinstance(item, Comment):
        yield f"{indent}# {item.text}".rstrip()
    elif isinstance(item, Line):
        yield f"{indent}{item.text}{_after(item.remark)}"
    else:
        yield f"{indent}{item.head} {{{_after(item.remark)}"
        for inner in item.items:
            yield from _lines(inner, indent + _INDENT)
        yield f"{indent}}}"


def _after(remark: str) -> str:
    return f"  # {remark}" if remark else ""
