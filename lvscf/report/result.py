"""The result of a run, from which every report is made."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from attrs import field

from lvscf.findings.finding import Finding, Severity
from lvscf.shared.plurals import counted
from lvscf.shared.records import record
from lvscf.source import Source, Span, displayable

if TYPE_CHECKING:
    from lvscf.findings.suppressed import Suppressed
    from lvscf.linter.baseline import Places
    from lvscf.linter.hosts.followed import Followed
    from lvscf.report.fixes import Fixes


@record
class FileResult:
    """A file and its findings, in the order of its text."""

    source: Source
    findings: tuple[Finding, ...]
    further: Mapping[str, Source] = field(factory=dict, repr=False)
    """Other files that findings refer to, by name."""
    suppressed: "tuple[Suppressed, ...]" = ()
    """Findings suppressed by comments and the baseline."""
    fixable: "Callable[[bool], int] | None" = None
    """Counts what `--fix` would fix here, with or without unsafe fixes; None means nothing.

    Counting tries every fix, so only reports that show the number call it.
    """
    followed: "Followed | None" = None
    """The packets followed through the hosts' rules; None if there are no rules."""
    fail_on: Severity = Severity.WARNING
    """The lowest severity that counts as a failure in this file."""
    places: "Places | None" = field(default=None, repr=False)
    """What the places of the file are called; None where no report needs them."""

    def source_of(self, span: Span) -> Source:
        """The file that a span is in."""
        if span.filename == self.source.filename:
            return self.source
        return self.further.get(span.filename, self.source)


@record
class Result:
    """All files of a run, in the order in which they were given."""

    files: tuple[FileResult, ...]
    fixes: "Fixes | None" = None
    """The fixes, with `--fix` or `--diff`; the findings are then those that remain."""
    unsafe_fixes: bool = False
    """Whether unsafe fixes are accepted."""
    shows_suppressed: bool = False
    """Whether to show suppressed findings as well."""
    folder: str = ""
    """The directory that lvscf ran in: other programs expect paths relative to it."""
    home: str | None = None
    """The address of the documentation, ending in `/`; None means that of the project, if any."""
    errors: tuple[str, ...] = ()
    """Why some files are missing from the result, as sentences."""

    def shown(self, file: FileResult) -> "list[tuple[Finding, Suppressed | None]]":
        """The findings to show for a file, in text order, each with what suppresses it."""
        shown: list[tuple[Finding, Suppressed | None]] = [(one, None) for one in file.findings]
        if self.shows_suppressed and file.suppressed:
            shown += [(one.finding, one) for one in file.suppressed]
            shown.sort(key=lambda pair: (pair[0].span.start, pair[0].code))
        return shown

    @property
    def suppressed(self) -> int:
        """The number of suppressed findings."""
        return sum(len(file.suppressed) for file in self.files)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of all files."""
        return tuple(finding for file in self.files for finding in file.findings)

    @property
    def followed(self) -> tuple[int, int]:
        """The number of packets that were followed, and of hosts whose rules they went through."""
        parts = [file.followed for file in self.files if file.followed is not None]
        if not parts:
            return 0, 0
        from lvscf.linter.hosts.followed import together

        whole = together(parts)
        return len(whole.packets), len(whole.hosts)

    def count(self) -> Counter[Severity]:
        """The number of findings by severity."""
        return Counter(finding.severity for finding in self.findings)

    def summary(self) -> str:
        """What was found and fixed, in a line or two."""
        fixed = f"{self.fixes.summary()}\n" if self.fixes else ""
        count = self.count()
        parts = [
            counted(count[severity], severity.label if severity > 1 else "note")
            for severity in sorted(Severity, reverse=True)
            if count[severity]
        ]
        files = counted(len(self.files), "file")
        if self.suppressed:
            files += f" ({self.suppressed} suppressed)"
        packets, hosts = self.followed
        if packets:
            files += f"; followed {counted(packets, 'packet')} through the rules of "
            files += counted(hosts, "host")
        if not parts:
            return f"{fixed}No findings in {files}."
        *most, last = parts
        listed = f"{', '.join(most)} and {last}" if most else last
        return f"{fixed}Found {listed} in {files}.{self._remedy()}"

    def _remedy(self) -> str:
        """How many findings can be fixed, and with which options."""
        tried = [file.fixable for file in self.files if file.fixable]
        safe = sum(fixable(False) for fixable in tried)
        kinds = {finding.fix.applicability for finding in self.findings if finding.fix}
        unsafe = sum(fixable(True) for fixable in tried) - safe if "unsafe" in kinds else 0
        if self.fixes:  # what could be fixed, is
            asked = self.unsafe_fixes or not unsafe
            return "" if asked else f" {unsafe} can be fixed with --unsafe-fixes."
        option = "--fix"
        if self.unsafe_fixes:
            option = "--fix --unsafe-fixes" if unsafe else "--fix"
            safe, unsafe = safe + unsafe, 0
        if not safe:
            return f" {unsafe} can be fixed with --fix --unsafe-fixes." if unsafe else ""
        more = f", {unsafe} more with --unsafe-fixes" if unsafe else ""
        return f" {safe} can be fixed with {option}{more}."


def because(suppressed: "Suppressed") -> str:
    """What suppresses a finding, where and why, as part of a sentence."""
    if suppressed.span is None:
        return f"by the {suppressed.kind}"
    why = f": {displayable(suppressed.reason)}" if suppressed.reason else ""
    elsewhere = suppressed.span.filename != suppressed.finding.span.filename
    where = f" of {displayable(suppressed.span.filename)}" if elsewhere else ""
    return f"by the {suppressed.kind} on line {suppressed.span.line}{where}{why}"
