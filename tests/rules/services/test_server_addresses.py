"""The rules in `lvscf.linter.rules.services.server_addresses`."""

import pytest

from tests.cases import Defect, assert_fires, assert_silent, assert_single, named
from tests.rules.services.server_addresses_cases import DEFECTS, FIRES, SILENT


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
