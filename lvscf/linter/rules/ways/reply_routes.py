"""LVS539: real servers whose replies do not come back through the router, as NAT needs."""

from collections.abc import Iterator

from lvscf.config.model import RealServer
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.hosts.host import Host
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts.inspection import inspection_of
from lvscf.linter.hosts.lost_legs import (
    conntrack_of,
    method_of,
    router_addresses,
    served_by,
)
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.source import quoted


@rule("LVS539", "replies-bypass-router", Severity.ERROR, also=(Severity.WARNING,))
def replies_bypass_router(case: Case) -> Iterator[Problem]:
    """A real server whose routes do not lead its replies back through the LVS router.

    What:
        With `network = nat`, the routes of a real server were given, and none of them has an
        address of an LVS router as its gateway.  An error if no route has a gateway at all; a
        warning if there are other gateways, which might pass the replies on to the router.

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
            if host is None or "routes" not in host.complete or _is_rewritten(case, server):
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
                help="Make the router's address in the real servers' network, `nat_router`, its "
                f"default gateway{_wanted(case)}.",
                related=((where, "another gateway"),),
                severity=Severity.WARNING if gateways else None,
            )


def _gateways(host: Host) -> dict[str, Place | None] | None:
    """The gateways of a host, each with its line; None if policy routing may use others."""
    found: dict[str, Place | None] = {}
    for route in host.routes:
        if route.origin != "running":
            continue
        if route.table not in ("main", "local", "default", "254", "255", "253"):
            return None
        if route.gateway is not None and route.kind == "unicast":
            found.setdefault(route.gateway, route.place)
    return found


def _is_rewritten(case: Case, server: RealServer) -> bool:
    """Whether a router may put its own address into the packets, so that replies find it."""
    inspection = inspection_of(case)
    if not inspection.routers:
        return True  # not known: the rules were not given
    for router in inspection.routers:
        if conntrack_of(router) in ("0", "absent"):
            continue
        for served in served_by(case, router):
            outcomes = inspection.sent_on(router.firewall, served.service)
            if served.server is server and any(one.source_translated_by for one in outcomes):
                return True
    return False


def _wanted(case: Case) -> str:
    gateway = case.nat_router
    return f": `ip route replace default via {gateway.address}`" if gateway else ""


RULES: tuple[CaseRule, ...] = (replies_bypass_router,)
