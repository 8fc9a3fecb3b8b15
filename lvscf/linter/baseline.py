"""Baselines: known findings, so that only new ones are reported.

A finding is identified by its rule and its place in the configuration, such as `virtual
http/server web1/weight`, not by its line: lines may come and go, and blocks may move.  A renamed
block is a new place.  In the hosts' files, which have no such places, it is identified by the text
of the line, without packet counters.
"""

import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from attrs import field, frozen

from lvscf.config.place_names import escaped
from lvscf.findings.finding import Finding
from lvscf.findings.suppressed import Suppressed
from lvscf.linter.registry import rule_of
from lvscf.shared.records import record
from lvscf.source import Source
from lvscf.syntax.nodes import Blank, Block, Close, Comment, Directive, Item, Unread
from lvscf.syntax.reading import Reading

VERSION = 1
_WORDS = ("file", "place", "code")
_COUNTERS = re.compile(r"\[\d+:\d+\]")


@frozen(order=True)
class Known:
    """What identifies a finding in a baseline."""

    file: str
    """The path of the file, relative to the folder of the baseline, with slashes."""
    place: str
    """The place in the configuration; empty for findings about the file as a whole."""
    code: str


class BaselineError(ValueError):
    """A text that is not a baseline; the message says why."""


@record
class Baseline:
    """Known findings, each with its count."""

    counts: Mapping[Known, int] = field(factory=dict)

    def without(self, forgotten: Callable[[Known], bool]) -> "Baseline":
        """This baseline without the entries that are `forgotten`."""
        return Baseline({one: n for one, n in self.counts.items() if not forgotten(one)})

    def text(self) -> str:
        """The baseline as JSON: sorted, one entry per line, so that its diffs are readable."""
        entries = [
            json.dumps({"file": one.file, "place": one.place, "code": one.code, "count": count})
            for one, count in sorted(self.counts.items())
        ]
        listed = "\n    " + ",\n    ".join(entries) + "\n  " if entries else ""
        return f'{{\n  "version": {VERSION},\n  "findings": [{listed}]\n}}\n'


def parse(text: str) -> Baseline:
    """Read the text of a baseline, as `Baseline.text` writes it.

    Raises:
        BaselineError: it is not one.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise BaselineError("it is not JSON") from None
    if not isinstance(found, dict) or not isinstance(found.get("findings"), list):
        raise BaselineError("it has no list of `findings`")
    if found.get("version") != VERSION:
        raise BaselineError(f"its version is not {VERSION}, the one that this lvscf reads")
    counts: Counter[Known] = Counter()
    for number, entry in enumerate(found["findings"], 1):
        known, count = _entry(entry, number)
        counts[known] += count
    return Baseline(counts)


def _entry(entry: Any, number: int) -> tuple[Known, int]:
    if isinstance(entry, dict):
        words = [entry[name] for name in _WORDS if isinstance(entry.get(name), str)]
        count = entry.get("count")
        if len(words) == len(_WORDS) and type(count) is int and count > 0:
            return Known(*words), count
    raise BaselineError(
        f"entry {number} of its `findings` lacks a valid `file`, `place`, `code` or `count`"
    )


def is_never_known(finding: Finding) -> bool:
    """Whether no baseline hides this finding, because it reports what was not checked."""
    rule = rule_of(finding.code)
    return rule is not None and rule.never_known


class Ledger:
    """A baseline in use: each known finding is crossed off once."""

    def __init__(self, baseline: Baseline) -> None:
        self._baseline = baseline
        self._left = Counter(baseline.counts)
        self.met: Counter[Known] = Counter()
        """All findings so far, known or not."""

    def sift(
        self, findings: Iterable[Finding], key: Callable[[Finding], Known]
    ) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...]]:
        """Split findings into new and known ones."""
        new, known = [], []
        for finding in findings:
            if is_never_known(finding):
                new.append(finding)
                continue
            one = key(finding)
            self.met[one] += 1
            if self._left[one] > 0:
                self._left[one] -= 1
                known.append(Suppressed(finding, "baseline", None, None))
            else:
                new.append(finding)
        return tuple(new), tuple(known)

    def new(
        self, findings: Iterable[Finding], key: Callable[[Finding], Known]
    ) -> tuple[Finding, ...]:
        """The findings that `sift` would call new; nothing is crossed off."""
        crossed: Counter[Known] = Counter()  # a copy of what is left would cost the whole baseline
        new = []
        for finding in findings:
            one = None if is_never_known(finding) else key(finding)
            if one is not None and crossed[one] < self._left[one]:
                crossed[one] += 1
            else:
                new.append(finding)
        return tuple(new)

    def is_left(self, one: Known) -> bool:
        """Whether a known finding was not found, or not as often as it is known."""
        return self._left[one] > 0

    def left(self) -> Baseline:
        """The known findings that were not found."""
        return Baseline({one: n for one, n in self._left.items() if n > 0})

    def renewed(self, is_settled: Callable[[Known], bool]) -> Baseline:
        """The baseline for next time: all findings so far, and those left that are not settled."""
        rest = self.left().without(is_settled).counts
        return Baseline(Counter(self.met) + Counter(rest))


class Places:
    """The names of an lvs.cf's places in a baseline."""

    def __init__(self, reading: Reading) -> None:
        found = [*_places(reading.items, "")]
        self._starts = [start for start, _ in found]
        self._names = [name for _, name in found]

    def name(self, offset: int) -> str:
        """The name of the place at an offset."""
        number = bisect_right(self._starts, offset) - 1
        return self._names[number] if number >= 0 else ""


def line_name(source: Source, line: int) -> str:
    """The name of a line of a host's file in a baseline."""
    return " ".join(_COUNTERS.sub("", source.line(line)).split())


def _places(items: tuple[Item, ...], around: str) -> Iterator[tuple[int, str]]:
    """The start of each line and the name of its place; repeated names are numbered."""
    known: Counter[str] = Counter()
    for item in items:
        if isinstance(item, Block):
            label = f"{item.keyword} {escaped(item.name)}"
        elif isinstance(item, Comment):
            label = escaped(" ".join(item.text.split()))
        elif isinstance(item, Directive):
            label = escaped(item.name)
        else:
            assert isinstance(item, Blank | Close | Unread)
            yield item.start, around.removesuffix("/")
            continue
        known[label] += 1
        if known[label] > 1:
            label = f"{label} #{known[label]}"
        if isinstance(item, Block):
            yield item.header.start, around + label
            yield from _places(item.items, f"{around}{label}/")
            if item.close is not None:
                yield item.close.start, around + label
        else:
            yield item.start, around + label
