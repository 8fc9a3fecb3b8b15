"""The texts that pygls keeps."""

from lsprotocol import types

from lvscf.language_server.features import server
from lvscf.language_server.protocol import Protocol


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
