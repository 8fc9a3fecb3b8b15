"""Rules that are not imported for a text would have had nothing to say of it."""

import pytest
from hypothesis import given

import lvscf
from lvscf.linter import registry
from tests.rules.cases import FIRES
from tests.rules.good import GOOD
from tests.rules.underlined import unmarked
from tests.strategies import FILES

ALL = lvscf.Settings(select=("ALL",))


def with_every_module(text: str) -> tuple[lvscf.Finding, ...]:
    """What is found if all modules of rules look at a text."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "_TOPICS", tuple((name, ()) for name, _ in registry._TOPICS))
        return lvscf.lint(lvscf.parse(text), settings=ALL)


@pytest.mark.parametrize(
    "text", sorted({unmarked(text) for _, text in FIRES}), ids=lambda text: text[:40]
)
def test_no_case_is_missed(text: str) -> None:
    """Every case has the same findings."""
    lvs_cf = text.partition("--- ")[0]
    assert lvscf.lint(lvscf.parse(lvs_cf), settings=ALL) == with_every_module(lvs_cf)


@given(FILES)
def test_nothing_is_missed(text: str) -> None:
    """Any text has."""
    assert lvscf.lint(lvscf.parse(text), settings=ALL) == with_every_module(text)


def test_some_modules_are_left_out() -> None:
    """The words keep something out of a usual file."""
    words = [words for _, words in registry._TOPICS if words]
    assert sum(not any(word in GOOD["direct routing"] for word in some) for some in words) >= 2
