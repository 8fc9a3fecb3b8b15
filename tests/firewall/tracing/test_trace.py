"""Ways of packets of which not everything is known."""

import sys
from types import FrameType
from typing import Any, get_args

import pytest
from attrs import evolve

from lvscf.firewall import Outcome, Packet, parse
from lvscf.firewall.packets import State, Way

VIP = "10.0.0.1"
WEB = Packet("tcp", VIP, 80)


def trace(commands: str, packet: Packet = WEB, local: str | None = None) -> tuple[Outcome, ...]:
    firewall = parse(commands.replace("MANGLE", "iptables -t mangle -A PREROUTING"))
    assert not [f for f in firewall.findings if f.code != "LVS703"]
    return firewall.trace(packet, local)


def marks(commands: str, packet: Packet = WEB) -> set[int]:
    return {outcome.mark for outcome in trace(commands, packet)}


def test_unknown_fields_are_followed_both_ways() -> None:
    outcomes = trace("MANGLE -i eth0 -j MARK --set-mark 80")
    assert {(o.mark, o.conditions) for o in outcomes} == {
        (80, ("-i eth0",)),
        (0, ("not (-i eth0)",)),
    }
    assert not any(o.uncertain for o in outcomes)


def test_what_was_assumed_stays_assumed() -> None:
    both = (
        "MANGLE -s 10.1.0.0/16 -j MARK --set-mark 80\nMANGLE ! -s 10.1.0.0/16 -j MARK --set-mark 80"
    )
    assert marks(both) == {80}
    inner = "MANGLE -s 10.1.2.3 -j MARK --set-mark 1\nMANGLE -s 10.1.0.0/16 -j RETURN\nMANGLE -j MARK --set-mark 3"
    assert marks(inner) == {1, 0, 3}
    twice = (
        "MANGLE -i eth0 -j MARK --set-mark 1\nMANGLE -i eth+ -m mark --mark 0 -j MARK --set-mark 2"
    )
    assert marks(twice) == {0, 1, 2}


def test_kernel_only_matches_make_outcomes_uncertain() -> None:
    outcomes = trace("MANGLE -m limit --limit 1/s -j MARK --set-mark 80")
    assert {o.mark for o in outcomes} == {0, 80}
    assert all(o.uncertain for o in outcomes)
    steady = "MANGLE -m mac --mac-source 00:11:22:33:44:55 -j MARK --or-mark 1\n" * 2
    assert marks(steady) == {0, 1}


def test_no_difference_is_no_uncertainty() -> None:
    (outcome,) = trace("MANGLE -m limit --limit 1/s -j LOG\nMANGLE -j MARK --set-mark 80")
    assert (outcome.mark, outcome.uncertain) == (80, False)


def test_an_alias_is_no_interface() -> None:
    assert marks("MANGLE -i eth0:1 -j MARK --set-mark 80") == {0}
    assert marks("MANGLE ! -i eth0:1 -j MARK --set-mark 80") == {80}


def test_redirect_to_an_unknown_address() -> None:
    redirect = "iptables -t nat -A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 8080"
    (outcome,) = trace(redirect)
    assert (outcome.destination, outcome.port) == (None, 8080)
    (outcome,) = trace(redirect, local="10.0.0.9")
    assert (outcome.destination, outcome.port) == ("10.0.0.9", 8080)
    assert outcome.translated_by is not None


def test_the_nat_table_is_not_asked_about_untracked_packets() -> None:
    (outcome,) = trace(
        "iptables -t raw -A PREROUTING -j NOTRACK\niptables -t nat -A PREROUTING -j REDIRECT"
    )
    assert outcome.destination == VIP


def test_the_nat_table_is_asked_only_if_connections_are_tracked() -> None:
    marking = "iptables -t nat -A PREROUTING -j MARK --set-mark 80\n"
    assert marks(marking) == {0}
    assert marks(marking + "iptables -A FORWARD -m state --state ESTABLISHED -j ACCEPT") == {80}


