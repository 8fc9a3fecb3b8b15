"""The rules in `lvscf.linter.rules.ways.sending`."""

import pytest

from tests.cases import assert_fires, assert_silent, named
from tests.clusters import codes, findings
from tests.rules.ways.sending_cases import FIRES, SILENT
from tests.underlined import commands_of, run_there, unmarked


@pytest.mark.parametrize(("code", "marked"), **named(FIRES))
def test_fires_and_underlines(code: str, marked: str) -> None:
    """The rule has exactly one finding, at the marked token."""
    assert_fires(code, marked)


@pytest.mark.parametrize(("code", "text"), **named(SILENT))
def test_is_silent(code: str, text: str) -> None:
    """The rule has no finding."""
    assert_silent(code, text)


@pytest.mark.parametrize(("code", "marked"), **named(FIRES))
def test_the_remedy(code: str, marked: str) -> None:
    """Running the commands of the help makes the finding go away."""
    text = unmarked(marked)
    (found,) = (one for one in findings(text) if one.code == code)
    commands = commands_of(found)

    assert commands
    assert code not in codes(run_there(text, found, commands))
