"""The server as a process: positions, changes, files around the lvs.cf, and the ways it ends."""

import asyncio
import json
import shutil
import sys
import time
from pathlib import Path

import pytest
from lsprotocol import types

from tests.conftest import EXAMPLE
from tests.language_server.sessions import (
    COMMAND,
    ENCODINGS,
    PATIENCE,
    capabilities,
    connection,
    session,
    units,
)

pytestmark = pytest.mark.asyncio

EMOJI = 'rsh_command = "ssh \N{GRINNING FACE}é" more\n'
"""A line with one mistake, after characters of all lengths."""


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_columns_are_those_of_the_client(tmp_path: Path, encoding: str | None) -> None:
    """An emoji before the column counts as the client counts it."""
    async with session(capabilities(encoding)) as editor:
        assert editor.capabilities is not None
        assert editor.capabilities.position_encoding == (encoding or "utf-16")
        uri = await editor.open(tmp_path / "lvs.cf", EMOJI)
        (found,) = [one for one in await editor.diagnostics(uri, 1) if one.code == "LVS004"]

        start = EMOJI.index("more")
        assert found.range.start == types.Position(0, units(EMOJI[:start], encoding))
        assert found.range.end == types.Position(0, units(EMOJI[: start + 4], encoding))


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_incremental_changes(tmp_path: Path, encoding: str | None) -> None:
    """Several changes in one message, each of what the one before has left."""
    async with session(capabilities(encoding)) as editor:
        uri = await editor.open(tmp_path / "lvs.cf", EMOJI + "primary = 10.10.1.21\n")
        at = units(EMOJI[: EMOJI.index(" more")], encoding)
        gone = types.Range(types.Position(0, at), types.Position(0, at + len(" more")))
        value = types.Range(types.Position(1, 10), types.Position(1, 20))
        editor.change(
            uri,
            2,
            types.TextDocumentContentChangePartial(gone, ""),
            types.TextDocumentContentChangePartial(value, "10.10.1.256"),
        )
        found = await editor.diagnostics(uri, 2)

        assert "LVS004" not in [one.code for one in found]
        (wrong,) = [one for one in found if one.code == "LVS009"]
        assert wrong.range == types.Range(types.Position(1, 10), types.Position(1, 21))


async def test_characters_that_end_no_line(tmp_path: Path) -> None:
    """A form feed or U+2028 ends a line for Python, but not for editors."""
    text = "# a\x0cb\u2028c\x85d\nkeepalive = 6\n"
    async with session() as editor:
        uri = await editor.open(tmp_path / "lvs.cf", text)
        place = types.Range(types.Position(1, 12), types.Position(1, 13))
        editor.change(uri, 2, types.TextDocumentContentChangePartial(place, "x"))
        (found,) = [one for one in await editor.diagnostics(uri, 2) if one.code == "LVS007"]

        assert found.range == place


async def test_whole_texts(tmp_path: Path) -> None:
    """A change without a range replaces everything; diagnostics name its version."""
    async with session() as editor:
        uri = await editor.open(tmp_path / "lvs.cf", "keepalive = x\n")
        assert "LVS007" in await editor.codes(uri, 1)

        found = await editor.replace(uri, 7, "keepalive = 6\n")
        assert "LVS007" not in [one.code for one in found]
        assert editor.published[-1].version == 7


async def test_line_ends_of_windows(tmp_path: Path) -> None:
    """Piranha misreads such a file, so it is reported, and places are still right."""
    text = "primary = 10.10.1.21\r\nkeepalive = x\r\n"
    async with session() as editor:
        uri = await editor.open(tmp_path / "lvs.cf", text)
        assert "LVS014" in await editor.codes(uri, 1)
        (found,) = [one for one in await editor.diagnostics(uri, 1) if one.code == "LVS007"]
        assert found.range == types.Range(types.Position(1, 12), types.Position(1, 13))

        place = types.Range(types.Position(1, 12), types.Position(1, 13))
        editor.change(uri, 2, types.TextDocumentContentChangePartial(place, "6"))
        assert "LVS007" not in await editor.codes(uri, 2)


