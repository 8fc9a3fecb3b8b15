"""Fixing: makes the fixes of findings, and lets none stand that does harm.

All fixes that do not get into each other's way are made at once, and the result is read and linted
again.  It stands if whatever is found in it was found before, at the same place, and what was fixed
is gone; if Piranha still loads the file; and if safe fixes have changed nothing of what Piranha
holds in memory.  Where it does not stand, those fixes are left out that the new findings are about,
or that halving shows to be the cause.  Each round leaves fewer findings, so there is an end; at the
end no further fix can be made, so fixing once more changes nothing.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from attrs import evolve, frozen

from lvscf.config import Config
from lvscf.document import Document, parse
from lvscf.edits import Edit
from lvscf.findings import Finding
from lvscf.linter.engine import lint
from lvscf.linter.settings import Settings
from lvscf.source import Span
from lvscf.syntax.nodes import Block

if TYPE_CHECKING:
    from lvscf.cluster import Cluster

ABOUT_VALUES = {
    "LVS006": "Piranha forgets a value whose quote it does not see closed; mended, it has it",
    "LVS014": "Piranha skips lines, or joins them; mended, it reads what was written, errors "
    "included",
    "LVS121": "the apostrophes are part of the value; mended, they are gone",
}
"""Rules whose findings are about what Piranha holds in memory, which their safe fixes change."""

_ABOUT_OTHERS = ("LVS217", "LVS400", "LVS904")
"""Rules about the files that were given, and those that were not: no fix is judged by them.

