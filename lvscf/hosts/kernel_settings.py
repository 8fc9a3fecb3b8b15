"""Kernel settings, and what is in force for a device.

Facts: sysctl.conf(5) and the kernel's ip-sysctl.txt, checked against running kernels.
"""

from collections.abc import Iterable
from functools import cached_property

from lvscf.hosts.facts import KernelSetting
from lvscf.shared.records import record

LARGER_COUNTS = frozenset({"rp_filter", "arp_ignore", "arp_announce", "log_martians"})
"""Settings of a device for which the larger value counts: its own, or that of `all`."""
EITHER_COUNTS = frozenset(
    {"accept_local", "arp_filter", "proxy_arp", "send_redirects", "accept_source_route"}
)
"""Settings of a device that are on if its own value is, or that of `all`."""

_OTHER_NAMES = {
    "net.ipv4.ip_forward": "net.ipv4.conf.all.forwarding",
    "net.ipv4.conf.all.forwarding": "net.ipv4.ip_forward",
}
"""Settings that are one in the kernel."""


@record(slots=False)
class KernelSettings:
    """The settings that a host's files show, in the order in which they take effect."""

    lines: tuple[KernelSetting, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lines)

    @cached_property
    def _last(self) -> dict[str, KernelSetting]:
        return {line.name: line for line in self.lines}

    @cached_property
    def _patterns(self) -> tuple[tuple[int, KernelSetting], ...]:
        """The lines for several settings at once, the last one first."""
        lines = tuple(enumerate(self.lines))
        return tuple((at, line) for at, line in reversed(lines) if "*" in line.name)

    @cached_property
    def _places(self) -> dict[int, int]:
        return {id(line): at for at, line in enumerate(self.lines)}

    def line(self, name: str) -> KernelSetting | None:
        """The line that gives a setting its value; None if the files show none.

        It is the last line that names the setting.  A pattern such as `net.ipv4.conf.*.rp_filter`
        counts without one, and in a script, which sets everything that it fits, after it.
        """
        own = self._last.get(name) or self._last.get(_OTHER_NAMES.get(name, ""))
        if self._patterns:
            last = -1 if own is None else self._places[id(own)]
            for at, pattern in self._patterns:
                counts = own is None or (pattern.origin == "script" and at > last)
                if counts and own is not pattern and is_for(pattern.name, name):
                    return pattern
        return own if own is not None and own.value else None

    def value(self, name: str) -> str | None:
        """The value of a setting, such as `net.ipv4.vs.expire_nodest_conn`; None if not known."""
        line = self.line(name)
        return line.value if line is not None and line.certain else None

    def number(self, name: str) -> int | None:
        """The value as a number; None if it is not known, or not a number."""
        value = self.value(name)
        return int(value) if value is not None and value.isdecimal() else None

    def of_device(self, device: str, name: str) -> int | None:
        """The value in force for a device: of `rp_filter`, say; None if it is not known.

        What `all` and the device have is combined as the kernel does it.  `default` only counts for
        devices that are added later, so it says nothing about one that exists.
        """
        common, own = (self.number(f"net.ipv4.conf.{one}.{name}") for one in ("all", device))
        if name not in LARGER_COUNTS and name not in EITHER_COUNTS:
            return own
        known = [value for value in (common, own) if value is not None]
        if name in EITHER_COUNTS:
            if any(known):
                return 1
            return 0 if len(known) == 2 else None
        return max(known) if len(known) == 2 else None

    def deciding(self, device: str, name: str) -> tuple[KernelSetting, ...]:
        """The lines that decide `of_device`, the one with the larger value first."""
        lines = (self.line(f"net.ipv4.conf.{one}.{name}") for one in (device, "all"))
        found = [line for line in lines if line is not None]
        return tuple(sorted(found, key=_number, reverse=True))


def is_for(pattern: str, name: str) -> bool:
    """Whether a setting's name fits a pattern, in which `*` stands for one part of it."""
    if "*" in name:
        return False
    before, _, after = pattern.partition("*")
    if "*" in after:
        from fnmatch import fnmatchcase

        return fnmatchcase(name, pattern)
    return len(name) >= len(pattern) and name.startswith(before) and name.endswith(after)


def _number(line: KernelSetting) -> int:
    return int(line.value) if line.value.isdecimal() else 0


def together(several: Iterable[KernelSettings]) -> KernelSettings:
    """The settings of several files of one host: what the running kernel printed counts last."""
    order = {"boot": 0, "script": 1, "running": 2}
    lines = [line for one in several for line in one.lines]
    return KernelSettings(tuple(sorted(lines, key=lambda line: order[line.origin])))
