"""Ways of packets that are forwarded, or that the host sends."""

from typing import Any, get_args

import pytest
from attrs import evolve

from lvscf.firewall import Outcome, Packet, parse
from lvscf.firewall.packets import State, Way

VIP = "10.0.0.1"
WEB = Packet("tcp", VIP, 80)
DNAT = "iptables -t nat -A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.7"


def trace_through(way: Way, commands: str, packet: Packet, **known: Any) -> Outcome:
    """The only outcome on a way."""
    firewall = parse(commands)
    assert not [f for f in firewall.findings if f.code != "LVS703"]
    (outcome,) = firewall.trace(packet, way=way, **known)
    return outcome


CLIENT = Packet("tcp", "10.9.0.1", 80, "10.0.0.5", "eth1", outgoing="eth0")
MARKED = {
    "forward": (
        "-t raw -A PREROUTING", "-t mangle -A PREROUTING", "-t mangle -A FORWARD", "-A FORWARD",
        "-t security -A FORWARD", "-t mangle -A POSTROUTING", "-t nat -A POSTROUTING",
    ),
    "output": (
        "-t raw -A OUTPUT", "-t mangle -A OUTPUT", "-t nat -A OUTPUT", "-A OUTPUT",
        "-t security -A OUTPUT", "-t mangle -A POSTROUTING", "-t nat -A POSTROUTING",
    ),
}  # fmt: skip
"""The chains of the ways out, in order; nat PREROUTING is asked about in its own test."""


@pytest.mark.parametrize("way", MARKED)
def test_ways_out_pass_all_their_chains_in_order(way: Way) -> None:
    """Each chain adds a rule to the path, and the others do not."""
    chains = MARKED[way]
    others = ("-A INPUT", "-t mangle -A INPUT", "-A OUTPUT" if way == "forward" else "-A FORWARD")
    lines = [f"iptables {chain} -j MARK --or-mark {1 << n}" for n, chain in enumerate(chains)]
    lines += [f"iptables {chain} -j DROP" for chain in others]
    lines += ["iptables -t nat -A POSTROUTING -o none -j MASQUERADE"]

    outcome = trace_through(way, "\n".join(lines), CLIENT)

    assert [f"-A {rule.chain}" for rule in outcome.path] == [
        chain[chain.index("-A") :] for chain in chains
    ]
    assert outcome.mark == (1 << len(chains)) - 1
    assert (outcome.accepted, outcome.decided_in) == (True, ("filter", way.upper()))


@pytest.mark.parametrize("way", ["forward", "output"])
def test_a_policy_ends_a_way(way: Way) -> None:
    """Each base chain has its own."""
    commands = f"iptables -P {way.upper()} DROP\niptables -P INPUT ACCEPT"
    outcome = trace_through(way, commands, CLIENT)
    assert (outcome.accepted, outcome.decided_in) == (False, ("filter", way.upper()))
    last = trace_through(way, "iptables -t mangle -P POSTROUTING DROP", CLIENT)
    assert last.decided_in == ("mangle", "POSTROUTING")


@pytest.mark.parametrize(
    ("way", "rule", "dropped"),
    [
        ("forward", "-A FORWARD -i eth1 -o eth0", True),
        ("forward", "-A FORWARD -i eth0", False),
        ("forward", "-A FORWARD ! -o eth0", False),
        ("forward", "-A FORWARD -o eth+", True),
        ("output", "-A OUTPUT -o eth0", True),
        ("output", "-A OUTPUT -o eth0:1", False),
        ("output", "-t mangle -A POSTROUTING ! -o eth1", True),
        ("output", "-N OWN\niptables -A OUTPUT -j OWN\niptables -A OWN -i eth1", False),
        ("output", "-N OWN\niptables -A OUTPUT -j OWN\niptables -A OWN ! -i eth1", True),
        ("input", "-N OWN\niptables -A INPUT -j OWN\niptables -A OWN -o eth0", False),
        ("input", "-N OWN\niptables -A INPUT -j OWN\niptables -A OWN ! -o eth0", True),
    ],
)
def test_a_packet_leaves_by_an_interface(way: Way, rule: str, dropped: bool) -> None:
    """`-o` matches from FORWARD on, and `-i` never for what the host sends."""
    outcome = trace_through(way, f"iptables {rule} -j DROP", CLIENT)
    assert outcome.accepted is not dropped


