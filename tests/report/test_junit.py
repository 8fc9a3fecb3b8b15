"""JUnit XML, judged by Jenkins's schema."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

import lvscf
from lvscf.report import junit
from lvscf.report.result import Result
from lvscf.shared.records import evolved
from tests.good import DIRECT
from tests.report import results
from tests.report.results import CLEAN, EXAMPLES, HOSTILE, UNREAD, every_result, of

xmlschema = pytest.importorskip("xmlschema", reason="the project lacks its [test] extra")

_SCHEMA = xmlschema.XMLSchema(str(Path(__file__).parent.parent / "data" / "junit-10.xsd"))


def suites(result: Result) -> list[ElementTree.Element]:
    """The suites of a report."""
    return list(ElementTree.fromstring(junit.render(result).encode("ascii")))


@every_result
def test_schema(result: Result) -> None:
    """Every report fits Jenkins's schema, and is ASCII whatever it quotes."""
    text = junit.render(result)

    assert text.isascii()
    _SCHEMA.validate(text)


def test_schema_is_strict() -> None:
    """The schema refuses an attribute that it does not know: a test of the test."""
    text = junit.render(EXAMPLES)

    assert not _SCHEMA.is_valid(text.replace("<testcase name=", "<testcase line='3' name=", 1))


@every_result
def test_counts(result: Result) -> None:
    """The attributes say what there is."""
    root = ElementTree.fromstring(junit.render(result))

    for element in (root, *root):
        assert int(element.get("tests", "")) == len([*element.iter("testcase")])
        assert int(element.get("failures", "")) == len([*element.iter("failure")])
        assert int(element.get("errors", "")) == len([*element.iter("error")])
    for suite in root:
        assert int(suite.get("skipped", "")) == len([*suite.iter("skipped")])


@pytest.mark.parametrize("result", [EXAMPLES, HOSTILE], ids=["examples", "hostile"])
def test_suites(result: Result) -> None:
    """A suite per file, a failure per finding at or above `fail_on`, the others in its output."""
    for suite, file in zip(suites(result), result.files, strict=True):
        failures = [*suite.iter("failure")]
        failing = [one for one in file.findings if one.severity >= file.fail_on]
        assert [one.get("message") for one in failures] == [one.message for one in failing]
        assert [one.get("type") for one in failures] == [one.severity.label for one in failing]
        output = suite.findtext("system-out") or ""
        others = [one for one in file.findings if one.severity < file.fail_on]
        assert len(output.splitlines()) == len(others)
        assert all(one.message in output for one in others)


def test_threshold() -> None:
    """What counts as a failure is for the settings of the file to say."""
    text = DIRECT + "keepalive = 6\n"
    (file,) = of(text).files
    severities = {one.severity for one in file.findings}
    assert len(severities) > 1

    for severity in lvscf.Severity:
        result = Result((evolved(file, fail_on=severity),))
        (suite,) = suites(result)
        expected = sum(one.severity >= severity for one in file.findings)
        assert len([*suite.iter("failure")]) == expected


def test_clean_file() -> None:
    """It is a case that passes, also with notes."""
    (suite,) = suites(CLEAN)
    (case,) = suite.iter("testcase")

    assert case.attrib == {"name": "lint", "classname": "lvs.cf"}
    assert len(case) == 0
    assert "LVS400" in (suite.findtext("system-out") or "")


@every_result
def test_names_differ(result: Result) -> None:
    """Jenkins follows a case from build to build by its class and its name."""
    for suite in suites(result):
        names = [(one.get("classname"), one.get("name")) for one in suite.iter("testcase")]
        assert len(names) == len(set(names))


def test_lines_may_move() -> None:
    """The cases keep their names."""
    text = "keepalive = 6 # seconds\ndeadtime = 18 # seconds\n"
    before, after = (
        [case.get("name") for suite in suites(of(moved)) for case in suite.iter("testcase")]
        for moved in (text, f"# one\n\n{text}")
    )

    assert before == after
    assert "LVS005 trailing-comment: keepalive" in before


def test_hostile_text() -> None:
    """What XML cannot hold is written as escapes; markup is text."""
    text = junit.render(HOSTILE)

    assert r"\x1b[31mred\x1b[0m" in text
    assert "]]>" not in text
    assert r"line\x0afeed\x0d\x0aand" in text


def test_unreadable_files() -> None:
    """They are errors, of a suite of their own."""
    (suite,) = suites(UNREAD)
    (error,) = suite.iter("error")

    assert "is not readable" in error.get("message", "")


def test_suppressed() -> None:
    """They are skipped cases, with the reason."""
    text = DIRECT + "# lvscf: ignore[LVS005] a reason\nkeepalive = 6 # seconds\n"
    (suite,) = suites(of(text, shows_suppressed=True))
    (skipped,) = suite.iter("skipped")

    assert skipped.get("message", "").endswith(": a reason")
    assert not [*suites(of(text))[0].iter("skipped")]


def test_time() -> None:
    """It grows as the findings do."""
    results.assert_linear(junit.render)