async def test_invalid_bytes_on_disk(tmp_path: Path) -> None:
    """Neither in the lvs.cf nor in a host's file are they an error of the server."""
    folder = Path(shutil.copytree(EXAMPLE.parent, tmp_path / "cluster"))
    lvs_cf, rules = folder / "lvs.cf", folder / "lvs-d02" / "iptables"
    lvs_cf.write_bytes(b"# caf\xe9\n" + lvs_cf.read_bytes())
    rules.write_bytes(b"# caf\xe9\n" + rules.read_bytes().replace(b"80,443", b"80"))
    async with session() as editor:
        uri = await editor.open(lvs_cf)
        (found,) = [one for one in await editor.diagnostics(uri, 1) if one.code == "LVS409"]

        assert found.related_information
        assert await editor.hover(uri, 3, 1)
        assert editor.client.log_messages == []


# --- files around the lvs.cf ---------------------------------------------------------------------


async def test_hosts_of_the_nearest_settings(tmp_path: Path) -> None:
    """Their files are read, and read again when the client reports a change."""
    folder = Path(shutil.copytree(EXAMPLE.parent, tmp_path / "cluster"))
    rules = folder / "lvs-d02" / "iptables"
    async with session() as editor:
        uri = await editor.open(folder / "lvs.cf")
        assert "LVS409" not in await editor.codes(uri, 1)

        rules.write_text(rules.read_text().replace("80,443", "80"))
        before = len(editor.published)
        editor.client.workspace_did_change_watched_files(
            types.DidChangeWatchedFilesParams(
                [types.FileEvent(rules.as_uri(), types.FileChangeType.Changed)]
            )
        )
        found = await editor.published_after(before, uri)
        (one,) = [one for one in found if one.code == "LVS409"]
        assert one.related_information is not None
        places = [related.location.uri for related in one.related_information]
        assert (folder / "lvs-d01" / "iptables").as_uri() in places


@pytest.mark.parametrize("relative", [True, False])
async def test_watched_files(tmp_path: Path, relative: bool) -> None:
    """The client is asked to watch the files that the settings name, wherever they are."""
    folder = Path(shutil.copytree(EXAMPLE.parent, tmp_path / "cluster"))
    can = capabilities()
    assert can.workspace is not None
    can.workspace.did_change_watched_files = types.DidChangeWatchedFilesClientCapabilities(
        dynamic_registration=True, relative_pattern_support=relative
    )
    async with session(can) as editor:
        uri = await editor.open(folder / "lvs.cf")
        await editor.hover(uri, 0, 0)  # the request to watch comes before this answer
        watched = [one.glob_pattern for one in editor.watched]
        assert "**/lvscf.toml" in watched
        rules = folder / "lvs-d02" / "iptables"
        if relative:
            assert types.RelativePattern(rules.parent.as_uri(), "iptables") in watched
        else:
            assert str(rules) in watched

        (folder / "lvscf.toml").write_text("[cluster.routers.one]\niptables = 'lvs-d02/iptables'\n")
        await editor.replace(uri, 2, (folder / "lvs.cf").read_text() + "\n")
        await editor.hover(uri, 0, 0)
        assert len(editor.watched) == 3 + 2  # the names everywhere, the settings and one file


async def test_findings_in_the_file_of_a_host(tmp_path: Path) -> None:
    """They are published for that file, and taken back when the lvs.cf is closed."""
    folder = Path(shutil.copytree(EXAMPLE.parent, tmp_path / "cluster"))
    rules = folder / "lvs-d01" / "iptables"
    rules.write_text(rules.read_text().replace("COMMIT\n", "-A NONSENSE -j\nCOMMIT\n", 1))
    async with session() as editor:
        uri = await editor.open(folder / "lvs.cf")
        found = await editor.published_after(0, rules.as_uri())
        assert [one.code for one in found] == ["LVS701"]
        assert "LVS701" not in await editor.codes(uri, 1)

        before = len(editor.published)
        editor.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        )
        assert await editor.published_after(before, uri) == []
        assert await editor.published_after(before, rules.as_uri()) == []


async def test_findings_of_a_shared_host(tmp_path: Path) -> None:
    """Two open texts of one cluster bring up the same findings in its files: once."""
    folder = Path(shutil.copytree(EXAMPLE.parent, tmp_path / "cluster"))
    rules = folder / "lvs-d01" / "iptables"
    rules.write_text(rules.read_text().replace("COMMIT\n", "-A NONSENSE -j\nCOMMIT\n", 1))
    shutil.copy(folder / "lvs.cf", folder / "copy.cf")
    async with session() as editor:
        first = await editor.open(folder / "lvs.cf")
        second = await editor.open(folder / "copy.cf")
        await editor.hover(second, 0, 0)
        (last,) = [one for one in editor.published if one.uri == rules.as_uri()][-1].diagnostics
        assert last.code == "LVS701"

        before = len(editor.published)
        editor.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(second))
        )
        assert len(await editor.published_after(before, rules.as_uri())) == 1
        assert await editor.hover(first, 3, 1)


