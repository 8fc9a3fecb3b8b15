"""Fixes of findings about the file itself: they mend what they are about."""

import pytest

import lvscf
from tests.rules.cases import FIRES
from tests.rules.underlined import MARK


def apply(text: str, fix: lvscf.Fix) -> str:
    """The text with the edits of a fix, the last first."""
    for edit in sorted(fix.edits, key=lambda edit: edit.span.start, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def found_in(text: str, code: str) -> list[lvscf.Finding]:
    """The findings of one rule, which may be optional."""
    settings = lvscf.Settings(extend_select=(code,))
    return [one for one in lvscf.lint(lvscf.parse(text), settings=settings) if one.code == code]


FIXABLE = [
    (code, text, finding)
    for code, marked in FIRES
    for text in [MARK.sub(r"\1", marked)]
    for finding in found_in(text, code)
    if finding.fix is not None
]


@pytest.mark.parametrize(
    ("code", "text", "finding"),
    FIXABLE,
    ids=[f"{code}-{n}" for n, (code, *_) in enumerate(FIXABLE)],
)
def test_fix_takes_the_finding_away(code: str, text: str, finding: lvscf.Finding) -> None:
    """After the fix the finding is gone, and there is no error that was not there before."""
    assert finding.fix is not None
    fixed = apply(text, finding.fix)

    before = [one.code for one in lvscf.parse(text).findings]
    after = [one.code for one in lvscf.parse(fixed).findings]
    assert len(found_in(fixed, code)) == len(found_in(text, code)) - 1
    assert all(after.count(one) <= before.count(one) for one in after)


SAFE_AND_ACCEPTED = [
    (text, finding)
    for _, text, finding in FIXABLE
    if finding.fix is not None
    and finding.fix.applicability == "safe"
    and lvscf.parse(text).refusal is None
    # Of these the finding is that Piranha holds something else than was meant.
    and finding.code not in ("LVS014", "LVS006", "LVS121")
]


@pytest.mark.parametrize(("text", "finding"), SAFE_AND_ACCEPTED)
def test_safe_fix_keeps_what_piranha_holds(text: str, finding: lvscf.Finding) -> None:
    """Where Piranha loads the file, a safe fix changes nothing in its memory."""
    assert finding.fix is not None

    fixed = apply(text, finding.fix)
    assert lvscf.loads(fixed).effective == lvscf.loads(text).effective


def test_fixes_are_known_for_what_the_catalogue_says() -> None:
    """These rules know a way out, of these kinds."""
    kinds: dict[str, set[str]] = {}
    for code, _, finding in FIXABLE:
        assert finding.fix is not None
        kinds.setdefault(code, set()).add(finding.fix.applicability)

    assert {code for code, found in kinds.items() if "safe" in found} >= {
        "LVS002", "LVS003", "LVS005", "LVS006", "LVS014", "LVS015", "LVS018", "LVS019", "LVS121",
        "LVS309", "LVS804", "LVS805", "LVS806", "LVS807", "LVS808", "LVS810",
    }  # fmt: skip
    assert {code for code, found in kinds.items() if "unsafe" in found} >= {
        "LVS001", "LVS008", "LVS011", "LVS103", "LVS124", "LVS810",
    }  # fmt: skip
