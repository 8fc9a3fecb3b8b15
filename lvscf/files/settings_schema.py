"""The JSON Schema of the settings, derived from the list of settings.

It describes the structure only; the reader checks rules and releases.
"""

import json
from typing import Any

from lvscf.files.settings_reader import FILE_KINDS, FILES, SECTIONS, SETTINGS
from lvscf.findings.finding import Severity
from lvscf.linter.settings import Settings

_SELECTOR = {
    "type": "string",
    "pattern": r"\S",
    "description": "A rule's code (LVS201) or name, a family or other code prefix (LVS2), or ALL.",
}
_SELECTORS = {"type": "array", "items": _SELECTOR}
_SEVERITY = {"enum": [severity.label for severity in Severity]}
_FILE = {"type": "string", "minLength": 1}
_FOLDER = _FILE | {"description": "A directory; each file in it is read by its content."}


def _table(values: dict[str, Any], names: dict[str, Any] | None = None) -> dict[str, Any]:
    """A table whose keys the user chooses."""
    table: dict[str, Any] = {"type": "object", "additionalProperties": values}
    if names is not None:
        table["propertyNames"] = names
    return table


def _record(properties: dict[str, Any]) -> dict[str, Any]:
    """A table whose keys are known."""
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _host(section: str) -> dict[str, Any]:
    """The table of a host."""
    files: dict[str, dict[str, Any]] = dict.fromkeys(FILE_KINDS[section], _FILE)
    return _record(files | {FILES: {"type": "array", "items": _FILE}})


_KINDS: dict[str, dict[str, Any]] = {
    "selectors": _SELECTORS,
    "selection": _SELECTORS | {"minItems": 1},
    "selectors_by_pattern": _table(_SELECTORS, {"minLength": 1}),
    "severity": _SEVERITY | {"default": Settings().fail_on.label},
    "severity_by_selector": _table(_SEVERITY, {"pattern": r"\S"}),
    "release": {
        "type": "string",
        "pattern": r"^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}(-[0-9]{1,6})?$",
        "default": Settings().target,
    },
    "file": _FILE,
    "cluster": _record(
        {section: _table({"anyOf": [_FOLDER, _host(section)]}) for section in SECTIONS}
    ),
}


def schema() -> dict[str, Any]:
    """The schema of `lvscf.toml`, and of `[tool.lvscf]` in a pyproject.toml."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "lvscf settings",
        "description": "lvscf.toml, or the table tool.lvscf of pyproject.toml.",
        **_record(
            {
                name: {"description": meaning, **_KINDS[kind]}
                for name, (kind, meaning) in SETTINGS.items()
            }
        ),
    }


def text() -> str:
    """The schema as shipped in `lvscf/settings.schema.json`."""
    return json.dumps(schema(), indent=2) + "\n"
