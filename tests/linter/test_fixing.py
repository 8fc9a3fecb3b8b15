"""Fixes: they mend what they are about, do no harm, and come to an end."""

from collections import Counter
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import lvscf
from benchmarks.inputs import lvs_cf
from lvscf.linter import fixing
from lvscf.linter.registry import rules
from lvscf.report import fix_diff
from lvscf.source import Source
from tests import strategies
from tests.all_cases import DEFECTS, FIRES
from tests.cases import Defect, named
from tests.clusters import parted
from tests.fixes import apply
from tests.underlined import unmarked


def found_in(text: str, cluster: lvscf.Cluster | None, code: str) -> list[lvscf.Finding]:
    """The findings of one rule, which may be optional."""
    settings = lvscf.Settings(extend_select=(code,))
    found = lvscf.lint(lvscf.parse(text), cluster, settings)
    return [one for one in found if one.code == code]


def codes(document: lvscf.Document) -> Counter[str]:
    """How many findings of each rule there are, what could not be checked aside."""
    return Counter(one.code for one in lvscf.lint(document) if one.code != "LVS400")


# --- each fix by itself ---------------------------------------------------------------------------

SAFE = {
    "LVS002", "LVS003", "LVS005", "LVS006", "LVS014", "LVS015", "LVS018", "LVS019", "LVS121",
    "LVS309", "LVS804", "LVS805", "LVS806", "LVS807", "LVS808", "LVS810",
}  # fmt: skip
OTHERS = {"LVS004", "LVS016", "LVS614", "LVS901"}
"""Rules that know a way out in some cases, of either kind."""
UNSAFE = {"LVS001", "LVS008", "LVS011", "LVS103", "LVS124", "LVS810"}


@cache
def fixable(code: str) -> list[tuple[str, str, lvscf.Fix]]:
    """The name and the text of each case of a rule whose finding knows a fix, and the fix."""
    return [
        (name, text, finding.fix)
        for name, marked in FIRES[code].items()
        for text in [unmarked(marked)]
        for finding in found_in(*parted(text), code)
        if finding.fix is not None
    ]


@pytest.mark.parametrize("code", sorted(SAFE | UNSAFE | OTHERS))
def test_fix_takes_the_finding_away(code: str) -> None:
    """After the fix the finding is gone, and there is no error that was not there before."""
    assert fixable(code)
    for name, text, fix in fixable(code):
        before, cluster = parted(text)
        after = apply(before, fix)

        found = [one.code for one in lvscf.parse(before).findings]
        left = [one.code for one in lvscf.parse(after).findings]
        assert len(found_in(after, cluster, code)) == len(found_in(before, cluster, code)) - 1, name
        assert all(left.count(one) <= found.count(one) for one in left), name


def test_fixes_are_known_for_what_the_catalogue_says() -> None:
    """These rules know a way out, of these kinds."""
    kinds = {code: {fix.applicability for _, _, fix in fixable(code)} for code in FIRES}

    assert {code for code, found in kinds.items() if found} == SAFE | UNSAFE | OTHERS
    assert {code for code, found in kinds.items() if "safe" in found} >= SAFE
    assert {code for code, found in kinds.items() if "unsafe" in found} >= UNSAFE


# --- laws over all fixes --------------------------------------------------------------------------

CASES = sorted(
    {parted(unmarked(marked))[0] for cases in FIRES.values() for marked in cases.values()}
)

MUTATED = st.builds(
    lambda one, other, cut, kept: one[:cut] + other[kept:] if kept else one + other,
    st.sampled_from(CASES),
    st.sampled_from(CASES),
    st.integers(0, 60),
    st.integers(0, 3),
)

CONCATENATED = st.lists(st.sampled_from(CASES), min_size=2, max_size=5).map("".join)

CHANGING_MEMORY = {rule.code for rule in rules() if rule.changes_memory}


@cache
def unread() -> set[str]:
    """Rules about lines that Piranha does not read: fixed, they may show what else is wrong there."""
    return CHANGING_MEMORY | {
        code
        for code in FIRES
        if code.startswith("LVS0")
        and any(fix.applicability == "safe" for _, _, fix in fixable(code))
    }


TEXTS = st.one_of(st.sampled_from(CASES), CONCATENATED, MUTATED, strategies.ANYTHING)


