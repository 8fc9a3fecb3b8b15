"""The typed view: the values of an lvs.cf, immutable.

A directive that is absent is None.  `effective` gives the values that Piranha will use: with its
defaults, and with what one value inherits from another (a real server's port from its virtual
server).  The fields are in the order of `lvscf.piranha.directives.TABLE`, which says what each of
them means.  Change a value with `attrs.evolve`.
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
    """Where a value came from: lines of a document."""

    block: "Block | None"
    """The block; None for the global directives."""
    lines: "dict[str, Directive]"
    """The line in force for each directive."""
    repeated: "tuple[tuple[Directive, Directive], ...]"
    """Lines without effect, each with the later line that set the same directive again."""
    refusal: "Refusal | None" = None
    """Why Piranha rejects the document, if it does; set for the global directives only."""


def _origin() -> Any:
    """A field for a value's origin, which comparisons ignore."""
    return field(default=None, eq=False, repr=False, kw_only=True)


class _Values:
    """The base of all values: equality ignores where a value was written.

    attrs would compile these methods for every class, which costs a commit hook a millisecond.
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

    If the virtual server's `port` changes after the block, `port` is the earlier one, which Piranha
    keeps for this server although the block does not contain it.
    """

    name: str
    address: str | None = None
    """Address of the real server.

    Value: address; default 0.0.0.0.
    """
    active: bool | None = None
    """Whether Piranha uses the real server.

    Value: boolean, 0 or 1; default 0.
    """
    port: int | None = None
    """Port of the real server; if absent, the virtual server's `port` as set above it.

    Value: port number.
    """
    weight: int | None = None
    """Share of the traffic that the real server gets.

    Value: integer; default 1.
    """
    origin: Origin | None = _origin()


# The two kinds of service share their methods: compiling those of a class of this size is most of
# the cost of importing this module.
@frozen(eq=False, repr=False)
class _Service(_Values):
    """The common part of `virtual` and `failover` blocks: all directives, and servers."""

    name: str
    active: bool | None = None
    """Whether Piranha uses the block.

    Value: boolean, 0 or 1; default 0.
    """
    address: AddressOnDevice | None = None
    """The virtual IP address (VIP) and the alias device that carries it.

    Value: address and device.
    """
    sorry_server: str | None = None
    """Server that gets the traffic while no real server is up (the sorry server).

    Value: address, no host name; default 0.0.0.0.
    """
    vip_nmask: str | None = None
    """Netmask of the VIP; the classful mask if unset.

    Value: netmask; default 0.0.0.0.
    """
    fwmark: int | None = None
    """Firewall mark of the packets to balance, instead of VIP, protocol and port; 0 means none.

    Value: integer; default 0.
    """
    port: int | None = None
    """Port of the virtual server, and of the servers after it that have no port of their own.

    Value: port number or TCP service name; default 80.
    """
    persistent: int | None = None
    """Seconds for which a client stays with its real server; 0 means no persistence.

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
    """What the answer must begin with or match, or what `send_program` must print.

    Value: text, usually quoted.
    """
    use_regex: bool | None = None
    """Whether `expect` is a POSIX extended regular expression.

    Value: boolean, 0 or 1; default 0.
    """
    send_program: str | None = None
    """Program that checks a server; `%h` becomes its address, `%p` its port.

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
    """Seconds for which a failed server must be up before it gets traffic again.

    Value: integer, in seconds; default 180.
    """
    quiesce_server: bool | None = None
    """Whether to set the weight of a failed server to 0 instead of removing it.

    Value: boolean, 0 or 1; default 0.
    """
    client_monitor: str | None = None
    """Program that checks the servers.

    Value: text; default /usr/sbin/nanny.
    """
    master: str | None = None
    """Never used.

    Value: address.
    """
    dirs: tuple[str, ...] | None = None
    """Never used.

    Value: list, [ a b ].
    """
    start_cmd: str | None = None
    """Command that starts a failover service; absolute path, no shell.

    Value: text, usually quoted.
    """
    stop_cmd: str | None = None
    """Command that stops a failover service; absolute path, no shell.

    Value: text, usually quoted.
    """
    servers: tuple[RealServer, ...] = ()
    origin: Origin | None = _origin()


class VirtualServer(_Service):
    """A `virtual` block."""

    __slots__ = ()

    @property
    def effective(self) -> "VirtualServer":
        """The virtual server with Piranha's defaults filled in."""
        return _effective_service(self)


class FailoverService(_Service):
    """A `failover` block, which accepts the same directives as a `virtual` block."""

    __slots__ = ()

    @property
    def effective(self) -> "FailoverService":
        """The failover service with Piranha's defaults filled in."""
        return _effective_service(self)