A file that is mended may well differ from its pair until that is mended, too."""

_CHARACTERS_TO_TRY = 4_000_000
"""How much text is read again, about, in search of the fixes that do harm in one round; with a file
of some kilobytes, that is every one of them."""

_FEWEST_TRIALS = 16

Heard: TypeAlias = Callable[[Document, tuple[Finding, ...]], tuple[Finding, ...]]
"""Takes a document and what is found in it; returns the findings that shall be fixed."""

_Key: TypeAlias = tuple[str, str, int]
"""A finding wherever the text has moved: its code, the file, and the line before the round."""


@frozen(eq=False)
class Fixed:
    """A document after fixing."""

    document: Document
    applied: tuple[Finding, ...]
    """What was fixed, in the order in which it was done.

    The places are those of the text at that moment: fixes of one round leave the others in place.
    """
    remaining: tuple[Finding, ...]
    """What `lint` says of the document as it is now."""
    withheld: tuple[Finding, ...]
    """Of these, those whose fix was asked for but left out, because it would do harm."""


def fix(
    document: Document,
    cluster: "Cluster | None" = None,
    settings: Settings | None = None,
    *,
    unsafe: bool = False,
    pair: Document | None = None,
    heard: Heard | None = None,
) -> Fixed:
    """Make the fixes of all findings that can be made without harm.

    What is suppressed, ignored or not selected is not fixed.  Only the lvs.cf is ever changed.
    Fixing the result once more changes nothing.

    Args:
        document: the lvs.cf.
        cluster: the files that were collected from its hosts.
        settings: which rules apply; all, unless said.
        unsafe: also make the fixes that follow what was evidently intended, and want a look.
        pair: the lvs.cf of the other LVS router, which is never changed.
        heard: which of a document's findings to fix, where some are known and shall stay; all,
            unless said.

    Raises:
        UnknownRuleError: the settings name a rule that does not exist.
    """
    settings = settings or Settings()
    stages = 3 if unsafe else 2
    applied: list[Finding] = []

    def judge(text: Document) -> tuple[Finding, ...]:
        return lint(text, cluster, settings, pair=pair)

    now = _State(document, judge(document))
    stage = idle = 0
    while idle < stages:  # until no stage has anything to do
        possible = [one for one in now.fixable(unsafe, heard) if _stage(one) == stage]
        after = _Round(now, judge).settle(possible) if possible else now
        if after is now:
            stage, idle = (stage + 1) % stages, idle + 1
        else:
            applied.extend(after.made)
            now, idle = evolve(after, made=()), 0
    return Fixed(now.document, tuple(applied), now.findings, tuple(now.fixable(unsafe, heard)))


def _stage(finding: Finding) -> int:
    """Safe fixes come first; among them, those that decide which text it is that Piranha reads."""
    if finding.fix is None or finding.fix.applicability == "unsafe":
        return 2
    return 0 if finding.code in ABOUT_VALUES else 1


@frozen(eq=False, slots=False)
class _State:
    """A document, what is found in it, and the fixes that a round has made to get there."""

    document: Document
    findings: tuple[Finding, ...]
    made: tuple[Finding, ...] = ()

    def fixable(self, unsafe: bool, heard: Heard | None) -> Iterator[Finding]:
        """The findings that shall be fixed, and that a fix of the lvs.cf is known for."""
        for finding in heard(self.document, self.findings) if heard else self.findings:
            fix = finding.fix
            if fix is not None and (unsafe or fix.applicability == "safe"):
                name = self.document.filename
                if all(edit.span.filename == name for edit in fix.edits):
                    yield finding

    def judged(self) -> Iterator[Finding]:
        """What fixes are judged by: what was asked for, and all that the reader stumbles over."""
        yield from self.document.findings
        for finding in self.findings:
            if not finding.code.startswith("LVS0") and finding.code not in _ABOUT_OTHERS:
                yield finding

    @cached_property
    def memory(self) -> Config:
        """What Piranha holds in memory."""
        return self.document.config.effective


class _Round:
    """One round of fixing: which of the fixes that are possible now can be made together."""

    def __init__(self, base: _State, judge: Callable[[Document], tuple[Finding, ...]]) -> None:
        self._base = base
        self._judge = judge
        self._source = base.document.source
        self._before = Counter(self._key(one, one.span.start) for one in base.judged())
        self._trials = max(_FEWEST_TRIALS, _CHARACTERS_TO_TRY // (len(self._source.text) + 1))

    def settle(self, possible: Iterable[Finding]) -> _State:
        """The state after as many fixes as can be made; the one before, if there is none."""
        fixes = _apart(possible)
        batch = fixes
        while batch and self._trials > 0:
            after, troubles = self._try(batch)
            if not troubles:
                return after
            batch = self._without(batch, troubles)
        return self._halve(self._base, fixes)

    def _without(self, fixes: list[Finding], troubles: set[int]) -> list[Finding]:
        """Those fixes that what went wrong is not about; none where that cannot be told."""
        for home in (self._line, self._item):  # first look closely
            troubled = set(map(home, troubles))
            sound = [
                one
                for one in fixes
                if troubled.isdisjoint(
                    number
                    for edit in _edits(one)
                    for number in range(home(edit.span.start), home(edit.span.end) + 1)
                )
            ]
            if len(sound) < len(fixes):
                return sound
        return []

    def _halve(self, stands: _State, more: list[Finding]) -> _State:
        """Find the fixes that do harm by halving; `stands` is what is possible without them."""
        if not more or self._trials <= 0:
            return stands
        after, troubles = self._try([*stands.made, *more])
        if not troubles:
            return after
        if len(more) == 1:
            return stands
        half = len(more) // 2
        return self._halve(self._halve(stands, more[:half]), more[half:])

    def _try(self, fixes: list[Finding]) -> tuple[_State, set[int]]:
        """Make fixes, and tell where they do harm; nowhere, if they may stand.

        Offsets are those before the round; harm that shows at no place of the file is at -1.
        """
        self._trials -= 1
        mended = _Mended(self._source.text, (edit for one in fixes for edit in _edits(one)))
        document = parse(mended.text, self._source.filename)
        after = _State(document, self._judge(document), tuple(fixes))
        if self._forgets(after):
            return after, {-1}
        # All that is found was found before, less what was fixed.
        allowed = self._before.copy()
        allowed.subtract(self._key(one, one.span.start) for one in fixes)
        troubles: set[int] = set()
        for finding in after.judged():
            key = self._key(finding, mended.origin(finding.span.start))
            allowed[key] -= 1
            if allowed[key] < 0:
                spans = (finding.span, *(related.span for related in finding.related))
                troubles.update(
                    mended.origin(span.start) if self._is_here(span) else -1 for span in spans
                )
        return after, troubles

    def _forgets(self, after: _State) -> bool:
        """Whether Piranha would hold something else, and that is not what the fixes are for."""
        base = self._base
        if base.document.refusal is not None:
            return False  # it holds nothing
        if any(one.code in ABOUT_VALUES for one in after.made):
            return False
        if after.document.refusal is not None:
            return True
        return any(_stage(one) == 1 for one in after.made) and after.memory != base.memory

    def _is_here(self, span: Span) -> bool:
        return span.filename == self._source.filename

    def _key(self, finding: Finding, origin: int) -> _Key:
        span = finding.span
        line = self._line(origin) if self._is_here(span) else span.line
        return finding.code, span.filename, line

    def _line(self, offset: int) -> int:
        return bisect_right(self._source.line_starts, offset)

    def _item(self, offset: int) -> int:
        """The number of the line or block at top level that an offset lies in."""
        return bisect_right(self._starts, offset)

    @cached_property
    def _starts(self) -> list[int]:
        return [
            item.header.start if isinstance(item, Block) else item.start
            for item in self._base.document.items
        ]


class _Mended:
    """A text with edits made, which knows where its characters come from."""

    def __init__(self, text: str, edits: Iterable[Edit]) -> None:
        parts: list[str] = []
        self._begins: list[int] = []  # of what was written anew, in the new text
        self._ends: list[int] = []
        self._spans: list[Span] = []  # what stood there
        position = length = 0
        for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
            parts += text[position : edit.span.start], edit.text
            length += edit.span.start - position
            self._begins.append(length)
            length += len(edit.text)
            self._ends.append(length)
            self._spans.append(edit.span)
            position = edit.span.end
        self.text = "".join([*parts, text[position:]])

    def origin(self, offset: int) -> int:
        """Where in the text before a character stood; of a new one, where it was put."""
        last = bisect_right(self._begins, offset) - 1
        if last < 0:
            return offset
        span = self._spans[last]
        return span.start if offset < self._ends[last] else span.end + offset - self._ends[last]


def _edits(finding: Finding) -> tuple[Edit, ...]:
    return finding.fix.edits if finding.fix else ()


def _apart(fixes: Iterable[Finding]) -> list[Finding]:
    """Those fixes, the first first, that change nothing twice, nor what an earlier one changes."""
    chosen: list[Finding] = []
    taken: list[tuple[int, int]] = []
    for finding in fixes:
        stretches = sorted((edit.span.start, edit.span.end) for edit in _edits(finding))
        if any(one[1] > other[0] for one, other in pairwise(stretches)):
            continue
        if not any(_is_taken(stretch, taken) for stretch in stretches):
            chosen.append(finding)
            for stretch in stretches:
                taken.insert(bisect_left(taken, stretch), stretch)
    return chosen


def _is_taken(stretch: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    """Whether a stretch overlaps one of those, or text would go into the same place twice."""
    start, end = stretch
    place = bisect_left(taken, stretch)
    behind = taken[place] if place < len(taken) else None
    if behind is not None and (behind[0] < end or behind == stretch):
        return True
    return place > 0 and taken[place - 1][1] > start
