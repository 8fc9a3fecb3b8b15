"""LVS3: virtual servers as ipvsadm gets to see them."""

from collections.abc import Iterator
from functools import partial

from lvscf.config import places
from lvscf.config.health_check import port_of
from lvscf.config.model import VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.consequences import cascade
from lvscf.shared.repetition import repeated
from lvscf.source import quoted


@rule("LVS301", "missing-address", Severity.ERROR)
def missing_address(case: Case) -> Iterator[Problem]:
    """An active service or real server without an address.

    What:
        An active virtual server, failover service or real server has no `address`.

    Why:
        Without a VIP, lvsd adds a service for 0.0.0.0 and no address is brought up.  If a real
        server has no address, nanny checks the router itself; if that answers, ipvsadm rejects
        0.0.0.0, nanny exits, and lvsd then stops every service on this router.

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
                message="This service has no `address`: Piranha sets it up for 0.0.0.0 and brings "
                "up no virtual IP address.",
                help="Write `address = VIP DEVICE`, such as `address = 10.10.1.20 eth0:1`.",
            )
    for virtual in case.virtual_servers:
        for server in case.servers(virtual):
            if case.is_missing(server, "address"):
                yield Problem(
                    at=case.name_of(server),
                    message="This real server has no `address`, so nanny checks the router itself. "
                    f"If that answers, ipvsadm fails, {cascade(case)}.",
                    help="Write `address = ADDRESS` in the block.",
                )


@rule("LVS307", "duplicate-service", Severity.ERROR)
def duplicate_service(case: Case) -> Iterator[Problem]:
    """Two virtual servers for the same address, port and protocol.

    What:
        Two active virtual servers without firewall marks have the same VIP, port and protocol.

    Why:
        The kernel rejects the second one ("Service already exists").  lvsd logs "ipvsadm failed for
        virtual server" and carries on without it: its real servers get no traffic and no checks.

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
    for virtual, earlier in repeated(case.virtual_servers, partial(_service_without_mark, case)):
        service = _service_without_mark(case, virtual)
        yield Problem(
            at=case.name_of(virtual),
            message=f"{quoted(earlier.name)} is already the virtual server for {service}: ipvsadm "
            "rejects this one, and its real servers get no traffic and no checks.",
            help="Merge the two blocks, change the address or port of one, or set `active = 0`.",
            related=((case.name_of(earlier), f"the first for {service}"),),
        )


def _service_without_mark(case: Case, virtual: VirtualServer) -> str | None:
    """VIP, port and protocol of a virtual server without a mark; None where they are unknown."""
    unclear = any(case.is_unreadable(virtual, name) for name in ("port", "protocol", "fwmark"))
    if virtual.fwmark or virtual.address is None or unclear:
        return None
    return f"{virtual.address.address}:{virtual.port}/{virtual.protocol}"


@rule("LVS308", "shared-fwmark", Severity.ERROR, also=(Severity.WARNING,))
def shared_fwmark(case: Case) -> Iterator[Problem]:
    """Two virtual servers with the same firewall mark.

    What:
        Two active virtual servers have the same `fwmark`.  An error if their scheduler, persistence
        or real servers differ, otherwise a warning.

    Why:
        IPVS identifies a service with a mark by the mark alone.  The kernel rejects the second
        service: it is never set up, and its checks never run.  Packets with the mark go to the
        first one, whatever their port.  (Red Hat's guide defines one virtual server per protocol,
        all with the same mark; one is enough.)

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
    for virtual, earlier in repeated(case.virtual_servers, lambda one: one.fwmark or None):
        mark = virtual.fwmark
        differences = _differences(case, earlier, virtual)
        lost = f" {_lost(differences)}." if differences else ""
        yield Problem(
            at=case.place_of(virtual, "fwmark"),
            message=f"Mark {mark} already belongs to {quoted(earlier.name)}: ipvsadm rejects this "
            f"virtual server, and its checks never run.{lost}",
            help=f"Keep one virtual server for mark {mark} and let the firewall set the mark for "
            "all its ports, or use another mark.",
            related=((places.value_of(earlier, "fwmark"), f"the first with mark {mark}"),),
            severity=None if differences else Severity.WARNING,
        )


def _lost(differences: list[str]) -> str:
    """A clause saying that some of a virtual server's own settings have no effect."""
    *most, last = differences
    own = f"{', '.join(most)} and {last}" if most else last
    verb = "have" if most or last.endswith("s") else "has"
    return f"Its own {own} {verb} no effect"


def _differences(case: Case, one: VirtualServer, other: VirtualServer) -> list[str]:
    """The settings a virtual server loses because another one with its mark comes first."""

    def pool(virtual: VirtualServer) -> set[tuple[str | None, int | None, int | None]]:
        # The virtual server's own port, inherited or written, only distinguishes the two services,
        # which is why there are two.
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