@given(TEXTS, st.booleans())
def test_fixing_does_no_harm(text: str, unsafe: bool) -> None:
    """Nothing new is found; Piranha still loads what it loaded; what is fixed is gone."""
    document = lvscf.parse(text)
    fixed = lvscf.fix(document, unsafe=unsafe)

    uncovered = {one.code for one in fixed.applied} & unread()
    if not uncovered:
        fresh = codes(fixed.document) - codes(document)
        notes = {one.code for one in fixed.remaining if one.severity is lvscf.Severity.INFO}
        assert not fresh or any(one.code.startswith("LVS0") for one in fixed.applied)
        assert set(fresh) <= notes  # a line that was guessed right may show more to know
    assert fixed.remaining == lvscf.lint(fixed.document)
    assert set(fixed.withheld) <= {one for one in fixed.remaining if one.fix}
    if document.refusal is None and not {one.code for one in fixed.applied} & CHANGING_MEMORY:
        assert fixed.document.refusal is None
    if not fixed.applied:
        assert fixed.document is document
    elif not uncovered and not fresh:
        assert sum(codes(fixed.document).values()) < sum(codes(document).values())
    assert unsafe or all(one.fix and one.fix.applicability == "safe" for one in fixed.applied)


@given(TEXTS, st.booleans())
def test_fixing_settles(text: str, unsafe: bool) -> None:
    """What was fixed once has nothing left to fix, also when it was written and read again."""
    fixed = lvscf.fix(lvscf.parse(text), unsafe=unsafe)
    again = lvscf.fix(lvscf.parse(bytes(fixed.document)), unsafe=unsafe)

    assert bytes(again.document) == bytes(fixed.document)
    assert again.applied == ()


@given(TEXTS)
def test_safe_fixes_keep_what_piranha_holds(text: str) -> None:
    """Where Piranha loads the file, its memory stays, unless the findings are about just that."""
    document = lvscf.parse(text)
    fixed = lvscf.fix(document)

    about_values = {one.code for one in fixed.applied} & CHANGING_MEMORY
    if document.refusal is None and not about_values:
        assert fixed.document.config.effective == document.config.effective


@given(TEXTS)
def test_other_text_stays(text: str) -> None:
    """Where all fixes can be made at once, what they do not speak of is as it was."""
    document = lvscf.parse(text)
    edits: list[lvscf.Edit] = []
    fixable: list[str] = []
    for finding in lvscf.lint(document):
        if finding.fix and finding.fix.applicability == "safe":
            edits.extend(finding.fix.edits)
            fixable.append(finding.code)
    outcome = lvscf.fix(document)
    # The first fixes may bring more to light, or make others unnecessary.
    assume(sorted(one.code for one in outcome.applied) == sorted(fixable))
    fixed = str(outcome.document)
    position = seen = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        if edit.span.start > position:
            seen = fixed.find(text[position : edit.span.start], seen)
            assert seen >= 0
            seen += edit.span.start - position
        position = max(position, edit.span.end)
    assert fixed.endswith(text[position:])


@given(TEXTS, st.booleans())
def test_diff_leads_to_the_fixed_text(text: str, unsafe: bool) -> None:
    """A program that takes diffs makes of the old text the new one."""
    document = lvscf.parse(text)
    fixed = lvscf.fix(document, unsafe=unsafe).document

    shown = fix_diff.render(document.source, fixed.source)
    assert patched(text, shown) == str(fixed)


@given(st.lists(st.sampled_from("abc}"), max_size=90), st.lists(st.sampled_from("abc}")), st.data())
def test_diff_of_any_texts(lines: list[str], others: list[str], data: st.DataObject) -> None:
    """So it does for texts that nobody fixed."""
    end = data.draw(st.sampled_from(["", "\n"]))
    start = data.draw(st.integers(0, len(lines)))
    length = data.draw(st.integers(0, 80))
    old = "\n".join(lines) + end
    new = "\n".join(lines[:start] + others + lines[start + length :])

    assert patched(old, fix_diff.render(Source(old), Source(new))) == new


