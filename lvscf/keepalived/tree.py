"""A small tree of keepalived.conf, and its text."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

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
    items: "tuple[Item, ...]"
    remark: str = ""


Item: TypeAlias = Line | Comment | Block


def block(head: str, items: "Iterable[Item]", remark: str = "") -> Block:
    """A block of any items."""
    return Block(head, tuple(items), remark)


def text(groups: Iterable[Iterable[Item]]) -> str:
    """The text of a file; a blank line separates groups."""
    parts = ("\n".join(line for item in group for line in _lines(item, "")) for group in groups)
    return "\n\n".join(part for part in parts if part) + "\n"


def _lines(item: Item, indent: str) -> Iterator[str]:
    if isinstance(item, Comment):
        yield f"{indent}# {_safe(item.text)}".rstrip()
    elif isinstance(item, Line):
        yield f"{indent}{item.text}{_after(item.remark)}"
    else:
        yield f"{indent}{item.head} {{{_after(item.remark)}"
        for inner in item.items:
            yield from _lines(inner, indent + _INDENT)
        yield f"{indent}}}"


def _after(remark: str) -> str:
    return f"  # {_safe(remark)}" if remark else ""


def _safe(comment: str) -> str:
    """A comment that ends with its line; after a backslash, keepalived reads on in the next."""
    return f"{comment}." if comment.rstrip().endswith("\\") else comment
