"""Fixing: apply the fixes of findings, and drop any that does harm.

All fixes that do not overlap are applied at once, and the result is read and linted again.  It is
accepted if each of its findings was there before, at the same place, and the fixed ones are gone;
if Piranha still loads the file; and if safe fixes have not changed what Piranha holds in memory.
Otherwise the fixes near the new findings are dropped, or those that bisection shows to be the
cause.  This goes on until no further fix can be applied, so fixing the result again changes
nothing.

A line that Piranha could not read hides the problems of its value.  If a safe fix makes such a line
readable, findings that then appear were there before, and do not count against the fix.  An unsafe
fix was a guess, and new warnings and errors show that it was wrong.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen

from lvscf.config.model import Config
from lvscf.document import Document, parse
from lvscf.findings.finding import Finding, Severity
from lvscf.findings.fix import Edit
from lvscf.linter.engine import lint
from lvscf.linter.registry import rule_of
from lvscf.linter.settings import Settings
from lvscf.shared.records import compared, evolved, record
from lvscf.source import Span
from lvscf.syntax.nodes import Block

if TYPE_CHECKING:
    from lvscf.cluster import Cluster

_READER = "LVS0"
"""The family of rules about what Piranha's reader rejects or misreads."""

_CHARACTERS_TO_TRY = 4_000_000
"""About how much text is read again per round, in search of the fixes that do harm; for a file of a
few kilobytes, that is enough to find each of them."""

_FEWEST_TRIALS = 16
_MOST_ROUNDS = 1000
"""Each round fixes something, or uncovers another fault of a line, which has few."""
_MOST_EXPLAINED = 4
"""How many of the skipped fixes are explained; each takes another linting."""

Heard: TypeAlias = Callable[[Document, tuple[Finding, ...]], tuple[Finding, ...]]
"""Takes a document and its findings; returns the findings that should be fixed."""

_Judge: TypeAlias = Callable[[Document], tuple[Finding, ...]]

_Key: TypeAlias = tuple[str, str, int]
"""Identifies a finding although its text has moved: code, file, and line before the round."""


@compared
@frozen(eq=False, repr=False)
class Exposed:
    """A finding that a fix would expose, at its line in the text without that fix."""

    code: str
    filename: str
    line: int


@record
class Skipped:
    """A finding whose fix was requested but skipped, because it would do harm."""

    finding: Finding
    exposed: tuple[Exposed, ...]
    """The new findings; none if the fix would change what Piranha holds, or was not tried."""


@frozen(eq=False)
class Fixed:
    """A document after fixing."""

    document: Document
    applied: tuple[Finding, ...]
    """The findings that were fixed, in the order in which they were.

    Their places are those in the text at the beginning of their round.
    """
    remaining: tuple[Finding, ...]
    """What `lint` finds in the document as it is now."""
    skipped: tuple[Skipped, ...]
    """Those of them whose fix was requested but skipped, and why."""

    @property
    def withheld(self) -> tuple[Finding, ...]:
        """The remaining findings whose fix was requested but skipped."""
        return tuple(one.finding for one in self.skipped)


def fix(
    document: Document,
    cluster: "Cluster | None" = None,
    settings: Settings | None = None,
    *,
    unsafe: bool = False,
    pair: Document | None = None,
    heard: Heard | None = None,
    found: tuple[Finding, ...] | None = None,
    explained: bool = True,
) -> Fixed:
    """Apply the fixes of all findings that can be fixed without harm.

    Findings that are suppressed, ignored or not selected are not fixed.  Only the lvs.cf is ever
    changed.  Fixing the result again changes nothing.

    Args:
        document: the lvs.cf.
        cluster: the files that were collected from its hosts.
        settings: which rules apply; by default all non-optional ones.
        unsafe: also apply fixes that follow the evident intention, and need review.
        pair: the lvs.cf of the other LVS router, which is never changed.
        heard: which of a document's findings to fix, for callers with a baseline; by default all.
        found: what `lint` finds in the document, if that is known already.
        explained: whether to find out why fixes were skipped.

    Raises:
        UnknownRuleError: the settings name a rule that does not exist.
    """
    settings = settings or Settings()
    stages = 4 if unsafe else 3
    applied: list[Finding] = []

    def judge(text: Document) -> tuple[Finding, ...]:
        return lint(text, cluster, settings, pair=pair)

    now = _State(document, judge(document) if found is None else found)
    stage = idle = rounds = 0
    while idle < stages and rounds < _MOST_ROUNDS:  # until no stage has anything to do
        rounds += 1
        possible = [one for one in now.fixable(unsafe, heard) if _stage(one) == stage]
        after = _Round(now, judge).settle(possible) if possible else now
        if after is now:
            stage, idle = (stage + 1) % stages, idle + 1
        else:
            applied.extend(after.made)
            now, idle = evolved(after, made=()), 0
    withheld = tuple(now.fixable(unsafe, heard))
    if explained:
        skipped = _explained(now, withheld, judge)
    else:
        skipped = tuple(Skipped(one, ()) for one in withheld)
    return Fixed(now.document, tuple(applied), now.findings, skipped)


