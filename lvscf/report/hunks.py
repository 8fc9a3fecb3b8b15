"""Unified diffs: changes of lines as hunks, which `patch` and people understand.

Which lines have changed is for those to say who know what kind of change it is: `diff` for fixes,
`layout_diff` for layouts.
"""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from lvscf.report.page import styled
from lvscf.source import Source, displayable

_CONTEXT = 3
"""So many lines are shown around a change."""

_STYLES = {"-": "red", "+": "green"}

Stretch: TypeAlias = tuple[int, int, int, int]
"""Lines of the old text, from and to, and lines of the new one."""

Changes: TypeAlias = Callable[[list[str], list[str]], Iterator[Stretch]]
"""Tells where two texts differ, in order."""


def unified(before: Source, after: Source, changes: Changes) -> str:
    """Return what to change in `before` to get `after`; nothing if they are alike.

    Bytes that are no UTF-8 stay the lone surrogates that they are in a `Source`.
    """
    old, new = _lines(before.text), _lines(after.text)
    parts: list[str] = []
    for group in _groups(changes(old, new)):
        parts.extend(_hunk(old, new, group))
    if parts:
        name = displayable(before.filename)
        parts.insert(0, f"--- {name}\n+++ {name}\n")
    return "".join(parts)


def _lines(text: str) -> list[str]:
    """Lines as `patch` parts them, with their ends."""
    *lines, rest = text.split("\n")
    return [line + "\n" for line in lines] + ([rest] if rest else [])


def _groups(changes: Iterator[Stretch]) -> Iterator[list[Stretch]]:
    """Changes that are near each other are shown together."""
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
    """Lines as a hunk's header counts them: from 1; an empty stretch is named by the line above."""
    length = end - start
    return f"{start + 1 if length else start},{length}"


def _marked(mark: str, lines: list[str]) -> Iterator[str]:
    for line in lines:
        end = "" if line.endswith("\n") else "\n\\ No newline at end of file\n"
        yield f"{mark}{line}{end}"


def coloured_lines(lines: list[str]) -> list[str]:
    """The lines of unified diffs with colours for a terminal."""
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
    """How many lines of the old text and of the new one a hunk has, by its header."""
    _, old, new, _ = header.split(" ")
    return int(old.partition(",")[2]), int(new.partition(",")[2])
