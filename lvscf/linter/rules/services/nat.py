"""LVS3: the real servers' floating gateway, and networks that NAT does not separate."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from typing import Literal

_ADDRESS = 2
"""The index of the address among the words of `address = 10.10.1.20 eth0:1`."""
_SEPARATE = (
    "Put the real servers in a separate network that clients reach only through the router, or use "
    "`network = direct`."
)
_ONE_ARMED = (
    "MASQUERADE what goes to the real servers and set `net.ipv4.vs.conntrack = 1`, or use "
    "`network = direct`."
)
_USUAL_NETMASK = "255.255.255.0"


@rule("LVS320", "nat-router", Severity.INFO, also=(Severity.WARNING, Severity.ERROR))
def nat_router(case: Case) -> Iterator[Problem]:
    """A gateway for the real servers that is missing, unset or unused.

    What:
        With `network = nat` (the default) and real servers, there is no `nat_router`: a note, or a
        warning if a real server is in no network in which lvs.cf gives a router an address.  With
        `network = nat`, `nat_router` is 0.0.0.0: an error.  With `network = direct` or `tunnel`,
        there is a `nat_router` or `nat_nmask`, which has no effect: a note.

    Why:
        With NAT, replies must come back through the active router, which restores the VIP as their
        source address.  If a real server's default gateway is another host, it answers clients from
        an address they never contacted, and connections hang.  `nat_router` is a gateway address
        that moves with the active router.  Without it Piranha starts anyway, and after a takeover
        the replies go to the wrong router unless the gateway is moved by other means.  For 0.0.0.0
        pulse runs `ifconfig DEVICE 0.0.0.0 up`, which removes an address.

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
                message=f"`{name}` has no effect: with `network = {config.network}`, pulse does "
                "not bring up a NAT router address.",
                help="Remove the line, or write `network = nat` if the router should rewrite "
                "addresses.",
                related=((mask if gateway else None, "no effect either"),),
            )
    elif gateway is None and case.servers_by_address and case.is_missing(config, "nat_router"):
        yield _without_gateway(case, mask)
    elif gateway and config.nat_router and config.nat_router.address == UNSET_ADDRESS:
        device = quoted(config.nat_router.device)
        yield Problem(
            at=gateway,
            message=f"0.0.0.0 is not a gateway address: pulse runs `ifconfig` with it on {device}, "
            "which removes an address there, and the real servers have no gateway.",
            help="Write an address in the real servers' network, or remove the line.",
            severity=Severity.ERROR,
        )


def _without_gateway(case: Case, mask: Place | None) -> Problem:
    """NAT without `nat_router`: the severity depends on where the routers have addresses."""
    distant = _distant_server(case)
    there = places.value_of(distant, "address") if distant else None
    where = ""
    if distant is not None:
        where = f", and {distant.address} is in no network that a router is known to be in"
    elif case.backup_in_use:
        where = ", so no gateway address moves from router to router with the services"
    return Problem(
        at=places.value_of(case.config, "network") or case.first_line(),
        message=f"There is no `nat_router`{where}. With NAT, connections hang unless the real "
        "servers' default gateway is the active router.",
        help="Write `nat_router = ADDRESS DEVICE`, such as `nat_router = 10.11.1.1 eth1:1`, and "
        "make that address the real servers' default gateway.",
        related=((mask, "no effect"), (there, "its replies must find the router")),
        severity=Severity.WARNING if distant else None,
    )


