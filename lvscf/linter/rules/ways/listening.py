"""LVS542: real servers on which no program waits for the packets."""

from collections.abc import Iterator
from typing import NamedTuple

from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts.inspection import inspection_of
from lvscf.linter.hosts.lost_legs import is_checked, server_port
from lvscf.linter.hosts.router_facts import (
    method_of,
)
from lvscf.linter.hosts.traffic import RealHost, address_of, packet_to, protocol_of
from lvscf.source import quoted


@rule("LVS542", "not-listening", Severity.ERROR)
def not_listening(case: Case) -> Iterator[Problem]:
    """A real server on which no program listens where packets arrive.

    What:
        The listening sockets of a real server were given (`ss -lnt`, `netstat -lnt`), and none of
        them gets the clients' packets, or nanny's health checks.

    Why:
        With direct routing and tunnels, clients connect to the VIP and nanny to the real server's
        own address.  If the program listens on only one of them, connections to the other are
        refused: either a server that nanny considers healthy refuses its clients, or nanny removes a
        server that works.

    Example:
          network = direct
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.10.1.31
              }
          }
          --- real-server one
          1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN
              inet 127.0.0.1/8 scope host lo
              inet 10.10.1.20/32 scope host lo
          2: eth0: <BROADCAST,MULTICAST,NOARP,UP,LOWER_UP> mtu 1500 qdisc mq state UP
              inet 10.10.1.31/24 scope global eth0
          --- real-server one
          State  Recv-Q Send-Q Local Address:Port Peer Address:Port
        - LISTEN 0      128       10.10.1.31:80        0.0.0.0:*
        + LISTEN 0      128          0.0.0.0:80        0.0.0.0:*
    """
    if case.cluster is None:
        return
    seen: set[tuple[str, str, str, int]] = set()
    for host in inspection_of(case).real_hosts:
        for asked in _asked(case, host):
            key = (host.address, asked.protocol, asked.address, asked.port)
            if key in seen or host.host.listens(*key[1:]) is not False:
                continue
            seen.add(key)
            yield Problem(
                at=case.place_of(host.server, "address"),
                message=f"No program of real server {quoted(host.server.name)} listens on "
                f"{asked.address}, {asked.protocol} port {asked.port}. {asked.effect}.",
                help="Start it, and let it listen on all addresses: `Listen 80` in httpd.conf, for "
                "example, not `Listen ADDRESS:80`.",
                related=((_elsewhere(host, asked), "listens elsewhere"),),
            )


class _Asked(NamedTuple):
    """Where packets arrive on a real server."""

    protocol: str
    address: str
    port: int
    effect: str
    """What happens if no program listens there, as a sentence without its full stop."""


def _asked(case: Case, host: RealHost) -> Iterator[_Asked]:
    """Where clients' packets and health checks arrive, as far as that is certain."""
    virtual, method = host.virtual, method_of(case)
    if method is None or host.address in case.router_addresses:
        return
    refused = "Clients that are sent to it are refused"
    for duty in inspection_of(case).duties(virtual):
        for low, high in duty.ports:
            port = server_port(case, virtual, host.server, low)
            if low != high or not low:
                continue
            if method == "nat":
                if port:
                    yield _Asked(duty.protocol, host.address, port, refused)
                continue
            there = _arrival(case, host, duty.protocol, low)
            if there is not None:
                yield _Asked(duty.protocol, *there, refused)
    checked = server_port(case, virtual, host.server, None)
    if checked and protocol_of(virtual) == "tcp" and is_checked(case, virtual):
        dead = f"{case.program.checker} declares it dead and removes it from the IPVS table"
        yield _Asked("tcp", host.address, checked, dead)


def _arrival(case: Case, host: RealHost, protocol: str, port: int) -> tuple[str, int] | None:
    """The address and port of a client's packet behind the server's rules; None if not known."""
    vip = address_of(host.virtual)
    held = host.host.has_address(vip)
    if not host.rulebooks:
        return (vip, port) if held else None
    packet = packet_to(host.virtual, port, protocol)
    found = {
        (one.destination, one.port)
        for book in host.rulebooks
        for one in inspection_of(case).outcomes(book.firewall, packet, host.address)
    }
    if len(found) != 1:
        return None
    address, there = found.pop()
    if address is None or there is None or host.host.has_address(address) is False:
        return None
    return (address, there) if address == host.address or held else None


def _elsewhere(host: RealHost, asked: _Asked) -> Place | None:
    """A socket of the same port."""
    for socket in host.host.listening:
        if (socket.protocol, socket.port) == (asked.protocol, asked.port):
            return socket.place
    return None


RULES: tuple[CaseRule, ...] = (not_listening,)
