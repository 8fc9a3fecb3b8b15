"""Offsets as positions, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from pygls.workspace import PositionCodec

from lvscf.language_server.positions import Positions, lines_of
from lvscf.source import Source
from tests.language_server.sessions import ENCODINGS, units

CHARACTERS = st.text(st.sampled_from("ab\r\n\x0c\u2028é€\N{GRINNING FACE}\udce9"), max_size=30)


def positions(text: str, encoding: str | None) -> Positions:
    codec = PositionCodec(None if encoding is None else types.PositionEncodingKind(encoding))
    return Positions(Source(text), codec)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_there_and_back(encoding: str | None) -> None:
    """Every offset except those within a line end has a position of its own."""

    @given(CHARACTERS, st.data())
    def law(text: str, data: st.DataObject) -> None:
        offset = data.draw(st.integers(0, len(text)))
        there = positions(text, encoding)
        if text[offset - 1 : offset + 1] != "\r\n" or not offset:
            assert there.offset(there.position(offset)) == offset

    law()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_units(encoding: str | None) -> None:
    line = "é€\N{GRINNING FACE}x"
    there = positions(f"# one\n{line}\n", encoding)

    for column in range(len(line) + 1):
        place = there.position(6 + column)
        assert place == types.Position(1, units(line[:column], encoding))
    assert there.range(6, 10) == types.Range(
        types.Position(1, 0), types.Position(1, units(line, encoding))
    )


@pytest.mark.parametrize("text", ["ab", "ab\n", "ab\r\n", "ab\ncd"])
def test_too_far(text: str) -> None:
    """After the end of a line is its end, after the last line the end of the text."""
    there = positions(text, "utf-16")
    far = types.Position(0, 99)

    assert there.offset(far) == 2
    assert far == types.Position(0, 99)  # what the client sent is not changed
    assert there.offset(types.Position(99, 0)) == len(text)


def test_spans() -> None:
    source = Source("# \N{GRINNING FACE}\nkeepalive = x\n")
    there = Positions(source, PositionCodec(types.PositionEncodingKind.Utf16))
    span = source.span(2, 6)

    assert there.of(span) == there.range(2, 6)


def test_invalid_bytes_are_one_character_each() -> None:
    """Editors show each as U+FFFD, which has three bytes in UTF-8."""
    text = b"caf\xe9 x".decode("utf-8", "surrogateescape")
    shown = "caf\N{REPLACEMENT CHARACTER} x"

    for encoding in ENCODINGS:
        assert positions(text, encoding).position(5).character == units(shown[:5], encoding)


@given(CHARACTERS)
def test_lines(text: str) -> None:
    """They are the text; only LF, CRLF and CR end one."""
    lines = lines_of(Source(text))

    assert "".join(lines) == text
    assert lines[-1].rstrip("\r\n") == lines[-1]
    for line in lines[:-1]:
        assert line.endswith(("\r", "\n"))
        assert not {"\r", "\n"} & set(line.removesuffix("\n").removesuffix("\r"))
