"""Each rule fires where it must, underlines the right token, and is silent elsewhere."""

import pytest

import lvscf
from lvscf.linter import selection
from tests.builders import ROUTERS, server, service
from tests.clusters import codes, findings
from tests.good import GOOD, NOTED
from tests.rules import cluster_cases
from tests.rules.cases import DEFECTS, FIRES, SILENT
from tests.underlined import MARK, unmarked


@pytest.mark.parametrize(
    ("code", "marked"), FIRES + cluster_cases.FIRES, ids=lambda value: str(value)[:40]
)
def test_fires_and_underlines(code: str, marked: str) -> None:
    """The rule has exactly one finding, at the marked token."""
    text = unmarked(marked)
    spans = [finding.span for finding in findings(text, code) if finding.code == code]

    assert len(spans) == 1
    token = MARK.search(marked)
    assert token is not None
    assert (spans[0].start, text[spans[0].start : spans[0].end]) == (token.start(), token[1])


@pytest.mark.parametrize(
    ("code", "text"), SILENT + cluster_cases.SILENT, ids=lambda value: str(value)[:40]
)
def test_is_silent(code: str, text: str) -> None:
    """The rule has no finding."""
    assert code not in codes(unmarked(text), code)


def severities(text: str, code: str) -> list[str]:
    return [
        finding.severity.label for finding in lvscf.lint(lvscf.parse(text)) if finding.code == code
    ]


def test_severity_follows_the_margin() -> None:
    """Below twice the heartbeat interval is a warning, below three times a note."""
    assert severities(ROUTERS + "keepalive = 10\ndeadtime = 19\n", "LVS202") == ["warning"]
    assert severities(ROUTERS + "keepalive = 10\ndeadtime = 29\n", "LVS202") == ["info"]


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


@pytest.mark.parametrize("name", GOOD)
def test_good_configurations_are_clean(name: str) -> None:
    """Configurations as people run them have no finding but what is worth knowing about them."""
    found = {finding.code for finding in lvscf.lint(lvscf.parse(GOOD[name]))}

    assert found - {"LVS400"} == NOTED.get(name, set())


@pytest.mark.parametrize(
    ("name", "good", "bad", "code"), DEFECTS, ids=lambda value: str(value)[:40]
)
def test_a_single_defect_is_a_single_finding(name: str, good: str, bad: str, code: str) -> None:
    """One defect in a good file fires the rule that it belongs to, and no other."""
    assert good in GOOD[name]
    text = GOOD[name].replace(good, bad, 1)

    found = codes(text, *([code[:4]] if selection.find(code)[0].optional else []))
    assert found - {"LVS400"} - NOTED.get(name, set()) == {code}