async def test_mistake_in_the_settings(tmp_path: Path) -> None:
    """It is shown in both files; what was right before applies until it is fixed."""
    settings = tmp_path / "lvscf.toml"
    settings.write_text('ignore = ["LVS007"]\n')
    text = "keepalive = x\n"
    (tmp_path / "lvs.cf").write_text(text)
    async with session() as editor:
        uri = await editor.open(tmp_path / "lvs.cf")
        assert "LVS007" not in await editor.codes(uri, 1)

        settings.write_text('\nignroe = ["LVS202"]\n')
        found = await editor.replace(uri, 2, text + "\n")
        (mistake,) = [one for one in found if one.code is None]
        assert mistake.message.startswith("lvscf.toml:2: unknown setting `ignroe`; did you mean")
        assert "LVS007" not in [one.code for one in found]
        (there,) = await editor.published_after(0, settings.as_uri())
        assert there.range.start.line == 1
        assert there.severity == types.DiagnosticSeverity.Error

        settings.write_text("")
        before = len(editor.published)
        editor.client.text_document_did_save(
            types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(settings.as_uri()))
        )
        found = await editor.published_after(before, uri)
        assert "LVS007" in [one.code for one in found]
        assert None not in [one.code for one in found]
        assert await editor.published_after(before, settings.as_uri()) == []


async def test_missing_file_of_a_host(tmp_path: Path) -> None:
    """The others count all the same, and the settings show which one is missing."""
    folder = Path(shutil.copytree(EXAMPLE.parent, tmp_path / "cluster"))
    (folder / "lvs-d04" / "iptables").unlink()
    async with session() as editor:
        uri = await editor.open(folder / "lvs.cf")
        (mistake,) = [one for one in await editor.diagnostics(uri, 1) if one.code is None]

        assert "there is no such file" in mistake.message
        (there,) = await editor.published_after(0, (folder / "lvscf.toml").as_uri())
        line = (folder / "lvscf.toml").read_text().splitlines()[there.range.start.line]
        assert "lvs-d04" in line


async def test_texts_that_are_something_else(tmp_path: Path) -> None:
    """Settings are not linted as an lvs.cf, and other files get one message."""
    async with session() as editor:
        uri = await editor.open(tmp_path / "rules", "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n")
        (found,) = await editor.diagnostics(uri, 1)
        assert "not an lvs.cf" in found.message
        assert await editor.actions(uri, 0) == []

        toml = (tmp_path / "lvscf.toml").as_uri()
        item = types.TextDocumentItem(toml, "toml", 1, "ignore = []\n")
        editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        assert await editor.hover(toml, 0, 0) is None
        assert toml not in [one.uri for one in editor.published]


async def test_text_that_was_never_saved() -> None:
    """It is linted with the defaults."""
    async with session() as editor:
        uri = await editor.open("untitled:Untitled-1", "keepalive = x\n")
        assert "LVS007" in await editor.codes(uri, 1)
        assert [one.title for one in await editor.actions(uri, 0)]


# --- time ----------------------------------------------------------------------------------------


async def test_long_texts_wait_for_a_pause(tmp_path: Path) -> None:
    """Of several changes in a row, only the last is linted; what is asked then is answered."""
    text = "# a line\n" * 600 + "keepalive = x\n"
    async with session() as editor:
        uri = await editor.open(tmp_path / "lvs.cf", text)
        began = time.monotonic()
        for version in range(2, 6):
            end = types.Range(types.Position(601, 0), types.Position(601, 0))
            editor.change(uri, version, types.TextDocumentContentChangePartial(end, "#\n"))
        assert await editor.hover(uri, 600, 3)
        assert "LVS007" in await editor.codes(uri, 5)

        assert time.monotonic() - began >= 0.2
        assert {one.version for one in editor.published if one.uri == uri} == {1, 5}


