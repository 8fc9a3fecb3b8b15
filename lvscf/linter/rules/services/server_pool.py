"""LVS3: the pool of real servers of a virtual server, and its sorry server."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.config.health_check import port_of
from lvscf.config.model import RealServer, VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.consequences import cascade
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.source import quoted


@rule("LVS302", "no-servers", Severity.WARNING)
def no_servers(case: Case) -> Iterator[Problem]:
    """A virtual server without a real server.

    What:
        An active virtual server has no active `server`.

    Why:
        Its address is brought up and its service is set up, but there is no server to send clients
        to, so the router refuses them.  lvsd does not use its `sorry_server` either: that is only
        for pools that had a server and lost it.

    Example:
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
              sorry_server = 10.10.1.90
              server web1 {
        -         active = 0
        +         active = 1
                  address = 10.10.1.31
              }
          }
    """
    if not case.is_whole:
        return
    for virtual in case.virtual_servers:
        if any(_may_be_meant(case, server) for server in virtual.servers):
            continue
        sorry = places.value_of(virtual, "sorry_server")
        if virtual.sorry_server == UNSET_ADDRESS:
            sorry = None
        yield Problem(
            at=case.name_of(virtual),
            message=f"This virtual server has no {'active ' if virtual.servers else ''}real "
            "server: "
            "clients reach the router, which refuses them."
            + (" Its `sorry_server` is never used." if sorry else ""),
            help="Set `active = 1` in one of its `server` blocks, or `active = 0` in the virtual "
            "server."
            if virtual.servers
            else "Add a `server`, or set `active = 0` in the virtual server.",
            related=((sorry, "never used without an active server"),),
        )


def _may_be_meant(case: Case, server: RealServer) -> bool:
    """Whether a server is active, or may be meant to be: it lacks an `active` line (LVS112)."""
    return case.is_on(server) or case.is_missing(server, "active")


@rule("LVS319", "sorry-server-is-server", Severity.ERROR)
def sorry_server_is_server(case: Case) -> Iterator[Problem]:
    """A sorry server that is also in the pool, or is the VIP itself.

    What:
        `sorry_server` is the VIP, or the address of an active server of the virtual server (with
        NAT or a firewall mark: of one with the virtual server's port).

    Why:
        lvsd adds the sorry server while no real server is up, so also for a moment at every start.
        When nanny then adds the real server, the entry already exists: ipvsadm fails, nanny exits,
        and lvsd then stops every service on this router.  If the sorry server is the VIP, the
        router sends clients to itself.

    Example:
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
        -     sorry_server = 10.10.1.31
        +     sorry_server = 10.10.1.90
              server web1 {
                  active = 1
                  address = 10.10.1.31
              }
          }
    """
    for virtual, at in case.written(case.virtual_servers, "sorry_server"):
        sorry = virtual.sorry_server
        if sorry == UNSET_ADDRESS:
            continue
        same = next((one for one in case.servers(virtual) if _collides(case, virtual, one)), None)
        vip = places.written(virtual, "address")
        if same is not None:
            yield Problem(
                at=at,
                message=f"{sorry} is also the real server {quoted(same.name)}. At every start, "
                "lvsd first adds it as the sorry server; then ipvsadm refuses to add it again, "
                f"{cascade(case)}.",
                help="Name a host that is not in the pool, or leave `sorry_server` out.",
                related=((places.value_of(same, "address"), "the same address in the pool"),),
            )
        elif vip is not None and virtual.address is not None and virtual.address.address == sorry:
            yield Problem(
                at=at,
                message=f"{sorry} is the VIP itself: when no real server is up, the router sends "
                "clients to itself.",
                help="Name a host that serves the sorry page.",
                related=((places.word(vip, 2), "the VIP"),),
            )


def _collides(case: Case, virtual: VirtualServer, server: RealServer) -> bool:
    """Whether a server and the sorry server are the same entry for the kernel.

    With direct routing and tunnels every destination has the port of the service, except with
    marks.
    """
    if server.address != virtual.sorry_server:
        return False
    rewritten = case.config.network != "nat" and not virtual.fwmark
    return rewritten or port_of(virtual, server) == virtual.port


RULES: tuple[CaseRule, ...] = (no_servers, sorry_server_is_server)
