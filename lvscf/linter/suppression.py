"""Suppression: comments that ask for silence.

A comment on a line of its own (behind a value, Piranha would refuse the file) silences rules for
what follows it: `# lvscf: ignore[LVS201]` for the next directive, or the whole next block;
`# lvscf: ignore-file[LVS204]` for the whole file.  Several rules are parted by commas, by code,
name or family; text behind the bracket is the reason.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import accumulate

from lvscf.findings import Finding
from lvscf.linter import registry
from lvscf.syntax.nodes import Block, Comment, Item, Line
from lvscf.syntax.reading import Reading

_COMMENT = re.compile(r"[ \t]*#[ \t]*lvscf:[ \t]*(ignore|ignore-file)[ \t]*\[([^\]\r\n]*)\]")


class Silence:
    """What the comments of a file ask to be silent about, and where."""

    def __init__(self, reading: Reading) -> None:
        by_code: dict[str, list[tuple[int, int]]] = {}
        for codes, start, end in _suppressions(reading.items, len(reading.source.text)):
            for code in codes:
                by_code.setdefault(code, []).append((start, end))
        # Per code, where silences begin, and how far those that have begun by then reach.
        self._reach = {
            code: ([start for start, _ in spans], list(accumulate((end for _, end in spans), max)))
            for code, spans in ((code, sorted(spans)) for code, spans in by_code.items())
        }

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is asked to be silent."""
        starts, reach = self._reach.get(finding.code, ((), ()))
        begun = bisect_right(starts, finding.span.start)
        return begun > 0 and reach[begun - 1] >= finding.span.start


def _suppressions(
    items: tuple[Item, ...], end_of_file: int
) -> Iterator[tuple[frozenset[str], int, int]]:
    """Codes, and the stretch of the text in which they are silent."""
    waiting: list[frozenset[str]] = []
    for item in items:
        if isinstance(item, Comment) and (match := _COMMENT.match(item.text)):
            codes = _codes(match[2])
            if match[1] == "ignore-file":
                yield codes, 0, end_of_file
            else:
                waiting.append(codes)
            continue
        if isinstance(item, Block):
            yield from _suppressions(item.items, end_of_file)
        elif not item.text.strip() or isinstance(item, Comment):
            continue
        for codes in waiting:
            yield codes, *_extent(item)
        waiting = []


def _extent(item: Item) -> tuple[int, int]:
    lines: list[Line] = list(item.lines()) if isinstance(item, Block) else [item]
    return lines[0].start, lines[-1].start + len(lines[-1].content)


@cache
def _codes(selectors: str) -> frozenset[str]:
    found: set[str] = set()
    for selector in selectors.split(","):
        try:
            found.update(rule.code for rule in registry.find(selector))
        except registry.UnknownRuleError:
            continue  # it silences nothing
    return frozenset(found)
