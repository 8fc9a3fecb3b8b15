"""The virtual servers that keepalived gets, and what is left out of them."""

from enum import Enum

from lvscf.config.health_check import port_of
from lvscf.config.ipvs_table import (
    Cause,
    Destination,
    IpvsService,
    IpvsTable,
    Missing,
    effective_table,
)
from lvscf.config.model import Config, RealServer, VirtualServer
from lvscf.keepalived.checks import Check, Form, check_of
from lvscf.keepalived.targets import Target
from lvscf.piranha.limits import LARGEST_PORT
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared.records import record


class Reason(Enum):
    """Why a virtual server or a real server is left out."""

    REJECTED = "ipvsadm rejects the service"
    SERVICE_EXISTS = "an earlier virtual server has the same service"
    NO_VIP = "it has no VIP"
    NO_INTERVAL = "its timeout is not positive"
    NO_SERVERS = "it has no real server"
    MONITOR_EXISTS = "lvsd does not monitor the same server twice"
    SAME_DESTINATION = "the service has the same destination already"
    SAME_WITHOUT_PORT = "destinations of a firewall mark have no port"
    NO_ADDRESS = "it has no address"
    PORT = "its port is out of range"
    PORT_ZERO = "port 0 is never up"
    WEIGHT = "its weight is too large"


_REASONS = {
    Cause.REJECTED: Reason.REJECTED,
    Cause.SERVICE_EXISTS: Reason.SERVICE_EXISTS,
    Cause.MONITOR_EXISTS: Reason.MONITOR_EXISTS,
    Cause.NO_ADDRESS: Reason.NO_ADDRESS,
    Cause.PORT: Reason.PORT,
    Cause.WEIGHT: Reason.WEIGHT,
    Cause.DESTINATION_EXISTS: Reason.SAME_DESTINATION,
}


FROM_THE_TABLE = frozenset(_REASONS.values())
"""Reasons for which Piranha's own table lacks the entry."""


@record
class Omission:
    """A virtual server, or one of its real servers, that is left out."""

    virtual: VirtualServer
    server: RealServer | None
    reason: Reason
    detail: str
    """What Piranha's programs say to it, in words."""


@record
class Server:
    """A real server of a service."""

    server: RealServer
    address: str
    port: int | None
    """None if keepalived takes it without one."""
    checked_port: int
    weight: int

    @property
    def connect_port(self) -> int | None:
        """The port for the checker; None if it is the real server's own."""
        return None if self.checked_port == self.port else self.checked_port


@record
class BalancedService:
    """A virtual server of keepalived."""

    virtual: VirtualServer
    entry: IpvsService
    servers: tuple[Server, ...]
    check: Check
    sorry_server: str | None
    sorry_port: int | None
    sorry_clashes: bool = False
    """Whether `sorry_server` is left out, because it is one of the real servers."""


@record
class Services:
    """All virtual servers, and what is left out."""

    balanced: tuple[BalancedService, ...]
    omitted: tuple[Omission, ...]
    table: IpvsTable


def services(config: Config, native: bool, target: Target) -> Services:
    """The virtual servers for a configuration with effective values."""
    whole = effective_table(config)
    omitted = [_omission(one) for one in whole.missing]
    balanced = []
    for entry in whole.services:
        virtual = entry.virtual
        if virtual is None:
            continue
        reason = _unfit(virtual)
        if reason is not None:
            omitted.append(Omission(virtual, None, reason, reason.value))
            continue
        check = check_of(virtual, native, target)
        servers = _servers(entry, virtual, check, target, omitted)
        if not servers:
            omitted.append(Omission(virtual, None, Reason.NO_SERVERS, Reason.NO_SERVERS.value))
            continue
        balanced.append(_balanced(virtual, entry, servers, check, target))
    return Services(tuple(balanced), tuple(omitted), whole)


def _omission(one: Missing) -> Omission:
    return Omission(one.virtual, one.server, _REASONS[one.cause], one.reason)


def _unfit(virtual: VirtualServer) -> Reason | None:
    """Why a service in Piranha's table is left out; None if it is not."""
    vip = virtual.address.address if virtual.address else UNSET_ADDRESS
    if vip == UNSET_ADDRESS and not virtual.fwmark:
        return Reason.NO_VIP
    if (virtual.timeout or 0) <= 0:
        return Reason.NO_INTERVAL
    return None


def _servers(
    entry: IpvsService,
    virtual: VirtualServer,
    check: Check,
    target: Target,
    omitted: list[Omission],
) -> tuple[Server, ...]:
    """The real servers of a service; the others are added to `omitted`."""
    kept: list[Server] = []
    there: set[tuple[str, int | None]] = set()
    for destination in entry.destinations:
        server = destination.server
        if server is None:
            continue
        one = _server(entry, virtual, destination, server, target)
        reason = None
        if one.checked_port == 0 and check.health.kind != "program":
            reason = Reason.PORT_ZERO
        elif (one.address, one.port) in there:
            reason = Reason.SAME_WITHOUT_PORT
        if reason is not None:
            omitted.append(Omission(virtual, server, reason, reason.value))
            continue
        there.add((one.address, one.port))
        kept.append(one)
    return tuple(kept)


def _server(
    entry: IpvsService,
    virtual: VirtualServer,
    destination: Destination,
    server: RealServer,
    target: Target,
) -> Server:
    has_port = not entry.fwmark or target.wants_ports_with_marks
    return Server(
        server,
        destination.address,
        destination.port if has_port else None,
        port_of(virtual, server) or 0,
        destination.weight,
    )


def _balanced(
    virtual: VirtualServer,
    entry: IpvsService,
    servers: tuple[Server, ...],
    check: Check,
    target: Target,
) -> BalancedService:
    sorry = virtual.sorry_server
    if sorry in (None, UNSET_ADDRESS):
        return BalancedService(virtual, entry, servers, check, None, None)
    # lvsd gives it the virtual server's port.
    port = virtual.port or 0
    has_port = not entry.fwmark or target.wants_ports_with_marks
    shown = port if has_port else None
    clashes = any((one.address, one.port) == (sorry, shown) for one in servers)
    if entry.fwmark and not 0 <= port <= LARGEST_PORT:
        clashes = True  # ipvsadm rejects it
    return BalancedService(
        virtual, entry, servers, check, None if clashes else sorry, shown, clashes
    )


def uses_scripts(balanced: tuple[BalancedService, ...]) -> bool:
    """Whether a check of these services is a script."""
    return any(one.check.form is Form.SCRIPT for one in balanced)
