"""Matches: each comparison of a rule as tests, in the tracer's questions."""

from collections.abc import Iterable, Iterator

from lvscf.firewall.model import Network, Setting
from lvscf.firewall.nftables.expressions import (
    Comparison,
    Concatenation,
    Doubt,
    Elements,
    Expression,
    Field,
    Named,
    Operation,
    Several,
    Value,
)
from lvscf.firewall.nftables.inside import fields_of
from lvscf.firewall.nftables.model import Scope
from lvscf.firewall.nftables.questions import (
    AllOf,
    AnyOf,
    Connected,
    Leaving,
    Numeric,
    Ported,
    Steps,
)
from lvscf.firewall.nftables.values import Range, bits_of, largest, range_of
from lvscf.firewall.tracing.address_questions import (
    Agrees,
    Incoming,
    OfPacketType,
    OfType,
    RangeField,
    Within,
)
from lvscf.firewall.tracing.conditions import Test
from lvscf.firewall.tracing.connection_questions import InDirection, InState, InStatus
from lvscf.firewall.tracing.questions import Carries, Certain, Marked, Question, Unknowable
from lvscf.shared import ipv4

_RANGES: dict[str, RangeField] = {
    "ip saddr": "source",
    "ip daddr": "destination",
    "ct original ip saddr": "source",
    "ct original ip daddr": "first_destination",
    "ct original saddr": "source",
    "ct original daddr": "first_destination",
    "ct original proto-src": "source_port",
    "ct original proto-dst": "first_port",
    "ct reply ip saddr": "destination",
    "ct reply ip daddr": "source",
    "ct reply saddr": "destination",
    "ct reply daddr": "source",
    "ct reply proto-src": "port",
    "ct reply proto-dst": "source_port",
}
_PORTS: dict[str, RangeField] = {"dport": "port", "sport": "source_port"}
_CARRIERS = {
    "tcp": 6, "udp": 17, "udplite": 136, "sctp": 132, "dccp": 33, "icmp": 1, "icmpv6": 58,
    "igmp": 2, "esp": 50, "ah": 51, "comp": 108, "gre": 47,
}  # fmt: skip
_NOT_IPV4 = ("ip6", "arp", "vlan", "hbh", "dst", "frag", "mh", "exthdr")
_NUMERIC = (
    "meta mark", "ct mark", "meta l4proto", "ip protocol", "ct protocol", "meta protocol",
    "ether type", "meta nfproto", "ct l3proto", "ip version", "ip frag-off", "icmp type",
    "icmp code", "tcp flags",
)  # fmt: skip
_BITS = ("tcp flags", "ct status", "ct state")
"""Fields whose bits are compared, not the whole, if no operator is written."""
_TRANSIENT = (
    "meta cpu", "meta random", "meta time", "meta hour", "meta day", "ct expiration",
    "ct packets", "ct bytes", "ct avgpkt", "ct id",
)  # fmt: skip
_DEVICES = ("meta iif", "meta iifname", "meta oif", "meta oifname")
_ORDERED = ("<", "<=", ">", ">=")


def tests_of(comparison: Comparison, scope: Scope) -> list[Test]:
    """The tests of a match, with those that its fields imply."""
    left, right, operator = comparison.left, comparison.right, comparison.operator
    setting = Setting(str(left), text=_compared(comparison))
    tests = list(implied(left, setting))
    negated = operator == "!="
    question = _question(left, right, operator, scope)
    if question is None:
        question = unknowable(str(comparison), left)
        negated = False
    elif operator == "!" and not isinstance(question, Numeric):
        negated = True
    if operator == "!":
        shown = Setting(str(comparison))
    else:
        text = setting.text.removeprefix("!= ") if negated else setting.text
        shown = Setting(str(left), negated, _value(left, right), text)
    tests.append(Test(question, negated, shown))
    return tests


def _value(left: Expression, right: Expression) -> Network | str | None:
    """The value of a match for those who judge it: an interface, or a network of sources."""
    name = left.name if isinstance(left, Field) else ""
    if name in _DEVICES and isinstance(right, Value):
        return right.text
    if name == "ip saddr":
        found = range_of(name, right)
        if found is not None:
            low, size = found[0], found[1] - found[0]
            if size & (size + 1) == 0 and low & size == 0:
                return Network(low, ~size & ipv4.ALL_ONES)
    return None


def _compared(comparison: Comparison) -> str:
    text = str(comparison)
    left = str(comparison.left)
    return text[len(left) :].strip() if text.startswith(left) else text


