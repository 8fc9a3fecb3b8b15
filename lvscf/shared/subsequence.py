"""Rising pairs: what keeps its place where other things move."""

from bisect import bisect_left
from collections.abc import Iterable


def longest_rising(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest choice of pairs, whose first numbers rise, so that the second rise as well.

    It is made in one go, by patience sorting: the cost is that of sorting.
    """
    known: list[tuple[int, int]] = []
    smallest: list[int] = []  # the smallest second number that ends a choice of each length
    ends: list[int] = []  # which pair that is
    before: list[int] = []  # the pair that goes before each in its choice
    for position, pair in enumerate(pairs):
        known.append(pair)
        length = bisect_left(smallest, pair[1])
        before.append(ends[length - 1] if length else -1)
        smallest[length : length + 1] = [pair[1]]
        ends[length : length + 1] = [position]
    chosen: list[tuple[int, int]] = []
    position = ends[-1] if ends else -1
    while position >= 0:
        chosen.append(known[position])
        position = before[position]
    return chosen[::-1]
