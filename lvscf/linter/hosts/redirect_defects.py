"""Redirect defects: why a real server does not accept the packets forwarded to it."""

from collections.abc import Iterator
from typing import Literal

from attrs import evolve

from lvscf.firewall.model import Ranges, Rule
from lvscf.firewall.packets import Outcome, Packet
from lvscf.linter.case import Case
from lvscf.linter.hosts.arp_defects import arp_case
from lvscf.linter.hosts.inspection import Inspection, inspection_of, is_direct
from lvscf.linter.hosts.mark_defects import deciding
from lvscf.linter.hosts.rulebook import PortRange, Rulebook, alone, destination
from lvscf.linter.hosts.traffic import RealHost, divided, packet_to
from lvscf.shared import ipv4
from lvscf.shared.records import evolved, record

Reason = Literal["missing", "wrong port", "shadowed", "wrong address", "partial", "blocked"]


@record
class RedirectDefect:
    """Ports on which a real server does not accept packets, and the reason."""

    reason: Reason
    host: RealHost
    protocol: str
    ports: tuple[PortRange, ...]
    outcome: Outcome
    rule: Rule | None = None
    """The REDIRECT rule at fault."""
    by: Rule | None = None
    """The rule that decides the packet instead."""
    may_hold_vip: bool = False
    """For `missing`: whether the host may have the VIP itself and need no REDIRECT."""


def redirect_defects(case: Case) -> tuple[RedirectDefect, ...]:
    """All redirect defects of a case: one for each server, protocol and reason."""
    return case.once(_redirect_defects)


def _redirect_defects(case: Case) -> tuple[RedirectDefect, ...]:
    inspection = inspection_of(case)
    if not is_direct(inspection):
        return ()
    return tuple(
        defect
        for host in inspection.real_hosts
        for rulebook in host.rulebooks
        for defect in _of_host(inspection, host, rulebook)
    )


def _of_host(
    inspection: Inspection, host: RealHost, rulebook: Rulebook
) -> Iterator[RedirectDefect]:
    arp = arp_case(inspection.case, host)
    hidden = arp.accepts_vip
    may_hold_vip = arp.holds_vip is None and not _redirection_is_used(inspection, host)
    for duty in inspection.duties(host.virtual):
        found: dict[Reason, RedirectDefect] = {}
        for port in duty.ports:
            defect = None
            for end in dict.fromkeys(port):
                packet = packet_to(host.virtual, end, duty.protocol)
                defect = defect or _defect(inspection, host, rulebook, packet, hidden)
            if defect is not None:
                defect = evolved(defect, may_hold_vip=may_hold_vip)
                earlier = found.setdefault(defect.reason, evolved(defect, ports=()))
                found[defect.reason] = evolved(earlier, ports=(*earlier.ports, port))
        yield from found.values()


def _redirection_is_used(inspection: Inspection, host: RealHost) -> bool:
    """Whether this cluster uses REDIRECT to accept packets for VIPs.

    That is so if this host, or another one of the same virtual server, redirects any VIP.
    """
    return any(
        redirects(inspection, one)
        for one in inspection.real_hosts
        if one.address == host.address or one.virtual is host.virtual
    )


def redirects(inspection: Inspection, host: RealHost) -> bool:
    """Whether a host has a REDIRECT rule for a VIP, or translates packets forwarded to it."""
    for rulebook in host.rulebooks:
        for rule in rulebook.redirecting:
            network = destination(rule)
            if (
                network is not None
                and network.single
                and ipv4.dotted(network.address) in inspection.addresses
            ):
                return True
        if redirecting_rules(inspection, host, rulebook):
            return True
    return False


def redirecting_rules(
    inspection: Inspection, host: RealHost, rulebook: Rulebook, *, here: bool = False
) -> list[Rule]:
    """The rules that translate packets forwarded to a host; `here`: to the host's own address."""
    found: dict[int, Rule] = {}
    for duty in inspection.duties(host.virtual):
        for port in duty.ports:
            packet = packet_to(host.virtual, port[0], duty.protocol)
            for outcome in inspection.outcomes(rulebook.firewall, packet, host.address):
                translating = outcome.translated_by
                if translating is not None and (not here or _arrives(outcome, host)):
                    found[id(translating)] = translating
    return list(found.values())