async def test_cancelled_requests(tmp_path: Path) -> None:
    """A request that is cancelled is answered with that, or was done before; the next one works."""
    text = "".join(f"keepalve{n} = 6\n" for n in range(40))
    async with session() as editor:
        uri = await editor.open(tmp_path / "lvs.cf", text)
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(uri),
            types.Range(types.Position(0, 0), types.Position(40, 0)),
            types.CodeActionContext([]),
        )
        client = editor.client
        request = asyncio.ensure_future(
            editor.request(types.TEXT_DOCUMENT_CODE_ACTION, params, "slow")
        )
        await asyncio.sleep(0)  # now it has been sent
        client.cancel_request(types.CancelParams("slow"))
        with pytest.raises(Exception, match="cancel"):
            await asyncio.wait_for(request, PATIENCE)

        client.cancel_request(types.CancelParams("never-sent"))
        assert await editor.hover(uri, 0, 0) is None
        assert client.log_messages == []


# --- errors and ends -----------------------------------------------------------------------------

BROKEN = """
import sys
from lvscf.language_server import hovers, server
from lvscf.cli import main

def lint(document, *rest):
    print("noise on standard output")
    if "crash" in document.source.text:
        raise RuntimeError("deliberate")
    return right(document, *rest)

right, server.lint_document = server.lint_document, lint
sys.exit(main(["lsp"]))
"""


async def test_internal_error(tmp_path: Path) -> None:
    """It is logged, and the next change is served; what is printed does not reach the editor."""
    async with session(command=(sys.executable, "-c", BROKEN)) as editor:
        uri = await editor.open(tmp_path / "lvs.cf", "keepalive = x\n")
        editor.change(uri, 2, types.TextDocumentContentChangeWholeDocument("# crash\n"))
        found = await editor.replace(uri, 3, "keepalive = y\n")

        assert "LVS007" in [one.code for one in found]
        (logged,) = editor.client.log_messages
        assert logged.type == types.MessageType.Error
        assert "deliberate" in logged.message
        assert "Traceback" in logged.message
        assert 2 not in [one.version for one in editor.published]
        assert editor.client.error is None


async def test_unknown_requests_and_bad_parameters(tmp_path: Path) -> None:
    """They are answered with an error, and the server goes on."""
    async with session() as editor:
        uri = await editor.open(tmp_path / "lvs.cf", "keepalive = x\n")
        with pytest.raises(Exception, match=r"(?i)not found"):
            await editor.request("lvscf/nonsense", {})
        assert await editor.hover(uri, 99, 99) is None
        assert await editor.hover("file:///nowhere/lvs.cf", 0, 0) is None


def message(method: str, **rest: object) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", "method": method, **rest}).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


INITIALIZE = message("initialize", id=1, params={"processId": None, "capabilities": {}})


async def ended(content: bytes) -> tuple[int, bytes, bytes]:
    """The exit status of a server that gets these messages; its output, and its errors."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await asyncio.wait_for(process.communicate(content), PATIENCE)
    assert process.returncode is not None
    return process.returncode, output, errors


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (INITIALIZE + message("shutdown", id=2) + message("exit"), 0),
        (INITIALIZE + message("exit"), 1),
        (message("exit"), 1),
        (INITIALIZE, 1),
        (INITIALIZE + message("shutdown", id=2), 0),
        (b"", 1),
        (INITIALIZE + b"Content-Length: 100\r\n\r\n{", 1),
        (b"nonsense\r\n\r\n", 1),
    ],
    ids=["exit", "no shutdown", "only exit", "end of input", "end after shutdown", "nothing",
         "half a message", "no protocol"],
)  # fmt: skip
async def test_ends(content: bytes, status: int) -> None:
    """However a session ends, the process does, without a traceback."""
    code, output, errors = await ended(content)

    assert code == status
    assert errors == b""
    assert output == b"" or output.startswith(b"Content-Length: ")


async def test_messages_that_cannot_be_read(tmp_path: Path) -> None:
    """They are logged, and the next message is served."""
    broken = b"Content-Length: 3\r\n\r\n{]}"
    hover = message("textDocument/hover", id=3, params={"wrong": 1})
    end = message("shutdown", id=9) + message("exit")
    code, output, errors = await ended(INITIALIZE + broken + hover + end)

    assert code == 0
    assert errors == b""
    assert b'"id": 9' in output


async def test_a_client_that_goes_away(tmp_path: Path) -> None:
    """The process ends with its input."""
    async with connection() as editor:
        await editor.client.initialize_session(types.InitializeParams(capabilities=capabilities()))
        await editor.open(tmp_path / "lvs.cf", "keepalive = x\n")
        stdin = editor.process.stdin
        assert stdin is not None
        stdin.close()
        assert await asyncio.wait_for(editor.process.wait(), PATIENCE) == 1
