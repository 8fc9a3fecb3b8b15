"""How a router's IPVS table differs from the one that an lvs.cf asks for.

Ports of a mark's real servers count only where they decide anything: with NAT, without
persistence.  Otherwise, the kernel keeps the port to which the client sent its packet, or, with
direct routing and tunnels, never changes it.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from attrs import field, frozen

from lvscf.config.ipvs_table import Destination, IpvsService, IpvsTable
from lvscf.findings.place import Place
from lvscf.hosts.facts import IpvsDestination, IpvsListing, IpvsListingService
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared.records import compared

Kind = Literal[
    "missing-service",
    "extra-service",
    "scheduler",
    "persistence",
    "netmask",
    "one-packet",
    "missing-server",
    "extra-server",
    "port",
    "method",
    "weight",
]

ServiceKey = int | tuple[str, str, int | None]


@compared
@frozen(eq=False, repr=False)
class TableDifference:
    """One thing in which the tables differ."""

    kind: Kind
    service: str
    """`tcp 10.10.1.20:80`, or `mark 80`."""
    server: str | None
    """`10.10.1.31:80`; None if it is about the service as a whole."""
    wanted: str | int | None
    """The lvs.cf's value; None if it has no such service or server."""
    found: str | int | None
    """The table's value; None if it has no such service or server."""
    origin: IpvsService | Destination | None = field(default=None, eq=False, repr=False)
    """What the lvs.cf asks for."""
    place: Place | None = field(default=None, eq=False, repr=False)
    """Where the table shows it; None if it does not."""
    is_down: bool = False
    """Whether a real server that is down explains it."""


def table_differences(wanted: IpvsTable, found: IpvsListing) -> tuple[TableDifference, ...]:
    """All differences: services in the order of the lvs.cf, then those that only the table has.

    Values that the listing does not show are not compared.
    """
    there = {key_of(one): one for one in found.services}
    differences: list[TableDifference] = []
    for service in wanted.services:
        name = name_of(service)
        other = there.pop(key_of(service), None)
        if other is None:
            differences.append(TableDifference("missing-service", name, None, name, None, service))
            continue
        differences += _of_service(name, service, other)
        differences += _of_servers(name, service, other)
    for other in there.values():
        name = name_of(other)
        differences.append(
            TableDifference("extra-service", name, None, None, name, None, other.place)
        )
    return tuple(differences)


def name_of(service: IpvsService | IpvsListingService) -> str:
    """A service in words: `tcp 10.10.1.20:80`, or `mark 80`."""
    if service.fwmark:
        return f"mark {service.fwmark}"
    return f"{service.protocol} {service.address}:{service.port}"


def hides(found: IpvsListing) -> bool:
    """Whether a listing lacks values, or shows names in place of numbers.

    That /proc/net/ip_vs does not show how long persistence lasts does not count; see `hides_times`.
    """
    if not found.complete:
        return True
    return any(
        service.scheduler is None
        or service.port is None
        or any(None in (one.port, one.method, one.weight) for one in service.destinations)
        for service in found.services
    )


def hides_times(found: IpvsListing) -> bool:
    """Whether a listing does not show how long persistence lasts: the kernel counts ticks."""
    return any(service.persistent is None for service in found.services)


def key_of(service: IpvsService | IpvsListingService) -> ServiceKey:
    """What the kernel finds a service by: its mark, or its protocol, address and port."""
    return service.fwmark or (service.protocol, service.address, service.port)


def _of_service(
    name: str, wanted: IpvsService, found: IpvsListingService
) -> Iterator[TableDifference]:
    values: tuple[tuple[Kind, str | int | None, str | int | None], ...] = (
        ("scheduler", wanted.scheduler, found.scheduler),
        ("persistence", wanted.persistent, _persistence(wanted, found)),
        ("netmask", wanted.netmask, found.netmask),
        ("one-packet", "no", "yes" if found.one_packet else "no"),
    )
    for kind, here, there in values:
        if there is not None and here != there:
            yield TableDifference(kind, name, None, here, there, wanted, found.place)


def _persistence(wanted: IpvsService, found: IpvsListingService) -> int | str | None:
    """How long persistence lasts in the table, or None if it may be as long as it should."""
    if found.persistent is None and not wanted.persistent:
        return "unknown"
    return found.persistent


def _of_servers(
    name: str, wanted: IpvsService, found: IpvsListingService
) -> Iterator[TableDifference]:
    pairs, extra = _paired(wanted, found.destinations)
    virtual = wanted.virtual
    quiesces = virtual is not None and bool(virtual.quiesce_server)
    for server, other in pairs:
        here = _shown(server, wanted)
        if other is None:
            yield TableDifference(
                "missing-server", name, here, here, None, server, is_down=not quiesces
            )
            continue
        if _is_other_port(wanted, server, other):
            yield TableDifference("port", name, here, server.port, other.port, server, other.place)
        if server.method != other.method and not {"Local", None} & {server.method, other.method}:
            yield TableDifference(
                "method", name, here, server.method, other.method, server, other.place
            )
        if other.weight is not None and server.weight != other.weight:
            yield TableDifference(
                "weight", name, here, server.weight, other.weight, server, other.place,
                is_down=quiesces and other.weight == 0,
            )  # fmt: skip
    sorry = virtual.sorry_server if virtual is not None else None
    all_down = not any(other is not None and other.weight != 0 for _, other in pairs)
    for other in extra:
        here = _shown(other, wanted)
        is_sorry = all_down and sorry not in (None, UNSET_ADDRESS) and other.address == sorry
        yield TableDifference(
            "extra-server", name, here, None, here, None, other.place, is_down=is_sorry
        )


def _paired(
    wanted: IpvsService, found: Iterable[IpvsDestination]
) -> tuple[list[tuple[Destination, IpvsDestination | None]], list[IpvsDestination]]:
    """The real servers that were asked for, each with the listed one; and those that are left."""
    left: dict[str, list[IpvsDestination]] = {}
    for one in found:
        left.setdefault(one.address, []).append(one)
    pairs: list[tuple[Destination, IpvsDestination | None]] = []
    unmatched: list[int] = []
    for server in wanted.destinations:
        same = [one for one in left.get(server.address, ()) if one.port == server.port]
        if same:
            left[server.address].remove(same[0])
        else:
            unmatched.append(len(pairs))
        pairs.append((server, same[0] if same else None))
    for number in unmatched:
        server = pairs[number][0]
        others = left.get(server.address)
        if others:
            pairs[number] = server, others.pop(0)
    return pairs, [one for several in left.values() for one in several]


def _is_other_port(wanted: IpvsService, server: Destination, found: IpvsDestination) -> bool:
    if found.port is None or server.port == found.port:
        return False
    if not wanted.fwmark:
        return True
    if server.method in ("Route", "Tunnel") or wanted.persistent:
        return False
    # A port of 0 keeps the client's, which is the virtual server's unless the mark has several.
    return 0 not in (server.port, found.port) or (server.port or found.port) != wanted.port


def _shown(one: Destination | IpvsDestination, service: IpvsService) -> str:
    return one.address if service.fwmark else f"{one.address}:{one.port}"
