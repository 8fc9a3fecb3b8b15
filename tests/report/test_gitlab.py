"""GitLab's Code Quality reports, by the fields that GitLab documents."""

import json
from typing import Any

import jsonschema

from lvscf.report import gitlab
from lvscf.report.result import Result
from lvscf.shared.records import evolved
from tests.report import results
from tests.report.results import CLEAN, EXAMPLES, HOSTILE, SUPPRESSED, every_result, of

_TEXT = {"type": "string", "minLength": 1}
_LINE = {"type": "integer", "minimum": 1}
_SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "pattern": "^LVS[0-9]{3} "},
            "check_name": {"type": "string", "pattern": "^LVS[0-9]{3}$"},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "additionalProperties": False,
                "properties": {
                    "path": {**_TEXT, "not": {"pattern": r"^\./"}},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": _LINE, "end": _LINE},
                    },
                },
            },
        },
    },
}


def issues(result: Result) -> list[dict[str, Any]]:
    """The report, read back."""
    found = json.loads(gitlab.render(result))
    assert isinstance(found, list)
    return found


@every_result
def test_fields(result: Result) -> None:
    """All that GitLab asks for is there, in ASCII without lone surrogates."""
    text = gitlab.render(result)

    jsonschema.validate(json.loads(text), _SCHEMA)
    assert text.isascii()
    json.dumps(json.loads(text), ensure_ascii=False).encode("utf-8")


@every_result
def test_fingerprints_differ(result: Result) -> None:
    """GitLab drops issues whose fingerprints are equal."""
    found = [one["fingerprint"] for one in issues(result)]

    assert len(found) == len(set(found))


def test_lines_may_move() -> None:
    """Fingerprints stay as they are."""
    text = "keepalive = 6 # seconds\ndeadtime = 18 # seconds\n"
    before, after = (
        [one["fingerprint"] for one in issues(of(moved))] for moved in (text, f"# one\n\n{text}")
    )

    assert before == after


def test_findings() -> None:
    """Each has its severity, its file and its lines."""
    severities = {"error": "major", "warning": "minor", "info": "info"}
    for issue, finding in zip(issues(EXAMPLES), EXAMPLES.findings, strict=True):
        assert issue["check_name"] == finding.code
        assert issue["severity"] == severities[finding.severity.label]
        assert finding.message in issue["description"]
        assert issue["location"]["path"] == finding.span.filename
        assert issue["location"]["lines"]["begin"] == finding.span.line


def test_paths() -> None:
    """They are relative to the directory, which is the root of the repository."""
    paths = {one["location"]["path"] for one in issues(HOSTILE)}

    assert {"below/lvs.cf", "b/lvs.cf", "with blanks/lvs d01.cf", r"caf\xe9.cf", "<stdin>"} <= paths
    assert results.FOLDER not in "".join(paths)


def test_clean() -> None:
    """Without findings, an empty list."""
    (file,) = CLEAN.files
    assert {one.code for one in file.findings} == {"LVS400"}  # there are no files of the hosts

    assert gitlab.render(Result((evolved(file, findings=()),))) == "[]\n"


def test_suppressed() -> None:
    """They are notes, which say so."""
    shown = [one for one in issues(SUPPRESSED) if "(suppressed by" in one["description"]]

    assert len(shown) == SUPPRESSED.suppressed
    assert {one["severity"] for one in shown} == {"info"}


def test_time() -> None:
    """It grows as the findings do."""
    results.assert_linear(gitlab.render)
