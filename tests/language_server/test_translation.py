"""Values of the protocol, as they suit the client."""

import pytest
from hypothesis import given
from lsprotocol import types
from pygls.workspace import PositionCodec

from lvscf.document import parse
from lvscf.findings.finding import Finding
from lvscf.language_server.client import Client
from lvscf.language_server.completions import completions
from lvscf.language_server.hovers import Hover
from lvscf.language_server.mistakes import Mistake
from lvscf.language_server.outline import symbols
from lvscf.language_server.positions import Positions, lines_of
from lvscf.language_server.translation import OpenText, Translation
from lvscf.linter.engine import lint
from lvscf.report import rule_pages
from lvscf.source import Source
from lvscf.testing import any_texts
from tests.good import DIRECT
from tests.language_server.sessions import capabilities

TEXT = DIRECT.replace("deadtime = 18", "deadtime = 5")
URI = "file:///etc/lvs.cf"


def translation(text: str = TEXT, can: types.ClientCapabilities | None = None) -> Translation:
    source = Source(text, "/etc/lvs.cf")
    positions = Positions(source, PositionCodec())
    opened = OpenText(URI, 3, positions, "/etc/lvs.cf")
    return Translation(opened, Client(can or types.ClientCapabilities()))


def finding(text: str = TEXT, code: str = "LVS201") -> Finding:
    (found,) = [one for one in lint(parse(text, "/etc/lvs.cf")) if one.code == code]
    return found


def test_diagnostic() -> None:
    found = finding()
    shown = translation(can=capabilities()).diagnostic(found)

    assert shown.code == "LVS201"
    assert shown.source == "lvscf"
    assert shown.severity == types.DiagnosticSeverity.Error
    assert shown.message == f"{found.message}\n{found.help}"
    assert shown.code_description is None  # the pages have no address yet
    assert shown.related_information is not None
    (related,) = shown.related_information
    assert related.location.uri == URI
    assert related.message == found.related[0].message


def test_related_places_for_clients_that_do_not_show_them() -> None:
    """They are part of the message."""
    found = finding()
    shown = translation().diagnostic(found)

    assert shown.related_information is None
    assert shown.message.endswith(f"/etc/lvs.cf:8:13: {found.related[0].message}")


def test_page_of_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_pages, "HOME", "https://lvscf.example/")
    shown = translation().diagnostic(finding())

    assert shown.code_description == types.CodeDescription(
        "https://lvscf.example/rules/LVS201.html"
    )


def test_places_in_other_files() -> None:
    """A file that is open is named as the client named it."""
    source = Source("one\ntwo\n", "/tmp/a b")
    at = source.span(4, 7)
    one = translation()
    there = Translation(one.text, one.client, {"/tmp/a b": source}, {})
    opened = Translation(
        one.text, one.client, {"/tmp/a b": source}, {"/tmp/a b": "file:///tmp/a+b"}
    )
    place = types.Range(types.Position(1, 0), types.Position(1, 3))

    assert there.location(at) == types.Location("file:///tmp/a%20b", place)
    assert opened.location(at).uri == "file:///tmp/a+b"


def test_edits_name_the_version_where_the_client_checks_it() -> None:
    found = finding("keepalive=6\n", "LVS002")
    assert found.fix is not None
    checked = translation("keepalive=6\n", capabilities()).workspace_edit(found.fix.edits)
    plain = translation("keepalive=6\n").workspace_edit(found.fix.edits)

    assert checked.changes is None
    assert checked.document_changes is not None
    (change,) = checked.document_changes
    assert isinstance(change, types.TextDocumentEdit)
    assert (change.text_document.uri, change.text_document.version) == (URI, 3)
    assert plain.document_changes is None
    assert plain.changes == {URI: list(change.edits)}


def test_hovers() -> None:
    hover = Hover("**x**", 0, 9)
    can = capabilities()
    assert can.text_document is not None
    shown = translation(can=can).hover(hover)
    assert isinstance(shown.contents, types.MarkupContent)
    assert shown.contents.kind == types.MarkupKind.Markdown

    can.text_document.hover = types.HoverClientCapabilities(
        content_format=[types.MarkupKind.PlainText]
    )
    shown = translation(can=can).hover(hover)
    assert isinstance(shown.contents, types.MarkupContent)
    assert shown.contents.kind == types.MarkupKind.PlainText


def test_completions() -> None:
    """Tab stops and Markdown only for clients that know them."""
    (virtual,) = [one for one in completions(parse(""), 0) if one.label == "virtual"]
    rich = translation("", capabilities()).completion(4, virtual)
    plain = translation("").completion(4, virtual)

    assert rich.insert_text_format == types.InsertTextFormat.Snippet
    assert isinstance(rich.text_edit, types.TextEdit)
    assert "$0" in rich.text_edit.new_text
    assert isinstance(rich.documentation, types.MarkupContent)
    assert plain.insert_text_format == types.InsertTextFormat.PlainText
    assert isinstance(plain.text_edit, types.TextEdit)
    assert plain.text_edit.new_text == "virtual "
    assert isinstance(plain.documentation, str)
    assert plain.sort_text == "0004"


def test_symbols() -> None:
    """A tree, or a list in which each names what it is in."""
    found = symbols(parse(DIRECT))
    (tree,) = [translation(DIRECT).symbol(one) for one in found if one.keyword]
    flat = translation(DIRECT).flat_symbols(found)

    assert [one.name for one in tree.children or ()][-2:] == ["server one", "server two"]
    inside = {one.name: one.container_name for one in flat}
    assert inside["server one"] == "virtual web"
    assert inside["weight"] == "server two"
    assert inside["virtual web"] is None


def test_mistakes() -> None:
    """At the first line, without the line itself being blamed."""
    known = translation(can=capabilities()).mistake(Mistake("wrong", "/etc/lvscf.toml", 3))
    unknown = translation(can=capabilities()).mistake(Mistake("wrong"))

    assert known.message.startswith("lvscf.toml:3: wrong\n")
    assert known.related_information is not None
    assert known.related_information[0].location.range.start.line == 2
    assert known.range.start == types.Position(0, 0)
    assert unknown.message.startswith("wrong\n")
    assert unknown.related_information is None


@given(any_texts())
def test_places_are_in_the_text(text: str) -> None:
    """Whatever the text: each finding is on lines that it has."""
    shown = translation(text)
    lines = len(lines_of(Source(text)))
    for one in lint(parse(text, "/etc/lvs.cf")):
        place = shown.diagnostic(one).range
        assert 0 <= place.start.line <= place.end.line < lines
        assert (place.start.line, place.start.character) <= (place.end.line, place.end.character)
