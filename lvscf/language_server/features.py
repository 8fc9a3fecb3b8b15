"""The requests and notifications that the server answers."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from lvscf.document import RefusedError
from lvscf.findings.finding import Finding
from lvscf.language_server import translation
from lvscf.language_server.checked import Checked
from lvscf.language_server.completions import completions
from lvscf.language_server.edits import edits_between
from lvscf.language_server.hovers import hover
from lvscf.language_server.outline import foldings, symbols
from lvscf.language_server.related_places import related_places
from lvscf.language_server.server import Server
from lvscf.language_server.translation import FIX_ALL, Translation
from lvscf.source import displayable

_ActionKind: TypeAlias = types.CodeActionKind | str

_MOST_ACTIONS = 20
"""The most findings in a selection for which actions are offered; each takes some lintings."""

_BETWEEN_ACTIONS = 0.001
"""Seconds between two of them, in which a client may cancel its request or change the text."""


def _opened(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    ls.take(params.text_document.uri, at_once=True)


def _changed(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    ls.take(params.text_document.uri)


def _closed(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    ls.forget(params.text_document.uri)


def _files_changed(
    ls: Server, _params: types.DidSaveTextDocumentParams | types.DidChangeWatchedFilesParams
) -> None:
    ls.check_all()


def _configured(_ls: Server, _params: types.DidChangeConfigurationParams) -> None:
    """All settings are in lvscf.toml."""


def _hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    text = ls.text(params.text_document.uri)
    if text is None:
        return None
    found = hover(text.document, text.positions.offset(params.position))
    return None if found is None else ls.translation(text).hover(found)


def _complete(ls: Server, params: types.CompletionParams) -> types.CompletionList | None:
    text = ls.text(params.text_document.uri)
    if text is None:
        return None
    checked = ls.checked(text)
    codes = () if checked is None else (one.code for one in checked.linted.findings)
    offset = text.positions.offset(params.position)
    found = completions(text.document, offset, codes)
    typed = params.context.trigger_character if params.context else None
    if typed == " ":  # typed between words and as indentation: only values are wanted then
        found = tuple(one for one in found if one.kind == "value")
    translated = ls.translation(text)
    items = [translated.completion(number, one) for number, one in enumerate(found)]
    return types.CompletionList(is_incomplete=False, items=items)


def _symbols(
    ls: Server, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation] | None:
    text = ls.text(params.text_document.uri)
    if text is None:
        return None
    translated = ls.translation(text)
    found = symbols(text.document)
    if ls.client.shows_trees:
        return [translated.symbol(one) for one in found]
    return translated.flat_symbols(found)


def _fold(ls: Server, params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
    text = ls.text(params.text_document.uri)
    if text is None:
        return None
    return [translation.folding(one) for one in foldings(text.document)]


def _format(ls: Server, params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
    """Lay the text out as `lvscf fmt` does; there are no options, as Piranha's GUI has none."""
    text = ls.text(params.text_document.uri)
    if text is None:
        return None
    document = text.document
    try:
        formatted = document.formatted()
    except RefusedError as error:
        reason = (
            f"Not formatted, because Piranha would reject the file at line {error.line}: "
            f"{error.message}"
        )
        raise _failed(reason) from None
    except ValueError as error:
        raise _failed(str(error)) from None
    edits = edits_between(document.source, formatted.source.text)
    return ls.translation(text).text_edits(edits)


def _failed(reason: str) -> JsonRpcException:
    return JsonRpcException(displayable(reason), types.LSPErrorCodes.RequestFailed)


def _definition(ls: Server, params: types.DefinitionParams) -> list[types.Location] | None:
    """The other places of the findings at the cursor."""
    text = ls.text(params.text_document.uri)
    checked = None if text is None else ls.checked(text)
    if text is None or checked is None:
        return None
    offset = text.positions.offset(params.position)
    spans = related_places(checked.linted.findings, text.document.filename, offset)
    translated = ls.translation(text, checked.surroundings)
    return [translated.location(span) for span in spans]


