"""The lvs.cf of the other router: what differs is found, once, and weighed by what it leads to."""

import pytest
from hypothesis import given

import lvscf
from lvscf.config.differences import differences
from lvscf.config.model import Config
from lvscf.findings.finding import Finding, Severity
from tests.builders import ROUTERS, server, service
from tests.cases import Defect, assert_fires, assert_silent, assert_single, named
from tests.configs import CONFIGS
from tests.good import DIRECT
from tests.rules.upkeep.pair_cases import DEFECTS, FIRES, SILENT
from tests.strategies import ANYTHING


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


CODES = {"LVS217", "LVS904"}
EMPTY = "serial_no = 1\n"
OFF = service(server()).replace("active = 1", "active = 0", 1)


def compared(here: str, there: str) -> list[Finding]:
    """What is found about the pair."""
    found = lvscf.lint(lvscf.parse(here, "a.cf"), pair=lvscf.parse(there, "b.cf"))
    return [finding for finding in found if finding.code in CODES]


@pytest.mark.parametrize(
    ("here", "there", "severity"),
    [
        (ROUTERS + "keepalive = 6\n", ROUTERS, Severity.ERROR),
        ("keepalive = 6\n", EMPTY, Severity.INFO),
        ("heartbeat = 1\n", EMPTY, Severity.INFO),
        ("debug_level = FULL\n", "debug_level = 1\n", Severity.INFO),
        (service(), service(name="www"), Severity.INFO),
        (OFF, EMPTY, Severity.INFO),
        (EMPTY, OFF, Severity.INFO),
        (OFF, OFF.replace("10.10.1.20", "10.10.1.19"), Severity.INFO),
        (OFF, service(server()), Severity.ERROR),
        (OFF, OFF.replace("10.10.1.31", "10.10.1.32"), Severity.INFO),
        (service(server()), service(server(address="10.10.1.32")), Severity.ERROR),
        (service(), service(server().replace("active = 1", "active = 0")), Severity.INFO),
        (service().replace("virtual", "failover"), EMPTY, Severity.INFO),
        ("service = fos\n" + service(), "service = fos\n", Severity.INFO),
        (service("active = maybe", "port = 81"), service("active = 0"), Severity.ERROR),
        ("keepalive = 6\n", "keepalive = six\n", Severity.ERROR),
    ],
)
def test_severity_follows_what_the_routers_do(here: str, there: str, severity: Severity) -> None:
    """What neither router acts on is a note."""
    assert [finding.severity for finding in compared(here, there)] == [severity]


def test_both_places_are_shown() -> None:
    """The finding is at the value, and the other file's value is the related place."""
    (finding,) = compared("keepalive = 6\n" + ROUTERS, ROUTERS + "keepalive = 7\n")

    assert finding.message == (
        "`keepalive` is `6` here and `7` in `b.cf`: the routers do not watch each other in the "
        "same way."
    )
    assert str(finding.span) == "a.cf:1:13"
    assert [(str(one.span), one.message) for one in finding.related] == [("b.cf:4:13", "`7` there")]


def test_refused_file_is_said_once() -> None:
    """The place is where Piranha's reader stumbles first."""
    (finding,) = compared(DIRECT, "keepalive = 6\ndeadtime = long\nsync = 7\n")

    assert finding.message == (
        'Piranha rejects `b.cf` ("integer expected"): the router that has it can neither start nor '
        "take over."
    )
    assert [str(one.span) for one in finding.related] == ["b.cf:2:12"]
    (finding,) = compared(DIRECT, "")
    assert '"Empty configuration"' in finding.message
    (finding,) = compared(DIRECT, "virtual a {\ndirs =\n}\n")
    assert "Piranha crashes on `b.cf`" in finding.message


def test_every_difference_is_a_finding() -> None:
    """As many as `lvscf diff` shows; values that follow another one do not count again."""
    here = service("port = 80", server(), server(name="two")) + service(name="x", address="h e")
    there = here.replace("port = 80", "port = 81").replace("virtual x", "virtual y")
    assert [str(one.span) for one in compared(here, there)] == ["a.cf:4:8", "a.cf:14:9"]

    private = "backup_private = 10.11.1.22\n"
    found = compared(ROUTERS, "primary_private = 10.10.1.21\n" + private + ROUTERS)
    assert [str(one.span) for one in found] == ["a.cf:1:1"]


@given(CONFIGS, CONFIGS)
def test_findings_are_the_differences(here: Config, there: Config) -> None:
    """There are findings exactly where there are differences, and none about equal files."""
    texts = lvscf.dumps(here), lvscf.dumps(there)

    assert bool(compared(*texts)) == bool(differences(here, there))
    assert not compared(texts[0], "# the same\n" + texts[0])


@given(ANYTHING, ANYTHING)
def test_any_two_texts_can_be_compared(here: str, there: str) -> None:
    """Whatever the files hold, each finding has its place in its file."""
    for finding in compared(here, there):
        assert finding.span.filename == "a.cf"
        assert finding.span.end <= len(here)
        for related in finding.related:
            assert related.span.filename == "b.cf"
            assert related.span.end <= len(there)


def test_comments_about_the_pair() -> None:
    """A comment silences a difference; it counts as unused only where both were compared."""
    text = "# lvscf: ignore[LVS904] on purpose\nkeepalive = 6\n"

    def codes(pair: str | None) -> set[str]:
        other = None if pair is None else lvscf.parse(pair, "b.cf")
        return {one.code for one in lvscf.lint(lvscf.parse(text, "a.cf"), pair=other)}

    assert not codes(None) & {"LVS901", "LVS904"}
    assert not codes("keepalive = 7\n") & {"LVS901", "LVS904"}
    assert codes("keepalive = 6\n") & {"LVS901", "LVS904"} == {"LVS901"}
    assert "LVS901" not in codes("keepalive = six\n")
