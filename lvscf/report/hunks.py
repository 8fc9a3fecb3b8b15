"""Unified diffs: changed lines as hunks.

The callers find the changed lines, each in its own way: `fix_diff` for fixes, `layout_diff` for
layouts.
"""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from lvscf.report.page import styled
from lvscf.source import Source, displayable

_CONTEXT = 3
"""The number of lines shown around a change."""

_STYLES = {"-": "red", "+": "green"}

Stretch: TypeAlias = tuple[int, int, int, int]
"""A range of lines in the old text and one in the new text: from, to, from, to."""

Changes: TypeAlias = Callable[[list[str], list[str]], Iterator[Stretch]]
"""Finds the stretches where two texts differ, in order."""


def unified(before: Source, after: Source, changes: Changes) -> str:
    """Return a diff from `before` to `after`; empty if they are equal.

    Invalid UTF-8 stays as the lone surrogates of a `Source`.
    """
    old, new = lines_of(before.text), lines_of(after.text)
    parts: list[str] = []
    for group in _groups(changes(old, new)):
        parts.extend(_hunk(old, new, group))
    if parts:
        name = displayable(before.filename)
        parts.insert(0, f"--- {name}\n+++ {name}\n")
    return "".join(parts)


def lines_of(text: str) -> list[str]:
    """Lines as `patch` splits them, with their ends."""
    *lines, rest = text.split("\n")
    return [line + "\n" for line in lines] + ([rest] if rest else [])


def _groups(changes: Iterator[Stretch]) -> Iterator[list[Stretch]]:
    """Group changes that are near each other."""
    group: list[Stretch] = []
    for change in changes:
        if group and change[0] - group[-1][1] > 2 * _CONTEXT:
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def _hunk(old: list[str], new: list[str], group: list[Stretch]) -> Iterator[str]:
    first, last = group[0], group[-1]
    above = min(_CONTEXT, first[0])
    below = min(_CONTEXT, len(old) - last[1])
    before = _range(first[0] - above, last[1] + below)
    yield f"@@ -{before} +{_range(first[2] - above, last[3] + below)} @@\n"
    shown = first[0] - above
    for i, to_i, j, to_j in group:
        yield from _marked(" ", old[shown:i])
        yield from _marked("-", old[i:to_i])
        yield from _marked("+", new[j:to_j])
        shown = to_i
    yield from _marked(" ", old[shown : shown + below])


def _range(start: int, end: int) -> str:
    """A range in a hunk header: from 1; an empty one is named by the line above it."""
    length = end - start
    return f"{start + 1 if length else start},{length}"


def _marked(mark: str, lines: list[str]) -> Iterator[str]:
    for line in lines:
        end = "" if line.endswith("\n") else "\n\\ No newline at end of file\n"
        yield f"{mark}{line}{end}"


def coloured_lines(lines: list[str]) -> list[str]:
    """The lines of unified diffs, coloured for a terminal."""
    left = right = 0
    shown = []
    for line in lines:
        style = ""
        if left > 0 or right > 0:  # within a hunk
            style = _STYLES.get(line[:1], "")
            left -= line[:1] in ("-", " ")
            right -= line[:1] in ("+", " ")
        elif line.startswith("@@"):
            style = "cyan"
            left, right = _lengths(line)
        elif line.startswith(("---", "+++")):
            style = "bold"
        shown.append(styled(line, style))
    return shown


def _lengths(header: str) -> tuple[int, int]:
    """The number of old and new lines in a hunk, from its header."""
    _, old, new, _ = header.split(" ")
    return int(old.partition(",")[2]), int(new.partition(",")[2])
