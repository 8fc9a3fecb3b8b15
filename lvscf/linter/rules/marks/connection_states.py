"""LVS416 and LVS417: later packets of a connection, which a router's connection tracking misjudges.

IPVS takes a packet away before its connection is confirmed, so connection tracking on the router
never learns of the connection (`net.ipv4.vs.conntrack = 0`, the default): SYN and ACK are always
NEW, FIN and RST are INVALID.  Facts: measurements on Linux 6.1, in whole clusters.
"""

from collections.abc import Iterator
from typing import Literal

from attrs import evolve

from lvscf.config.model import VirtualServer
from lvscf.findings.command import Command
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.firewall.model import Rule
from lvscf.firewall.packets import Outcome
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts import iptables_commands, remedies
from lvscf.linter.hosts.inspection import inspection_of
from lvscf.linter.hosts.rulebook import PortRange
from lvscf.linter.hosts.traffic import Router, address_of, divided, mark_of, packet_to, place, shown
from lvscf.shared.records import evolved, record

_CONNTRACK = "net.ipv4.vs.conntrack"


@rule("LVS416", "closing-packets-dropped", Severity.WARNING)
def closing_packets_dropped(case: Case) -> Iterator[Problem]:
    """A router's firewall that hides the end of connections from IPVS.

    What:
        The first packets of a TCP service reach IPVS, but later ones in state INVALID do not: a
        rule drops INVALID, or only NEW (and ESTABLISHED) is accepted and the rest rejected.  Not
        checked where a sysctl file of the router sets `net.ipv4.vs.conntrack = 1`.

    Why:
        With IPVS, connection tracking on the router never sees a complete connection: a client's
        SYN and data are NEW to it, FIN and RST are INVALID.  Clients are served, but IPVS and the
        real server never see a connection end.  Both keep it until it times out, and
        least-connection schedulers still count it.

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
                f"FIN and RST packets to {loss.services}",
                "which are INVALID to the router's connection tracking",
                "Clients are served, but IPVS and the real server never see a connection end and "
                "keep it until it times out",
            )


@rule("LVS417", "handshake-dropped", Severity.ERROR, also=(Severity.WARNING,))
def handshake_dropped(case: Case) -> Iterator[Problem]:
    """A router's firewall that lets connections begin and drops all that follows.

    What:
        The first packet of a TCP connection reaches IPVS, but the client's ACK does not: a rule
        drops NEW packets without SYN, or, with `net.ipv4.vs.conntrack = 1` and direct routing or
        tunnels, packets in state INVALID.  An error where a sysctl file of the router shows
        `net.ipv4.vs.conntrack`, which decides the state of the ACK; a warning where none does.

    Why:
        With IPVS, connection tracking on the router never sees a complete connection.  By default,
        every packet of a client is NEW, even without SYN.  With `net.ipv4.vs.conntrack = 1` and
        without NAT, the router never sees the real server's reply, so the ACK is INVALID.  Either
        way, every client hangs after connecting.

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
                f"ACK packets to {loss.services}",
                f"which `{_CONNTRACK} = 1` without NAT makes INVALID"
                if tracks
                else "which are NEW to the router's connection tracking, even without SYN",
                "Every client hangs after connecting"
                if tracks is not None
                else f"Unless `{_CONNTRACK} = 1`, every client hangs after connecting",
                None if tracks is not None else Severity.WARNING,
            )