def test_an_unknown_way_out_is_followed_both_ways() -> None:
    """And stays as assumed."""
    commands = (
        "iptables -A FORWARD -o eth0 -j MARK --set-mark 1\niptables -A FORWARD ! -o eth0 -j DROP"
    )
    outcomes = parse(commands).trace(Packet("tcp", "10.9.0.1", 80), way="forward")
    assert {(o.accepted, o.mark, o.conditions) for o in outcomes} == {
        (True, 1, ("-o eth0",)),
        (False, 0, ("not (-o eth0)",)),
    }


NEW_SOURCES = {
    "MASQUERADE": (None, 40000),
    "SNAT --to-source 10.9.0.9": ("10.9.0.9", 40000),
    "SNAT --to-source 10.9.0.8-10.9.0.9": (None, 40000),
    "SNAT --to-source 10.9.0.9 --random": ("10.9.0.9", None),
    "NETMAP --to 10.8.0.0/16": ("10.8.0.5", 40000),
}


@pytest.mark.parametrize("target", NEW_SOURCES)
def test_source_nat_is_the_last_thing_that_happens(target: str) -> None:
    """Only a first packet that is tracked passes through the nat table."""
    commands = (
        f"iptables -t nat -A POSTROUTING -o eth0 -p tcp -j {target}\n"
        "iptables -t nat -A POSTROUTING -j MARK --set-mark 9\n"
        "iptables -A FORWARD -s 10.9.0.0/16 -j DROP"
    )
    packet = evolve(CLIENT, source_port=40000)
    outcome = trace_through("forward", commands, packet)
    assert (outcome.source, outcome.source_port) == NEW_SOURCES[target]
    assert (outcome.source_translated_by is not None, outcome.mark) == (True, 0)
    for state in ("UNTRACKED", "INVALID", "ESTABLISHED"):
        outcome = trace_through("forward", commands, evolve(packet, state=state))
        assert (outcome.source, outcome.source_translated_by) == ("10.0.0.5", None)


def test_masquerade_gives_the_address_of_the_way_out() -> None:
    """And a later packet keeps the source that the first one got."""
    commands = "iptables -t nat -A POSTROUTING -j MASQUERADE"
    for established in (False, True):
        outcome = trace_through(
            "output", commands, CLIENT, local_address="10.0.0.9", established=established
        )
        assert outcome.source == "10.0.0.9"
    assert trace_through("output", "iptables -P INPUT DROP", CLIENT).source == "10.0.0.5"


def test_nat_takes_a_packet_that_was_to_be_forwarded() -> None:
    """REDIRECT delivers it to this host; DNAT may, and only the host knows."""
    redirect = "iptables -t nat -A PREROUTING -p tcp -j REDIRECT\niptables -P FORWARD DROP"
    outcome = trace_through("forward", redirect, CLIENT)
    assert (outcome.accepted, outcome.delivered, outcome.verdict) == (False, True, "INPUT")
    there, here = parse(DNAT).trace(CLIENT, way="forward")
    assert (there.accepted, there.destination) == (True, "10.0.0.7")
    assert (here.accepted, here.delivered) == (False, True)
    assert here.conditions == ("10.0.0.7 belongs to this host",)
    for own, delivered in ((["10.0.0.7"], True), ([VIP], False)):
        outcome = trace_through("forward", DNAT, CLIENT, own_addresses=own)
        assert outcome.delivered is delivered


