"""What an editor proposes to write at the cursor."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from lvscf.document import Document, parse
from lvscf.language_server.cursor import Cursor, cursor_at
from lvscf.language_server.hovers import BLOCKS as BLOCK_MEANINGS
from lvscf.language_server.hovers import directive_text, word_meaning
from lvscf.linter.directive_manual import DirectiveManual
from lvscf.linter.registry import rules
from lvscf.piranha.choices import MEANINGS
from lvscf.piranha.directives import BLOCKS, ORDER, Definition, Scope
from lvscf.shared.records import record
from lvscf.syntax.nodes import Block, Directive, Item

_KEYWORD = re.compile(r"[ \t]*([^\s=#{}\"']*)\Z")
_VALUE = re.compile(r"[ \t]*([^\s=]+)[ \t]*=[ \t]*(\S*)\Z")
_HEADER = re.compile(r"[ \t]*(virtual|failover|server)[ \t]+\S+[ \t]+(\{?)\Z")
_IN_BRACKETS = re.compile(r"[ \t]*#[ \t]*lvscf:[ \t]*(?:ignore-file|ignore)[ \t]*\[([^\]]*)\Z")
_COMMENT = re.compile(r"[ \t]*#[ \t]*([^\s\[]*|lvscf:[ \t]*[^\s\[]*)\Z")
_REST_OF_WORD = re.compile(r"[^\s=,\]{}]*")

Kind = Literal["directive", "block", "value", "rule", "comment"]


@record
class Completion:
    """A proposal: a text for a stretch of the document around the cursor."""

    label: str
    kind: Kind
    text: str
    start: int
    end: int
    detail: str = ""
    documentation: str = ""
    """Markdown."""
    snippet: str | None = None
    """The text with tab stops, for editors that know them."""
    filter: str | None = None
    """What the typed word is compared with; by default the label."""
    deprecated: bool = False


def completions(
    document: Document, offset: int, codes: Iterable[str] = ()
) -> tuple[Completion, ...]:
    """What can be written at an offset, the likeliest first.

    Args:
        document: the lvs.cf.
        offset: the cursor.
        codes: the rules with findings in the file, which comments are likely to silence.
    """
    text = document.source.text
    start = document.source.line_starts[document.source.location(offset)[0] - 1]
    before = text[start:offset]
    rest = _REST_OF_WORD.match(text, offset)
    end = rest.end() if rest else offset
    if before.lstrip(" \t").startswith("#"):
        return tuple(_in_comment(before, offset, end, tuple(codes)))
    # Only what is above the line decides: the line itself, half written, may not be readable.
    above = _open_block(parse(text[:start]))
    header = _HEADER.match(before)
    if header is not None:
        return (Completion("{", "block", "{", offset - len(header[2]), end),)
    value = _VALUE.match(before)
    if value is not None:
        row = next((one for one in _rows(above) if one.name == value[1]), None)
        return () if row is None else tuple(_values(row, offset - len(value[2]), end))
    keyword = _KEYWORD.match(before)
    if keyword is None:
        return ()
    is_whole = "=" in text[end:].partition("\n")[0]
    here = cursor_at(document.items, offset)
    return tuple(_keywords(above, here, document, (offset - len(keyword[1]), end), is_whole))


def _open_block(above: Document) -> tuple[Block, ...]:
    """The blocks that are open at the end of a text."""
    around: list[Block] = []
    items: tuple[Item, ...] = above.items
    while items and isinstance(items[-1], Block) and items[-1].close is None:
        around.append(items[-1])
        items = items[-1].items
    return tuple(around)


def _rows(around: tuple[Block, ...]) -> tuple[Definition, ...]:
    """The directives that are allowed in a block, in canonical order."""
    keyword = around[-1].keyword if around else ""
    return ORDER.get(keyword, ORDER["virtual"])


def _keywords(
    around: tuple[Block, ...],
    here: Cursor,
    document: Document,
    place: tuple[int, int],
    is_whole: bool,
) -> Iterator[Completion]:
    """Directives that the block does not have yet, the blocks that it may contain, and its end."""
    start, end = place
    inside = here.around[-1].items if here.around and around else None
    items = inside if inside is not None else document.items
    own = here.line
    written = {one.name for one in items if isinstance(one, Directive) and one is not own}
    for row in sorted(_rows(around), key=lambda row: row.unused):
        if row.name in written:
            continue
        text = row.name if is_whole else f"{row.name} = "
        yield Completion(
            row.name,
            "directive",
            text,
            start,
            end,
            detail=_detail(row),
            documentation=directive_text(row),
            deprecated=row.unused,
        )
    scope = around[-1].scope if around else Scope.GLOBAL
    for keyword in BLOCKS[scope]:
        yield Completion(
            keyword,
            "block",
            f"{keyword} ",
            start,
            end,
            detail="block",
            documentation=BLOCK_MEANINGS[keyword],
            snippet=f"{keyword} ${{1:name}} {{\n     $0\n}}",
        )
    if around:
        yield Completion("}", "block", "}", start, end, detail=f"end of {around[-1].keyword}")


def _detail(row: Definition) -> str:
    default = DirectiveManual(row).default
    return row.kind.name if default is None else f"{row.kind.name}; default {default}"


def _values(row: Definition, start: int, end: int) -> Iterator[Completion]:
    """The words that a directive accepts, or its default."""
    kind = row.kind
    default = DirectiveManual(row).default
    known = kind.choices or tuple(MEANINGS.get(row.name, ()))
    words = ("1", "0") if kind.is_boolean else known
    if not words and default is not None:
        words = (default,)
    for word in words:
        is_default = word == default
        yield Completion(
            word,
            "value",
            word,
            start,
            end,
            detail="default" if is_default else "",
            documentation=word_meaning(row, word) or "",
        )


def _in_comment(before: str, offset: int, end: int, codes: tuple[str, ...]) -> Iterator[Completion]:
    inside = _IN_BRACKETS.match(before)
    if inside is not None:
        word = inside[1].rpartition(",")[2].lstrip(" \t")
        yield from _rules(offset - len(word), end, codes)
        return
    comment = _COMMENT.match(before)
    if comment is None:
        return
    start = offset - len(comment[1])
    for word, covers in (
        ("ignore", "the next directive, or the whole next block"),
        ("ignore-file", "the whole file"),
    ):
        label = f"lvscf: {word}[...]"
        yield Completion(
            label,
            "comment",
            f"lvscf: {word}[",
            start,
            end,
            detail=f"silence rules for {covers}",
            snippet=f"lvscf: {word}[${{1:LVS}}]$0",
            filter=f"lvscf: {word}",
        )


def _rules(start: int, end: int, codes: tuple[str, ...]) -> Iterator[Completion]:
    """All rules, those with findings in the file first."""
    wanted = set(codes)
    for rule in sorted(rules(), key=lambda rule: rule.code not in wanted):
        yield Completion(
            rule.code,
            "rule",
            rule.code,
            start,
            end,
            detail=rule.name,
            documentation=rule.summary,
            filter=f"{rule.code} {rule.name}",
        )
