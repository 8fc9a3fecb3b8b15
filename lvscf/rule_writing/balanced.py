"""What is balanced: the packets that an lvs.cf is about, with the blocks that they come from."""

from collections.abc import Iterable

from attrs import field

from lvscf.config.health_check import HealthCheck, is_nanny, port_of
from lvscf.config.model import Config, RealServer, VirtualServer
from lvscf.piranha.limits import LARGEST_PORT
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.rule_writing.wanted import PortRange
from lvscf.shared import ipv4
from lvscf.shared.records import record

FTP_PORT = 21
FTP_DATA_PORT = 20
FTP_PASSIVE: PortRange = (10000, 20000)
"""The range of the guides for passive transfers; the servers' FTP program has to use it, too."""
_EVERY: PortRange = (0, LARGEST_PORT)


@record
class Bundle:
    """Packets that clients send to one VIP with one protocol, and that get one mark."""

    address: str
    protocol: str
    mark: int
    """0 if the services have none."""
    blocks: list[VirtualServer] = field(factory=list)
    ports: list[PortRange] = field(factory=list)

    @property
    def named(self) -> tuple[PortRange, ...]:
        """The ports, in order; empty if all ports are balanced."""
        return () if (0, 0) in self.ports else tuple(sorted(set(self.ports)))

    @property
    def has_ftp(self) -> bool:
        """Whether FTP is balanced by a mark, which its data connections need as well."""
        return bool(self.mark) and self.protocol == "tcp" and (FTP_PORT, FTP_PORT) in self.ports


def bundles(config: Config) -> tuple[Bundle, ...]:
    """The packets of all virtual servers in force, in the order of the lvs.cf.

    Of several with one mark, lvsd starts only the first; but the mark is for the ports of all.
    """
    found: dict[tuple[str, str, int], Bundle] = {}
    for virtual in virtual_servers(config):
        assert virtual.address is not None
        mark = (virtual.fwmark or 0) & ipv4.ALL_ONES
        key = (virtual.address.address, virtual.protocol or "tcp", mark)
        one = found.setdefault(key, Bundle(*key))
        one.blocks.append(virtual)
        one.ports.append((virtual.port or 0, virtual.port or 0))
        if one.has_ftp and FTP_PASSIVE not in one.ports:
            one.ports.append(FTP_PASSIVE)
    return tuple(found.values())


def virtual_servers(config: Config) -> list[VirtualServer]:
    """The virtual servers in force whose packets rules can name; of effective values."""
    if config.service != "lvs":
        return []
    return [
        virtual
        for virtual in config.virtual_servers
        if virtual.active
        and virtual.address is not None
        and virtual.address.address != UNSET_ADDRESS
        and ipv4.number(virtual.address.address) is not None
        and 0 <= (virtual.port or 0) <= LARGEST_PORT
    ]


def real_servers(config: Config, virtual: VirtualServer) -> list[RealServer]:
    """The real servers in force that are other hosts than the routers."""
    routers = {config.primary, config.primary_private, config.backup, config.backup_private}
    return [
        server
        for server in virtual.servers
        if server.active
        and server.address not in (None, UNSET_ADDRESS)
        and server.address not in routers
        and ipv4.number(server.address or "") is not None
        and not (server.address or "").startswith("127.")
    ]


def first_of_marks(config: Config) -> list[VirtualServer]:
    """The virtual servers that lvsd starts: of several with one mark, the first."""
    seen: set[int] = set()
    found = []
    for virtual in virtual_servers(config):
        mark = (virtual.fwmark or 0) & ipv4.ALL_ONES
        if mark and mark in seen:
            continue
        seen.add(mark)
        found.append(virtual)
    return found


def asked_ports(config: Config, virtual: VirtualServer) -> dict[tuple[str, str], list[PortRange]]:
    """What clients ask of a virtual server's real servers: ports by VIP and protocol.

    An empty list means all ports.
    """
    mark = (virtual.fwmark or 0) & ipv4.ALL_ONES
    assert virtual.address is not None
    own = (virtual.address.address, virtual.protocol or "tcp")
    found: dict[tuple[str, str], list[PortRange]] = {}
    for one in bundles(config):
        if one.mark != mark or (not mark and (one.address, one.protocol) != own):
            continue
        if mark:
            found[one.address, one.protocol] = list(one.named)
        else:
            found[own] = [] if not virtual.port else [(virtual.port, virtual.port)]
    return found


def arriving_ports(
    config: Config, virtual: VirtualServer, server: RealServer
) -> dict[str, list[PortRange]]:
    """The ports at which NAT lets clients' packets arrive at a real server, by protocol.

    With a mark and persistence, the port that the client asked for stays (measured).
    """
    found: dict[str, list[PortRange]] = {}
    keeps = bool(virtual.fwmark) and (virtual.persistent or 0) > 0
    own = port_of(virtual, server)
    for (_, protocol), ports in asked_ports(config, virtual).items():
        there = found.setdefault(protocol, [])
        if keeps or not own:
            there += [port for port in ports or [_EVERY] if port not in there]
        elif (own, own) not in there:
            there.append((own, own))
    return found


def checked_ports(config: Config) -> dict[tuple[str, str], list[PortRange]]:
    """The ports that nanny asks itself, by the real server's address and the protocol."""
    found: dict[tuple[str, str], list[PortRange]] = {}
    for virtual in first_of_marks(config):
        check = HealthCheck(virtual)
        if not is_nanny(virtual.client_monitor):
            continue
        for server in real_servers(config, virtual):
            port = check.port_of(server)
            if port is None or not 0 < port <= LARGEST_PORT:
                continue
            ports = found.setdefault((server.address or "", virtual.protocol or "tcp"), [])
            if (port, port) not in ports:
                ports.append((port, port))
    return found


def is_every(ports: Iterable[PortRange]) -> bool:
    """Whether ports are all ports."""
    return _EVERY in ports
