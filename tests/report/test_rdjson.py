"""Reviewdog's diagnostics, by the fields that its format documents."""

import json
from typing import Any

import jsonschema
import pytest

from lvscf.report import rdjson, rule_pages
from lvscf.report.result import Result
from lvscf.source import Source, encode
from tests.report import results
from tests.report.results import EXAMPLES, HOSTILE, every_result, of

_TEXT = {"type": "string"}
_NUMBER = {"type": "integer", "minimum": 1}


def _object(*required: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [*required],
        "additionalProperties": False,  # reviewdog refuses fields that it does not know
    }


_POSITION = _object("line", line=_NUMBER, column=_NUMBER)
_RANGE = _object("start", start=_POSITION, end=_POSITION)
_LOCATION = _object("path", path={"type": "string", "minLength": 1}, range=_RANGE)
_SCHEMA = _object(
    "diagnostics",
    source=_object("name", name=_TEXT, url=_TEXT),
    severity=_TEXT,
    diagnostics={
        "type": "array",
        "items": _object(
            "message",
            "location",
            message=_TEXT,
            location=_LOCATION,
            severity={"enum": ["ERROR", "WARNING", "INFO"]},
            source=_object("name", name=_TEXT, url=_TEXT),
            code=_object("value", value=_TEXT, url={"type": "string", "minLength": 1}),
            suggestions={"type": "array", "items": _object("range", "text", range=_RANGE, text=_TEXT)},
            original_output=_TEXT,
            related_locations={
                "type": "array",
                "items": _object("location", message=_TEXT, location=_LOCATION),
            },
        ),
    },
)  # fmt: skip


def diagnostics(result: Result) -> list[dict[str, Any]]:
    """The diagnostics of a report."""
    found = json.loads(rdjson.render(result))["diagnostics"]
    assert isinstance(found, list)
    return found


@every_result
def test_fields(result: Result) -> None:
    """All fields are reviewdog's, in ASCII without lone surrogates."""
    text = rdjson.render(result)

    jsonschema.validate(json.loads(text), _SCHEMA)
    assert text.isascii()
    json.dumps(json.loads(text), ensure_ascii=False).encode("utf-8")


def _offset(source: Source, position: dict[str, int]) -> int:
    """Where a position is in the bytes of a file."""
    start = source.line_starts[position["line"] - 1]
    return len(encode(source.text[:start])) + position["column"] - 1


@pytest.mark.parametrize("result", [EXAMPLES, HOSTILE], ids=["examples", "hostile"])
def test_columns(result: Result) -> None:
    """A range, counted in bytes, holds the text of the finding."""
    pairs = [(finding, file) for file in result.files for finding in file.findings]
    for data, (finding, file) in zip(diagnostics(result), pairs, strict=True):
        source, span = file.source_of(finding.span), finding.span
        start, end = (_offset(source, data["location"]["range"][side]) for side in ("start", "end"))
        assert bytes(source)[start:end] == encode(source.text[span.start : span.end])
        assert data["severity"] == finding.severity.label.upper()
        assert data["code"] == {"value": finding.code}
        assert finding.message in data["message"]
        assert len(data.get("related_locations", ())) == len(finding.related)


def test_column_after_an_emoji() -> None:
    """Four bytes, not one character."""
    (found,) = (
        one for one in diagnostics(of("monitor_links = \U0001f600 # x\n"))
        if one["code"]["value"] == "LVS005"
    )  # fmt: skip

    assert found["location"]["range"]["start"] == {"line": 1, "column": 22}


@pytest.mark.parametrize("result", [EXAMPLES, HOSTILE], ids=["examples", "hostile"])
def test_suggestions(result: Result) -> None:
    """A safe fix of a finding in its own file is a suggestion that does the same; no other is."""
    pairs = [(finding, file) for file in result.files for finding in file.findings]
    count = 0
    for data, (finding, file) in zip(diagnostics(result), pairs, strict=True):
        fix = finding.fix
        if "suggestions" not in data:
            assert (
                fix is None
                or fix.applicability == "unsafe"
                or any(edit.span.filename != finding.span.filename for edit in fix.edits)
                or not file.source.text.isascii()
            )
            continue
        assert fix is not None
        assert fix.applicability == "safe"
        source, (suggestion,) = file.source_of(finding.span), data["suggestions"]
        start, end = (_offset(source, suggestion["range"][side]) for side in ("start", "end"))
        text = source.text
        for edit in sorted(fix.edits, key=lambda one: -one.span.start):
            text = text[: edit.span.start] + edit.text + text[edit.span.end :]
        content = bytes(source)
        assert content[:start] + suggestion["text"].encode() + content[end:] == encode(text)
        count += 1
    assert count > 10


def test_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """As soon as the documentation has an address, codes link to it."""
    monkeypatch.setattr(rule_pages, "HOME", "https://docs.example.com/lvscf/")
    found = diagnostics(of("keepalive = 6 # seconds\n"))

    assert found
    for code in (one["code"] for one in found):
        assert code["url"] == f"https://docs.example.com/lvscf/rules/{code['value']}.html"


def test_time() -> None:
    """It grows as the findings do."""
    results.assert_linear(rdjson.render)
