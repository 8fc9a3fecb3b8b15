"""LVS401-404, 406, 410, 414: packets of a virtual server that do not get its firewall mark, and why."""

from collections.abc import Iterator

from lvscf.findings.command import Command
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts import iptables_commands, remedies
from lvscf.linter.hosts.inspection import inspection_of
from lvscf.linter.hosts.mark_defects import (
    MarkDefect,
    Reason,
    deciding,
    last_setter,
    mark_defects,
    service_text,
    slips,
    sound_routers,
)
from lvscf.linter.hosts.traffic import address_of, conditions, mark_of, place, protocol_of, shown
from lvscf.source import quoted

_LOST = "IPVS does not match {} to this service, so these clients never reach its real servers"


@rule("LVS401", "fwmark-not-set", Severity.ERROR)
def fwmark_not_set(case: Case) -> Iterator[Problem]:
    """A virtual server with a firewall mark that no packet gets.

    What:
        An active virtual server has `fwmark = N`, but on a router whose rules were given, packets
        for its address, port and protocol do not get mark N: no rule sets it, or the rule that does
        matches another address or port.

    Why:
        IPVS knows a virtual server with a mark by that mark alone.  Packets without the mark are
        answered or refused by the router itself and never reach a real server.

    Example:
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              fwmark = 80
          }
          --- router 10.10.1.21
        - iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.200 --dport 80 -j MARK --set-mark 80
        + iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j MARK --set-mark 80
    """
    for defect in _defects(case, "not set"):
        mark = mark_of(defect.virtual)
        if defect.rule is None:
            cause = f"no rule sets mark {mark}"
        elif defect.rule.chain in ("PREROUTING", "INPUT") or defect.rule.family == "nftables":
            cause = f"the rule that sets mark {mark} matches other packets: {shown(defect.rule)}"
        else:
            cause = f"they do not reach, or do not match, {shown(defect.rule)}"
        yield _problem(
            case,
            defect,
            f"packets to {service_text(defect.virtual)} do not get mark {mark}: {cause}.",
            "does not match these packets",
        )


@rule("LVS402", "fwmark-mismatch", Severity.ERROR)
def fwmark_mismatch(case: Case) -> Iterator[Problem]:
    """A virtual server whose packets get a different mark.

    What:
        The packets of an active virtual server with `fwmark = N` reach IPVS with a mark other than
        N.  Marks are compared as numbers: `0x50` is 80.

    Why:
        IPVS knows a virtual server with a mark by that mark alone.  Packets with another mark are
        answered by the router itself or reach the wrong service.  The usual mistake is a number in
        the wrong base: iptables lists marks in hexadecimal, while lvs.cf usually has decimal ones.

    Example:
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              fwmark = 80
          }
          --- router 10.10.1.21
        - iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j MARK --set-mark 50
        + iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j MARK --set-mark 0x50
    """
    for defect in _defects(case, "other mark"):
        mark, given = mark_of(defect.virtual), defect.outcome.mark
        slip = slips(mark).get(given)
        why = f": {slip}" if slip else ""
        owner = inspection_of(case).marks.get(given)
        if owner is not None:
            why += f"; they go to {quoted(owner.name)} instead"
        yield _problem(
            case,
            defect,
            f"packets to {address_of(defect.virtual)}, {protocol_of(defect.virtual)} "
            f"{iptables_commands.listed(defect.ports)}, get mark {given} ({given:#x}) instead of {mark} "
            f"({mark:#x}){why}.",
            f"sets mark {given}",
        )


@rule("LVS403", "fwmark-overwritten", Severity.ERROR)
def fwmark_overwritten(case: Case) -> Iterator[Problem]:
    """A mark that a later rule changes, or an earlier rule prevents.

    What:
        A rule gives a virtual server's packets their mark, but a later rule changes the mark again
        (packets continue after MARK), or an earlier ACCEPT, RETURN or DROP keeps the packets from
        reaching it.

    Why:
        What counts is the mark that a packet has when it reaches IPVS.  With any other mark, the
        router itself answers or refuses the packet.

    Example:
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              fwmark = 80
          }
          --- router 10.10.1.21
        + iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j MARK --set-mark 80
          iptables -t mangle -A PREROUTING -d 10.10.1.20 -j ACCEPT
        - iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j MARK --set-mark 80
    """
    for defect in _defects(case, "overwritten"):
        mark, given = mark_of(defect.virtual), defect.outcome.mark
        yield _problem(
            case,
            defect,
            f"packets to {service_text(defect.virtual)} get mark {mark}, but a later rule changes "
            f"it to {given}.",
            f"changes mark {mark}",
        )
    for defect in _defects(case, "decided earlier"):
        assert defect.by is not None
        yield _problem(
            case,
            defect,
            f"packets to {service_text(defect.virtual)} never reach the rule that sets mark "
            f"{mark_of(defect.virtual)}: {shown(defect.by)} decides them first.",
            "these packets never reach this rule",
        )


