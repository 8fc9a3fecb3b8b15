"""Rules as a script for `nft -f`: a table of its own, which it replaces as a whole.

Checked with nft 1.0.6; the names of chains and the numbers of priorities are understood by all
releases.
"""

from collections.abc import Iterable

from lvscf.rule_writing.wanted import HostNeeds, PortRange, Wanted

_HOOKS = {
    ("mangle", "PREROUTING"): ("marks", "filter", "prerouting", -150),
    ("nat", "PREROUTING"): ("redirects", "nat", "prerouting", -100),
    ("filter", "INPUT"): ("input", "filter", "input", 0),
    ("filter", "FORWARD"): ("forward", "filter", "forward", 0),
    ("filter", "OUTPUT"): ("output", "filter", "output", 0),
    ("nat", "POSTROUTING"): ("postrouting", "nat", "postrouting", 100),
}
"""For each chain of iptables: the name of the chain here, its type, hook and priority."""
_MANY = 2


def script(needs: HostNeeds, head: tuple[str, ...]) -> str:
    """The script."""
    lines = ["#!/usr/sbin/nft -f", *(f"# {line}" for line in head)]
    lines += ["", "add table ip lvs", "delete table ip lvs", "", "table ip lvs {"]
    bodies = []
    for key, (name, kind, hook, priority) in _HOOKS.items():
        body: list[str] = []
        for paragraph in needs.paragraphs:
            rules = [one for one in paragraph.rules if (one.table, one.chain) == key]
            if rules:
                body += [f"\t\t# {line}" for line in paragraph.comments]
                body += [f"\t\t{statement(one)}" for one in rules]
        if body:
            start = f"\t\ttype {kind} hook {hook} priority {priority}; policy accept;"
            bodies.append("\n".join([f"\tchain {name} {{", start, *body, "\t}"]))
    lines += ["\n\n".join(bodies), "}"]
    return "\n".join(lines) + "\n"


def statement(one: Wanted) -> str:
    """A rule."""
    words = []
    if one.device is not None:
        words.append(f'iifname "{one.device}"')
    if one.source is not None:
        words.append(f"ip saddr {one.source}")
    if one.destination is not None:
        words.append(f"ip daddr {one.destination}")
    if one.source_ports:
        words.append(f"{one.protocol} sport {_ports(one.source_ports)}")
    elif one.ports:
        words.append(f"{one.protocol} dport {_ports(one.ports)}")
    else:
        words.append(f"ip protocol {'112' if one.protocol == 'vrrp' else one.protocol}")
    if one.established:
        words.append("ct state established")
    return " ".join([*words, _target(one)])


def _target(one: Wanted) -> str:
    if one.target == "MARK":
        return f"meta mark set {one.mark}"
    return {"ACCEPT": "accept", "REDIRECT": "redirect", "MASQUERADE": "masquerade"}[one.target]


def _ports(ports: Iterable[PortRange]) -> str:
    texts = [str(low) if low == high else f"{low}-{high}" for low, high in ports]
    return f"{{ {', '.join(texts)} }}" if len(texts) >= _MANY else texts[0]
