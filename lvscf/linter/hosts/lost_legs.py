"""Lost legs: packets that virtual servers live on and that a host's rules drop.

Journeys say which packets there are; this module follows each through the rules of the host that
it passes, and puts those together that end at the same rule or policy.
"""

from collections.abc import Iterable, Iterator

from attrs import field

from lvscf.config.model import RealServer, VirtualServer
from lvscf.firewall.firewall import Firewall
from lvscf.firewall.packets import Outcome, Way
from lvscf.hosts.host import Host
from lvscf.hosts.journeys import (
    Conntrack,
    Leg,
    Method,
    Service,
    checks,
    through_router,
    through_server,
)
from lvscf.hosts.routing import Way as Route
from lvscf.hosts.routing import way_to
from lvscf.linter.case import Case
from lvscf.linter.hosts.inspection import Inspection, inspection_of
from lvscf.linter.hosts.iptables_commands import listed
from lvscf.linter.hosts.named_hosts import named_routers
from lvscf.linter.hosts.rulebook import PortRange, Rulebook
from lvscf.linter.hosts.traffic import (
    RealHost,
    Router,
    address_of,
    device_of,
    mark_of,
    port_of,
    shown,
)
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared import ipv4
from lvscf.shared.records import evolved, record
from lvscf.source import quoted

CONNTRACK = "net.ipv4.vs.conntrack"
_KERNELS = {5: (2, 6), 6: (2, 6), 7: (3, 10), 8: (4, 18), 9: (5, 14), 10: (6, 12)}
"""The Linux of each release of Red Hat Enterprise Linux."""
_OLDEST_WITH_CONNTRACK = 7
"""The first release of Red Hat Enterprise Linux whose kernel has `net.ipv4.vs.conntrack`."""


@record
class Served:
    """A virtual server with one of its real servers and one of its ports."""

    virtual: VirtualServer
    server: RealServer
    service: Service
    port: PortRange
    """The port that clients ask for, or the range that it stands for."""

    @property
    def key(self) -> tuple[object, ...]:
        """What sets it apart from all others of a case."""
        return id(self.virtual), id(self.server), self.service.protocol, self.port


@record
class LostLeg:
    """Packets that end at the same rule or policy of a host."""

    host_name: str
    """The host for a sentence: `router 10.10.1.21`."""
    leg: Leg
    outcome: Outcome
    served: tuple[Served, ...]
    certain: bool = True
    """False if they are lost only with `net.ipv4.vs.conntrack = 0`, the default, and the files do
    not show the setting."""
    by_state: bool = False
    """Whether the rules let packets of established connections pass."""
    router: Router | None = field(default=None, repr=False)

    @property
    def end(self) -> str:
        """Where they end, for a sentence."""
        if self.outcome.decided_by is not None:
            return f"end at {shown(self.outcome.decided_by)} ({self.outcome.verdict})"
        return f"end at the policy of {self.outcome.decided_in[1]} ({self.outcome.verdict})"

    @property
    def virtual(self) -> VirtualServer:
        """The first virtual server affected."""
        return self.served[0].virtual

    @property
    def services(self) -> str:
        """The VIPs with their ports, for a sentence."""
        ports: dict[tuple[str, str], dict[PortRange, None]] = {}
        for one in self.served:
            key = (one.service.address, one.service.protocol)
            ports.setdefault(key, {})[one.port] = None
        return " and ".join(
            f"{address}, {protocol} {listed(sorted(found))}"
            for (address, protocol), found in ports.items()
        )


def told(losses: Iterable[LostLeg], way: Way | None) -> Iterator[LostLeg]:
    """The losses on a way, or on all ways, without those that graver ones cover.

    A connection whose first packet is lost need not be told to lose its last one as well.  Losses
    with the same end become one.
    """
    wanted = [lost for lost in losses if way in (None, lost.leg.way)]
    wanted.sort(key=lambda lost: (lost.leg.breaks == "closing", not lost.certain))
    covered: set[tuple[object, ...]] = set()
    found: dict[tuple[object, ...], LostLeg] = {}
    for lost in wanted:
        end = (lost.host_name, lost.outcome.decided_by, lost.outcome.decided_in)
        key = (*end, lost.leg.way, lost.leg.breaks, lost.certain)
        served = tuple(one for one in lost.served if (lost.host_name, one.key) not in covered)
        covered.update((lost.host_name, one.key) for one in served)
        known = found.get(key)
        if known is not None:
            found[key] = evolved(known, served=(*known.served, *served))
        elif served:
            found[key] = evolved(lost, served=served)
    yield from found.values()


