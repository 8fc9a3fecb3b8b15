"""Verdicts on a text, from lvscf and from the model of Piranha's reader, in one shape."""

from typing import Any

import lvscf
from tests import reader_model as model
from tests.memory import by_kind, in_memory

NOT_COMPARED = {"primary_name", "sync", "master", "dirs"}
"""What only one side tells: the daemon's structure has no room for what no daemon uses."""


def without(config: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not compared."""
    services = [
        {name: value for name, value in service.items() if name not in NOT_COMPARED}
        for service in config["virtuals"]
    ]
    return {name: value for name, value in config.items() if name not in NOT_COMPARED} | {
        "virtuals": services
    }


def as_bytes_are_shown(said: Any) -> Any:
    """The vectors show texts byte by byte."""
    if isinstance(said, str):
        return said.encode("utf-8", "surrogateescape").decode("latin-1")
    if isinstance(said, list):
        return [as_bytes_are_shown(one) for one in said]
    if isinstance(said, dict):
        return {name: as_bytes_are_shown(value) for name, value in said.items()}
    return said


def model_verdict(text: str) -> object:
    """The model's verdict, in the shape of the vectors."""
    try:
        return without(model.read(text))
    except model.Refused as refused:
        return refused.message, refused.line
    except model.Crashed:
        return "crash"


def model_says(text: str) -> object:
    """The model's verdict, in the same shape as ours."""
    theirs = model_verdict(text)
    return without(by_kind(theirs)) if isinstance(theirs, dict) else theirs


def we_say(text: str) -> object:
    """Our verdict: the configuration, `crash`, or a message and its line."""
    document = lvscf.parse(text)
    if document.refusal is None:
        return without(in_memory(document.config))
    if document.refusal.message == "crash":
        return "crash"
    return document.refusal.message, document.refusal.line
