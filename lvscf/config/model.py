"""The typed view: what an lvs.cf says, as immutable values.

A directive that is absent is None.  `effective` answers the other question, what Piranha will use:
its defaults are filled in, and what one value takes from another (a real server's port from its
virtual server).  The fields stand in the order of `lvscf.directives.TABLE`, which knows what each
of them means.  Change a value with `attrs.evolve`.
"""

from typing import TYPE_CHECKING, Any, TypeVar

from attrs import evolve, field, fields, frozen

from lvscf.piranha.directives import DEFAULTS, Scope
from lvscf.piranha.values import NOT_GROUPED, SINGLE_CLIENTS, UNSET_ADDRESS, AddressOnDevice
from lvscf.shared.records import record

if TYPE_CHECKING:
    from lvscf.syntax.faults import Refusal
    from lvscf.syntax.nodes import Block, Directive


@record
class Origin:
    """Where a value came from: the lines of a document that said it."""

    block: "Block | None"
    """The block; None for the global directives."""
    lines: "dict[str, Directive]"
    """The line in force for each directive."""
    repeated: "tuple[tuple[Directive, Directive], ...]"
    """Lines without effect, each with the later line that set the same directive again."""
    refusal: "Refusal | None" = None
    """Why Piranha refuses the document, if it does; known of the global directives only."""


def _origin() -> Any:
    """Hold a value's origin; it takes no part in comparisons."""
    return field(default=None, eq=False, repr=False, kw_only=True)


class _Values:
    """What values have in common: they are equal if they say the same, wherever it stands.

    attrs would make these methods anew for every class, which costs a commit hook a millisecond.
    """

    __slots__ = ()

    def _said(self) -> dict[str, Any]:
        own: Any = type(self)
        names = (attribute.name for attribute in fields(own) if attribute.eq)
        values = ((name, getattr(self, name)) for name in names)
        return {name: value for name, value in values if value is not None}

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return self is other or self._said() == other._said()

    def __hash__(self) -> int:
        return hash((type(self), *self._said().items()))

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={value!r}" for name, value in self._said().items())
        return f"{type(self).__name__}({said})"


@frozen(eq=False, repr=False)
class RealServer(_Values):
    """A `server` block.

    Where the virtual server's `port` changes behind the block, `port` is the one that Piranha keeps
    for this server, although the block does not say it.
    """

    name: str
    address: str | None = None
    """Address of the real server.

    Value: address; default 0.0.0.0.
    """
    active: bool | None = None
    """Whether the real server is in force at all.

    Value: boolean, 0 or 1; default 0.
    """
    port: int | None = None
    """Port of the real server; the virtual server's `port` so far when absent.

    Value: port number.
    """
    weight: int | None = None
    """Share of the traffic that the real server gets.

    Value: integer; default 1.
    """
    origin: Origin | None = _origin()


# Making the methods of a class of this size is what importing this module costs, so the two kinds
# of service share them.
@frozen(eq=False, repr=False)
class _Service(_Values):
    """What `virtual` and `failover` blocks have in common: all directives, and servers."""

    name: str
    active: bool | None = None
    """Whether the block is in force at all.

    Value: boolean, 0 or 1; default 0.
    """
    address: AddressOnDevice | None = None
    """The virtual IP address (VIP) and the alias device that carries it.

    Value: address and device.
    """
    sorry_server: str | None = None
    """Server that gets the traffic while no real server is up.

    Value: address, no host name; default 0.0.0.0.
    """
    vip_nmask: str | None = None
    """Netmask of the VIP; the classful mask when unset.

    Value: netmask; default 0.0.0.0.
    """
    fwmark: int | None = None
    """Firewall mark of the packets to balance, instead of VIP, protocol and port.

    Value: integer; default 0.
    """
    port: int | None = None
    """Port of the virtual server, and of the servers that follow without a port of their own.

    Value: port number or TCP service name; default 80.
    """
    persistent: int | None = None
    """Seconds for which a client stays with its real server; 0 is off.

    Value: integer, in seconds; default 0.
    """
    pmask: str | None = None
    """Netmask by which clients are grouped for persistence.

    Value: netmask; default 0.0.0.0.
    """
    send: str | None = None
    """What nanny sends to check a server.

    Value: text, usually quoted.
    """
    expect: str | None = None
    """What the answer must begin with, or match, or what send_program must print.

    Value: text, usually quoted.
    """
    use_regex: bool | None = None
    """Whether `expect` is a POSIX extended regular expression.

    Value: boolean, 0 or 1; default 0.
    """
    send_program: str | None = None
    """Program that checks a server; `%h` is its address, `%p` its port.

    Value: text, usually quoted.
    """
    load_monitor: str | None = None
    """How nanny asks a server for its load: none, uptime, rup or ruptime.

    Value: text.
    """
    scheduler: str | None = None
    """IPVS scheduling algorithm.

    Value: one of lc, rr, wlc, wrr, lblc, lblcr, dh, sh; default wlc.
    """
    protocol: str | None = None
    """Protocol of the virtual server.

    Value: one of tcp, udp; default tcp.
    """
    timeout: int | None = None
    """Seconds between two checks of a server, and the limit of one check.

    Value: integer, in seconds; default 10.
    """
    reentry: int | None = None
    """Seconds for which a failed server must be well before it is used again.

    Value: integer, in seconds; default 180.
    """
    quiesce_server: bool | None = None
    """Whether a failed server gets weight 0 instead of being removed.

    Value: boolean, 0 or 1; default 0.
    """
    client_monitor: str | None = None
    """Program that checks the servers.

    Value: text; default /usr/sbin/nanny.
    """
    master: str | None = None
    """Read and never used.

    Value: address.
    """
    dirs: tuple[str, ...] | None = None
    """Read and never used.

    Value: list, [ a b ].
    """
    start_cmd: str | None = None
    """Command that starts a failover service; no shell, absolute path.

    Value: text, usually quoted.
    """
    stop_cmd: str | None = None
    """Command that stops a failover service; no shell, absolute path.

    Value: text, usually quoted.
    """
    servers: tuple[RealServer, ...] = ()
    origin: Origin | None = _origin()


