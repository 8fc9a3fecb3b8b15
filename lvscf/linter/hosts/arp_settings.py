"""The kernel settings `arp_ignore` and `arp_announce`, where a host's addresses are not known.

They show what is meant: a host that has them is most likely to hold a VIP.
"""

from functools import cached_property
from typing import Literal

from lvscf.hosts.facts import KernelSetting
from lvscf.hosts.host import Host
from lvscf.shared.records import record

_Name = Literal["arp_ignore", "arp_announce"]

_QUIET: dict[_Name, tuple[int, ...]] = {"arp_ignore": (1, 2, 8), "arp_announce": (2,)}
"""Values with which eth0 does not answer for an address of lo, and never announces it."""
_NEVER = 8
"""The value of `arp_ignore` with which a host answers no request at all."""
_MOST_DIGITS = 11
"""No number of 32 bits has as many digits."""
_NOT_ASKED = frozenset({"lo", "default"})
"""Names on which no request comes in."""


@record(slots=False)
class ArpSettings:
    """The settings of a host that hide a VIP, or are meant to."""

    host: Host

    @cached_property
    def lines(self) -> dict[tuple[str, str], KernelSetting]:
        """The lines, by device and name; the last one counts."""
        found: dict[tuple[str, str], KernelSetting] = {}
        for line in self.host.settings.lines:
            device, _, name = line.name.removeprefix("net.ipv4.conf.").rpartition(".")
            if name in _QUIET and line.value.isdecimal() and len(line.value) < _MOST_DIGITS:
                found[device, name] = line
        return found

    @cached_property
    def are_certain(self) -> bool:
        """Whether no script sets any of them in some cases only."""
        return all(line.certain for line in self.lines.values())

    @cached_property
    def are_meant_to_hide(self) -> bool:
        """Whether any of them is not the kernel's default, which hides nothing."""
        return any(int(line.value) for line in self.lines.values())

    def hide(self, name: _Name) -> bool:
        """Whether a setting has a value in force, for any device, that hides an address of `lo`."""
        devices = {device for device, _ in self.lines} - _NOT_ASKED
        return not self.are_certain or any(
            self._in_force(one, name) in _QUIET[name] for one in devices
        )

    def _in_force(self, device: str, name: _Name) -> int:
        """The larger value: that of a device or that of `all`."""
        lines = (self.lines.get((one, name)) for one in (device, "all"))
        return max((int(line.value) for line in lines if line is not None), default=0)

    @cached_property
    def ineffective(self) -> tuple[str, KernelSetting] | None:
        """The device and the line of an `arp_ignore` that has no effect, if there is no other.

        `default` is for devices that are added later, so it may be in force for those without a
        setting of their own.
        """
        others = {device for device, name in self.lines if name == "arp_ignore"} - _NOT_ASKED
        if not self.are_certain or any(self._in_force(one, "arp_ignore") for one in others):
            return None
        for device, enough in (("lo", True), ("default", bool(others - {"all"}))):
            line = self.lines.get((device, "arp_ignore"))
            if line is not None and int(line.value) and enough:
                return device, line
        return None

    def muting(self, address: str) -> KernelSetting | None:
        """The line with which the host answers no ARP request at all, if there is one.

        Args:
            address: its own address, under which others know it.
        """
        own = [one.device for one in self.host.present_addresses if one.address == address]
        for device in own or ["all"]:
            both = [self.lines.get((one, "arp_ignore")) for one in (device, "all")]
            found = [line for line in both if line is not None]
            largest = max(found, key=lambda line: int(line.value), default=None)
            if largest is not None and int(largest.value) == _NEVER and self.are_certain:
                return largest
        return None