def unknowable(text: str, left: Expression) -> Question:
    """A question about something that lvscf does not know of packets."""
    names = [one.name for one in fields_of(left)]
    lasting = not any(name in _TRANSIENT for name in names)
    return Unknowable(text, lasting, names[0] if names else text)


def doubt_test(doubt: Doubt) -> Test:
    """The test of a condition that only the running kernel can decide."""
    from lvscf.firewall.language.options import IPTABLES

    lasting = doubt.lasting
    if doubt.text.startswith("xt "):
        known = IPTABLES.matches.get(doubt.subject)
        lasting = known is not None and known.lasting and not known.tracks
    # Without its options, two xt matches of one name need not ask the same.
    lasting = lasting and not doubt.text.startswith("xt ")
    return Test(Unknowable(doubt.text, lasting, doubt.subject), False, Setting(doubt.text))


def implied(left: Expression, setting: Setting) -> Iterator[Test]:
    """What a packet must be, for a field to exist at all."""
    seen = set()
    for one in sorted(fields_of(left), key=lambda one: one.name):
        head, _, rest = one.name.partition(" ")
        if head in _CARRIERS and head not in seen:
            seen.add(head)
            yield Test(Carries(_CARRIERS[head]), False, Setting("meta l4proto", text=head))
        elif head in _NOT_IPV4:
            yield Test(Certain(False), False, setting)
        elif head == "th" and head not in seen:
            seen.add(head)
        elif head == "ct" and rest != "state" and head not in seen:
            seen.add(head)
            yield Test(Connected(), False, Setting(one.name, text="exists"))


def _question(left: Expression, right: Expression, operator: str, scope: Scope) -> Question | None:
    """The question of a comparison; None if lvscf cannot answer it."""
    if isinstance(right, Named):
        collection = scope.collections.get(right.name)
        if collection is None or right.name in scope.updated:
            return None
        asked = (left, right.name)
        if asked not in scope.asked:
            scope.asked[asked] = among(left, collection.elements.keys)
        return scope.asked[asked]
    if isinstance(right, Elements):
        return among(left, right.keys)
    field, steps = stripped(left)
    if operator in _ORDERED:
        return _ordered(field, steps, right, operator)
    if field in _BITS and not steps and operator in ("", "!"):
        return _any_bit(field, right, operator)
    if field in ("ct status", "ct state") and steps:
        return _masked_status(field, left, right)
    return among(left, (right,))


def stripped(left: Expression) -> tuple[str, Steps]:
    """A field's name and what is done with its number before it is compared; empty if unknown."""
    steps: list[tuple[str, int]] = []
    while isinstance(left, Operation):
        inner = left.left
        while isinstance(inner, Operation):
            inner = inner.left
        name = inner.name if isinstance(inner, Field) else ""
        operand = bits_of(name, left.right)
        if operand is None:
            return "", ()
        steps.append((left.operator, operand))
        left = left.left
    return (left.name if isinstance(left, Field) else ""), tuple(reversed(steps))


def among(left: Expression, keys: Iterable[Expression]) -> Question | None:
    """The question whether a field, or several together, are any of some values."""
    if isinstance(left, Concatenation):
        elements = []
        for key in keys:
            question = one_key(left, key)
            if question is None:
                return None
            elements.append(question)
        return elements[0] if len(elements) == 1 else AnyOf(tuple(elements))
    field, steps = stripped(left)
    listed = tuple(keys)
    ranges: list[Range] = []
    for key in listed:
        found = range_of(field, key)
        if found is None:
            break
        ranges.append(found)
    else:
        if not ranges:
            return Certain(False)
        question = _within(field, steps, tuple(ranges))
        if question is not None:
            return question
    questions = [_named(field, key) if not steps else None for key in listed]
    known = [one for one in questions if one is not None]
    if len(known) < len(questions):
        return None
    if not known:
        return Certain(False)
    return known[0] if len(known) == 1 else _together(known)


def one_key(left: Expression, key: Expression) -> Question | None:
    """The question whether a key is one element of a set or map."""
    if isinstance(key, Value) and key.text == "*":
        return Certain(True)
    if not isinstance(left, Concatenation):
        return among(left, (key,))
    parts = key.parts if isinstance(key, Concatenation) else (key,)
    if len(parts) != len(left.parts):
        return None
    questions = []
    for one, part in zip(left.parts, parts, strict=True):
        question = among(one, (part,))
        if question is None:
            return None
        questions.append(question)
    return AllOf(tuple(questions))


