"""LVS3: where the real servers are."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.config.model import RealServer
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared import ipv4
from lvscf.source import quoted


@rule("LVS317", "server-is-router", Severity.WARNING)
def server_is_router(case: Case) -> Iterator[Problem]:
    """A router that is also a real server.

    What:
        An active real server has an address of one of the routers (`primary`, `backup` or their
        private ones), or the NAT router address.

    Why:
        The two roles need opposite things.  With direct routing or tunnels, a real server accepts
        packets for the VIP, because the VIP is on its `lo` or a REDIRECT rule catches them; on the
        active router, that bypasses the balancing.  With NAT, replies must go through the active
        router, but the passive router sends its own by another route.  And each takeover also costs
        a real server.

    Example:
          primary = 10.10.1.21
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
              server web1 {
                  active = 1
        -         address = 10.10.1.21
        +         address = 10.10.1.31
              }
          }
    """
    owners = dict(case.router_addresses)
    if case.nat_router and case.nat_router.address != UNSET_ADDRESS:
        owners.setdefault(case.nat_router.address, "nat_router")
    for address, name in owners.items():
        servers = case.servers_by_address.get(address)
        there = places.value_of(case.config, name)
        if not servers or there is None:
            continue
        at, *others = _places(servers)
        if name == "nat_router":
            effect = "The active router has it itself, so connections balanced to it stay there"
        elif case.config.network == "nat":
            effect = "While that router is passive, its replies do not go through the active one"
        else:
            effect = (
                "What makes it accept packets for the VIP as a real server (the VIP on `lo`, or a "
                "REDIRECT) keeps it from balancing them when it is active"
            )
        yield Problem(
            at=at,
            message=f"{address} is the address of an LVS router (`{name}`). {effect}.",
            help="Leave the routers out of the pool, or set up both roles with care and ignore "
            "this rule.",
            related=((there, "the router"), *((other, "here too") for other in others)),
        )


@rule("LVS318", "server-is-vip", Severity.WARNING)
def server_is_vip(case: Case) -> Iterator[Problem]:
    """A real server with the address of a service.

    What:
        The address of an active real server is the VIP of an active virtual server.

    Why:
        The VIP is on the active router itself: requests balanced to it stay there, and nanny checks
        the service through the router instead of a server.

    Example:
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
              server web1 {
                  active = 1
        -         address = 10.10.1.20
        +         address = 10.10.1.31
              }
          }
    """
    reported = set(case.router_addresses)
    if case.nat_router:
        reported.add(case.nat_router.address)
    for virtual in case.virtual_servers:
        if virtual.address is None or virtual.address.address in reported:
            continue
        vip = virtual.address.address
        reported.add(vip)
        servers = case.servers_by_address.get(vip)
        there = places.value_of(virtual, "address") if servers else None
        if not servers or there is None:
            continue
        at, *others = _places(servers)
        yield Problem(
            at=at,
            message=f"{vip} is a VIP, which the active router has itself: connections balanced to "
            "it stay on the router, and nanny checks the router.",
            help="Write the server's own address.",
            related=((there, "the VIP"), *((other, "here too") for other in others)),
        )


@rule("LVS322", "different-network-direct", Severity.INFO)
def different_network_direct(case: Case) -> Iterator[Problem]:
    """Direct routing to a network that the routers do not seem to share.

    What:
        `network = direct`, and active real servers are in no network of a VIP (according to
        `vip_nmask`) or of a router.  If no netmask shows how large the network of an address is,
        every address with the same first number counts as inside.

    Why:
        With direct routing, the router changes only the hardware address, so it must share a
        network segment with the real servers; beyond a gateway they get nothing.  A second network
        on the same segment, or one that the file does not mention, is fine.

    Example:
          primary = 10.10.1.21
          network = direct
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
              vip_nmask = 255.255.255.0
              server web1 {
                  active = 1
        -         address = 192.168.7.31
        +         address = 10.10.1.31
              }
          }
    """
    config = case.config
    if config.network != "direct" or not case.servers_by_address:
        return
    near = _near_networks(case)
    if near is None:
        return
    foreign = [
        servers
        for address, servers in case.servers_by_address.items()
        if (number := ipv4.number(address)) is not None
        and ipv4.classful_network(number) is not None
        and not address.startswith("127.")
        and not any(number & mask in firsts for mask, firsts in near.items())
    ]
    if not foreign:
        return
    at, *others = [place for servers in foreign for place in _places(servers[:1])]
    server = foreign[0][0]
    more = f" (and {len(others)} more)" if others else ""
    yield Problem(
        at=at,
        message="Direct routing needs a shared network segment, but real server "
        f"{quoted(server.name)}{more} is in no network of a VIP or router that the file shows. "
        "Beyond a gateway it gets no packets.",
        help="Make sure that the routers have a device in the real servers' segment; across "
        "networks, use `network = tunnel`.",
        related=tuple((other, "in none of these networks either") for other in others),
    )


def _near_networks(case: Case) -> dict[int, set[int]] | None:
    """The networks that VIPs and routers are in: their first addresses, by netmask.

    Without a known netmask, a network is assumed to be as large as it can be.  None if one of them
    is a host name, so that its network is unknown.
    """
    near: dict[int, set[int]] = {}
    for first, mask in case.networks.values():
        near.setdefault(mask, set()).add(first)
    known = list(near.items())
    largest = 0xFF000000
    for address in [
        *case.router_addresses,
        *(vip.address for *_, vip in case.addresses_on_devices),
    ]:
        number = ipv4.number(address)
        if number is None:
            return None
        if not any(number & mask in firsts for mask, firsts in known):
            near.setdefault(largest, set()).add(number & largest)
    return near


def _places(servers: list[RealServer]) -> list[Place]:
    """The places of the servers' addresses."""
    found = (places.value_of(server, "address") for server in servers)
    return [place for place in found if place]


RULES: tuple[CaseRule, ...] = (server_is_router, server_is_vip, different_network_direct)
