"""LVS442-LVS444 and LVS447: the real servers in a router's IPVS table."""

from collections.abc import Iterator

from lvscf.config.ipvs_table import Cause, Destination
from lvscf.config.model import RealServer, VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.hosts.facts import IpvsDestination
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts.named_hosts import MOST_NAMED
from lvscf.linter.hosts.running_tables import RunningService, RunningTable, compared_tables
from lvscf.linter.rules.running_table.services import BY_HAND, RELOAD
from lvscf.source import displayable, quoted

_SLOWEST = 32
"""nanny begins with this fraction of the weight."""
_LOADED = 10
"""With `load_monitor`, nanny raises a weight to at most this multiple."""
_UNWEIGHTED = ("rr", "lc")
"""Schedulers to which all weights above 0 are the same."""
_METHODS = {"Route": "direct", "Masq": "nat", "Tunnel": "tunnel"}


@rule("LVS442", "server-not-in-table", Severity.WARNING, also=(Severity.INFO,))
def server_not_in_table(case: Case) -> Iterator[Problem]:
    """A real server that the router's IPVS table does not have.

    What:
        The IPVS table of a router was given.  It has the virtual server, but lacks one of its active
        real servers, or has it with another port.  A warning; a note if the table is that of the
        backup router, which may be an old one, or if lvsd does not start a check for this real
        server because it is a duplicate.

    Why:
        The real server gets no requests.  nanny adds it after its first successful check, and
        removes it when a check fails, so the most likely cause is the check.

    Example:
          primary = 10.10.1.21
          network = direct
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.10.1.31
              }
              server two {
                  active = 1
                  address = 10.10.1.32
              }
          }
          --- router 10.10.1.21
          -A -t 10.10.1.20:80 -s wlc
          -a -t 10.10.1.20:80 -r 10.10.1.31:80 -g -w 1
        + -a -t 10.10.1.20:80 -r 10.10.1.32:80 -g -w 1
    """
    for table in compared_tables(case):
        for service in table.services:
            virtual = service.wanted.virtual
            if virtual is None or not service.absent:
                continue
            if _has_no_server(service):
                yield _all_absent(case, table, service, virtual)
                continue
            elsewhere = {one.address: one for one in service.unknown}
            for one in service.absent:
                yield _absent(case, table, service, one, elsewhere.get(one.address))
        yield from _duplicates(case, table)


_TRY_CHECK = (
    "Make the check by hand from the router, and look for nanny's messages in /var/log/messages. "
    f"{RELOAD}"
)


def _has_no_server(service: RunningService) -> bool:
    """Whether a service of several real servers has none of them, at most the sorry server."""
    return len(service.absent) > 1 and not service.servers and not service.unknown


def _all_absent(
    case: Case, table: RunningTable, service: RunningService, virtual: VirtualServer
) -> Problem:
    if service.there.destinations:
        message = (
            f"The IPVS table of {table.router} has only the sorry server for {quoted(virtual.name)}. "
            "lvsd adds it when the checks of all real servers have failed."
        )
    else:
        message = (
            f"The IPVS table of {table.router} has no real server for {quoted(virtual.name)}: IPVS "
            f"refuses its clients. {_why_absent(virtual, 'All checks')}."
        )
    return Problem(
        at=case.name_of(virtual),
        message=message,
        help=_TRY_CHECK,
        related=((service.there.place, "the service in the table"),),
        severity=table.severity,
    )


def _absent(
    case: Case,
    table: RunningTable,
    service: RunningService,
    one: Destination,
    elsewhere: IpvsDestination | None,
) -> Problem:
    virtual, server = service.wanted.virtual, one.server
    assert virtual is not None
    assert server is not None
    if elsewhere is not None:
        return Problem(
            at=case.place_of(server, "port"),
            message=f"Real server {quoted(server.name)} of {quoted(virtual.name)} has port "
            f"{one.port} in lvs.cf, but port {elsewhere.port} in the IPVS table of {table.router}.",
            help=BY_HAND,
            related=((elsewhere.place, "the real server in the table"),),
            severity=table.severity,
        )
    return Problem(
        at=case.place_of(server, "address"),
        message=f"The IPVS table of {table.router} lacks real server {quoted(server.name)} of "
        f"{quoted(virtual.name)}, so it gets no requests. {_why_absent(virtual, 'Its check')}.",
        help=_TRY_CHECK,
        related=((service.there.place, "the virtual server in the table"),),
        severity=table.severity,
    )


