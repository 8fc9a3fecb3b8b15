"""LVS440, LVS441 and LVS445-LVS448: the services in a router's IPVS table."""

from collections.abc import Iterator

from lvscf.config.ipvs_table import Cause, IpvsService
from lvscf.config.model import VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.hosts.facts import IpvsListingService
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts.named_hosts import MOST_NAMED, listed
from lvscf.linter.hosts.running_tables import RunningTable, compared_tables, running_tables
from lvscf.source import quoted

RELOAD = (
    "If lvs.cf is newer than the table, run `service pulse reload` on the active router; a new VIP "
    "needs `service pulse restart`."
)
RESTART = (
    "If lvs.cf is newer than the table, run `service pulse restart` on the active router: a reload "
    "does not change a service that stays active."
)
BY_HAND = f"{RESTART} If it was changed with ipvsadm, write the value in lvs.cf too."


@rule("LVS440", "service-not-in-table", Severity.WARNING, also=(Severity.INFO,))
def service_not_in_table(case: Case) -> Iterator[Problem]:
    """A virtual server that the router's IPVS table does not have.

    What:
        The IPVS table of a router was given (`ipvsadm -Ln`, `ipvsadm -Sn` or /proc/net/ip_vs), and
        it lacks an active virtual server.  A warning; a note if the table is that of the backup
        router, which may be an old one, or if ipvsadm rejects the virtual server because another
        one has the same address or mark.

    Why:
        Clients of this virtual server are not balanced: the router answers or refuses them itself.
        lvsd sets up the table when the router becomes active and when pulse is reloaded, so the
        file may just be newer than the table.

    Example:
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              port = 80
          }
          virtual shop {
              active = 1
              address = 10.10.1.20 eth0:1
              port = 443
          }
          --- router 10.10.1.21
          IP Virtual Server version 1.2.1 (size=4096)
          Prot LocalAddress:Port Scheduler Flags
            -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
          TCP  10.10.1.20:80 wlc
        + TCP  10.10.1.20:443 wlc
    """
    for table in compared_tables(case):
        if len(table.absent) > 1 and not table.services:
            names = [one.virtual.name for one in table.absent if one.virtual is not None]
            yield Problem(
                at=_service_of(case, table.absent[0]),
                message=f"The IPVS table of {table.router} has other services, but none of those in "
                f"lvs.cf ({listed([*map(str, names)])}).",
                help=RELOAD,
                related=((table.listing.place, "the table"),),
                severity=table.severity,
            )
            continue
        for service in table.absent:
            yield Problem(
                at=_service_of(case, service),
                message=f"The IPVS table of {table.router} lacks {_named(service)}: its clients are "
                "not balanced.",
                help=RELOAD,
                related=((table.listing.place, "the table"),),
                severity=table.severity,
            )
        yield from _rejected(case, table)


def _rejected(case: Case, table: RunningTable) -> Iterator[Problem]:
    """Services that cannot be there beside an earlier one."""
    running = {_identity(one.wanted): one.there for one in table.services}
    for missing in table.wanted.missing:
        virtual = missing.virtual
        if missing.cause is not Cause.SERVICE_EXISTS or missing.server is not None:
            continue
        first = running.get(_identity(virtual))
        if first is not None:
            what = f"mark {virtual.fwmark}" if virtual.fwmark else "this address and port"
            yield Problem(
                at=case.name_of(virtual),
                message=f"The IPVS table of {table.router} has {what} only once, for the first "
                "virtual server that has it. ipvsadm rejected this one.",
                help="Merge the two blocks, or change one of them; then run `service pulse restart`.",
                related=((first.place, "the service that is there"),),
                severity=Severity.INFO,
            )


def _identity(service: IpvsService | VirtualServer) -> object:
    if service.fwmark:
        return service.fwmark
    address = service.address
    if isinstance(service, VirtualServer):
        address = service.address.address if service.address else None
    return address, service.port, service.protocol


