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
    active: bool | None = None
    port: int | None = None
    weight: int | None = None
    origin: Origin | None = _origin()


# Making the methods of a class of this size is what importing this module costs, so the two kinds
# of service share them.
@frozen(eq=False, repr=False)
class _Service(_Values):
    """What `virtual` and `failover` blocks have in common: all directives, and servers."""

    name: str
    active: bool | None = None
    address: AddressOnDevice | None = None
    sorry_server: str | None = None
    vip_nmask: str | None = None
    fwmark: int | None = None
    port: int | None = None
    persistent: int | None = None
    pmask: str | None = None
    send: str | None = None
    expect: str | None = None
    use_regex: bool | None = None
    send_program: str | None = None
    load_monitor: str | None = None
    scheduler: str | None = None
    protocol: str | None = None
    timeout: int | None = None
    reentry: int | None = None
    quiesce_server: bool | None = None
    client_monitor: str | None = None
    master: str | None = None
    dirs: tuple[str, ...] | None = None
    start_cmd: str | None = None
    stop_cmd: str | None = None
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
    primary: str | None = None
    primary_private: str | None = None
    primary_shared: str | None = None
    service: str | None = None
    rsh_command: str | None = None
    backup_active: bool | None = None
    backup: str | None = None
    backup_private: str | None = None
    backup_shared: str | None = None
    heartbeat: bool | None = None
    heartbeat_port: int | None = None
    keepalive: int | None = None
    deadtime: int | None = None
    network: str | None = None
    nat_router: AddressOnDevice | None = None
    nat_nmask: str | None = None
    reservation_conflict_action: str | None = None
    debug_level: str | None = None
    active_cmd: str | None = None
    inactive_cmd: str | None = None
    monitor_links: int | None = None
    syncdaemon: bool | None = None
    syncd_iface: str | None = None
    syncd_id: int | None = None
    tcp_timeout: int | None = None
    tcpfin_timeout: int | None = None
    udp_timeout: int | None = None
    hard_shutdown: bool | None = None
    ipvsadm: str | None = None
    sync: bool | None = None
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
