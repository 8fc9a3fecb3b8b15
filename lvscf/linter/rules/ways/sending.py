"""LVS418, LVS420 and LVS421: packets that a router's rules keep from leaving it, or from coming back."""

from collections.abc import Iterator

from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.hosts.journeys import IP_IN_IP
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts import iptables_commands, remedies
from lvscf.linter.hosts.lost_legs import (
    LostLeg,
    lost_checks,
    lost_on_routers,
    told,
)
from lvscf.linter.hosts.router_facts import (
    CONNTRACK,
    method_of,
)
from lvscf.linter.hosts.traffic import place


@rule("LVS418", "replies-dropped", Severity.ERROR, also=(Severity.WARNING,))
def replies_dropped(case: Case) -> Iterator[Problem]:
    """A router's FORWARD chain drops the real servers' replies.

    What:
        With `network = nat`, or where a router is the real servers' gateway, their replies pass
        through the router's PREROUTING, FORWARD and POSTROUTING chains, and a rule or a policy
        there drops them.  An error where the router's kernel settings show
        `net.ipv4.vs.conntrack`, or where it makes no difference; a warning where the replies are
        lost only with its default, 0, and where only the last packets of connections are lost.

    Why:
        IPVS restores the VIP as the source only after FORWARD.  By default it keeps its connections
        out of connection tracking: the first reply is INVALID there, not ESTABLISHED, and later
        ones are NEW.  Rules that accept ESTABLISHED packets, or packets from the VIP, never match
        them, and every client times out.

    Example:
          network = nat
          primary = 10.10.1.21
          nat_router = 10.11.1.1 eth1:1
          nat_nmask = 255.255.255.0
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.11.1.31
              }
          }
          --- router 10.10.1.21
        - iptables -A FORWARD -m state --state ESTABLISHED -j ACCEPT
        + iptables -A FORWARD -s 10.11.1.0/24 -j ACCEPT
          iptables -A FORWARD -j REJECT
          --- router 10.10.1.21
          net.ipv4.vs.conntrack = 0
    """
    for lost in told(lost_on_routers(case), "forward"):
        whose = "the last packets of the real servers"
        if lost.leg.breaks == "clients":
            whose = "the real servers' replies"
        yield _problem(
            case,
            lost,
            f"{whose} for {lost.services}",
            _consequence(lost),
            _accepting_replies(case, lost),
            remedies.matches("source", _replying(case, lost)),
        )


@rule("LVS420", "ipvs-packets-dropped", Severity.ERROR, also=(Severity.WARNING,))
def ipvs_packets_dropped(case: Case) -> Iterator[Problem]:
    """A router's OUTPUT chain drops what IPVS sends to the real servers.

    What:
        A rule or a policy of a router's OUTPUT or POSTROUTING chains drops clients' packets that
        IPVS sends on.  An error where the router's kernel settings show `net.ipv4.vs.conntrack`, or
        where it makes no difference; a warning where packets are lost only with its default, 0, and
        where only the last packets of connections are lost.

    Why:
        What IPVS sends passes through OUTPUT, as if the router had sent it.  With direct routing
        its destination is still the VIP, with NAT it is the real server, and a tunnel is protocol
        4.  Its state is UNTRACKED by default, neither NEW nor ESTABLISHED.

    Example:
          network = direct
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.10.1.31
              }
          }
          --- router 10.10.1.21
          iptables -A OUTPUT -m state --state NEW,ESTABLISHED,RELATED -j ACCEPT
        + iptables -A OUTPUT -p tcp -d 10.10.1.20 --dport 80 -j ACCEPT
          iptables -P OUTPUT DROP
          --- router 10.10.1.21
          net.ipv4.vs.conntrack = 0
    """
    for lost in told(lost_on_routers(case), "output"):
        packets = "FIN and RST packets"
        if lost.leg.breaks == "clients":
            packets = "clients' packets"
        yield _problem(
            case,
            lost,
            f"{packets} for {lost.services}, which IPVS sends to the real servers",
            _consequence(lost),
            _accepting_requests(case, lost),
            remedies.matches("destination", _asked(case, lost)),
        )


@rule("LVS421", "check-dropped-by-router", Severity.ERROR)
def check_dropped_by_router(case: Case) -> Iterator[Problem]:
    """A router's firewall drops nanny's health checks, or the answers to them.

    What:
        A rule or a policy of a router drops the connections that nanny opens to a real server, or
        the real server's answers.

    Why:
        nanny then declares every real server dead.  It removes them from the IPVS table, or sets
        their weights to 0, and the virtual server turns all clients away.

    Example:
          network = direct
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.10.1.31
              }
          }
          --- router 10.10.1.21
        + iptables -A INPUT -m state --state ESTABLISHED -j ACCEPT
          iptables -A INPUT -p tcp -d 10.10.1.20 --dport 80 -j ACCEPT
          iptables -P INPUT DROP
    """
    for lost in told((one for one in lost_checks(case) if one.router is not None), None):
        servers = _servers(lost)
        port = lost.served[0].service.server_port
        if lost.leg.way == "output":
            match = f"-p tcp -d {servers} --dport {port}"
            what = f"{case.program.checker}'s health checks"
        else:
            match = f"-p tcp -s {servers} --sport {port} -m state --state ESTABLISHED"
            what = f"the answers to {case.program.checker}'s health checks"
        command = iptables_commands.accepting(lost.outcome.decided_in, match)
        yield _problem(
            case,
            lost,
            f"{what} for {lost.services}",
            f"{case.program.checker} declares every real server dead and removes it from the IPVS table",
            f"Accept them before any other rule: {command}",
            _checking(lost),
        )


