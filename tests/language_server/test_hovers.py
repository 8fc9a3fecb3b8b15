"""What is shown about a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvscf.document import parse
from lvscf.language_server.hovers import BLOCKS, hover
from lvscf.piranha import directives
from lvscf.piranha.directives import TABLE, Scope
from lvscf.testing import any_texts

OPENED = {
    Scope.GLOBAL: "",
    Scope.SERVICE: "virtual a {\n",
    Scope.SERVER: "virtual a {\nserver b {\n",
}


def shown(text: str, word: str, after: int = 0) -> str | None:
    """The hover in a text at a word."""
    found = hover(parse(text), text.index(word) + after)
    return None if found is None else found.text


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.scope.name}-{row.name}")
def test_every_directive(row: directives.Definition) -> None:
    """Its meaning in its own kind of block, its value, and its default."""
    text = f"{OPENED[row.scope]}{row.name} = 1\n"
    found = shown(text, f"{row.name} =")

    assert found is not None
    assert row.meaning in found
    assert f"- Value: {row.kind.name}" in found
    assert "- Default: " in found


def test_what_the_daemons_do() -> None:
    found = shown("deadtime = 6\n", "deadtime")
    assert found is not None
    assert "Missed heartbeats are not counted" in found


@pytest.mark.parametrize(
    ("text", "word", "part"),
    [
        ("network = direct\n", "direct", "must accept packets to the VIP"),
        ("keepalive = 0x10\n", "0x10", "Piranha reads `16`."),
        ("keepalive = 6\n", "6", "Default: `2`."),
        ("keepalive = x\n", "x", "Piranha cannot use this value."),
        ("backup = 10.1\n", "10.1", "Piranha reads `10.0.0.1`."),
        ("syncdaemon = 1\n", "1", "On."),
        ('rsh_command = "a`b"\n', '"a`b"', "``"),
        ("nat_router = 10.1.1.1 eth0:1\n", "eth0:1", "`nat_router = 10.1.1.1 eth0:1`"),
    ],
)
def test_values(text: str, word: str, part: str) -> None:
    found = shown(text, word)

    assert found is not None
    assert part in found


def test_values_read_as_written_are_not_repeated() -> None:
    for text in ("keepalive = 6\n", 'rsh_command = "ssh"\n', "virtual a {\ndirs = [ a b ]\n"):
        assert "Piranha reads" not in (shown(text, "=", 2) or "")


def test_misread_texts() -> None:
    """Where Piranha reads something else altogether, nothing is said about what it reads."""
    assert "Piranha reads" not in (shown("keepalive = 0x10\r\n", "0x10") or "")


@pytest.mark.parametrize("keyword", BLOCKS)
def test_blocks(keyword: str) -> None:
    text = f"virtual a {{\n{keyword} b {{\n" if keyword == "server" else f"{keyword} b {{\n"
    assert shown(text, f"{keyword} b") == BLOCKS[keyword]
    assert shown(text, " b {", 1) is None


def test_rules() -> None:
    """The manual of one rule, the list of several."""
    text = "# lvscf: ignore[LVS201, LVS2, ALL]\n"
    assert "## Why it matters" in (shown(text, "LVS201") or "")
    assert "- LVS202 deadtime-too-tight: " in (shown(text, "LVS2,") or "")
    assert "more" in (shown(text, "ALL") or "").splitlines()[-1]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("\n", "\n"),
        ("# comment\n", "comment"),
        ("nonsense = 1\n", "nonsense"),
        ("keepalive = 6\n", "="),
    ],
)
def test_nothing_to_say(text: str, word: str) -> None:
    assert shown(text, word) is None


@given(any_texts(), st.data())
def test_any_text(text: str, data: st.DataObject) -> None:
    """A hover is about a stretch of the text around the cursor."""
    offset = data.draw(st.integers(0, len(text)))
    found = hover(parse(text), offset)

    assert found is None or 0 <= found.start <= offset <= found.end <= len(text)