class VirtualServer(_Service):
    """A `virtual` block."""

    __slots__ = ()

    @property
    def effective(self) -> "VirtualServer":
        """The virtual server with what Piranha uses where nothing is said."""
        return _effective_service(self)


class FailoverService(_Service):
    """A `failover` block; Piranha reads the directives of a `virtual` block in it, too."""

    __slots__ = ()

    @property
    def effective(self) -> "FailoverService":
        """The failover service with what Piranha uses where nothing is said."""
        return _effective_service(self)


@frozen(eq=False, repr=False)
class Config(_Values):
    """A whole lvs.cf."""

    serial_no: int | None = None
    """Counter that the GUI raises when it saves; no daemon reads it.

    Value: integer; default 0.
    """
    primary: str | None = None
    """Address of the primary LVS router; the node that owns it is the master.

    Value: address, not 0.0.0.0; default 0.0.0.0.
    """
    primary_private: str | None = None
    """Second heartbeat address of the primary LVS router; as `primary` when absent.

    Value: address, not 0.0.0.0; default 0.0.0.0.
    """
    primary_shared: str | None = None
    """Shared disk as the primary router sees it (service = fos).

    Value: text.
    """
    service: str | None = None
    """Whether `virtual` blocks (lvs) or `failover` blocks (fos) are in force.

    Value: one of lvs, fos; default lvs.
    """
    rsh_command: str | None = None
    """Command with which nanny asks for load, where `load_monitor = uptime`.

    Value: text; default rsh.
    """
    backup_active: bool | None = None
    """Whether a backup LVS router takes part; heartbeats are sent only then.

    Value: boolean, 0 or 1; default 0.
    """
    backup: str | None = None
    """Address of the backup LVS router; 0.0.0.0 means that there is none.

    Value: address; default 0.0.0.0.
    """
    backup_private: str | None = None
    """Second heartbeat address of the backup LVS router; as `backup` when absent.

    Value: address, not 0.0.0.0; default 0.0.0.0.
    """
    backup_shared: str | None = None
    """Shared disk as the backup router sees it (service = fos).

    Value: text.
    """
    heartbeat: bool | None = None
    """Read and never used: `backup_active` decides about heartbeats.

    Value: boolean, 0 or 1; default 0.
    """
    heartbeat_port: int | None = None
    """UDP port of the heartbeats.

    Value: port number or TCP service name; default 539.
    """
    keepalive: int | None = None
    """Seconds between two heartbeats.

    Value: integer, in seconds; default 2.
    """
    deadtime: int | None = None
    """Seconds without a heartbeat after which the partner is taken for dead.

    Value: integer, in seconds; default 5.
    """
    network: str | None = None
    """Forwarding method for all real servers: direct routing, NAT or tunnelling.

    Value: one of direct, nat, tunnel; default nat.
    """
    nat_router: AddressOnDevice | None = None
    """Floating gateway address of the real servers, and its device (network = nat).

    Value: address and device.
    """
    nat_nmask: str | None = None
    """Netmask of `nat_router`; the classful mask when unset.

    Value: netmask; default 0.0.0.0.
    """
    reservation_conflict_action: str | None = None
    """What pulse does on a reservation conflict of the shared disks (service = fos).

    Value: one of nothing, preempt.
    """
    debug_level: str | None = None
    """Read and never used.

    Value: text; default NONE.
    """
    active_cmd: str | None = None
    """Command that pulse runs when the node becomes active; no shell, absolute path.

    Value: text.
    """
    inactive_cmd: str | None = None
    """Command that pulse runs when the node becomes inactive, starts or stops.

    Value: text.
    """
    monitor_links: int | None = None
    """Other than 0: stop services while the router's link is down.

    Value: integer; default 0.
    """
    syncdaemon: bool | None = None
    """Whether connection state is sent to the backup router.

    Value: boolean, 0 or 1; default 0.
    """
    syncd_iface: str | None = None
    """Device for the connection state's multicast.

    Value: text; default eth0. Since Piranha 0.8.6.
    """
    syncd_id: int | None = None
    """Identity of the synchronised pair, modulo 256.

    Value: integer; default 0. Since Piranha 0.8.6.
    """
    tcp_timeout: int | None = None
    """Timeout of idle TCP connections; 0 leaves the kernel's.

    Value: integer, in seconds; default 0. Since Piranha 0.8.6.
    """
    tcpfin_timeout: int | None = None
    """Timeout of TCP connections after a FIN; 0 leaves the kernel's.

    Value: integer, in seconds; default 0. Since Piranha 0.8.6.
    """
    udp_timeout: int | None = None
    """Timeout of UDP exchanges; 0 leaves the kernel's.

    Value: integer, in seconds; default 0. Since Piranha 0.8.6.
    """
    hard_shutdown: bool | None = None
    """Whether the death of one nanny ends every service of the router.

    Value: boolean, 0 or 1; default 1. Since Piranha 0.8.6.
    """
    ipvsadm: str | None = None
    """Path of the ipvsadm program.

    Value: text; default /sbin/ipvsadm.
    """
    sync: bool | None = None
    """Read and never used.

    Value: boolean, 0 or 1; default 0.
    """
    virtual_servers: tuple[VirtualServer, ...] = ()
    failover_services: tuple[FailoverService, ...] = ()
    origin: Origin | None = _origin()

    @property
    def effective(self) -> "Config":
        """The configuration that Piranha holds in memory: nothing left open.

        What stays None has no default.  `0.0.0.0` is "not set" for addresses and netmasks.
        """
        changes = _defaults(self, Scope.GLOBAL)
        if self.primary is not None and self.primary_private is None:
            # Both private addresses are copied, even over a backup_private that was given.
            changes["primary_private"] = self.primary
            changes["backup_private"] = self.backup or UNSET_ADDRESS
        return evolve(
            self,
            virtual_servers=tuple(service.effective for service in self.virtual_servers),
            failover_services=tuple(service.effective for service in self.failover_services),
            **changes,
        )

    def value_at(self, place: str) -> "Value | None":
        r"""The value of one directive, named by its place; None where it is absent.

        Args:
            place: the directive, after the blocks around it: `keepalive`, `virtual web/port`,
                `virtual web/server one/weight`.  Of several blocks with the same name, ` #2` means
                the second.  In names, write a slash as `\/` and a backslash as two.

        Raises:
            ValueError: the configuration has no such block, or its block takes no such directive.
        """
        from lvscf.config.place_names import value_at

        value: Value | None = value_at(self, place)
        return value

    def with_value(self, place: str, value: "Value | None") -> "Config":
        """The configuration with another value for one directive.

            config.with_value("virtual web/server one/weight", 3)

        Args:
            place: the directive, as for `value_at`.
            value: the value, of the type that the attribute has; None removes the directive.

        Raises:
            ValueError: the configuration has no such block, its block takes no such directive, or
                the directive takes no such value.
        """
        from lvscf.config.place_names import with_value

        return with_value(self, place, value)

    @property
    def services(self) -> "tuple[VirtualServer | FailoverService, ...]":
        """All services, virtual servers first."""
        return (*self.virtual_servers, *self.failover_services)


