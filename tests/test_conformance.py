"""lvscf's verdict on a file is that of Piranha's own reader."""

from typing import Any

import pytest
from _pytest.mark import ParameterSet
from attrs import evolve
from hypothesis import given, settings

import lvscf
from lvscf import VirtualServer
from tests import rare_texts
from tests.examples import examples
from tests.memory import by_kind, in_memory
from tests.strategies import ANYTHING
from tests.vectors import reader_verdicts
from tests.verdicts import as_bytes_are_shown, model_says, model_verdict, we_say, without


def seeds(count: int) -> list[ParameterSet]:
    """Seeds of rare texts; the first is enough for every day."""
    return [pytest.param(seed, marks=[pytest.mark.slow] if seed else []) for seed in range(count)]


def test_vectors_are_there() -> None:
    """All kinds of verdicts are among the vectors."""
    verdicts = [vector["verdict"] for vector in reader_verdicts()]

    assert len(verdicts) == 1444 + 750
    assert set(verdicts) == {"accepted", "refused", "crash"}


@pytest.mark.parametrize("vector", reader_verdicts(), ids=lambda vector: str(vector["id"]))
def test_verdict_is_piranhas(vector: dict[str, Any]) -> None:
    """Refused with the same message in the same line, or accepted with the same values."""
    document = lvscf.parse(vector["text"].encode())
    refusal = document.refusal

    if vector["verdict"] == "accepted":
        assert refusal is None
        ours = as_bytes_are_shown(without(in_memory(document.config)))
        assert ours == without(by_kind(vector["config"]))
        return
    assert refusal is not None
    if vector["verdict"] == "crash":
        assert refusal.message == "crash"
        assert any("crash" in finding.message for finding in document.findings)
    else:
        assert (refusal.message, refusal.line) == (vector["error"], vector["line"])


@pytest.mark.parametrize("vector", reader_verdicts(), ids=lambda vector: str(vector["id"]))
def test_errors_are_found_where_piranha_finds_one(vector: dict[str, Any]) -> None:
    """A file that is refused or misread has an error finding; no other file has one."""
    document = lvscf.parse(vector["text"])
    errors = [one for one in document.findings if one.severity is lvscf.Severity.ERROR]
    misread = {"LVS006", "LVS014", "LVS020"}  # a quote that is forgotten, a CR, a NUL

    if vector["verdict"] == "accepted":
        assert bool(errors) == bool(misread & {one.code for one in errors})
        assert errors or "\r" not in vector["text"]
    elif not vector["text"]:
        assert [one.code for one in errors] == ["LVS013"]
    else:
        assert_error_where_it_is_refused(document)


def assert_error_where_it_is_refused(document: lvscf.Document) -> None:
    """An error finding is in the line that the log names, or a CR makes lines another matter."""
    refusal = document.refusal
    assert refusal is not None
    errors = [one for one in document.findings if one.severity is lvscf.Severity.ERROR]
    if not any(one.code == "LVS014" for one in errors):
        assert refusal.line in {one.span.line for one in errors}
    if refusal.message == "crash":
        assert any("crash" in one.message for one in errors)


def test_model_agrees_with_the_vectors() -> None:
    """The model that the property test below relies on is right."""
    for vector in reader_verdicts():
        text = vector["text"].encode().decode("latin-1")
        expected: object = vector["verdict"]
        if vector["verdict"] == "accepted":
            expected = without(vector["config"])
        elif vector["verdict"] == "refused":
            expected = (vector["error"], vector["line"])

        assert model_verdict(text) == expected, vector["id"]


@settings(max_examples=examples(1500), deadline=None)
@given(ANYTHING)
def test_verdict_is_the_models(text: str) -> None:
    """Whatever the text, the verdict and the values are those of the independent model."""
    assert we_say(text) == model_says(text)


@pytest.mark.parametrize("seed", seeds(8))
def test_verdict_on_rare_texts_is_the_models(seed: int) -> None:
    """So are those on texts of the kinds that the reader takes oddly."""
    for text in rare_texts.texts(seed, 500):
        assert we_say(text) == model_says(text), text


@pytest.mark.parametrize("seed", seeds(4))
def test_rare_texts_have_their_findings(seed: int) -> None:
    """A refusal is found where it is; a text without an error is read as it was written."""
    for text in rare_texts.texts(100 + seed, 500):
        document = lvscf.parse(text)
        if document.refusal is not None and document.refusal.line:
            assert_error_where_it_is_refused(document)
        elif not any(one.severity is lvscf.Severity.ERROR for one in document.findings):
            assert document.refusal is None, text
            assert document.config == document.intended, text


@pytest.mark.parametrize("seed", seeds(4))
def test_formatting_rare_texts_keeps_the_verdict(seed: int) -> None:
    """Only what Piranha loads as it is written is formatted, and then says what it said."""
    for text in rare_texts.texts(200 + seed, 500):
        document = lvscf.parse(text)
        for gui_safe in (False, True):
            try:
                formatted = document.formatted(gui_safe=gui_safe)
            except ValueError as reason:
                if "report" in str(reason):
                    raise
                continue
            assert isinstance(model_says(text), dict), text
            assert model_says(str(formatted)) == model_says(text), text


@pytest.mark.parametrize("seed", seeds(4))
def test_replacing_values_keeps_the_verdict(seed: int) -> None:
    """A new value makes no file loadable that Piranha refuses, and the other way round."""
    for text in rare_texts.texts(300 + seed, 250):
        document = lvscf.parse(text)
        loads = isinstance(model_says(text), dict)
        for changed in (
            evolve(document.config, keepalive=77),
            evolve(
                document.config,
                virtual_servers=(*document.config.virtual_servers, VirtualServer("new")),
            ),
        ):
            try:
                replaced = document.replace(changed)
            except ValueError:
                if not document.findings:
                    raise
                continue
            assert replaced.config == changed, text
            assert isinstance(model_says(str(replaced)), dict) == (loads or not text), text
