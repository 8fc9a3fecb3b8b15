"""Baselines: what findings are known by, and the file that holds them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lvscf
from lvscf.linter import baseline
from lvscf.linter.baseline import Baseline, BaselineError, Known, Ledger, Places
from lvscf.source import Source
from tests.strategies import ANYTHING

TEXT = """\
primary = 10.10.1.21
keepalive = 6 # seconds
# a comment
virtual web {
     active = 1
     server one {
         weight = 010
         weight = 011
     }
     server one {
         weight = 010
     }
}
virtual web {
     port = 08

}
virtual a/b {
     server c\\d {
     }
}
"""


def places(text: str) -> dict[int, str]:
    """The name of the place that each line of a text is."""
    document = lvscf.parse(text)
    found = Places(document.reading)
    starts = [0, *(n + 1 for n, character in enumerate(text) if character == "\n")]
    return {line: found.name(start) for line, start in enumerate(starts, 1) if start < len(text)}


def test_places_are_paths() -> None:
    """Blocks and directives are named by what they are; of equal ones, the second has a number."""
    assert places(TEXT) == {
        1: "primary",
        2: "keepalive",
        3: "# a comment",
        4: "virtual web",
        5: "virtual web/active",
        6: "virtual web/server one",
        7: "virtual web/server one/weight",
        8: "virtual web/server one/weight #2",
        9: "virtual web/server one",
        10: "virtual web/server one #2",
        11: "virtual web/server one #2/weight",
        12: "virtual web/server one #2",
        13: "virtual web",
        14: "virtual web #2",
        15: "virtual web #2/port",
        16: "virtual web #2",
        17: "virtual web #2",
        18: "virtual a\\/b",
        19: "virtual a\\/b/server c\\\\d",
        20: "virtual a\\/b/server c\\\\d",
        21: "virtual a\\/b",
    }


@given(ANYTHING)
def test_every_finding_has_a_place(text: str) -> None:
    """Whatever a text holds, each finding has a place, and the baseline of it can be read again."""
    document = lvscf.parse(text, "lvs.cf")
    named = Places(document.reading)
    ledger = Ledger(Baseline())

    def key(finding: lvscf.Finding) -> Known:
        return Known("lvs.cf", named.name(finding.span.start), finding.code)

    findings = lvscf.lint(document)
    new, known = ledger.sift(findings, key)
    assert (new, known) == (findings, ())

    text = ledger.renewed(lambda _: True).text()
    again = Ledger(baseline.parse(text))
    new, known = again.sift(findings, key)
    assert {finding.code for finding in new} <= {"LVS400"}
    assert not again.left().counts
    assert text.isascii()


def found(text: str) -> tuple[lvscf.Document, tuple[lvscf.Finding, ...]]:
    document = lvscf.parse(text, "lvs.cf")
    return document, lvscf.lint(document)


def new_in(changed: str, before: str) -> list[str]:
    """The codes of the findings that a baseline of `before` does not know in `changed`."""
    ledger = Ledger(Baseline())
    for text in (before, changed):
        document, findings = found(text)
        named = Places(document.reading)
        new, _ = ledger.sift(
            findings,
            lambda finding, named=named: Known("", named.name(finding.span.start), finding.code),  # type: ignore[misc]
        )
        ledger = Ledger(ledger.renewed(lambda _: True))
    return [finding.code for finding in new]


WEB = "virtual web {\n active = 1\n timeout = 010\n}\n"
MAIL = "virtual mail {\n active = 1\n timeout = 010\n}\n"


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ("# new\n\n" + WEB.replace("{\n", "{\n # why\n\n") + "primary = 10.10.1.21\n" + MAIL, []),
        (MAIL + WEB, []),
        (WEB, []),
        (WEB.replace("010", "011") + MAIL, []),
        (WEB.replace("web", "new") + MAIL, ["LVS301", "LVS103"]),
        (WEB.replace("timeout", "persistent") + MAIL, ["LVS103"]),
        (WEB.replace("active = 1", "active = 1\n reentry = 010") + MAIL, ["LVS103"]),
        (WEB + MAIL + MAIL, ["LVS102", "LVS301", "LVS103"]),
    ],
)  # fmt: skip
def test_lines_may_move(changed: str, codes: list[str]) -> None:
    """Inserted lines, moved blocks and other comments change nothing; a new name is a new place."""
    quiet = {"LVS208", "LVS302", "LVS304"}
    before = "serial_no = 1\n" + WEB + MAIL

    told = [code for code in new_in("serial_no = 1\n" + changed, before) if code not in quiet]
    assert sorted(told) == sorted(codes)


def test_counts() -> None:
    """As many as are known are known; one more is new, one less is left."""
    one, other = Known("a", "b", "LVS1"), Known("a", "c", "LVS1")
    finding = lvscf.lint(lvscf.parse("keepalve = 6\n"))[0]
    ledger = Ledger(Baseline({one: 2, other: 3}))

    new, known = ledger.sift([finding] * 3, lambda _: one)
    assert (len(new), len(known)) == (1, 2)
    assert known[0].kind == "baseline"
    assert ledger.left().counts == {other: 3}
    assert ledger.renewed(lambda _: True).counts == {one: 3}
    assert ledger.renewed(lambda _: False).counts == {one: 3, other: 3}


def test_lines_of_hosts_have_no_counters() -> None:
    """The text of a line counts, not its blanks and the packets that it has counted."""
    source = Source(":INPUT  DROP [12:345]\n[1:2] -A INPUT -p tcp \n")

    assert baseline.line_name(source, 1) == ":INPUT DROP"
    assert baseline.line_name(source, 2) == "-A INPUT -p tcp"


_TEXTS = st.text(max_size=5)


@given(st.dictionaries(st.builds(Known, _TEXTS, _TEXTS, _TEXTS), st.integers(1, 9), max_size=4))
def test_file_round_trip(counts: dict[Known, int]) -> None:
    """What is written is read again; it is JSON, sorted, with an entry a line."""
    text = Baseline(counts).text()

    assert baseline.parse(text).counts == counts
    assert baseline.parse(text).text() == text
    assert json.loads(text)["version"] == 1
    assert text.count("\n") == len(counts) + (4 if not counts else 5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is not JSON"),
        ("keepalive = 6\n", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[]", "it has no list of `findings`"),
        ('{"version": 1, "findings": {}}', "it has no list of `findings`"),
        ('{"version": 2, "findings": []}', "its version is not 1"),
        ('{"version": 1, "findings": [1]}', "entry 1 of its `findings` lacks"),
        ('{"version": 1, "findings": [{"file": "", "place": "", "code": "", "count": 0}]}', "entry 1"),
        ('{"version": 1, "findings": [{"file": "", "place": "", "code": "", "count": true}]}', "entry 1"),
        ('{"version": 1, "findings": [{"file": "", "place": 1, "code": "", "count": 1}]}', "entry 1"),
    ],
)  # fmt: skip
def test_what_is_no_baseline(text: str, message: str) -> None:
    """Each is told in a few words."""
    with pytest.raises(BaselineError) as caught:
        baseline.parse(text)

    assert str(caught.value).startswith(message)
