"""The way of a packet through a firewall, in the words that all formats share."""

from lvscf.firewall import Assumption, Firewall, Outcome, Packet, Rule
from lvscf.shared.records import record
from lvscf.source import displayable

_VERDICTS = {"DROP": "dropped", "REJECT": "rejected"}


@record
class Route:
    """A packet, the firewall it goes through, and all ways it can take."""

    firewall: Firewall
    packet: Packet
    local_address: str | None
    outcomes: tuple[Outcome, ...]


def place(rule: Rule) -> str:
    """File and line of a rule."""
    span = rule.span
    return f"{displayable(span.filename)}:{span.line}"


def packet_words(packet: Packet) -> str:
    """A packet, including what is unspecified."""
    source = "anywhere" if packet.source is None else endpoint(packet.source, packet.source_port)
    device = displayable(packet.interface) if packet.interface else "any interface"
    return (
        f"{packet.protocol} packet to {endpoint(packet.destination, packet.port)}, "
        f"from {source}, arriving on {device}"
    )


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


def verdict_words(outcome: Outcome) -> str:
    """The packet's fate, and the rule or policy that decides it."""
    table, chain = outcome.decided_in
    if outcome.accepted:
        return "accepted"
    if outcome.forwarded:
        return "forwarded to another host without passing INPUT"
    if outcome.decided_by is None:
        return f"dropped by the policy of chain {chain} in table {table}"
    what = _VERDICTS.get(outcome.verdict) or f"taken by {displayable(outcome.verdict)}"
    return f"{what} at {place(outcome.decided_by)}, in chain {chain} of table {table}"


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
