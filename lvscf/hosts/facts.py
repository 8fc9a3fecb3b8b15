"""Facts about a host, each with the place in the file that shows it.

Places do not count when facts are compared: the same address in two files is one fact.
"""

from typing import Literal

from attrs import field, frozen

from lvscf.findings.place import Place
from lvscf.shared import ipv4
from lvscf.shared.records import compared

Origin = Literal["running", "boot", "script"]
Scope = Literal["global", "site", "link", "host"]


def _place() -> Place | None:
    """The field for a fact's place."""
    place: Place | None = field(default=None, eq=False, repr=False, kw_only=True)
    return place


@compared
@frozen(eq=False, repr=False)
class Address:
    """An IPv4 address of a host."""

    address: str
    prefix: int
    """The length of the network's prefix: 32 means a network of its own."""
    device: str
    """The kernel's name of the device, such as `eth0`; never an alias."""
    label: str = ""
    """The alias, such as `eth0:1`; the device's name if it has none."""
    scope: Scope = "global"
    secondary: bool = False
    """Whether the device has an earlier address in the same network."""
    peer: str | None = None
    """The other end of a point-to-point link."""
    certain: bool = True
    """False if a script adds it in some cases only."""
    origin: Origin = "running"
    """`running`: printed by the running host.  `boot`: set when it boots (ifcfg files).
    `script`: added by a command."""
    place: Place | None = _place()

    @property
    def network(self) -> ipv4.Network:
        """The first address of its network, and the mask."""
        mask = ipv4.mask_of(self.prefix)
        return (ipv4.number(self.peer or self.address) or 0) & mask, mask


@compared
@frozen(eq=False, repr=False)
class Device:
    """A network device."""

    name: str
    up: bool | None = None
    """None if the file does not say."""
    arp: bool | None = None
    """False for a device with the flag NOARP, which neither answers nor sends ARP requests."""
    hardware_address: str | None = None
    """Six pairs of lower-case digits, separated by colons."""
    mtu: int | None = None
    """In bytes."""
    place: Place | None = _place()

    def with_more(self, other: "Device") -> "Device":
        """This device, with what another file says of it where this one says nothing."""
        return Device(
            self.name,
            other.up if self.up is None else self.up,
            other.arp if self.arp is None else self.arp,
            self.hardware_address or other.hardware_address,
            other.mtu if self.mtu is None else self.mtu,
            place=self.place,
        )


@compared
@frozen(eq=False, repr=False)
class Route:
    """An IPv4 route."""

    destination: ipv4.Network
    """The first address and the mask; both are 0 for the default route."""
    gateway: str | None = None
    """None for a network that the host is in.  A name that `route` without `-n` printed; `route -n`
    prints the address."""
    device: str | None = None
    source: str | None = None
    """The address from which the host itself sends packets on this route, if it is named."""
    metric: int = 0
    kind: str = "unicast"
    """As `ip route` names it: `unicast`, `blackhole`, `unreachable`, `local`, ..."""
    table: str = "main"
    """The routing table, by name or number."""
    certain: bool = True
    """False if a script adds it in some cases only."""
    origin: Origin = "running"
    """`running`: printed by the running host.  `boot`: set when it boots (ifcfg, route files).
    `script`: added by a command."""
    place: Place | None = _place()

    @property
    def is_default(self) -> bool:
        """Whether it is the default route."""
        return self.destination == (0, 0)


@compared
@frozen(eq=False, repr=False)
class KernelSetting:
    """A line that gives a kernel setting its value."""

    name: str
    """With dots: `net.ipv4.conf.eth0.rp_filter`, whatever the file has."""
    value: str
    origin: Origin = "running"
    """`running`: printed by the kernel (`sysctl -a`).  `boot`: set when the host boots
    (sysctl.conf).  `script`: set by a command."""
    certain: bool = True
    """False if a script sets it in some cases only."""
    place: Place | None = _place()


@compared
@frozen(eq=False, repr=False)
class IpvsDestination:
    """A real server in the kernel's IPVS table."""

    address: str
    """A name, if the file was made without `-n`."""
    port: int | None
    """None for the name of a service that lvscf does not know."""
    method: Literal["Route", "Masq", "Tunnel", "Local"] | None
    """None if the file does not show it, as with `--stats`."""
    weight: int | None
    """0 means quiesced: it gets no new connections.  None if the file does not show it."""
    active: int | None = None
    """Its active connections; None if the file does not show them."""
    inactive: int | None = None
    place: Place | None = _place()


@compared
@frozen(eq=False, repr=False)
class IpvsListingService:
    """A service in the kernel's IPVS table."""

    protocol: str
    """`tcp`, `udp` or `sctp`; empty for a service with a firewall mark."""
    address: str
    """Empty for a service with a firewall mark; a name, if the file was made without `-n`."""
    port: int | None
    """0 for a service with a firewall mark, and None for the name of an unknown service."""
    fwmark: int
    """0 if packets are selected by protocol, address and port."""
    scheduler: str | None
    """None if the file does not show it, as with `--stats`."""
    persistent: int | None = 0
    """Seconds; 0 means no persistence.  None if the file does not show how long it lasts."""
    netmask: str = "255.255.255.255"
    """The mask that groups clients for persistence."""
    one_packet: bool = False
    destinations: tuple[IpvsDestination, ...] = ()
    place: Place | None = _place()


@compared
@frozen(eq=False, repr=False)
class IpvsListing:
    """The kernel's IPVS table, as ipvsadm or /proc/net/ip_vs shows it."""

    services: tuple[IpvsListingService, ...]
    complete: bool = True
    """False if the table may have other entries than those that the file shows: if it is a script,
    or if names stand for addresses."""
    place: Place | None = _place()
    """Its first line."""


@compared
@frozen(eq=False, repr=False)
class ListeningSocket:
    """A socket on which a program waits for packets."""

    protocol: str
    """`tcp` or `udp`."""
    address: str | None
    """None for all IPv4 addresses; `::` for all IPv6 ones, which may include those of IPv4."""
    port: int
    place: Place | None = _place()


@compared
@frozen(eq=False, repr=False)
class BootService:
    """A service of the operating system, and whether it starts at boot."""

    name: str
    """Without `.service`: `pulse`, `iptables`."""
    enabled: bool | None
    """In the runlevels 3 and 5, or by systemd; None if the file leaves it open."""
    place: Place | None = _place()


@compared
@frozen(eq=False, repr=False)
class Release:
    """The release of the operating system."""

    name: str
    """The line as written: `Red Hat Enterprise Linux Server release 5.11 (Tikanga)`."""
    major: int | None = None
    """The major version, if it is of Red Hat Enterprise Linux or a rebuild of it."""
    place: Place | None = _place()
