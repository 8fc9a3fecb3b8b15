"""What was fixed in a run, for reports."""

from attrs import frozen

from lvscf.report.result import number


@frozen(eq=False)
class Fixes:
    """What was fixed in a run, or would be."""

    problems: int
    files: int
    withheld: int
    """Fixes that were left out, because they would do harm."""
    only_shown: bool
    """Whether no file was written."""

    def summary(self) -> str:
        """What was done, as a sentence."""
        done = f"{number(self.problems, 'problem')} in {number(self.files, 'file')}"
        if not self.problems:
            done = "nothing"
        said = f"Would fix {done}." if self.only_shown else f"Fixed {done}."
        if self.withheld:
            which = "1 fix is" if self.withheld == 1 else f"{self.withheld} fixes are"
            said += f" {which} left out: other findings would follow."
        return said