# --- what is known of the routers ----------------------------------------------------------------


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


def _kernel_of(router: Router) -> tuple[int, int] | None:
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
    """The routers of which anything is known, in words: `router 10.10.1.21`, `the router`."""
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
    return _hop(host, way_to(host, address))[0]


def router_addresses(case: Case) -> set[str]:
    """All addresses that an LVS router is known to have, some of them only while it is active."""
    config = case.config
    found = set(case.router_addresses)
    found.update(address.address for _, _, address in case.addresses_on_devices)
    for names in (
        (config.primary, config.primary_private),
        (config.backup, config.backup_private),
    ):
        given = [name for name in names if name and name != UNSET_ADDRESS]
        host = case.cluster.router(*given) if case.cluster is not None else None
        if host is not None:
            found.update(one.address for one in host.present_addresses if one.device != "lo")
    return found


def default_way(host: Host) -> Route:
    """The way of a host's packets to addresses for which it has no route of their own."""
    return way_to(host, ANYWHERE)


ANYWHERE = "192.0.2.1"
"""A documentation address (RFC 5737), which stands for any client."""


def is_rewritten(case: Case, server: RealServer) -> bool:
    """Whether routers may put their own address into what they send to a real server.

    Its replies then find the router, whatever its routes are.  Without a router's rules, that is
    not known.
    """
    inspection = inspection_of(case)
    if not inspection.routers:
        return True
    for router in inspection.routers:
        if conntrack_of(router) in ("0", "absent"):
            continue
        for served in served_by(case, router):
            if served.server is not server:
                continue
            outcomes = inspection.sent_on(router.firewall, served.service)
            if any(one.source_translated_by for one in outcomes):
                return True
    return False


def is_gateway(case: Case, server: RealServer) -> bool:
    """Whether a real server's default route leads to an LVS router, as its files show."""
    cluster = case.cluster
    host = cluster.real_server(server.name, server.address or "") if cluster is not None else None
    if host is None:
        return False
    addresses = case.once(router_addresses)
    routes = default_way(host).routes
    return bool(routes) and all(route.gateway in addresses for route in routes)


# --- what is served ------------------------------------------------------------------------------


def served_by(case: Case, router: Router) -> Iterator[Served]:
    """All that a router forwards to other hosts."""
    method = method_of(case)
    inspection = inspection_of(case)
    if method is None:
        return
    for virtual in inspection.receiving:
        for protocol, ports in inspection.balanced_ports(router, virtual).items():
            for port in ports:
                for server in case.servers(virtual):
                    service = _service(case, router, virtual, server, method, protocol, port[0])
                    if service is not None:
                        yield Served(virtual, server, service, port)


def _service(
    case: Case,
    router: Router,
    virtual: VirtualServer,
    server: RealServer,
    method: Method,
    protocol: str,
    port: int,
) -> Service | None:
    """The packets' addresses on a router; None for a server that is a router, or has a name."""
    address = server.address
    if address is None or address == UNSET_ADDRESS or ipv4.number(address) is None:
        return None
    if address in case.router_addresses or case.is_unreadable(server, "address"):
        return None
    ways = {_hop(host, way_to(host, address)) for host in router.hosts}
    device, own = ways.pop() if len(ways) == 1 else (None, None)
    if device is None and case.nat_router is not None:
        inside = case.networks.get(case.nat_router.address)
        if inside is not None and ipv4.contains(inside, ipv4.number(address)):
            device = case.nat_router.device.partition(":")[0]
    return Service(
        method,
        protocol,
        address_of(virtual),
        port,
        address,
        server_port(case, virtual, server, port),
        mark=mark_of(virtual),
        router=own,
        client_device=device_of(virtual),
        server_device=device,
    )


