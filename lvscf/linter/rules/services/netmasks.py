"""LVS3: netmasks of the virtual addresses, and addresses that no host can have."""

from collections.abc import Iterable, Iterator

from lvscf.config import places
from lvscf.config.model import Config
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.linter.case import Bearer, Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.consequences import cascade
from lvscf.piranha.values import UNSET_ADDRESS, AddressOnDevice
from lvscf.shared import ipv4
from lvscf.shared.ipv4 import Network
from lvscf.source import quoted

_Inhabited = dict[Network, dict[str, list[tuple[Network, str, Place]]]]
"""Networks that contain a known host: by their classful network, then by their device."""

_ADDRESS = 2
"""The index of the address among the words of `address = 10.10.1.20 eth0:1`."""


@rule("LVS306", "missing-vip-netmask", Severity.WARNING, also=(Severity.ERROR,))
def missing_vip_netmask(case: Case) -> Iterator[Problem]:
    """A virtual address that gets the netmask of its address class.

    What:
        An active VIP has no `vip_nmask`, or the NAT router address has no `nat_nmask`, or the
        netmask is 0.0.0.0.  If several blocks have the same VIP, the first active one counts.  A
        warning; an error if the network of the address class includes a narrower network on another
        device, known from another netmask in the file, that contains a router or real server.

    Why:
        pulse then runs `ifconfig` without a netmask, and the kernel falls back to the address
        classes of the 1980s: 10.1.2.3 becomes 10.1.2.3/8, and all of 10.0.0.0/8 is routed to that
        device for as long as the router is active.  Hosts in that network that were reached through
        a gateway are unreachable until the VIP is taken down.

    Example:
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
        +     vip_nmask = 255.255.255.255
          }
    """
    unset = [bearer for bearer in case.addresses_on_devices if _has_no_mask(case, bearer[0])]
    if not unset:
        return
    inhabited = _inhabited_networks(case)
    later = _later_masks(case)
    for owner, name, address in unset:
        line = places.written(owner, name)
        number = ipv4.number(address.address)
        wide = ipv4.classful_network(number) if number else None
        if line is None or number is None or wide is None:
            continue
        mask = "nat_nmask" if isinstance(owner, Config) else "vip_nmask"
        zero = places.value_of(owner, mask)
        state = f"With `{mask} = 0.0.0.0`" if zero else f"Without `{mask}`"
        base = _base(address)
        message = (
            f"{state}, {address.address} gets the netmask of its address class, which routes all "
            f"of {ipv4.shown(wide)} to {quoted(base)}."
        )
        related: tuple[tuple[Place, str], ...] = ()
        if address.address in later and not isinstance(owner, Config):
            related = ((later[address.address], "not used: an earlier block has this VIP"),)
        swallowed = _swallowed(inhabited, wide, number, base)
        if swallowed:
            network, who, there = swallowed
            message += (
                f" That includes {ipv4.shown(network)}, the network of {who}: traffic to it "
                "without a more specific route leaves through the wrong device."
            )
            related += ((there, f"in {ipv4.shown(network)}"),)
        yield Problem(
            at=zero or places.word(line, _ADDRESS),
            message=message,
            help=f"Write `{mask} = 255.255.255.255`, which adds no route, or the netmask of the "
            "device's own network.",
            related=related,
            severity=Severity.ERROR if swallowed else None,
        )


def _base(address: AddressOnDevice) -> str:
    """The device before the colon."""
    return address.device.partition(":")[0]


def _has_no_mask(case: Case, owner: Bearer) -> bool:
    """Whether the netmask is not set, or is 0.0.0.0."""
    if isinstance(owner, Config):
        return owner.nat_nmask == UNSET_ADDRESS and not case.is_unreadable(owner, "nat_nmask")
    return owner.vip_nmask == UNSET_ADDRESS and not case.is_unreadable(owner, "vip_nmask")


def _later_masks(case: Case) -> dict[str, Place]:
    """For each VIP, the first netmask that an active block sets for it."""
    found: dict[str, Place] = {}
    for service in case.services:
        at = places.value_of(service, "vip_nmask")
        if at and service.address is not None and service.vip_nmask != UNSET_ADDRESS:
            found.setdefault(service.address.address, at)
    return found