def _explained(
    now: "_State", withheld: tuple[Finding, ...], judge: "_Judge"
) -> tuple[Skipped, ...]:
    """The skipped fixes; the first few with the reason."""
    known = _Round(now, judge) if withheld else None
    return tuple(
        Skipped(one, known.exposed_by(one) if known and number < _MOST_EXPLAINED else ())
        for number, one in enumerate(withheld)
    )


_UNSAFE = 3
"""The last stage."""


def _changes_memory(finding: Finding) -> bool:
    """Whether a safe fix of this finding may change what Piranha holds in memory."""
    rule = rule_of(finding.code)
    return rule is not None and rule.changes_memory is not None


def _is_about_given_files(finding: Finding) -> bool:
    """Whether a finding is about which files were given, or how they differ.

    A fixed file may differ from its pair until that one is fixed too.
    """
    rule = rule_of(finding.code)
    return rule is not None and rule.about_given_files


def _is_about_reading(finding: Finding) -> bool:
    """Whether a finding is about lines whose intended value Piranha does not hold."""
    return finding.code.startswith(_READER) or _changes_memory(finding)


def _stage(finding: Finding) -> int:
    """The stage of a fix: safe ones first, beginning with those that decide what Piranha reads.

    Then come lines that Piranha cannot read, then findings in the text that it reads.
    """
    if finding.fix is None or finding.fix.applicability == "unsafe":
        return _UNSAFE
    if _changes_memory(finding):
        return 0
    return 1 if finding.code.startswith(_READER) else 2


@record(slots=False)
class _State:
    """A document, its findings, and the fixes that the round applied to get there."""

    document: Document
    findings: tuple[Finding, ...]
    made: tuple[Finding, ...] = ()

    def fixable(self, unsafe: bool, heard: Heard | None) -> Iterator[Finding]:
        """The findings that should be fixed, and have a fix that only edits the lvs.cf."""
        for finding in heard(self.document, self.findings) if heard else self.findings:
            fix = finding.fix
            if fix is not None and (unsafe or fix.applicability == "safe"):
                name = self.document.filename
                if all(edit.span.filename == name for edit in fix.edits):
                    yield finding

    def judged(self) -> Iterator[Finding]:
        """The findings by which fixes are judged: the selected ones, and all LVS0 findings."""
        yield from self.document.findings
        for finding in self.findings:
            if not finding.code.startswith(_READER) and not _is_about_given_files(finding):
                yield finding

    @cached_property
    def memory(self) -> Config:
        """The values that Piranha holds in memory."""
        return self.document.config.effective


