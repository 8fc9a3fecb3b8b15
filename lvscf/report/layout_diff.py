"""A new layout as a unified diff, which `patch` and people understand.

A layout changes most lines of a file and moves some, so what stays is looked for in the whole file:
lines that are there once before and once after are where the two are held together, in patience
diff's way, then those that are there once between two of these, and so on.
"""

from collections.abc import Iterator

from lvscf.report.hunks import Stretch, unified
from lvscf.shared.subsequence import longest_rising
from lvscf.source import Source

_DEPTH = 8
"""So often lines are looked for between lines; more would make few diffs better, and some slow."""


def render(before: Source, after: Source) -> str:
    """Return what to change in `before` to get `after`; nothing if they are alike.

    Bytes that are no UTF-8 stay the lone surrogates that they are in a `Source`.
    """
    return unified(before, after, _changes)


def _changes(old: list[str], new: list[str]) -> Iterator[Stretch]:
    """Stretches that differ, in order."""
    i = j = 0
    for same_i, same_j in (*_same(old, new), (len(old), len(new))):
        if i < same_i or j < same_j:
            yield i, same_i, j, same_j
        i, j = same_i + 1, same_j + 1


def _same(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """The lines that stay, by their numbers before and after, in order."""
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
    """Lines that are there once in each stretch, in the order of the old one."""
    i, to_i, j, to_j = within
    before = _numbers_of_unique(old, i, to_i)
    after = _numbers_of_unique(new, j, to_j)
    for line, number in before.items():
        other = after.get(line, -1)
        if number >= 0 <= other:
            yield number, other


def _numbers_of_unique(lines: list[str], start: int, end: int) -> dict[str, int]:
    """The number of each line that is there once; of others, -1."""
    numbers: dict[str, int] = {}
    for number in range(start, end):
        line = lines[number]
        numbers[line] = -1 if line in numbers else number
    return numbers