def _inhabited_networks(case: Case) -> _Inhabited:
    """The networks known from netmasks that contain a router or real server."""
    devices: dict[int, dict[int, str]] = {}  # by netmask, then by first address
    for _, _, address in case.addresses_on_devices:
        network = case.networks.get(address.address)
        if network:
            devices.setdefault(network[1], {}).setdefault(network[0], _base(address))
    found: _Inhabited = {}
    seen: set[Network] = set()
    for host, who, at in _hosts(case) if devices else ():
        number = ipv4.number(host)
        wide = ipv4.classful_network(number) if number else None
        if number is None or wide is None:
            continue
        for mask, bases in devices.items():
            network = (number & mask, mask)
            if mask > wide[1] and network[0] in bases and network not in seen:
                seen.add(network)
                by_device = found.setdefault(wide, {})
                by_device.setdefault(bases[network[0]], []).append((network, who, at))
    return found


def _swallowed(
    inhabited: _Inhabited, wide: Network, vip: int, device: str
) -> tuple[Network, str, Place] | None:
    """A narrower network inside `wide` that is on another device."""
    for base, known in inhabited.get(wide, {}).items():
        if base != device:
            for one in known:
                if not ipv4.contains(one[0], vip):
                    return one
    return None


def _hosts(case: Case) -> Iterator[tuple[str, str, Place]]:
    """Addresses of routers and real servers, each with its owner and place."""
    for address, name in case.router_addresses.items():
        at = places.value_of(case.config, name)
        if at:
            yield address, f"`{name}`", at
    for address, servers in case.servers_by_address.items():
        at = places.value_of(servers[0], "address")
        if at:
            yield address, f"real server {quoted(servers[0].name)}", at


@rule("LVS324", "unusable-address", Severity.ERROR)
def unusable_address(case: Case) -> Iterator[Problem]:
    """An address that no host can have.

    What:
        A VIP, the NAT router address or the address of an active real server is a multicast
        address, 255.255.255.255, or the network or broadcast address of a network known from a
        netmask in the file; or a real server has a loopback address (127.0.0.1).

    Why:
        No packet reaches a service at such an address.  The kernel rejects such a real server:
        nanny exits, and lvsd then stops every service on this router.  A loopback address is each
        router's own: nanny checks the router, and no other host gets a request.

    Example:
          virtual http {
              active = 1
        -     address = 10.10.1.255 eth0:1
        +     address = 10.10.1.20 eth0:1
              vip_nmask = 255.255.255.0
          }
    """
    for owner, name, address in case.addresses_on_devices:
        network = case.networks.get(address.address)
        kind = _unusable(address.address, _edges([network] if network else []))
        line = places.written(owner, name) if kind else None
        if line is not None:
            yield Problem(
                at=places.word(line, _ADDRESS),
                message=f"{address.address} is {kind}: no host can have it, and no client can "
                "reach it.",
                help="Write the address of one host.",
            )
    edges = _edges(case.networks.values())
    for host, servers in case.servers_by_address.items():
        kind = _unusable(host, edges)
        if kind:
            message = f"{host} is {kind}: the kernel rejects it as a real server, {cascade(case)}."
        elif host.startswith("127."):
            message = (
                f"{host} is each router's own loopback address: nanny checks the router itself, "
                "and no other host gets a request."
            )
        else:
            continue
        at, *others = (places.value_of(server, "address") for server in servers)
        if at is not None:
            yield Problem(
                at=at,
                message=message,
                help="Write the address of the real server.",
                related=tuple((other, "here too") for other in others),
            )


def _edges(known: Iterable[Network]) -> dict[int, Network]:
    """The networks by their first and by their last address."""
    found = {}
    for network in known:
        found[network[0]] = found[ipv4.broadcast(network)] = network
    return found


def _unusable(address: str, edges: dict[int, Network]) -> str | None:
    """What kind of unusable address this is; None for one that a host can have."""
    number = ipv4.number(address)
    if number is None:
        return None
    if number >> 28 == 0b1110:
        return "a multicast address"
    if address == "255.255.255.255":
        return "the broadcast address"
    network = edges.get(number)
    if network is None:
        return None
    if number == network[0]:
        return f"the network address of {ipv4.shown(network)}"
    return f"the broadcast address of {ipv4.shown(network)}"


RULES: tuple[CaseRule, ...] = (missing_vip_netmask, unusable_address)
