"""Host: what is known of one LVS router or real server.

One file shows a host in part; `joined` puts the parts together.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Literal, TypeVar

from attrs import evolve, field, frozen

from lvscf.findings.finding import Finding
from lvscf.firewall.firewall import Firewall
from lvscf.firewall.ip_sets import IpSet
from lvscf.hosts.facts import (
    Address,
    BootService,
    Device,
    IpvsListing,
    ListeningSocket,
    Release,
    Route,
)
from lvscf.hosts.kernel_settings import KernelSettings, together
from lvscf.source import Source

_T = TypeVar("_T")

Role = Literal["router", "real-server"]
_ROLES = ("router", "real-server")

Fact = Literal[
    "addresses",
    "devices",
    "routes",
    "settings",
    "boot services",
    "modules",
    "tcp sockets",
    "udp sockets",
]
"""A kind of fact of which a file can show all that the host has."""


def _role(_host: "Host", _attribute: object, role: object) -> None:
    if role is not None and role not in _ROLES:
        raise ValueError(f"the role of a host is 'router' or 'real-server', not {role!r}")


def _name(host: "Host", _attribute: object, name: str | None) -> None:
    if name is not None and not isinstance(name, str):
        raise TypeError(f"the name of a host is a str or None, not {type(name).__name__}")
    if name is None and host.role == "real-server":
        raise ValueError("a real server needs its name: an address, or its name in lvs.cf")


@frozen(eq=False)
class Host:
    """What files show of one host.

    Whatever is empty is not known, unless `complete` says that the files show all of it.

    Raises:
        ValueError: the role does not exist, or a real server has no name.
        TypeError: the name is neither a str nor None.
    """

    role: Role | None = field(default=None, validator=_role)
    """None for a file that belongs to no host yet."""
    name: str | None = field(default=None, validator=_name)
    """Its address, or its name in lvs.cf; for a router, None means both routers."""
    addresses: tuple[Address, ...] = field(default=(), kw_only=True)
    """In the order of the files, those of the running host before those set at boot: the first one
    of a device is its primary address."""
    devices: tuple[Device, ...] = field(default=(), kw_only=True)
    routes: tuple[Route, ...] = field(default=(), kw_only=True)
    firewalls: tuple[Firewall, ...] = field(default=(), kw_only=True)
    """The packet filter, once for each file that shows it; a file may show that it has no rules."""
    unseen_tables: frozenset[str] = field(default=frozenset(), kw_only=True)
    """Tables of iptables that the host may have, though its files could not show them."""
    arp_filters: tuple[Firewall, ...] = field(default=(), kw_only=True)
    """The files with arptables rules."""
    settings: KernelSettings = field(factory=KernelSettings, kw_only=True)
    ipvs: tuple[IpvsListing, ...] = field(default=(), kw_only=True)
    """The kernel's IPVS table, once for each file that shows it."""
    listening: tuple[ListeningSocket, ...] = field(default=(), kw_only=True)
    boot_services: tuple[BootService, ...] = field(default=(), kw_only=True)
    modules: tuple[str, ...] = field(default=(), kw_only=True)
    """The kernel modules that are loaded."""
    ip_sets: tuple[IpSet, ...] = field(default=(), kw_only=True)
    """The sets of ipset, which its firewalls know once the host's files are joined."""
    release: Release | None = field(default=None, kw_only=True)
    complete: frozenset[Fact] = field(default=frozenset(), kw_only=True)
    """The kinds of facts of which the files show all that the running host has."""
    findings: tuple[Finding, ...] = field(default=(), kw_only=True)
    """What its files do not show, apart from rules: family LVS7."""
    sources: tuple[Source, ...] = field(default=(), kw_only=True)
    """The files, in the order in which they were given."""

    def has_address(self, address: str) -> bool | None:
        """Whether the host has an address; None if the files do not show it for certain."""
        found = [one.certain for one in self.present_addresses if one.address == address]
        if found:
            return True if any(found) else None
        return False if "addresses" in self.complete else None

    @cached_property
    def present_addresses(self) -> tuple[Address, ...]:
        """Its addresses; if the files show all running ones, only these."""
        if "addresses" not in self.complete:
            return self.addresses
        return tuple(one for one in self.addresses if one.origin == "running")

    def listens(self, protocol: str, address: str, port: int) -> bool | None:
        """Whether a program of the host gets packets for an address and port; None if not known."""
        there = [one for one in self.listening if (one.protocol, one.port) == (protocol, port)]
        if any(one.address in (None, address) for one in there):
            return True
        known: Fact = "tcp sockets" if protocol == "tcp" else "udp sockets"
        if known not in self.complete or any(one.address == "::" for one in there):
            return None
        return False

    def device(self, name: str) -> Device | None:
        """A device by the kernel's name; None if the files do not show it."""
        return next((one for one in self.devices if one.name == name), None)

    @cached_property
    def own_addresses(self) -> frozenset[str] | None:
        """All its addresses; None if the files do not show all of them."""
        if "addresses" not in self.complete:
            return None
        return frozenset(one.address for one in self.present_addresses if one.certain)

    def of(self, role: Role, name: str | None) -> "Host":
        """This host as one with a role and a name.

        Raises:
            ValueError: the role does not exist, or a real server has no name.
        """
        return evolve(self, role=role, name=name)


