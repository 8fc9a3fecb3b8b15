"""LVS234: a router whose own firewall keeps its heartbeats from leaving."""

from collections.abc import Iterator

from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.firewall import Outcome
from lvscf.hosts.journeys import Leg, heartbeats
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts import iptables_commands
from lvscf.linter.hosts.heartbeats import (
    Path,
    decision,
    heartbeat_port,
    paths,
    without_other_direction,
)
from lvscf.linter.hosts.router_facts import (
    device_towards,
)
from lvscf.linter.hosts.traffic import place


@rule("LVS234", "heartbeat-cannot-leave", Severity.ERROR, also=(Severity.WARNING,))
def heartbeat_cannot_leave(case: Case) -> Iterator[Problem]:
    """A router's firewall drops the heartbeats that it sends.

    What:
        A backup router is in use, and the OUTPUT or POSTROUTING chains of a router drop UDP packets
        to `heartbeat_port` (539 by default) of its partner.  This is an error, or a warning if a
        second heartbeat path is open, or if heartbeats get out as replies to those of the partner.
        Rules that were given for both routers at once must let out only those to one of the two.

    Why:
        pulse sends its heartbeats through OUTPUT like any other program of the router.  The partner
        hears nothing, declares this router dead and becomes active although this one is active too:
        both have the VIPs.  Where only packets of established connections may leave, the first
        router to start is not heard until the partner sends as well.

    Example:
          primary = 10.10.1.21
          backup = 10.10.1.22
          backup_active = 1
          --- router 10.10.1.21
          iptables -A OUTPUT -o lo -j ACCEPT
          iptables -A OUTPUT -p tcp -j ACCEPT
        + iptables -A OUTPUT -p udp -d 10.10.1.22 --dport 539 -j ACCEPT
          iptables -P OUTPUT DROP
    """
    port = heartbeat_port(case)
    if port is None:
        return
    known = list(paths(case))
    legs = {path: _leg(case, path, port) for path in known}
    blocked = {
        path: outcome for path in known if (outcome := _blocked(path, legs[path])) is not None
    }
    without_other_direction(blocked, known)
    for path, outcome in blocked.items():
        others = [one for one in known if one.role == path.role and one is not path]
        answered = any(one.accepted for one in path.outgoing(legs[path].packets[-1]))
        spared = any(one not in blocked for one in others)
        match = f"-p udp -d {path.partner} --dport {port}"
        deciding = outcome.decided_by
        yield Problem(
            at=path.at or case.first_line(),
            message=f"The {path.role} router drops its own heartbeats (UDP port {port} from "
            f"{path.own} to {path.partner}): {decision(outcome, path.firewall)}. "
            + _consequence(case, answered=answered, spared=spared),
            help=f"Let them out: {iptables_commands.accepting(outcome.decided_in, match)}.",
            related=((place(deciding), "drops them"),),
            severity=Severity.WARNING if answered or spared else None,
        )


def _leg(case: Case, path: Path, port: int) -> Leg:
    """The way of a router's own heartbeats: a first one, and one that counts as a reply."""
    device = None
    if case.cluster is not None and not path.is_shared:
        host = case.cluster.router(path.own)
        device = device_towards(host, path.partner) if host is not None else None
    return next(
        leg for leg in heartbeats(path.own, path.partner, port, device) if leg.way == "output"
    )


def _blocked(path: Path, leg: Leg) -> Outcome | None:
    """How heartbeats are dropped; None if any get out, or other rules may let them."""
    outcomes = path.outgoing(leg.packets[0])
    if any(one.accepted or not one.complete for one in outcomes):
        return None
    return next(iter(outcomes), None)


def _consequence(case: Case, *, answered: bool, spared: bool) -> str:
    if answered:
        return "They only get out as replies to its partner's, so it is not heard until that sends."
    if spared:
        return "The other path is open; if that fails, both routers become active."
    return (
        f"Its partner declares it dead after {case.config.deadtime} seconds, and becomes active "
        "although it is active too."
    )


RULES: tuple[CaseRule, ...] = (heartbeat_cannot_leave,)