def test_dnat_to_where_the_packet_goes_anyway_is_no_dnat() -> None:
    nat = "iptables -t nat -A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.1:80\n"
    tested = nat + "iptables -t mangle -A INPUT -m conntrack --ctstate DNAT -j MARK --set-mark 9"
    assert marks(tested) == {0}
    assert marks(tested, Packet("tcp", VIP, 81)) == {9}


def test_a_later_packet_goes_where_the_first_went() -> None:
    firewall = parse(
        "iptables -t mangle -A PREROUTING -j CONNMARK --restore-mark\n"
        "iptables -t mangle -A PREROUTING -m state --state NEW -j MARK --set-mark 80\n"
        "iptables -t mangle -A PREROUTING -j CONNMARK --save-mark\n"
        "iptables -t nat -A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.7:8080\n"
        "iptables -A INPUT -m state --state ESTABLISHED -j ACCEPT\n"
        "iptables -A INPUT -p udp -j DROP\n"
    )
    (outcome,) = firewall.trace(WEB, established=True, own_addresses=[VIP, "10.0.0.7"])
    assert (outcome.mark, outcome.destination, outcome.port) == (80, "10.0.0.7", 8080)
    assert [rule.table for rule in outcome.path].count("nat") == 0


@pytest.mark.parametrize(
    ("condition", "matches"),
    [
        ("-m conntrack --ctorigdst 10.0.0.1", False),
        ("-m conntrack ! --ctorigdst 10.9.9.9", False),
        ("-m conntrack --ctproto tcp", False),
        ("-m connmark ! --mark 7", False),
        ("-m conntrack --ctstate INVALID", True),
        ("-m conntrack --ctstate NEW --ctorigdst 10.0.0.1", False),
        ("-m conntrack --ctstate INVALID --ctorigdst 10.9.9.9", True),
    ],
)
def test_before_tracking_there_is_no_connection_to_ask_about(condition: str, matches: bool) -> None:
    tracking = "iptables -A INPUT -m state --state NEW -j ACCEPT\n"
    raw = f"iptables -t raw -A PREROUTING -p tcp {condition} -j MARK --set-mark 80\n"
    assert marks(tracking + raw) == {80 if matches else 0}


def test_verdicts_name_rule_and_chain() -> None:
    (outcome,) = trace("iptables -P INPUT DROP")
    assert (outcome.accepted, outcome.verdict, outcome.decided_by) == (False, "DROP", None)
    (outcome,) = trace("MANGLE -j DROP")
    assert outcome.decided_in == ("mangle", "PREROUTING")
    assert outcome.decided_by is outcome.path[-1]


def test_a_goto_returns_to_the_caller_of_its_chain() -> None:
    chains = (
        "iptables -t mangle -N A\niptables -t mangle -N B\nMANGLE -g A\n"
        "MANGLE -j MARK --set-mark 9\n"
    )
    assert marks(chains + "iptables -t mangle -A A -j MARK --set-mark 1\n") == {1}
    nested = (
        chains.replace("-g A", "-j A")
        + "iptables -t mangle -A A -g B\niptables -t mangle -A A -j DROP\n"
    )
    assert marks(nested) == {9}


def test_branches_do_not_multiply() -> None:
    lines = "".join(
        f"MANGLE -m limit --limit 1/s -j MARK --or-mark {1 << i % 32}\n" for i in range(64)
    )
    outcomes = trace(lines)
    assert len(outcomes) <= 64
    assert not all(o.complete for o in outcomes)


def test_chains_that_jump_twice_end() -> None:
    text = "*mangle\n" + "".join(f":c{i} - [0:0]\n" for i in range(50))
    text += "-A PREROUTING -j c0\n" + "".join(f"-A c{i} -j c{i + 1}\n" * 2 for i in range(49))
    assert [o.complete for o in parse(text + "COMMIT\n").trace(WEB)] == [False]


@pytest.mark.parametrize("bad", [("tpc", VIP, 80), ("tcp", "www", 80), ("tcp", VIP, 65536)])
def test_packets_are_checked(bad: tuple[str, str, int]) -> None:
    with pytest.raises(ValueError, match=r"no such|address"):
        Packet(*bad)


