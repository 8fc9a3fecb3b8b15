"""Baselines: the findings that are known, so that only new ones are heard.

A finding is known by its rule and its place in the configuration, such as `virtual http/server
web1/weight`, not by its line: lines may come and go, and blocks may move.  A block that gets
another name is a new place.  In files of the hosts, which have no such places, it is the text of
the line, without the counters of packets.
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
    """What a finding is known by."""

    file: str
    """The path from the folder of the baseline to the file, with slashes."""
    place: str
    """The place in the configuration; empty for what is wrong with the file as a whole."""
    code: str


class BaselineError(ValueError):
    """A text that is no baseline; the message says what is wrong with it."""


@record
class Baseline:
    """Known findings, and how many there are of each."""

    counts: Mapping[Known, int] = field(factory=dict)

    def without(self, forgotten: Callable[[Known], bool]) -> "Baseline":
        """The same without some."""
        return Baseline({one: n for one, n in self.counts.items() if not forgotten(one)})

    def text(self) -> str:
        """The baseline as JSON: sorted, an entry a line, so that changes of it can be read."""
        entries = [
            json.dumps({"file": one.file, "place": one.place, "code": one.code, "count": count})
            for one, count in sorted(self.counts.items())
        ]
        listed = "\n    " + ",\n    ".join(entries) + "\n  " if entries else ""
        return f'{{\n  "version": {VERSION},\n  "findings": [{listed}]\n}}\n'


def parse(text: str) -> Baseline:
    """Read what `Baseline.text` has written.

    Raises:
        BaselineError: it is something else.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise BaselineError("it is not JSON") from None
    if not isinstance(found, dict) or not isinstance(found.get("findings"), list):
        raise BaselineError("it has no list of `findings`")
    if found.get("version") != VERSION:
        raise BaselineError(f"it is not of version {VERSION}, which this lvscf reads")
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
        f"entry {number} of its `findings` lacks one of `file`, `place`, `code` and `count`"
    )


def is_never_known(finding: Finding) -> bool:
    """Whether no baseline hides this finding: it says what was not looked at."""
    rule = rule_of(finding.code)
    return rule is not None and rule.never_known


class Ledger:
    """A baseline in use: each known finding is struck off once."""

    def __init__(self, baseline: Baseline) -> None:
        self._baseline = baseline
        self._left = Counter(baseline.counts)
        self.met: Counter[Known] = Counter()
        """All findings that came by, known or not."""

    def sift(
        self, findings: Iterable[Finding], key: Callable[[Finding], Known]
    ) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...]]:
        """Part findings into new and known ones."""
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
        """The findings that `sift` would call new; nothing is struck off."""
        struck: Counter[Known] = Counter()  # a copy of what is left would cost the whole baseline
        new = []
        for finding in findings:
            one = None if is_never_known(finding) else key(finding)
            if one is not None and struck[one] < self._left[one]:
                struck[one] += 1
            else:
                new.append(finding)
        return tuple(new)

    def is_left(self, one: Known) -> bool:
        """Whether a known finding did not come by, or not as often as it is known."""
        return self._left[one] > 0

    def left(self) -> Baseline:
        """The known findings that did not come by."""
        return Baseline({one: n for one, n in self._left.items() if n > 0})

    def renewed(self, is_settled: Callable[[Known], bool]) -> Baseline:
        """What is known now: all that came by, and of the rest what is not settled."""
        rest = self.left().without(is_settled).counts
        return Baseline(Counter(self.met) + Counter(rest))


class Places:
    """What the places of an lvs.cf are called in a baseline."""

    def __init__(self, reading: Reading) -> None:
        found = [*_places(reading.items, "")]
        self._starts = [start for start, _ in found]
        self._names = [name for _, name in found]

    def name(self, offset: int) -> str:
        """The name of the place at an offset."""
        number = bisect_right(self._starts, offset) - 1
        return self._names[number] if number >= 0 else ""


def line_name(source: Source, line: int) -> str:
    """What a line of a host's file is called in a baseline."""
    return " ".join(_COUNTERS.sub("", source.line(line)).split())


def _places(items: tuple[Item, ...], around: str) -> Iterator[tuple[int, str]]:
    """Where lines begin, and the names of their places; of equal ones, the second has a number."""
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
