"""LVS213-LVS215: whether the routers' firewall rules let heartbeats in, and keep strangers off the GUI."""

from collections.abc import Iterator

from lvscf.findings.command import Command
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.firewall import Outcome, Packet, Ranges, Rule
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts import iptables_commands
from lvscf.linter.hosts.heartbeats import (
    Path,
    decision,
    heartbeat_port,
    paths,
    routers_with_rules,
    without_other_direction,
)
from lvscf.linter.hosts.inspection import ANY_CLIENT, inspection_of
from lvscf.linter.hosts.traffic import through_network

GUI_PORT = 3636


@rule("LVS213", "heartbeat-blocked", Severity.ERROR, also=(Severity.WARNING,))
def heartbeat_blocked(case: Case) -> Iterator[Problem]:
    """A router's firewall drops its partner's heartbeats.

    What:
        A backup router is in use, and a router's rules drop UDP packets from its partner to
        `heartbeat_port` (539 by default).  This is an error, or a warning if a second heartbeat path
        is open, or if heartbeats get in as replies to the router's own.  Rules that were given for
        both routers at once must let in only one of the two partners, because a router's rules need
        not name the router itself.

    Why:
        A router that hears nothing declares its partner dead and becomes active although the
        partner is active too.  Where the firewall lets in only packets of established connections,
        the router hears heartbeats only as long as it sends its own.

    Example:
          primary = 10.10.1.21
          backup = 10.10.1.22
          backup_active = 1
          --- router 10.10.1.21
          iptables -A INPUT -i lo -j ACCEPT
          iptables -A INPUT -p tcp --dport 22 -j ACCEPT
        + iptables -A INPUT -p udp -s 10.10.1.22 --dport 539 -j ACCEPT
          iptables -P INPUT DROP
    """
    port = heartbeat_port(case)
    if port is None:
        return
    known = list(paths(case))
    blocked = {path: outcome for path in known if (outcome := _blocked(path, port)) is not None}
    without_other_direction(blocked, known)
    for path, outcome in blocked.items():
        others = [one for one in known if one.role == path.role and one is not path]
        answered = bool(_let_in(path, port, answering=True))
        spared = any(one not in blocked for one in others)
        yield Problem(
            at=path.at or case.first_line(),
            message=f"The {path.role} router drops its partner's heartbeats (UDP port {port} from "
            f"{path.partner} to {path.own}): {decision(outcome, path.firewall)}. "
            + _consequence(case, answered=answered, spared=spared),
            help=f"Let them in: {_remedy(path, outcome, port)}.",
            related=_deciding(outcome),
            severity=Severity.WARNING if answered or spared else None,
            commands=_commands(case, path, outcome, port),
        )


def _commands(case: Case, path: Path, outcome: Outcome, port: int) -> tuple[Command, ...]:
    """What lets the heartbeats in."""
    from lvscf.linter.hosts import remedies

    files = case.cluster.files if case.cluster is not None else ()
    names = (one.name for one in files if one.role == "router" and path.firewall in one.firewalls)
    host = None if path.is_shared else next(names, path.own)
    match = f"-p udp -s {path.partner} --dport {port}"
    return (Command("router", host, remedies.accepting(case, outcome, match)),)


@rule("LVS214", "gui-port-open", Severity.INFO)
def gui_port_open(case: Case) -> Iterator[Problem]:
    """The Piranha GUI is open to everyone.

    What:
        A router's firewall rule accepts TCP packets to port 3636 from any address.

    Why:
        The GUI uses plain HTTP and a single password, and can redirect every service of the cluster.

    Example:
          primary = 10.10.1.21
          --- router 10.10.1.21
        - iptables -A INPUT -p tcp --dport 3636 -j ACCEPT
        + iptables -A INPUT -p tcp -s 10.10.1.0/24 --dport 3636 -j ACCEPT
          iptables -P INPUT DROP
    """
    inspection = inspection_of(case)
    reported: set[Rule] = set()
    for _, own, firewall, _ in routers_with_rules(case):
        packet = Packet("tcp", own, GUI_PORT, source=ANY_CLIENT)
        outcomes = through_network(inspection.outcomes(firewall, packet))
        accepting = {_accepting(outcome) for outcome in outcomes}
        if None in accepting or any(outcome.uncertain for outcome in outcomes):
            continue
        for opening in accepting - reported:
            assert opening is not None
            reported.add(opening)
            yield Problem(
                at=_place(opening),
                message=f"This rule opens port {GUI_PORT}, the Piranha GUI, to everyone. The GUI uses "
                "plain HTTP, and its one password is enough to redirect every service of the cluster.",
                help="Restrict the rule to your administrators' network: `-s ADDRESS/LENGTH`.",
            )


