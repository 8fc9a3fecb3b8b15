"""What an editor gets, over the protocol."""

import asyncio
import shutil
from pathlib import Path

import pytest
from lsprotocol import types

from lvscf.document import parse
from lvscf.linter.fixing import fix
from tests.conftest import EXAMPLE
from tests.good import DIRECT
from tests.language_server.sessions import Editor, capabilities, session

pytestmark = pytest.mark.asyncio

BROKEN = DIRECT.replace("keepalive = 6", "keepalive=6").replace("deadtime = 18", "deadtme = 5")
LINE = DIRECT[: DIRECT.index("keepalive")].count("\n")


def changed(text: str, edits: list[types.TextEdit]) -> str:
    """A text after edits, all of ASCII."""
    lines = text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]

    def offset(place: types.Position) -> int:
        return starts[place.line] + place.character

    for edit in sorted(edits, key=lambda edit: offset(edit.range.start), reverse=True):
        start, end = offset(edit.range.start), offset(edit.range.end)
        text = text[:start] + edit.new_text + text[end:]
    return text


def edits_of(edit: types.WorkspaceEdit | None) -> list[types.TextEdit]:
    assert edit is not None
    if edit.changes is not None:
        (edits,) = edit.changes.values()
        return list(edits)
    assert edit.document_changes is not None
    (change,) = edit.document_changes
    assert isinstance(change, types.TextDocumentEdit)
    return [one for one in change.edits if isinstance(one, types.TextEdit)]


async def formatted(editor: Editor, uri: str) -> list[types.TextEdit]:
    answer = await editor.client.text_document_formatting_async(
        types.DocumentFormattingParams(
            types.TextDocumentIdentifier(uri), types.FormattingOptions(4, True)
        )
    )
    return list(answer or ())


async def test_quick_fixes(tmp_path: Path) -> None:
    """The fix and the comment, each with the diagnostic it is for, for the text's version."""
    async with session() as editor:
        uri = await editor.open(tmp_path / "lvs.cf", BROKEN, version=4)
        actions = await editor.actions(uri, LINE, only=["quickfix"])
        fixed, silenced = actions

        assert fixed.is_preferred
        assert fixed.diagnostics is not None
        assert list(fixed.diagnostics) == [
            one for one in await editor.diagnostics(uri, 4) if one.code == "LVS002"
        ]
        assert "keepalive = 6\n" in changed(BROKEN, edits_of(fixed.edit))
        assert silenced.title == "Silence LVS002 here with a comment"
        assert "# lvscf: ignore[LVS002]\nkeepalive=6" in changed(BROKEN, edits_of(silenced.edit))

        guess, *_ = await editor.actions(uri, LINE + 1)
        assert guess.title == "Write `deadtime` (unsafe: needs review)"
        assert not guess.is_preferred
        assert await editor.actions(uri, 0, only=["refactor"]) == []


@pytest.mark.parametrize("client", ["visual-studio-code", "neovim@v0.6.1", None])
async def test_all_safe_fixes(tmp_path: Path, client: str | None) -> None:
    """With the action, or when it is chosen."""
    can = types.ClientCapabilities() if client is None else capabilities(client=client)
    async with session(can) as editor:
        uri = await editor.open(tmp_path / "lvs.cf", BROKEN)
        for kind in ("source", "source.fixAll", "source.fixAll.lvscf"):
            (action,) = await editor.actions(uri, 0, only=[kind])
            assert action.kind == "source.fixAll.lvscf"
            if action.edit is None:
                action = await editor.client.code_action_resolve_async(action)

            assert changed(BROKEN, edits_of(action.edit)) == fix(parse(BROKEN)).document.source.text
        assert await editor.actions(uri, 0, only=["source.fixAll.other"]) == []


async def test_action_of_an_older_text(tmp_path: Path) -> None:
    """It is refused, as its edits would be for another text."""
    async with session() as editor:
        uri = await editor.open(tmp_path / "lvs.cf", BROKEN)
        (action,) = await editor.actions(uri, 0, only=["source.fixAll"])
        await editor.replace(uri, 2, f"# new\n{BROKEN}")

        assert action.edit is None
        with pytest.raises(Exception, match="changed"):
            await editor.client.code_action_resolve_async(action)


async def test_text_that_changes_meanwhile(tmp_path: Path) -> None:
    """A client that cannot check versions gets no edits of an older text."""
    async with session(types.ClientCapabilities()) as editor:
        text = "".join(f"keepalve{number} = 6\n" for number in range(40))
        uri = await editor.open(tmp_path / "lvs.cf", text)
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(uri),
            types.Range(types.Position(0, 0), types.Position(40, 0)),
            types.CodeActionContext([]),
        )
        request = asyncio.ensure_future(editor.request(types.TEXT_DOCUMENT_CODE_ACTION, params))
        await asyncio.sleep(0)  # now it has been sent
        await editor.replace(uri, 2, "keepalive = 6\n")
        with pytest.raises(Exception, match="changed"):
            await request


async def test_baseline(tmp_path: Path) -> None:
    """Known findings are neither shown nor fixed."""
    (tmp_path / "lvs.cf").write_text(BROKEN)
    (tmp_path / "lvscf.toml").write_text("baseline = 'known.json'\n")
    async with session() as editor:
        uri = await editor.open(tmp_path / "lvs.cf")
        (mistake,) = [one for one in await editor.diagnostics(uri, 1) if one.code is None]
        assert "known.json: there is no such file" in mistake.message

        from lvscf.cli import main

        main(["lint", "--write-baseline", str(tmp_path / "known.json"), "-q",
              "--cluster", "/dev/null", str(tmp_path / "lvs.cf")])  # fmt: skip
        await editor.replace(uri, 2, BROKEN)
        assert await editor.codes(uri, 2) == ["LVS400"]  # never known
        assert await editor.actions(uri, 0, only=["source.fixAll"]) == []


