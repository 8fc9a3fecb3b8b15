"""What is at an offset."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvscf.document import parse
from lvscf.language_server.cursor import cursor_at, rules_named_at, word_at
from lvscf.piranha.directives import Scope
from lvscf.syntax.nodes import Block, lines
from lvscf.testing import any_texts

TEXT = "keepalive = 6\nvirtual a {\n active = 1\n server b {\n  weight = 2\n }\n}\n"


@pytest.mark.parametrize(
    ("word", "scope", "blocks"),
    [
        ("keepalive", Scope.GLOBAL, []),
        ("virtual", Scope.SERVICE, ["a"]),
        ("active", Scope.SERVICE, ["a"]),
        ("server", Scope.SERVER, ["a", "b"]),
        ("weight", Scope.SERVER, ["a", "b"]),
        (" }\n", Scope.SERVER, ["a", "b"]),
        ("}\n}", Scope.SERVER, ["a", "b"]),
    ],
)
def test_scope(word: str, scope: Scope, blocks: list[str]) -> None:
    cursor = cursor_at(parse(TEXT).items, TEXT.index(word))

    assert cursor.scope is scope
    assert [block.name for block in cursor.around] == blocks


def test_the_end_of_a_text_is_on_no_line() -> None:
    """Unless its last line has no end."""
    cursor = cursor_at(parse(TEXT).items, len(TEXT))
    assert (cursor.line, cursor.around) == (None, ())

    open_text = TEXT.rstrip("\n} ")
    line = cursor_at(parse(open_text).items, len(open_text)).line
    assert line is not None
    assert line.text == "  weight = 2"


@given(any_texts(), st.data())
def test_every_offset_is_on_its_line(text: str, data: st.DataObject) -> None:
    """Whatever the text: the line at an offset contains it."""
    document = parse(text)
    offset = data.draw(st.integers(0, len(text)))
    line = cursor_at(document.items, offset).line

    if line is None:
        assert offset == len(text)
    else:
        assert line.start <= offset <= line.start + len(line.text)
        assert any(line is one for one in lines(document.items))


def test_blocks_are_those_around() -> None:
    """Each contains the next one."""
    cursor = cursor_at(parse(TEXT).items, TEXT.index("weight"))
    outer, inner = cursor.around

    assert isinstance(outer, Block)
    assert inner in outer.items


def test_word() -> None:
    line = cursor_at(parse(TEXT).items, 0).line
    assert line is not None

    assert [found and found[0] for found in (word_at(line, n) for n in (0, 9, 10, 11, 12, 13))] == [
        0, 0, 1, 1, 2, 2,
    ]  # fmt: skip
    empty = cursor_at(parse("  \n").items, 1).line
    assert empty is not None
    assert word_at(empty, 1) is None


@pytest.mark.parametrize(
    ("comment", "word", "codes"),
    [
        ("# lvscf: ignore[LVS201, deadtime-too-tight]", "LVS201", ["LVS201"]),
        ("# lvscf: ignore[LVS201, deadtime-too-tight]", "tight", ["LVS202"]),
        ("# see LVS201", "LVS201", ["LVS201"]),
        ("# lvscf: ignore[LVS777]", "LVS777", None),
        ("# lvscf: ignore[LVS201] why", "why", None),
    ],
)
def test_rules_in_comments(comment: str, word: str, codes: list[str] | None) -> None:
    line = cursor_at(parse(comment).items, 0).line
    assert line is not None
    found = rules_named_at(line, comment.index(word))

    assert (found and [rule.code for rule in found[2]]) == codes
    if found is not None:
        assert word in comment[found[0] : found[1]]