@rule("LVS215", "tcp-heartbeat-rule", Severity.INFO)
def tcp_heartbeat_rule(case: Case) -> Iterator[Problem]:
    """The heartbeat port is open for the wrong protocol.

    What:
        A router's firewall rule accepts TCP packets to `heartbeat_port` (539 by default).

    Why:
        Heartbeats are UDP, and nothing listens on the TCP port.  The rule has no use, and may have
        been meant to let heartbeats in.

    Example:
          primary = 10.10.1.21
          backup = 10.10.1.22
          backup_active = 1
          --- router 10.10.1.21
        - iptables -A INPUT -p tcp --dport 539 -j ACCEPT
        + iptables -A INPUT -p udp --dport 539 -j ACCEPT
    """
    port = heartbeat_port(case)
    if port is None:
        return
    reported: set[Rule] = set()
    for path in paths(case):
        packet = Packet("tcp", path.own, port, source=path.partner)
        accepting = [_accepting(outcome) for outcome in path.incoming(packet)]
        for opening in accepting:
            if opening is not None and opening not in reported and _names_port(opening, port):
                reported.add(opening)
                yield Problem(
                    at=_place(opening),
                    message=f"This rule accepts TCP packets to the heartbeat port {port}, but "
                    "heartbeats are UDP: nothing listens on the TCP port.",
                    help=f"Write `-p udp --dport {port}` to let heartbeats in.",
                )


# --- packets ---------------------------------------------------------------------------------------


def _trace(path: Path, port: int, *, answering: bool = False) -> list[Outcome]:
    """The fates of a heartbeat; pulse sends it from the port that it listens on."""
    packet = Packet("udp", path.own, port, source=path.partner, source_port=port)
    return path.incoming(packet, answering=answering)


def _let_in(path: Path, port: int, *, answering: bool = False) -> list[Outcome]:
    return [one for one in _trace(path, port, answering=answering) if one.accepted]


def _blocked(path: Path, port: int) -> Outcome | None:
    """How heartbeats are dropped; None if any get in."""
    outcomes = _trace(path, port)
    return None if any(one.accepted for one in outcomes) else next(iter(outcomes), None)


# --- words ---------------------------------------------------------------------------------------


def _consequence(case: Case, *, answered: bool, spared: bool) -> str:
    if answered:
        return "Heartbeats only get in as replies to its own, so it hears nothing when it is not sending."
    if spared:
        return "The other path is open; if that fails, both routers become active."
    return (
        f"It declares its partner dead after {case.config.deadtime} seconds, and becomes active "
        "although the partner is active too."
    )


def _remedy(path: Path, outcome: Outcome, port: int) -> str:
    table, chain = outcome.decided_in
    if iptables_commands.is_nftables(table):
        condition = f"ip saddr {path.partner} udp dport {port}"
        return f"`nft insert rule {table} {chain} {condition} accept`"
    named = "" if table == "filter" else f" -t {table}"
    return f"`iptables{named} -I {chain} -s {path.partner} -p udp --dport {port} -j ACCEPT`"


def _deciding(outcome: Outcome) -> tuple[tuple[Place, str], ...]:
    rule = outcome.decided_by
    return () if rule is None else ((_place(rule), "drops them"),)


def _accepting(outcome: Outcome) -> Rule | None:
    """The rule of table filter that accepts an arriving packet, if there is one."""
    last = outcome.path[-1] if outcome.accepted and outcome.path else None
    if last is None or last.target is None:
        return None
    if last.family == "iptables" and last.table != "filter":
        return None
    return last if last.target.name == "ACCEPT" else None


def _names_port(rule: Rule, port: int) -> bool:
    """Whether a rule names exactly this port, not just a range around it."""
    named = (rule.setting("--dport"), rule.setting("--dports"), rule.setting("--ports"))
    values = (setting.value for setting in named if setting is not None and not setting.negated)
    return any(isinstance(value, Ranges) and (port, port) in value.ranges for value in values)


def _place(rule: Rule) -> Place:
    return Place(rule.start, rule.end, rule.source)


RULES: tuple[CaseRule, ...] = (heartbeat_blocked, gui_port_open, tcp_heartbeat_rule)
