"""LVS3: the floating gateway of the real servers, and networks that NAT does not part."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.config.model import RealServer, VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared import ipv4
from lvscf.source import quoted

_ADDRESS = 2
"""Which word of `address = 10.10.1.20 eth0:1` is the address."""
_USUAL_NETMASK = "255.255.255.0"


@rule("LVS320", "nat-router", Severity.INFO, also=(Severity.WARNING, Severity.ERROR))
def nat_router(case: Case) -> Iterator[Problem]:
    """The real servers' gateway, where it is missing, unset, or not used.

    What:
        Real servers with `network = nat` (the default) and no `nat_router`: a warning if one of
        them is in no network in which lvs.cf has an address of a router, else a note.  `network =
        nat` with `nat_router = 0.0.0.0`: an error.  `nat_router` or `nat_nmask` with `network =
        direct` or `tunnel`, where they have no effect: a note.

    Why:
        With NAT, the replies must come back through the active router, which gives them the VIP's
        address back: real servers whose default gateway is another host answer from an address that
        the client never asked, and connections hang.  `nat_router` is a gateway address that moves
        with the active router.  Without it Piranha starts all the same, and after a takeover the
        replies go to the wrong router, unless the gateway is moved by other means.  For 0.0.0.0
        pulse runs `ifconfig DEVICE 0.0.0.0 up`, which takes an address away.

    Example:
          network = nat
        + nat_router = 10.11.1.1 eth1:1
        + nat_nmask = 255.255.255.0
          virtual http {
              active = 1
              address = 192.0.2.20 eth0:1
              server web1 {
                  active = 1
                  address = 10.11.1.31
              }
          }
    """
    config = case.config
    if not case.virtual_servers or case.is_unreadable(config, "network"):
        return
    gateway, mask = places.value_of(config, "nat_router"), places.value_of(config, "nat_nmask")
    if config.network != "nat":
        at = gateway or mask
        if at:
            name = "nat_router" if gateway else "nat_nmask"
            yield Problem(
                at=at,
                message=f"`{name}` has no effect: with `network = {config.network}` pulse brings up "
                "no NAT router address.",
                help="Remove the line, or write `network = nat` if the router shall rewrite "
                "addresses.",
                related=((mask, "no effect either"),) if gateway and mask else (),
            )
    elif gateway is None and case.servers_by_address and case.is_missing(config, "nat_router"):
        yield _without_gateway(case, mask)
    elif gateway and config.nat_router and config.nat_router.address == UNSET_ADDRESS:
        device = quoted(config.nat_router.device)
        yield Problem(
            at=gateway,
            message=f"0.0.0.0 is no gateway address: pulse runs `ifconfig` with it on {device}, "
            "which takes an address away there, and the real servers have no gateway.",
            help="Write an address of the real servers' network, or remove the line.",
            severity=Severity.ERROR,
        )


def _without_gateway(case: Case, mask: Place | None) -> Problem:
    """NAT without `nat_router`: how bad that is depends on where the routers have addresses."""
    distant = _distant_server(case)
    related = [(mask, "without effect")] if mask else []
    where = ""
    if distant is not None:
        where = f", and {distant.address} is in no network that a router is known to be in"
        at = places.value_of(distant, "address")
        if at:
            related.append((at, "whose replies must find the router"))
    elif case.backup_in_use:
        where = ": no gateway address moves with the services from router to router"
    return Problem(
        at=places.value_of(case.config, "network") or case.first_line(),
        message="With NAT, replies of the real servers must come back through the active router. "
        f"There is no `nat_router`{where}. Where their default gateway is not this router, "
        "connections hang.",
        help="Write `nat_router = ADDRESS DEVICE`, such as `nat_router = 10.11.1.1 eth1:1`, and "
        "make that address the real servers' default gateway.",
        related=tuple(related),
        severity=Severity.WARNING if distant else None,
    )


def _distant_server(case: Case) -> RealServer | None:
    """A real server that shares no network with a router, as far as lvs.cf tells.

    Where no netmask does, networks are taken to be a /24.
    """
    known = [*case.router_addresses, *(one.address for _, _, one in case.addresses_on_devices)]
    near = [
        network
        for address in known
        if (network := case.networks.get(address) or ipv4.network_of(address, _USUAL_NETMASK))
    ]
    if any(ipv4.number(address) is None for address in known):
        return None  # a host name may be anywhere
    for address, servers in case.servers_by_address.items():
        number = ipv4.number(address)
        if number is not None and not any(ipv4.contains(one, number) for one in near):
            return servers[0]
    return None


@rule("LVS321", "nat-same-subnet", Severity.WARNING)
def nat_same_subnet(case: Case) -> Iterator[Problem]:
    """NAT with the clients' side and the real servers in one network.

    What:
        `network = nat`, and a real server is in the network of its VIP, as `vip_nmask` or
        `nat_nmask` tell it.

    Why:
        With NAT, replies must pass the router, which gives them the VIP's address back.  A real
        server sends replies to clients of its own network straight to them; they come from an
        address that the client never asked, and the connection hangs.  From elsewhere it works,
        until an ICMP redirect tells a server the shorter way.

    Example:
          network = nat
        - nat_router = 10.10.1.1 eth0:2
        + nat_router = 10.11.1.1 eth1:1
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
              vip_nmask = 255.255.255.0
              server web1 {
                  active = 1
        -         address = 10.10.1.31
        +         address = 10.11.1.31
              }
          }
    """
    if case.config.network != "nat" or case.is_unreadable(case.config, "network"):
        return
    told = {case.nat_router.address} if case.nat_router else set()
    for virtual in case.virtual_servers:
        line = places.written(virtual, "address")
        if line is None or virtual.address is None or virtual.address.address in told:
            continue
        vip = virtual.address.address
        for network in _networks_around(case, vip):
            inside = _server_inside(case, virtual, network)
            at = places.value_of(inside, "address") if inside else None
            if inside is None or at is None:
                continue
            told.add(vip)
            yield Problem(
                at=places.word(line, _ADDRESS),
                message=f"{vip} and the real server {quoted(inside.name)} are both in "
                f"{ipv4.shown(network)}: with NAT, replies to clients of that network go past "
                "the router, and the connections hang.",
                help="Put the real servers into a network of their own behind the router, or use "
                "`network = direct`.",
                related=((at, "in the same network"),),
            )
            break


def _networks_around(case: Case, vip: str) -> Iterator[ipv4.Network]:
    """The networks that a VIP is in, as far as netmasks tell."""
    own = case.networks.get(vip)
    if own:
        yield own
    inside = case.networks.get(case.nat_router.address) if case.nat_router else None
    if inside and inside != own and ipv4.contains(inside, ipv4.number(vip)):
        yield inside


def _server_inside(case: Case, virtual: VirtualServer, network: ipv4.Network) -> RealServer | None:
    """The first server that is in a network, other than routers and the VIP (LVS317, LVS318)."""
    vip = virtual.address.address if virtual.address else None
    for server in case.servers(virtual):
        if server.address is None or server.address == vip:
            continue
        inside = ipv4.contains(network, ipv4.number(server.address))
        if inside and server.address not in case.router_addresses:
            return server
    return None


@rule("LVS323", "vip-is-nat-router", Severity.ERROR)
def vip_is_nat_router(case: Case) -> Iterator[Problem]:
    """One address for the clients and for the real servers' gateway.

    What:
        `network = nat`, and `nat_router` has the address of an active virtual server.

    Why:
        pulse brings the address up twice.  On two devices the second `ifconfig` fails: which of them
        carries it is left to chance, and either the real servers or the clients look for it on the
        other one.  On one device, the netmask of whichever command comes last stays, and the gateway
        of the real servers is on the clients' side.

    Example:
          network = nat
        - nat_router = 10.10.1.20 eth1:1
        + nat_router = 10.11.1.1 eth1:1
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
          }
    """
    gateway = case.nat_router
    line = places.written(case.config, "nat_router")
    if gateway is None or line is None or gateway.address == UNSET_ADDRESS:
        return
    for virtual in case.virtual_servers:
        if virtual.address is None or virtual.address.address != gateway.address:
            continue
        at = places.value_of(virtual, "address")
        if at is None:
            continue
        both = (
            f"{gateway.address} is also the VIP of {quoted(virtual.name)}: pulse brings it up twice"
        )
        same_device = virtual.address.device == gateway.device
        yield Problem(
            at=places.word(line, _ADDRESS),
            message=f"{both}, the netmask of whichever comes last stays, and the real servers' "
            "gateway is on the clients' side."
            if same_device
            else f"{both}, the second time in vain, and either the clients or the real servers look "
            "for it on the wrong device.",
            help="Give the real servers' gateway an address of its own, in their network.",
            related=((at, "the VIP"),),
        )
        return


RULES: tuple[CaseRule, ...] = (nat_router, nat_same_subnet, vip_is_nat_router)
