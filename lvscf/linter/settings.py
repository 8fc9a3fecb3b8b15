"""Settings: which rules apply, and how severe a finding must be for a run to fail."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from lvscf.findings.finding import Severity
from lvscf.piranha import releases
from lvscf.piranha.releases import LATEST
from lvscf.shared.records import compared

if TYPE_CHECKING:
    from attrs import Attribute


def _selectors(_instance: object, attribute: "Attribute[Any]", selectors: object) -> None:
    lists = selectors.values() if isinstance(selectors, Mapping) else (selectors,)
    if any(isinstance(one, str) for one in lists):
        raise TypeError(
            f"{attribute.name}: several rules are a tuple, such as ('LVS2',), not a str"
        )


def _severities(
    _instance: object, attribute: "Attribute[Any]", severity: Mapping[str, Any]
) -> None:
    if not all(isinstance(one, Severity) for one in severity.values()):
        raise TypeError(f"{attribute.name}: a severity is an lvscf.Severity, such as Severity.INFO")


def _release(_instance: object, _attribute: object, target: str) -> None:
    releases.parts(target)


@compared
@frozen(eq=False, repr=False)
class Settings:
    """The user's choices; selectors are codes, names or families (see `selection`).

    Raises:
        ValueError: `target` is not a Piranha release.
        TypeError: a str in place of a tuple of selectors, or something that is not a Severity.
    """

    select: tuple[str, ...] = field(default=(), validator=_selectors)
    """Only these rules; if empty, all but the optional ones."""
    extend_select: tuple[str, ...] = field(default=(), validator=_selectors)
    """These rules in addition to those of `select`."""
    ignore: tuple[str, ...] = field(default=(), validator=_selectors)
    """Skip these rules."""
    target: str = field(default=LATEST, validator=_release)
    """The Piranha release that the file is for, such as `0.8.6-3`."""
    fail_on: Severity = Severity.WARNING
    """Findings of this severity and above make a run fail."""
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(
        factory=dict, hash=False, validator=_selectors
    )
    """By path pattern (see `paths`): rules to ignore in the files that it matches."""
    severity: Mapping[str, Severity] = field(factory=dict, hash=False, validator=_severities)
    """By selector: the severity of these rules' findings; the most specific selector wins."""
    folder: str = ""
    """The folder that `per_file_ignores` is relative to; by default the current directory."""
