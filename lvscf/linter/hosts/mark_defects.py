"""Mark defects: why packets do not get the mark of their virtual server on a router."""

from collections.abc import Iterator, Sequence
from typing import Literal

from attrs import evolve, field

from lvscf.config.model import VirtualServer
from lvscf.firewall.model import Rule
from lvscf.firewall.packets import Outcome, Packet
from lvscf.linter.case import Case
from lvscf.linter.hosts.inspection import Inspection, inspection_of
from lvscf.linter.hosts.rulebook import ALL_PORTS, PortRange, alone, bits_set, sets_unknown_mark
from lvscf.linter.hosts.traffic import (
    DROPPING,
    Router,
    address_of,
    divided,
    mark_of,
    packet_to,
    port_of,
    protocol_of,
)
from lvscf.shared.records import evolved, record

Reason = Literal[
    "overwritten",
    "decided earlier",
    "unreachable",
    "alias",
    "partial",
    "other protocol",
    "other mark",
    "not set",
]


@record
class MarkDefect:
    """A virtual server whose packets lack its mark on a router, and the reason."""

    reason: Reason
    router: Router
    virtual: VirtualServer
    outcome: Outcome
    """What happens to the packet instead."""
    rule: Rule | None = None
    """The rule at fault, or the one that has no effect."""
    by: Rule | None = None
    """The rule that decides the packet earlier."""
    ports: tuple[PortRange, ...] = ()
    others: tuple[Outcome, ...] = field(factory=tuple)
    """For `partial`: the outcomes with the mark."""
    alike: tuple[Rule, ...] = ()
    """For `other mark`: the rules for this address with that mark, if no service uses it."""


def mark_defects(case: Case) -> tuple[MarkDefect, ...]:
    """All mark defects of a case: at most one for each virtual server and router."""
    return case.once(_mark_defects)


def sound_routers(case: Case) -> dict[int, list[Router]]:
    """The routers that mark packets correctly, by the id of the virtual server."""
    return case.once(_sound_routers)


def _mark_defects(case: Case) -> tuple[MarkDefect, ...]:
    inspection = inspection_of(case)
    return tuple(
        defect
        for router in inspection.routers
        for virtual in inspection.marked
        if (defect := _defect(inspection, router, virtual)) is not None
    )


def _sound_routers(case: Case) -> dict[int, list[Router]]:
    inspection = inspection_of(case)
    broken = {(id(one.virtual), id(one.router)) for one in mark_defects(case)}
    return {
        id(virtual): [one for one in inspection.routers if (id(virtual), id(one)) not in broken]
        for virtual in inspection.marked
    }


def _defect(inspection: Inspection, router: Router, virtual: VirtualServer) -> MarkDefect | None:
    mark = mark_of(virtual)
    outcomes = inspection.outcomes(router.firewall, packet_to(virtual))
    right, wrong = divided(outcomes, virtual, lambda one: one.mark == mark)
    if any(not one.mark_known for one in outcomes):
        return None  # it may be this one
    if any(any(map(sets_unknown_mark, one.path)) for one in wrong):
        return None
    if not wrong:
        return _other_port_defect(inspection, router, virtual)
    if right:
        found = MarkDefect(
            "partial",
            router,
            virtual,
            wrong[0],
            _setter(right[0], mark),
            _turn(wrong[0], right),
            others=tuple(right),
        )
    else:
        slip = next((one for one in wrong if one.mark in slips(mark)), wrong[0])
        found = _explained(inspection, router, virtual, slip)
    marks = {mark_of(virtual)}
    if found.reason == "other mark" and found.outcome.mark not in inspection.marks:
        marks.add(found.outcome.mark)  # unused: wherever it is set, the right one was meant
        alike = tuple(_rules_for(router, virtual, found.outcome.mark))
        found = evolved(found, alike=alike)
    return evolved(found, ports=_ports_meant(router, virtual, marks, found.rule))