def _hop(host: Host, way: Route) -> tuple[str | None, str | None]:
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


def server_port(
    case: Case, virtual: VirtualServer, server: RealServer, port: int | None
) -> int | None:
    """The port at which a real server is asked: its own, except where NAT keeps the client's.

    With a firewall mark, the port that the client asked for stays if there is persistence, or if
    that of the real server is 0 (measured).
    """
    kept = (virtual.persistent or 0) > 0 or server.port == 0
    if case.config.network == "nat" and virtual.fwmark and kept:
        return port
    return port_of(virtual) if server.port in (None, -1) else server.port


# --- the routers ---------------------------------------------------------------------------------


def lost_on_routers(case: Case) -> tuple[LostLeg, ...]:
    """The clients' packets and the real servers' replies that routers drop on their way out.

    Those that never reach IPVS are judged by the rules about marks and ports.
    """
    return case.once(_lost_on_routers)


def _lost_on_routers(case: Case) -> tuple[LostLeg, ...]:
    inspection = inspection_of(case)
    found: list[LostLeg] = []
    for router in inspection.routers:
        known, kernel = conntrack_of(router), _kernel_of(router)
        grouped = _Groups(inspection, router.name, router.firewall, router)
        for served in served_by(case, router):
            returning = served.service.method != "nat" and is_gateway(case, served.server)
            for leg in _leaving(served.service, known, kernel, returning):
                grouped.add(served, leg)
            if known is None:
                for leg in _leaving(served.service, "0", kernel, returning):
                    grouped.add(served, leg, certain=False)
        found.extend(grouped.result())
    return tuple(found)


def _leaving(
    service: Service,
    conntrack: Conntrack | None,
    kernel: tuple[int, int] | None,
    returning: bool,
) -> Iterator[Leg]:
    for leg in through_router(service, conntrack, kernel=kernel, returning=returning):
        if leg.way != "input":
            yield leg


def lost_checks(case: Case) -> tuple[LostLeg, ...]:
    """The packets of nanny's checks that a router or a real server drops."""
    return case.once(_lost_checks)


def _lost_checks(case: Case) -> tuple[LostLeg, ...]:
    inspection = inspection_of(case)
    found: list[LostLeg] = []
    for router in inspection.routers:
        grouped = _Groups(inspection, router.name, router.firewall, router)
        for served in _checked(case, router):
            for leg in checks(served.service):
                if leg.role == "router":
                    grouped.add(served, leg)
        found.extend(grouped.result())
    for host, rulebooks, served_there in _hosts(case):
        for rulebook in rulebooks:
            grouped = _Groups(inspection, _name(host), rulebook.firewall, None)
            for served in served_there:
                if is_checked(case, served.virtual):
                    for leg in checks(served.service):
                        if leg.role == "real-server":
                            grouped.add(served, leg, host.address)
            found.extend(grouped.result())
    return tuple(found)


def _checked(case: Case, router: Router) -> Iterator[Served]:
    for served in served_by(case, router):
        if is_checked(case, served.virtual):
            own = server_port(case, served.virtual, served.server, None)
            yield evolved(served, service=evolved(served.service, server_port=own))


def is_checked(case: Case, virtual: VirtualServer) -> bool:
    """Whether nanny itself connects to servers: not for UDP, nor if a program asks instead."""
    return id(virtual) in case.once(_connecting_checks)


def _connecting_checks(case: Case) -> set[int]:
    """The virtual servers whose real servers nanny connects to, by `id`."""
    return {
        id(check.service)
        for check in case.health_checks
        if check.kind != "program" and not check.is_udp
    }


# --- the real servers ----------------------------------------------------------------------------


def lost_on_real_servers(case: Case) -> tuple[LostLeg, ...]:
    """The clients' packets that a real server drops, and the replies that it does not send."""
    return case.once(_lost_on_real_servers)


