"""Fixes of a file as a unified diff."""

from collections.abc import Iterator

from lvscf.report.hunks import Stretch, unified
from lvscf.source import Source

_FARTHEST = 32
"""The number of lines, of both files together, searched for the next agreement."""


def render(before: Source, after: Source) -> str:
    """Return a diff from `before` to `after`; empty if they are equal.

    Invalid UTF-8 stays as the lone surrogates of a `Source`.
    """
    return unified(before, after, _changes)


def _changes(old: list[str], new: list[str]) -> Iterator[Stretch]:
    """Stretches that differ.  Fixes change few lines, so a search nearby is enough."""
    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and j < len(new) and old[i] == new[j]:
            i, j = i + 1, j + 1
            continue
        to_i, to_j = _agreement(old, new, i, j)
        yield i, to_i, j, to_j
        i, j = to_i, to_j


def _agreement(old: list[str], new: list[str], i: int, j: int) -> tuple[int, int]:
    """The nearest pair of lines after a difference where two lines agree again."""
    for distance in range(1, _FARTHEST + 1):
        for to_i in range(i, min(i + distance, len(old)) + 1):
            to_j = j + distance - (to_i - i)
            if to_j <= len(new) and old[to_i : to_i + 2] == new[to_j : to_j + 2]:
                return to_i, to_j
    return min(i + _FARTHEST, len(old)), min(j + _FARTHEST, len(new))
