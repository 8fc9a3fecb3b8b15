"""Suppression: the findings that comments silence, and the comments that silence nothing.

Each selector of each comment is tracked: the findings it silences are kept with its reason, and if
it silences none although its rules ran, LVS901 reports it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from attrs import frozen

from lvscf.faults.fault_rule import FaultRule
from lvscf.findings.finding import Finding
from lvscf.findings.rule import LintRule
from lvscf.findings.suppressed import Suppressed
from lvscf.linter import registry, selection
from lvscf.linter.case import Case
from lvscf.linter.silencing_comments import (
    CommentRule,
    Mention,
    SilencingComment,
    silencing_comments,
)
from lvscf.shared.records import compared, evolved
from lvscf.syntax.reading import Reading


@compared
@frozen(eq=False, repr=False)
class _Silence:
    """A selector of a comment, with its comment."""

    comment: SilencingComment
    word: Mention
    outer: "int | None" = None
    """The index of the silence of the same selector that encloses this one."""


class _Silences:
    """All silences of one selector in a file; they are nested or disjoint."""

    def __init__(self, silences: Iterable[_Silence]) -> None:
        self.whole_file: _Silence | None = None
        self._starts: list[int] = []
        self._silences: list[_Silence] = []
        open_ones: list[int] = []
        for one in sorted(silences, key=lambda one: (one.comment.start, -one.comment.end)):
            comment = one.comment
            if comment.whole_file:
                self.whole_file = self.whole_file or one
                continue
            while open_ones and self._silences[open_ones[-1]].comment.end < comment.start:
                open_ones.pop()
            around = open_ones[-1] if open_ones else None
            if around is not None:
                same = self._silences[around].comment
                if (same.start, same.end) == (comment.start, comment.end):
                    continue  # a repetition
            open_ones.append(len(self._silences))
            self._starts.append(comment.start)
            self._silences.append(_Silence(comment, one.word, around))

    def around(self, offset: int) -> _Silence | None:
        """The innermost silence around a place, except one for the whole file."""
        number: int | None = bisect_right(self._starts, offset) - 1
        if number == -1:
            return None
        while number is not None:
            one = self._silences[number]
            if one.comment.end >= offset:
                return one
            number = one.outer
        return None


class Silencer:
    """Removes the findings that comments silence."""

    def __init__(self, reading: Reading) -> None:
        text = reading.source.text
        self._source = reading.source
        self._comments = tuple(silencing_comments(reading.items, len(text)))
        by_key: dict[str, list[_Silence]] = {}
        for comment in self._comments:
            for word in comment.words:
                by_key.setdefault(selection.key_of(word.text), []).append(_Silence(comment, word))
        self._silences = {key: _Silences(found) for key, found in by_key.items()}
        self._used: set[Mention] = set()
        self.suppressed: list[Suppressed] = []

    def takes(self, finding: Finding) -> bool:
        """Whether a comment silences the finding; if so, record it as suppressed."""
        closest: _Silence | None = None
        for key in selection.keys_of(finding):
            found = self._silence(key, finding)
            if found is None:
                continue
            self._used.add(found.word)
            if closest is None or found.comment.start > closest.comment.start:
                closest = found
        if closest is None:
            return False
        self._suppress(finding, closest)
        return True

    def _silence(self, key: str, finding: Finding) -> _Silence | None:
        silences = self._silences.get(key)
        if silences is None:
            return None
        found = None
        if finding.span.filename == self._source.filename:
            found = silences.around(finding.span.start)
        return found or silences.whole_file

    def _suppress(self, finding: Finding, silence: _Silence) -> None:
        at = silence.comment.at
        span = self._source.span(at.start, at.end)
        self.suppressed.append(Suppressed(finding, "comment", silence.comment.reason, span))

    # --- what is wrong with the comments ---------------------------------------------------------

    def remarks(self, case: Case, choice: selection.Choice) -> list[Finding]:
        """Findings about the comments themselves.

        Only a comment that names one of these rules, or LVS9, silences them: `ALL` would otherwise
        hide that it is unused itself.
        """
        doubtful = [
            comment
            for comment in self._comments
            if not comment.words or not self._used.issuperset(comment.words)
        ]
        if not doubtful or case.is_foreign:
            return []
        unused, unknown = registry.comment_rules()
        found: list[tuple[CommentRule, SilencingComment, Mention | None]] = []
        meant: dict[str, tuple[LintRule, ...]] = {}
        judged: dict[str, bool] = {}
        own = {key for rule in (unused, unknown) for key in selection.keys_of(rule)} - {"lvs"}
        for comment in doubtful:
            if not comment.words:
                found.append((unknown, comment, None))
                continue
            idle = []
            for word in comment.words:
                key = selection.key_of(word.text)
                if word in self._used or key in own:
                    continue
                if key not in meant:
                    meant[key] = _meant(word)
                    judged[key] = choice.have_judged(meant[key], case)
                if not meant[key]:
                    near = selection.nearest(word.text)
                    found.append((unknown, comment, evolved(word, suggestion=near)))
                elif judged[key] and self._is_idle(meant[key], comment, case):
                    idle.append(word)
            found += [(unused, evolved(comment, idle=tuple(idle)), word) for word in idle]
        findings = [
            rule.finding(rule.explain(case.reading, comment, word), self._source)
            for rule, comment, word in found
            if choice.wants(rule)
        ]
        return [one for one in findings if not self._takes_remark(one, own)]

    def _takes_remark(self, finding: Finding, own: set[str]) -> bool:
        for key in selection.keys_of(finding):
            silence = self._silence(key, finding) if key in own else None
            if silence is not None:
                self._suppress(finding, silence)
                return True
        return False

    def _is_idle(self, rules: tuple[LintRule, ...], comment: SilencingComment, case: Case) -> bool:
        """Whether the rules could read everything that the comment covers."""
        return all(isinstance(rule, FaultRule) for rule in rules) or not _any_fault(
            case.reading, comment
        )


def _meant(word: Mention) -> tuple[LintRule, ...]:
    """The rules that a word selects; none if it is unknown."""
    try:
        return tuple(selection.Selector(word.text).rules())
    except selection.UnknownRuleError:
        return ()


def _any_fault(reading: Reading, comment: SilencingComment) -> bool:
    """Whether anything that the comment covers cannot be read, so that its meaning is unknown."""
    faults = reading.faults
    first = bisect_left(faults, comment.start, key=lambda fault: fault.start)
    return first < len(faults) and faults[first].start <= comment.end