def _lost_on_real_servers(case: Case) -> tuple[LostLeg, ...]:
    inspection = inspection_of(case)
    found: list[LostLeg] = []
    for host, rulebooks, served_there in _hosts(case):
        for rulebook in rulebooks:
            grouped = _Groups(inspection, _name(host), rulebook.firewall, None)
            for served in served_there:
                taken = _taken(inspection, rulebook.firewall, served.service, host.address)
                for leg in through_server(served.service, taken):
                    grouped.add(served, leg, host.address)
            found.extend(grouped.result())
    return tuple(found)


def _taken(
    inspection: Inspection, firewall: Firewall, service: Service, address: str
) -> Outcome | None:
    """What becomes of a client's first packet, if that is known."""
    legs = [leg for leg in through_server(service) if leg.way == "input" and not leg.later]
    outcomes = inspection.outcomes(firewall, legs[-1].packet, address)
    return outcomes[0] if len(outcomes) == 1 else None


def _hosts(case: Case) -> Iterator[tuple[RealHost, tuple[Rulebook, ...], list[Served]]]:
    """The real servers with rules, each with what it serves."""
    method = method_of(case)
    inspection = inspection_of(case)
    if method is None or case.cluster is None:
        return
    for host in inspection.real_hosts:
        if not host.rulebooks or host.address in case.router_addresses:
            continue
        served = [
            Served(
                host.virtual, host.server, _there(case, host, method, duty.protocol, port[0]), port
            )
            for duty in inspection.duties(host.virtual)
            for port in duty.ports
        ]
        yield host, host.rulebooks, served


def _there(case: Case, host: RealHost, method: Method, protocol: str, port: int) -> Service:
    """The packets' addresses on a real server."""
    held = {one.device for one in host.host.present_addresses if one.address == host.address}
    return Service(
        method,
        protocol,
        address_of(host.virtual),
        port,
        host.address,
        server_port(case, host.virtual, host.server, port),
        device=held.pop() if len(held) == 1 else None,
    )


def _name(host: RealHost) -> str:
    return f"real server {quoted(host.server.name)}"


_CHAINS = {
    "input": ("PREROUTING", "INPUT"),
    "forward": ("PREROUTING", "FORWARD", "POSTROUTING"),
    "output": ("OUTPUT", "POSTROUTING"),
}
"""The chains that packets pass, by their way."""


def _drops_some(firewall: Firewall, way: str) -> bool:
    """Whether any packet can be lost on a way: most hosts have rules for one way only."""
    for state in firewall.states or (firewall,):
        for table in state.tables.values():
            for name in _CHAINS[way]:
                chain = table.chains.get(name)
                if chain is not None and (chain.rules or chain.policy == "DROP"):
                    return True
    return False


# --- grouping ------------------------------------------------------------------------------------


@record(frozen=False)
class _Groups:
    """The lost legs of one host's rules, by where they end."""

    inspection: Inspection
    host_name: str
    firewall: Firewall
    router: Router | None
    _found: dict[tuple[object, ...], LostLeg] = field(init=False, factory=dict)
    _known: set[tuple[object, ...]] = field(init=False, factory=set)

    def add(
        self,
        served: Served,
        leg: Leg,
        local_address: str | None = None,
        *,
        certain: bool = True,
    ) -> None:
        """Follow a packet, and keep it if it is lost; what is certain has to come first."""
        if not _drops_some(self.firewall, leg.way):
            return
        outcome = self.inspection.lost(self.firewall, leg, local_address)
        own = (served, leg.way, leg.words)
        if outcome is None or own in self._known:
            return
        self._known.add(own)
        key = (outcome.decided_by, outcome.decided_in, leg.way, leg.words, leg.breaks, certain)
        known = self._found.get(key)
        if known is not None:
            self._found[key] = evolved(known, served=(*known.served, served))
            return
        passing = Leg(
            leg.role,
            leg.way,
            (evolved(leg.packet, state="ESTABLISHED"),),
            leg.words,
            leg.breaks,
            reply=leg.reply,
        )
        by_state = self.inspection.lost(self.firewall, passing, local_address) is None
        self._found[key] = LostLeg(
            self.host_name, leg, outcome, (served,), certain, by_state, self.router
        )

    def result(self) -> Iterable[LostLeg]:
        """All groups, in the order in which packets pass."""
        return self._found.values()
