"""The texts that pygls keeps."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lsprotocol import types
from pygls.workspace import PositionCodec

from lvscf.language_server.features import server
from lvscf.language_server.positions import Positions
from lvscf.language_server.protocol import Protocol, Workspace
from lvscf.source import Source
from tests.language_server.sessions import ENCODINGS

CHARACTERS = st.text(st.sampled_from("ab\r\n\x0c\u2028é€\N{GRINNING FACE}"), max_size=20)


def test_every_line_is_a_line_of_the_protocol() -> None:
    """Also of a text that was closed: it is empty, not read from disk."""
    made = server()
    protocol = made.protocol
    assert isinstance(protocol, Protocol)
    steps = protocol.lsp_initialize(types.InitializeParams(types.ClientCapabilities()))
    assert list(steps) == []

    made.workspace.put_text_document(types.TextDocumentItem("file:///a", "lvs", 1, "a\x0cb\r\nc\r"))
    assert list(made.workspace.get_text_document("file:///a").lines) == ["a\x0cb\r\n", "c\r", ""]
    assert made.workspace.get_text_document("file:///nowhere").source == ""


def within_a_line_end(text: str, offset: int) -> bool:
    """Whether an offset is between CR and LF, where no position is."""
    return text[max(offset - 1, 0) : offset + 1] == "\r\n"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_changes(encoding: str | None) -> None:
    """Whatever the text and the change: the new text is the one that the editor has."""
    kind = types.PositionEncodingKind(encoding or "utf-16")

    @given(CHARACTERS, CHARACTERS, st.data())
    def law(text: str, new: str, data: st.DataObject) -> None:
        start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
        assume(not within_a_line_end(text, start) and not within_a_line_end(text, end))
        workspace = Workspace(None, position_encoding=kind)
        workspace.put_text_document(types.TextDocumentItem("file:///a", "lvs", 1, text))
        place = Positions(Source(text), PositionCodec(kind)).range(start, end)
        workspace.update_text_document(
            types.VersionedTextDocumentIdentifier(version=2, uri="file:///a"),
            types.TextDocumentContentChangePartial(place, new),
        )
        assert workspace.get_text_document("file:///a").source == text[:start] + new + text[end:]

    law()
