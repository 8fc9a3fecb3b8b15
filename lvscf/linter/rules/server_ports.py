"""LVS3: the ports of virtual servers and their real servers."""

from collections.abc import Iterator

from lvscf.config import RealServer, VirtualServer
from lvscf.findings import Severity
from lvscf.linter import places
from lvscf.linter.case import Case
from lvscf.linter.places import Place
from lvscf.linter.rule import CaseRule, Change, Problem, rule
from lvscf.source import quoted
from lvscf.syntax.nodes import Directive


@rule("LVS309", "port-after-servers", Severity.ERROR)
def port_after_servers(case: Case) -> Iterator[Problem]:
    """A port that comes too late for the servers above it.

    What:
        A virtual server sets `port` behind a `server` block that has no port of its own.

    Why:
        A real server takes the port that its virtual server has at that line, 80 if none was set
        yet.  The port below does not reach it: traffic (with NAT) and health checks go to another
        port than the one of the virtual server.

    Bad:
        virtual http {
            active = 1
            address = 10.10.1.20 eth0:1
            server web1 {
                active = 1
                address = 10.10.1.31
            }
            port = 8080
        }

    Good:
        virtual http {
            active = 1
            address = 10.10.1.20 eth0:1
            port = 8080
            server web1 {
                active = 1
                address = 10.10.1.31
            }
        }

    Fix:
        Safe: each of these servers gets the port that Piranha uses now, in writing.
    """
    for virtual in case.config.virtual_servers:
        if virtual.active is False and case.is_written(virtual, "active"):
            continue  # switched off on purpose
        late = [one for one in virtual.servers if _keeps_earlier_port(case, virtual, one)]
        at = places.value_of(virtual, "port")
        if not late or at is None:
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
            change=Change("Write down the port that each server has now", "safe", edits),
        )


def _keeps_earlier_port(case: Case, virtual: VirtualServer, server: RealServer) -> bool:
    """Whether a server's port is neither written in its block nor the virtual server's own."""
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
    """A real server with another port than its virtual server, where ports are not rewritten.

    What:
        With `network = direct` or `tunnel` and no firewall mark, an active real server has another
        `port` than its virtual server.

    Why:
        Only NAT rewrites ports.  Traffic arrives at the virtual server's port, whatever is written
        here; nanny checks the other port.  When the server fails, nanny asks ipvsadm to remove an
        entry that does not exist, exits, and lvsd stops every service of the router.

    Bad:
        network = direct
        virtual http {
            active = 1
            address = 10.10.1.20 eth0:1
            port = 80
            server web1 {
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
                port = 80
            }
        }
    """
    method = case.config.network
    if method == "nat" or case.is_spoilt(case.config, "network"):
        return
    for virtual in case.virtual_servers:
        if virtual.fwmark or case.is_spoilt(virtual, "port") or case.is_spoilt(virtual, "fwmark"):
            continue
        for server in case.servers(virtual):
            at = places.value_of(server, "port")
            if at is None or server.port == virtual.port:
                continue
            there = places.value_of(virtual, "port")
            yield Problem(
                at=at,
                message=f"With `network = {method}` ports are not rewritten: traffic arrives at "
                f"port {virtual.port}, the check goes to {server.port}, and when this server fails, "
                "ipvsadm cannot remove it, nanny exits, and lvsd stops every service of the router.",
                help=f"Write `port = {virtual.port}` or leave the line out, and let the server "
                f"listen there (or redirect port {virtual.port} on it).",
                related=((there, "the port of the virtual server"),) if there else (),
            )


RULES: tuple[CaseRule, ...] = (port_after_servers, real_port_differs)