def test_lists_of_sources_are_one_question() -> None:
    text = (
        "*filter\n" + "".join(f"-A INPUT -s 10.1.{i}.1 -j DROP\n" for i in range(200)) + "COMMIT\n"
    )
    firewall = parse(text)
    assert {o.accepted for o in firewall.trace(WEB)} == {True, False}
    (outcome,) = firewall.trace(Packet("tcp", VIP, 80, "10.1.7.1"))
    assert str(outcome.decided_by) == "-A INPUT -s 10.1.7.1/32 -j DROP"
    (outcome,) = firewall.trace(Packet("tcp", VIP, 80, "10.2.7.1"))
    assert outcome.accepted


DNAT = "iptables -t nat -A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.7"


def test_dnat_to_another_host_is_forwarded() -> None:
    here, there = trace(DNAT)
    assert (here.accepted, here.forwarded, there.accepted, there.forwarded) == (
        True, False, False, True,
    )  # fmt: skip
    assert (there.verdict, there.destination) == ("FORWARD", "10.0.0.7")
    assert there.conditions == ("10.0.0.7 belongs to another host",)
    for own, forwarded in ((["10.0.0.7"], False), ([VIP], True)):
        (outcome,) = parse(DNAT).trace(WEB, own_addresses=own)
        assert outcome.forwarded is forwarded
    (outcome,) = trace(DNAT, local="10.0.0.7")
    assert outcome.accepted
    # What is dropped before never gets there.
    assert not any(o.forwarded for o in trace(DNAT + "\niptables -t mangle -P PREROUTING DROP"))


def test_what_was_assumed_of_a_destination_ends_with_it() -> None:
    asked = "-m set --match-set vips dst -j MARK --or-mark"
    outcomes = parse(
        f"iptables -t mangle -A PREROUTING {asked} 1\n{DNAT}\n"
        f"iptables -t mangle -A INPUT {asked} 2\niptables -t mangle -A INPUT {asked} 4\n"
    ).trace(WEB, own_addresses=["10.0.0.7"])
    assert {outcome.mark for outcome in outcomes} == {0, 1, 6, 7}


def test_a_target_that_changes_a_set_ends_what_was_known_of_it() -> None:
    asked = "MANGLE -m set --match-set clients src -j MARK --or-mark"
    change = "MANGLE -j SET --add-set clients src\n"
    assert marks(f"{asked} 1\n{asked} 2") == {0, 3}
    assert marks(f"{asked} 1\n{change}{asked} 2") == {0, 1, 2, 3}


def test_hmark_sets_a_mark_that_only_the_kernel_knows() -> None:
    few = "MANGLE -j HMARK --hmark-tuple src --hmark-mod 3 --hmark-offset 100 --hmark-rnd 1\n"
    assert marks(few) == {100, 101, 102}
    many = few.replace("mod 3", "mod 3000")
    (outcome,) = trace(many)
    assert not outcome.mark_known
    assert not outcome.complete
    assert outcome.uncertain
    asked = many + "MANGLE -m mark --mark 0x50/0xff -j MARK --set-mark 1\n"
    assert {(o.mark, o.mark_known) for o in trace(asked)} == {(1, True), (0, False)}
    known = trace(many + "MANGLE -j MARK --set-mark 80")
    assert [(o.mark, o.mark_known) for o in known] == [(80, True)]
    saved = trace(many + "MANGLE -j CONNMARK --save-mark\nMANGLE -j MARK --set-mark 8\n"
                  "MANGLE -j CONNMARK --restore-mark --mask 0xf0")  # fmt: skip
    assert [o.mark_known for o in saved] == [False]


