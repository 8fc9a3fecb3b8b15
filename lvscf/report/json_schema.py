"""The JSON Schema of `lint --format json`."""

import json
from typing import Any

from lvscf.findings.finding import Severity
from lvscf.report.json import VERSION

_TEXT: dict[str, Any] = {"type": "string"}
_CODE = {"type": "string", "pattern": "^LVS[0-9]{3}$", "description": "A rule's code."}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
_NUMBER = {"type": "integer", "minimum": 1}
_SEVERITY = {"enum": [severity.label for severity in Severity]}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    """An object with all of these properties and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_LOCATION = {
    **_object(row=_NUMBER, column=_NUMBER),
    "description": "Rows and columns count from 1, columns in characters.",
}
_PLACE: dict[str, dict[str, Any]] = {
    "filename": _TEXT,
    "location": _LOCATION,
    "end_location": _LOCATION,
}

_EDIT = {
    **_object(**_PLACE, content=_TEXT),
    "description": "Replace the text between two locations by `content`, in which lone surrogates "
    "are bytes that are not valid UTF-8.",
}
_FIX = _object(message=_TEXT, applicability={"enum": ["safe", "unsafe"]}, edits=_list(_EDIT))
_COMMAND = {
    **_object(
        role={"enum": ["router", "real-server"]},
        host={**_or_null(_TEXT), "description": "As it was given; null means both routers."},
        command=_TEXT,
    ),
    "description": "A command to be run on a host, after those before it, to fix the finding.",
}
_SUPPRESSED = _object(
    kind={"enum": ["comment", "baseline"]},
    reason=_or_null(_TEXT),
    filename=_or_null(_TEXT),
    location=_or_null(_LOCATION),
)
_FINDING = _object(
    code=_CODE,
    name=_TEXT,
    severity=_SEVERITY,
    message=_TEXT,
    **_PLACE,
    related=_list(_object(**_PLACE, message=_TEXT)),
    help=_or_null(_TEXT),
    fix=_or_null(_FIX),
    commands=_list(_COMMAND),
    url={**_or_null({"type": "string", "format": "uri"}), "description": "The rule's page."},
    suppressed=_or_null(_SUPPRESSED),
)
_SKIPPED = _object(
    code=_CODE,
    **_PLACE,
    exposes=_list(_object(code=_CODE, filename=_TEXT, location=_object(row=_NUMBER))),
)
_SUMMARY = _object(
    **dict.fromkeys(
        ("files", "errors", "warnings", "infos", "fixed", "suppressed", "packets", "hosts"), _COUNT
    )
)


def schema() -> dict[str, Any]:
    """The schema of a report, with findings or with statistics."""
    report = _object(
        version={"const": VERSION},
        findings=_list(_FINDING),
        statistics={
            **_list(_object(code=_CODE, name=_TEXT, severity=_SEVERITY, count=_NUMBER)),
            "description": "In place of the findings, with --statistics.",
        },
        summary=_SUMMARY,
        skipped_fixes={
            **_list(_SKIPPED),
            "description": "Fixes that were left out, with --fix or --diff.",
        },
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Report of lvscf",
        "description": "What `lvscf lint --format json` writes.",
        **report,
        "required": ["version", "summary"],
        "oneOf": [{"required": ["findings"]}, {"required": ["statistics"]}],
    }


def text() -> str:
    """The schema as it is shipped in `lvscf/report.schema.json`."""
    return json.dumps(schema(), indent=2) + "\n"