@record
class _Loss:
    """Packets that do not reach IPVS on a router, and the outcome they share."""

    router: Router
    virtual: VirtualServer
    """The first service affected."""
    ports: tuple[tuple[str, PortRange], ...]
    """All ports affected, each with its address."""
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
    """Later packets in a given state that do not reach IPVS, although the first packet does.

    One loss for each rule that decides them; `served` leaves out services whose ACKs are lost too.
    """
    if not router.rulebook.distinguishes_packets:
        return
    found: dict[tuple[Rule | None, tuple[str, str], bool], _Loss] = {}
    for virtual in inspection_of(case).receiving:
        for port in inspection_of(case).balanced_ports(router, virtual).get("tcp", ()):
            outcome = _lost(case, router, virtual, port, state)
            if outcome is None or (served and _lost(case, router, virtual, port, "NEW")):
                continue  # LVS417 reports lost ACKs
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
    """Whether IPVS keeps connections in connection tracking; None if that is not known."""
    values = {host.settings.value(_CONNTRACK) for host in router.hosts}
    if len(values) != 1:
        return None
    value = values.pop()
    return None if value is None else value != "0"


def _problem(
    case: Case,
    loss: _Loss,
    packets: str,
    state: str,
    consequence: str,
    severity: Severity | None = None,
) -> Problem:
    outcome, deciding = loss.outcome, loss.outcome.decided_by
    table, chain = outcome.decided_in
    if outcome.accepted:
        mark = mark_of(loss.virtual)
        end = f"do not get mark {mark}" if mark else "are redirected"
        remedy = f"{'Mark' if mark else 'Do not redirect'} them, whatever their state"
    elif deciding is None:
        end = f"end at the policy of {chain} ({outcome.verdict})"
        remedy = _accepting(loss)
    else:
        end = f"end at {shown(deciding)} ({outcome.verdict})"
        filters = table == "filter" or iptables_commands.is_nftables(table)
        spares = filters and outcome.hook == "input"
        remedy = _accepting(loss) if spares else _sparing(deciding)
    names = case.name_of(loss.virtual)
    return Problem(
        at=place(deciding) if deciding else names,
        message=f"On {loss.router.name}: {packets}, {state}, {end}. {consequence}.",
        help=f"{remedy}.",
        related=((names, "its packets"),) if deciding else (),
        severity=severity,
        commands=_commands(case, loss),
    )


def _commands(case: Case, loss: _Loss) -> tuple[Command, ...]:
    """What lets the packets reach IPVS, whatever their state."""
    outcome, mark = loss.outcome, mark_of(loss.virtual)
    texts: list[str] = []
    for address, ports in _by_address(loss).items():
        if mark and (outcome.accepted or outcome.decided_in == ("mangle", "PREROUTING")):
            texts += remedies.marking(case, outcome, "tcp", address, ports, mark)
        elif outcome.accepted:
            sparing = iptables_commands.for_ports(
                "nat", "-A PREROUTING", "tcp", f"{address}/32", ports, "ACCEPT"
            )
            texts += remedies.with_place(case, sparing, outcome.translated_by)
        else:
            matches = iptables_commands.matching("tcp", f"{address}/32", ports)
            texts += [remedies.accepting(case, outcome, match) for match in matches]
    return remedies.on_router(loss.router, *texts)


def _by_address(loss: _Loss) -> dict[str, list[PortRange]]:
    """The ports, each once, by their address."""
    found: dict[str, set[PortRange]] = {}
    for address, port in loss.ports:
        found.setdefault(address, set()).add(port)
    return {address: sorted(ports) for address, ports in found.items()}


def _accepting(loss: _Loss) -> str:
    """How to accept the packets, whatever their state."""
    by_address: dict[str, list[PortRange]] = {}
    table, chain = loss.outcome.decided_in
    if not iptables_commands.is_nftables(table):
        table, chain = "filter", "INPUT"
    for address, port in loss.ports:
        by_address.setdefault(address, []).append(port)
    accepting = " and ".join(
        iptables_commands.for_ports(
            table, f"-I {chain}", "tcp", address, sorted(set(ports)), "ACCEPT"
        )
        for address, ports in by_address.items()
    )
    return f"Accept them in any state, before any other rule: {accepting}"


def _sparing(deciding: Rule) -> str:
    return f"Remove the rule, or limit it to other ports: {iptables_commands.removal(deciding)}"


RULES: tuple[CaseRule, ...] = (closing_packets_dropped, handshake_dropped)