async def _actions(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    text = ls.text(params.text_document.uri)
    checked = None if text is None else ls.checked(text)
    if text is None or checked is None:
        return None
    only = params.context.only
    translated = ls.translation(text, checked.surroundings)
    found: list[types.CodeAction] = []
    if _is_wanted(types.CodeActionKind.QuickFix, only):
        start, end = map(text.positions.offset, (params.range.start, params.range.end))
        for finding in checked.on_lines_of(start, end)[:_MOST_ACTIONS]:
            await asyncio.sleep(_BETWEEN_ACTIONS)
            found += _quick_fixes(checked, translated, finding)
    if _is_wanted(FIX_ALL, only) and checked.may_be_fixed:
        await asyncio.sleep(_BETWEEN_ACTIONS)
        found += _fix_all(ls, checked, translated)
    if ls.text(text.uri) is not text and not ls.client.checks_versions:
        raise JsonRpcException("The text has changed.", types.LSPErrorCodes.ContentModified)
    return found


def _is_wanted(kind: _ActionKind, only: Sequence[_ActionKind] | None) -> bool:
    """Whether a client that asked for some kinds of action wants this one."""
    return only is None or any(f"{_word(kind)}.".startswith(f"{_word(one)}.") for one in only)


def _word(kind: _ActionKind) -> str:
    """A kind of action as it is sent; the common ones are an enumeration in lsprotocol."""
    return kind.value if isinstance(kind, types.CodeActionKind) else kind


def _quick_fixes(
    checked: Checked, translated: Translation, finding: Finding
) -> Iterator[types.CodeAction]:
    diagnostic = translated.diagnostic(finding)
    for action in (checked.action("fix", finding), checked.action("silence", finding)):
        if action is not None:
            yield types.CodeAction(
                title=action.title,
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[diagnostic],
                is_preferred=action.is_preferred or None,
                edit=translated.workspace_edit(action.edits),
            )


def _fix_all(ls: Server, checked: Checked, translated: Translation) -> Iterator[types.CodeAction]:
    title = "Apply all safe fixes"
    if ls.client.resolves_edits:
        place = {"uri": checked.text.uri, "version": checked.text.version}
        yield types.CodeAction(title=title, kind=FIX_ALL, data=place)
        return
    action = checked.fix_all()
    if action is not None:
        edit = translated.workspace_edit(action.edits)
        yield types.CodeAction(title=title, kind=FIX_ALL, edit=edit)


def _resolve(ls: Server, action: types.CodeAction) -> types.CodeAction:
    """The edits of an action that was chosen."""
    place = action.data if isinstance(action.data, dict) else {}
    text = ls.text(str(place.get("uri")))
    checked = None if text is None else ls.checked(text)
    if text is None or checked is None or text.version != place.get("version"):
        raise JsonRpcException("The text has changed.", types.LSPErrorCodes.ContentModified)
    fixed = checked.fix_all()
    edits = () if fixed is None else fixed.edits
    action.edit = ls.translation(text, checked.surroundings).workspace_edit(edits)
    return action


_FEATURES: tuple[tuple[str, Callable[..., Any], Any], ...] = (
    (types.TEXT_DOCUMENT_DID_OPEN, _opened, None),
    (types.TEXT_DOCUMENT_DID_CHANGE, _changed, None),
    (types.TEXT_DOCUMENT_DID_CLOSE, _closed, None),
    (types.TEXT_DOCUMENT_DID_SAVE, _files_changed, None),
    (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, _files_changed, None),
    (types.WORKSPACE_DID_CHANGE_CONFIGURATION, _configured, None),
    (types.TEXT_DOCUMENT_HOVER, _hover, None),
    (
        types.TEXT_DOCUMENT_COMPLETION,
        _complete,
        types.CompletionOptions(trigger_characters=[" ", "=", "[", ",", "#"]),
    ),
    (types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, _symbols, None),
    (types.TEXT_DOCUMENT_FOLDING_RANGE, _fold, None),
    (types.TEXT_DOCUMENT_FORMATTING, _format, None),
    (types.TEXT_DOCUMENT_DEFINITION, _definition, None),
    (
        types.TEXT_DOCUMENT_CODE_ACTION,
        _actions,
        types.CodeActionOptions(
            code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL], resolve_provider=True
        ),
    ),
    (types.CODE_ACTION_RESOLVE, _resolve, None),
)


def server(home: str | None = None) -> Server:
    """A server with all features, not started yet; findings link to the documentation at `home`."""
    made = Server(home)
    for method, function, options in _FEATURES:
        made.feature(method, options)(function)
    return made
