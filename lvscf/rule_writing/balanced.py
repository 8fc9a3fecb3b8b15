"""What is balanced: the packets that an lvs.cf is about, with the blocks that they come from."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from attrs import field

from lvscf.config.health_check import HealthCheck, is_nanny, port_of
from lvscf.config.model import Config, RealServer, VirtualServer
from lvscf.linter.hosts.traffic import mark_of
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
    ports: dict[PortRange, None] = field(factory=dict)
    """In the order of the lvs.cf; (0, 0) means all."""

    @property
    def named(self) -> tuple[PortRange, ...]:
        """The ports, in order; empty if all ports are balanced."""
        return () if (0, 0) in self.ports else tuple(sorted(self.ports))

    @property
    def has_ftp(self) -> bool:
        """Whether FTP is balanced by a mark, which its data connections need as well."""
        return bool(self.mark) and self.protocol == "tcp" and (FTP_PORT, FTP_PORT) in self.ports


@record(slots=False)
class Balanced:
    """What the virtual servers of a configuration balance; of effective values."""

    config: Config

    @cached_property
    def virtual_servers(self) -> tuple[VirtualServer, ...]:
        """The virtual servers in force whose packets rules can name."""
        if self.config.service != "lvs":
            return ()
        return tuple(
            virtual
            for virtual in self.config.virtual_servers
            if virtual.active
            and virtual.address is not None
            and virtual.address.address != UNSET_ADDRESS
            and ipv4.number(virtual.address.address) is not None
            and 0 <= (virtual.port or 0) <= LARGEST_PORT
        )

    @cached_property
    def bundles(self) -> tuple[Bundle, ...]:
        """The packets of all virtual servers in force, in the order of the lvs.cf.

        Of several with one mark, lvsd starts only the first; but the mark is for the ports of all.
        """
        found: dict[tuple[str, str, int], Bundle] = {}
        for virtual in self.virtual_servers:
            key = (*_own(virtual), mark_of(virtual))
            one = found.setdefault(key, Bundle(*key))
            one.blocks.append(virtual)
            one.ports[virtual.port or 0, virtual.port or 0] = None
        for one in found.values():
            if one.has_ftp:
                one.ports[FTP_PASSIVE] = None
        return tuple(found.values())

    @cached_property
    def _by_mark(self) -> dict[int, dict[tuple[str, str], tuple[PortRange, ...]]]:
        found: dict[int, dict[tuple[str, str], tuple[PortRange, ...]]] = {}
        for one in self.bundles:
            found.setdefault(one.mark, {})[one.address, one.protocol] = one.named
        return found

    @cached_property
    def started(self) -> tuple[VirtualServer, ...]:
        """The virtual servers that lvsd starts: of several with one mark, the first."""
        seen: set[int] = set()
        found = []
        for virtual in self.virtual_servers:
            mark = mark_of(virtual)
            if mark not in seen:
                found.append(virtual)
            if mark:
                seen.add(mark)
        return tuple(found)

    def asked_ports(
        self, virtual: VirtualServer
    ) -> Mapping[tuple[str, str], tuple[PortRange, ...]]:
        """What clients ask of a virtual server's real servers: ports by VIP and protocol.

        No ports mean all of them.
        """
        if mark_of(virtual):
            return self._by_mark[mark_of(virtual)]
        return {_own(virtual): ((virtual.port, virtual.port),) if virtual.port else ()}

    @cached_property
    def _routers(self) -> set[str | None]:
        config = self.config
        return {config.primary, config.primary_private, config.backup, config.backup_private}

    def real_servers(self, virtual: VirtualServer) -> list[RealServer]:
        """The real servers in force that are other hosts than the routers."""
        return [
            server
            for server in virtual.servers
            if server.active
            and server.address not in (None, UNSET_ADDRESS)
            and server.address not in self._routers
            and ipv4.number(server.address or "") is not None
            and not (server.address or "").startswith("127.")
        ]

    def arriving_ports(
        self, virtual: VirtualServer, server: RealServer
    ) -> dict[str, dict[PortRange, None]]:
        """The ports at which NAT lets clients' packets arrive at a real server, by protocol.

        With a mark and persistence, the port that the client asked for stays (measured).
        """
        found: dict[str, dict[PortRange, None]] = {}
        keeps = bool(virtual.fwmark) and (virtual.persistent or 0) > 0
        own = port_of(virtual, server)
        for (_, protocol), ports in self.asked_ports(virtual).items():
            there = found.setdefault(protocol, {})
            if keeps or not own:
                there.update(dict.fromkeys(ports or (_EVERY,)))
            else:
                there[own, own] = None
        return found

    @cached_property
    def checked_ports(self) -> dict[tuple[str, str], tuple[PortRange, ...]]:
        """The ports that nanny asks itself, by the real server's address and the protocol."""
        found: dict[tuple[str, str], dict[PortRange, None]] = {}
        for virtual in self.started:
            check = HealthCheck(virtual)
            if not is_nanny(virtual.client_monitor):
                continue
            for server in self.real_servers(virtual):
                port = check.port_of(server)
                if port is not None and 0 < port <= LARGEST_PORT:
                    key = (server.address or "", virtual.protocol or "tcp")
                    found.setdefault(key, {})[port, port] = None
        return {key: tuple(sorted(ports)) for key, ports in found.items()}


def _own(virtual: VirtualServer) -> tuple[str, str]:
    """The VIP and the protocol."""
    assert virtual.address is not None
    return virtual.address.address, virtual.protocol or "tcp"


def is_every(ports: Iterable[PortRange]) -> bool:
    """Whether ports are all ports."""
    return _EVERY in ports