def _explained(
    inspection: Inspection, router: Router, virtual: VirtualServer, outcome: Outcome
) -> MarkDefect:
    """The most specific reason why no packet gets the mark."""
    mark = mark_of(virtual)
    found = MarkDefect("not set", router, virtual, outcome)
    overwriting = _overwriting(outcome, mark)
    if overwriting is not None:
        return evolved(found, reason="overwritten", rule=overwriting)
    if outcome.mark in slips(mark):
        return evolved(found, reason="other mark", rule=last_setter(outcome))
    packet = packet_to(virtual)
    for rule in router.rulebook.marking.get(mark, ()):
        if _marks_alone(rule, packet, mark):
            if not router.rulebook.is_reached(rule):
                return evolved(found, reason="unreachable", rule=rule)
            by = deciding(outcome, rule.table) or outcome.decided_by
            if by is not None and by is not rule:
                return evolved(found, reason="decided earlier", rule=rule, by=by)
            if rule.family == "iptables" and rule.table != "mangle":
                return evolved(found, reason="unreachable", rule=rule)
            found = evolved(found, rule=rule)
        elif _asks_for_alias(rule) and _marks_alone(_from_anywhere(rule), packet, mark):
            return evolved(found, reason="alias", rule=rule)
    for wider, established in ((evolve(packet, interface=None), False), (packet, True)):
        ways = inspection.outcomes(router.firewall, wider, established=established)
        others = [one for one in ways if one.mark == mark]
        if others:
            setter = _setter(others[0], mark)
            return evolved(found, reason="partial", rule=setter, others=tuple(others))
    swapped = evolve(packet, protocol="udp" if packet.protocol == "tcp" else "tcp")
    others = [one for one in inspection.outcomes(router.firewall, swapped) if one.mark == mark]
    if others:
        return evolved(found, reason="other protocol", rule=_setter(others[0], mark))
    if outcome.mark:
        return evolved(found, reason="other mark", rule=last_setter(outcome))
    rules = router.rulebook.marking.get(mark, ())
    return evolved(found, rule=found.rule or _nearest(rules, virtual))


def _other_port_defect(
    inspection: Inspection, router: Router, virtual: VirtualServer
) -> MarkDefect | None:
    """Another port of the service that gets a mistyped mark: 443 with 50 next to 80 with 0x50."""
    for slip in slips(mark_of(virtual)):
        if slip in inspection.marks:
            continue
        for rule in router.rulebook.marking.get(slip, ()):
            for port in router.rulebook.ports(rule):
                packet = packet_to(virtual, port[0])
                outcomes = inspection.outcomes(router.firewall, packet)
                slipped = [one for one in outcomes if one.mark == slip and not one.uncertain]
                if slipped:
                    return MarkDefect(
                        "other mark", router, virtual, slipped[0], rule, ports=(port,)
                    )
    return None


def _ports_meant(
    router: Router, virtual: VirtualServer, marks: set[int], concerned: Rule | None
) -> tuple[PortRange, ...]:
    """The virtual server's port, and those named by `concerned` and by rules with its marks."""
    own = (port_of(virtual), port_of(virtual))
    meant = {own, *(router.rulebook.ports(concerned) if concerned else ())}
    for mark in marks:
        for rule in _rules_for(router, virtual, mark):
            meant.update(router.rulebook.ports(rule))
    single = {low for low, high in meant if low == high}
    return tuple(
        sorted(
            (low, high)
            for low, high in meant - {ALL_PORTS}
            if low == high or not any(low <= port <= high for port in single)
        )
    )


def _rules_for(router: Router, virtual: VirtualServer, mark: int) -> Iterator[Rule]:
    """The rules that set a mark, for the address and the protocol of a virtual server."""
    packet = packet_to(virtual)
    return (rule for rule in router.rulebook.marking.get(mark, ()) if _fits(rule, packet))


