"""Ways of packets of which not everything is known."""

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
    (outcome,) = firewall.trace(WEB, established=True)
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


def test_a_state_that_no_later_packet_has() -> None:
    """ESTABLISHED is asked for by `established`, and follows the first packet."""
    with pytest.raises(ValueError, match="state is not"):
        Packet("tcp", VIP, 80, state="ESTABLISHED")  # type: ignore[arg-type]