@rule("LVS404", "fwmark-unreachable-chain", Severity.ERROR)
def fwmark_unreachable_chain(case: Case) -> Iterator[Problem]:
    """A marking rule in a chain that these packets never reach.

    What:
        The rule that would give a virtual server's packets their mark is in a chain that no rule
        jumps to, or in one that packets for the router do not pass through: OUTPUT, POSTROUTING or
        FORWARD.

    Why:
        iptables accepts the rule silently, but it never sees a packet.  IPVS runs after INPUT, so
        the mark must be set in PREROUTING (or INPUT) of the mangle table.

    Example:
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              fwmark = 80
          }
          --- router 10.10.1.21
        - iptables -t mangle -A OUTPUT -p tcp -d 10.10.1.20 --dport 80 -j MARK --set-mark 80
        + iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j MARK --set-mark 80
    """
    for defect in _defects(case, "unreachable"):
        assert defect.rule is not None
        yield _problem(
            case,
            defect,
            f"packets to {service_text(defect.virtual)} do not get mark {mark_of(defect.virtual)}: "
            f"the rule that sets it is in chain {defect.rule.chain} of table {defect.rule.table}, "
            "where it never sees them.",
            "no packet reaches this rule",
        )


@rule("LVS406", "fwmark-partial", Severity.WARNING)
def fwmark_partial(case: Case) -> Iterator[Problem]:
    """A mark that only some clients get.

    What:
        Packets of a virtual server get its mark only from some sources, only on some interface, or
        not at the beginning of a connection.  Limiting a private VIP to its own network is fine,
        and so is limiting a rule to the interface that carries the VIP.

    Why:
        The packets of all other clients are answered or refused by the router itself.

    Bad:
        primary = 10.10.1.21
        virtual web {
            active = 1
            address = 10.10.1.20 eth0:1
            fwmark = 80
        }
        --- router 10.10.1.21
        iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -s 10.10.1.101 -j MARK --set-mark 80

    Good:
        primary = 10.10.1.21
        virtual web {
            active = 1
            address = 10.10.1.20 eth0:1
            fwmark = 80
        }
        --- router 10.10.1.21
        iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -i eth0 -j MARK --set-mark 80
    """
    for defect in _defects(case, "partial"):
        mark = mark_of(defect.virtual)
        who = conditions(defect.others[0])
        only = f": those with {who}" if who else ""
        yield _problem(
            case,
            defect,
            f"only some packets to {service_text(defect.virtual)} get mark {mark}{only}.",
            f"sets mark {mark} for some packets only",
            lost="the others",
        )


@rule("LVS410", "fwmark-interface-alias", Severity.ERROR)
def fwmark_interface_alias(case: Case) -> Iterator[Problem]:
    """A marking rule that names an interface alias.

    What:
        The rule that sets a virtual server's mark matches on an alias, such as `-i eth0:1`, and no
        other rule sets the mark.

    Why:
        To the kernel, an alias is only an address: packets come in on `eth0`, never on `eth0:1`.
        iptables accepts the rule, but it never matches.

    Example:
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              fwmark = 80
          }
          --- router 10.10.1.21
        - iptables -t mangle -A PREROUTING -i eth0:1 -p tcp --dport 80 -j MARK --set-mark 80
        + iptables -t mangle -A PREROUTING -i eth0 -p tcp --dport 80 -j MARK --set-mark 80
    """
    for defect in _defects(case, "alias"):
        assert defect.rule is not None
        yield _problem(
            case,
            defect,
            f"packets to {service_text(defect.virtual)} do not get mark {mark_of(defect.virtual)}: "
            f"{shown(defect.rule)} names an interface alias, and packets never come in on one.",
            "never matches",
        )