def _defect(
    inspection: Inspection, host: RealHost, rulebook: Rulebook, packet: Packet, hidden: bool
) -> RedirectDefect | None:
    outcomes = inspection.outcomes(rulebook.firewall, packet, host.address)
    good, bad = divided(outcomes, host.virtual, lambda one: hidden or _arrives(one, host))
    if not bad:
        return _wrong_port(host, packet, good) or _blocked(inspection, host, rulebook, packet)
    found = RedirectDefect("missing", host, packet.protocol, (), bad[0])
    by = bad[0].translated_by or deciding(bad[0], "nat")
    if good:
        return evolved(found, reason="partial", rule=good[0].translated_by, by=by)
    return _explained(inspection, rulebook, packet, evolved(found, by=by))


def _arrives(outcome: Outcome, host: RealHost) -> bool:
    """Whether a packet ends up with the host's address, or is dropped before translation."""
    if outcome.forwarded:
        return False
    if not outcome.accepted and outcome.hook == "prerouting":
        return True
    return outcome.destination == host.address


def _wrong_port(host: RealHost, packet: Packet, outcomes: list[Outcome]) -> RedirectDefect | None:
    """A redirection to a port that is neither asked for nor checked."""
    expected = {packet.port, host.server.port}
    for outcome in outcomes:
        translating = outcome.translated_by
        if translating is None or outcome.uncertain or outcome.port in expected:
            continue
        if outcome.port is None and _can_be(translating, expected):
            continue
        return RedirectDefect("wrong port", host, packet.protocol, (), outcome, translating)
    return None


def _can_be(translating: Rule, expected: set[int | None]) -> bool:
    """Whether a range of new ports includes an expected one."""
    setting = translating.target.setting("--to-ports") if translating.target else None
    if setting is None or not isinstance(setting.value, Ranges):
        return True
    return any(
        port is not None and low <= port <= high
        for low, high in setting.value.ranges
        for port in expected
    )


def _blocked(
    inspection: Inspection, host: RealHost, rulebook: Rulebook, packet: Packet
) -> RedirectDefect | None:
    """A packet that arrives, or a later one of its connection, but is dropped."""
    for established in (False, True):
        outcomes = inspection.outcomes(
            rulebook.firewall, packet, host.address, established=established
        )
        _, bad = divided(outcomes, host.virtual, lambda one: one.accepted)
        if bad:
            return RedirectDefect(
                "blocked", host, packet.protocol, (), bad[0], by=bad[0].decided_by
            )
    return None


def _explained(
    inspection: Inspection, rulebook: Rulebook, packet: Packet, found: RedirectDefect
) -> RedirectDefect:
    """The most specific reason why no packet is redirected."""
    host = found.host
    unreached = None
    own = rulebook.redirecting_for(ipv4.number(packet.destination or "") or 0)
    for rule in own:
        if not _redirects_alone(rule, packet, host):
            continue
        if rulebook.is_reached(rule) and found.by is not None:
            return evolved(found, reason="shadowed", rule=rule)
        unreached = unreached or rule
    if unreached is not None:
        return evolved(found, rule=unreached)
    anywhere = evolve(packet, interface=None)
    for outcome in inspection.outcomes(rulebook.firewall, anywhere, host.address):
        if outcome.translated_by is not None and _arrives(outcome, host):
            return evolved(found, reason="partial", rule=outcome.translated_by)
    for rule in rulebook.redirecting_others(packet.port or 0):
        network = destination(rule)
        assert network is not None
        address = ipv4.dotted(network.address)
        if address not in inspection.addresses and _redirects_alone(
            rule, evolve(packet, destination=address), host
        ):
            return evolved(found, reason="wrong address", rule=rule)
    return evolved(found, rule=_for_other_protocol(own, packet, host))


def _redirects_alone(rule: Rule, packet: Packet, host: RealHost) -> bool:
    """Whether a rule would redirect a packet if it were the only one."""
    outcomes = alone(rule, "nat", packet, host.address)
    return any(one.translated_by is not None for one in outcomes)


def _for_other_protocol(rules: list[Rule], packet: Packet, host: RealHost) -> Rule | None:
    other = evolve(packet, protocol="udp" if packet.protocol == "tcp" else "tcp")
    return next((one for one in rules if _redirects_alone(one, other, host)), None)
