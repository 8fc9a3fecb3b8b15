"""Findings, hovers, completions and the rest as values of the protocol."""

import os
from collections.abc import Iterable, Mapping
from functools import cached_property

from attrs import field
from lsprotocol import types
from pygls.workspace import PositionCodec

from lvscf.document import Document, parse
from lvscf.findings.finding import Finding, Severity
from lvscf.findings.fix import Edit
from lvscf.language_server.client import Client
from lvscf.language_server.completions import Completion, Kind
from lvscf.language_server.hovers import Hover
from lvscf.language_server.mistakes import Mistake
from lvscf.language_server.outline import Folding, Symbol
from lvscf.language_server.positions import Positions
from lvscf.language_server.uris import uri_of
from lvscf.report import rule_pages
from lvscf.shared.records import record
from lvscf.source import Source, Span

NAME = "lvscf"
"""The source of diagnostics, as editors show it."""

FIX_ALL = "source.fixAll.lvscf"
"""The kind of the action that applies all safe fixes."""

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}

_COMPLETIONS: dict[Kind, types.CompletionItemKind] = {
    "directive": types.CompletionItemKind.Property,
    "block": types.CompletionItemKind.Module,
    "value": types.CompletionItemKind.EnumMember,
    "rule": types.CompletionItemKind.Constant,
    "comment": types.CompletionItemKind.Snippet,
}

_SYMBOLS = {
    "virtual": types.SymbolKind.Module,
    "failover": types.SymbolKind.Module,
    "server": types.SymbolKind.Object,
}

FIRST_LINE = types.Range(types.Position(0, 0), types.Position(1, 0))


@record(slots=False)
class OpenText:
    """A text that is open in an editor, in one version."""

    uri: str
    version: int | None
    positions: Positions
    path: str | None
    """Its file; None if it was never saved."""

    @cached_property
    def document(self) -> Document:
        """The text as an lvs.cf; it is read when that is needed, not at every key."""
        source = self.positions.source
        return parse(source.text, source.filename)