def _replying(case: Case, lost: LostLeg) -> Iterator[remedies.Peer]:
    """Where replies come from, as FORWARD sees them."""
    for one in lost.served:
        if method_of(case) == "nat":
            yield one.service.protocol, one.service.server, remedies.single(one.service.server_port)
        else:
            yield one.service.protocol, one.service.address, one.port


def _asked(case: Case, lost: LostLeg) -> Iterator[remedies.Peer]:
    """Where IPVS sends packets, as OUTPUT sees them."""
    for one in lost.served:
        match method_of(case):
            case "tunnel":
                yield IP_IN_IP, one.service.server, None
            case "nat":
                yield (
                    one.service.protocol,
                    one.service.server,
                    remedies.single(one.service.server_port),
                )
            case _:
                yield one.service.protocol, one.service.address, one.port


def _checking(lost: LostLeg) -> list[str]:
    """What nanny's checks, or the answers to them, have in common."""
    servers = [
        ("tcp", one.service.server, remedies.single(one.service.server_port)) for one in lost.served
    ]
    if lost.leg.way == "output":
        return remedies.matches("destination", servers)
    found = remedies.matches("source", servers)
    return [f"{match} -m state --state ESTABLISHED" for match in found]


def _problem(
    case: Case, lost: LostLeg, packets: str, consequence: str, remedy: str, matches: list[str]
) -> Problem:
    assert lost.router is not None
    texts = [remedies.accepting(case, lost.outcome, match) for match in matches]
    deciding = lost.outcome.decided_by
    names = case.name_of(lost.virtual)
    return Problem(
        at=place(deciding) if deciding else names,
        message=f"On {lost.host_name}: {packets}, {lost.end}. {consequence}.",
        help=f"{remedy}.",
        related=((names, "its packets"),) if deciding else (),
        severity=None if lost.certain and lost.leg.breaks != "closing" else Severity.WARNING,
        commands=remedies.on_router(lost.router, *texts),
    )


def _consequence(lost: LostLeg) -> str:
    """What the loss does to the cluster."""
    condition = "" if lost.certain else f"Unless `{CONNTRACK} = 1`, "
    if lost.leg.breaks == "closing":
        effect = "clients are served, but their connections stay open until they time out"
    else:
        effect = "every client times out"
    if lost.certain and lost.by_state:
        effect += ": connection tracking does not know these packets"
    return condition + effect if condition else effect[0].upper() + effect[1:]


def _servers(lost: LostLeg) -> str:
    """The real servers as iptables takes several addresses: separated by commas."""
    return ",".join(dict.fromkeys(one.service.server for one in lost.served))


def _accepting_replies(case: Case, lost: LostLeg) -> str:
    ports = {one.service.server_port or 0 for one in lost.served}
    source = _servers(lost)
    if method_of(case) != "nat":
        ports = {one.service.port or 0 for one in lost.served}
        source = ",".join(dict.fromkeys(one.service.address for one in lost.served))
    option = iptables_commands.ports_option([(port, port) for port in sorted(ports)], "--sport")
    protocol = lost.served[0].service.protocol
    command = iptables_commands.accepting(
        lost.outcome.decided_in, f"-p {protocol} -s {source} {option}"
    )
    remedy = f"Accept them in any state, before any other rule: {command}"
    if lost.by_state and method_of(case) == "nat":
        remedy += f". Or set `{CONNTRACK} = 1`, which makes them ESTABLISHED"
    return remedy


def _accepting_requests(case: Case, lost: LostLeg) -> str:
    service = lost.served[0].service
    match method_of(case):
        case "tunnel":
            match = f"-p 4 -d {_servers(lost)}"
        case "nat":
            ports = {one.service.server_port or 0 for one in lost.served}
            match = f"-p {service.protocol} -d {_servers(lost)} {_ports(ports)}"
        case _:
            addresses = ",".join(dict.fromkeys(one.service.address for one in lost.served))
            ports = {one.service.port or 0 for one in lost.served}
            match = f"-p {service.protocol} -d {addresses} {_ports(ports)}"
    command = iptables_commands.accepting(lost.outcome.decided_in, match)
    return f"Accept them in any state, before any other rule: {command}"


def _ports(ports: set[int]) -> str:
    return iptables_commands.ports_option([(port, port) for port in sorted(ports)], "--dport")


RULES: tuple[CaseRule, ...] = (replies_dropped, ipvs_packets_dropped, check_dropped_by_router)
