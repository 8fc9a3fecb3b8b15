"""Suppression: comments that ask for silence.

A comment on a line of its own (behind a value, Piranha would refuse the file) silences rules for
what follows it: `# lvscf: ignore[LVS201]` for the next directive, or the whole next block;
`# lvscf: ignore-file[LVS204]` for the whole file.  Several rules are parted by commas, by code,
name or family; text behind the bracket is the reason.
"""

import re
from collections.abc import Iterator

from attrs import frozen

from lvscf.findings import Finding
from lvscf.linter import registry
from lvscf.syntax.nodes import Block, Comment, Item, Line
from lvscf.syntax.reading import Reading

_COMMENT = re.compile(r"[ \t]*#[ \t]*lvscf:[ \t]*(ignore|ignore-file)[ \t]*\[([^\]\r\n]*)\]")


@frozen(eq=False)
class Suppression:
    """Silence for some rules within a stretch of the text."""

    codes: frozenset[str]
    start: int
    end: int

    def covers(self, finding: Finding) -> bool:
        """Whether a finding lies within, and is of one of the rules."""
        return finding.code in self.codes and self.start <= finding.span.start <= self.end


def suppressions(reading: Reading) -> tuple[Suppression, ...]:
    """What the comments of a file ask for."""
    if "lvscf:" not in reading.source.text:
        return ()
    return tuple(_suppressions(reading.items, len(reading.source.text)))


def _suppressions(items: tuple[Item, ...], end_of_file: int) -> Iterator[Suppression]:
    waiting: list[frozenset[str]] = []
    for item in items:
        if isinstance(item, Comment) and (match := _COMMENT.match(item.text)):
            codes = _codes(match[2])
            if match[1] == "ignore-file":
                yield Suppression(codes, 0, end_of_file)
            else:
                waiting.append(codes)
            continue
        if isinstance(item, Block):
            yield from _suppressions(item.items, end_of_file)
        elif not item.text.strip() or isinstance(item, Comment):
            continue
        for codes in waiting:
            yield Suppression(codes, *_extent(item))
        waiting = []


def _extent(item: Item) -> tuple[int, int]:
    lines: list[Line] = list(item.lines()) if isinstance(item, Block) else [item]
    return lines[0].start, lines[-1].start + len(lines[-1].content)


def _codes(selectors: str) -> frozenset[str]:
    found: set[str] = set()
    for selector in selectors.split(","):
        try:
            found.update(rule.code for rule in registry.find(selector))
        except registry.UnknownRuleError:
            continue  # it silences nothing
    return frozenset(found)
