"""The rules in `lvscf.linter.rules.routers.heartbeat`."""

import pytest

import lvscf
from tests.builders import ROUTERS
from tests.cases import Defect, assert_fires, assert_silent, assert_single, named
from tests.rules.routers.heartbeat_cases import DEFECTS, FIRES, SILENT


@pytest.mark.parametrize(("code", "marked"), **named(FIRES))
def test_fires_and_underlines(code: str, marked: str) -> None:
    """The rule has exactly one finding, at the marked token."""
    assert_fires(code, marked)


@pytest.mark.parametrize(("code", "text"), **named(SILENT))
def test_is_silent(code: str, text: str) -> None:
    """The rule has no finding."""
    assert_silent(code, text)


@pytest.mark.parametrize(("code", "defect"), **named(DEFECTS))
def test_a_single_defect_is_a_single_finding(code: str, defect: Defect) -> None:
    """One defect in a good file fires the rule that it belongs to, and no other."""
    assert_single(code, defect)


def severities(text: str, code: str) -> list[str]:
    """How bad the findings of a rule are."""
    return [
        finding.severity.label for finding in lvscf.lint(lvscf.parse(text)) if finding.code == code
    ]


def test_severity_follows_the_margin() -> None:
    """Below twice the heartbeat interval is a warning, below three times a note."""
    assert severities(ROUTERS + "keepalive = 10\ndeadtime = 19\n", "LVS202") == ["warning"]
    assert severities(ROUTERS + "keepalive = 10\ndeadtime = 29\n", "LVS202") == ["info"]