@record
class Translation:
    """Makes values of the protocol that suit a client, about one open text."""

    text: OpenText
    client: Client
    sources: Mapping[str, Source] = field(factory=dict)
    """The other files that findings may be in, by name."""
    uris: Mapping[str, str] = field(factory=dict)
    """The URIs of open files, by their names."""
    home: str | None = None
    """The address of the documentation, ending in `/`; None means that of the project, if any."""
    _positions: dict[str, Positions] = field(init=False, factory=dict)

    @property
    def _codec(self) -> PositionCodec:
        return self.text.positions.codec

    # --- places --------------------------------------------------------------------------------

    def uri(self, filename: str) -> str:
        """The URI of a file with a finding."""
        if filename == self.text.document.filename:
            return self.text.uri
        return self.uris.get(filename) or uri_of(filename)

    def _range(self, span: Span) -> types.Range:
        """The range of a span in any file."""
        name = span.filename
        if name == self.text.document.filename:
            return self.text.positions.of(span)
        if name not in self._positions:
            self._positions[name] = Positions(self.sources[name], self._codec)
        return self._positions[name].of(span)

    def location(self, span: Span) -> types.Location:
        """The location of a span in any file."""
        return types.Location(self.uri(span.filename), self._range(span))

    # --- findings ------------------------------------------------------------------------------

    def diagnostic(self, finding: Finding) -> types.Diagnostic:
        """A finding; what to do about it is part of the message."""
        parts = [finding.message]
        if finding.help:
            parts.append(finding.help)
        related = None
        if finding.related and self.client.shows_related_places:
            related = [
                types.DiagnosticRelatedInformation(self.location(one.span), one.message)
                for one in finding.related
            ]
        else:
            parts += (f"{one.span}: {one.message}" for one in finding.related)
        page = rule_pages.url(finding.code, self.home)
        return types.Diagnostic(
            range=self._range(finding.span),
            message="\n".join(parts),
            severity=_SEVERITIES[finding.severity],
            code=finding.code,
            code_description=None if page is None else types.CodeDescription(page),
            source=NAME,
            related_information=related,
        )

    def mistake(self, mistake: Mistake) -> types.Diagnostic:
        """A mistake in the surroundings, shown at the first line of the lvs.cf."""
        related = None
        if mistake.path is not None and self.client.shows_related_places:
            place = types.Location(uri_of(mistake.path), _line(mistake.line))
            related = [types.DiagnosticRelatedInformation(place, "here")]
        name = os.path.basename(mistake.path or "")
        where = f"{name}:{mistake.line}: " if name else ""
        return types.Diagnostic(
            range=self.text.positions.range(0, len(self.text.document.source.line(1))),
            message=f"{where}{mistake.message}\nUntil this is fixed, findings may be missing here.",
            severity=types.DiagnosticSeverity.Warning,
            source=NAME,
            related_information=related,
        )

    # --- changes -------------------------------------------------------------------------------

    def text_edits(self, edits: Iterable[Edit]) -> list[types.TextEdit]:
        """Edits of the text."""
        return [types.TextEdit(self._range(edit.span), edit.text) for edit in edits]

    def workspace_edit(self, edits: Iterable[Edit]) -> types.WorkspaceEdit:
        """Edits of the text, for this version only where the client checks that."""
        made = self.text_edits(edits)
        if not self.client.checks_versions:
            return types.WorkspaceEdit(changes={self.text.uri: made})
        version = types.OptionalVersionedTextDocumentIdentifier(self.text.uri, self.text.version)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(version, made)])

    # --- what is asked at a cursor -------------------------------------------------------------

    def hover(self, hover: Hover) -> types.Hover:
        """A hover."""
        markdown = self.client.shows_markdown
        kind = types.MarkupKind.Markdown if markdown else types.MarkupKind.PlainText
        return types.Hover(
            types.MarkupContent(kind, hover.text),
            self.text.positions.range(hover.start, hover.end),
        )

    def completion(self, number: int, completion: Completion) -> types.CompletionItem:
        """A completion; `number` is its place in the list."""
        snippets = self.client.knows_snippets and completion.snippet is not None
        documentation: types.MarkupContent | str | None = completion.documentation or None
        if documentation and self.client.documents_in_markdown:
            documentation = types.MarkupContent(types.MarkupKind.Markdown, completion.documentation)
        text = completion.snippet if snippets and completion.snippet else completion.text
        return types.CompletionItem(
            label=completion.label,
            kind=_COMPLETIONS[completion.kind],
            detail=completion.detail or None,
            documentation=documentation,
            sort_text=f"{number:04}",
            filter_text=completion.filter,
            deprecated=completion.deprecated or None,
            insert_text_format=(
                types.InsertTextFormat.Snippet if snippets else types.InsertTextFormat.PlainText
            ),
            text_edit=types.TextEdit(
                self.text.positions.range(completion.start, completion.end), text
            ),
        )

    # --- the outline ---------------------------------------------------------------------------

    def symbol(self, symbol: Symbol) -> types.DocumentSymbol:
        """A symbol with those inside it."""
        positions = self.text.positions
        return types.DocumentSymbol(
            name=symbol.name,
            detail=symbol.detail or None,
            kind=_SYMBOLS.get(symbol.keyword, types.SymbolKind.Property),
            range=positions.range(symbol.whole.start, symbol.whole.end),
            selection_range=positions.range(symbol.named.start, symbol.named.end),
            children=[self.symbol(one) for one in symbol.inside] or None,
        )

    def flat_symbols(
        self, symbols: Iterable[Symbol], around: str | None = None
    ) -> list[types.SymbolInformation]:
        """All symbols, for clients that do not show trees."""
        found: list[types.SymbolInformation] = []
        for one in symbols:
            place = self.text.positions.range(one.whole.start, one.whole.end)
            found.append(
                types.SymbolInformation(
                    location=types.Location(self.text.uri, place),
                    name=one.name,
                    kind=_SYMBOLS.get(one.keyword, types.SymbolKind.Property),
                    container_name=around,
                )
            )
            found += self.flat_symbols(one.inside, one.name)
        return found


def folding(folding: Folding) -> types.FoldingRange:
    """Lines that can be folded."""
    kind = types.FoldingRangeKind.Comment if folding.is_comment else types.FoldingRangeKind.Region
    return types.FoldingRange(folding.first - 1, folding.last - 1, kind=kind)


def settings_mistake(mistake: Mistake) -> types.Diagnostic:
    """A mistake at its own line of the settings file."""
    return types.Diagnostic(
        range=_line(mistake.line),
        message=mistake.message,
        severity=types.DiagnosticSeverity.Error,
        source=NAME,
    )


def not_an_lvs_cf(predicate: str) -> types.Diagnostic:
    """A text that certainly is something else."""
    return types.Diagnostic(
        range=FIRST_LINE,
        message=f"This is not an lvs.cf, so it was not checked: it {predicate}.",
        severity=types.DiagnosticSeverity.Warning,
        source=NAME,
    )


def _line(number: int) -> types.Range:
    return types.Range(types.Position(number - 1, 0), types.Position(number, 0))
