"""How the hosts' firewall files treat the services' packets.

All answers come from following packets; each packet is followed through each firewall only once.
"""

from collections.abc import Iterator, Mapping, Set
from functools import cached_property

from attrs import evolve, field

from lvscf.config.model import VirtualServer
from lvscf.firewall.firewall import Firewall
from lvscf.firewall.joining import together
from lvscf.firewall.packets import Outcome, Packet, Way
from lvscf.hosts.host import Host
from lvscf.hosts.journeys import Leg, Service
from lvscf.linter.case import Case
from lvscf.linter.hosts.rulebook import ALL_PORTS, PortRange, Rulebook
from lvscf.linter.hosts.traffic import (
    Duty,
    RealHost,
    Router,
    address_of,
    divided,
    mark_of,
    packet_to,
    port_of,
    protocol_of,
    through_network,
)
from lvscf.piranha.limits import LARGEST_PORT
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared import ipv4
from lvscf.shared.records import record

ANY_CLIENT = "192.0.2.1"
"""A documentation address (RFC 5737) standing for any client."""


@record(slots=False)
class Inspection:
    """The services of a case, together with the hosts' files."""

    case: Case
    _traces: dict[tuple[Firewall, tuple[object, ...]], tuple[Outcome, ...]] = field(
        init=False, factory=dict
    )
    _own: dict[Firewall, frozenset[str] | None] = field(init=False, factory=dict)
    _rulebooks: dict[Firewall, Rulebook] = field(init=False, factory=dict)
    _duties: dict[int, tuple[Duty, ...]] = field(init=False, factory=dict)
    _joined: dict[tuple[Firewall, ...], tuple[Firewall, ...]] = field(init=False, factory=dict)

    # --- the hosts -------------------------------------------------------------------------------

    @cached_property
    def routers(self) -> tuple[Router, ...]:
        """The routers that firewall rules were given for; one for both if they share a file."""
        config, cluster = self.case.config, self.case.cluster
        if cluster is None:
            return ()
        pairs = [(config.primary, config.primary_private)]
        if self.case.backup_is_given:
            pairs.append((config.backup, config.backup_private))
        owners: dict[Firewall, list[str]] = {}
        hosts: dict[Firewall, list[Host]] = {}
        for address, private in pairs:
            names = [name for name in (address, private) if name and name != UNSET_ADDRESS]
            host = cluster.router(*names)
            if host is None:
                continue
            for firewall in self._filters(host):
                owners.setdefault(firewall, []).append(names[0] if names else "")
                hosts.setdefault(firewall, []).append(host)
        return tuple(
            Router(
                "both routers" if len(names) > 1 else f"router {names[0]}".strip(),
                self._rulebook(firewall),
                tuple(hosts[firewall]),
            )
            for firewall, names in owners.items()
        )

    @cached_property
    def real_hosts(self) -> tuple[RealHost, ...]:
        """The active real servers that files were given for, with their virtual servers."""
        return tuple(self._real_hosts())

    def _real_hosts(self) -> Iterator[RealHost]:
        cluster = self.case.cluster
        assert cluster is not None
        for virtual in self.receiving:
            for server in self.case.servers(virtual):
                address = server.address
                if address is None or address == UNSET_ADDRESS or ipv4.number(address) is None:
                    continue
                host = cluster.real_server(server.name, address)
                if host is not None:
                    yield RealHost(
                        virtual,
                        server,
                        address,
                        tuple(self._rulebook(one) for one in self._filters(host)),
                        host,
                    )

    @property
    def joined(self) -> "Mapping[tuple[Firewall, ...], tuple[Firewall, ...]]":
        """The hosts' files as they were followed: files with different tables are one firewall."""
        return self._joined

    def _filters(self, host: Host) -> tuple[Firewall, ...]:
        """A host's packet filters: files with different tables are joined."""
        files = host.firewalls
        if files not in self._joined:
            self._joined[files] = together(files)
        return self._joined[files]

    def _rulebook(self, firewall: Firewall) -> Rulebook:
        if firewall not in self._rulebooks:
            self._rulebooks[firewall] = Rulebook(firewall)
        return self._rulebooks[firewall]

    # --- the services ----------------------------------------------------------------------------

    @cached_property
    def virtual_servers(self) -> tuple[VirtualServer, ...]:
        """The active virtual servers whose packets are known.

        They are not known if one of the lines cannot be read, or the address is a name.
        """
        wanted = ("address", "port", "protocol", "fwmark")
        return tuple(
            virtual
            for virtual in self.case.virtual_servers
            if virtual.address is not None
            and ipv4.number(virtual.address.address) is not None
            and virtual.protocol in ("tcp", "udp")
            and 0 <= (virtual.port or 0) <= LARGEST_PORT
            and not any(self.case.is_unreadable(virtual, name) for name in wanted)
        )

    @cached_property
    def marked(self) -> tuple[VirtualServer, ...]:
        """Those with a firewall mark."""
        return tuple(virtual for virtual in self.virtual_servers if virtual.fwmark)

    @cached_property
    def receiving(self) -> tuple[VirtualServer, ...]:
        """Those that get packets: of several with one mark, the kernel accepts only the first."""
        first: dict[int, VirtualServer] = {}
        for virtual in self.marked:
            first.setdefault(mark_of(virtual), virtual)
        return tuple(
            virtual
            for virtual in self.virtual_servers
            if not virtual.fwmark or first[mark_of(virtual)] is virtual
        )

    @cached_property
    def marks(self) -> dict[int, VirtualServer]:
        """The marks in use, each with the first virtual server that has it."""
        return {mark_of(virtual): virtual for virtual in reversed(self.marked)}

    @cached_property
    def addresses_of_marks(self) -> dict[int, set[str]]:
        """The VIPs of each mark."""
        found: dict[int, set[str]] = {}
        for virtual in self.marked:
            found.setdefault(mark_of(virtual), set()).add(address_of(virtual))
        return found

    @cached_property
    def addresses(self) -> set[str]:
        """The active VIPs."""
        return {address_of(virtual) for virtual in self.virtual_servers}

    # --- the packets -----------------------------------------------------------------------------

    def outcomes(
        self,
        firewall: Firewall,
        packet: Packet,
        local_address: str | None = None,
        *,
        established: bool = False,
        answering: bool = False,
        way: Way = "input",
    ) -> tuple[Outcome, ...]:
        """What happens to a packet on the firewall's host; see `Firewall.trace`."""
        key = (firewall, (packet, local_address, established, answering, way))
        if key not in self._traces:
            own = self._own_addresses(firewall)
            device = packet.interface if way == "input" else packet.outgoing
            if local_address is None and own is not None and device is not None:
                local_address = self._address_of(firewall, device)
            self._traces[key] = firewall.trace(
                packet,
                local_address,
                established=established,
                answering=answering,
                own_addresses=own,
                way=way,
            )
        return self._traces[key]

    @property
    def followed(self) -> "Set[tuple[Firewall, tuple[object, ...]]]":
        """The packets followed so far, each with the firewall that it passed through."""
        return self._traces.keys()

    @cached_property
    def _owners(self) -> dict[Firewall, dict[Host, None]]:
        """The hosts that each packet filter belongs to, by the filter of a file or of several."""
        cluster, config = self.case.cluster, self.case.config
        assert cluster is not None
        servers = (
            cluster.real_server(server.name, server.address or "")
            for virtual in self.case.virtual_servers
            for server in self.case.servers(virtual)
        )
        routers = (
            cluster.router(*(name for name in names if name and name != UNSET_ADDRESS))
            for names in (
                (config.primary, config.primary_private),
                (config.backup, config.backup_private),
            )
        )
        found: dict[Firewall, dict[Host, None]] = {}
        for host in filter(None, (*routers, *servers)):
            for firewall in (*host.firewalls, *self._filters(host)):
                found.setdefault(firewall, {})[host] = None
        return found

    def _own_addresses(self, firewall: Firewall) -> frozenset[str] | None:
        """All addresses of a firewall's host; None if they are not known, or differ.

        An active router has the addresses that pulse brings up as well.
        """
        if firewall not in self._own:
            hosts = tuple(self._owners.get(firewall, ()))
            own = hosts[0].own_addresses if len(hosts) == 1 else None
            if own is not None and hosts[0].role == "router":
                own |= {address.address for _, _, address in self.case.addresses_on_devices}
            self._own[firewall] = own
        return self._own[firewall]

    def _address_of(self, firewall: Firewall, device: str) -> str | None:
        """The address that REDIRECT and MASQUERADE use on a device: its first one."""
        (host,) = self._owners[firewall]
        device = device.partition(":")[0]
        return next((one.address for one in host.present_addresses if one.device == device), None)

    def lost(
        self, firewall: Firewall, leg: Leg, local_address: str | None = None
    ) -> Outcome | None:
        """How rules certainly drop a packet between hosts; None if they may let it pass.

        Certain means: in each state that connection tracking may give it, and whatever else is not
        known of it.
        """
        # If one client's packets pass, the others need not be followed: their addresses are not
        # known, so that every rule that names an address would have to be followed both ways.
        single = tuple(map(_of_one_client, leg.packets))
        if self._lost(firewall, leg, local_address, single) is None:
            return None
        return self._lost(firewall, leg, local_address, leg.packets)

    def _lost(
        self,
        firewall: Firewall,
        leg: Leg,
        local_address: str | None,
        packets: tuple[Packet, ...],
    ) -> Outcome | None:
        first = None
        for packet in packets:
            outcomes = through_network(
                self.outcomes(
                    firewall,
                    packet,
                    local_address,
                    established=leg.later,
                    answering=leg.reply,
                    way=leg.way,
                )
            )
            if not outcomes or any(
                one.accepted or not one.complete or one.uncertain for one in outcomes
            ):
                return None
            first = first or outcomes[0]
        return first

    def sent_on(self, firewall: Firewall, service: Service) -> tuple[Outcome, ...]:
        """What happens to a packet that IPVS sends on with NAT, if connections are tracked."""
        packet = Packet(
            service.protocol,
            service.server,
            service.server_port,
            outgoing=service.server_device,
            mark=service.mark,
        )
        return self.outcomes(firewall, packet, way="output")

    def marked_ports(self, router: Router, virtual: VirtualServer) -> dict[str, list[PortRange]]:
        """The ports of a virtual server that get its mark on a router, by protocol.

        Candidates are its own port and the ports named in rules with its mark.  A range stands for
        all its ports, unless one of them is named separately: `--dport 1:1023` means the services
        among them, and `--dport 10000:20000` means all of them.
        """
        found: dict[str, list[PortRange]] = {}
        for protocol, ports in self._candidates(router, virtual).items():
            carried = [
                port
                for port in ports
                if all(self._carries_mark(router, virtual, protocol, end) for end in set(port))
            ]
            if carried:
                found[protocol] = carried
        # Another protocol alone is a mistake of the rule, not a service of the real servers.
        return found if protocol_of(virtual) in found else {}

    def bundled_ports(self, router: Router, virtual: VirtualServer) -> list[PortRange]:
        """All ports that get a virtual server's mark on a router, of any protocol.

        Here, a range means all its ports, and a rule without a port means all ports.
        """
        mark = mark_of(virtual)
        own = (port_of(virtual), port_of(virtual))
        named: dict[str, set[PortRange]] = {protocol_of(virtual): {own}}
        for rule in router.rulebook.marking.get(mark, ()):
            if not router.rulebook.is_known(rule):
                continue
            said = rule.setting("-p")
            for protocol, number in (("tcp", 6), ("udp", 17)):
                asked = said is not None and said.value == number and not said.negated
                if asked or (said is None and protocol == protocol_of(virtual)):
                    ports = router.rulebook.ports(rule) or (ALL_PORTS,)
                    named.setdefault(protocol, set()).update(ports)
        if not self.marked_ports(router, virtual):
            return []
        found = {
            port
            for protocol, ports in named.items()
            for port in ports
            if all(self._carries_mark(router, virtual, protocol, end) for end in set(port))
        }
        return _merged(found)

    def _candidates(self, router: Router, virtual: VirtualServer) -> dict[str, list[PortRange]]:
        own = (port_of(virtual), port_of(virtual))
        named: dict[str, set[PortRange]] = {protocol_of(virtual): {own}}
        for rule in router.rulebook.marking.get(mark_of(virtual), ()):
            said = rule.setting("-p")
            for protocol, number in (("tcp", 6), ("udp", 17)):
                asked = said is not None and said.value == number and not said.negated
                if protocol == virtual.protocol or asked:
                    ports = named.setdefault(protocol, set())
                    ports.update(router.rulebook.ports(rule))
        return {protocol: _apart(ports) for protocol, ports in named.items()}

    def _carries_mark(
        self, router: Router, virtual: VirtualServer, protocol: str, port: int
    ) -> bool:
        packet = packet_to(virtual, port, protocol)
        outcomes = self.outcomes(router.firewall, packet)
        carried, _ = divided(outcomes, virtual, lambda one: one.mark == mark_of(virtual))
        return bool(carried)

    def balanced_ports(self, router: Router, virtual: VirtualServer) -> dict[str, list[PortRange]]:
        """The ports that IPVS on a router forwards for a virtual server, by protocol."""
        if virtual.fwmark:
            return self.marked_ports(router, virtual)
        return {protocol_of(virtual): [(port_of(virtual), port_of(virtual))]}

    def duties(self, virtual: VirtualServer) -> tuple[Duty, ...]:
        """What real servers get packets for: what any router forwards, and the service's port."""
        if id(virtual) not in self._duties:
            self._duties[id(virtual)] = self._duties_of(virtual)
        return self._duties[id(virtual)]

    def _duties_of(self, virtual: VirtualServer) -> tuple[Duty, ...]:
        own = (port_of(virtual), port_of(virtual))
        ports: dict[str, set[PortRange]] = {protocol_of(virtual): {own}}
        for router in self.routers:
            for protocol, carried in self.balanced_ports(router, virtual).items():
                ports.setdefault(protocol, set()).update(carried)
        return tuple(Duty(protocol, tuple(sorted(found))) for protocol, found in ports.items())


def _of_one_client(packet: Packet) -> Packet:
    """A packet with the address of one client where that of any client is missing."""
    return evolve(
        packet,
        source=packet.source or ANY_CLIENT,
        destination=packet.destination or ANY_CLIENT,
    )


def _apart(ports: set[PortRange]) -> list[PortRange]:
    """Single ports, and the ranges that include none of them."""
    single = {low for low, high in ports if low == high}
    return sorted(
        (low, high)
        for low, high in ports
        if low == high or not any(low <= port <= high for port in single)
    )


def _merged(ports: set[PortRange]) -> list[PortRange]:
    """Ports and ranges, without those inside others."""
    return sorted(
        (low, high)
        for low, high in ports
        if not any((a, b) != (low, high) and a <= low and high <= b for a, b in ports)
    )


def inspection_of(case: Case) -> Inspection:
    """The inspection of a case, shared by all rules."""
    return case.once(Inspection)


def is_direct(inspection: Inspection) -> bool:
    """Whether packets reach real servers with the VIP as their destination."""
    case = inspection.case
    return case.config.network == "direct" and not case.is_unreadable(case.config, "network")
