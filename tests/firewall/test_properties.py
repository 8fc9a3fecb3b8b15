"""Laws that hold for all text."""

from typing import Any, get_args

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from lvscf.firewall import Packet, parse
from lvscf.firewall.packets import Flags, State, Way
from lvscf.testing.firewalls import COMMANDS, LINES, PACKETS, TARGETS

WAYS = st.sampled_from(get_args(Way))
STATES = st.sampled_from([None, *get_args(State)])
CHAINS = st.sampled_from(
    [
        "-t raw -A PREROUTING", "-t mangle -A FORWARD", "-A FORWARD", "-t raw -A OUTPUT",
        "-t mangle -A OUTPUT", "-A OUTPUT", "-t mangle -A POSTROUTING", "-t nat -A POSTROUTING",
    ]
)  # fmt: skip
WAY_CONDITIONS = st.sampled_from(
    [
        "", "-d 10.0.0.1", "-p tcp --sport 80", "-p tcp --tcp-flags SYN,ACK SYN",
        "-m state --state ESTABLISHED,RELATED", "-m conntrack --ctstate INVALID,UNTRACKED",
        "-m conntrack --ctstate SNAT", "-m conntrack --ctorigsrc 10.1.2.3", "-m mark --mark 80",
        "-m owner --uid-owner 0", "-m addrtype --dst-type LOCAL", "-m limit --limit 3/min",
    ]
)  # fmt: skip
OUTGOING = st.sampled_from(["", "-o eth0", "! -o eth1", "-o eth+"])
WAY_RULES = st.lists(st.tuples(CHAINS, OUTGOING, WAY_CONDITIONS, TARGETS), max_size=6).map(
    lambda rules: "\n".join(
        f"iptables {chain} {'' if 'PREROUTING' in chain else out} {condition} -j {target}"
        for chain, out, condition, target in rules
        if target != "LVS" and not ("-t nat" in chain and target == "DROP")
    )
)
"""Rules in the chains through which packets leave a host."""


@given(st.one_of(st.text(), st.binary(), LINES), PACKETS)
@settings(deadline=None)
def test_content_never_raises(text: str | bytes, packet: Packet) -> None:
    firewall = parse(text)
    assert firewall.trace(packet)
    assert firewall.trace(packet, "10.0.0.9", established=True)
    for way in get_args(Way):
        assert firewall.trace(packet, way=way, answering=True)
    for table in (*firewall.tables.values(), *firewall.arp_tables.values()):
        assert all(rule.span.line >= 1 for rule in table.rules)
    str(firewall)


@given(COMMANDS, PACKETS)
@settings(deadline=None)
def test_commands_and_what_they_save_agree(commands: str, packet: Packet) -> None:
    ordered = parse(commands)
    saved = parse(str(ordered))
    assert str(saved) == str(ordered)
    assert str(parse(str(saved))) == str(saved)
    seen = [
        {(o.mark, o.destination, o.port, o.accepted, o.conditions) for o in firewall.trace(packet)}
        for firewall in (ordered, saved)
    ]
    assert seen[0] == seen[1]


@given(COMMANDS)
@settings(deadline=None)
def test_an_unknown_packet_goes_all_the_ways_of_known_ones(commands: str) -> None:
    firewall = parse(commands)
    anywhere = firewall.trace(Packet("tcp", "10.0.0.1", 80))
    for source in ("10.1.2.3", "10.2.2.3"):
        for interface in ("eth0", "lo"):
            known = firewall.trace(Packet("tcp", "10.0.0.1", 80, source, interface))
            ways = {(o.mark, o.accepted) for o in anywhere}
            assert {(o.mark, o.accepted) for o in known} <= ways


@given(WAY_RULES, PACKETS, WAYS, STATES, st.sampled_from([None, *get_args(Flags)]))
@settings(deadline=None)
def test_an_unknown_way_out_has_all_outcomes_of_known_ones(
    commands: str, packet: Packet, way: Way, state: Any, flags: Any
) -> None:
    """Whatever the packet is, and the accepted ones have passed all chains of the way."""
    firewall = parse(commands)
    packet = evolve(packet, state=state, flags=flags)
    open_ways = {(o.mark, o.accepted) for o in firewall.trace(packet, way=way)}
    for outgoing in ("eth0", "eth1", "lo"):
        known = firewall.trace(evolve(packet, outgoing=outgoing), way=way)
        assert {(o.mark, o.accepted) for o in known} <= open_ways
        for outcome in known:
            assert outcome.accepted is (outcome.verdict == "ACCEPT")
            assert not outcome.accepted or outcome.decided_in == ("filter", way.upper())
            assert outcome.source_translated_by is None


@given(WAY_RULES, PACKETS, STATES)
@settings(deadline=None)
def test_rules_about_interfaces_do_not_concern_what_comes_in(
    commands: str, packet: Packet, state: Any
) -> None:
    """A packet for the host passes through none of these chains but raw PREROUTING."""
    rules = "\n".join(line for line in commands.splitlines() if "PREROUTING" not in line)
    for outgoing in (None, "eth0"):
        (outcome,) = parse(rules).trace(evolve(packet, state=state, outgoing=outgoing))
        assert (outcome.accepted, outcome.path) == (True, ())
