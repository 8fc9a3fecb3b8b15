"""The fixes of a run, for reports."""

from typing import TYPE_CHECKING

from lvscf.shared.plurals import counted
from lvscf.shared.records import record
from lvscf.source import displayable

if TYPE_CHECKING:
    from lvscf.linter.fixing import Skipped

_MOST_NAMED = 4
"""The most findings that the sentence about skipped fixes names."""


@record
class Fixes:
    """What a run fixed, or would fix."""

    problems: int
    files: int
    skipped: "tuple[Skipped, ...]"
    """Fixes that were left out because they would do harm."""
    only_shown: bool
    """Whether the run only showed fixes (`--diff`)."""

    def summary(self) -> str:
        """What was fixed and what was skipped, as sentences."""
        done = f"{counted(self.problems, 'problem')} in {counted(self.files, 'file')}"
        if not self.problems:
            done = "nothing"
        said = f"Would fix {done}." if self.only_shown else f"Fixed {done}."
        left_out = self.left_out()
        return f"{said} {left_out}" if left_out else said

    def left_out(self) -> str:
        """The skipped fixes, and why; empty if there are none."""
        if not self.skipped:
            return ""
        count = len(self.skipped)
        which = counted(count, "fix", "fixes")
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
