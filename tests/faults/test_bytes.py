"""The rules in `lvscf.faults.bytes`."""

import pytest

import lvscf
from tests.cases import Defect, assert_fires, assert_silent, assert_single, named
from tests.faults.bytes_cases import DEFECTS, FIRES, SILENT


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


def test_a_line_that_crashes_the_reader_is_not_rejected() -> None:
    """Whatever else is wrong with it, Piranha logs nothing."""
    messages = {
        finding.code: finding.message
        for finding in lvscf.lint(lvscf.parse("keepalive = z\nx\0y\n"))
    }

    assert "crashes on this line before" in messages["LVS001"]
    assert "crashes on this line" in messages["LVS020"]
    assert "rejects the file at this line" in messages["LVS007"]
