"""The rules in `lvscf.linter.rules.routers.rule_copies`."""

import pytest

from tests.cases import assert_fires, assert_silent, named
from tests.rules.routers.rule_copies_cases import FIRES, SILENT


@pytest.mark.parametrize(("code", "marked"), **named(FIRES))
def test_fires_and_underlines(code: str, marked: str) -> None:
    """The rule has exactly one finding, at the marked token."""
    assert_fires(code, marked)


@pytest.mark.parametrize(("code", "text"), **named(SILENT))
def test_is_silent(code: str, text: str) -> None:
    """The rule has no finding."""
    assert_silent(code, text)