def _why_absent(virtual: VirtualServer, check: str) -> str:
    verb = "have" if check.endswith("s") else "has"
    if virtual.quiesce_server:
        return f"{check} {verb} never succeeded, or the table is older than lvs.cf"
    return f"{check} probably failed, or the table is older than lvs.cf"


def _duplicates(case: Case, table: RunningTable) -> Iterator[Problem]:
    """Real servers for which lvsd starts no nanny, because it has started the same before."""
    running = {id(one.wanted.virtual): one.there for one in table.services}
    for missing in table.wanted.missing:
        server, there = missing.server, running.get(id(missing.virtual))
        if missing.cause is not Cause.MONITOR_EXISTS or server is None or there is None:
            continue
        if all(one.address != server.address for one in there.destinations):
            yield Problem(
                at=case.place_of(server, "address"),
                message=f"The IPVS table of {table.router} lacks this real server. lvsd does not "
                "start a second nanny for the same VIP, ports and address.",
                help="Give the two virtual servers different ports.",
                related=((there.place, "the virtual server in the table"),),
                severity=Severity.INFO,
            )


@rule("LVS443", "server-not-in-file", Severity.WARNING, also=(Severity.INFO,))
def server_not_in_file(case: Case) -> Iterator[Problem]:
    """A real server in the router's IPVS table that lvs.cf does not have.

    What:
        The IPVS table of a router was given, and a virtual server has a real server there that is
        not an active one of lvs.cf, nor the sorry server.  A warning; a note if the table is that of
        the backup router, which may be an old one.

    Why:
        It gets requests, but nothing checks it: when it fails, its share of the clients fails too.

    Example:
          primary = 10.10.1.21
          network = direct
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.10.1.31
              }
          }
          --- router 10.10.1.21
          -A -t 10.10.1.20:80 -s wlc
          -a -t 10.10.1.20:80 -r 10.10.1.31:80 -g -w 1
        - -a -t 10.10.1.20:80 -r 10.10.1.39:80 -g -w 1
    """
    for table in compared_tables(case):
        for service in table.services:
            virtual = service.wanted.virtual
            if virtual is None:
                continue
            expected = {one.address for one in service.absent}
            found = [one for one in service.unknown if one.address not in expected]
            for one in found if len(found) <= MOST_NAMED else found[:1]:
                yield _unknown(case, table, virtual, one, len(found))


def _unknown(
    case: Case, table: RunningTable, virtual: VirtualServer, one: IpvsDestination, total: int
) -> Problem:
    inactive = next((server for server in virtual.servers if server.address == one.address), None)
    more = f" {total - 1} more are not in lvs.cf either." if total > MOST_NAMED else ""
    name = _shown(one)
    if inactive is not None and not inactive.active:
        return Problem(
            at=case.place_of(inactive, "active"),
            message=f"Real server {quoted(inactive.name)} is not active in lvs.cf, but it gets "
            f"requests: the IPVS table of {table.router} has {name} for {quoted(virtual.name)}.{more}",
            help=RELOAD,
            related=((one.place, "the real server in the table"),),
            severity=table.severity,
        )
    return Problem(
        at=case.name_of(virtual),
        message=f"The IPVS table of {table.router} has {name} for {quoted(virtual.name)}, which "
        f"lvs.cf does not have: it gets requests, but nothing checks it.{more}",
        help="Add a `server` block for it. If it was removed from lvs.cf, run `service pulse restart` "
        "on the active router: a reload deletes the whole service instead.",
        related=((one.place, "the real server in the table"),),
        severity=table.severity,
    )