def joined(hosts: "Iterable[Host]") -> Host:
    """The parts of one host put together, with the role and the name of the first.

    Facts that several files show are kept once.

    Raises:
        ValueError: there are no parts.
    """
    parts = tuple(hosts)
    if not parts:
        raise ValueError("there are no parts to join")
    if len(parts) == 1:
        return parts[0]
    ip_sets = tuple({one.name: one for part in parts for one in part.ip_sets}.values())
    firewalls = dict.fromkeys(one for part in parts for one in part.firewalls)
    return Host(
        parts[0].role,
        parts[0].name,
        addresses=tuple(
            sorted(_once(one for part in parts for one in part.addresses), key=_not_running)
        ),
        devices=_devices(one for part in parts for one in part.devices),
        routes=tuple(sorted(_once(one for part in parts for one in part.routes), key=_not_running)),
        firewalls=tuple(one.with_sets(ip_sets) for one in firewalls),
        unseen_tables=frozenset().union(*(part.unseen_tables for part in parts)),
        arp_filters=tuple(dict.fromkeys(one for part in parts for one in part.arp_filters)),
        settings=together(part.settings for part in parts),
        ipvs=tuple(one for part in parts for one in part.ipvs),
        listening=_once(one for part in parts for one in part.listening),
        boot_services=_once(one for part in parts for one in part.boot_services),
        modules=tuple(dict.fromkeys(one for part in parts for one in part.modules)),
        ip_sets=ip_sets,
        release=next((part.release for part in parts if part.release), None),
        complete=frozenset().union(*(part.complete for part in parts)),
        findings=tuple(one for part in parts for one in part.findings),
        sources=tuple(dict.fromkeys(one for part in parts for one in part.sources)),
    )


def _not_running(fact: Address | Route) -> bool:
    return fact.origin != "running"


def _devices(devices: Iterable[Device]) -> tuple[Device, ...]:
    """Each device once, with what all files say of it."""
    found: dict[str, Device] = {}
    for one in devices:
        known = found.get(one.name)
        found[one.name] = one if known is None else known.with_more(one)
    return tuple(found.values())


def _once(facts: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(facts))


def of_firewall(firewall: Firewall) -> Host:
    """A host of which only firewall rules are known."""
    return Host(
        firewalls=(firewall,) if firewall.kind == "iptables" else (),
        arp_filters=(firewall,) if firewall.arp_tables or firewall.kind == "arptables" else (),
        sources=(firewall.source,),
    )
