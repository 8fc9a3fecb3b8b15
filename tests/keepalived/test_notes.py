"""Every kind of note is made where it should be, and nowhere else."""

import re
from typing import Any

import pytest

import lvscf
from lvscf.keepalived import Conversion, Note
from lvscf.keepalived.directive_table import TABLE, row
from lvscf.keepalived.notes import KINDS
from lvscf.piranha.directives import TABLE as DIRECTIVES
from tests.builders import at, server
from tests.keepalived.notes_cases import FIRES, PAIR, QUIET, WEB, web


def converted(text: str, options: dict[str, Any]) -> Conversion:
    document = lvscf.parse(text, "lvs.cf")
    assert document.refusal is None
    return lvscf.keepalived.convert(document, **options)


def all_notes() -> list[Note]:
    return [
        note
        for some in FIRES.values()
        for text, options, _ in some
        for note in converted(text, options).notes
    ]


CASES = [(code, *case) for code, cases in FIRES.items() for case in cases]


@pytest.mark.parametrize(("code", "text", "options", "severity"), CASES)
def test_note_is_made(code: str, text: str, options: dict[str, Any], severity: str) -> None:
    """A file has the note, with its severity; its kind allows it."""
    found = {note.severity.label for note in converted(text, options).notes if note.code == code}

    assert severity in found if severity else not found
    (kind,) = (kind for kind in KINDS if kind.code == code)
    assert found <= {one.label for one in kind.severities}


@pytest.mark.parametrize(("text", "options", "codes"), QUIET)
def test_no_other_note_is_made(text: str, options: dict[str, Any], codes: set[str]) -> None:
    """What stays as it is needs no note."""
    assert {note.code for note in converted(text, options).notes} == codes


def test_every_kind_has_a_case() -> None:
    """And every severity of a kind."""
    assert list(FIRES) == [kind.code for kind in KINDS]
    for kind in KINDS:
        shown = {severity for _, _, severity in FIRES[kind.code] if severity}
        assert shown == {one.label for one in kind.severities}


def test_notes_are_short_and_placed() -> None:
    """One or two sentences, a place in the file, and the name of the kind."""
    names = {kind.code: kind.name for kind in KINDS}
    for note in all_notes():
        plain = re.sub(r"`[^`]*`", "x", note.message)
        assert 1 <= len(re.findall(r"[.?!](?= |$)", plain)) <= 2, note.message
        assert plain.endswith(".")
        assert not (note.help or "").endswith(".")
        assert note.name == names[note.code]
        assert note.span is not None
        assert len(note.related) <= 3


def test_a_note_is_made_once_per_cause() -> None:
    """Many servers with the same problem are one note, with some of the places."""
    servers = [server("weight = 70000", name=f"s{number}") for number in range(9)]
    many = "".join(
        web(f"port = {8000 + number}", "quiesce_server = 1", "persistent = 9", one)
        for number, one in enumerate(servers)
    )
    codes = [note.code for note in converted(many + WEB, {}).notes]

    assert codes.count("N31") == 1
    assert "N15" not in codes


def test_blocks_are_named_as_places_are() -> None:
    """A second block of a name has its number."""
    text = WEB + web("port = 81", server("weight = 0x10000"), at("10.10.1.32"))
    (note,) = (note for note in converted(text, {}).notes if note.code == "N31")

    assert note.block == "virtual web #2/server one"
    assert note.directive == "weight"
    assert note.kept is lvscf.keepalived.Kept.DROPPED
    assert note.span is not None
    assert lvscf.loads(text).value_at(f"{note.block}/{note.directive}") == 65536


def test_a_config_has_notes_without_places() -> None:
    """Values that no document holds are converted, too."""
    bare = lvscf.from_dict(lvscf.to_dict(lvscf.loads(PAIR + WEB)))
    conversion = lvscf.keepalived.convert(bare)

    assert [note.code for note in conversion.notes] == ["N01", "N05", "N13", "N18"]
    assert {note.span for note in conversion.notes} == {None}
    assert "lvs.cf:" not in conversion.files["primary/keepalived.conf"].text


def test_table_has_every_directive() -> None:
    """Each directive is in one row, and rows name notes that exist."""
    names = [(one.scope, name) for one in TABLE for name in one.directives]
    codes = {kind.code for kind in KINDS}

    assert len(names) == len(set(names))
    assert set(names) == {(one.scope, one.name) for one in DIRECTIVES}
    assert {code for one in TABLE for code in one.notes} <= codes


def test_notes_are_in_the_table() -> None:
    """What a note says about a directive can be looked up in the table."""
    scopes = {one.name: one.scope for one in DIRECTIVES}
    unlisted = set()
    for note in all_notes():
        assert note.directive is not None
        rows = [one for one in TABLE if note.directive in one.directives]
        assert note.directive in scopes
        assert row(rows[0].scope, note.directive) is rows[0]
        if not any(note.code in one.notes for one in rows):
            unlisted.add((note.code, note.directive))
    assert sorted(unlisted) == []
