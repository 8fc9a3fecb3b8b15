"""The protocol as pygls speaks it, with lines split as the protocol defines them.

pygls splits texts with `str.splitlines`, which also splits at form feeds and other characters that
do not end a line in any editor; from there on, every change would be applied at the wrong place.
"""

from collections.abc import Generator, Sequence
from typing import Any

from lsprotocol import types
from pygls import workspace
from pygls.protocol import LanguageServerProtocol, lsp_method

from lvscf.language_server.positions import lines_of
from lvscf.source import Source


class _TextDocument(workspace.TextDocument):
    """An open text."""

    @property
    def lines(self) -> Sequence[str]:
        """The lines with their ends."""
        return lines_of(Source(self.source))


class Workspace(workspace.Workspace):
    """The open texts."""

    def _create_text_document(
        self,
        doc_uri: str,
        source: str | None = None,
        version: int | None = None,
        language_id: str | None = None,
    ) -> workspace.TextDocument:
        return _TextDocument(
            doc_uri,
            source=source or "",  # None would be read from disk
            version=version,
            language_id=language_id,
            sync_kind=self._sync_kind,
            position_codec=self._position_codec,
        )


class Protocol(LanguageServerProtocol):
    """The protocol of a language server."""

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(
        self, params: types.InitializeParams
    ) -> Generator[Any, Any, types.InitializeResult]:
        """Answer the first message, and put a workspace with the right lines into place."""
        result = yield from super().lsp_initialize(params)
        made = self.workspace
        self._workspace = Workspace(
            made.root_uri,
            types.TextDocumentSyncKind.Incremental,
            list(made.folders.values()),
            made.position_encoding,
        )
        return result
