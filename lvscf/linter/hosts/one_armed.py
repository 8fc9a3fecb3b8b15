"""One-armed NAT: clients, router and real servers in one network."""

from typing import Literal

from lvscf.config.model import RealServer
from lvscf.hosts.routing import way_to
from lvscf.linter.case import Case
from lvscf.linter.hosts.inspection import inspection_of
from lvscf.linter.hosts.lost_legs import is_rewritten
from lvscf.linter.hosts.router_facts import (
    default_way,
    known_routers,
    router_addresses,
)
from lvscf.shared import ipv4


def way_back(
    case: Case, server: RealServer, network: ipv4.Network
) -> Literal["router", "direct", "depends", "unknown"]:
    """How a real server's replies to clients in its own network go.

    Returns:
        `router` if they go through it, or find it in the packets; `direct` if they do not, as far
        as the files show; `depends` if they do not, but clients can come from other networks, whose
        replies do; `unknown` if the real server's routes, or the routers' rules, were not given.
    """
    assert case.cluster is not None
    has_rules = bool(inspection_of(case).routers)
    if has_rules and is_rewritten(case, server):
        return "router"
    host = case.cluster.real_server(server.name, server.address or "")
    if host is None:
        return "unknown"
    routers = case.once(router_addresses)
    way = way_to(host, client_in(network, {*routers, server.address or ""}))
    if way.certain and way.routes and all(route.gateway in routers for route in way.routes):
        return "router"
    beyond = default_way(host)
    through = bool(beyond.routes) and all(route.gateway in routers for route in beyond.routes)
    reachable = any(default_way(one).exists for _, one in known_routers(case))
    if way.certain and through and reachable:
        return "depends"
    return "direct" if has_rules and way.certain else "unknown"


def client_in(network: ipv4.Network, taken: set[str]) -> str:
    """An address of a network that is not known to be of another host."""
    for number in range(ipv4.broadcast(network) - 1, network[0], -1):
        address = ipv4.dotted(number)
        if address not in taken:
            return address
    return ipv4.dotted(network[0])
