"""LVS3: virtual servers, and what ipvsadm will be told of them."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.config.health_check import port_of
from lvscf.config.model import VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.consequences import cascade
from lvscf.source import quoted


@rule("LVS301", "missing-address", Severity.ERROR)
def missing_address(case: Case) -> Iterator[Problem]:
    """An active service or real server without an address.

    What:
        An active virtual server, failover service or real server has no `address`.

    Why:
        Without a VIP, lvsd adds a service for 0.0.0.0, and the address is brought up nowhere.  A
        real server without an address makes nanny check the router itself; if that answers, ipvsadm
        refuses 0.0.0.0, nanny exits, and with it lvsd stops every service of the router.

    Example:
          virtual http {
              active = 1
        +     address = 10.10.1.20 eth0:1
              port = 80
          }
    """
    for service in case.services:
        if case.is_missing(service, "address"):
            yield Problem(
                at=case.name_of(service),
                message="This service has no `address`: Piranha sets it up for 0.0.0.0, and brings "
                "up no virtual IP address.",
                help="Write `address = VIP DEVICE`, such as `address = 10.10.1.20 eth0:1`.",
            )
    for virtual in case.virtual_servers:
        for server in case.servers(virtual):
            if case.is_missing(server, "address"):
                yield Problem(
                    at=case.name_of(server),
                    message="This real server has no `address`: nanny checks the router itself, and "
                    f"if that answers, ipvsadm fails, {cascade(case)}.",
                    help="Write `address = ADDRESS` in the block.",
                )


@rule("LVS307", "duplicate-service", Severity.ERROR)
def duplicate_service(case: Case) -> Iterator[Problem]:
    """Two virtual servers for the same address, port and protocol.

    What:
        Two active virtual servers without firewall marks have the same VIP, port and protocol.

    Why:
        The kernel refuses the second («Service already exists»).  lvsd logs «ipvsadm failed for
        virtual server» and goes on without it: its real servers get no traffic and no checks.

    Example:
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
              port = 80
          }
          virtual http_new {
        -     active = 1
        +     active = 0
              address = 10.10.1.20 eth0:1
              port = 80
          }
    """
    first: dict[tuple[str, int | None, str | None], VirtualServer] = {}
    for virtual in case.virtual_servers:
        unclear = any(case.is_unreadable(virtual, name) for name in ("port", "protocol", "fwmark"))
        if virtual.fwmark or virtual.address is None or unclear:
            continue
        key = (virtual.address.address, virtual.port, virtual.protocol)
        earlier = first.setdefault(key, virtual)
        if earlier is virtual:
            continue
        service = f"{key[0]}:{key[1]}/{key[2]}"
        yield Problem(
            at=case.name_of(virtual),
            message=f"{quoted(earlier.name)} already is the virtual server for {service}: ipvsadm "
            "refuses this one, and its real servers get neither traffic nor checks.",
            help="Merge the two blocks, change the address or port of one, or set `active = 0`.",
            related=((case.name_of(earlier), f"the first for {service}"),),
        )


@rule("LVS308", "shared-fwmark", Severity.ERROR, also=(Severity.WARNING,))
def shared_fwmark(case: Case) -> Iterator[Problem]:
    """Two virtual servers with one firewall mark.

    What:
        Two active virtual servers have the same `fwmark`.  An error if their schedulers,
        persistence or real servers differ, else a warning.

    Why:
        A mark is the whole address of a service.  The kernel refuses the second one: it is never
        set up, and its checks never run.  Packets with the mark go to the first, whatever their
        port.  (Red Hat's guide gives each protocol a virtual server with the same mark; one is
        enough.)

    Bad:
        virtual http {
            active = 1
            address = 10.10.1.20 eth0:1
            fwmark = 80
            persistent = 300
        }
        virtual https {
            active = 1
            address = 10.10.1.20 eth0:1
            fwmark = 80
            port = 443
        }

    Good:
        virtual web {
            active = 1
            address = 10.10.1.20 eth0:1
            fwmark = 80
            persistent = 300
        }
    """
    first: dict[int, VirtualServer] = {}
    for virtual in case.virtual_servers:
        mark = virtual.fwmark
        if not mark:
            continue
        earlier = first.setdefault(mark, virtual)
        at, there = places.value_of(virtual, "fwmark"), places.value_of(earlier, "fwmark")
        if earlier is virtual or at is None or there is None:
            continue
        differences = _differences(case, earlier, virtual)
        lost = f" {_lost(differences)}." if differences else ""
        yield Problem(
            at=at,
            message=f"Mark {mark} already belongs to {quoted(earlier.name)}: ipvsadm refuses this "
            f"virtual server, and its checks never run.{lost}",
            help=f"Keep one virtual server for mark {mark} and let the firewall give the mark to "
            "all its ports, or use another mark.",
            related=((there, f"the first with mark {mark}"),),
            severity=None if differences else Severity.WARNING,
        )


def _lost(differences: list[str]) -> str:
    """That some of a virtual server's own settings have no effect, as a clause."""
    *most, last = differences
    own = f"{', '.join(most)} and {last}" if most else last
    verb = "have" if most or last.endswith("s") else "has"
    return f"Its own {own} {verb} no effect"


def _differences(case: Case, one: VirtualServer, other: VirtualServer) -> list[str]:
    """What a virtual server loses because another one with its mark came first."""

    def pool(virtual: VirtualServer) -> set[tuple[str | None, int | None, int | None]]:
        # The virtual server's own port, inherited or written, only tells the two services apart,
        # which is what they are written for.
        return {
            (
                server.address,
                server.weight,
                None if port_of(virtual, server) == virtual.port else server.port,
            )
            for server in case.servers(virtual)
        }

    found = []
    if one.scheduler != other.scheduler:
        found.append("scheduler")
    if (one.persistent, one.pmask) != (other.persistent, other.pmask):
        found.append("persistence")
    if pool(one) != pool(other):
        found.append("real servers")
    return found


RULES: tuple[CaseRule, ...] = (
    missing_address,
    duplicate_service,
    shared_fwmark,
)
