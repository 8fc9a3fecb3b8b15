"""A new layout as a unified diff.

A new layout changes most lines of a file and moves some, so the search for common lines covers the
whole file.  It is a patience diff: lines that occur once in both texts are anchors, then lines that
occur once between two anchors, and so on.
"""

from collections.abc import Iterator

from lvscf.report.hunks import Stretch, unified
from lvscf.shared.subsequence import longest_rising
from lvscf.source import Source

_DEPTH = 8
"""The depth of the search between anchors; more would improve few diffs and slow some down."""


def render(before: Source, after: Source) -> str:
    """Return a diff from `before` to `after`; empty if they are equal.

    Invalid UTF-8 stays as the lone surrogates of a `Source`.
    """
    return unified(before, after, changes)


def changes(old: list[str], new: list[str]) -> Iterator[Stretch]:
    """The stretches of lines that differ between two texts, in order."""
    i = j = 0
    for same_i, same_j in (*_same(old, new), (len(old), len(new))):
        if i < same_i or j < same_j:
            yield i, same_i, j, same_j
        i, j = same_i + 1, same_j + 1


def _same(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """The common lines, by their numbers before and after, in order."""
    found: list[tuple[int, int]] = []
    waiting = [((0, len(old), 0, len(new)), 0)]
    while waiting:
        (i, to_i, j, to_j), depth = waiting.pop()
        while i < to_i and j < to_j and old[i] == new[j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        while i < to_i and j < to_j and old[to_i - 1] == new[to_j - 1]:
            to_i, to_j = to_i - 1, to_j - 1
            found.append((to_i, to_j))
        if i == to_i or j == to_j or depth == _DEPTH:
            continue
        held = longest_rising(_once_in_both(old, new, (i, to_i, j, to_j)))
        found += held
        for next_i, next_j in (*held, (to_i, to_j)) if held else ():
            waiting.append(((i, next_i, j, next_j), depth + 1))
            i, j = next_i + 1, next_j + 1
    return sorted(found)


def _once_in_both(old: list[str], new: list[str], within: Stretch) -> Iterator[tuple[int, int]]:
    """Lines that occur once in both stretches, in the order of the old one."""
    i, to_i, j, to_j = within
    before = _numbers_of_unique(old, i, to_i)
    after = _numbers_of_unique(new, j, to_j)
    for line, number in before.items():
        other = after.get(line, -1)
        if number >= 0 <= other:
            yield number, other


def _numbers_of_unique(lines: list[str], start: int, end: int) -> dict[str, int]:
    """The number of each line that occurs once; -1 for the others."""
    numbers: dict[str, int] = {}
    for number in range(start, end):
        line = lines[number]
        numbers[line] = -1 if line in numbers else number
    return numbers
