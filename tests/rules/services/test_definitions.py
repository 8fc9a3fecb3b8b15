"""The rules in `lvscf.linter.rules.services.definitions`."""

import pytest

import lvscf
from tests.builders import server, service
from tests.cases import Defect, assert_fires, assert_silent, assert_single, named
from tests.rules.services.definitions_cases import DEFECTS, FIRES, SILENT


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


def test_severity_follows_what_is_lost() -> None:
    """A second service of one mark is a warning if it is the same, else an error."""
    first = service("fwmark = 80", server())

    same = first + service("fwmark = 80", "port = 443", server(), name="b")
    assert severities(same, "LVS308") == ["warning"]
    ports = first.replace("}\n}", "port = 80\n}\n}") + service(
        "fwmark = 80", "port = 443", server("port = 443"), name="b"
    )
    assert severities(ports, "LVS308") == ["warning"]
    elsewhere = first + service("fwmark = 80", "port = 443", server("port = 8443"), name="b")
    assert severities(elsewhere, "LVS308") == ["error"]
    other = first + service("fwmark = 80", server(address="10.10.1.39"), name="b")
    assert severities(other, "LVS308") == ["error"]
