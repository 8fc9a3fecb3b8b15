"""Firewalls of hosts whose sets are known."""

from lvscf import hosts
from lvscf.firewall import Packet, parse
from lvscf.hosts import joined

RULES = "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m set --match-set a src -j DROP\nCOMMIT\n"
SETS = "create a hash:ip\nadd a 192.0.2.1\n"


def test_joining_a_host_decides_its_rules() -> None:
    """Its note about the set is gone, its rules are written alike, and their places stay."""
    rules, sets = hosts.read(RULES, "iptables"), hosts.read(SETS, "ipset")
    (before,) = rules.firewalls
    (after,) = joined((rules, sets)).firewalls

    assert [finding.code for finding in before.findings] == ["LVS703"]
    assert after.findings == ()
    assert str(after) == str(before)
    assert [rule.span for rule in after.tables["filter"].rules] == [
        rule.span for rule in before.tables["filter"].rules
    ]


def test_a_host_is_joined_to_the_same_firewall_each_time() -> None:
    """What was prepared for following packets is not prepared again."""
    parts = (hosts.read(RULES), hosts.read(SETS))
    (first,), (second,) = joined(parts).firewalls, joined(parts).firewalls

    assert first is second


def test_rules_without_sets_are_left_alone() -> None:
    """Nothing is copied."""
    firewall = parse("*filter\n:INPUT DROP [0:0]\nCOMMIT\n")

    assert firewall.with_sets(hosts.read(SETS).ip_sets) is firewall
    assert firewall.with_sets(()) is firewall


def test_states_of_a_script() -> None:
    """Every course of a script knows the sets."""
    text = (
        'case "$1" in\nstart) iptables -A INPUT -m set --match-set a src -j DROP;;\n'
        "stop) iptables -F;;\nesac\n"
    )
    firewall = parse(text).with_sets(hosts.read(SETS).ip_sets)
    outcomes = firewall.trace(Packet("tcp", "10.10.1.20", 80, "192.0.2.2"))

    assert {outcome.verdict for outcome in outcomes} == {"ACCEPT"}
    assert not any(outcome.uncertain for outcome in outcomes)
