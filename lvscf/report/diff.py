"""Changes of a file as a unified diff, which `patch` and people understand."""

from collections.abc import Iterator
from typing import TypeAlias

from lvscf.source import Source, displayable

_CONTEXT = 3
"""So many lines are shown around a change."""

_FARTHEST = 32
"""So many lines, of both files together, are looked at for where the files agree again."""

_Change: TypeAlias = tuple[int, int, int, int]
"""Lines of the old file, from and to, and the lines of the new one in their place."""


def render(before: Source, after: Source) -> str:
    """Return what to change in `before` to get `after`; nothing if they are alike.

    Bytes that are no UTF-8 stay the lone surrogates that they are in a `Source`.
    """
    old, new = _lines(before.text), _lines(after.text)
    parts: list[str] = []
    for group in _groups(old, new):
        parts.extend(_hunk(old, new, group))
    if parts:
        name = displayable(before.filename)
        parts.insert(0, f"--- {name}\n+++ {name}\n")
    return "".join(parts)


def _lines(text: str) -> list[str]:
    """Lines as `patch` parts them, with their ends."""
    *lines, rest = text.split("\n")
    return [line + "\n" for line in lines] + ([rest] if rest else [])


def _changes(old: list[str], new: list[str]) -> Iterator[_Change]:
    """Stretches that differ.  Fixes change few lines at a time, so looking nearby is enough."""
    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and j < len(new) and old[i] == new[j]:
            i, j = i + 1, j + 1
            continue
        to_i, to_j = _agreement(old, new, i, j)
        yield i, to_i, j, to_j
        i, j = to_i, to_j


def _agreement(old: list[str], new: list[str], i: int, j: int) -> tuple[int, int]:
    """The nearest lines behind a difference from which on the files agree, for two lines."""
    for distance in range(1, _FARTHEST + 1):
        for to_i in range(i, min(i + distance, len(old)) + 1):
            to_j = j + distance - (to_i - i)
            if to_j <= len(new) and old[to_i : to_i + 2] == new[to_j : to_j + 2]:
                return to_i, to_j
    return min(i + _FARTHEST, len(old)), min(j + _FARTHEST, len(new))


def _groups(old: list[str], new: list[str]) -> Iterator[list[_Change]]:
    """Changes that are near each other are shown together."""
    group: list[_Change] = []
    for change in _changes(old, new):
        if group and change[0] - group[-1][1] > 2 * _CONTEXT:
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def _hunk(old: list[str], new: list[str], group: list[_Change]) -> Iterator[str]:
    first, last = group[0], group[-1]
    above = min(_CONTEXT, first[0])
    below = min(_CONTEXT, len(old) - last[1])
    ranges = (
        _range(first[0] - above, last[1] + below),
        _range(first[2] - above, last[3] + below),
    )
    yield f"@@ -{ranges[0]} +{ranges[1]} @@\n"
    shown = first[0] - above
    for from_i, to_i, from_j, to_j in group:
        yield from _marked(" ", old[shown:from_i])
        yield from _marked("-", old[from_i:to_i])
        yield from _marked("+", new[from_j:to_j])
        shown = to_i
    yield from _marked(" ", old[shown : shown + below])


def _range(start: int, end: int) -> str:
    """Lines as a hunk's header counts them: from 1; an empty stretch is named by the line above."""
    length = end - start
    return f"{start + 1 if length else start},{length}"


def _marked(mark: str, lines: list[str]) -> Iterator[str]:
    for line in lines:
        end = "" if line.endswith("\n") else "\n\\ No newline at end of file\n"
        yield f"{mark}{line}{end}"
