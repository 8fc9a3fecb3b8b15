"""A keepalived.conf as the values that rules about hosts judge.

An lvs.cf names VIP, port and protocol of every virtual server; a keepalived.conf does not if there
is XX
an unknown value is a line that cannot be read, about which rules say nothing.
"""

from collections.abc import Iterator

from lvscf.cluster import Cluster
from lvscf.config.model import Config, Origin, RealServer, VirtualServer
from lvscf.findings.place import Place
from lvscf.firewall.model import Rule
from lvscf.keepalived.linting.items import PlacedHeader, PlacedLine
from lvscf.keepalived.linting.joined import JoinedText
from lvscf.keepalived.reading.model import (
    Balanced,
    Destination,
    HeldAddress,
    KeepalivedConf,
    Method,
)
from lvscf.linter.hosts.rulebook import PortRange, Rulebook
from lvscf.piranha.directives import Scope
from lvscf.piranha.values import AddressOnDevice
from lvscf.shared import ipv4
from lvscf.shared.records import record
from lvscf.syntax.nodes import Block, Directive

_PROTOCOLS = {6: "tcp", 17: "udp"}
_ANOTHER_CHECK = '"keepalived"'
"""As a check's program: keepalived does not connect to the servers of this service itself."""


@record
class Selector:
    """What packets a virtual server gets, as far as that is known."""

    address: str | None
    port: int | None
    protocol: str | None


