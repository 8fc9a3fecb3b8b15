"""LVS539 and LVS544: real servers whose routes do not lead their replies to the clients."""

from collections.abc import Iterator
from shlex import quote

from lvscf.findings.command import Command
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.hosts.facts import Route
from lvscf.hosts.host import Host
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts import remedies
from lvscf.linter.hosts.lost_legs import is_rewritten
from lvscf.linter.hosts.router_facts import (
    default_way,
    known_routers,
    method_of,
    networks_of_routers,
    router_addresses,
)
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared import ipv4
from lvscf.source import quoted


@rule("LVS539", "replies-bypass-router", Severity.ERROR, also=(Severity.WARNING,))
def replies_bypass_router(case: Case) -> Iterator[Problem]:
    """A real server whose routes do not lead its replies back through the LVS router.

    What:
        With `network = nat`, the routes of a real server were given, and none of them has an
        address of an LVS router as its gateway.  An error if no route has a gateway at all; a
        warning if there are other gateways, which might pass the replies on to the router.  Nothing
        is said unless the routers' iptables rules were given as well: with MASQUERADE or SNAT there,
        replies find the router whatever the routes are.

    Why:
        Only the router knows that a reply belongs to the VIP.  A reply that takes another way
        reaches the client from an address that it never contacted, or no client at all.

    Example:
          network = nat
          primary = 10.10.1.21
          nat_router = 10.11.1.1 eth1:1
          nat_nmask = 255.255.255.0
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.11.1.31
              }
          }
          --- router 10.10.1.21
          iptables -P FORWARD ACCEPT
          --- real-server one
        - default via 10.11.1.254 dev eth0
        + default via 10.11.1.1 dev eth0
          10.11.1.0/24 dev eth0 proto kernel scope link src 10.11.1.31
    """
    if method_of(case) != "nat" or case.cluster is None:
        return
    routers = case.once(router_addresses)
    seen: set[str] = set()
    for virtual in case.virtual_servers:
        for server in case.servers(virtual):
            address = server.address
            if address in (None, UNSET_ADDRESS) or address in routers or address in seen:
                continue
            host = case.cluster.real_server(server.name, address)
            if host is None or "routes" not in host.complete or is_rewritten(case, server):
                continue
            seen.add(address)
            gateways = _gateways(host)
            if gateways is None or any(gateway in routers for gateway in gateways):
                continue
            where = gateways[next(iter(gateways))] if gateways else None
            named = " and ".join(gateways)
            yield Problem(
                at=case.place_of(server, "address"),
                message=f"No route of real server {quoted(server.name)} leads through an LVS "
                "router"
                + (f", only through {named}. " if gateways else ". ")
                + (
                    "Unless that host passes its replies on to the router, "
                    if gateways
                    else "With NAT, "
                )
                + "its clients time out.",
                help="Make the router's address in the real servers' network, "
                f"{case.program.nat_gateway}, its default gateway{_wanted(case)}.",
                related=((where, "another gateway"),),
                commands=_routing(case, host),
                severity=Severity.WARNING if gateways else None,
            )


@rule("LVS544", "no-default-route", Severity.WARNING, also=(Severity.INFO,))
def no_default_route(case: Case) -> Iterator[Problem]:
    """A real server that has no route to most clients.

    What:
        The routes of a real server and of a router were given: the router has a default route, the
        real server has none: a warning.  A note if the real server has a route to a network that
        the router reaches only through its own gateway, which may be where all the clients are.

    Why:
        The router passes on requests from everywhere, but the real server can reply only to the
        networks that its routes name.  All other clients that it should answer time out.

    Example:
          network = direct
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.10.1.31
              }
          }
          --- router 10.10.1.21
          default via 10.10.1.254 dev eth0
          10.10.1.0/24 dev eth0 proto kernel scope link src 10.10.1.21
          --- real-server one
        + default via 10.10.1.254 dev eth0
          10.10.1.0/24 dev eth0 proto kernel scope link src 10.10.1.31
    """
    if case.cluster is None or not any(default_way(host).exists for _, host in known_routers(case)):
        return
    seen: set[str] = set()
    for virtual in case.virtual_servers:
        for server in case.servers(virtual):
            address = server.address
            if address in (None, UNSET_ADDRESS) or address in seen:
                continue
            host = case.cluster.real_server(server.name, address)
            if host is None or default_way(host).exists is not False:
                continue
            gateways = _gateways(host)
            if gateways is None or (not gateways and method_of(case) == "nat"):
                continue  # policy routing is not known; LVS539 reports the other
            seen.add(address)
            yield Problem(
                at=case.place_of(server, "address"),
                message=f"Real server {quoted(server.name)} has no default route. Clients outside "
                "the networks that its routes name get no reply from it.",
                help=f"Give it a default gateway{_wanted(case)}.",
                related=((next(iter(gateways.values()), None), "the only route"),),
                severity=Severity.INFO if _reaches_beyond(case, host) else None,
            )


def _reaches_beyond(case: Case, host: Host) -> bool:
    """Whether a real server has a route to a network that no known router is in."""
    inside = case.once(networks_of_routers)
    return any(
        route.gateway is not None
        and route.origin == "running"
        and not any(ipv4.contains(network, route.destination[0]) for network in inside)
        for route in host.routes
    )


def _gateways(host: Host) -> dict[str, Place | None] | None:
    """The gateways in use, each with its line; None if policy routing may use others.

    Of several routes to one network, the one with the smallest metric is in use.
    """
    best: dict[ipv4.Network, Route] = {}
    for route in host.routes:
        if route.origin != "running":
            continue
        if route.table not in ("main", "local", "default", "254", "255", "253"):
            return None
        if route.gateway is not None and route.kind == "unicast":
            known = best.get(route.destination)
            if known is None or route.metric < known.metric:
                best[route.destination] = route
    return {route.gateway or "": route.place for route in reversed(best.values())}


def _routing(case: Case, host: Host) -> tuple[Command, ...]:
    """The command that makes the routers' address a server's gateway, if lvs.cf names it."""
    gateway = case.nat_router
    if gateway is None:
        return ()
    return remedies.on_host(host, f"ip route replace default via {quote(gateway.address)}")


def _wanted(case: Case) -> str:
    gateway = case.nat_router
    return f": `ip route replace default via {gateway.address}`" if gateway else ""


RULES: tuple[CaseRule, ...] = (replies_bypass_router, no_default_route)
