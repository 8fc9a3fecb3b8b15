"""Edits between two texts."""

from hypothesis import given
from hypothesis import strategies as st

from lvscf.language_server.edits import edits_between
from lvscf.source import Source
from lvscf.testing import any_texts


def applied(text: str, after: str) -> str:
    edits = edits_between(Source(text), after)
    for edit in sorted(edits, key=lambda edit: edit.span.start, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


@given(any_texts(), any_texts())
def test_they_make_the_other_text(text: str, after: str) -> None:
    assert applied(text, after) == after


@given(st.lists(st.sampled_from("abc\n"), max_size=20).map("".join), st.data())
def test_of_similar_texts(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    after = text[:place] + data.draw(st.text("ab\n", max_size=5)) + text[place + 2 :]
    assert applied(text, after) == after


def test_equal_lines_stay() -> None:
    (edit,) = edits_between(Source("a\nb\nc\n"), "a\nx\nc\n")

    assert (edit.span.start, edit.span.end, edit.text) == (2, 4, "x\n")
    assert edits_between(Source("a\n"), "a\n") == ()
