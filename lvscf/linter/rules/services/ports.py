"""LVS3: the ports of virtual servers and their real servers."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.config.health_check import port_of
from lvscf.config.model import RealServer, VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Change, Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.consequences import cascade
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.source import quoted
from lvscf.syntax.nodes import Directive


@rule("LVS309", "port-after-servers", Severity.ERROR)
def port_after_servers(case: Case) -> Iterator[Problem]:
    """A port that comes too late for the servers above it.

    What:
        A virtual server sets `port` after a `server` block that has no port of its own.

    Why:
        A real server takes the port that its virtual server has at that point of the file: 80 if
        none is set yet.  A `port` further down does not reach it: traffic (with NAT) and health
        checks go to a different port than the virtual server's.

    Example:
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
        +     port = 8080
              server web1 {
                  active = 1
                  address = 10.10.1.31
              }
        -     port = 8080
          }

    Fix:
        Safe: each of these servers gets a `port` line with the port that Piranha uses now.
    """
    for virtual, at in case.written(case.config.virtual_servers, "port"):
        if virtual.active is False and case.is_written(virtual, "active"):
            continue  # switched off on purpose
        late = [one for one in virtual.servers if _keeps_earlier_port(case, virtual, one)]
        if not late:
            continue
        kept = " and ".join(sorted({str(server.port) for server in late}, key=int))
        names = ", ".join(quoted(server.name) for server in late)
        edits = tuple(_port_line(case, server) for server in late)
        yield Problem(
            at=at,
            message=f"This port does not reach the servers above it: {names} "
            f"{'keeps' if len(late) == 1 else 'keep'} port {kept}.",
            help="Move the line above the first `server`, or give each server its own `port`.",
            related=tuple(
                (case.name_of(server), f"stays on port {server.port}") for server in late
            ),
            change=Change("Write the port that each server has now", "safe", edits),
        )


def _keeps_earlier_port(case: Case, virtual: VirtualServer, server: RealServer) -> bool:
    """Whether a server without a `port` line has a different port than its virtual server."""
    return server.port != virtual.port and case.is_missing(server, "port")


def _port_line(case: Case, server: RealServer) -> tuple[Place, str]:
    """An edit that writes the port of a server below its header."""
    block = places.block_of(server)
    assert block is not None
    header, body = block.header, block.items
    like = body[0].text if body and isinstance(body[0], Directive) else header.text
    indent = like[: len(like) - len(like.lstrip(" \t"))]
    end = header.start + len(header.text)
    return Place(end, end), f"{indent}port = {server.port}\n"


@rule("LVS310", "real-port-differs", Severity.ERROR)
def real_port_differs(case: Case) -> Iterator[Problem]:
    """A real server whose port differs from its virtual server's, without NAT.

    What:
        With `network = direct` or `tunnel` and no firewall mark, an active real server has a
        different `port` than its virtual server.

    Why:
        Only NAT rewrites ports.  Traffic arrives at the virtual server's port, whatever is written
        here, while nanny checks the other port.  When the server fails, nanny asks ipvsadm to
        remove an entry that does not exist, exits, and lvsd then stops every service on this
        router.

    Example:
          network = direct
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
              port = 80
              server web1 {
                  active = 1
                  address = 10.10.1.31
        -         port = 8080
        +         port = 80
              }
          }
    """
    method = case.config.network
    for virtual in _with_fixed_ports(case):
        twice = {server.address for server, _ in _on_another_port(case, virtual)}
        for server in case.servers(virtual):
            if port_of(virtual, server) == virtual.port or not _can_come_up(case, virtual, server):
                continue
            at, there = places.value_of(server, "port"), places.value_of(virtual, "port")
            if at is None or server.address in twice:
                continue  # LVS309 or LVS312
            yield Problem(
                at=at,
                message=f"With `network = {method}`, ports are not rewritten: traffic arrives at "
                f"port {virtual.port}, but the check goes to port {server.port}. "
                f"When this server fails, ipvsadm cannot remove it, {cascade(case)}.",
                help=f"Write `port = {virtual.port}` or leave the line out, and let the server "
                f"listen there (or redirect port {virtual.port} on the server).",
                related=((there, "the port of the virtual server"),),
            )


@rule("LVS312", "same-server-two-ports", Severity.ERROR)
def same_server_two_ports(case: Case) -> Iterator[Problem]:
    """One address with two ports in one pool, without NAT.

    What:
        With `network = direct` or `tunnel` and no firewall mark, two active servers of a virtual
        server have the same address but different ports.

    Why:
        Only NAT rewrites ports: ipvsadm replaces both ports with the virtual server's, and to the
        kernel the two are the same entry.  As soon as both are up, adding the second fails, nanny
        exits, and lvsd then stops every service on this router.

    Bad:
        network = direct
        virtual http {
            active = 1
            address = 10.10.1.20 eth0:1
            port = 80
            server web1 {
                active = 1
                address = 10.10.1.31
            }
            server web1_test {
                active = 1
                address = 10.10.1.31
                port = 8080
            }
        }

    Good:
        network = direct
        virtual http {
            active = 1
            address = 10.10.1.20 eth0:1
            port = 80
            server web1 {
                active = 1
                address = 10.10.1.31
            }
        }
    """
    for virtual in _with_fixed_ports(case):
        for server, kept in _on_another_port(case, virtual):
            at = places.value_of(server, "port") or places.value_of(server, "address")
            if at is None:
                continue
            yield Problem(
                at=at,
                message=f"{server.address} is in this pool with ports {kept.port} and "
                f"{server.port}, but `network = {case.config.network}` does not rewrite ports. "
                f"To ipvsadm both are {server.address}:{virtual.port}: it rejects the second, "
                f"{cascade(case)}.",
                help="Keep one of the two servers; for two ports of one host, use `network = "
                "nat`, or one virtual server per port.",
                related=((places.value_of(kept, "address"), f"here it has port {kept.port}"),),
            )


@rule("LVS329", "port-zero", Severity.ERROR)
def port_zero(case: Case) -> Iterator[Problem]:
    """Port 0 where a port is needed.

    What:
        An active virtual server has `port = 0` and neither `persistent` nor a firewall mark; or an
        active real server has port 0, its own or its virtual server's, and is not checked by a
        `send_program`.

    Why:
        Port 0 of a virtual server means all ports, which ipvsadm only allows for persistent
        services: otherwise the service is not set up, and none of its servers is started.  nanny
        checks a real server at the server's port, and a connection to port 0 is always refused: the
        server never gets any traffic.

    Bad:
        virtual everything {
            active = 1
            address = 10.10.1.20 eth0:1
            port = 0
        }

    Good:
        virtual everything {
            active = 1
            address = 10.10.1.20 eth0:1
            port = 0
            persistent = 300
            server one {
                active = 1
                address = 10.10.1.31
                port = 80
            }
        }
    """
    for virtual in case.virtual_servers:
        at = places.value_of(virtual, "port")
        refused = virtual.port == 0 and _needs_a_port(case, virtual)
        if refused and at is not None:
            yield Problem(
                at=at,
                message="Port 0 means all ports, which ipvsadm allows only with `persistent` or a "
                "firewall mark: it rejects this service, and no real server is started.",
                help="Write the port of the service, or add `persistent = SECONDS`.",
            )
        if refused:
            continue
        never_up = [one for one in case.servers(virtual) if not _can_come_up(case, virtual, one)]
        inheriting = [one for one in never_up if not case.is_written(one, "port")]
        if inheriting and at is not None:
            yield Problem(
                at=at,
                message="Real servers inherit port 0 from here, and nanny checks them at port 0: "
                "the connection is always refused, and they never get any traffic.",
                help=_port_to_check(case, virtual),
                related=tuple((case.name_of(one), "is checked at port 0") for one in inheriting),
            )
        for _, own in case.written(never_up, "port"):
            yield Problem(
                at=own,
                message="nanny checks this server at port 0: the connection is always refused, "
                "and the server never gets any traffic.",
                help=_port_to_check(case, virtual),
            )


def _needs_a_port(case: Case, virtual: VirtualServer) -> bool:
    """Whether ipvsadm rejects port 0 for a virtual server."""
    unclear = case.is_unreadable(virtual, "persistent") or case.is_unreadable(virtual, "fwmark")
    return not (virtual.fwmark or (virtual.persistent or 0) > 0 or unclear)


def _port_to_check(case: Case, virtual: VirtualServer) -> str:
    """The help: what to write instead of port 0 for a real server."""
    if virtual.port != 0:
        return f"Write `port = {virtual.port}`, or leave the line out."
    if virtual.fwmark or case.config.network == "nat":
        return "Write the port to check in each `server` block, such as `port = 80`."
    return (
        "Check the servers with `send_program` and `expect`: with direct routing and tunnels, "
        "their port cannot differ from the virtual server's."
    )


def _can_come_up(case: Case, virtual: VirtualServer, server: RealServer) -> bool:
    """Whether a check can ever succeed: on port 0, only if a program makes it."""
    if port_of(virtual, server) != 0:
        return True
    return virtual.send_program is not None or case.is_unreadable(virtual, "send_program")


def _with_fixed_ports(case: Case) -> Iterator[VirtualServer]:
    """The virtual servers whose real servers cannot have ports of their own."""
    if case.config.network == "nat" or case.is_unreadable(case.config, "network"):
        return
    for virtual in case.virtual_servers:
        unclear = case.is_unreadable(virtual, "port") or case.is_unreadable(virtual, "fwmark")
        if not virtual.fwmark and not unclear:
            yield virtual


def _on_another_port(case: Case, virtual: VirtualServer) -> Iterator[tuple[RealServer, RealServer]]:
    """Servers whose address also appears with another port, each with the one that may stay.

    That is the one with the port of the virtual server, otherwise the first.
    """
    pools: dict[str, list[RealServer]] = {}
    for server in case.servers(virtual):
        unclear = case.is_unreadable(server, "port") or server.address in (None, UNSET_ADDRESS)
        if not unclear and _can_come_up(case, virtual, server):
            pools.setdefault(server.address or "", []).append(server)
    for servers in pools.values():
        fitting = (one for one in servers if port_of(virtual, one) == virtual.port)
        kept = next(fitting, servers[0])
        for server in servers:
            if port_of(virtual, server) != port_of(virtual, kept):
                yield server, kept


RULES: tuple[CaseRule, ...] = (
    port_after_servers,
    real_port_differs,
    same_server_two_ports,
    port_zero,
)
