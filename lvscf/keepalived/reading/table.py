"""The IPVS table that keepalived sets up, as a listing would show it with all real servers up."""

from typing import Literal

from lvscf.hosts.facts import IpvsDestination, IpvsListing, IpvsListingService
from lvscf.keepalived.reading.model import Balanced, Destination, KeepalivedConf, Method, Target
from lvscf.shared.records import evolved

_FOR_ALL_PORTS = 360
"""Seconds: the persistence of port 0, which the kernel does not allow without."""
_LISTED: dict[Method, Literal["Route", "Masq", "Tunnel"]] = {
    "direct": "Route",
    "nat": "Masq",
    "tunnel": "Tunnel",
}


def listing(configuration: KeepalivedConf) -> IpvsListing:
    """The table; what keepalived 2.2 does with ports decides.

    With a firewall mark, real servers have the port that is written, or 0; with direct routing and
    tunnels, they otherwise have the virtual server's.
    """
    services: dict[tuple[str, str, int, int], IpvsListingService] = {}
    for balanced in configuration.virtual_servers:
        for target in balanced.targets:
            key = _protocol(balanced, target), target.address, target.port, target.fwmark
            one = _service(balanced, target)
            earlier = services.get(key)
            if earlier is not None:  # the kernel has one service, with the servers of both blocks
                one = evolved(earlier, destinations=_joined(earlier, one))
            services[key] = one
    return IpvsListing(tuple(services.values()))


def _protocol(balanced: Balanced, target: Target) -> str:
    return "" if target.fwmark else balanced.protocol


def _service(balanced: Balanced, target: Target) -> IpvsListingService:
    found: dict[tuple[str, int | None], IpvsDestination] = {}
    for server in balanced.servers:
        one = _destination(balanced, target, server)
        found.setdefault((one.address, one.port), one)
    return IpvsListingService(
        _protocol(balanced, target),
        _bracketed(target.address),
        target.port,
        target.fwmark,
        balanced.scheduler,
        balanced.persistent or (0 if target.port or target.fwmark else _FOR_ALL_PORTS),
        balanced.netmask if balanced.persistent else "255.255.255.255",
        balanced.one_packet,
        tuple(found.values()),
        place=target.place,
    )


def _destination(balanced: Balanced, target: Target, server: Destination) -> IpvsDestination:
    method = server.method or balanced.method
    return IpvsDestination(
        _bracketed(server.address),
        port_of(target, server, method),
        _LISTED[method],
        server.weight,
        place=server.statement.place,
    )


def port_of(target: Target, server: Destination, method: Method) -> int:
    """The port at which a real server gets packets; 0 is that to which the client sent them."""
    if target.fwmark:
        return server.port or 0
    return target.port if method != "nat" or server.port is None else server.port


def _joined(earlier: IpvsListingService, later: IpvsListingService) -> tuple[IpvsDestination, ...]:
    known = {(one.address, one.port) for one in earlier.destinations}
    more = (one for one in later.destinations if (one.address, one.port) not in known)
    return (*earlier.destinations, *more)


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address