def _within(field: str, steps: Steps, ranges: tuple[Range, ...]) -> Question | None:
    """The question about a number."""
    ranged = _RANGES.get(field)
    head, _, last = field.partition(" ")
    if ranged is None and head in ("tcp", "udp", "udplite", "sctp", "dccp", "th"):
        ranged = _PORTS.get(last)
    if ranged is not None:
        if not steps:
            question: Question = Within.of(ranged, ranges)
            return AllOf((Ported(), question)) if field == "th sport" else question
        if len(steps) == 1 and steps[0][0] == "&" and all(low == high for low, high in ranges):
            masked = tuple(Agrees(ranged, low, steps[0][1]) for low, _ in ranges)
            return masked[0] if len(masked) == 1 else AnyOf(masked)
        return None
    if field in ("meta mark", "ct mark") and len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        if not steps:
            return Marked(ranges[0][0], 0xFFFFFFFF, field == "ct mark")
        if len(steps) == 1 and steps[0][0] == "&":
            return Marked(ranges[0][0], steps[0][1], field == "ct mark")
    if field in _NUMERIC:
        return Numeric(field, steps, ranges)
    return None


def _ordered(field: str, steps: Steps, right: Expression, operator: str) -> Question | None:
    found = range_of(field, right)
    if found is None:
        return None
    value = found[0]
    most = largest(field)
    low, high = {
        "<": (0, value - 1),
        "<=": (0, value),
        ">": (value + 1, most),
        ">=": (value, most),
    }[operator]
    if low > high:
        return Certain(False)
    return _within(field, steps, ((low, high),))


def _any_bit(field: str, right: Expression, operator: str) -> Question | None:
    """Whether a field has any of some bits (no operator), or none of them (`!`)."""
    if field == "tcp flags":
        bits = bits_of(field, right)
        if bits is None:
            return None
        if operator == "!":
            return Numeric(field, (("&", bits),), ((0, 0),))
        return Numeric(field, (("&", bits),), ((1, 0xFF),))
    return among(Field(field), right.values if isinstance(right, Several) else (right,))


def _masked_status(field: str, left: Expression, right: Expression) -> Question | None:
    """`ct status & dnat == dnat`."""
    mask = left.right if isinstance(left, Operation) else None
    if mask is None or str(mask) != str(right) or isinstance(right, Several):
        return None
    return among(Field(field), (right,))


def _named(field: str, key: Expression) -> Question | None:
    """The question about a field whose values are names."""
    if not isinstance(key, Value):
        return None
    text = key.text
    match field:
        case "meta iifname" | "meta iif":
            return _incoming(text)
        case "meta oifname" | "meta oif":
            return Leaving(_pattern(text))
        case "ct state":
            return InState(frozenset({text.upper()}))
        case "ct status":
            return _status(text)
        case "ct direction":
            return InDirection(frozenset({text.upper()}))
        case "meta pkttype":
            return OfPacketType.of(text)
        case "fib daddr type" | "fib daddr . iif type":
            return OfType("destination", frozenset({text.upper()}))
        case "fib saddr type" | "fib saddr . iif type":
            return OfType("source", frozenset({text.upper()}))
    return None


def _incoming(text: str) -> Question:
    pattern = _pattern(text)
    return Incoming(pattern) if pattern else Certain(False)


def _pattern(text: str) -> str:
    """A name that ends in `*`, in the way of iptables."""
    return text[:-1] + "+" if text.endswith("*") and not text.endswith("\\*") else text


def _status(text: str) -> Question | None:
    match text:
        case "dnat":
            return InState(frozenset({"DNAT"}))
        case "snat":
            return InState(frozenset({"SNAT"}))
        case "expected" | "dying":
            return Certain(False)
        case "confirmed" | "seen-reply" | "assured":
            return InStatus(frozenset({text.upper().replace("-", "_")}))
    return None


def _together(questions: list[Question]) -> Question:
    """One question for several values; those that know several values are asked once."""
    states = [one.states for one in questions if isinstance(one, InState)]
    types = [one for one in questions if isinstance(one, OfType)]
    directions = [one.directions for one in questions if isinstance(one, InDirection)]
    if len(states) == len(questions):
        return InState(frozenset[str]().union(*states))
    if len(types) == len(questions):
        return OfType(types[0].field, frozenset[str]().union(*(one.types for one in types)))
    if len(directions) == len(questions):
        return InDirection(frozenset[str]().union(*directions))
    return AnyOf(tuple(questions))
