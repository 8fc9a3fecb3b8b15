"""LVS536, LVS537 and LVS540: real servers whose firewall keeps packets in or out."""

from collections.abc import Iterator

from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.hosts.journeys import IP_IN_IP, TUNNEL_DEVICE
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts import iptables_commands, remedies
from lvscf.linter.hosts.lost_legs import (
    LostLeg,
    lost_checks,
    lost_on_real_servers,
    told,
)
from lvscf.linter.hosts.router_facts import (
    method_of,
)
from lvscf.linter.hosts.rulebook import PortRange
from lvscf.linter.hosts.traffic import place


@rule("LVS536", "check-dropped-by-real-server", Severity.ERROR)
def check_dropped_by_real_server(case: Case) -> Iterator[Problem]:
    """A real server's firewall drops nanny's health checks.

    What:
        A rule or a policy of a real server drops the connections that nanny opens to the server's
        own address, or its answers to them.

    Why:
        nanny declares the real server dead and removes it from the IPVS table, or sets its weight
        to 0, although it would serve its clients.

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
          iptables -t nat -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j REDIRECT
        - iptables -A INPUT -p tcp -m conntrack --ctorigdst 10.10.1.20 --dport 80 -j ACCEPT
        + iptables -A INPUT -p tcp --dport 80 -j ACCEPT
          iptables -A INPUT -j REJECT
    """
    for lost in told((one for one in lost_checks(case) if one.router is None), None):
        service = lost.served[0].service
        if lost.leg.way == "input":
            what = f"{case.program.checker}'s health checks"
            match = f"-p tcp -d {service.server} --dport {service.server_port}"
        else:
            what = f"the answers to {case.program.checker}'s health checks"
            match = f"-p tcp -s {service.server} --sport {service.server_port}"
        yield _problem(
            case,
            lost,
            f"{what}, to tcp port {service.server_port},"
            if lost.leg.way == "input"
            else f"{what}, from tcp port {service.server_port},",
            f"{case.program.checker} declares this server dead and removes it from the IPVS table",
            match,
            _checking(lost),
        )


@rule("LVS537", "forwarded-packets-dropped", Severity.ERROR)
def forwarded_packets_dropped(case: Case) -> Iterator[Problem]:
    """A real server's firewall drops what IPVS sends to it, with NAT or through a tunnel.

    What:
        With `network = nat`, a rule or a policy of a real server drops the clients' packets.  With
        `network = tunnel`, it drops the tunnel's packets, which are protocol 4, or the clients'
        packets inside them.

    Why:
        A packet from a tunnel passes the firewall twice: first as protocol 4, from the router to
        the server's own address, then as the client's packet to the VIP, which comes in on tunl0.
        Every client of this real server times out.

    Example:
          network = tunnel
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.11.1.31
              }
          }
          --- real-server one
          iptables -A INPUT -p tcp --dport 80 -j ACCEPT
        + iptables -A INPUT -p 4 -j ACCEPT
          iptables -A INPUT -j REJECT
    """
    if method_of(case) == "direct":
        return  # LVS511 reports these
    for lost in told(lost_on_real_servers(case), "input"):
        service = lost.served[0].service
        packet = lost.leg.packet
        matches = _asking(lost)
        if packet.protocol == IP_IN_IP:
            what, match = "the tunnel's packets (protocol 4)", "-p 4"
            matches = [match]
        else:
            what = f"clients' packets for {lost.services},"
            device = f"-i {TUNNEL_DEVICE} " if packet.interface == TUNNEL_DEVICE else ""
            ports = iptables_commands.ports_option(_ports(lost), "--dport")
            match = f"{device}-p {service.protocol} -d {packet.destination} {ports}"
        consequence = "The clients that it should answer time out"
        yield _problem(case, lost, what, consequence, match, matches)


@rule("LVS540", "real-server-replies-dropped", Severity.ERROR)
def real_server_replies_dropped(case: Case) -> Iterator[Problem]:
    """A real server's firewall drops its replies.

    What:
        A rule or a policy of a real server's OUTPUT or POSTROUTING chains drops its replies to
        clients.

    Why:
        With direct routing and tunnels, replies have the VIP as their source, not the server's own
        address.  After a REDIRECT, OUTPUT still sees the server's own address.  The clients of this
        real server time out, and nanny, which asks for its own address, notices nothing.

    Example:
          network = tunnel
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.11.1.31
              }
          }
          --- real-server one
          iptables -A OUTPUT -s 10.11.1.31 -j ACCEPT
        + iptables -A OUTPUT -s 10.10.1.20 -j ACCEPT
          iptables -P OUTPUT DROP
    """
    for lost in told(lost_on_real_servers(case), "output"):
        packet = lost.leg.packet
        yield _problem(
            case,
            lost,
            f"its replies for {lost.services},",
            "The clients that it should answer time out",
            f"-p {packet.protocol} -s {packet.source} "
            + iptables_commands.ports_option(_ports(lost), "--sport"),
            _replying(lost),
        )


def _ports(lost: LostLeg) -> list[PortRange]:
    """The ports as they are on the real server."""
    if lost.served[0].service.method == "nat":
        ports = {one.service.server_port or 0 for one in lost.served}
        return [(port, port) for port in sorted(ports)]
    return sorted({one.port for one in lost.served})


def _checking(lost: LostLeg) -> list[str]:
    """What nanny's checks, or the answers to them, have in common."""
    peers = [
        ("tcp", one.service.server, remedies.single(one.service.server_port)) for one in lost.served
    ]
    return remedies.matches("destination" if lost.leg.way == "input" else "source", peers)


def _asking(lost: LostLeg) -> list[str]:
    """What clients' packets have in common, where they are dropped."""
    device = f"-i {TUNNEL_DEVICE} " if lost.leg.packet.interface == TUNNEL_DEVICE else ""
    is_moved = lost.outcome.translated_by is not None
    peers: list[remedies.Peer] = []
    for one in lost.served:
        service = one.service
        if service.method == "nat":
            peers.append((service.protocol, service.server, remedies.single(service.server_port)))
        else:
            there = lost.outcome.destination if is_moved else None
            peers.append((service.protocol, there or service.address, one.port))
    return [device + match for match in remedies.matches("destination", peers)]


def _replying(lost: LostLeg) -> list[str]:
    """What replies to clients have in common."""
    peers: list[remedies.Peer] = []
    for one in lost.served:
        service = one.service
        if service.method == "nat":
            peers.append((service.protocol, service.server, remedies.single(service.server_port)))
        elif lost.leg.packet.source == service.server:  # after REDIRECT
            peers.append((service.protocol, service.server, one.port))
        else:
            peers.append((service.protocol, service.address, one.port))
    return remedies.matches("source", peers)


def _problem(
    case: Case, lost: LostLeg, packets: str, consequence: str, match: str, matches: list[str]
) -> Problem:
    deciding = lost.outcome.decided_by
    command = iptables_commands.accepting(lost.outcome.decided_in, match)
    name = lost.host_name
    return Problem(
        at=case.place_of(lost.served[0].server, "address"),
        message=f"On {name}: {packets} {lost.end}. {consequence}.",
        help=f"Accept them before any other rule: {command}.",
        related=((place(deciding), "drops them"),),
        commands=remedies.on_server(
            case,
            lost.served[0].server,
            *(remedies.accepting(case, lost.outcome, one) for one in matches),
        ),
    )


RULES: tuple[CaseRule, ...] = (
    check_dropped_by_real_server,
    forwarded_packets_dropped,
    real_server_replies_dropped,
)