class _Round:
    """One round of fixing: finds out which of the possible fixes can be applied together."""

    def __init__(self, base: _State, judge: _Judge) -> None:
        self._base = base
        self._judge = judge
        self._source = base.document.source
        self._before = Counter(self._key(one, one.span.start) for one in base.judged())
        self._trials = max(_FEWEST_TRIALS, _CHARACTERS_TO_TRY // (len(self._source.text) + 1))

    def settle(self, possible: Iterable[Finding]) -> _State:
        """The state after as many fixes as possible; the state before if there is none."""
        possible = list(possible)
        fixes = _apart(possible)
        batch = fixes
        while batch and self._trials > 0:
            after, troubles = self._try(batch)
            if not troubles:
                return after
            batch = self._without(batch, set(troubles))
        after = self._bisect(self._base, fixes)
        tried = set(map(id, fixes))
        others = [one for one in possible if id(one) not in tried]
        if after is not self._base or not fixes or not others:
            return after
        return self.settle(others)  # none of `fixes` can be applied: the others may overlap them

    def exposed_by(self, finding: Finding) -> tuple[Exposed, ...]:
        """The findings that a skipped fix would expose."""
        if _apart([finding]) == []:
            return ()
        _, troubles = self._try([finding])
        found = (one for about in troubles.values() for one in about)
        return tuple(dict.fromkeys(found))

    def _without(self, fixes: list[Finding], troubles: set[int]) -> list[Finding]:
        """The fixes that are not near a trouble; none if it is unclear which those are."""
        for home in (self._line, self._item):  # the same line first, then the same block
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

    def _bisect(self, sound: _State, more: list[Finding]) -> _State:
        """Find the fixes that do harm by bisection; `sound` is the state without `more`."""
        if not more or self._trials <= 0:
            return sound
        after, troubles = self._try([*sound.made, *more])
        if not troubles:
            return after
        if len(more) == 1:
            return sound
        half = len(more) // 2
        return self._bisect(self._bisect(sound, more[:half]), more[half:])

    def _try(self, fixes: list[Finding]) -> tuple[_State, dict[int, list[Exposed]]]:
        """Apply fixes; return the new state and its troubles by offset, none if it is accepted.

        Offsets are those before the round; troubles without a place in the file are at -1.
        """
        self._trials -= 1
        edited = _Edited(self._source.text, (edit for one in fixes for edit in _edits(one)))
        document = parse(edited.text, self._source.filename)
        after = _State(document, self._judge(document), tuple(fixes))
        if self._forgets(after):
            return after, {-1: []}
        # Allowed are the findings from before, less the fixed ones.
        allowed = self._before.copy()
        allowed.subtract(self._key(one, one.span.start) for one in fixes)
        fixed = {self._key(one, one.span.start) for one in fixes}
        readable = self._readable(after)
        guessed = any(_stage(one) == _UNSAFE for one in fixes)
        troubles: dict[int, list[Exposed]] = {}
        for finding in after.judged():
            key = self._key(finding, edited.origin(finding.span.start))
            allowed[key] -= 1
            # Reader findings on other lines were not hidden: only the first fault of a line is
            # reported.
            by_reader = finding.code.startswith(_READER)
            was_hidden = bool(readable) if not by_reader else key[2] in readable
            if guessed and (by_reader or finding.severity > Severity.INFO):
                was_hidden = False  # more likely, the guess is wrong
            if allowed[key] >= 0 or (was_hidden and key not in fixed):
                continue
            exposed = Exposed(*key)
            for span in (finding.span, *(related.span for related in finding.related)):
                place = edited.origin(span.start) if self._is_here(span) else -1
                troubles.setdefault(place, []).append(exposed)
        return after, troubles

    def _readable(self, after: _State) -> set[int]:
        """The lines that could not be read before and that the fixes make readable.

        None if everything was read before, or if other things were fixed too.
        """
        about_values = any(map(_changes_memory, after.made))
        was_read = self._base.document.refusal is None and not about_values
        if was_read or not all(_is_about_reading(one) for one in after.made):
            return set()
        return {
            line
            for one in after.made
            for edit in _edits(one)
            for line in range(self._line(edit.span.start), self._line(edit.span.end) + 1)
        }

    def _forgets(self, after: _State) -> bool:
        """Whether Piranha would hold other values, although the fixes must not change them."""
        base = self._base
        if base.document.refusal is not None:
            return False  # it holds nothing
        if any(map(_changes_memory, after.made)):
            return False
        if after.document.refusal is not None:
            return True
        return any(_stage(one) in (1, 2) for one in after.made) and after.memory != base.memory

    def _is_here(self, span: Span) -> bool:
        return span.filename == self._source.filename

    def _key(self, finding: Finding, origin: int) -> _Key:
        span = finding.span
        line = self._line(origin) if self._is_here(span) else span.line
        return finding.code, span.filename, line

    def _line(self, offset: int) -> int:
        return bisect_right(self._source.line_starts, offset)

    def _item(self, offset: int) -> int:
        """The number of the top-level line or block that contains an offset."""
        return bisect_right(self._starts, offset)

    @cached_property
    def _starts(self) -> list[int]:
        return [
            item.header.start if isinstance(item, Block) else item.start
            for item in self._base.document.items
        ]


class _Edited:
    """A text with edits applied, which knows where its characters come from."""

    def __init__(self, text: str, edits: Iterable[Edit]) -> None:
        parts: list[str] = []
        self._begins: list[int] = []  # of the inserted texts, in the new text
        self._ends: list[int] = []
        self._spans: list[Span] = []  # what they replace, in the old text
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
        """Where a character was in the old text; for a new one, where it was inserted."""
        last = bisect_right(self._begins, offset) - 1
        if last < 0:
            return offset
        span = self._spans[last]
        return span.start if offset < self._ends[last] else span.end + offset - self._ends[last]


def _edits(finding: Finding) -> tuple[Edit, ...]:
    return finding.fix.edits if finding.fix else ()


def _apart(fixes: Iterable[Finding]) -> list[Finding]:
    """The fixes, in order, whose edits overlap neither each other nor those of an earlier one."""
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
    """Whether a stretch overlaps a taken one, or would insert at the same place."""
    start, end = stretch
    place = bisect_left(taken, stretch)
    after = taken[place] if place < len(taken) else None
    if after is not None and (after[0] < end or after == stretch):
        return True
    return place > 0 and taken[place - 1][1] > start