def test_nat_in_output_changes_the_way_out() -> None:
    """What REDIRECT takes leaves by lo; filter OUTPUT still sees the old interface."""
    redirect = "iptables -t nat -A OUTPUT -p tcp -j REDIRECT --to-ports 8080\n"
    outcome = trace_through("output", redirect + "iptables -A OUTPUT ! -o eth0 -j DROP", CLIENT)
    assert (outcome.accepted, outcome.destination, outcome.port) == (True, "127.0.0.1", 8080)
    late = redirect + "iptables -t mangle -A POSTROUTING -o lo -j DROP"
    assert not trace_through("output", late, CLIENT).accepted
    dnat = (
        DNAT.replace("PREROUTING", "OUTPUT") + "\niptables -t mangle -A POSTROUTING -o eth0 -j DROP"
    )
    assert {o.accepted for o in parse(dnat).trace(CLIENT, way="output")} == {True, False}


@pytest.mark.parametrize("state", get_args(State))
@pytest.mark.parametrize("way", ["input", "forward", "output"])
def test_each_state_is_itself_alone(way: Way, state: Any) -> None:
    """At every hook but raw, which comes before connection tracking."""
    packet = evolve(CLIENT, state=state)
    for asked in get_args(State):
        rule = f"iptables -A {way.upper()} -m conntrack --ctstate {asked} -j DROP"
        assert trace_through(way, rule, packet).accepted is (asked != state)
    raw = f"iptables -t raw -A {'OUTPUT' if way == 'output' else 'PREROUTING'} -m state --state"
    expected = "UNTRACKED" if state == "UNTRACKED" else "INVALID"
    assert not trace_through(way, f"{raw} {expected} -j DROP", packet).accepted


FLAGS = {
    "SYN": "SYN", "SYN-ACK": "SYN,ACK", "ACK": "ACK", "FIN": "FIN,ACK", "RST": "RST,ACK",
}  # fmt: skip


@pytest.mark.parametrize("flags", FLAGS)
def test_flags_are_those_that_are_given(flags: Any) -> None:
    """Whatever the state is."""
    for state in (None, *get_args(State)):
        packet = evolve(CLIENT, state=state, flags=flags)
        for name, asked in FLAGS.items():
            rule = f"iptables -A FORWARD -p tcp --tcp-flags ALL {asked} -j DROP"
            assert trace_through("forward", rule, packet).accepted is (name != flags)


@pytest.mark.parametrize(
    ("state", "flags", "dropped"),
    [
        (None, "SYN", True),
        ("NEW", "ACK", True),
        ("INVALID", "FIN", True),
        ("UNTRACKED", "SYN", True),
    ],
)
def test_states_have_flags_that_go_with_them(state: Any, flags: str, dropped: bool) -> None:
    rule = f"iptables -A OUTPUT -p tcp --tcp-flags ALL {FLAGS[flags]} -j DROP"
    assert trace_through("output", rule, evolve(CLIENT, state=state)).accepted is not dropped


def test_what_nat_did_to_a_connection_is_open_if_its_first_packet_was_not_followed() -> None:
    """The rules may ask, and so may they for its mark."""
    later = evolve(CLIENT, state="ESTABLISHED")
    asking = "iptables -A FORWARD -m conntrack --ctstate DNAT -j DROP"
    assert {o.accepted for o in parse(asking).trace(later, way="forward")} == {True, False}
    saving = "iptables -t mangle -A PREROUTING -j CONNMARK --save-mark\n"
    restoring = "iptables -t mangle -A PREROUTING -j CONNMARK --restore-mark\n"
    assert not trace_through("forward", restoring + saving, later).mark_known
    assert trace_through("forward", restoring, later).mark_known


