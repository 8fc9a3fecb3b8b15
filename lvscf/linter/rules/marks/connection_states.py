"""LVS4, fourth part: later packets of a connection, which a router's connection tracking misjudges.

IPVS takes packets out of the kernel before their connection is confirmed, so connection tracking on
the router never knows it (`net.ipv4.vs.conntrack = 0`, the default): SYN and ACK are NEW each time,
FIN and RST are INVALID.  Facts: measurements on Linux 6.1, in whole clusters.
"""

from collections.abc import Iterator
from typing import Literal

from attrs import evolve

from lvscf.config.model import VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.firewall.model import Rule
from lvscf.firewall.packets import Outcome
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts import iptables_commands, sysctl
from lvscf.linter.hosts.inspection import inspection_of
from lvscf.linter.hosts.rulebook import PortRange
from lvscf.linter.hosts.traffic import Router, address_of, divided, mark_of, packet_to, place, shown
from lvscf.shared.records import evolved, record

_CONNTRACK = "net.ipv4.vs.conntrack"


@rule("LVS416", "closing-packets-dropped", Severity.WARNING)
def closing_packets_dropped(case: Case) -> Iterator[Problem]:
    """A router's firewall that keeps the end of connections from IPVS.

    What:
        First packets of a TCP service reach IPVS, and later ones in state INVALID do not: a rule
        drops INVALID, or only NEW (and ESTABLISHED) is accepted and the rest rejected.  Not where
        a sysctl file of the router sets `net.ipv4.vs.conntrack = 1`.

    Why:
        IPVS does not let connection tracking on the router complete a connection: to it, the SYN
        and the data of a client are NEW, and FIN and RST are INVALID.  Clients are served, but
        neither IPVS nor the real server sees a connection end: both keep it until it times out,
        and least-connection schedulers count it.

    Example:
          primary = 10.10.1.21
          network = direct
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
          }
          --- router 10.10.1.21
        + iptables -A INPUT -p tcp -d 10.10.1.20 --dport 80 -j ACCEPT
          iptables -A INPUT -m conntrack --ctstate INVALID -j DROP
        - iptables -A INPUT -p tcp -d 10.10.1.20 --dport 80 -j ACCEPT
    """
    for router in inspection_of(case).routers:
        if _tracks(router):
            continue
        for loss in _losses(case, router, "INVALID", served=True):
            yield _problem(
                case,
                loss,
                f"a client's FIN and RST to {loss.services}",
                "To the router's connection tracking these packets are INVALID, because IPVS "
                "never lets it see a whole connection. Clients are served, but neither IPVS nor "
                "the real server sees connections end: they linger until they time out",
            )


@rule("LVS417", "handshake-dropped", Severity.ERROR, also=(Severity.WARNING,))
def handshake_dropped(case: Case) -> Iterator[Problem]:
    """A router's firewall that lets connections begin, and drops all that follows.

    What:
        First packets of a TCP service reach IPVS, and the client's ACK does not: a rule drops NEW
        packets without SYN, or, with `net.ipv4.vs.conntrack = 1` and direct routing or a tunnel,
        packets in state INVALID.  A warning where no sysctl file of the router was given, as
        `net.ipv4.vs.conntrack` decides which state the ACK has.

    Why:
        IPVS does not let connection tracking on the router complete a connection.  By default every
        packet of a client is NEW, also those without SYN.  With `net.ipv4.vs.conntrack = 1` and
        without NAT the router never sees the real server's answer, and the ACK is INVALID.  Either
        way every client hangs after it has connected.

    Example:
          primary = 10.10.1.21
          network = direct
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
          }
          --- router 10.10.1.21
        + iptables -A INPUT -p tcp -d 10.10.1.20 --dport 80 -j ACCEPT
          iptables -A INPUT -p tcp ! --syn -m state --state NEW -j DROP
    """
    for router in inspection_of(case).routers:
        tracks = _tracks(router)
        if tracks and (case.config.network == "nat" or case.is_unreadable(case.config, "network")):
            continue
        for loss in _losses(case, router, "INVALID" if tracks else "NEW"):
            yield _problem(
                case,
                loss,
                f"a client's ACK to {loss.services}",
                f"With `{_CONNTRACK} = 1` and without NAT, connection tracking on the router never "
                "sees the answer to the SYN, and all that follows is INVALID: every client hangs"
                if tracks
                else "IPVS never lets the router's connection tracking see a whole connection, so "
                "that a packet without SYN is NEW, too: every client hangs after it has connected",
                None if tracks is not None else Severity.WARNING,
            )


