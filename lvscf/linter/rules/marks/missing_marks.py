"""LVS4, first part: why the packets of a virtual server do not get its firewall mark."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts import iptables_commands
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

_LOST = "IPVS does not take them for this service, and no real server sees these clients"


@rule("LVS401", "fwmark-not-set", Severity.ERROR)
def fwmark_not_set(case: Case) -> Iterator[Problem]:
    """A virtual server with a firewall mark that no packet gets.

    What:
        An active virtual server has `fwmark = N`, and on a router whose rules were given no packet
        for its address, port and protocol leaves mangle PREROUTING with mark N: there is no rule,
        or it is for another address or port.

    Why:
        A virtual server with a mark is known to IPVS by that mark alone.  Packets without it are
        answered by the router itself, or refused by it; no real server sees them.

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
            cause = f"no rule there sets mark {mark}"
        elif defect.rule.chain in ("PREROUTING", "INPUT"):
            cause = f"the rule that sets mark {mark} is for other packets: {shown(defect.rule)}"
        else:
            cause = f"they do not come to, or do not match, {shown(defect.rule)}"
        yield _problem(
            case,
            defect,
            f"packets to {service_text(defect.virtual)} do not get mark {mark}: {cause}.",
            "does not match these packets",
        )


@rule("LVS402", "fwmark-mismatch", Severity.ERROR)
def fwmark_mismatch(case: Case) -> Iterator[Problem]:
    """A virtual server whose packets get another mark.

    What:
        The packets of an active virtual server with `fwmark = N` leave mangle PREROUTING with
        another mark than N.  Both are compared as numbers: `0x50` is 80.

    Why:
        A virtual server with a mark is known to IPVS by that mark alone.  With another one the
        packets are answered by the router itself, or reach the wrong service.  The usual slip is a
        number in the wrong base: iptables lists marks in hexadecimal, lvs.cf has them in decimal.

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
        why = f" ({slip})" if slip else ""
        owner = inspection_of(case).marks.get(given)
        if owner is not None:
            why += f", and so go to `{owner.name}`"
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
    """A mark that another rule changes, or does not let happen.

    What:
        There is a rule that gives a virtual server's packets their mark, but a later rule changes
        the mark again (MARK does not end the way of a packet), or an earlier ACCEPT, RETURN or DROP
        keeps the packets from it.

    Why:
        What counts is the mark with which a packet comes to IPVS.  With another one it is answered
        by the router itself, or refused by it.

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
            f"packets to {service_text(defect.virtual)} get mark {mark}, and then a later rule "
            f"changes it to {given}.",
            f"changes mark {mark}",
        )
    for defect in _defects(case, "decided earlier"):
        assert defect.by is not None
        yield _problem(
            case,
            defect,
            f"packets to {service_text(defect.virtual)} never come to the rule that sets mark "
            f"{mark_of(defect.virtual)}: {shown(defect.by)} decides them before.",
            "these packets do not come here",
        )


@rule("LVS404", "fwmark-unreachable-chain", Severity.ERROR)
def fwmark_unreachable_chain(case: Case) -> Iterator[Problem]:
    """A marking rule in a chain that no packet comes to.

    What:
        The rule that would give a virtual server's packets their mark stands in a chain that
        nothing jumps to, or in one that packets for the router do not pass: OUTPUT, POSTROUTING,
        FORWARD.

    Why:
        iptables takes the rule without a word, and it never sees a packet.  IPVS takes packets
        behind INPUT, so the mark must be set in PREROUTING (or INPUT) of the mangle table.

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
            "no packet comes here",
        )


@rule("LVS406", "fwmark-partial", Severity.WARNING)
def fwmark_partial(case: Case) -> Iterator[Problem]:
    """A mark that only some clients get.

    What:
        Packets of a virtual server get its mark only from some sources, by some interface, or not
        at the beginning of a connection.  A private VIP whose own network is the source is in
        order, and so is the interface that carries the VIP.

    Why:
        The other clients are answered by the router itself, or refused by it.

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
        only = f", those with {who}" if who else ""
        yield _problem(
            case,
            defect,
            f"only some packets to {service_text(defect.virtual)} get mark {mark}{only}.",
            f"sets mark {mark} for some",
        )