@pytest.mark.parametrize(
    ("condition", "packet", "matches"),
    [
        ("-m pkttype --pkt-type unicast", WEB, True),
        ("-m pkttype ! --pkt-type broadcast", WEB, True),
        ("-m pkttype --pkt-type multicast", Packet("udp", "224.0.0.18", 1), True),
        ("-m addrtype --dst-type LOCAL", WEB, True),
        ("-m addrtype --dst-type UNICAST,BROADCAST", WEB, False),
        ("-m addrtype --dst-type MULTICAST", Packet("udp", "224.0.0.18", 1), True),
        ("-p tcp --sport 1024:65535", WEB, True),
        ("-p tcp --sport 53", WEB, False),
        ("-p tcp ! --sport 0:1023", WEB, True),
        ("-p tcp -m multiport --sports 22,80:100", WEB, False),
        ("-p icmp --icmp-type echo-request", Packet("icmp", VIP, None), True),
        ("-p icmp --icmp-type 8/0", Packet("icmp", VIP, None), True),
        ("-p icmp --icmp-type echo-reply", Packet("icmp", VIP, None), False),
        ("-p icmp ! --icmp-type 3/4", Packet("icmp", VIP, None), True),
        ("-m conntrack --ctstatus CONFIRMED,SEEN_REPLY,ASSURED", WEB, False),
        ("-m conntrack ! --ctstatus ASSURED", WEB, True),
        ("-m conntrack --ctreplsrc 10.0.0.1", WEB, True),
        ("-m conntrack --ctreplsrcport 81", WEB, False),
        ("-m recent --set --name a", WEB, True),
    ],
)
def test_what_a_clients_first_packet_tells(condition: str, packet: Packet, matches: bool) -> None:
    (outcome,) = trace(f"MANGLE {condition} -j MARK --set-mark 80", packet)
    assert (outcome.mark, outcome.uncertain) == (80 * matches, False)


@pytest.mark.parametrize(
    ("condition", "packet"),
    [
        ("-p tcp --sport 1024:2000", WEB),
        ("-p tcp --sport 32768:60999", WEB),
        ("-m pkttype --pkt-type unicast", Packet("udp", "10.0.0.255", 1)),
        ("-m addrtype --dst-type LOCAL", Packet("udp", "10.0.0.255", 1)),
        ("-m conntrack --ctexpire 1:100", WEB),
    ],
)
def test_what_a_clients_first_packet_leaves_open(condition: str, packet: Packet) -> None:
    assert marks(f"MANGLE {condition} -j MARK --set-mark 80", packet) == {0, 80}


def test_a_destination_is_local_unless_nat_makes_it_so() -> None:
    """A real server takes packets for the VIP with REDIRECT: there the VIP is not local."""
    asked = "MANGLE -m addrtype --dst-type LOCAL -j MARK --set-mark 80\n"
    dropped = "iptables -t raw -A PREROUTING -m addrtype ! --dst-type LOCAL -j DROP\n"
    redirect = "iptables -t nat -A PREROUTING -p tcp --dport {} -j REDIRECT\n"
    assert marks(asked) == {80}
    assert marks(asked + redirect.format(80)) == {0, 80}
    assert marks(asked + redirect.format(81)) == {80}
    assert [o.accepted for o in trace(dropped)] == [True]
    assert {o.accepted for o in trace(dropped + redirect.format(80))} == {True, False}
    inner = "iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DNAT --to 10.0.0.7\n"
    firewall = parse(asked.replace("MANGLE", "iptables -t mangle -A PREROUTING") + inner)
    (outcome,) = firewall.trace(WEB, own_addresses=[VIP, "10.0.0.7"])
    assert (outcome.mark, outcome.destination) == (80, "10.0.0.7")


def test_chains_that_a_packet_does_not_come_to_cost_it_nothing() -> None:
    def calls(chains: int) -> int:
        lines = [
            f"-N C{n}\niptables -A INPUT -d 10.1.{n // 250}.{n % 250} -j C{n}"
            for n in range(chains)
        ]
        firewall = parse(
            "".join(f"iptables {line}\niptables -A C{n} -j DROP\n" for n, line in enumerate(lines))
        )
        packet = Packet("tcp", "10.1.0.3", 80)
        assert not firewall.trace(packet)[0].accepted
        count = 0

        def counted(_frame: FrameType, event: str, _argument: object) -> None:
            nonlocal count
            count += event in ("call", "c_call")

        sys.setprofile(counted)
        firewall.trace(packet)
        sys.setprofile(None)
        return count

    assert calls(500) <= calls(10) + 5


