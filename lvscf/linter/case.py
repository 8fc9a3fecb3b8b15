"""The case: what a rule checks, with answers to the questions that many rules have."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import field

from lvscf.config import places
from lvscf.config.health_check import HealthCheck, is_nanny
from lvscf.config.model import Config, FailoverService, Owner, RealServer, VirtualServer
from lvscf.findings.place import Place
from lvscf.linter.program import PIRANHA, Program
from lvscf.piranha.releases import LATEST
from lvscf.piranha.values import UNSET_ADDRESS, AddressOnDevice
from lvscf.shared import ipv4, suggestions
from lvscf.shared.records import record
from lvscf.source import Source
from lvscf.syntax.faults import FaultKind
from lvscf.syntax.nodes import Blank, Comment, Directive, Item, Unread, lines
from lvscf.syntax.reading import Reading

if TYPE_CHECKING:
    from lvscf.cluster import Cluster
    from lvscf.document import Document
    from lvscf.linter.spellings import Peculiar

_T = TypeVar("_T")
_Owner = TypeVar("_Owner", bound=Owner)

Bearer = Config | VirtualServer | FailoverService
"""Anything with an address that pulse brings up; for the configuration, that is `nat_router`."""


@record(slots=False)
class Case:
    """A configuration under inspection.

    Rules judge what the author meant; if Piranha reads something else, an LVS0 finding says so.
    """

    reading: Reading
    as_written: Config
    """The values as written; None if a directive is missing."""
    cluster: "Cluster | None" = None
    """The files collected from the hosts; None if none were given."""
    target: str = LATEST
    """The Piranha release that the file is for."""
    pair: "Document | None" = field(default=None, kw_only=True)
    """The lvs.cf of the other LVS router; None if it was not given."""
    program: Program = field(default=PIRANHA, kw_only=True)
    """The program that the configuration is for."""
    is_foreign: bool = field(default=False, kw_only=True)
    """Whether the file belongs to another program, so that its values mean nothing here."""

    _unreadable: dict[int, frozenset[str]] = field(init=False, factory=dict)
    """The keywords of the lines that cannot be read, by the `id` of their block."""
    _made: dict[Callable[["Case"], Any], Any] = field(init=False, factory=dict)

    @property
    def source(self) -> Source:
        """The text, for rules about spelling."""
        return self.reading.source

    @cached_property
    def config(self) -> Config:
        """The values that Piranha will use, each service and server with its origin."""
        return self.as_written.effective

    def first_line(self) -> Place:
        """The first line with content, for problems of the file as a whole."""
        for line in lines(self.reading.items):
            if not isinstance(line, Blank | Comment | Unread):
                return places.whole(line)
        return Place(0, 0)

    def name_of(self, owner: Owner) -> Place:
        """The name of a block, for problems of the block as a whole."""
        return places.name_of(owner) or self.first_line()

    def place_of(self, owner: Owner, name: str) -> Place:
        """The value of a directive; if it is not written, the name of the block."""
        return places.value_of(owner, name) or self.name_of(owner)

    @cached_property
    def is_whole(self) -> bool:
        """Whether the text was read to its end: Piranha ignores everything after a NUL."""
        return all(fault.kind is not FaultKind.NUL for fault in self.reading.faults)

    def once(self, make: "Callable[[Case], _T]") -> _T:
        """The result of `make` for this case, computed on first use and kept with the case.

        This lets rules share results about the hosts that the case itself knows nothing of.
        """
        if make not in self._made:
            self._made[make] = make(self)
        made: _T = self._made[make]
        return made

    # --- what was written ------------------------------------------------------------------------

    def items_of(self, owner: Owner) -> tuple[Item, ...]:
        """The lines and blocks of a block, or those at top level."""
        block = places.block_of(owner)
        return self.reading.items if block is None else block.items

    def is_written(self, owner: Owner, name: str) -> bool:
        """Whether a directive was written so that Piranha can read it."""
        return places.written(owner, name) is not None

    def written(self, owners: Iterable[_Owner], name: str) -> Iterator[tuple[_Owner, Place]]:
        """The owners for which a directive was written, each with the place of its value."""
        for owner in owners:
            at = places.value_of(owner, name)
            if at is not None:
                yield owner, at

    def is_unreadable(self, owner: Owner, name: str) -> bool:
        """Whether a line was meant to set `name` but cannot be read.

        That line has a finding of its own; its intended value is unknown.
        """
        block = places.block_of(owner)
        if id(block) not in self._unreadable:
            self._unreadable[id(block)] = frozenset(
                item.name.partition("=")[0]
                for item in self.items_of(owner)
                if isinstance(item, Directive) and item.value is None
            )
        return any(_is_meant(keyword, name) for keyword in self._unreadable[id(block)])

    def is_missing(self, owner: Owner, name: str) -> bool:
        """Whether no line sets `name` or was meant to."""
        return not self.is_written(owner, name) and not self.is_unreadable(owner, name)

    @cached_property
    def peculiar(self) -> "tuple[Peculiar, ...]":
        """The numbers and addresses in force that are spelt in an unusual way."""
        from lvscf.linter.spellings import peculiar

        return tuple(peculiar(self.config))

    # --- what is in force ------------------------------------------------------------------------

    @cached_property
    def virtual_servers(self) -> tuple[VirtualServer, ...]:
        """The virtual servers that lvsd will start; none if the file is for `fos`."""
        if self.config.service != "lvs":
            return ()
        return tuple(virtual for virtual in self.config.virtual_servers if self.is_on(virtual))

    @cached_property
    def failover_services(self) -> tuple[FailoverService, ...]:
        """The failover services that fos will start; none if the file is for `lvs`."""
        if self.config.service != "fos":
            return ()
        return tuple(service for service in self.config.failover_services if self.is_on(service))

    @property
    def services(self) -> tuple[VirtualServer | FailoverService, ...]:
        """The services in force, of either kind."""
        return self.virtual_servers + self.failover_services

    @cached_property
    def health_checks(self) -> tuple[HealthCheck, ...]:
        """The health checks that nanny makes for the services in force.

        Services with another program in place of nanny are left out, and so are those whose check
        cannot be read.
        """
        return tuple(
            HealthCheck(service)
            for service in self.services
            if is_nanny(service.client_monitor)
            and not (self.reading.faults and self._check_is_unreadable(service))
        )

    def _check_is_unreadable(self, service: VirtualServer | FailoverService) -> bool:
        names = ("send", "expect", "send_program", "client_monitor")
        return any(self.is_unreadable(service, name) for name in names)

    def checked_ports(self, check: HealthCheck) -> dict[int, Owner]:
        """The ports that nanny checks for a service, each with the block that sets it.

        If no server is in force, that is the port of the service, if it can be read.
        """
        service = check.service
        found: dict[int, Owner] = {}
        if isinstance(service, VirtualServer):
            for server in self.servers(service):
                port = check.port_of(server)
                if port is not None and not self.is_unreadable(server, "port"):
                    own = self.is_written(server, "port") and port == server.port
                    found.setdefault(port, server if own else service)
        if not found and service.port is not None:
            found[service.port] = service
        if self.is_unreadable(service, "port"):
            return {port: owner for port, owner in found.items() if owner is not service}
        return found

    def servers(self, virtual: VirtualServer) -> Iterator[RealServer]:
        """The real servers of a virtual server that are in force."""
        return (server for server in virtual.servers if self.is_on(server))

    def is_on(self, block: VirtualServer | FailoverService | RealServer) -> bool:
        """Whether a block is active; an unreadable `active` counts as on."""
        return bool(block.active) or self.is_unreadable(block, "active")

    # --- addresses -------------------------------------------------------------------------------

    @cached_property
    def nat_router(self) -> AddressOnDevice | None:
        """The address of the NAT router, if pulse will bring one up."""
        config = self.config
        unreadable = self.is_unreadable(config, "network") or self.is_unreadable(config, "service")
        if unreadable or (config.network, config.service) != ("nat", "lvs"):
            return None
        return config.nat_router

    @cached_property
    def addresses_on_devices(self) -> tuple[tuple[Bearer, str, AddressOnDevice], ...]:
        """The addresses that pulse brings up: owner, directive and value.

        If several services have the same VIP, the first in force supplies device and netmask.
        """
        first: dict[str, tuple[Bearer, str, AddressOnDevice]] = {}
        for service in self.services:
            if service.address is not None:
                first.setdefault(service.address.address, (service, "address", service.address))
        if self.nat_router is None:
            return tuple(first.values())
        return ((self.config, "nat_router", self.nat_router), *first.values())

    @cached_property
    def networks(self) -> dict[str, ipv4.Network]:
        """The network of each address that pulse brings up, if its netmask defines one."""
        found: dict[str, ipv4.Network] = {}
        for owner, _, address in self.addresses_on_devices:
            netmask = owner.nat_nmask if isinstance(owner, Config) else owner.vip_nmask
            network = ipv4.network_of(address.address, netmask or UNSET_ADDRESS)
            if network is not None:
                found.setdefault(address.address, network)
        return found

    @cached_property
    def router_addresses(self) -> dict[str, str]:
        """The addresses of the two routers, each with its directive."""
        found: dict[str, str] = {}
        for name in ("primary", "primary_private", "backup", "backup_private"):
            address = getattr(self.as_written, name)
            if address is not None and address != UNSET_ADDRESS:
                found.setdefault(address, name)
        return found

    @cached_property
    def servers_by_address(self) -> dict[str, list[RealServer]]:
        """The real servers in force that have an address, by address."""
        found: dict[str, list[RealServer]] = {}
        for virtual in self.virtual_servers:
            for server in self.servers(virtual):
                if server.address is not None and server.address != UNSET_ADDRESS:
                    found.setdefault(server.address, []).append(server)
        return found

    # --- the pair --------------------------------------------------------------------------------

    @property
    def backup_is_given(self) -> bool:
        """Whether the backup router has an address."""
        return self.config.backup != UNSET_ADDRESS

    @property
    def backup_in_use(self) -> bool:
        """Whether two routers watch each other."""
        return bool(self.config.backup_active) and self.backup_is_given


@lru_cache(4096)
def _is_meant(keyword: str, name: str) -> bool:
    return keyword == name or suggestions.nearest(keyword, (name,)) is not None