def _fits(rule: Rule, packet: Packet) -> bool:
    """Whether a rule is for the address and the protocol of a packet."""
    open_packet = evolve(packet, port=None, interface=None)
    bits = bits_set(rule)
    return bits is not None and _marks_alone(rule, open_packet, bits.value)


def _marks_alone(rule: Rule, packet: Packet, mark: int) -> bool:
    """Whether a rule would give a packet the mark if it were the only one."""
    return any(one.mark == mark for one in alone(rule, "mangle", packet, None))


def _asks_for_alias(rule: Rule) -> bool:
    interface = rule.setting("-i")
    return interface is not None and ":" in interface.text and not interface.negated


def _from_anywhere(rule: Rule) -> Rule:
    """The rule without its interface."""
    return evolve(rule, general=tuple(one for one in rule.general if one.name != "-i"))


def _overwriting(outcome: Outcome, mark: int) -> Rule | None:
    """The rule that took the right mark away again."""
    had = 0
    overwriting = None
    for rule in outcome.path:
        bits = bits_set(rule)
        if bits is None:
            continue
        now = (had & ~bits.mask) ^ bits.value
        if had == mark and now != mark:
            overwriting = rule
        had = now
    return overwriting


def _setter(outcome: Outcome, mark: int) -> Rule | None:
    """The rule on a packet's path that set the mark."""
    rules = [rule for rule in outcome.path if (bits := bits_set(rule)) and bits.value == mark]
    return rules[-1] if rules else last_setter(outcome)


def last_setter(outcome: Outcome) -> Rule | None:
    """The last rule on a packet's path that changed the mark."""
    rules = [rule for rule in outcome.path if bits_set(rule) is not None]
    return rules[-1] if rules else None


def deciding(outcome: Outcome, table: str) -> Rule | None:
    """The rule at which a packet left a table or its chain; None if it passed through."""
    names = (table, f"ip {table}", f"inet {table}")
    met = [rule for rule in outcome.path if rule.table in names]
    last = met[-1] if met else None
    if last is None or last.target is None:
        return None
    return last if last.target.name in ("ACCEPT", "RETURN", *DROPPING) else None


def _turn(wrong: Outcome, right: list[Outcome]) -> Rule | None:
    """The rule that treats some clients differently: only their packets match it."""
    common = set(map(id, right[0].path))
    return next((rule for rule in wrong.path if id(rule) not in common), None)


def _nearest(rules: Sequence[Rule], virtual: VirtualServer) -> Rule | None:
    """The rule with the right mark that comes closest to matching."""

    def distance(rule: Rule) -> int:
        packet = packet_to(virtual)
        other_port = evolve(packet, port=None)
        other_address = evolve(packet, destination=None)
        mark = mark_of(virtual)
        if _marks_alone(rule, other_port, mark) or _marks_alone(rule, other_address, mark):
            return 0
        return 1

    return min(rules, key=distance, default=None)


def slips(mark: int) -> dict[int, str]:
    """Marks that result from mistaking the base of a number, each with an explanation."""
    found: dict[int, str] = {}

    def add(written: str, base: int, meant: str) -> None:
        try:
            value = int(written, base)
        except ValueError:
            return
        if value not in (0, mark):
            found.setdefault(value, meant)

    hexadecimal, octal = f"{mark:x}", f"{mark:o}"
    add(hexadecimal, 10, f"{hexadecimal} is {mark} in hexadecimal, without its `0x`")
    add(str(mark), 16, f"0x{mark} is hexadecimal; the decimal {mark} is {mark:#x}")
    add(octal, 10, f"{octal} is {mark} in octal, without its leading `0`")
    add(str(mark), 8, f"0{mark} is octal; the decimal {mark} has no leading `0`")
    return found


def service_text(virtual: VirtualServer) -> str:
    """A service for a sentence: `10.10.1.20:80/tcp`."""
    return f"{address_of(virtual)}:{port_of(virtual)}/{protocol_of(virtual)}"
