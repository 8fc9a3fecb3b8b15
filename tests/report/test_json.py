"""JSON, judged by the schema that is shipped."""

import json
from importlib import resources

import jsonschema
import pytest

from lvscf.report import json as json_report
from lvscf.report import rule_pages
from lvscf.report.result import Result
from tests.conftest import Run
from tests.good import DIRECT
from tests.report import results
from tests.report.results import EXAMPLES, every_result, of

_SCHEMA = json.loads(
    resources.files("lvscf").joinpath("report.schema.json").read_text(encoding="utf-8")
)
_VALIDATOR = jsonschema.Draft202012Validator(
    _SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)


def test_schema_is_one() -> None:
    """The schema itself is valid."""
    jsonschema.Draft202012Validator.check_schema(_SCHEMA)


@every_result
@pytest.mark.parametrize("only_counts", [False, True], ids=["findings", "statistics"])
def test_schema(result: Result, only_counts: bool) -> None:
    """Every report fits the schema."""
    _VALIDATOR.validate(json.loads(json_report.render(result, only_counts=only_counts)))


def test_schema_knows_all() -> None:
    """A property more or less is refused, wherever it is."""
    report = json.loads(json_report.render(EXAMPLES))
    finding = next(one for one in report["findings"] if one["fix"] and one["related"])
    for part in (
        report["summary"], finding, finding["fix"], finding["fix"]["edits"][0], finding["related"][0],
        finding["location"],
    ):  # fmt: skip
        part["more"] = 1
        assert not _VALIDATOR.is_valid(report)
        del part["more"]
        name, value = part.popitem()
        assert not _VALIDATOR.is_valid(report)
        part[name] = value
    _VALIDATOR.validate(report)
    del report["findings"]
    assert not _VALIDATOR.is_valid(report)


@pytest.mark.parametrize(
    "options",
    [
        ("--fix",),
        ("--diff",),
        ("--fix", "--unsafe-fixes"),
        ("--show-suppressed",),
        ("--statistics",),
    ],
)
def test_schema_of_runs(run: Run, options: tuple[str, ...]) -> None:
    """So does what the command line adds: fixes, what was left out, what is suppressed."""
    # The first fix would expose another finding.
    text = "# lvscf: ignore[LVS005] why\nkeepalive = 6 # x\n" + DIRECT + "timeout = 6 s\n"
    result = run("lint", "--format", "json", *options, "-", stdin=text.encode())
    report = json.loads(result.stderr if {"--fix", "--diff"} & {*options} else result.stdout)

    _VALIDATOR.validate(report)
    assert ("skipped_fixes" in report) == bool({"--fix", "--diff"} & {*options})


def test_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """As soon as the documentation has an address, findings link to it."""
    result = of("keepalive = 6 # seconds\n")
    assert {one["url"] for one in json.loads(json_report.render(result))["findings"]} == {None}
    monkeypatch.setattr(rule_pages, "HOME", "https://docs.example.com/lvscf/")
    report = json.loads(json_report.render(result))

    for finding in report["findings"]:
        assert finding["url"] == f"https://docs.example.com/lvscf/rules/{finding['code']}.html"
    _VALIDATOR.validate(report)


def test_time() -> None:
    """It grows as the findings do."""
    results.assert_linear(json_report.render)
