"""The IPVS table that lvsd and nanny build on an active LVS router, once all real servers are up.

Facts: how lvsd and nanny call ipvsadm, and what ipvsadm and the kernel reject.  Weights are those
after the slow start.  The table is computed; no kernel is asked.
"""

from enum import Enum

from attrs import field, frozen

from lvscf.config.health_check import port_of
from lvscf.config.model import Config, RealServer, VirtualServer
from lvscf.piranha.limits import GREATEST_WEIGHT, LARGEST_MARK, LARGEST_PORT, LONGEST_SECONDS
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared.records import compared


@compared
@frozen(eq=False, repr=False)
class Destination:
    """A real server in the table of one service."""

    address: str
    port: int
    method: str
    """`Route` (direct routing), `Masq` (NAT), `Tunnel`, or `Local` for the router itself."""
    weight: int
    server: RealServer | None = field(default=None, eq=False, repr=False)
    """The block that it comes from."""


@compared
@frozen(eq=False, repr=False)
class IpvsService:
    """A service in the table."""

    protocol: str
    address: str
    port: int
    fwmark: int
    """0 if packets are selected by address, protocol and port."""
    scheduler: str
    persistent: int
    """Seconds; 0 means no persistence."""
    netmask: str
    """The mask that groups clients for persistence; 255.255.255.255 if each is on its own."""
    destinations: tuple[Destination, ...]
    virtual: VirtualServer | None = field(default=None, eq=False, repr=False)
    """The block that it comes from, with Piranha's defaults."""


class Cause(Enum):
    """Why an entry is missing."""

    REJECTED = "ipvsadm rejects the service"
    SERVICE_EXISTS = "an earlier virtual server has the same service"
    MONITOR_EXISTS = "lvsd monitors the same server already"
    NO_ADDRESS = "the real server has no address"
    PORT = "the port of the real server is out of range"
    WEIGHT = "the weight is too large"
    DESTINATION_EXISTS = "the service has the same destination already"


@compared
@frozen(eq=False, repr=False)
class Missing:
    """An entry that the configuration asks for, but that the table will not have."""

    virtual: VirtualServer
    server: RealServer | None
    """None if it is the whole virtual server."""
    reason: str
    cause: Cause


@compared
@frozen(eq=False, repr=False)
class IpvsTable:
    """Services in the order of the file, and the missing entries."""

    services: tuple[IpvsService, ...]
    missing: tuple[Missing, ...]


_METHODS = {"direct": "Route", "nat": "Masq", "tunnel": "Tunnel"}


def table(config: Config) -> IpvsTable:
    """Return the table that Piranha sets up for a configuration, on the primary router.

    Host names stay names: nothing is resolved.
    """
    return effective_table(config.effective)


def effective_table(config: Config) -> IpvsTable:
    """Return the table for a configuration with effective values.

    Its entries come from the very blocks of `config`.
    """
    if config.service != "lvs":
        return IpvsTable((), ())
    services: list[IpvsService] = []
    missing: list[Missing] = []
    known: set[object] = set()
    monitored: set[object] = set()
    for virtual in config.virtual_servers:
        if not virtual.active:
            continue
        vip = virtual.address.address if virtual.address else UNSET_ADDRESS
        key = virtual.fwmark or (vip, virtual.port, virtual.protocol)
        reason = _refusal(virtual)
        if reason:
            missing.append(Missing(virtual, None, reason, Cause.REJECTED))
            continue
        if key in known:
            missing.append(Missing(virtual, None, _TWICE, Cause.SERVICE_EXISTS))
            continue
        known.add(key)
        destinations: dict[tuple[str, int], Destination] = {}
        for server in filter(_is_active, virtual.servers):
            one = _destination(config, virtual, server)
            there = (one.address, one.port)
            trouble = _trouble(virtual, vip, server, monitored)
            if trouble is None and there in destinations:
                trouble = _THERE, Cause.DESTINATION_EXISTS
            if trouble is not None:
                missing.append(Missing(virtual, server, *trouble))
            else:
                destinations[there] = one
        services.append(_service(virtual, vip, tuple(destinations.values())))
    return IpvsTable(tuple(services), tuple(missing))


_TWICE = "ipvsadm rejects it: the same service already exists"
_THERE = "ipvsadm rejects it: the service already has this destination"


def _is_active(server: RealServer) -> bool:
    return bool(server.active)


def _refusal(virtual: VirtualServer) -> str | None:
    """Why ipvsadm rejects a service; None if it does not."""
    mark, port, persistent = virtual.fwmark or 0, virtual.port or 0, virtual.persistent or 0
    if mark > LARGEST_MARK:
        return f"ipvsadm rejects it: the largest firewall mark is {LARGEST_MARK}"
    if persistent > LONGEST_SECONDS:
        return f"ipvsadm rejects it: persistence lasts at most {LONGEST_SECONDS} seconds"
    if not mark and not 0 <= port <= LARGEST_PORT:
        return f"ipvsadm rejects it: ports are from 0 to {LARGEST_PORT}"
    if not mark and port == 0 and persistent <= 0:
        return "ipvsadm rejects it: port 0 needs persistence"
    return None


def _trouble(
    virtual: VirtualServer, vip: str, server: RealServer, monitored: set[object]
) -> tuple[str, Cause] | None:
    """Why the table does not get a real server, as a reason and its cause; None if it does."""
    port = port_of(virtual, server)
    key = (vip, virtual.port, virtual.protocol, server.address, port)
    if key in monitored:
        return (
            "lvsd does not start a second monitor for the same VIP, ports and address",
            Cause.MONITOR_EXISTS,
        )
    monitored.add(key)
    if server.address == UNSET_ADDRESS:
        return "ipvsadm rejects it: it has no address", Cause.NO_ADDRESS
    if not 0 <= (port or 0) <= LARGEST_PORT:
        return f"ipvsadm rejects it: ports are from 0 to {LARGEST_PORT}", Cause.PORT
    if (server.weight or 0) > GREATEST_WEIGHT:
        return f"ipvsadm rejects it: the largest weight is {GREATEST_WEIGHT}", Cause.WEIGHT
    return None


def _destination(config: Config, virtual: VirtualServer, server: RealServer) -> Destination:
    port = port_of(virtual, server)
    if config.network != "nat" and not virtual.fwmark:
        port = virtual.port  # only NAT can send to another port
    is_router = server.address in (config.primary, config.primary_private)
    return Destination(
        address=server.address or UNSET_ADDRESS,
        port=port or 0,
        method="Local" if is_router else _METHODS[config.network or "nat"],
        weight=max(1, server.weight or 0),
        server=server,
    )


def _service(
    virtual: VirtualServer, vip: str, destinations: tuple[Destination, ...]
) -> IpvsService:
    persistent = max(0, virtual.persistent or 0)
    grouped = persistent and virtual.pmask not in (None, UNSET_ADDRESS)
    return IpvsService(
        protocol=virtual.protocol or "tcp",
        address=vip,
        port=virtual.port or 0,
        fwmark=virtual.fwmark or 0,
        scheduler=virtual.scheduler or "wlc",
        persistent=persistent,
        netmask=str(virtual.pmask) if grouped else "255.255.255.255",
        destinations=destinations,
        virtual=virtual,
    )