@frozen(eq=False, repr=False)
class Config(_Values):
    """A whole lvs.cf."""

    serial_no: int | None = None
    """Counter that the GUI increments when it saves; no daemon uses it.

    Value: integer; default 0.
    """
    primary: str | None = None
    """Address of the primary LVS router; the router that owns it is the master.

    Value: address, not 0.0.0.0; default 0.0.0.0.
    """
    primary_private: str | None = None
    """Second heartbeat address of the primary LVS router; the same as `primary` if absent.

    Value: address, not 0.0.0.0; default 0.0.0.0.
    """
    primary_shared: str | None = None
    """Device name of the shared disk on the primary router (with `service = fos`).

    Value: text.
    """
    service: str | None = None
    """Whether Piranha uses the `virtual` blocks (lvs) or the `failover` blocks (fos).

    Value: one of lvs, fos; default lvs.
    """
    rsh_command: str | None = None
    """Command by which nanny asks real servers for their load, with `load_monitor = uptime`.

    Value: text; default rsh.
    """
    backup_active: bool | None = None
    """Whether there is a backup LVS router; only then are heartbeats sent.

    Value: boolean, 0 or 1; default 0.
    """
    backup: str | None = None
    """Address of the backup LVS router; 0.0.0.0 means no backup router.

    Value: address; default 0.0.0.0.
    """
    backup_private: str | None = None
    """Second heartbeat address of the backup LVS router; the same as `backup` if absent.

    Value: address, not 0.0.0.0; default 0.0.0.0.
    """
    backup_shared: str | None = None
    """Device name of the shared disk on the backup router (with `service = fos`).

    Value: text.
    """
    heartbeat: bool | None = None
    """Never used: `backup_active` decides whether heartbeats are sent.

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
    """Seconds without a heartbeat after which the partner is declared dead.

    Value: integer, in seconds; default 5.
    """
    network: str | None = None
    """Forwarding method for all real servers: direct routing, NAT or tunnelling.

    Value: one of direct, nat, tunnel; default nat.
    """
    nat_router: AddressOnDevice | None = None
    """Floating gateway address of the real servers, and its device (with `network = nat`).

    Value: address and device.
    """
    nat_nmask: str | None = None
    """Netmask of `nat_router`; the classful mask if unset.

    Value: netmask; default 0.0.0.0.
    """
    reservation_conflict_action: str | None = None
    """What pulse does if the other router has reserved the shared disk (with `service = fos`).

    Value: one of nothing, preempt.
    """
    debug_level: str | None = None
    """Never used.

    Value: text; default NONE.
    """
    active_cmd: str | None = None
    """Command that pulse runs when the router becomes active; absolute path, no shell.

    Value: text.
    """
    inactive_cmd: str | None = None
    """Command that pulse runs when the router becomes inactive, and when pulse starts or stops;
    absolute path, no shell.

    Value: text.
    """
    monitor_links: int | None = None
    """If not 0, stop services while the router's link is down.

    Value: integer; default 0.
    """
    syncdaemon: bool | None = None
    """Whether to send the connection state to the backup router.

    Value: boolean, 0 or 1; default 0.
    """
    syncd_iface: str | None = None
    """Device for the multicast of the connection state.

    Value: text; default eth0. Since Piranha 0.8.6.
    """
    syncd_id: int | None = None
    """Id of the synchronised pair, modulo 256.

    Value: integer; default 0. Since Piranha 0.8.6.
    """
    tcp_timeout: int | None = None
    """Timeout of idle TCP connections; 0 keeps the kernel's.

    Value: integer, in seconds; default 0. Since Piranha 0.8.6.
    """
    tcpfin_timeout: int | None = None
    """Timeout of TCP connections after a FIN; 0 keeps the kernel's.

    Value: integer, in seconds; default 0. Since Piranha 0.8.6.
    """
    udp_timeout: int | None = None
    """Timeout of UDP exchanges; 0 keeps the kernel's.

    Value: integer, in seconds; default 0. Since Piranha 0.8.6.
    """
    hard_shutdown: bool | None = None
    """Whether lvsd stops every service on the router when one nanny exits.

    Value: boolean, 0 or 1; default 1. Since Piranha 0.8.6.
    """
    ipvsadm: str | None = None
    """Path of the ipvsadm program.

    Value: text; default /sbin/ipvsadm.
    """
    sync: bool | None = None
    """Never used.

    Value: boolean, 0 or 1; default 0.
    """
    virtual_servers: tuple[VirtualServer, ...] = ()
    failover_services: tuple[FailoverService, ...] = ()
    origin: Origin | None = _origin()

    @property
    def effective(self) -> "Config":
        """The configuration that Piranha holds in memory, defaults included.

        A directive that is still None has no default.  For addresses and netmasks, `0.0.0.0` means
        "not set".
        """
        changes = _defaults(self, Scope.GLOBAL)
        if self.primary is not None and self.primary_private is None:
            # Piranha copies both private addresses, even over a backup_private that is set.
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
"""Anything that has directives: the whole file, or a block."""

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
    """Piranha's defaults for the directives that are absent in `values`."""
    return {
        name: default for name, default in DEFAULTS[scope].items() if getattr(values, name) is None
    }


def require_config(value: object) -> None:
    """Check that a value is a configuration, rather than a text or a document.

    Raises:
        TypeError: it is something else.
    """
    if not isinstance(value, Config):
        raise TypeError(
            f"expected a Config, such as lvscf.loads(text) returns, not {type(value).__name__}"
        )
