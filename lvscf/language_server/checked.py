"""One version of an open text, linted; and what was found out about its findings since."""

from collections.abc import Callable
from typing import Literal

from attrs import field

from lvscf.files.linting import LintedFile
from lvscf.files.surroundings import Surroundings
from lvscf.findings.finding import Finding
from lvscf.language_server import actions
from lvscf.language_server.actions import Action
from lvscf.language_server.translation import OpenText
from lvscf.shared.records import record

_TRY: dict[str, Callable[[LintedFile, Finding], Action | None]] = {
    "fix": actions.fix_of,
    "silence": actions.silence_of,
}


@record
class Checked:
    """A linted text."""

    text: OpenText
    linted: LintedFile
    surroundings: Surroundings
    _tried: dict[tuple[str, Finding], Action | None] = field(init=False, factory=dict)

    def on_lines_of(self, start: int, end: int) -> tuple[Finding, ...]:
        """The findings in the lvs.cf on the lines of a range of offsets."""
        document = self.text.document
        first, last = document.source.location(start)[0], document.source.location(end)[0]
        return tuple(
            one
            for one in self.linted.findings
            if one.span.filename == document.filename
            and one.span.line <= last
            and first <= one.span.end_line
        )

    def action(self, kind: Literal["fix", "silence"], finding: Finding) -> Action | None:
        """What can be done about a finding; it is tried once, as an editor asks at every move."""
        key = kind, finding
        if key not in self._tried:
            self._tried[key] = _TRY[kind](self.linted, finding)
        return self._tried[key]

    def fix_all(self) -> Action | None:
        """The action that applies all safe fixes."""
        heard = None
        baseline = self.surroundings.found.baseline
        if baseline is not None:
            from lvscf.files.baseline import BaselineFile

            heard = BaselineFile(baseline.path).hearing(self.surroundings.sources)
        return actions.fix_all(self.linted, heard)

    @property
    def may_be_fixed(self) -> bool:
        """Whether any finding has a safe fix, before any is tried."""
        return any(
            one.fix is not None and one.fix.applicability == "safe" for one in self.linted.findings
        )
