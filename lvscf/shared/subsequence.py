"""Longest increasing subsequence of pairs, by patience sorting."""

from bisect import bisect_left
from collections.abc import Iterable


def longest_rising(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence of pairs in which the second numbers increase as well.

    The first numbers of `pairs` must increase.  The cost is that of sorting.
    """
    known: list[tuple[int, int]] = []
    smallest: list[int] = []  # the smallest second number at the end of a subsequence, by length
    ends: list[int] = []  # the position of that pair
    before: list[int] = []  # the position of the pair before each in its subsequence
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
