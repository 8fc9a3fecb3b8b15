"""The result of a run, which every report is made from."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

from lvscf.findings import Finding, Severity
from lvscf.source import Source, Span, displayable

if TYPE_CHECKING:
    from lvscf.suppressed import Suppressed


@frozen(eq=False)
class FileResult:
    """A file and what was found in it, in the order of its text."""

    source: Source
    findings: tuple[Finding, ...]
    further: Mapping[str, Source] = field(factory=dict, repr=False)
    """Other files that the findings speak of, by name."""
    suppressed: "tuple[Suppressed, ...]" = ()
    """What comments and the baseline keep silent."""

    def source_of(self, span: Span) -> Source:
        """The file that a span lies in."""
        if span.filename == self.source.filename:
            return self.source
        return self.further.get(span.filename, self.source)


@frozen(eq=False)
class Result:
    """All files of a run, in the order in which they were given."""

    files: tuple[FileResult, ...]
    shows_suppressed: bool = False
    """Whether to show what is suppressed, too."""

    def shown(self, file: FileResult) -> "list[tuple[Finding, Suppressed | None]]":
        """What a report shows of a file, in the order of its text, and what silences it."""
        shown: list[tuple[Finding, Suppressed | None]] = [(one, None) for one in file.findings]
        if self.shows_suppressed and file.suppressed:
            shown += [(one.finding, one) for one in file.suppressed]
            shown.sort(key=lambda pair: (pair[0].span.start, pair[0].code))
        return shown

    @property
    def suppressed(self) -> int:
        """How many findings are suppressed."""
        return sum(len(file.suppressed) for file in self.files)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of all files."""
        return tuple(finding for file in self.files for finding in file.findings)

    def count(self) -> Counter[Severity]:
        """How many findings there are of each severity."""
        return Counter(finding.severity for finding in self.findings)

    def summary(self) -> str:
        """One sentence for people."""
        count = self.count()
        parts = [
            _number(count[severity], severity.label if severity > 1 else "note")
            for severity in sorted(Severity, reverse=True)
            if count[severity]
        ]
        files = _number(len(self.files), "file")
        if self.suppressed:
            files += f" ({self.suppressed} suppressed)"
        if not parts:
            return f"No findings in {files}."
        *most, last = parts
        listed = f"{', '.join(most)} and {last}" if most else last
        fixable = sum(finding.fix is not None for finding in self.findings)
        fixes = f" Fixes are known for {fixable}." if fixable else ""
        return f"Found {listed} in {files}.{fixes}"


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def because(suppressed: "Suppressed") -> str:
    """What keeps a finding silent, for a sentence: who says so, where, and why."""
    if suppressed.span is None:
        return f"by the {suppressed.kind}"
    why = f": {displayable(suppressed.reason)}" if suppressed.reason else ""
    elsewhere = suppressed.span.filename != suppressed.finding.span.filename
    where = f" of {displayable(suppressed.span.filename)}" if elsewhere else ""
    return f"by the {suppressed.kind} on line {suppressed.span.line}{where}{why}"