def _distant_server(case: Case) -> RealServer | None:
    """A real server that shares no network with a router, as far as lvs.cf shows.

    Networks without a known netmask are assumed to be a /24.
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


@rule("LVS321", "nat-same-subnet", Severity.WARNING, also=(Severity.INFO,))
def nat_same_subnet(case: Case) -> Iterator[Problem]:
    """NAT with clients and real servers in the same network.

    What:
        `network = nat`, and a real server is in the same network as its VIP, according to
        `vip_nmask` or `nat_nmask`.  This is a warning, or a note if the routes that were given show
        that only clients in that network are affected: the real server's default route leads to a
        router, which has a route to other networks.  Nothing is said where the real server's routes
        lead to a router even for its own network, or where the router puts its own address into
        what it sends (MASQUERADE with `net.ipv4.vs.conntrack = 1`): such a cluster works.

    Why:
        With NAT, replies must go through the router, which restores the VIP as their source
        address.  A real server sends replies to clients in its own network directly; they come from
        an address that the client never contacted, and the connection hangs.  Clients in other
        networks are served if the real server's default gateway is the router, until an ICMP
        redirect shows it a shorter route.

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
    reported = {case.nat_router.address} if case.nat_router else set()
    for virtual in case.virtual_servers:
        line = places.written(virtual, "address")
        if line is None or virtual.address is None or virtual.address.address in reported:
            continue
        vip = virtual.address.address
        for network in _networks_around(case, vip):
            inside = _server_inside(case, virtual, network)
            at = places.value_of(inside, "address") if inside else None
            if inside is None or at is None:
                continue
            reported.add(vip)
            way_back = _way_back(case, inside, network)
            if way_back == "router":
                break
            doubt, help = "", _SEPARATE
            if way_back == "depends":
                doubt = " Clients in other networks are served."
                help = f"If no client is in that network, nothing needs to change. Otherwise: {_ONE_ARMED}"
            elif way_back == "unknown":
                doubt = " It works only if routes or MASQUERADE lead them back through the router."
            yield Problem(
                at=places.word(line, _ADDRESS),
                message=f"{vip} and the real server {quoted(inside.name)} are both in "
                f"{ipv4.shown(network)}: with NAT, replies to clients in that network bypass the "
                f"router, and their connections hang.{doubt}",
                help=help,
                related=((at, "in the same network"),),
                severity=Severity.INFO if way_back == "depends" else None,
            )
            break


def _way_back(
    case: Case, server: RealServer, network: ipv4.Network
) -> "Literal['router', 'direct', 'depends', 'unknown']":
    """How replies to clients in a network go, as far as the hosts' files show it."""
    if case.cluster is None:
        return "unknown"
    from lvscf.linter.hosts.one_armed import way_back

    return way_back(case, server, network)


def _networks_around(case: Case, vip: str) -> Iterator[ipv4.Network]:
    """The networks that a VIP is in, as far as netmasks show."""
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
    """The same address as VIP and as the real servers' gateway.

    What:
        `network = nat`, and `nat_router` has the address of an active virtual server.

    Why:
        pulse brings the address up twice.  With two devices the second `ifconfig` fails: which
        device carries the address is left to chance, and either the real servers or the clients
        look for it on the other one.  With one device, the netmask of whichever command runs last
        stays, and the real servers' gateway is on the clients' side.

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
        if virtual.address.device == gateway.device:
            effect = (
                "The netmask of whichever comes last stays, and the real servers' gateway is on "
                "the clients' side."
            )
        else:
            effect = (
                "The second attempt fails, and either the clients or the real servers look for it "
                "on the wrong device."
            )
        yield Problem(
            at=places.word(line, _ADDRESS),
            message=f"{gateway.address} is also the VIP of {quoted(virtual.name)}, so pulse brings "
            f"it up twice. {effect}",
            help="Give the real servers' gateway an address of its own, in their network.",
            related=((at, "the VIP"),),
        )
        return


@rule("LVS335", "nat-mark-keeps-port", Severity.WARNING)
def nat_mark_keeps_port(case: Case) -> Iterator[Problem]:
    """A real server's port that only the health check uses.

    What:
        `network = nat`, and a virtual server has a firewall mark and persistence; a real server's
        `port` differs from that of the virtual server.

    Why:
        With a mark and persistence, IPVS keeps the port that the client asked for: 80 stays 80,
        whatever the real server's `port` is.  nanny checks that port all the same, so a server that
        listens only there counts as up and refuses every client.

    Example:
          network = nat
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              fwmark = 80
              port = 80
              persistent = 300
              server one {
                  active = 1
                  address = 10.11.1.31
        -         port = 8080
        +         port = 80
              }
          }
    """
    if case.config.network != "nat" or case.is_unreadable(case.config, "network"):
        return
    for virtual in case.virtual_servers:
        if not virtual.fwmark or (virtual.persistent or 0) <= 0 or not virtual.port:
            continue
        if any(case.is_unreadable(virtual, name) for name in ("fwmark", "port", "persistent")):
            continue
        for server in case.servers(virtual):
            at = places.value_of(server, "port")
            if at is None or server.port in (None, -1, 0, virtual.port):
                continue
            yield Problem(
                at=at,
                message=f"Clients never reach port {server.port}: with a firewall mark and "
                "persistence, NAT keeps the port that they asked for. Only nanny's check uses it.",
                help=f"Let the real server listen on port {virtual.port}, and write "
                f"`port = {virtual.port}`; or use a virtual server without a mark.",
                related=((places.value_of(virtual, "fwmark"), "keeps the clients' port"),),
            )
            break


RULES: tuple[CaseRule, ...] = (
    nat_router,
    nat_same_subnet,
    vip_is_nat_router,
    nat_mark_keeps_port,
)
