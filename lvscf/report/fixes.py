"""What was fixed in a run, for reports."""

from typing import TYPE_CHECKING

from lvscf.report.phrases import counted
from lvscf.shared.records import record
from lvscf.source import displayable

if TYPE_CHECKING:
    from lvscf.linter.fixing import Skipped

_MOST_NAMED = 4
"""Findings that the sentence about fixes that were left out names."""


@record
class Fixes:
    """What was fixed in a run, or would be."""

    problems: int
    files: int
    skipped: "tuple[Skipped, ...]"
    """Fixes that were left out, because they would do harm."""
    only_shown: bool
    """Whether no file was written."""

    def summary(self) -> str:
        """What was done, and what was not, as sentences."""
        done = f"{counted(self.problems, 'problem')} in {counted(self.files, 'file')}"
        if not self.problems:
            done = "nothing"
        said = f"Would fix {done}." if self.only_shown else f"Fixed {done}."
        left_out = self.left_out()
        return f"{said} {left_out}" if left_out else said

    def left_out(self) -> str:
        """Which fixes were left out, and why; empty if none was."""
        if not self.skipped:
            return ""
        count = len(self.skipped)
        which = "1 fix" if count == 1 else f"{count} fixes"
        exposed = dict.fromkeys(
            f"{one.code} ({displayable(one.filename)}:{one.line})"
            for skipped in self.skipped
            for one in skipped.exposed
        )
        if not exposed:
            places = dict.fromkeys(
                f"{one.finding.code} ({displayable(one.finding.span.filename)}"
                f":{one.finding.span.line})"
                for one in self.skipped
            )
            why = "it would change what Piranha reads" if count == 1 else "they would do harm"
            return f"Skipped {which}: {why}, at {_listed([*places])}."
        it = "it" if count == 1 else "they"
        return f"Skipped {which}: {it} would expose {_listed([*exposed])}."


def _listed(names: list[str]) -> str:
    if len(names) > _MOST_NAMED:
        names = [*names[: _MOST_NAMED - 1], f"{len(names) - _MOST_NAMED + 1} more"]
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
