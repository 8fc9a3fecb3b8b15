"""The server: the open texts, their findings, and the files around them."""

import asyncio
import os
import traceback
from collections.abc import Iterable

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError, PyglsError
from pygls.lsp.server import LanguageServer

from lvscf import __version__
from lvscf.files.file_kinds import instead_of_lvs_cf
from lvscf.files.linting import lint_document
from lvscf.files.surroundings import SurroundingFiles, Surroundings
from lvscf.language_server import translation
from lvscf.language_server.checked import Checked
from lvscf.language_server.client import Client
from lvscf.language_server.mistakes import mistake_of
from lvscf.language_server.positions import Positions
from lvscf.language_server.protocol import Protocol
from lvscf.language_server.translation import NAME, OpenText, Translation
from lvscf.language_server.uris import path_of, uri_of
from lvscf.source import Source, displayable

MOST_LINES_AT_ONCE = 500
"""Longer texts are linted only after a pause in typing."""

PAUSE = 0.2
"""The length of that pause, in seconds."""

_SETTINGS = ("lvscf.toml", "pyproject.toml")
_WATCH = "lvscf-files"
_SPECIAL_IN_PATTERNS = str.maketrans(dict.fromkeys("*?[]{}!", "?"))

_Diagnostics = dict[str, list[types.Diagnostic]]
"""By the URI of the file that they are about."""


