"""lvscf's verdict on a file is that of Piranha's own reader."""

from typing import Any

import pytest
from hypothesis import given, settings

import lvscf
from tests import model, rare_texts
from tests.memory import by_kind, in_memory
from tests.strategies import ANYTHING
from tests.vectors import reader_verdicts

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


def as_bytes_are_shown(text: str) -> str:
    """The vectors show names byte by byte."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def with_names_as_bytes(config: dict[str, Any]) -> dict[str, Any]:
    for service in config["virtuals"]:
        service["name"] = as_bytes_are_shown(service["name"])
        for server in service["servers"]:
            server["name"] = as_bytes_are_shown(server["name"])
    return config


def test_vectors_are_there() -> None:
    """All kinds of verdicts are among the vectors."""
    verdicts = [vector["verdict"] for vector in reader_verdicts()]

    assert len(verdicts) == 1444
    assert set(verdicts) == {"accepted", "refused", "crash"}


@pytest.mark.parametrize("vector", reader_verdicts(), ids=lambda vector: str(vector["id"]))
def test_verdict_is_piranhas(vector: dict[str, Any]) -> None:
    """Refused with the same message in the same line, or accepted with the same values."""
    document = lvscf.parse(vector["text"].encode())
    refusal = document.refusal

    if vector["verdict"] == "accepted":
        assert refusal is None
        ours = with_names_as_bytes(in_memory(document.config))
        assert without(ours) == without(by_kind(vector["config"]))
        return
    assert refusal is not None
    if vector["verdict"] == "crash":
        assert refusal.message == "crash"
        assert any("crash" in finding.message for finding in document.findings)
    else:
        assert (refusal.message, refusal.line) == (vector["error"], vector["line"])


@pytest.mark.parametrize("vector", reader_verdicts(), ids=lambda vector: str(vector["id"]))
def test_errors_are_found_where_piranha_finds_one(vector: dict[str, Any]) -> None:
    """A file that is refused, or misread for a CR, has an error finding; no other file has one."""
    document = lvscf.parse(vector["text"])
    errors = [one for one in document.findings if one.severity is lvscf.Severity.ERROR]

    assert bool(errors) == (vector["verdict"] != "accepted" or "\r" in vector["text"])


@pytest.mark.parametrize("vector", reader_verdicts(), ids=lambda vector: str(vector["id"]))
def test_model_agrees_with_the_vectors(vector: dict[str, Any]) -> None:
    """The model that the property test below relies on is right."""
    text = vector["text"].encode().decode("latin-1")
    expected: object = vector["verdict"]
    if vector["verdict"] == "accepted":
        expected = without(vector["config"])
    elif vector["verdict"] == "refused":
        expected = (vector["error"], vector["line"])

    assert model_verdict(text) == expected


def model_verdict(text: str) -> object:
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


@settings(max_examples=1500, deadline=None)
@given(ANYTHING)
def test_verdict_is_the_models(text: str) -> None:
    """Whatever the text, the verdict and the values are those of the independent model."""
    assert we_say(text) == model_says(text)


@pytest.mark.parametrize("seed", range(8))
def test_verdict_on_rare_texts_is_the_models(seed: int) -> None:
    """So are those on texts of the kinds that the reader takes oddly."""
    for text in rare_texts.texts(seed, 500):
        assert we_say(text) == model_says(text), text
