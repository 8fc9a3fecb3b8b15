"""The JSON Schema of `lvscf.to_dict`, made from the table of directives."""

from typing import Any

from lvscf.config.plain_data import VERSION
from lvscf.piranha.directives import BY_SCOPE, Definition, Kind, Scope

_TEXT: dict[str, Any] = {"type": "string"}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a configuration as plain data.

    It accepts what `to_dict` returns, and rejects what `from_dict` rejects.  Every directive has
    its meaning, and the value that Piranha uses if it is absent.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "lvs.cf, the configuration of Piranha",
        "type": "object",
        "properties": {
            "version": {"const": VERSION, "description": "The version of this format."},
            **_directives(Scope.GLOBAL),
            "virtual_servers": _list("service", "The `virtual` blocks, in order."),
            "failover_services": _list("service", "The `failover` blocks, in order."),
        },
        "additionalProperties": False,
        "$defs": {
            "service": _block(
                Scope.SERVICE, {"servers": _list("server", "The `server` blocks, in order.")}
            ),
            "server": _block(Scope.SERVER, {}),
        },
    }


def _block(scope: Scope, further: dict[str, Any]) -> dict[str, Any]:
    name = {**_TEXT, "description": "The name of the block."}
    return {
        "type": "object",
        "properties": {"name": name, **_directives(scope), **further},
        "required": ["name"],
        "additionalProperties": False,
    }


def _list(items: str, description: str) -> dict[str, Any]:
    return {
        "type": ["array", "null"],
        "items": {"$ref": f"#/$defs/{items}"},
        "description": description,
    }


def _directives(scope: Scope) -> dict[str, Any]:
    return {name: _directive(definition) for name, definition in BY_SCOPE[scope].items()}


def _directive(definition: Definition) -> dict[str, Any]:
    described: dict[str, Any] = {"description": definition.meaning}
    if definition.default is not None:
        described["default"] = definition.default
    return {"anyOf": [_value(definition.kind), {"type": "null"}], **described}


def _value(kind: Kind) -> dict[str, Any]:
    if kind.with_device:
        return {
            "type": "object",
            "properties": {"address": _TEXT, "device": _TEXT},
            "required": ["address", "device"],
            "additionalProperties": False,
        }
    if kind.is_boolean:
        return {"type": "boolean"}
    if kind.numbers:
        return {"type": "integer", "minimum": kind.numbers[0], "maximum": kind.numbers[1]}
    if kind.is_list:
        return {"type": "array", "items": _TEXT}
    return {"enum": list(kind.choices)} if kind.choices else _TEXT
