"""What is known of the routers and their neighbours beyond their rules."""

from collections.abc import Iterator

from lvscf.config.model import RealServer
from lvscf.hosts.host import Host
from lvscf.hosts.journeys import Conntrack, Method
from lvscf.hosts.routing import RoutePath, way_to
from lvscf.linter.case import Case
from lvscf.linter.hosts.inspection import ANY_CLIENT
from lvscf.linter.hosts.named_hosts import named_routers
from lvscf.linter.hosts.traffic import Router
from lvscf.shared import ipv4

CONNTRACK = "net.ipv4.vs.conntrack"
_KERNELS = {5: (2, 6), 6: (2, 6), 7: (3, 10), 8: (4, 18), 9: (5, 14), 10: (6, 12)}
"""The Linux of each release of Red Hat Enterprise Linux."""
_OLDEST_WITH_CONNTRACK = 7
"""The first release of Red Hat Enterprise Linux whose kernel has `net.ipv4.vs.conntrack`."""


def conntrack_of(router: Router) -> Conntrack | None:
    """The router's `net.ipv4.vs.conntrack`; None if the files do not show it."""
    found = {_conntrack(host) for host in router.hosts}
    return found.pop() if len(found) == 1 else None


def _conntrack(host: Host) -> Conntrack | None:
    value = host.settings.value(CONNTRACK)
    if value is not None:
        return "0" if value == "0" else "1"
    major = host.release.major if host.release is not None else None
    return "absent" if major is not None and major < _OLDEST_WITH_CONNTRACK else None


def kernel_of(router: Router) -> tuple[int, int] | None:
    """The router's version of Linux; None if the files do not show it."""
    majors = {host.release.major if host.release else None for host in router.hosts}
    return _KERNELS.get(majors.pop() or 0) if len(majors) == 1 else None


def method_of(case: Case) -> Method | None:
    """The forwarding method; None if the line cannot be read."""
    if case.is_unreadable(case.config, "network"):
        return None
    match case.config.network:
        case "nat":
            return "nat"
        case "tunnel":
            return "tunnel"
        case "direct":
            return "direct"
    return None


def known_routers(case: Case) -> Iterator[tuple[str, Host]]:
    """The routers of which anything is known, in words: `router 10.10.1.21`, `the router`.

    Unlike those of `router_hosts`, each has what was given for both routers as well: it holds for
    this one, too.
    """
    if case.cluster is None:
        return
    known: set[object] = set()
    for named in named_routers(case, in_use=False):
        host = case.cluster.router(*named.names)
        if host is not None and host.sources not in known:
            known.add(host.sources)
            yield f"router {named.names[0]}", host
    nameless = case.cluster.router() if not known else None
    if nameless is not None:
        yield "the router", nameless


def device_towards(host: Host, address: str) -> str | None:
    """The device by which a host's packets to an address leave; None if it is not known."""
    return hop(host, way_to(host, address))[0]


def router_addresses(case: Case) -> set[str]:
    """All addresses that an LVS router is known to have, some of them only while it is active."""
    found = set(case.router_addresses)
    found.update(address.address for _, _, address in case.addresses_on_devices)
    for _, host in known_routers(case):
        found.update(one.address for one in host.present_addresses if one.device != "lo")
    return found


def default_way(host: Host) -> RoutePath:
    """The way of a host's packets to addresses for which it has no route of their own."""
    return way_to(host, ANY_CLIENT)


def is_gateway(case: Case, server: RealServer) -> bool:
    """Whether the default route of an active real server leads to an LVS router, as files show."""
    return id(server) in case.once(_servers_behind_routers)


def _servers_behind_routers(case: Case) -> frozenset[int]:
    """Those real servers, by `id`; the routes of a host that serves several are read once."""
    if case.cluster is None:
        return frozenset()
    addresses = case.once(router_addresses)
    behind: dict[Host, bool] = {}
    found: set[int] = set()
    for virtual in case.virtual_servers:
        for server in case.servers(virtual):
            host = case.cluster.real_server(server.name, server.address or "")
            if host is None:
                continue
            if host not in behind:
                routes = default_way(host).routes
                behind[host] = bool(routes) and all(one.gateway in addresses for one in routes)
            if behind[host]:
                found.add(id(server))
    return frozenset(found)


def networks_of_routers(case: Case) -> tuple[ipv4.Network, ...]:
    """The networks that a known router is in, by its routes."""
    return tuple(
        route.destination
        for _, router in known_routers(case)
        for route in router.routes
        if route.gateway is None and not route.is_default
    )


def hop(host: Host, way: RoutePath) -> tuple[str | None, str | None]:
    """The device by which packets leave, and the address from which the host sends them.

    Unless the route names it, that is the device's first address in the gateway's network.
    """
    if not way.certain or len(way.routes) != 1:
        return None, None
    route = way.routes[0]
    if route.source is not None or "addresses" not in host.complete:
        return route.device, route.source
    next_hop = ipv4.number(route.gateway or "")
    for own in host.present_addresses:
        near = next_hop is None or ipv4.contains(own.network, next_hop)
        if own.device == route.device and near and not own.secondary:
            return route.device, own.address
    return route.device, None