def patched(text: str, shown: str) -> str:
    """Do what a unified diff says."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    old = [line for line in lines if line]
    new: list[str] = []
    taken, mark = 0, ""
    for line in shown.split("\n")[2:-1]:
        if line.startswith("@@"):
            start, _, length = line.split()[1][1:].partition(",")
            upto = int(start) - (length != "0")
            new += old[taken:upto]
            taken = upto
        elif line.startswith("\\"):
            if mark == "+":
                new[-1] = new[-1][:-1]
        else:
            mark, content = line[0], line[1:] + "\n"
            if mark in " -":
                assert old[taken].rstrip("\n") == content[:-1]
                content = old[taken]
                taken += 1
            if mark in " +":
                new.append(content)
    return "".join(new + old[taken:])


# --- examples -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "defect"), **named(DEFECTS))
def test_defects_are_mended(code: str, defect: Defect) -> None:
    """In a configuration that is in order otherwise, every fix that is known can be made.

    But for backslashes: without them, some texts turn out not to be what an answer begins with.
    """
    document = lvscf.parse(defect.text)
    fixed = lvscf.fix(document, unsafe=True)

    fixable = [one.code for one in lvscf.lint(document) if one.fix]
    assert [one.code for one in (*fixed.applied, *fixed.withheld)] == fixable
    assert {one.code for one in fixed.withheld} <= {"LVS614"}
    assert set(fixable) <= {code}


def fixed_text(text: str, unsafe: bool = False) -> str:
    return str(lvscf.fix(lvscf.parse(text), unsafe=unsafe).document)


def test_all_lines_at_once_and_several_on_a_line() -> None:
    """What is on the same line is fixed one after the other."""
    assert fixed_text("\ufeffkeepalive = 6 # six\ndeadtime=18\nvirtual a{\nactive = 0\n}\n") == (
        "# six\nkeepalive = 6\ndeadtime = 18\nvirtual a {\nactive = 0\n}\n"
    )


def test_windows_line_ends_are_mended_with_the_rest() -> None:
    """Line ends come first; what is wrong besides them does not keep them as they are."""
    assert fixed_text("keepalive=6\r\ndeadtime = x\r\n") == "keepalive = 6\ndeadtime = x\n"


PAIR = "backup_active = 1\nprimary = 10.10.1.21\nbackup = 10.10.1.22\n"


@pytest.mark.parametrize(
    ("lines", "mended", "uncovered"),
    [
        ("keepalive = 6\ndeadtime = 12 # x\n", "keepalive = 6\n# x\ndeadtime = 12\n", "LVS202"),
        ("keepalive=30\ndeadtime = 18\n", "keepalive = 30\ndeadtime = 18\n", "LVS201"),
        ("deadtime = 12s # x\n", "# x\ndeadtime = 12s\n", "LVS007"),
        ("serial_no= 1\nserial_no= 2\n", "serial_no = 1\nserial_no = 2\n", "LVS101"),
    ],
)
def test_what_an_unread_line_hides_does_not_block(lines: str, mended: str, uncovered: str) -> None:
    """What is wrong with a value was so before anybody could read it."""
    fixed = lvscf.fix(lvscf.parse(PAIR + lines))

    assert str(fixed.document) == PAIR + mended
    assert fixed.skipped == ()
    assert uncovered in {one.code for one in fixed.remaining}


TYPOS = "serial_no = 1\nserial_mo = 1\n"


def test_a_guess_that_brings_something_to_light_is_left_out() -> None:
    """An unsafe fix with which something else is wrong was a bad guess; others are made."""
    text = PAIR + TYPOS
    fixed = lvscf.fix(lvscf.parse(text + "heartbeat_prt = 539\n", "a.cf"), unsafe=True)

    assert str(fixed.document) == text + "heartbeat_port = 539\n"
    (skipped,) = fixed.skipped
    assert skipped.finding.span.line == 5
    assert skipped.exposed == (fixing.Exposed("LVS101", "a.cf", 4),)
    assert [one.span.line for one in fixed.applied] == [6]


def test_two_fixes_that_do_harm_together() -> None:
    """The first is made, the second left out."""
    text = "serial_mo = 1\nserial_mo = 2\nnetwrk = direct\n"

    assert fixed_text(text, unsafe=True) == "serial_no = 1\nserial_mo = 2\nnetwork = direct\n"


def test_each_fix_left_out_has_its_reason_up_to_a_few() -> None:
    """Finding out takes a linting each, so of many only the first are explained."""
    text = "".join(f"virtual v{n} {{\ntimeout = 6\ntimeot = 6\n}}\n" for n in range(9))
    fixed = lvscf.fix(lvscf.parse(text), unsafe=True)

    assert [bool(one.exposed) for one in fixed.skipped] == [True] * 4 + [False] * 5


def test_what_nobody_wants_to_hear_is_not_fixed() -> None:
    """Suppressed, ignored and unselected findings stay as they are."""
    text = "# lvscf: ignore[LVS005] as it was\nkeepalive = 6 # s\ndeadtime=18\n\ufeff"
    document = lvscf.parse(text)

    assert str(lvscf.fix(document).document) == text.replace("deadtime=18", "deadtime = 18")
    for settings in (lvscf.Settings(ignore=("LVS002",)), lvscf.Settings(select=("LVS005",))):
        assert lvscf.fix(document, settings=settings).document == document


def test_unsafe_fixes_are_asked_for() -> None:
    """Without being asked, only safe fixes are made."""
    text = "backup_active = yes\ndeadtime = 18\nkeepalive=6\nbackup = 10.10.1.22\nprimary = 10.10.1.21\n"

    assert fixed_text(text) == text.replace("=6", " = 6")
    assert fixed_text(text, unsafe=True) == text.replace("=6", " = 6").replace("yes", "1")


# --- fixes that no rule should have ---------------------------------------------------------------


Lint = Callable[..., tuple[lvscf.Finding, ...]]


def bad_rule(monkeypatch: pytest.MonkeyPatch, *edits: tuple[str, str]) -> Lint:
    """Let `keepalive = 6` be found and "safely" fixed by edits: what stands there, and what shall."""

    def lint(
        document: lvscf.Document, *others: object, **more: object
    ) -> tuple[lvscf.Finding, ...]:
        text, source = str(document), document.source
        if "keepalive = 6" not in text:
            return ()
        spans = [(text.index(old), text.index(old) + len(old), new) for old, new in edits]
        made = tuple(lvscf.Edit(source.span(start, end), new) for start, end, new in spans)
        span = source.span(0, 1)
        safe = lvscf.Fix("Make it worse", "safe", made)
        return (lvscf.Finding("LVS999", "odd", lvscf.Severity.ERROR, "Odd.", span, fix=safe),)

    monkeypatch.setattr(fixing, "lint", lint)
    return lint


@pytest.mark.parametrize(
    ("edits", "why"),
    [
        ([("6", "7")], "Piranha would hold another value"),
        ([("= 6", "=")], "Piranha would refuse the file"),
        ([("6", "6")], "the finding is still there"),
        ([("keepalive = 6", "heartbeat = 1"), ("6", "6")], "the edits overlap"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_fixes_are_left_out(
    monkeypatch: pytest.MonkeyPatch, edits: list[tuple[str, str]], why: str
) -> None:
    """Whatever a rule believes to be safe, nothing comes of it that is not."""
    bad_rule(monkeypatch, *edits)
    fixed = lvscf.fix(lvscf.parse("keepalive = 6\n"))

    assert str(fixed.document) == "keepalive = 6\n"
    assert [one.code for one in fixed.withheld] == ["LVS999"]


def test_only_the_lvs_cf_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fix of another file is none that can be made here."""
    lint = bad_rule(monkeypatch, ("keepalive = 6", "keepalive = 06"))
    document = lvscf.parse("keepalive = 6\n", "lvs.cf")
    assert lvscf.fix(document).applied != ()

    (finding,) = lint(lvscf.parse("keepalive = 6\n", "iptables"))
    monkeypatch.setattr(fixing, "lint", lambda *_, **__: (finding,))
    fixed = lvscf.fix(document)
    assert fixed.document is document
    assert fixed.withheld == ()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("replaced", "harmful"),
    [("timeout=6", 0), ("timeout = 6\n timeut = 6", 200)],
    ids=["all good", "half bad"],
)
def test_many_fixes(replaced: str, harmful: int) -> None:
    """Hundreds of fixes take a few rounds, also when half of them cannot be made."""
    text = lvs_cf(200).replace("timeout = 6", replaced).replace("reentry = 15", "reentry = 15 # s")
    fixed = lvscf.fix(lvscf.parse(text), unsafe=bool(harmful))

    assert len(fixed.applied) == 400 - harmful
    assert len(fixed.withheld) == harmful