class Maker:
    """Makes the configuration for one forwarding method."""

    def __init__(
        self, configuration: KeepalivedConf, cluster: Cluster | None, text: JoinedText
    ) -> None:
        self._configuration = configuration
        self._text = text
        self._held = {one.address: one for one in reversed(configuration.addresses)}
        routers = [one for one in cluster.files if one.role == "router"] if cluster else []
        self._books = [Rulebook(one) for host in routers for one in host.firewalls]
        self._router_names = [*dict.fromkeys(host.name for host in routers if host.name)]
        self.is_partial = False
        """Whether a part of the configuration is not known, so that nothing is certainly absent."""

    def methods(self) -> tuple[Method, ...]:
        """The forwarding methods in use, in order."""
        return tuple(dict.fromkeys(one.method for one in self._configuration.virtual_servers))

    def config(self, method: Method) -> Config:
        """The configuration in which the virtual servers with another method are not active."""
        virtual_servers = tuple(
            virtual
            for one in self._configuration.virtual_servers
            for virtual in self._virtual_servers(one, method)
        )
        gateway = self._gateway(virtual_servers) if method == "nat" else None
        own, private, peer, peer_private = self._routers()
        return Config(
            primary=own,
            primary_private=private,
            backup=peer,
            backup_private=peer_private,
            backup_active=peer is not None,
            service="lvs",
            network=method,
            nat_router=None if gateway is None else _on_device(gateway),
            nat_nmask=None if gateway is None else _dotted(gateway.prefix),
            virtual_servers=virtual_servers,
        )

    # --- the routers -----------------------------------------------------------------------------

    def _routers(self) -> tuple[str | None, str | None, str | None, str | None]:
        """This router's addresses and the other's, as VRRP names them, or as files are named."""
        instances = self._configuration.routers
        own = [*dict.fromkeys(one.own.text for one in instances if one.own is not None)]
        peers = [[word.text for word in one.peers] for one in instances if one.peers]
        others = [
            *dict.fromkeys(
                next((one for one in several if one in self._router_names), several[0])
                for several in peers
            )
        ]
        if not own and not others:
            own, others = self._router_names[:1], self._router_names[1:2]
        elif not own:
            own = [one for one in self._router_names if one not in others][:1]
        first, second = [*own, None, None][:2], [*others, None, None][:2]
        return first[0], first[1], second[0], second[1]

    def _gateway(self, virtual_servers: tuple[VirtualServer, ...]) -> HeldAddress | None:
        """The address that VRRP moves in the real servers' network, if there is exactly one."""
        vips = {one.address.address for one in virtual_servers if one.address is not None}
        servers = [ipv4.number(two.address or "") for one in virtual_servers for two in one.servers]
        found = []
        for one in self._held.values():
            network = ipv4.network_of(one.address, _dotted(one.prefix))
            if one.address in vips or network is None or one.prefix == 32:
                continue
            if any(number is not None and ipv4.contains(network, number) for number in servers):
                found.append(one)
        return found[0] if len(found) == 1 else None

    # --- virtual servers -------------------------------------------------------------------------

    def _virtual_servers(self, one: Balanced, method: Method) -> Iterator[VirtualServer]:
        active = one.method == method
        for target in one.targets:
            if ":" in target.address:
                self.is_partial = True
                continue
            known = [Selector(target.address, target.port, one.protocol)]
            if target.fwmark:
                known = [*self._marked(target.fwmark, one)]
            for selector in known:
                if None in (selector.address, selector.port, selector.protocol):
                    self.is_partial = True
                yield self._virtual_server(one, selector, target.fwmark, target.place, active)

    def _marked(self, mark: int, one: Balanced) -> Iterator[Selector]:
        """What gets a mark: one service for each address that the routers' rules name."""
        named: dict[tuple[str, str], list[PortRange]] = {}
        is_marked = False
        for book in self._books:
            for rule in book.marking.get(mark, ()):
                is_marked = True
                protocol = _protocol_of(book, rule)
                networks = book.destinations(rule)
                vips = [ipv4.dotted(net.address) for net in networks if net.single]
                if not networks and self._only_vip is not None:
                    vips = [self._only_vip]
                for vip in vips if protocol is not None else ():
                    named.setdefault((vip, protocol or ""), []).extend(book.ports(rule))
        checked = self._checked_port(one)
        found: dict[str, Selector] = {}
        for (vip, protocol), ports in named.items():
            port = _port_among(ports, checked)
            if port is not None:
                found.setdefault(vip, Selector(vip, port, protocol))
        if found:
            yield from found.values()
            return
        is_certain = bool(self._books) and not is_marked
        yield Selector(self._only_vip, checked if is_certain else None, "tcp")

    @property
    def _only_vip(self) -> str | None:
        """The VIP, if keepalived holds only one address apart from gateways of real servers."""
        vips = [one for one in self._held.values() if one.is_virtual] or [*self._held.values()]
        inside = [
            number
            for one in self._configuration.virtual_servers
            for server in one.servers
            if (number := ipv4.number(server.address)) is not None and one.method == "nat"
        ]
        outside = [
            one
            for one in vips
            if (network := ipv4.network_of(one.address, _dotted(one.prefix))) is None
            or not any(ipv4.contains(network, number) for number in inside)
        ]
        return outside[0].address if len(outside) == 1 else None

    def _checked_port(self, one: Balanced) -> int | None:
        """The port that health checks ask, if all ask the same."""
        ports = {port.port for server in one.servers for port in server.checked}
        ports |= {server.port for server in one.servers if server.port}
        return ports.pop() if len(ports) == 1 else None

    def _virtual_server(
        self, one: Balanced, selector: Selector, mark: int, place: Place, active: bool
    ) -> VirtualServer:
        address = selector.address
        held = self._held.get(address) if address is not None else None
        unknown = [
            Directive(0, "", name, None)
            for name, value in (
                ("address", address),
                ("port", selector.port),
                ("protocol", selector.protocol or None),
            )
            if value is None
        ]
        name = f"fwmark {mark}" if mark else f"{address} {selector.port}"
        # With NAT, a mark's packets keep their port, unless the real server has one.
        asked = 0 if mark and one.method == "nat" else selector.port
        servers = tuple(
            self._real_server(one, server, asked, active)
            for server in one.servers
            if ":" not in server.address
        )
        asks = all(_asks(server, selector.port) for server in one.servers)
        return VirtualServer(
            name=name,
            active=active,
            address=_on_device(held) if held else AddressOnDevice(address, "") if address else None,
            sorry_server=one.sorry_server.address if one.sorry_server else None,
            vip_nmask=_dotted(held.prefix) if held else None,
            fwmark=mark,
            port=selector.port,
            persistent=one.persistent,
            send_program=None if asks else _ANOTHER_CHECK,
            scheduler=one.scheduler,
            protocol=selector.protocol or None,
            servers=servers,
            origin=self._origin(name, place, {"fwmark": place, "address": place}, unknown),
        )

    def _real_server(
        self, one: Balanced, server: Destination, asked: int | None, active: bool
    ) -> RealServer:
        is_used = active and server.method in (None, one.method)
        place = server.statement.place
        values = server.statement.values
        address = values[0].place if values else place
        is_translated = one.method == "nat" and server.port is not None
        return RealServer(
            name=server.address,
            address=server.address,
            active=is_used,
            port=server.port if is_translated else asked,
            weight=server.weight,
            origin=self._origin(server.address, place, {"address": address}, []),
        )

    def _origin(
        self, name: str, place: Place, named: dict[str, Place], unknown: list[Directive]
    ) -> Origin:
        text = self._text.source.text
        at = self._text.place(place)
        block = Block(
            Scope.SERVICE, "virtual", name, PlacedHeader(at.start, text[at.start : at.end]),
            tuple(unknown), None,
        )  # fmt: skip
        lines: dict[str, Directive] = {}
        for directive, where in named.items():
            there = self._text.place(where)
            lines[directive] = PlacedLine(
                there.start, text[there.start : there.end], directive, True
            )
        return Origin(block, lines, ())


def _port_among(ports: list[PortRange], checked: int | None) -> int | None:
    """A port that clients ask for: the checked one, or one that is named by itself."""
    if checked is not None and any(low <= checked <= high for low, high in ports):
        return checked
    return next((low for low, high in ports if low == high and low), None)


def _protocol_of(book: Rulebook, rule: Rule) -> str | None:
    """The protocol of the packets that a rule matches, or that reach its chain."""
    for one in (rule, *book.jumps_to(rule)):
        setting = one.setting("-p")
        if setting is not None and not setting.negated:
            return _PROTOCOLS.get(setting.value) if isinstance(setting.value, int) else None
    return None


def _asks(server: Destination, port: int | None) -> bool:
    """Whether keepalived connects to a real server, at the port to which it sends clients."""
    if not server.is_connected_to:
        return False
    own = server.port or port
    return own is not None and all(one.port == own for one in server.checked)


def _on_device(held: HeldAddress) -> AddressOnDevice:
    return AddressOnDevice(held.address, held.label or held.device or "")


def _dotted(prefix: int) -> str:
    return ipv4.dotted((ipv4.ALL_ONES << (32 - prefix)) & ipv4.ALL_ONES)