HEADED = "Chain PREROUTING (policy ACCEPT)\ntarget     prot opt source               destination\n"
REST = "Chain {} (policy ACCEPT)\n"
OTHERS = "".join(map(REST.format, ("INPUT", "FORWARD", "OUTPUT", "POSTROUTING")))


def listed_marks(*lines: str) -> set[int]:
    firewall = parse(HEADED + "".join(f"{line}\n" for line in lines) + OTHERS)
    assert not [f for f in firewall.findings if f.code not in ("LVS703", "LVS704")]
    return {outcome.mark for outcome in firewall.trace(WEB)}


def test_each_listed_rule_hides_an_interface_of_its_own() -> None:
    line = "MARK       6    --  0.0.0.0/0            0.0.0.0/0            tcp dpt:80 MARK or {}"
    assert listed_marks(line.format("0x1"), line.format("0x2")) == {0, 1, 2, 3}


def test_each_listed_rule_has_unread_words_of_its_own() -> None:
    shown = HEADED.replace("prot opt ", "prot opt in     out     ")
    line = "MARK       6    --  *      *       0.0.0.0/0            0.0.0.0/0            sunny MARK or {}\n"
    firewall = parse(shown + line.format("0x1") + line.format("0x2") + OTHERS)
    assert {outcome.mark for outcome in firewall.trace(WEB)} == {0, 1, 2, 3}


STATES = {
    "iptables -A INPUT -m conntrack --ctstate INVALID -j DROP": {"INVALID"},
    "iptables -A INPUT -m state ! --state NEW,ESTABLISHED -j DROP": {"INVALID"},
    "iptables -A INPUT -p tcp ! --syn -m state --state NEW -j DROP": {"NEW"},
    "iptables -A INPUT -p tcp --tcp-flags FIN FIN -j DROP": {"INVALID"},
    "iptables -A INPUT -p tcp --tcp-flags FIN,ACK FIN -j DROP": set(),
    "iptables -A INPUT -p tcp --syn -j DROP": {None},
    "iptables -A INPUT -m state --state ESTABLISHED -j DROP": set(),
    "iptables -t raw -A PREROUTING -j CT --notrack\niptables -A INPUT -m state --state INVALID -j DROP": set(),
    "iptables -A INPUT -m connmark --mark 0 -j DROP": {None, "NEW"},
    "iptables -t mangle -A PREROUTING -m state --state NEW -j ACCEPT\n"
    "iptables -t mangle -P PREROUTING DROP": {"INVALID"},
}  # fmt: skip


@pytest.mark.parametrize("commands", STATES)
def test_later_packets_have_the_state_that_is_given(commands: str) -> None:
    """A packet of no connection is INVALID at every hook; one without SYN may still be NEW."""
    dropped = set()
    for state in (None, "NEW", "INVALID"):
        (outcome,) = trace(commands, Packet("tcp", VIP, 80, state=state))
        if not outcome.accepted:
            dropped.add(state)

    assert dropped == STATES[commands]


def test_the_nat_table_does_not_see_packets_of_no_connection() -> None:
    """A client's FIN that is INVALID keeps its destination."""
    commands = f"iptables -t nat -A PREROUTING -d {VIP} -j REDIRECT"
    addresses = {
        state: trace(commands, Packet("tcp", VIP, 80, state=state), "10.0.0.9")[0].destination
        for state in (None, "INVALID")
    }

    assert addresses == {None: "10.0.0.9", "INVALID": VIP}


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("state", "state must be one of NEW, ESTABLISHED, RELATED, INVALID, UNTRACKED or None"),
        ("flags", "flags must be one of SYN, SYN-ACK, ACK, FIN, RST or None"),
    ],
)
def test_states_and_flags_that_no_packet_has(field: str, message: str) -> None:
    """They are checked when the packet is made."""
    with pytest.raises(ValueError, match=message):
        Packet("tcp", VIP, 80, **{field: "LISTEN"})  # type: ignore[arg-type]


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
        asking = f"*filter\n:{hook} ACCEPT\n-A {hook} -m ipvs --vaddr 10.0.0.1 -j DROP\nCOMMIT\n"
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