Value = bool | int | str | AddressOnDevice | tuple[str, ...]
"""The value of a directive."""

Service = VirtualServer | FailoverService
Owner = Config | VirtualServer | FailoverService | RealServer
"""Whatever has directives: the file as a whole, or a block."""

_AnyService = TypeVar("_AnyService", VirtualServer, FailoverService)


def _effective_service(service: _AnyService) -> _AnyService:
    changes = _defaults(service, Scope.SERVICE)
    if service.pmask == NOT_GROUPED:
        changes["pmask"] = UNSET_ADDRESS
    elif service.pmask == SINGLE_CLIENTS:
        changes["pmask"] = NOT_GROUPED
    port = service.port if service.port is not None else DEFAULTS[Scope.SERVICE]["port"]
    servers = tuple(
        evolve(server, **{"port": port, **_defaults(server, Scope.SERVER)})
        if server.port is None
        else evolve(server, **_defaults(server, Scope.SERVER))
        for server in service.servers
    )
    return evolve(service, servers=servers, **changes)


def _defaults(values: object, scope: Scope) -> dict[str, Any]:
    """Piranha's defaults for the directives that `values` leaves open."""
    return {
        name: default for name, default in DEFAULTS[scope].items() if getattr(values, name) is None
    }


def require_config(value: object) -> None:
    """Check that a value is a configuration, and not a text or a document.

    Raises:
        TypeError: it is something else.
    """
    if not isinstance(value, Config):
        raise TypeError(
            f"a Config is needed, such as lvscf.loads(text) returns it, not {type(value).__name__}"
        )
