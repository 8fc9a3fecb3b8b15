"""The way of a packet through a firewall, in the words that all formats share."""

from collections.abc import Iterator, Set
from typing import Literal

from lvscf.firewall import Assumption, Chain, Firewall, Outcome, Packet, Rule
from lvscf.firewall.packets import Way
from lvscf.firewall.tracing.hooks import base_chains
from lvscf.firewall.tracing.ways import HOOKS
from lvscf.hosts.discards import Discard
from lvscf.shared.records import record
from lvscf.source import displayable

_VERDICTS = {"DROP": "dropped", "REJECT": "rejected"}
_PASSED: dict[Way, str] = {"input": "accepted", "forward": "forwarded", "output": "sent"}

Turn = Literal["first", "later", "reply"]
"""Which packet of its connection a packet is."""
_TURNS: dict[Turn, str] = {
    "first": "",
    "later": "a later packet of its connection",
    "reply": "a reply",
}


@record
class Route:
    """A packet, the firewall it goes through, and all ways it can take."""

    firewall: Firewall
    packet: Packet
    local_address: str | None
    outcomes: tuple[Outcome, ...]
    way: Way = "input"
    turn: Turn = "first"
    discards: tuple[Discard, ...] = ()
    """Why the kernel discards the packet, whatever the rules say."""
    forwarding_off: tuple[Discard, ...] = ()
    """Why the kernel discards packets for other hosts."""
    is_foreign: bool = False
    """Whether the packet is assumed to be for this host, which does not have its destination."""

    def discards_of(self, outcome: Outcome) -> tuple[Discard, ...]:
        """Why the kernel discards a packet that no rule drops."""
        if outcome.forwarded:
            return (*self.discards, *self.forwarding_off)
        if outcome.delivered:
            return tuple(one for one in self.discards if one not in self.forwarding_off)
        return self.discards if outcome.accepted else ()

    @property
    def keeps_nat(self) -> bool:
        """Whether the packet gets the NAT of its connection's first one: no rule is consulted."""
        return self.turn != "first" or self.packet.state == "ESTABLISHED"

    @property
    def chains(self) -> Iterator[tuple[str, Chain]]:
        """The base chains of the way that the file has, in order, each with its table's name."""
        tables = self.firewall.tables
        bases = base_chains(tables)
        for hook in HOOKS[self.way]:
            for base in bases.get(hook, ()):
                yield base.table, tables[base.table].chains[base.chain]

    def passed(self, outcome: Outcome) -> list[tuple[str, Chain, list[Rule]]]:
        """The base chains that a packet comes to, each with the rules that match it there.

        The rules of other chains are with the rule that jumps to them.
        """
        found: list[tuple[str, Chain, list[Rule]]] = []
        chains = list(self.chains)
        entered = {(table, chain.name) for table, chain in chains}
        rules = list(reversed(outcome.path))
        for table, chain in chains:
            met: list[Rule] = []
            while (
                rules
                and rules[-1].table == table
                and (rules[-1].chain == chain.name or (met and not _enters(rules[-1], entered)))
            ):
                met.append(rules.pop())
            found.append((table, chain, met))
            if not outcome.accepted and outcome.decided_in == (table, chain.name):
                break
        return found


def _enters(rule: Rule, entered: Set[tuple[str, str]]) -> bool:
    """Whether a rule is in a base chain."""
    return (rule.table, rule.chain) in entered


def place(rule: Rule) -> str:
    """File and line of a rule."""
    span = rule.span
    return f"{displayable(span.filename)}:{span.line}"


def packet_words(route: Route) -> str:
    """A packet, including what is unspecified."""
    packet = route.packet
    source = "anywhere" if packet.source is None else endpoint(packet.source, packet.source_port)
    words = [
        f"{packet.protocol} packet to {endpoint(packet.destination, packet.port)}",
        f"from {source}",
        _TURNS[route.turn],
        f"in state {packet.state}" if packet.state else "",
        "sent by this host" if route.way == "output" else f"arriving on {_any(packet.interface)}",
        "" if route.way == "input" else f"leaving by {_any(packet.outgoing)}",
    ]
    return ", ".join(word for word in words if word)


def _any(interface: str | None) -> str:
    return displayable(interface) if interface else "any interface"


def endpoint(address: str | None, port: int | None) -> str:
    """An address with its port; both may be unknown."""
    if port is None:
        return address or "an unknown address"
    return f"{address}:{port}" if address else f"port {port} of an unknown address"


def assumption_words(assumption: Assumption) -> str:
    """An assumption, and the rule that depends on it."""
    return f"{displayable(str(assumption))} (line {assumption.rule.span.line})"


def mark_words(outcome: Outcome) -> str:
    """The mark in decimal, as in lvs.cf, and in hexadecimal, as in iptables-save."""
    if not outcome.mark_known:
        return "a mark that only the running kernel knows"
    mark = outcome.mark
    return f"mark {mark} ({mark:#x})" if mark else "no mark"


def verdict_words(route: Route, outcome: Outcome) -> str:
    """The packet's fate, and the rule or policy that decides it."""
    table, chain = outcome.decided_in
    discards = route.discards_of(outcome)
    if discards:
        return f"discarded by the kernel: {' and '.join(map(discard_words, discards))}"
    if outcome.accepted:
        return _PASSED[route.way]
    if outcome.delivered:
        return "delivered to this host without passing FORWARD"
    if outcome.forwarded:
        return "forwarded to another host without passing INPUT"
    if outcome.decided_by is None:
        return f"dropped by the policy of chain {chain} in table {table}"
    what = _VERDICTS.get(outcome.verdict) or f"taken by {displayable(outcome.verdict)}"
    return f"{what} at {place(outcome.decided_by)}, in chain {chain} of table {table}"


def discard_words(discard: Discard) -> str:
    """Why the kernel discards a packet, and the line of the setting."""
    at = discard.place
    if at is None or at.source is None:
        return discard.reason
    line = at.source.span(at.start, at.end).line
    return f"{discard.reason} ({displayable(at.source.filename)}:{line})"


def foreign_words(route: Route) -> str:
    """That the packet is assumed to be for this host although it has another destination."""
    return (
        f"{route.packet.destination} is not an address of this host: unless a rule changes the "
        "destination, it forwards the packet; follow that with --out DEVICE."
    )


def destination_words(outcome: Outcome) -> str:
    """The packet's final destination."""
    rule = outcome.translated_by
    if rule is None:
        return f"to {endpoint(outcome.destination, outcome.port)}"
    target = rule.target.name if rule.target else "NAT"
    if outcome.destination is None and target == "REDIRECT":
        port = (
            "the host itself" if outcome.port is None else f"port {outcome.port} of the host itself"
        )
        return f"redirected to {port}"
    return f"sent to {endpoint(outcome.destination, outcome.port)} by {target}"


def source_words(outcome: Outcome) -> str:
    """The packet's final source, if NAT changed it."""
    rule = outcome.source_translated_by
    if rule is None:
        return ""
    target = rule.target.name if rule.target else "NAT"
    return f"from {endpoint(outcome.source, outcome.source_port)} by {target}"
