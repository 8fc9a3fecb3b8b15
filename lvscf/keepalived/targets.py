"""Which keepalived the files are for, and what that release can read.

Facts: configurations run under keepalived 1.2.13, 1.3.5, 2.0.10, 2.2.7, 2.2.8 and 2.4.3 on a kernel
with IPVS, and the releases in which upstream changed each keyword.
"""

import re

from attrs import frozen

from lvscf.shared.records import compared
from lvscf.source import quoted

_Release = tuple[int, int, int]

PLATFORMS: dict[str, _Release] = {
    "rhel6": (1, 2, 13),
    "rhel7": (1, 3, 5),
    "rhel8": (2, 0, 10),
    "rhel9": (2, 2, 4),
    "debian12": (2, 2, 7),
}
"""Distributions, each with the oldest keepalived that it ships."""

_VERSION = re.compile(r"(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?")
_OLDEST = (1, 2, 0)
_FIRST_PATCHES = {(1, 2): 13, (1, 3): 5, (2, 0): 10}
"""The patch level that a version without one means: the first that distributions shipped."""


@compared
@frozen(eq=False, repr=False)
class Target:
    """A release of keepalived."""

    name: str
    """As it was asked for, such as `2.2` or `rhel9`."""
    release: _Release

    @property
    def title(self) -> str:
        """For people: `2.2`, or `2.2.4 (rhel9)`."""
        if self.name not in PLATFORMS:
            return self.name
        return f"{'.'.join(map(str, self.release))} ({self.name})"

    @property
    def is_1_2(self) -> bool:
        """Whether it is the 1.2 that RHEL 6 ships."""
        return self.release < (1, 3, 0)

    @property
    def secures_scripts(self) -> bool:
        """Whether scripts need `script_user` and `enable_script_security`."""
        return not self.is_1_2

    @property
    def retries_tcp(self) -> bool:
        """Whether TCP_CHECK repeats a failed check unless it has `retry 0`."""
        return not self.is_1_2

    @property
    def wants_ports_with_marks(self) -> bool:
        """Whether a real server of a firewall mark must have a port; later ones reject it."""
        return self.release < (2, 0, 14)

    @property
    def sets_timeouts_alone(self) -> bool:
        """Whether `lvs_timeouts` takes effect without `lvs_sync_daemon`."""
        return self.release >= (2, 1, 1)

    @property
    def sets_timeouts(self) -> bool:
        """Whether it knows `lvs_timeouts`."""
        return not self.is_1_2

    @property
    def groups_clients(self) -> bool:
        """Whether `persistence_granularity` works for IPv4."""
        return not (1, 3, 0) <= self.release < (1, 4, 3)

    @property
    def takes_masks_with_holes(self) -> bool:
        """Whether `persistence_granularity` may be a mask with holes."""
        return self.release < (2, 0, 0)

    @property
    def checks_http(self) -> bool:
        """Whether HTTP_GET takes ranges of status codes and a version of HTTP."""
        return self.release >= (2, 1, 0)

    @property
    def most_addresses(self) -> int | None:
        """How many addresses an advertisement holds; more make older releases fail."""
        return 20 if self.release < (1, 2, 20) else None

    @property
    def may_crash_on_scripts(self) -> bool:
        """Whether two MISC_CHECKs in the last virtual server may crash the checker."""
        return self.release < (1, 2, 20)

    @property
    def tests_files(self) -> bool:
        """Whether `keepalived -t` exists."""
        return self.release >= (2, 0, 0)


def target(name: str) -> Target:
    """The target with a name: a version (`2.2`, `1.3.5`) or a distribution (`rhel9`).

    Raises:
        ValueError: there is no such target.
    """
    if name in PLATFORMS:
        return Target(name, PLATFORMS[name])
    found = _VERSION.fullmatch(name) if name.isascii() else None
    if found is not None:
        major, minor = int(found[1]), int(found[2])
        patch = int(found[3]) if found[3] else _FIRST_PATCHES.get((major, minor), 0)
        if (major, minor, patch) >= _OLDEST:
            return Target(name, (major, minor, patch))
    raise ValueError(
        f"{quoted(name)} is not a keepalived version from 1.2 on (such as 2.2), nor one of "
        f"{', '.join(PLATFORMS)}"
    )
