"""Equivalents: what a rule of nftables says that iptables has words for, too.

Those who judge rules (does it mark the VIP, does it redirect a port?) ask for iptables' options.  A
set becomes an option whose value is not known, so that nobody takes the rule for one that matches
every packet.
"""

from lvscf.firewall.language.names import protocol_number
from lvscf.firewall.model import Bits, Endpoint, Match, Network, Ranges, Setting, Target
from lvscf.firewall.nftables.effects import address_range, port_range
from lvscf.firewall.nftables.expressions import (
    Act,
    Change,
    Comparison,
    Doubt,
    Elements,
    Expression,
    Field,
    Operation,
    Several,
    Statements,
    Translation,
    Value,
    Verdict,
)
from lvscf.firewall.nftables.matching import stripped
from lvscf.firewall.nftables.values import bits_of, range_of
from lvscf.shared import ipv4

_ADDRESSES = {"ip saddr": "-s", "ip daddr": "-d"}
_INTERFACES = {
    "meta iif": "-i", "meta iifname": "-i", "meta oif": "-o", "meta oifname": "-o",
}  # fmt: skip
_NAT = {"dnat": "DNAT", "snat": "SNAT", "redirect": "REDIRECT", "masquerade": "MASQUERADE"}
_HIDDEN = {
    "MARK": "--set-xmark", "CONNMARK": "--set-xmark", "REDIRECT": "--to-ports",
    "DNAT": "--to-destination", "NETMAP": "--to",
}  # fmt: skip
"""What nft does not show of targets of xtables."""
_NOT_SHOWN = "(not shown)"
_VERDICTS = {"accept": "ACCEPT", "drop": "DROP", "reject": "REJECT", "return": "RETURN"}


def equivalents(
    statements: Statements,
) -> tuple[tuple[Setting, ...], tuple[Match, ...], Target | None]:
    """A rule's own settings, its matches and its target, as iptables would have them."""
    general: list[Setting] = []
    matches: list[Match] = []
    marking = target = None
    for statement in statements:
        if isinstance(statement, Comparison):
            _compare(statement, general, matches)
        elif isinstance(statement, Doubt):
            hidden = statement.text.startswith("xt ")
            settings = (Setting("--", text=_NOT_SHOWN, known=False),) if hidden else ()
            matches.append(Match(statement.subject, settings))
        elif isinstance(statement, Change):
            marking = marking or _marking(statement)
        else:
            target = target or _target(statement)
    return tuple(general), tuple(matches), marking or target


def _compare(comparison: Comparison, general: list[Setting], matches: list[Match]) -> None:
    field, steps = stripped(comparison.left)
    right = comparison.right
    negated = comparison.operator == "!="
    plain = comparison.operator in ("", "==", "!=", "in") and not steps
    text = str(right)
    head, _, last = field.partition(" ")
    if head in ("tcp", "udp", "sctp") and not any(one.name == "-p" for one in general):
        general.append(Setting("-p", value=protocol_number(head), text=head))
    if field in _ADDRESSES:
        general.append(_address(_ADDRESSES[field], right if plain else None, negated, text))
    elif field in _INTERFACES and plain and isinstance(right, Value):
        name = right.text.replace("*", "+")
        general.append(Setting(_INTERFACES[field], negated, name, name))
    elif field in ("meta l4proto", "ip protocol") and plain and isinstance(right, Value):
        if not any(one.name == "-p" for one in general):
            general.append(Setting("-p", negated, protocol_number(text), text))
    elif last in ("dport", "sport"):
        name = f"--{last}" if isinstance(right, Value) else f"--{last}s"
        ports = _ports(right) if plain else None
        known = ports is not None
        matches.append(
            Match(head, (Setting(name, negated, Ranges(ports) if ports else None, text, known),))
        )
    elif field == "ct state":
        names = _names(right)
        matches.append(
            Match("conntrack", (Setting("--ctstate", negated, names, text, names is not None),))
        )
    elif head == "ct":
        matches.append(Match("connmark" if last == "mark" else "conntrack"))
    elif field in ("meta mark",):
        matches.append(Match("mark", (_mark(comparison, steps, negated, text),)))
    elif field == "tcp flags":
        matches.append(Match("tcp", (Setting("--tcp-flags", text=text, known=False),)))
    elif head == "fib":
        matches.append(Match("addrtype", (Setting("--type", negated, text=text, known=False),)))
    elif not field:
        _concatenated(comparison.left, general, text)


def _concatenated(left: Expression, general: list[Setting], text: str) -> None:
    """A key of several parts: values that iptables has no words for."""
    from lvscf.firewall.nftables.inside import fields_of

    for one in fields_of(left):
        name = _ADDRESSES.get(one.name) or _INTERFACES.get(one.name)
        if name is None and one.name.endswith("port"):
            name = f"--{one.name.rpartition(' ')[2]}"
        if name is not None:
            general.append(Setting(name, text=text, known=False))


