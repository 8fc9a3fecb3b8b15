"""LVS411 and LVS412: rules of a router that keep a service's packets from IPVS."""

from collections.abc import Callable, Iterator

from lvscf.config.model import VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.firewall.packets import Outcome
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts import iptables_commands
from lvscf.linter.hosts.inspection import inspection_of
from lvscf.linter.hosts.rulebook import PortRange
from lvscf.linter.hosts.traffic import Router, address_of, divided, mark_of, packet_to, place, shown


@rule("LVS411", "vip-port-blocked", Severity.ERROR)
def vip_port_blocked(case: Case) -> Iterator[Problem]:
    """A balanced port that the router's own firewall drops.

    What:
        The router's INPUT chain (or an earlier one) drops or rejects the first packet of a
        connection to a VIP and port that lvs.cf balances.  Rules that block particular sources are
        fine.

    Why:
        IPVS runs after INPUT.  What is dropped there never reaches a real server, even though
        nothing on the router itself listens on the port.

    Example:
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
          }
          --- router 10.10.1.21
          iptables -A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT
        + iptables -A INPUT -p tcp -d 10.10.1.20 --dport 80 -j ACCEPT
          iptables -A INPUT -j REJECT --reject-with icmp-host-prohibited
    """
    for router, virtual, protocol, ports, outcome in _kept_from_ipvs(
        case, lambda one: not (one.accepted or one.forwarded)
    ):
        table, chain = outcome.decided_in
        blocking = outcome.decided_by
        what = shown(blocking) if blocking else f"the policy of {chain}"
        if (table, chain) == ("filter", "INPUT") or blocking is None:
            command = iptables_commands.for_ports(
                table, f"-I {chain}", protocol, address_of(virtual), ports, "ACCEPT"
            )
            remedy = f"Accept them: {command}"
        else:
            remedy = f"Remove the rule: {iptables_commands.removal(blocking)}"
        yield Problem(
            at=case.name_of(virtual),
            message=f"On {router.name}: packets to {address_of(virtual)}, {protocol} "
            f"{iptables_commands.listed(ports)}, end at {what} ({outcome.verdict}). IPVS runs after "
            "INPUT and never sees them.",
            help=f"{remedy}.",
            related=((place(blocking), "drops these packets"),),
        )


@rule("LVS412", "vip-redirected-on-router", Severity.ERROR)
def vip_redirected_on_router(case: Case) -> Iterator[Problem]:
    """A VIP that the router redirects or translates itself.

    What:
        A REDIRECT or DNAT rule of a router changes the destination of packets to a VIP and port
        that lvs.cf balances.

    Why:
        REDIRECT belongs on the real servers.  On the router, it gives the packet another
        destination before IPVS sees it.  A service with a VIP and port is bypassed: IPVS does not
        recognise its packets, and a program of the router answers, or nothing does.  A service with
        a firewall mark is not bypassed, because the mark stays: IPVS sends the real servers packets
        that are addressed to the router, or to another port, and clients time out.  With `net.ipv4.vs.conntrack = 1`,
        such packets come back to the router itself.  Packets that DNAT sends to another host are
        forwarded and never reach INPUT, where IPVS takes its packets.

    Example:
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
          }
          --- router 10.10.1.21
        - iptables -t nat -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j REDIRECT
        + iptables -t nat -A PREROUTING -p tcp -d 10.10.1.21 --dport 8080 -j REDIRECT --to-ports 80
    """
    for router, virtual, protocol, ports, outcome in _kept_from_ipvs(
        case, lambda one: one.translated_by is not None
    ):
        translating = outcome.translated_by
        assert translating is not None
        command = iptables_commands.for_ports(
            "nat", "-I PREROUTING", protocol, address_of(virtual), ports, "ACCEPT"
        )
        yield Problem(
            at=case.name_of(virtual),
            message=f"On {router.name}: {shown(translating)} changes the destination of packets to "
            f"{address_of(virtual)}, {protocol} {iptables_commands.listed(ports)}, before IPVS "
            f"sees them. {_effect(virtual, outcome)}",
            help=f"Remove the rule, or exempt the VIP from it: {command}.",
            related=((place(translating), "changes the destination"),),
        )


def _effect(virtual: VirtualServer, outcome: Outcome) -> str:
    """What becomes of packets whose destination the router changed."""
    if outcome.forwarded:
        return "They are forwarded to another host and never reach INPUT, where IPVS takes its packets."
    if virtual.fwmark:
        return (
            "They keep their mark, so IPVS still sends them to real servers, with a destination that "
            "these do not serve: clients time out."
        )
    return "IPVS does not recognise them: the service is bypassed."


def _kept_from_ipvs(
    case: Case, is_kept: Callable[[Outcome], bool]
) -> Iterator[tuple[Router, VirtualServer, str, list[PortRange], Outcome]]:
    """Packets that something keeps from IPVS: router, service, protocol, ports and outcome.

    Packets without their mark are left out; other rules report them.
    """
    inspection = inspection_of(case)
    for router in inspection.routers:
        for virtual in inspection.receiving:
            for protocol, ports in inspection.balanced_ports(router, virtual).items():
                kept: dict[PortRange, Outcome] = {}
                for port in ports:
                    packet = packet_to(virtual, port[0], protocol)
                    outcomes = tuple(
                        one
                        for one in inspection.outcomes(router.firewall, packet)
                        if not virtual.fwmark or one.mark == mark_of(virtual)
                    )
                    _, bad = divided(outcomes, virtual, lambda one: not is_kept(one))
                    if bad:
                        kept[port] = bad[0]
                if kept:
                    yield router, virtual, protocol, list(kept), next(iter(kept.values()))


RULES: tuple[CaseRule, ...] = (vip_port_blocked, vip_redirected_on_router)