async def test_hover_and_completion(tmp_path: Path) -> None:
    async with session() as editor:
        uri = await editor.open(tmp_path / "lvs.cf", DIRECT + "\nnet")
        line = DIRECT.count("\n") + 1
        assert "Missed heartbeats" in (await editor.hover(uri, LINE + 1, 3) or "")

        (item,) = [one for one in await editor.complete(uri, line, 3) if one.label == "nat_router"]
        assert isinstance(item.text_edit, types.TextEdit)
        assert item.text_edit.new_text == "nat_router = "
        assert item.text_edit.range == types.Range(types.Position(line, 0), types.Position(line, 3))


async def test_a_blank_brings_up_values_only(tmp_path: Path) -> None:
    """Typed as indentation, it is not a question."""
    async with session() as editor:
        uri = await editor.open(tmp_path / "lvs.cf", "network = \n ")

        async def typed(line: int, character: int) -> list[str]:
            answer = await editor.client.text_document_completion_async(
                types.CompletionParams(
                    types.TextDocumentIdentifier(uri),
                    types.Position(line, character),
                    types.CompletionContext(types.CompletionTriggerKind.TriggerCharacter, " "),
                )
            )
            assert isinstance(answer, types.CompletionList)
            return [one.label for one in answer.items]

        assert await typed(0, 10) == ["direct", "nat", "tunnel"]
        assert await typed(1, 1) == []


async def test_codes_with_findings_are_first(tmp_path: Path) -> None:
    async with session() as editor:
        uri = await editor.open(tmp_path / "lvs.cf", "# lvscf: ignore[\nkeepalive = x\n")
        items = await editor.complete(uri, 0, 16)

        codes = await editor.codes(uri, 1)
        assert {one.label for one in items[: len(set(codes))]} == set(codes)


@pytest.mark.parametrize("trees", [True, False])
async def test_outline(tmp_path: Path, trees: bool) -> None:
    async with session(capabilities() if trees else types.ClientCapabilities()) as editor:
        uri = await editor.open(tmp_path / "lvs.cf", DIRECT)
        place = types.TextDocumentIdentifier(uri)
        symbols = await editor.client.text_document_document_symbol_async(
            types.DocumentSymbolParams(place)
        )
        folded = await editor.client.text_document_folding_range_async(
            types.FoldingRangeParams(place)
        )

        assert symbols is not None
        assert "virtual web" in [one.name for one in symbols]
        assert ("server one" in [one.name for one in symbols]) is not trees
        assert folded is not None
        assert len(folded) == 3


async def test_formatting(tmp_path: Path) -> None:
    """As `lvscf fmt` does it, but only where Piranha loads the file."""
    text = DIRECT.replace("     ", "\t").replace("keepalive = 6", "keepalive  =  6")
    async with session() as editor:
        uri = await editor.open(tmp_path / "lvs.cf", text)
        assert changed(text, await formatted(editor, uri)) == parse(text).formatted().source.text

        await editor.replace(uri, 2, DIRECT)
        assert await formatted(editor, uri) == []
        await editor.replace(uri, 3, "keepalive = x\n")
        with pytest.raises(Exception, match="Piranha would reject the file at line 1"):
            await formatted(editor, uri)
        await editor.replace(uri, 4, "keepalive = 6\r\n")
        with pytest.raises(Exception, match="cannot be formatted"):
            await formatted(editor, uri)
        assert editor.client.log_messages == []


async def test_going_to_related_places(tmp_path: Path) -> None:
    """Also to those in the files of hosts."""
    folder = Path(shutil.copytree(EXAMPLE.parent, tmp_path / "cluster"))
    rules = folder / "lvs-d02" / "iptables"
    rules.write_text(rules.read_text().replace("80,443", "80"))
    async with session() as editor:
        uri = await editor.open(folder / "lvs.cf")
        (found,) = [one for one in await editor.diagnostics(uri, 1) if one.code == "LVS409"]

        async def definition(place: types.Position) -> list[types.Location]:
            answer = await editor.client.text_document_definition_async(
                types.DefinitionParams(types.TextDocumentIdentifier(uri), place)
            )
            assert isinstance(answer, list)
            return [one for one in answer if isinstance(one, types.Location)]

        assert found.related_information is not None
        wanted = [one.location for one in found.related_information]
        assert await definition(found.range.start) == wanted
        assert await definition(types.Position(0, 0)) == []


async def test_nothing_is_known_of_texts_that_are_not_open() -> None:
    place = types.TextDocumentIdentifier("file:///nowhere/lvs.cf")
    async with session() as editor:
        client = editor.client
        assert await editor.hover(place.uri, 0, 0) is None
        assert await editor.actions(place.uri, 0) == []
        assert (
            await client.text_document_folding_range_async(types.FoldingRangeParams(place)) is None
        )
        assert await formatted(editor, place.uri) == []
        assert (
            await client.text_document_document_symbol_async(types.DocumentSymbolParams(place))
            is None
        )
        at = types.Position(0, 0)
        assert (
            await client.text_document_completion_async(types.CompletionParams(place, at)) is None
        )
        assert (
            await client.text_document_definition_async(types.DefinitionParams(place, at)) is None
        )