@record
class _Loss:
    """Packets that do not reach IPVS on a router, and why."""

    router: Router
    virtual: VirtualServer
    """The first service concerned."""
    ports: tuple[tuple[str, PortRange], ...]
    """All ports concerned, each with its address."""
    outcome: Outcome

    @property
    def services(self) -> str:
        """The services for a sentence."""
        by_address: dict[str, list[PortRange]] = {}
        for address, port in self.ports:
            by_address.setdefault(address, []).append(port)
        return " and ".join(
            f"{address}, tcp {iptables_commands.listed(sorted(set(ports)))}"
            for address, ports in by_address.items()
        )


def _losses(
    case: Case, router: Router, state: Literal["NEW", "INVALID"], *, served: bool = False
) -> Iterator[_Loss]:
    """The later packets in a state that do not reach IPVS although the first one does.

    One for each rule that decides them; `served` leaves out services whose ACKs do not, either.
    """
    if not router.rulebook.tells_packets_apart:
        return
    found: dict[tuple[Rule | None, tuple[str, str], bool], _Loss] = {}
    for virtual in inspection_of(case).receiving:
        for port in inspection_of(case).balanced_ports(router, virtual).get("tcp", ()):
            outcome = _lost(case, router, virtual, port, state)
            if outcome is None or (served and _lost(case, router, virtual, port, "NEW")):
                continue  # of a lost ACK, LVS417 reports
            key = (outcome.decided_by, outcome.decided_in, outcome.accepted)
            known = found.setdefault(key, _Loss(router, virtual, (), outcome))
            found[key] = evolved(known, ports=(*known.ports, (address_of(virtual), port)))
    yield from found.values()


def _lost(
    case: Case,
    router: Router,
    virtual: VirtualServer,
    port: PortRange,
    state: Literal["NEW", "INVALID"],
) -> Outcome | None:
    def reaches(one: Outcome) -> bool:
        right = not virtual.fwmark or one.mark == mark_of(virtual)
        return one.accepted and right and one.translated_by is None

    first = packet_to(virtual, port[0], "tcp")
    good, bad = divided(inspection_of(case).outcomes(router.firewall, first), virtual, reaches)
    if bad or not good:
        return None  # LVS401, LVS411 and LVS412 report it
    later = inspection_of(case).outcomes(router.firewall, evolve(first, state=state))
    _, lost = divided(later, virtual, reaches)
    return lost[0] if lost else None


def _tracks(router: Router) -> bool | None:
    """Whether IPVS leaves connections to connection tracking; None if that is not known."""
    values = {sysctl.setting(sources, _CONNTRACK) for sources in router.sysctls}
    if len(values) != 1:
        return None
    value = values.pop()
    return None if value is None else value != "0"


def _problem(
    case: Case, loss: _Loss, what: str, why: str, severity: Severity | None = None
) -> Problem:
    outcome, deciding = loss.outcome, loss.outcome.decided_by
    table, chain = outcome.decided_in
    if outcome.accepted:
        mark = mark_of(loss.virtual)
        end = f"do not get mark {mark}" if mark else "are redirected"
        remedy = "Do it whatever their state"
    elif deciding is None:
        end = f"end at the policy of {chain} ({outcome.verdict})"
        remedy = _accepting(loss)
    else:
        end = f"end at {shown(deciding)} ({outcome.verdict})"
        remedy = _accepting(loss) if table == "filter" else _sparing(deciding)
    names = case.name_of(loss.virtual)
    return Problem(
        at=place(deciding) if deciding else names,
        message=f"On {loss.router.name}: {what} {end}. {why}. {remedy}.",
        related=((names, "its packets"),) if deciding else (),
        severity=severity,
    )


def _accepting(loss: _Loss) -> str:
    """How to let the packets in whatever their state."""
    by_address: dict[str, list[PortRange]] = {}
    for address, port in loss.ports:
        by_address.setdefault(address, []).append(port)
    accepting = " and ".join(
        iptables_commands.for_ports(
            "filter", "-I INPUT", "tcp", address, sorted(set(ports)), "ACCEPT"
        )
        for address, ports in by_address.items()
    )
    return f"Accept them in any state, before other rules: {accepting}"


def _sparing(deciding: Rule) -> str:
    return f"Take the rule out, or limit it to other ports: {iptables_commands.removal(deciding)}"


RULES: tuple[CaseRule, ...] = (closing_packets_dropped, handshake_dropped)
