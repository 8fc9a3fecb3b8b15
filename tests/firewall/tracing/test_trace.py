"""Ways of packets of which not everything is known."""

import sys
from types import FrameType

import pytest

from lvscf.firewall import Outcome, Packet, parse

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
