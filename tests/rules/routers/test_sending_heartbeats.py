"""The rules in `lvscf.linter.rules.routers.sending_heartbeats`."""

import pytest

from tests.builders import ROUTERS
from tests.cases import assert_fires, assert_silent, named
from tests.clusters import findings
from tests.hosts import HERE
from tests.rules.routers.sending_heartbeats_cases import (
    ANSWERS,
    FIRES,
    PARTNER,
    SEALED,
    SECOND_PATH,
    SILENT,
)


@pytest.mark.parametrize(("code", "marked"), **named(FIRES))
def test_fires_and_underlines(code: str, marked: str) -> None:
    """The rule has exactly one finding, at the marked token."""
    assert_fires(code, marked)


@pytest.mark.parametrize(("code", "text"), **named(SILENT))
def test_is_silent(code: str, text: str) -> None:
    """The rule has no finding."""
    assert_silent(code, text)


@pytest.mark.parametrize(
    ("text", "severity", "says"),
    [
        (ROUTERS + HERE + SEALED, "error", "declares it dead after"),
        (ROUTERS + HERE + ANSWERS + SEALED, "warning", "only get out as replies"),
        (
            ROUTERS + SECOND_PATH + HERE + f"{PARTNER} -j ACCEPT\n" + SEALED,
            "warning",
            "The other path is open",
        ),
    ],
    ids=["all", "answers", "second path"],
)
def test_severity_is_that_of_what_happens(text: str, severity: str, says: str) -> None:
    """Where heartbeats get out in some other way, it is a warning that says so."""
    (found,) = (one for one in findings(text) if one.code == "LVS234")

    assert (found.severity.label, says in found.message) == (severity, True)


def test_both_paths_sealed_are_two_errors() -> None:
    """Each path has its own command that opens it."""
    found = [one for one in findings(ROUTERS + SECOND_PATH + HERE + SEALED) if one.code == "LVS234"]

    assert [one.severity.label for one in found] == ["error", "error"]
    assert "-d 10.11.1.22 " in (found[1].help or "")