@rule("LVS441", "service-not-in-file", Severity.WARNING, also=(Severity.INFO,))
def service_not_in_file(case: Case) -> Iterator[Problem]:
    """A service in the router's IPVS table that lvs.cf does not have.

    What:
        The IPVS table of a router was given, and it has a service that no active virtual server of
        lvs.cf stands for.  A warning; a note if the table is that of the backup router, which may be
        an old one.

    Why:
        Nothing checks its real servers, and it is gone after the next takeover: lvsd clears the
        table when a router becomes active.

    Example:
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              port = 80
          }
          --- router 10.10.1.21
          -A -t 10.10.1.20:80 -s wlc
        - -A -t 10.10.1.20:443 -s wlc
    """
    for table in compared_tables(case):
        shown = table.unknown if len(table.unknown) <= MOST_NAMED else table.unknown[:1]
        for service in shown:
            inactive = _inactive(case, service)
            more = len(table.unknown) - len(shown)
            others = f" {more} more services are not in lvs.cf either." if more else ""
            if inactive is not None:
                yield Problem(
                    at=case.place_of(inactive, "active"),
                    message=f"This virtual server is not active in lvs.cf, but the IPVS table of "
                    f"{table.router} has {_shown(service)}.{others}",
                    help=RELOAD,
                    related=((service.place, "the service"),),
                    severity=table.severity,
                )
                continue
            yield Problem(
                at=service.place or case.first_line(),
                message=f"lvs.cf has no active virtual server for {_shown(service)}, which is in the "
                f"IPVS table of {table.router}: lvsd removes it when a router becomes active."
                f"{others}",
                help="Add it to lvs.cf, or remove it: lvsd owns the whole table. If lvs.cf is newer "
                "than the table, run `service pulse reload` on the active router.",
                severity=table.severity,
            )


def _inactive(case: Case, service: IpvsListingService) -> VirtualServer | None:
    """The inactive block for a service."""
    for virtual in case.config.virtual_servers:
        if virtual.active or virtual.address is None:
            continue
        same = (virtual.protocol, virtual.address.address, virtual.port)
        if (virtual.fwmark or 0) == service.fwmark and (
            service.fwmark or same == (service.protocol, service.address, service.port)
        ):
            return virtual
    return None


@rule("LVS445", "scheduler-differs", Severity.WARNING, also=(Severity.INFO,))
def scheduler_differs(case: Case) -> Iterator[Problem]:
    """The router's IPVS table has another scheduler than lvs.cf.

    What:
        The IPVS table of a router was given, and a virtual server has another scheduler there.  A
        warning; a note if the table is that of the backup router, which may be an old one.

    Why:
        Connections are distributed by the table, not by the file.  pulse does not change the
        scheduler of a running service, not even on a reload.

    Example:
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
        -     scheduler = wlc
        +     scheduler = rr
          }
          --- router 10.10.1.21
          -A -t 10.10.1.20:80 -s rr
    """
    for table in compared_tables(case):
        for one in table.services:
            wanted, there = one.wanted, one.there
            virtual = wanted.virtual
            if virtual is None or there.scheduler in (None, wanted.scheduler):
                continue
            yield Problem(
                at=case.place_of(virtual, "scheduler"),
                message=f"The scheduler of {quoted(virtual.name)} is `{wanted.scheduler}` in lvs.cf, "
                f"but {quoted(str(there.scheduler))} in the IPVS table of {table.router}.",
                help=BY_HAND,
                related=((there.place, "the service in the table"),),
                severity=table.severity,
            )


@rule("LVS446", "persistence-differs", Severity.WARNING, also=(Severity.INFO,))
def persistence_differs(case: Case) -> Iterator[Problem]:
    """The router's IPVS table has another persistence than lvs.cf.

    What:
        The IPVS table of a router was given, and a virtual server has another `persistent` or
        `pmask` there.  A warning; a note if the table is that of the backup router, which may be an
        old one.

    Why:
        How long a client stays with one real server, and which clients stay together, is decided by
        the table.  pulse does not change this of a running service, not even on a reload.

    Example:
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
        +     persistent = 300
          }
          --- router 10.10.1.21
          -A -t 10.10.1.20:80 -s wlc -p 300
    """
    for table in compared_tables(case):
        for one in table.services:
            wanted, there = one.wanted, one.there
            virtual = wanted.virtual
            if virtual is None:
                continue
            if there.persistent is not None and there.persistent != wanted.persistent:
                name = "persistent"
                difference = (
                    f"{_lasting(wanted.persistent)} in lvs.cf, but {_lasting(there.persistent)}"
                )
            elif wanted.persistent and there.persistent != 0 and _masks_differ(wanted, there):
                name = "pmask"
                difference = (
                    f"grouped by {wanted.netmask} in lvs.cf, but by {quoted(there.netmask)}"
                )
            else:
                continue
            yield Problem(
                at=case.place_of(virtual, name),
                message=f"Clients of {quoted(virtual.name)} are {difference} in the IPVS table of "
                f"{table.router}.",
                help=BY_HAND,
                related=((there.place, "the service in the table"),),
                severity=table.severity,
            )


