"""What is proposed at the cursor, marked `|` in these texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvscf.document import parse
from lvscf.language_server.completions import Completion, completions
from lvscf.linter.registry import rules
from lvscf.piranha.directives import BY_SCOPE, Scope
from lvscf.testing import any_texts


def proposed(text: str, *codes: str) -> tuple[Completion, ...]:
    before, _, after = text.partition("|")
    return completions(parse(before + after), len(before), codes)


def labels(text: str, *codes: str) -> list[str]:
    return [one.label for one in proposed(text, *codes)]


def accepted(text: str, label: str) -> str:
    """The text after a proposal was taken."""
    whole = text.replace("|", "")
    (one,) = [one for one in proposed(text) if one.label == label]
    return whole[: one.start] + one.text + whole[one.end :]


@pytest.mark.parametrize(
    ("text", "scope", "more"),
    [
        ("|", Scope.GLOBAL, {"virtual", "failover"}),
        ("virtual a {\n  |", Scope.SERVICE, {"server", "}"}),
        ("failover a {\n  |\n}\n", Scope.SERVICE, {"server", "}"}),
        ("virtual a {\n server b {\n |", Scope.SERVER, {"}"}),
        ("virtual a {\n server b {\n }\n |\n}\n", Scope.SERVICE, {"server", "}"}),
        ("virtual a {\n}\n|\n", Scope.GLOBAL, {"virtual", "failover"}),
    ],
)
def test_directives_of_the_block(text: str, scope: Scope, more: set[str]) -> None:
    assert set(labels(text)) == {*BY_SCOPE[scope], *more}


def test_what_the_block_has_is_not_proposed() -> None:
    """But what another block has is, and so is the word that is being written."""
    found = labels("virtual a {\n port = 80\n}\nvirtual b {\n active = 1\n po|\n}\n")

    assert "active" not in found
    assert "port" in found
    assert "port" in labels("virtual b {\n po|rt = 80\n}\n")


def test_unused_directives_are_last() -> None:
    found = [one for one in proposed("|") if one.kind == "directive"]

    assert [one.deprecated for one in found] == sorted(one.deprecated for one in found)
    assert {one.label for one in found if one.deprecated} == {
        row.name for row in BY_SCOPE[Scope.GLOBAL].values() if row.unused
    }


@pytest.mark.parametrize(
    ("text", "label", "after"),
    [
        ("kee|", "keepalive", "keepalive = "),
        ("kee|p = 6", "keepalive", "keepalive = 6"),
        ("  |\n", "deadtime", "  deadtime = \n"),
        ("network = |", "direct", "network = direct"),
        ("network=di|", "direct", "network=direct"),
        ("network = na|t\n", "direct", "network = direct\n"),
        ("virtual web |", "{", "virtual web {"),
        ("virtual web {|", "{", "virtual web {"),
        ("# lvscf: ignore[|]", "LVS201", "# lvscf: ignore[LVS201]"),
        ("# lvscf: ignore[LVS202,L|]", "LVS201", "# lvscf: ignore[LVS202,LVS201]"),
        ("# lv|", "lvscf: ignore[...]", "# lvscf: ignore["),
        ("# lvscf: ign|", "lvscf: ignore-file[...]", "# lvscf: ignore-file["),
    ],
)
def test_taking_a_proposal(text: str, label: str, after: str) -> None:
    assert accepted(text, label) == after


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("syncdaemon = |", ["1", "0"]),
        ("service = |", ["lvs", "fos"]),
        ("keepalive = |", ["2"]),
        ("virtual a {\n load_monitor = |", ["none", "uptime", "rup", "ruptime"]),
        ("virtual a {\n address = |", []),
        ("virtual a {\n keepalive = |", []),
        ("nonsense = |", []),
        ("keepalive = 6 |", []),
        ("# a comment |", []),
        ("virtual |", []),
    ],
)
def test_values(text: str, words: list[str]) -> None:
    assert labels(text) == words


def test_defaults_are_marked() -> None:
    found = {one.label: one.detail for one in proposed("network = |")}

    assert found == {"direct": "", "nat": "default", "tunnel": ""}


def test_rules_with_findings_are_first() -> None:
    found = labels("# lvscf: ignore[|", "LVS322")

    assert found[0] == "LVS322"
    assert sorted(found) == [rule.code for rule in rules()]


@given(any_texts(), st.data())
def test_any_text(text: str, data: st.DataObject) -> None:
    """A proposal replaces a stretch around the cursor, on its line."""
    offset = data.draw(st.integers(0, len(text)))
    for one in completions(parse(text), offset):
        assert 0 <= one.start <= offset <= one.end <= len(text)
        assert "\n" not in text[one.start : one.end]