class Server(LanguageServer):
    """A language server for lvs.cf files."""

    def __init__(self, home: str | None = None) -> None:
        super().__init__(
            NAME,
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Incremental,
            protocol_cls=Protocol,
        )
        self._home = home
        """The address of the documentation, if it is not the project's own."""
        self._texts: dict[str, OpenText] = {}
        self._checked: dict[str, Checked] = {}
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        self._files = SurroundingFiles()
        self._published: dict[str, _Diagnostics] = {}
        """What each open text has brought up, there and in other files."""
        self._watched: frozenset[str] | None = None
        self._watches = 0

    @property
    def client(self) -> Client:
        """What the client can do."""
        return Client(self.client_capabilities)

    # --- texts ---------------------------------------------------------------------------------

    def text(self, uri: str) -> OpenText | None:
        """An open text; None for texts that are not open, and for settings files."""
        return self._texts.get(uri)

    def take(self, uri: str, *, at_once: bool = False) -> None:
        """Take a text as the client has it now, and lint it now or after a pause in typing."""
        path = path_of(uri)
        if path is not None and os.path.basename(path) in _SETTINGS:
            return
        stored = self.workspace.get_text_document(uri)
        name = uri if path is None else path
        source = Source(stored.source, name)
        positions = Positions(source, stored.position_codec)
        self._texts[uri] = OpenText(uri, stored.version, positions, path)
        self._stop_waiting(uri)
        if at_once or len(source.line_starts) <= MOST_LINES_AT_ONCE:
            self.check(uri)
        else:
            loop = asyncio.get_running_loop()
            self._waiting[uri] = loop.call_later(PAUSE, self.check, uri)

    def forget(self, uri: str) -> None:
        """Drop a text that was closed, and its findings."""
        self._stop_waiting(uri)
        self._texts.pop(uri, None)
        self._checked.pop(uri, None)
        if uri in self._published:
            self._publish(uri, {}, None)
            del self._published[uri]

    def _stop_waiting(self, uri: str) -> None:
        handle = self._waiting.pop(uri, None)
        if handle is not None:
            handle.cancel()

    # --- linting -------------------------------------------------------------------------------

    def check(self, uri: str) -> None:
        """Lint an open text and publish what is found; an error in lvscf is logged."""
        self._stop_waiting(uri)
        try:
            self._check(self._texts[uri])
        except BrokenPipeError:
            raise
        except Exception:
            self.log_error(traceback.format_exc())

    def check_all(self) -> None:
        """Lint all open texts again, because files around them have changed."""
        for uri in tuple(self._texts):
            self.check(uri)

    def checked(self, text: OpenText) -> Checked | None:
        """The result of linting a text, which is done now if it is still due."""
        known = self._checked.get(text.uri)
        if known is None or known.text is not text:
            self.check(text.uri)
            known = self._checked.get(text.uri)
        return known if known is not None and known.text is text else None

    def _check(self, text: OpenText) -> None:
        document = text.document
        other = instead_of_lvs_cf(document.source.text)
        if other is not None:
            self._checked.pop(text.uri, None)
            strange = {text.uri: [translation.not_an_lvs_cf(other.predicate)]}
            self._publish(text.uri, strange, text.version)
            return
        folder = None if text.path is None else os.path.dirname(text.path)
        surroundings = self._files.around(document, folder)
        linted = lint_document(
            document, surroundings.found, surroundings.cluster, surroundings.pair
        )
        checked = self._checked[text.uri] = Checked(text, linted, surroundings)
        self._publish(text.uri, self._diagnostics(checked), text.version)
        self._watch()

    def translation(self, text: OpenText, surroundings: Surroundings | None = None) -> Translation:
        """What makes values of the protocol about a text."""
        uris = {one.path: one.uri for one in self._texts.values() if one.path is not None}
        sources = {} if surroundings is None else surroundings.sources
        return Translation(text, self.client, sources, uris, self._home)

    def _diagnostics(self, checked: Checked) -> _Diagnostics:
        text, surroundings = checked.text, checked.surroundings
        translated = self.translation(text, surroundings)
        found: _Diagnostics = {text.uri: []}
        for error in surroundings.mistakes:
            mistake = mistake_of(error)
            found[text.uri].append(translated.mistake(mistake))
            if mistake.path is not None:
                about = found.setdefault(uri_of(mistake.path), [])
                about.append(translation.settings_mistake(mistake))
        for finding in checked.linted.findings:
            uri = translated.uri(finding.span.filename)
            found.setdefault(uri, []).append(translated.diagnostic(finding))
        return found

    def _publish(self, uri: str, found: _Diagnostics, version: int | None) -> None:
        """Send the diagnostics that a text brings up, in every file that had or has some."""
        before = self._published.get(uri, {})
        self._published[uri] = found
        for target in dict.fromkeys((uri, *before, *found)):
            if target != uri and before.get(target) == found.get(target):
                continue
            # Open texts of one cluster share its hosts, so they find the same in the hosts' files.
            shown = {
                _identity(one): one
                for diagnostics in self._published.values()
                for one in diagnostics.get(target, ())
            }
            self.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(
                    target, list(shown.values()), version if target == uri else None
                )
            )

    # --- files on disk -------------------------------------------------------------------------

    def _watch(self) -> None:
        """Ask the client to report changes of the files that findings depend on."""
        if not self.client.watches_files:
            return
        files = frozenset().union(*(one.surroundings.files for one in self._checked.values()))
        if files == self._watched:
            return
        self._watched = files
        if self._watches:
            last = types.Unregistration(
                f"{_WATCH}-{self._watches}", types.WORKSPACE_DID_CHANGE_WATCHED_FILES
            )
            self.client_unregister_capability(types.UnregistrationParams([last]))
        self._watches += 1
        options = types.DidChangeWatchedFilesRegistrationOptions(list(self._watchers(files)))
        self.client_register_capability(
            types.RegistrationParams(
                [
                    types.Registration(
                        f"{_WATCH}-{self._watches}",
                        types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                        options,
                    )
                ]
            )
        )

    def _watchers(self, files: Iterable[str]) -> Iterable[types.FileSystemWatcher]:
        for name in (*_SETTINGS, "lvs.cf"):
            yield types.FileSystemWatcher(f"**/{name}")
        for path in sorted(files):
            folder, name = os.path.split(path)
            pattern = name.translate(_SPECIAL_IN_PATTERNS)
            if self.client.knows_relative_patterns:
                yield types.FileSystemWatcher(types.RelativePattern(uri_of(folder), pattern))
            else:
                yield types.FileSystemWatcher(
                    os.path.join(folder.translate(_SPECIAL_IN_PATTERNS), pattern)
                )

    # --- errors --------------------------------------------------------------------------------

    def log_error(self, details: str) -> None:
        """Log an error in lvscf itself where the editor keeps its log."""
        message = f"error in lvscf, please report it:\n{details}"
        self.window_log_message(
            types.LogMessageParams(types.MessageType.Error, displayable_lines(message))
        )

    def report_server_error(
        self,
        error: Exception,
        source: type[PyglsError] | type[JsonRpcException],  # noqa: ARG002
    ) -> None:
        """Log what pygls could not handle; a request that is refused is not an error in lvscf."""
        if isinstance(error, JsonRpcInternalError) or not isinstance(error, JsonRpcException):
            details = getattr(error, "data", None) or {}
            lines = details.get("traceback", ()) if isinstance(details, dict) else ()
            self.log_error("\n".join((str(error), *map(str, lines))))


def _identity(diagnostic: types.Diagnostic) -> tuple[object, ...]:
    """What makes two diagnostics in a file the same."""
    start, end = diagnostic.range.start, diagnostic.range.end
    place = start.line, start.character, end.line, end.character
    return *place, diagnostic.code, diagnostic.message


def displayable_lines(text: str) -> str:
    """A text of several lines, safe to show."""
    return "\n".join(map(displayable, text.split("\n")))
