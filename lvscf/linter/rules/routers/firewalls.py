"""LVS213-LVS215: whether the routers' firewall rules let heartbeats in, and keep strangers off the GUI."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.findings.command import Command
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.firewall import Firewall, Outcome, Packet, Ranges, Rule
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.piranha.limits import LARGEST_PORT
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared import ipv4
from lvscf.shared.records import record
from lvscf.source import displayable

GUI_PORT = 3636
_STRANGER = "192.0.2.1"
"""A documentation address (RFC 5737) standing for any client."""


@record
class _Path:
    """The path of heartbeats to one router, and that router's firewall."""

    role: str
    """The role of the receiving router: `primary` or `backup`."""
    own: str
    partner: str
    firewall: Firewall
    at: Place | None
    """The router's address in lvs.cf."""
    name: str | None
    """The router as it was named when its rules were given; None if they are for both."""
    is_shared: bool = False
    """Whether the rules were given for both routers, so that they may be the other one's."""

    def is_opposite(self, other: "_Path") -> bool:
        """Whether this is the other direction of the same path, through the same rules."""
        ends = (self.own, self.partner)
        return ends == (other.partner, other.own) and self.firewall is other.firewall


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
    port = _heartbeat_port(case)
    if port is None:
        return
    paths = list(_paths(case))
    blocked = {path: outcome for path in paths if (outcome := _blocked(path, port)) is not None}
    for path in [path for path in blocked if path.is_shared]:
        opposite = (one for one in paths if path.is_opposite(one))
        if any(one not in blocked for one in opposite):
            del blocked[path]  # the other router's rules, which name this router as the partner
    for path, outcome in blocked.items():
        others = [one for one in paths if one.role == path.role and one is not path]
        answered = bool(_let_in(path, port, answering=True))
        spared = any(one not in blocked for one in others)
        yield Problem(
            at=path.at or case.first_line(),
            message=f"The {path.role} router drops its partner's heartbeats (UDP port {port} from "
            f"{path.partner} to {path.own}): {_decision(outcome, path.firewall)}. "
            + _consequence(case, answered=answered, spared=spared),
            help=f"Let them in: {_remedy(path, outcome, port)}.",
            related=_deciding(outcome),
            severity=Severity.WARNING if answered or spared else None,
            commands=_commands(case, path, outcome, port),
        )


def _commands(case: Case, path: _Path, outcome: Outcome, port: int) -> tuple[Command, ...]:
    """What lets the heartbeats in."""
    from lvscf.linter.hosts import remedies

    match = f"-p udp -s {path.partner} --dport {port}"
    return (Command("router", path.name, remedies.accepting(case, outcome, match)),)


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
    reported: set[Rule] = set()
    for _, own, firewall, _ in _routers(case):
        packet = Packet("tcp", own, GUI_PORT, source=_STRANGER)
        outcomes = _from_outside(firewall.trace(packet))
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
    port = _heartbeat_port(case)
    if port is None:
        return
    reported: set[Rule] = set()
    for path in _paths(case):
        packet = Packet("tcp", path.own, port, source=path.partner)
        accepting = [_accepting(outcome) for outcome in _from_outside(path.firewall.trace(packet))]
        for opening in accepting:
            if opening is not None and opening not in reported and _names_port(opening, port):
                reported.add(opening)
                yield Problem(
                    at=_place(opening),
                    message=f"This rule accepts TCP packets to the heartbeat port {port}, but "
                    "heartbeats are UDP: nothing listens on the TCP port.",
                    help=f"Write `-p udp --dport {port}` to let heartbeats in.",
                )


# --- the routers and their heartbeats -----------------------------------------------------------


def _routers(case: Case, suffix: str = "") -> Iterator[tuple[str, str, Firewall, str | None]]:
    """Role, address and firewall of each router with rules, and its name; None for both routers."""
    config, cluster = case.config, case.cluster
    if cluster is None:
        return
    for role in ("primary", "backup"):
        own = getattr(config, role + suffix)
        names = [
            name for name in (getattr(config, role), getattr(config, f"{role}_private")) if name
        ]
        if not own or own == UNSET_ADDRESS or ipv4.number(own) is None:
            continue
        for file in cluster.files:
            if file.role == "router" and (file.name is None or file.name in names):
                for firewall in file.firewalls:
                    yield role, own, firewall, file.name


