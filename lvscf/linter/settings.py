"""Settings: which rules apply, and how bad a finding must be to count."""

from attrs import frozen

from lvscf.findings import Severity
from lvscf.linter.releases import LATEST


@frozen
class Settings:
    """What the user wants to hear of; selectors are codes, names or families (see `registry`)."""

    select: tuple[str, ...] = ()
    """Only these rules; nothing means all but the optional ones."""
    extend_select: tuple[str, ...] = ()
    """These rules besides those of `select`."""
    ignore: tuple[str, ...] = ()
    """All but these rules."""
    target: str = LATEST
    """The Piranha release that the file is for, such as `0.8.6-3`."""
    fail_on: Severity = Severity.WARNING
    """Findings of this severity and above make a run fail."""