@pytest.mark.parametrize(
    ("condition", "dropped"),
    [
        ("--ctorigsrc 10.9.0.1", {True}),
        ("--ctorigsrc 10.0.0.5", {False}),
        ("--ctreplsrc 10.0.0.5", {True}),
        ("--ctrepldst 10.9.0.1", {True}),
        ("--ctorigsrcport 1:1023", {False}),
        ("--ctorigdst 10.0.0.5", {True, False}),
        ("--ctdir REPLY", {True}),
    ],
)
def test_a_reply_shows_its_connection_the_other_way_round(
    condition: str, dropped: set[bool]
) -> None:
    """But not what the client asked for, which NAT may have changed."""
    reply = Packet("tcp", "10.9.0.1", None, "10.0.0.5", source_port=80)
    rules = parse(f"iptables -A OUTPUT -m conntrack {condition} -j DROP")
    outcomes = rules.trace(reply, way="output", answering=True)
    assert {not outcome.accepted for outcome in outcomes} == dropped


def test_a_reply_goes_to_a_port_that_a_program_got_from_its_system() -> None:
    """One above 1023, as clients have."""
    reply = Packet("tcp", "10.9.0.1", None, "10.0.0.5", source_port=80)
    commands = (
        "iptables -A OUTPUT -p tcp --sport 80 --dport 1024: -j ACCEPT\niptables -P OUTPUT DROP"
    )
    (outcome,) = parse(commands).trace(reply, way="output", answering=True)
    assert outcome.accepted


def test_what_belongs_to_ipvs_is_open_once_it_has_sent_it_on() -> None:
    """Before, nothing does.  Saved rules show that the host has this match; a script does not."""
    for way in get_args(Way):
        hook = way.upper()
        asking = (
            f"*mangle\n:PREROUTING ACCEPT\n-A {hook} -m ipvs --vaddr 10.0.0.1 -j DROP\nCOMMIT\n"
        )
        dropped = {not outcome.accepted for outcome in parse(asking).trace(CLIENT, way=way)}
        assert dropped == ({True, False} if way == "output" else {False})


def test_the_owner_of_a_packet_is_open() -> None:
    """The file does not show which program sends it."""
    rule = "iptables -A OUTPUT -m owner --uid-owner 0 -j DROP"
    assert {o.uncertain for o in parse(rule).trace(CLIENT, way="output")} == {True}


def test_a_packet_that_is_forwarded_is_for_no_address_of_the_host() -> None:
    """Unless NAT changes that; what the host sends may well be for itself."""
    local = "-m addrtype --dst-type LOCAL -j DROP"
    assert trace_through("forward", f"iptables -A FORWARD {local}", CLIENT).accepted
    assert trace_through("forward", f"iptables -t mangle -A PREROUTING {local}", CLIENT).accepted
    rules = parse(f"iptables -A OUTPUT {local}")
    assert {o.accepted for o in rules.trace(CLIENT, way="output")} == {True, False}
    for own in ([CLIENT.destination], ["10.0.0.5"]):
        outcome = trace_through("output", f"iptables -A OUTPUT {local}", CLIENT, own_addresses=own)
        assert outcome.accepted is (own == ["10.0.0.5"])


def test_a_packet_may_have_a_mark_from_before() -> None:
    """IPVS sends a request on with the mark that it came with."""
    commands = "iptables -A OUTPUT -m mark --mark 80 -j ACCEPT\niptables -P OUTPUT DROP"
    assert trace_through("output", commands, evolve(CLIENT, mark=80)).accepted
    assert not trace_through("output", commands, CLIENT).accepted
    with pytest.raises(ValueError, match="no such mark"):
        Packet("tcp", VIP, 80, mark=1 << 32)
    with pytest.raises(TypeError, match="the mark is an int"):
        Packet("tcp", VIP, 80, mark=True)


def test_ways_that_are_none() -> None:
    """There are three."""
    with pytest.raises(ValueError, match="way must be one of input, forward, output, not 'out'"):
        parse("").trace(WEB, way="out")  # type: ignore[arg-type]