def _heartbeat_port(case: Case) -> int | None:
    """The heartbeat port; None if there are no heartbeats, or if the port is not known."""
    port = case.config.heartbeat_port
    if not case.backup_in_use or port is None or not 0 < port <= LARGEST_PORT:
        return None
    return None if case.is_unreadable(case.config, "heartbeat_port") else port


def _paths(case: Case) -> Iterator[_Path]:
    """The paths of heartbeats, between the public addresses and between the private ones."""
    config = case.config
    seen = set()
    for suffix in ("", "_private"):
        for role, own, firewall, name in _routers(case, suffix):
            partner = getattr(config, ("backup" if role == "primary" else "primary") + suffix)
            if not partner or partner == UNSET_ADDRESS or ipv4.number(partner) is None:
                continue
            if (own, partner, firewall) not in seen:
                seen.add((own, partner, firewall))
                at = places.value_of(config, role + suffix)
                at = at or places.value_of(config, role)
                yield _Path(role, own, partner, firewall, at, name, name is None)


def _trace(path: _Path, port: int, *, answering: bool = False) -> list[Outcome]:
    """The fates of a heartbeat; pulse sends it from the port that it listens on."""
    packet = Packet("udp", path.own, port, source=path.partner, source_port=port)
    return _from_outside(path.firewall.trace(packet, answering=answering))


def _let_in(path: _Path, port: int, *, answering: bool = False) -> list[Outcome]:
    return [one for one in _trace(path, port, answering=answering) if one.accepted]


def _blocked(path: _Path, port: int) -> Outcome | None:
    """How heartbeats are dropped; None if any get in."""
    outcomes = _trace(path, port)
    return None if any(one.accepted for one in outcomes) else next(iter(outcomes), None)


def _from_outside(outcomes: tuple[Outcome, ...]) -> list[Outcome]:
    """The outcomes for packets from other hosts, which do not arrive on `lo`."""

    def inside(outcome: Outcome) -> bool:
        settings = ((one.setting, one.holds) for one in outcome.assumptions if one.setting)
        return any(
            setting.name == "-i" and setting.value == "lo" and holds is not setting.negated
            for setting, holds in settings
        )

    return [outcome for outcome in outcomes if not inside(outcome)]


# --- words ---------------------------------------------------------------------------------------


def _decision(outcome: Outcome, firewall: Firewall) -> str:
    table, chain = outcome.decided_in
    if outcome.decided_by is None:
        file = displayable(firewall.source.filename)
        return f"no rule accepts them, and the policy of {chain} in table {table} is DROP ({file})"
    return f"a rule in table {table} says {displayable(outcome.verdict)}"


def _consequence(case: Case, *, answered: bool, spared: bool) -> str:
    if answered:
        return "Heartbeats only get in as replies to its own, so it hears nothing when it is not sending."
    if spared:
        return "The other path is open; if that fails, both routers become active."
    return (
        f"It declares its partner dead after {case.config.deadtime} seconds, and becomes active "
        "although the partner is active too."
    )


def _remedy(path: _Path, outcome: Outcome, port: int) -> str:
    table, chain = outcome.decided_in
    named = "" if table == "filter" else f" -t {table}"
    return f"`iptables{named} -I {chain} -s {path.partner} -p udp --dport {port} -j ACCEPT`"


def _deciding(outcome: Outcome) -> tuple[tuple[Place, str], ...]:
    rule = outcome.decided_by
    return () if rule is None else ((_place(rule), "drops them"),)


def _accepting(outcome: Outcome) -> Rule | None:
    """The rule of table filter that accepts an arriving packet, if there is one."""
    last = outcome.path[-1] if outcome.accepted and outcome.path else None
    if last is None or last.target is None or last.table != "filter":
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
