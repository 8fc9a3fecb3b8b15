"""LVS3: virtual servers that lvsd confuses, because it ignores their marks."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.config.model import RealServer, VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared.repetition import repeated
from lvscf.source import quoted

_Member = tuple[VirtualServer, RealServer]
_Service = tuple[str, int | None, str | None]
"""How lvsd identifies a virtual server: VIP, port and protocol."""


@rule("LVS311", "server-duplicate", Severity.ERROR, also=(Severity.WARNING,))
def server_duplicate(case: Case) -> Iterator[Problem]:
    """A real server that lvsd skips as a duplicate.

    What:
        Two active real servers have the same address and port, and their virtual servers have the
        same VIP, port and protocol; firewall marks do not count.  An error, or a warning if both
        servers are in the same virtual server.

    Why:
        lvsd starts a real server once for each VIP, port and protocol.  It silently skips later
        ones: no traffic, no checks.  The typical case is two marks on one VIP without `port`, so
        that both have port 80: the second virtual server gets no real server at all.  Within one
        virtual server, the weight of the later block is lost.

    Example:
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              fwmark = 80
              server one {
                  active = 1
                  address = 10.10.1.31
              }
          }
          virtual shop {
              active = 1
              address = 10.10.1.20 eth0:1
              fwmark = 443
        +     port = 443
              server one {
                  active = 1
                  address = 10.10.1.31
              }
          }
    """
    for virtual, started, left_out in _pools(case):
        elsewhere = []
        for server, (owner, first) in left_out:
            if owner is virtual:
                yield from _twice_in_one(server, first)
            else:
                elsewhere.append((server, owner))
        if elsewhere:
            yield _lost_to_another(case, virtual, elsewhere, is_empty=not started)


def _twice_in_one(server: RealServer, first: RealServer) -> Iterator[Problem]:
    at = places.value_of(server, "address")
    if at is None:
        return
    lost = ""
    if server.weight != first.weight:
        lost = (
            f" Its weight of {server.weight} is ignored; the first one's ({first.weight}) counts."
        )
    yield Problem(
        at=at,
        message=f"{server.address}:{server.port} is already in this pool: lvsd starts it once and "
        f"skips this block.{lost}",
        help="Remove one of the two blocks, or correct its address.",
        related=((places.value_of(first, "address"), "the first with this address and port"),),
        severity=Severity.WARNING,
    )


def _lost_to_another(
    case: Case,
    virtual: VirtualServer,
    lost: list[tuple[RealServer, VirtualServer]],
    *,
    is_empty: bool,
) -> Problem:
    """One problem for all servers that a virtual server loses, since the cause is the same."""
    owner = lost[0][1]
    names = list(dict.fromkeys(str(server.address) for server, _ in lost))
    shown = names if len(names) <= 4 else [*names[:3], f"{len(names) - 3} more"]
    listed = f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]
    marked = virtual if virtual.fwmark else owner
    return Problem(
        at=case.place_of(virtual, "port"),
        message=f"{quoted(owner.name)} has the same VIP, port and protocol ({_spoken(virtual)}), "
        "and lvsd does not distinguish marks. "
        f"It does not start {listed} again for this virtual server"
        + (", which gets no real server at all." if is_empty else "."),
        help=f"Give {quoted(marked.name)} its own `port`, written above its servers: the port its "
        "mark is for.",
        related=(
            (case.name_of(owner), f"the first for {_spoken(virtual)}"),
            *((places.value_of(server, "address"), "not started") for server, _ in lost),
        ),
    )


@rule("LVS330", "same-vip-different-fwmark", Severity.WARNING)
def same_vip_different_fwmark(case: Case) -> Iterator[Problem]:
    """Virtual servers that differ only in their firewall marks.

    What:
        Two active virtual servers have the same VIP, port and protocol, but different firewall
        marks (or one has no mark).

    Why:
        On a reload, lvsd matches the virtual servers of the old file with those of the new one by
        VIP, port and protocol alone.  It confuses one with the other, and starts and stops the
        wrong servers.  (If the two share real servers, LVS311 reports what happens at every start.)

    Example:
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              fwmark = 80
          }
          virtual shop {
              active = 1
              address = 10.10.1.20 eth0:1
              fwmark = 443
        +     port = 443
          }
    """
    pools = repeated(_pools(case), lambda pool: _service(pool[0]))
    for (virtual, _, left_out), (earlier, _, _) in pools:
        if any(owner is not virtual for _, (owner, _) in left_out):
            continue  # LVS311
        marked = virtual if virtual.fwmark else earlier
        yield Problem(
            at=case.place_of(virtual, "fwmark"),
            message=f"Only the mark distinguishes this virtual server from {quoted(earlier.name)}: "
            f"VIP, port and protocol are the same ({_spoken(virtual)}). On a reload lvsd ignores "
            "marks, confuses the two, and starts and stops the wrong servers.",
            help=f"Give {quoted(marked.name)} its own `port`, written above its servers: the port "
            "its mark is for. Until then, restart pulse instead of reloading it.",
            related=((case.place_of(earlier, "fwmark"), f"the first for {_spoken(virtual)}"),),
        )


def _pools(
    case: Case,
) -> Iterator[tuple[VirtualServer, list[RealServer], list[tuple[RealServer, _Member]]]]:
    """For each virtual server, the servers that lvsd starts and those that it skips."""
    started: dict[tuple[_Service, str, int | None], _Member] = {}
    for virtual in _accepted(case):
        fresh: list[RealServer] = []
        left_out: list[tuple[RealServer, _Member]] = []
        for server in case.servers(virtual):
            address = server.address
            unclear = case.is_unreadable(server, "address") or case.is_unreadable(server, "port")
            if address is None or address == UNSET_ADDRESS or unclear:
                fresh.append(server)
                continue
            key = (_service(virtual), address, server.port)
            first = started.setdefault(key, (virtual, server))
            if first[1] is server:
                fresh.append(server)
            else:
                left_out.append((server, first))
        yield virtual, fresh, left_out


def _accepted(case: Case) -> Iterator[VirtualServer]:
    """The virtual servers that the kernel accepts; the servers of others are never started.

    Of several with the same mark, or with the same VIP, port and protocol and no mark, it accepts
    the first (LVS307 and LVS308 report the others).
    """
    known: set[int | _Service] = set()
    for virtual in case.virtual_servers:
        wanted = ("address", "port", "protocol", "fwmark")
        if virtual.address is None or any(case.is_unreadable(virtual, name) for name in wanted):
            continue
        identity = virtual.fwmark or _service(virtual)
        if identity not in known:
            known.add(identity)
            yield virtual


def _service(virtual: VirtualServer) -> _Service:
    assert virtual.address is not None
    return virtual.address.address, virtual.port, virtual.protocol


def _spoken(virtual: VirtualServer) -> str:
    address, port, protocol = _service(virtual)
    return f"{address}:{port}/{protocol}"


RULES: tuple[CaseRule, ...] = (server_duplicate, same_vip_different_fwmark)
