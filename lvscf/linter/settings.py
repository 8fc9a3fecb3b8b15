"""Settings: which rules apply, and how bad a finding must be to count."""

from attrs import frozen

from lvscf.findings import Severity


@frozen
class Settings:
    """What the user wants to hear of; selectors are codes, names or families (see `registry`)."""

    select: tuple[str, ...] = ()
    """Only these rules; nothing means all."""
    extend_select: tuple[str, ...] = ()
    """These rules besides those of `select`."""
    ignore: tuple[str, ...] = ()
    fail_on: Severity = Severity.WARNING
    """Findings of this severity and above make a run fail."""
