"""The IPVS tables that were collected on the routers, beside the one that lvs.cf asks for."""

from collections.abc import Iterable, Iterator

from attrs import field

from lvscf.config.ipvs_table import Destination, IpvsService, IpvsTable, table
from lvscf.findings.finding import Severity
from lvscf.hosts.facts import IpvsDestination, IpvsListing, IpvsListingService
from lvscf.hosts.host import Host
from lvscf.hosts.table_differences import ServiceKey, key_of
from lvscf.linter.case import Case
from lvscf.linter.hosts.router_hosts import RouterHost, held_by, router_hosts
from lvscf.shared import ipv4
from lvscf.shared.records import record

"""A mark; or protocol, address and port."""


@record
class RunningService:
    """A service that both lvs.cf and the router's table have."""

    wanted: IpvsService
    there: IpvsListingService
    servers: tuple[tuple[Destination, IpvsDestination], ...]
    """The real servers that both have."""
    absent: tuple[Destination, ...]
    """Those that the table certainly lacks."""
    unknown: tuple[IpvsDestination, ...]
    """Those that only the table has, without the sorry server."""


@record
class RunningTable:
    """The IPVS table of a router, and what lvs.cf has in common with it."""

    router: str
    """For sentences: `router 10.10.1.21`, or `the router` if the file is for both."""
    host: Host
    listing: IpvsListing
    wanted: IpvsTable
    services: tuple[RunningService, ...]
    absent: tuple[IpvsService, ...]
    """The services that the table certainly lacks."""
    unknown: tuple[IpvsListingService, ...]
    """Those that only the table has."""
    may_be_old: bool = field(default=False, kw_only=True)
    """Whether it may be the inactive router, whose table nothing keeps up to date."""
    is_inactive: bool = field(default=False, kw_only=True)
    """Whether the router certainly holds no VIP, so that its table serves no client."""

    @property
    def is_empty(self) -> bool:
        """Whether there is no service at all."""
        return not self.listing.services

    @property
    def severity(self) -> Severity | None:
        """The severity of what differs: only a note if the table may be an old one."""
        return Severity.INFO if self.may_be_old else None


def running_tables(case: Case) -> tuple[RunningTable, ...]:
    """The tables of a case, one for each router of which one was given; shared by all rules.

    There are none if lvs.cf has lines that cannot be read: no router has a table from such a file.
    """
    return case.once(_running_tables)


def compared_tables(case: Case) -> Iterator[RunningTable]:
    """The tables that are to agree with lvs.cf: those of routers that may be active."""
    return (one for one in running_tables(case) if not one.is_empty and not one.is_inactive)


def _running_tables(case: Case) -> tuple[RunningTable, ...]:
    if case.reading.faults or case.config.service != "lvs":
        return ()
    wanted = table(case.as_written)
    found = []
    for router in router_hosts(case):
        host, is_backup = router.host, router.role == "backup"
        listing = _best(host.ipvs)
        if listing is None:
            continue
        vips = _vips(wanted)
        holds = bool(vips & held_by(host).keys())
        inactive = case.backup_in_use and "addresses" in host.complete and not holds
        found.append(
            _compared(
                router,
                listing,
                wanted,
                may_be_old=is_backup and case.backup_in_use and not holds,
                is_inactive=inactive and bool(vips),
            )
        )
    return tuple(found)


def _best(listings: Iterable[IpvsListing]) -> IpvsListing | None:
    """The listing that shows most."""
    return max(
        listings,
        key=lambda one: (one.complete, all(service.scheduler for service in one.services)),
        default=None,
    )


def _vips(wanted: IpvsTable) -> set[str]:
    found = (one.virtual.address for one in wanted.services if one.virtual is not None)
    return {one.address for one in found if one is not None}


def _compared(
    router: RouterHost,
    listing: IpvsListing,
    wanted: IpvsTable,
    *,
    may_be_old: bool,
    is_inactive: bool,
) -> RunningTable:
    there: dict[ServiceKey, IpvsListingService] = {key_of(one): one for one in listing.services}
    services: list[RunningService] = []
    absent: list[IpvsService] = []
    certain = listing.complete
    for one in wanted.services:
        running = there.pop(key_of(one), None)
        if running is not None:
            services.append(_running_service(one, running, certain=listing.complete))
        elif one.fwmark or ipv4.number(one.address) is not None:
            absent.append(one)
        else:
            certain = False  # a host name in lvs.cf may mean any service of the table
    return RunningTable(
        router.name,
        router.host,
        listing,
        wanted,
        tuple(services),
        tuple(absent) if listing.complete else (),
        tuple(there.values()) if certain else (),
        may_be_old=may_be_old,
        is_inactive=is_inactive,
    )


def _running_service(
    wanted: IpvsService, running: IpvsListingService, *, certain: bool
) -> RunningService:
    there = {(one.address, one.port): one for one in running.destinations}
    servers: list[tuple[Destination, IpvsDestination]] = []
    absent: list[Destination] = []
    is_named = False
    for one in wanted.destinations:
        found = there.pop((one.address, one.port), None)
        if found is not None:
            servers.append((one, found))
        elif ipv4.number(one.address) is not None:
            absent.append(one)
        else:
            is_named = True
    sorry = wanted.virtual.sorry_server if wanted.virtual else None
    unknown = tuple(one for one in there.values() if one.address != sorry)
    return RunningService(
        wanted,
        running,
        tuple(servers),
        tuple(absent) if certain else (),
        unknown if certain and not is_named else (),
    )
