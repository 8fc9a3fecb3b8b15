"""What is offered about findings."""

import pytest
from attrs import evolve
from hypothesis import given, settings

from lvscf.document import Document, parse
from lvscf.files.linting import LintedFile, lint_document
from lvscf.files.settings_file import SettingsFile
from lvscf.findings.finding import Finding
from lvscf.language_server.actions import Action, all_found, fix_all, fix_of, silence_of
from lvscf.linter.engine import lint
from lvscf.linter.fixing import fix
from lvscf.linter.settings import Settings
from lvscf.testing import lvs_cf_texts
from tests.all_cases import DEFECTS
from tests.good import DIRECT

ALL = Settings(select=("ALL",))


def linted(text: str, settings: Settings | None = None) -> LintedFile:
    found = SettingsFile() if settings is None else SettingsFile(settings)
    return lint_document(parse(text, "lvs.cf"), found)


def done(document: Document, action: Action) -> Document:
    """The document after an action, as an editor does it."""
    text = document.source.text
    for edit in sorted(action.edits, key=lambda edit: edit.span.start, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return parse(text, document.filename)


def only(found: LintedFile, code: str) -> Finding:
    (one,) = [one for one in found.findings if one.code == code]
    return one


def test_safe_fix() -> None:
    text = DIRECT.replace("keepalive = 6", "keepalive=6")
    found = linted(text)
    action = fix_of(found, only(found, "LVS002"))

    assert action is not None
    assert action.is_preferred
    assert "unsafe" not in action.title
    assert done(found.document, action) == parse(DIRECT)


def test_unsafe_fix_says_so() -> None:
    found = linted(DIRECT.replace("keepalive", "keepalve"))
    action = fix_of(found, only(found, "LVS001"))

    assert action is not None
    assert action.title == "Write `keepalive` (unsafe: needs review)"
    assert not action.is_preferred


def test_fix_that_exposes_something_says_so() -> None:
    """`--fix` leaves it out, but someone who is still writing the file may want it."""
    found = linted("backup_active = yes\n")
    action = fix_of(found, only(found, "LVS008"))

    assert action is not None
    assert action.title == "Write `1` (unsafe: needs review; exposes LVS205)"
    assert not action.is_preferred
    assert fix(found.document, unsafe=True).document == found.document


def test_fixes_are_those_of_the_command_line() -> None:
    """For each case: what `--fix` applies is offered, without a remark on what it exposes."""
    count = 0
    for case in (case for cases in DEFECTS.values() for case in cases.values()):
        found = linted(case.text, ALL)
        for one in found.findings:
            if one.fix is None:
                continue

            def heard(now: Document, _all: object, one: Finding = one) -> tuple[Finding, ...]:
                return (one,) if now is found.document else ()  # noqa: B023

            action = fix_of(found, one)
            fixed = fix(found.document, settings=ALL, unsafe=True, heard=heard)
            if fixed.applied:
                assert action is not None
                assert "exposes" not in action.title
                assert done(found.document, action) == fixed.document
                count += 1
            else:
                assert action is None or "exposes" in action.title
    assert count > 20


@pytest.mark.parametrize("code", ["LVS014", "LVS018"])
def test_comments_that_would_change_the_reading(code: str) -> None:
    """In a file that Piranha misreads from its first line on, another first line would matter."""
    found = linted(next(iter(DEFECTS[code].values())).text)

    assert silence_of(found, only(found, code)) is None


@pytest.mark.parametrize("code", sorted(DEFECTS.keys() - {"LVS014", "LVS018"}))
def test_every_rule_can_be_silenced(code: str) -> None:
    """The comment silences the finding and brings up nothing else, for the first case of a rule."""
    text = next(iter(DEFECTS[code].values())).text
    settings = Settings(extend_select=(code,))
    found = linted(text, settings)
    for one in found.findings:
        if one.code != code or one.code.startswith("LVS9"):
            continue
        action = silence_of(found, one)
        assert action is not None
        after = done(found.document, action)
        codes = [other.code for other in lint(after, settings=settings)]
        before = [other.code for other in found.findings]
        assert codes.count(code) < before.count(code)
        assert not set(codes) - set(before)
        assert after.intended == found.document.intended


@pytest.mark.parametrize(
    ("old", "new", "code", "title", "comment"),
    [
        ("deadtime = 18", "deadtime = 6", "LVS201", "here", "# lvscf: ignore[LVS201]\ndeadtime"),
        (
            "     timeout = 6", "     timeout = 0", "LVS606", "here",
            "     # lvscf: ignore[LVS606]\n     timeout",
        ),
    ],
)  # fmt: skip
def test_comment_is_above_the_line(old: str, new: str, code: str, title: str, comment: str) -> None:
    found = linted(DIRECT.replace(old, new))
    codes = [one.code for one in found.findings]
    assert code in codes
    action = silence_of(found, next(one for one in found.findings if one.code == code))

    assert action is not None
    assert action.title == f"Silence {code} {title} with a comment"
    assert comment in done(found.document, action).source.text


def test_findings_without_a_fix_and_elsewhere() -> None:
    """Nothing is offered for the one; the other can only be silenced where it is."""
    found = linted("keepalive = x\n")
    wrong = only(found, "LVS007")
    elsewhere = evolve(wrong, span=evolve(wrong.span, filename="other.cf"))

    assert wrong.fix is None
    assert fix_of(found, wrong) is None
    assert silence_of(found, elsewhere) is None


@given(lvs_cf_texts())
@settings(max_examples=30)
def test_any_text(text: str) -> None:
    """Whatever is offered is a change, and a comment silences its finding."""
    found = linted(text)
    for one in found.findings[:3]:
        fixed, silenced = fix_of(found, one), silence_of(found, one)
        if fixed is not None:
            assert done(found.document, fixed) != found.document
        if silenced is not None:
            after = lint(done(found.document, silenced))
            count = [other.code for other in found.findings].count(one.code)
            assert [other.code for other in after].count(one.code) < count


def test_no_comment_for_an_empty_file() -> None:
    """A comment would make it another file, which Piranha loads."""
    found = linted("")
    (empty,) = found.findings

    assert silence_of(found, empty) is None


def test_line_ends_of_windows() -> None:
    found = linted("primary = 10.10.1.21\r\nkeepalive = x\r\n")
    wrong = only(found, "LVS007")
    action = silence_of(found, wrong)

    assert action is not None
    assert action.edits[0].text == "# lvscf: ignore[LVS007]\r\n"


def test_all_safe_fixes() -> None:
    text = DIRECT.replace("keepalive = 6", "keepalive=6").replace("deadtime", "deadtme")
    found = linted(text)
    action = fix_all(found)

    assert action is not None
    assert done(found.document, action) == fix(found.document).document
    assert "deadtme" in done(found.document, action).source.text  # unsafe
    assert fix_all(linted(DIRECT)) is None


def test_known_findings_are_not_fixed() -> None:
    found = linted(DIRECT.replace("keepalive = 6", "keepalive=6"))

    assert fix_all(found, lambda _document, _findings: ()) is None
    assert all_found(found) == found.findings