def _masks_differ(wanted: IpvsService, there: IpvsListingService) -> bool:
    return there.scheduler is not None and there.netmask != wanted.netmask


def _lasting(seconds: int) -> str:
    return f"persistent for {seconds} seconds" if seconds else "not persistent"


@rule("LVS448", "table-not-in-use", Severity.INFO, also=(Severity.WARNING,))
def table_not_in_use(case: Case) -> Iterator[Problem]:
    """A router's IPVS table is empty, or serves no client.

    What:
        The IPVS table of a router was given.  It has no service, although lvs.cf has active virtual
        servers; or it has services although the router certainly holds no VIP.  A warning if no
        other router can be the active one, or if both routers' tables have services; otherwise a
        note.

    Why:
        On the inactive router of a pair, an empty table is normal, and one that was left over does
        no harm: lvsd clears it when the router becomes active.  But a single router with an empty
        table serves no one, and two routers with services are both active, unless the files are from
        before and after a takeover.

    Example:
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              port = 80
          }
          --- router 10.10.1.21
          IP Virtual Server version 1.2.1 (size=4096)
          Prot LocalAddress:Port Scheduler Flags
            -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
        + TCP  10.10.1.20:80 wlc
    """
    tables = running_tables(case)
    if not tables or not tables[0].wanted.services:
        return
    empty = [one for one in tables if one.is_empty and one.listing.complete]
    in_use = [one for one in tables if not one.is_empty and not one.is_inactive and one.services]
    for table in tables:
        if not table.is_empty and table.is_inactive:
            yield Problem(
                at=_router_place(case, table),
                message=f"The IPVS table of {table.router} has services, but none of its addresses is "
                "a VIP: it is the inactive router, and its table was not compared with lvs.cf.",
                help="Give the table of the active router.",
                related=((table.listing.place, "the table"),),
            )
    if empty and not in_use and (not case.backup_in_use or len(empty) > 1):
        which = "of both routers" if len(empty) > 1 else f"of {empty[0].router}"
        yield Problem(
            at=_router_place(case, empty[0]),
            message=f"The IPVS table {which} is empty: no virtual server of lvs.cf is set up, and no "
            "client is served.",
            help="Check that pulse and lvsd are running (`service pulse status`), and look for their "
            "messages in /var/log/messages.",
            related=tuple((one.listing.place, "the empty table") for one in empty),
            severity=Severity.WARNING,
        )
    elif empty and not in_use and len(tables) == 1:
        yield Problem(
            at=_router_place(case, empty[0]),
            message=f"The IPVS table of {empty[0].router} is empty: it is the inactive router, or "
            "lvsd is not running there.",
            help="Give the table of the other router, too.",
            related=((empty[0].listing.place, "the empty table"),),
        )
    if len(in_use) > 1 and case.backup_in_use:
        yield Problem(
            at=_router_place(case, in_use[1]),
            message="The IPVS tables of both routers have services of lvs.cf: both routers are "
            "active, or the files are from before and after a takeover.",
            help="On both routers, check at the same time whether the VIPs are up: `ip addr`.",
            related=tuple((one.listing.place, f"the table of {one.router}") for one in in_use),
            severity=Severity.WARNING,
        )


def _router_place(case: Case, table: RunningTable) -> Place:
    """Where lvs.cf names the router."""
    name = case.router_addresses.get(table.host.name or "", "primary")
    return case.place_of(case.config, name)


def _service_of(case: Case, service: IpvsService) -> Place:
    """Where lvs.cf identifies a service: its mark or its port."""
    assert service.virtual is not None
    return case.place_of(service.virtual, "fwmark" if service.fwmark else "port")


def _named(service: IpvsService) -> str:
    name = quoted(service.virtual.name) if service.virtual and service.virtual.name else "it"
    return f"{name} ({_shown(service)})"


def _shown(service: IpvsService | IpvsListingService) -> str:
    if service.fwmark:
        return f"mark {service.fwmark}"
    port = "" if service.port is None else f":{service.port}"
    return f"{service.address}{port}/{service.protocol}"


RULES: tuple[CaseRule, ...] = (
    service_not_in_table,
    service_not_in_file,
    scheduler_differs,
    persistence_differs,
    table_not_in_use,
)
