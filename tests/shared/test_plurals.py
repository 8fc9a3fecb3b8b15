"""A count and its noun."""

import pytest

from lvscf.shared.plurals import counted


@pytest.mark.parametrize(
    ("count", "nouns", "expected"),
    [
        (0, ("file",), "0 files"),
        (1, ("file",), "1 file"),
        (2, ("file",), "2 files"),
        (1, ("entry", "entries"), "1 entry"),
        (2, ("entry", "entries"), "2 entries"),
    ],
)
def test_counted(count: int, nouns: tuple[str, ...], expected: str) -> None:
    """The singular is for one only."""
    assert counted(count, *nouns) == expected
