"""Sessions of an editor with `lvscf lsp`, as a process, over standard input and output."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from attrs import define, field
from lsprotocol import types
from pytest_lsp.client import (
    DEFAULT_CLIENT_FEATURES,
    LanguageClient,
    client_capabilities,
    register_lsp_features,
)

PATIENCE = 30.0
"""The longest time to wait for a message, in seconds."""

COMMAND = (sys.executable, "-m", "lvscf", "lsp")

ENCODINGS = ("utf-8", "utf-16", "utf-32", None)
"""The encodings that a client may ask for; None for one that names none, and means UTF-16."""


def units(text: str, encoding: str | None) -> int:
    """The length of a text as positions count it."""
    return {
        "utf-8": lambda: len(text.encode()),
        "utf-16": lambda: len(text.encode("utf-16-le")) // 2,
        "utf-32": lambda: len(text),
    }[encoding or "utf-16"]()


@define(eq=False)
class Editor:
    """A client, and what the server has sent to it."""

    client: LanguageClient
    capabilities: types.ServerCapabilities | None = None
    published: list[types.PublishDiagnosticsParams] = field(factory=list)
    watched: list[types.FileSystemWatcher] = field(factory=list)
    arrived: asyncio.Condition = field(factory=asyncio.Condition)

    @property
    def process(self) -> asyncio.subprocess.Process:
        """The server."""
        process = self.client._server
        assert process is not None
        return process

    # --- texts ---------------------------------------------------------------------------------

    async def open(self, path: Path | str, text: str | None = None, version: int = 1) -> str:
        """Open a file, or a text of that name; returns its URI once it has been linted."""
        uri = path if isinstance(path, str) else path.as_uri()
        if text is None:
            assert isinstance(path, Path)
            text = path.read_bytes().decode("utf-8", "replace")
        item = types.TextDocumentItem(uri, "lvs", version, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        await self.diagnostics(uri, version)
        return uri

    def change(
        self, uri: str, version: int, *changes: types.TextDocumentContentChangeEvent
    ) -> None:
        """Send changes."""
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version=version, uri=uri), changes
            )
        )

    async def replace(self, uri: str, version: int, text: str) -> list[types.Diagnostic]:
        """Send a whole text; returns what is found in it."""
        self.change(uri, version, types.TextDocumentContentChangeWholeDocument(text))
        return await self.diagnostics(uri, version)

    async def request(self, method: str, params: object, number: str | None = None) -> Any:
        """Send any request; returns the answer."""
        protocol: Any = self.client.protocol
        return await protocol.send_request_async(method, params, msg_id=number)

    # --- answers -------------------------------------------------------------------------------

    async def published_after(self, number: int, uri: str) -> list[types.Diagnostic]:
        """The next diagnostics of a file after so many messages."""

        def there() -> types.PublishDiagnosticsParams | None:
            return next((one for one in self.published[number:] if one.uri == uri), None)

        async with self.arrived:
            await asyncio.wait_for(self.arrived.wait_for(lambda: there() is not None), PATIENCE)
        found = there()
        assert found is not None
        return list(found.diagnostics)

    async def diagnostics(self, uri: str, version: int) -> list[types.Diagnostic]:
        """What was found in a version of a text, once it has been."""

        def there() -> types.PublishDiagnosticsParams | None:
            found = [one for one in self.published if (one.uri, one.version) == (uri, version)]
            return found[-1] if found else None

        async with self.arrived:
            await asyncio.wait_for(self.arrived.wait_for(lambda: there() is not None), PATIENCE)
        found = there()
        assert found is not None
        return list(found.diagnostics)

    async def codes(self, uri: str, version: int) -> list[str]:
        """The codes of what was found."""
        return [str(one.code) for one in await self.diagnostics(uri, version)]

    async def actions(
        self, uri: str, line: int, only: Sequence[str] | None = None
    ) -> list[types.CodeAction]:
        """The actions on a line, counted from 0."""
        place = types.Position(line, 0)
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(uri),
            types.Range(place, place),
            types.CodeActionContext([], only=only),
        )
        answer = await self.client.text_document_code_action_async(params)
        return [one for one in answer or () if isinstance(one, types.CodeAction)]

    async def hover(self, uri: str, line: int, character: int) -> str | None:
        """The text of a hover."""
        answer = await self.client.text_document_hover_async(
            types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(line, character))
        )
        if answer is None:
            return None
        assert isinstance(answer.contents, types.MarkupContent)
        return answer.contents.value

    async def complete(self, uri: str, line: int, character: int) -> list[types.CompletionItem]:
        """What is proposed at a place."""
        answer = await self.client.text_document_completion_async(
            types.CompletionParams(
                types.TextDocumentIdentifier(uri), types.Position(line, character)
            )
        )
        assert isinstance(answer, types.CompletionList)
        return list(answer.items)


def capabilities(
    encoding: str | None = None, client: str = "visual-studio-code"
) -> types.ClientCapabilities:
    """The capabilities of a known client, with one encoding of positions."""
    found = client_capabilities(client)
    encodings = None if encoding is None else [types.PositionEncodingKind(encoding)]
    found.general = types.GeneralClientCapabilities(position_encodings=encodings)
    return found


def _client() -> tuple[LanguageClient, Editor]:
    from pygls.protocol import default_converter

    client = LanguageClient(converter_factory=default_converter)
    editor = Editor(client)

    async def published(params: types.PublishDiagnosticsParams) -> None:
        async with editor.arrived:
            editor.published.append(params)
            editor.arrived.notify_all()

    def registered(params: types.RegistrationParams) -> None:
        for one in params.registrations:
            options: Any = one.register_options
            made = client.protocol._converter.structure(
                options, types.DidChangeWatchedFilesRegistrationOptions
            )
            editor.watched = list(made.watchers)

    def unregistered(params: types.UnregistrationParams) -> None:
        editor.watched = []

    features = {
        **DEFAULT_CLIENT_FEATURES,
        types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: published,
        types.CLIENT_REGISTER_CAPABILITY: registered,
        types.CLIENT_UNREGISTER_CAPABILITY: unregistered,
    }
    register_lsp_features(client, features)
    return client, editor


@asynccontextmanager
async def session(
    can: types.ClientCapabilities | None = None,
    command: Sequence[str] = COMMAND,
    folder: Path | None = None,
) -> AsyncIterator[Editor]:
    """A session, ended properly."""
    async with connection(command, folder) as editor:
        answer = await editor.client.initialize_session(
            types.InitializeParams(capabilities=can or capabilities())
        )
        editor.capabilities = answer.capabilities
        yield editor
        if editor.process.returncode is None:
            await asyncio.wait_for(editor.client.shutdown_session(), PATIENCE)
            assert editor.process.returncode == 0


@asynccontextmanager
async def connection(
    command: Sequence[str] = COMMAND, folder: Path | None = None
) -> AsyncIterator[Editor]:
    """A server that has been sent nothing yet; it ends when its input does."""
    client, editor = _client()
    await client.start_io(*command, cwd=folder)
    try:
        yield editor
    finally:
        process = editor.process
        if process.returncode is None:
            if process.stdin is not None and not process.stdin.is_closing():
                process.stdin.close()
            try:
                await asyncio.wait_for(process.wait(), PATIENCE)
            except TimeoutError:
                process.kill()
        await client.stop()  # type: ignore[no-untyped-call]