@rule("LVS414", "protocol-mismatch", Severity.ERROR)
def protocol_mismatch(case: Case) -> Iterator[Problem]:
    """A mark that is set for another protocol.

    What:
        The mark of a virtual server is set for udp packets, but the virtual server uses tcp, or the
        other way round.

    Why:
        Its clients' packets get no mark, so the router itself answers or refuses them.

    Example:
          primary = 10.10.1.21
          virtual dns {
              active = 1
              address = 10.10.1.20 eth0:1
              fwmark = 53
              port = 53
              protocol = udp
          }
          --- router 10.10.1.21
        - iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 --dport 53 -j MARK --set-mark 53
        + iptables -t mangle -A PREROUTING -p udp -d 10.10.1.20 --dport 53 -j MARK --set-mark 53
    """
    for defect in _defects(case, "other protocol"):
        own = protocol_of(defect.virtual)
        other = "udp" if own == "tcp" else "tcp"
        yield _problem(
            case,
            defect,
            f"mark {mark_of(defect.virtual)} is set for {other}, but the virtual server uses "
            f"{own}: packets to {service_text(defect.virtual)} do not get it.",
            f"marks {other} packets only",
        )


def _defects(case: Case, reason: Reason) -> Iterator[MarkDefect]:
    return (one for one in mark_defects(case) if one.reason == reason)


def _problem(case: Case, defect: MarkDefect, what: str, note: str, lost: str = "them") -> Problem:
    related = [(defect.rule, note), (defect.by, "decides these packets")]
    related += [(alike, note) for alike in defect.alike if alike is not defect.rule]
    return Problem(
        at=case.place_of(defect.virtual, "fwmark"),
        message=f"On {defect.router.name}: {what} {_LOST.format(lost)}{_elsewhere(case, defect)}.",
        help=f"{_remedy(defect)}.",
        related=tuple((place(rule), text) for rule, text in related),
        commands=_commands(case, defect),
    )


def _commands(case: Case, defect: MarkDefect) -> tuple[Command, ...]:
    """What gives the packets their mark, and takes away what changes it afterwards."""
    spoilt = last_setter(defect.outcome)
    if spoilt is not None and remedies.changes_mark_late(defect.outcome, spoilt):
        texts = remedies.removing(spoilt)
    else:
        texts = remedies.marking(
            case, defect.outcome, protocol_of(defect.virtual), address_of(defect.virtual),
            defect.ports, mark_of(defect.virtual),
        )  # fmt: skip
    return remedies.on_router(defect.router, *texts)


def _elsewhere(case: Case, defect: MarkDefect) -> str:
    """A clause about the other router, if that one marks the packets correctly."""
    right = sound_routers(case)[id(defect.virtual)]
    return f"; {right[0].name} marks them correctly" if right else ""


def _remedy(defect: MarkDefect) -> str:
    """How to set the mark, given what the other rules do."""
    mark = mark_of(defect.virtual)
    if defect.by is not None and not defect.outcome.accepted:
        return f"Remove the rule that drops them: {iptables_commands.removal(defect.by)}"
    decided = deciding(defect.outcome, "mangle")
    spoilt = last_setter(defect.outcome)
    if decided is not None and defect.reason == "overwritten" and defect.rule is not None:
        return f"Remove the later rule: {iptables_commands.removal(defect.rule)}"
    how = "-I PREROUTING" if decided is not None else "-A PREROUTING"
    command = iptables_commands.for_ports(
        "mangle", how, protocol_of(defect.virtual), f"{address_of(defect.virtual)}/32",
        defect.ports, f"MARK --set-mark {mark}", defect.router.firewall,
    )  # fmt: skip
    if decided is not None and spoilt is not None:
        return f"Replace the rule: {iptables_commands.removal(spoilt)}, then {command}"
    first = "Mark them before that rule" if decided is not None else "Mark them"
    return f"{first}: {command}"


RULES: tuple[CaseRule, ...] = (
    fwmark_not_set,
    fwmark_mismatch,
    fwmark_overwritten,
    fwmark_unreachable_chain,
    fwmark_partial,
    fwmark_interface_alias,
    protocol_mismatch,
)