@rule("LVS444", "weight-differs", Severity.WARNING, also=(Severity.INFO,))
def weight_differs(case: Case) -> Iterator[Problem]:
    """The router's IPVS table has another weight than lvs.cf.

    What:
        The IPVS table of a router was given, and a real server has a weight there that Piranha does
        not set: nanny begins with a 32nd of the weight and doubles it; with `quiesce_server`, a
        failed server has 0; with `load_monitor`, it may have up to ten times its weight.  A warning;
        a note if the scheduler ignores the difference, or if the table is that of the backup router,
        which may be an old one.

    Why:
        Requests are distributed by the weights in the table.  With weight 0, a real server gets no
        new connections.  Once nanny has reached the weight in lvs.cf, it does not set it again.

    Example:
          primary = 10.10.1.21
          network = direct
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.10.1.31
        -         weight = 1
        +         weight = 3
              }
          }
          --- router 10.10.1.21
          -A -t 10.10.1.20:80 -s wlc
          -a -t 10.10.1.20:80 -r 10.10.1.31:80 -g -w 3
    """
    for table in compared_tables(case):
        for service in table.services:
            virtual = service.wanted.virtual
            for wanted, there in service.servers:
                server = wanted.server
                if virtual is None or server is None or there.weight is None:
                    continue
                if not _is_set_by_piranha(virtual, wanted.weight, there.weight):
                    yield _weight(case, table, virtual, server, wanted.weight, there)


def _is_set_by_piranha(virtual: VirtualServer, wanted: int, there: int) -> bool:
    """Whether nanny sets a weight at some time."""
    if there == 0:
        return bool(virtual.quiesce_server)
    if virtual.load_monitor not in (None, "none") and wanted <= there <= _LOADED * wanted:
        return True
    weight = max(1, wanted // _SLOWEST)
    while weight < wanted:
        if there == weight:
            return True
        weight *= 2
    return there == wanted


def _weight(
    case: Case,
    table: RunningTable,
    virtual: VirtualServer,
    server: RealServer,
    wanted: int,
    there: IpvsDestination,
) -> Problem:
    harmless = there.weight and virtual.scheduler in _UNWEIGHTED
    effect = ""
    if there.weight == 0:
        effect = " It gets no new connections."
    elif harmless:
        effect = f" `{virtual.scheduler}` ignores the difference."
    return Problem(
        at=case.place_of(server, "weight"),
        message=f"Real server {quoted(server.name)} of {quoted(virtual.name)} has weight {wanted} in "
        f"lvs.cf, but {there.weight} in the IPVS table of {table.router}.{effect}",
        help=BY_HAND,
        related=((there.place, "the real server in the table"),),
        severity=Severity.INFO if harmless else table.severity,
    )


@rule("LVS447", "forwarding-method-differs", Severity.WARNING, also=(Severity.INFO,))
def forwarding_method_differs(case: Case) -> Iterator[Problem]:
    """The router's IPVS table has another forwarding method than lvs.cf.

    What:
        The IPVS table of a router was given, and real servers have another forwarding method there
        than that of `network`.  A warning; a note if the table is that of the backup router, which
        may be an old one.

    Why:
        Each method needs a different setup of the real servers: a gateway for NAT, the VIP for
        direct routing, a tunnel device for tunnelling.  After the next takeover, they are used by
        the method in lvs.cf.

    Example:
          primary = 10.10.1.21
        - network = nat
        + network = direct
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.10.1.31
              }
          }
          --- router 10.10.1.21
          -A -t 10.10.1.20:80 -s wlc
          -a -t 10.10.1.20:80 -r 10.10.1.31:80 -g -w 1
    """
    for table in compared_tables(case):
        others = [
            there
            for service in table.services
            for wanted, there in service.servers
            if there.method in _METHODS
            and wanted.method != there.method
            and wanted.address not in case.router_addresses
        ]
        if not others:
            continue
        method = others[0].method
        assert method is not None
        number = "one real server" if len(others) == 1 else f"{len(others)} real servers"
        yield Problem(
            at=case.place_of(case.config, "network"),
            message=f"lvs.cf has `network = {case.config.network}`, but in the IPVS table of "
            f"{table.router}, {number} {'has' if len(others) == 1 else 'have'} the method {method} "
            f"(`{_METHODS[method]}`).",
            help=BY_HAND,
            related=((others[0].place, "a real server in the table"),),
            severity=table.severity,
        )


def _shown(one: IpvsDestination) -> str:
    port = "" if one.port is None else f":{one.port}"
    return displayable(f"{one.address}{port}")


RULES: tuple[CaseRule, ...] = (
    server_not_in_table,
    server_not_in_file,
    weight_differs,
    forwarding_method_differs,
)