@rule("LVS410", "fwmark-interface-alias", Severity.ERROR)
def fwmark_interface_alias(case: Case) -> Iterator[Problem]:
    """A marking rule for packets that come in by an alias.

    What:
        A rule that sets a virtual server's mark asks for an alias such as `-i eth0:1`, and nothing
        else sets the mark.

    Why:
        The kernel knows aliases as addresses only: packets come in by `eth0`, never by `eth0:1`.
        iptables takes the rule, and it never matches.

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
            f"{shown(defect.rule)} asks for an alias, and packets never come in by an alias.",
            "never matches",
        )


@rule("LVS414", "protocol-mismatch", Severity.ERROR)
def protocol_mismatch(case: Case) -> Iterator[Problem]:
    """A mark that is set for another protocol.

    What:
        The mark of a virtual server is set for udp packets while the virtual server is for tcp, or
        the reverse.

    Why:
        The packets of its clients get no mark, and are answered by the router itself, or refused.

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
            f"mark {mark_of(defect.virtual)} is set for {other}, and the virtual server is for "
            f"{own}: packets to {service_text(defect.virtual)} do not get it.",
            f"marks {other}",
        )


def _defects(case: Case, reason: Reason) -> Iterator[MarkDefect]:
    return (one for one in mark_defects(case) if one.reason == reason)


def _problem(case: Case, defect: MarkDefect, what: str, note: str) -> Problem:
    related = [(defect.rule, note), (defect.by, "decides these packets")]
    related += [(alike, note) for alike in defect.alike if alike is not defect.rule]
    return Problem(
        at=_mark(case, defect),
        message=f"On {defect.router.name}: {what} {_LOST}{_elsewhere(case, defect)}. "
        f"{_remedy(defect)}.",
        related=tuple((place(rule), text) for rule, text in related if rule is not None),
    )


def _elsewhere(case: Case, defect: MarkDefect) -> str:
    """A word on the other router, if that one does it right."""
    right = sound_routers(case)[id(defect.virtual)]
    return f"; {right[0].name} does it right" if right else ""


def _remedy(defect: MarkDefect) -> str:
    """The commands that set the mark, whatever else the rules do."""
    mark = mark_of(defect.virtual)
    if defect.by is not None and not defect.outcome.accepted:
        return f"Take that rule out: {iptables_commands.removal(defect.by)}"
    decided = deciding(defect.outcome, "mangle")
    spoilt = last_setter(defect.outcome)
    if decided is not None and defect.reason == "overwritten" and defect.rule is not None:
        return f"Take the later rule out: {iptables_commands.removal(defect.rule)}"
    how = "-I PREROUTING" if decided is not None else "-A PREROUTING"
    command = iptables_commands.for_ports(
        "mangle", how, protocol_of(defect.virtual), f"{address_of(defect.virtual)}/32",
        defect.ports, f"MARK --set-mark {mark}",
    )  # fmt: skip
    if decided is not None and spoilt is not None:
        return f"Replace the rule: {iptables_commands.removal(spoilt)} and {command}"
    first = "Set it before that" if decided is not None else "Set it"
    return f"{first}: {command}"


def _mark(case: Case, defect: MarkDefect) -> Place:
    at = places.value_of(defect.virtual, "fwmark") or places.name_of(defect.virtual)
    return at or case.first_line()


RULES: tuple[CaseRule, ...] = (
    fwmark_not_set,
    fwmark_mismatch,
    fwmark_overwritten,
    fwmark_unreachable_chain,
    fwmark_partial,
    fwmark_interface_alias,
    protocol_mismatch,
)
