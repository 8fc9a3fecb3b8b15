"""Questions of nftables rules on every way of a packet."""

import pytest

from lvscf.firewall import Packet, parse
from lvscf.firewall.packets import State, Way


def _drops(match: str, hook: str, packet: Packet, way: Way) -> set[bool]:
    """Whether a packet may be dropped by a rule with a match, and whether it may not."""
    text = f"""\
table inet one {{
    chain base {{
        type filter hook {hook} priority filter; policy accept;
        {match} drop
    }}
    chain marks {{
        type filter hook output priority mangle; policy accept;
        ct mark set 7
    }}
}}
"""
    firewall = parse(text)
    assert not firewall.findings
    return {not outcome.accepted for outcome in firewall.trace(packet, way=way)}


OUT = Packet("tcp", "192.0.2.7", 80, "10.10.1.20", outgoing="eth0")
IN = Packet("tcp", "10.10.1.20", 80, "192.0.2.7", "eth1")


@pytest.mark.parametrize(
    ("match", "hook", "packet", "way", "dropped"),
    [
        ('oifname "eth0"', "input", IN, "input", {False}),
        ('oifname != "eth0"', "input", IN, "input", {True}),
        ('oifname "eth0"', "output", OUT, "output", {True}),
        ('oifname "eth*"', "postrouting", OUT, "output", {True}),
        ('oifname != "eth1"', "postrouting", OUT, "output", {True}),
        ('oif "lo"', "forward", OUT, "forward", {False}),
        ('oifname "eth0"', "forward", IN, "forward", {True, False}),
        ('iifname "eth1"', "forward", IN, "forward", {True}),
        ('iifname "eth1"', "output", OUT, "output", {False}),
    ],
)  # fmt: skip
def test_interfaces(match: str, hook: str, packet: Packet, way: Way, dropped: set[bool]) -> None:
    """On its way in, a packet has no outgoing interface; what a host sends has no incoming one."""
    assert _drops(match, hook, packet, way) == dropped


@pytest.mark.parametrize(
    ("match", "state", "dropped"),
    [
        ("icmp type echo-request", "NEW", {True}),
        ("icmp type echo-request", "RELATED", {False}),
        ("icmp type destination-unreachable", "RELATED", {True, False}),
        ("icmp code 0", "RELATED", {True, False}),
        ("ct state related", "RELATED", {True}),
        ("ct mark 7", "ESTABLISHED", {True, False}),
        ("ct mark 7", "NEW", {False}),
    ],
)  # fmt: skip
def test_states(match: str, state: State, dropped: set[bool]) -> None:
    """A related packet is an error of any type; a known connection may have any rule's mark."""
    packet = Packet("icmp", "10.10.1.21", None, "10.10.1.31", "eth0", state=state)

    assert _drops(match, "input", packet, "input") == dropped


@pytest.mark.parametrize(
    ("match", "flags", "dropped"),
    [
        ("tcp flags & (fin | syn | rst | ack) == syn", "SYN", {True}),
        ("tcp flags & (fin | syn | rst | ack) == syn", "SYN-ACK", {False}),
        ("tcp flags & (fin | syn | rst | ack) == syn", "ACK", {False}),
        ("tcp flags fin,rst", "RST", {True}),
    ],
)  # fmt: skip
def test_flags(match: str, flags: str, dropped: set[bool]) -> None:
    packet = Packet("tcp", "10.10.1.20", 80, "192.0.2.7", "eth1", flags=flags)  # type: ignore[arg-type]

    assert _drops(match, "input", packet, "input") == dropped


def test_source_nat() -> None:
    """The first chain of type nat that translates decides; later chains see the new source."""
    firewall = parse("""\
table ip one {
    chain nat {
        type nat hook postrouting priority srcnat; policy accept;
        ip saddr 10.11.1.0/24 masquerade
        ip daddr 192.0.2.0/24 snat to 10.10.1.99
    }
    chain again {
        type nat hook postrouting priority 110; policy accept;
        snat to 10.10.1.98
    }
    chain late {
        type filter hook postrouting priority 200; policy accept;
        ip saddr 10.10.1.99 drop
    }
}
""")

    def sources(source: str) -> set[tuple[str | None, bool]]:
        packet = Packet("tcp", "192.0.2.7", 80, source, "eth1", outgoing="eth0")
        outcomes = firewall.trace(packet, "10.10.1.21", way="forward")
        return {(one.source, one.accepted) for one in outcomes}

    assert sources("10.11.1.5") == {("10.10.1.21", True)}
    assert sources("10.12.1.5") == {("10.10.1.99", False)}
