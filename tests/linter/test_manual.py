"""Every rule has a manual with fixed headings, and its examples are true."""

import re

import pytest

import lvscf
from lvscf.findings.finding import Severity
from lvscf.findings.rule import LintRule
from lvscf.linter.manual import manual_of
from lvscf.linter.registry import rules
from tests.all_cases import FIRES, SILENT
from tests.clusters import codes, findings, parted
from tests.underlined import unmarked


@pytest.fixture(params=rules(), ids=lambda rule: rule.code)
def rule(request: pytest.FixtureRequest) -> LintRule:
    """Each rule in turn."""
    found: LintRule = request.param
    return found


def test_manual_is_complete(rule: LintRule) -> None:
    """A manual has a summary and its sections, in order; a line is no longer than a page is wide."""
    manual = manual_of(rule)

    assert re.fullmatch(r"[A-Z`].*\.", manual.summary)
    assert manual.what.endswith((".", ".)"))
    assert manual.why.endswith((".", ".)"))
    assert manual.fix is None or manual.fix.startswith(("Safe", "Unsafe"))


def test_bad_example_fires(rule: LintRule) -> None:
    """The bad example has the finding."""
    assert rule.code in codes(manual_of(rule).bad_source, rule.code)


def test_good_example_does_not_fire(rule: LintRule) -> None:
    """The good example does not have it, and Piranha loads it."""
    good = manual_of(rule).good

    assert rule.code not in codes(good, rule.code)
    lvs_cf, _ = parted(good)
    assert lvscf.parse(lvs_cf).refusal is None


def test_every_severity_of_a_rule_is_declared() -> None:
    """The manual names all severities that the cases have."""
    seen: dict[str, set[Severity]] = {}
    for text in {text for cases in FIRES.values() for text in cases.values()}:
        for finding in findings(unmarked(text), "ALL"):
            seen.setdefault(finding.code, set()).add(finding.severity)

    declared = {rule.code: set(rule.severities) for rule in rules()}
    assert {code: found - declared[code] for code, found in seen.items()} == {
        code: set() for code in seen
    }


def test_names_are_well_formed() -> None:
    """Codes and names are unique, and codes are in order."""
    known = [rule.code for rule in rules()]
    names = [rule.name for rule in rules()]

    assert known == sorted(set(known))
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"LVS[0-9]{3}", code) for code in known)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)


def test_every_rule_has_cases_that_fire_and_that_do_not() -> None:
    """The tables hold both kinds of cases for every rule."""
    known = {rule.code for rule in rules()}
    assert FIRES.keys() == known
    assert SILENT.keys() == known
