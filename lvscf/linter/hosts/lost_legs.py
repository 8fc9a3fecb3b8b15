"""Lost legs: packets that virtual servers live on and that a host's rules drop.

Journeys say which packets there are; this module follows each through the rules of the host that
it passes, and puts those together that end at the same rule or policy.
"""

from collections.abc import Iterable, Iterator

from attrs import field

from lvscf.config.model import RealServer, VirtualServer
from lvscf.firewall.firewall import Firewall
from lvscf.firewall.packets import Outcome, Way
from lvscf.hosts.journeys import (
    Conntrack,
    Leg,
    Method,
    Service,
    checks,
    through_router,
    through_server,
)
from lvscf.hosts.routing import way_to
from lvscf.linter.case import Case
from lvscf.linter.hosts.inspection import Inspection, inspection_of
from lvscf.linter.hosts.iptables_commands import listed
from lvscf.linter.hosts.router_facts import (
    conntrack_of,
    hop,
    is_gateway,
    kernel_of,
    method_of,
)
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


# --- what is served ------------------------------------------------------------------------------


def is_rewritten(case: Case, server: RealServer) -> bool:
    """Whether routers may put their own address into what they send to a real server.

    Its replies then find the router, whatever its routes are.  Without a router's rules, that is
    not known.
    """
    if not inspection_of(case).routers:
        return True
    return (server.address or "") in rewritten_servers(case)


def rewritten_servers(case: Case) -> frozenset[str]:
    """The addresses of the real servers to which a router may send with its own address."""
    return case.once(_rewritten_servers)


def _rewritten_servers(case: Case) -> frozenset[str]:
    inspection = inspection_of(case)
    found: set[str] = set()
    for router in inspection.routers:
        if conntrack_of(router) in ("0", "absent"):
            continue
        for served in served_by(case, router):
            outcomes = inspection.sent_on(router.firewall, served.service)
            if any(one.source_translated_by for one in outcomes):
                found.add(served.service.server)
    return frozenset(found)


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
    ways = {hop(host, way_to(host, address)) for host in router.hosts}
    device, own = ways.pop() if len(ways) == 1 else (None, None)
    if device is None and method == "nat":
        device = _inner_device(case, address)
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


def _inner_device(case: Case, address: str) -> str | None:
    """The device that pulse gives the real servers' gateway, if a server is in its network."""
    gateway = case.nat_router
    network = case.networks.get(gateway.address) if gateway is not None else None
    if gateway is None or network is None or not ipv4.contains(network, ipv4.number(address)):
        return None
    return gateway.device.partition(":")[0] or None


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
        known, kernel = conntrack_of(router), kernel_of(router)
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