def _address(name: str, right: Expression | None, negated: bool, text: str) -> Setting:
    if isinstance(right, Elements) and len(right.keys) == 1:
        right = right.keys[0]
    found = range_of("ip daddr", right) if right is not None else None
    if found is not None:
        low, high = found
        size = high - low
        if size & (size + 1) == 0 and low & size == 0:
            return Setting(name, negated, Network(low, ~size & ipv4.ALL_ONES), text)
    return Setting(name, negated, text=text, known=False)


def _ports(right: Expression) -> tuple[tuple[int, int], ...] | None:
    values = right.keys if isinstance(right, Elements) else (right,)
    found = [range_of("tcp dport", one) for one in values]
    known = tuple(one for one in found if one is not None)
    return known if known and len(known) == len(found) else None


def _names(right: Expression) -> frozenset[str] | None:
    values: tuple[Expression, ...] = (right,)
    if isinstance(right, Elements):
        values = right.keys
    elif isinstance(right, Several):
        values = right.values
    if not all(isinstance(one, Value) for one in values):
        return None
    return frozenset(str(one).upper() for one in values)


def _mark(
    comparison: Comparison, steps: tuple[tuple[str, int], ...], negated: bool, text: str
) -> Setting:
    value = bits_of("meta mark", comparison.right)
    if value is None or len(steps) > 1 or any(operator != "&" for operator, _ in steps):
        return Setting("--mark", negated, text=text, known=False)
    mask = steps[0][1] if steps else ipv4.ALL_ONES
    return Setting("--mark", negated, Bits(value, mask), text)


def _marking(change: Change) -> Target | None:
    name = {"meta mark": "MARK", "ct mark": "CONNMARK"}.get(change.field.name)
    if name is None:
        return None
    text = str(change.value)
    bits = _change(change.field, change.value)
    if bits is None:
        other = "ct mark" if name == "MARK" else "meta mark"
        if str(change.value).startswith(other):
            how = "--restore-mark" if name == "MARK" else "--save-mark"
            return Target("CONNMARK", (Setting(how),))
        return Target(name, (Setting("--set-xmark", text=text, known=False),))
    return Target(
        name, (Setting("--set-xmark", value=bits, text=f"{bits.value:#x}/{bits.mask:#x}"),)
    )


def _change(field: Field, value: Expression) -> Bits | None:
    """What an expression does to a mark, as a value and a mask; None if it is not so simple."""
    constant = bits_of("meta mark", value)
    if constant is not None and not isinstance(value, Operation):
        return Bits(constant, ipv4.ALL_ONES)
    if value == field:
        return Bits(0, 0)
    if not isinstance(value, Operation):
        return None
    before = _change(field, value.left)
    operand = bits_of("meta mark", value.right)
    if before is None or operand is None:
        return None
    match value.operator:
        case "&":
            return Bits(before.value & operand, before.mask | ~operand & ipv4.ALL_ONES)
        case "|":
            return Bits(before.value & ~operand | operand, before.mask | operand)
        case "^":
            return Bits(before.value ^ operand, before.mask)
    return None


def _target(statement: object) -> Target | None:
    if isinstance(statement, Verdict):
        if statement.name in ("jump", "goto"):
            goto = statement.name == "goto"
            return Target(statement.chain or "(a chain without a name)", goto=goto)
        name = _VERDICTS.get(statement.name)
        return Target(name) if name else None
    if isinstance(statement, Translation):
        return Target(_NAT[statement.name], _destination(statement))
    if isinstance(statement, Act):
        if statement.name == "notrack":
            return Target("NOTRACK")
        if statement.name == "unknown":
            return None
        if statement.name != "xt":
            return Target(statement.name.upper())
        hidden = _HIDDEN.get(statement.text)
        settings = (Setting(hidden, text=_NOT_SHOWN, known=False),) if hidden else ()
        return Target(statement.text, settings)
    return None


def _destination(statement: Translation) -> tuple[Setting, ...]:
    if statement.name not in ("dnat", "redirect"):
        return ()
    known = all(
        one is None or range_of("ip daddr", one) is not None
        for one in (statement.address, statement.port)
    )
    ports = port_range(statement.port)
    text = str(statement)
    if statement.name == "redirect":
        if statement.port is None:
            return ()
        return (
            Setting(
                "--to-ports", value=Ranges((ports,)) if ports else None, text=text, known=known
            ),
        )
    addresses = address_range(statement.address)
    return (Setting("--to-destination", value=Endpoint(addresses, ports), text=text, known=known),)
