"""nftables as people have it: both forms, scripts, and what is odd in them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvscf.firewall import Firewall, Outcome, Packet, parse

WEB = Packet("tcp", "10.10.1.20", 80, "192.0.2.7", "eth0")
MARKS = """\
table ip mangle { # handle 2
	chain prerouting { # handle 1
		type filter hook prerouting priority mangle; policy accept;
		ip daddr 10.10.1.20 tcp dport { 80, 443 } counter packets 7 bytes 420 meta mark set 0x00000050 comment "web: #1" # handle 3
	}
}
"""


def only(firewall: Firewall, packet: Packet = WEB) -> Outcome:
    (outcome,) = firewall.trace(packet, "10.10.1.21")
    return outcome


def test_a_listing_with_handles() -> None:
    firewall = parse(MARKS)

    assert firewall.kind == "nftables"
    assert firewall.findings == ()
    assert only(firewall).mark == 80
    (rule,) = firewall.tables["ip mangle"].rules
    assert rule.comment == "web: #1"
    assert rule.span.line == 4
    assert str(rule) == "ip daddr 10.10.1.20 tcp dport { 80, 443 } counter meta mark set 0x00000050"


@pytest.mark.parametrize(
    "text",
    [
        '{"nftables": [{"metainfo": {"version": "1.0.6"}}]}',
        "flush ruleset\n",
        "table ip6 filter {\n\tchain input {\n\t\ttype filter hook input priority 0; policy drop;\n\t}\n}\n",
        "table arp filter {\n\tchain input {\n\t\ttype filter hook input priority 0; policy drop;\n\t}\n}\n",
        "table inet filter {\n\tflags dormant\n\tchain input {\n\t\ttype filter hook input priority 0; policy drop;\n\t}\n}\n",
    ],
)
def test_rulesets_that_do_nothing(text: str) -> None:
    firewall = parse(text)

    assert firewall.kind == "nftables"
    assert firewall.findings == ()
    assert only(firewall).accepted


def test_a_bridge_is_noted() -> None:
    text = "table bridge b {\n\tchain f {\n\t\ttype filter hook forward priority 0; policy drop;\n\t}\n}\n"
    (finding,) = parse(text).findings

    assert finding.code == "LVS703"
    assert "bridge" in finding.message


SCRIPT = """\
#!/usr/sbin/nft -f
flush ruleset
define VIP = 10.10.1.20
define WEB = { 80, 443 }
table inet lvs {
	map marks {
		type inet_service : mark
		elements = { 80:0x50, # first
			443 : 0x50 }
	}
	chain pre {
		type filter hook prerouting priority mangle; policy accept;
		ip daddr $VIP meta mark set tcp dport map @marks
	}
}
add chain inet lvs input { type filter hook input priority 0; policy drop; }
add rule inet lvs input tcp dport { $WEB, 22 } accept
insert rule inet lvs input ip saddr 192.0.2.66 drop
add element inet lvs marks { 8080 : 81 }
"""


def test_a_script() -> None:
    firewall = parse(SCRIPT)

    assert firewall.findings == ()
    assert only(firewall).mark == 80
    assert only(firewall).accepted
    assert only(firewall, Packet("tcp", "10.10.1.20", 8080, "192.0.2.7", "eth0")).mark == 81
    assert only(firewall, Packet("tcp", "10.10.1.20", 80, "192.0.2.66", "eth0")).verdict == "DROP"


SHELL = r"""#!/bin/sh
nft flush ruleset
nft add table inet lvs
nft add chain inet lvs pre '{ type filter hook prerouting priority -150; }'
nft add chain inet lvs input { type filter hook input priority 0 \; policy drop \; }
nft add rule inet lvs pre ip daddr 10.10.1.20 tcp dport '{ 80, 443 }' meta mark set 80
nft add rule inet lvs input meta mark 80 accept comment '"what iptables -A INPUT did"'
"""


def test_a_shell_script() -> None:
    firewall = parse(SHELL)

    assert firewall.findings == ()
    assert (only(firewall).mark, only(firewall).accepted) == (80, True)
    assert only(firewall, Packet("tcp", "10.10.1.20", 22)).verdict == "DROP"


def test_an_included_file_is_not_followed() -> None:
    firewall = parse(f'include "/etc/nftables.d/*.nft"\n{SCRIPT}')

    (finding,) = firewall.findings
    assert finding.code == "LVS703"
    assert firewall.is_open
    assert not only(firewall).complete


def test_a_rule_that_is_not_understood_may_do_anything() -> None:
    firewall = parse(MARKS.replace("ip daddr", "astrology sign leo ip daddr"))

    (finding,) = firewall.findings
    assert finding.code == "LVS703"
    assert not any(outcome.complete for outcome in firewall.trace(WEB) if outcome.accepted)


@pytest.mark.parametrize("text", [MARKS, '{"nftables": [{"table": {"family": "ip", "name": "m"}},'])
def test_a_text_that_breaks_off(text: str) -> None:
    firewall = parse(text[:-3] if text is MARKS else text)

    assert [finding.code for finding in firewall.findings] == ["LVS702"]
    assert firewall.is_open


def test_chains_that_jump_in_a_circle() -> None:
    """The kernel rejects them; the trace must end all the same."""
    circle = (
        "table ip t {\n\tchain a {\n\t\ttype filter hook input priority 0;\n\t\tjump b\n\t}\n"
        "\tchain b {\n\t\ttcp dport vmap { 80 : jump c }\n\t}\n\tchain c {\n\t\tlimit rate 1/second jump b\n\t}\n}\n"
    )
    firewall = parse(circle)

    assert [finding.code for finding in firewall.findings] == ["LVS701"]
    assert only(firewall).accepted


CHAIN = "table inet t {{\n\tchain c {{\n\t\ttype filter hook {hook} priority {priority};\n{rules}\n\t}}\n}}\n"


@pytest.mark.parametrize(
    ("rules", "mark"),
    [
        ("meta mark set 0x10 meta mark set meta mark | 0x01", 0x11),
        ("meta mark set 0xff meta mark set meta mark & 0xf0 ^ 0x11", 0xE1),
        ("meta mark set 0x5 meta mark set meta mark << 4", 0x50),
        ("ct mark set 7 meta mark set ct mark", 7),
        ("meta mark set ip daddr map { 10.10.1.0/24 : 1, 10.10.2.0/24 : 2 }", 1),
        ("meta mark set ip daddr map { * : 9, 10.10.1.20 : 3 }", 3),
        ("meta mark set ip daddr . tcp dport map { 10.10.1.20 . 1-1023 : 4 } accept", 4),
        ("meta mark set udp dport map { 80 : 5 }", 0),
        ("meta mark set 1 udp dport 80 meta mark set 2", 1),
        ("tcp dport vmap { 80 : goto end }\nmeta mark set 8", 0),
        ("tcp dport vmap { 443 : drop }\nmeta mark set 8", 8),
        ("tcp dport != 22 meta mark set 6", 6),
        ("ip saddr & 255.255.255.0 == 192.0.2.0 meta mark set 6", 6),
        ("oifname != \"eth0\" meta mark set 6", 6),
        ("tcp flags & (fin | syn | rst | ack) == syn meta mark set 6", 6),
        ("tcp flags ! syn meta mark set 6", 0),
        ("limit rate 1/second counter log prefix \"x \"", 0),
    ],
)  # fmt: skip
def test_what_marks_a_packet(rules: str, mark: int) -> None:
    text = CHAIN.format(hook="prerouting", priority="mangle", rules=rules)
    text = text.replace("chain c", "chain end { }\n\tchain c")
    firewall = parse(text)

    assert firewall.findings == ()
    assert only(firewall).mark == mark


@pytest.mark.parametrize(
    ("priority", "mark"),
    [("raw", 0), ("-200", 0), ("-199", 1), ("mangle - 10", 1), ("conntrack + 50", 1)],
)
def test_before_connection_tracking_there_is_no_state(priority: str, mark: int) -> None:
    rules = "ct state new meta mark set 1"
    text = CHAIN.format(hook="prerouting", priority=priority, rules=rules)
    assert only(parse(text.replace("conntrack + 50", "-150"))).mark == mark


def test_an_accept_ends_only_its_base_chain() -> None:
    early = CHAIN.format(hook="input", priority="-5", rules="accept")
    late = CHAIN.format(hook="input", priority="5", rules="drop").replace("inet t", "ip u")

    assert only(parse(early + late)).decided_in == ("ip u", "c")
    assert only(parse(late + early)).verdict == "DROP"


def test_chains_with_equal_priority_run_in_reverse_order() -> None:
    first = CHAIN.format(hook="input", priority="0", rules="meta mark set 1")
    second = CHAIN.format(hook="input", priority="0", rules="meta mark set 2")

    assert only(parse(first + second.replace("inet t", "ip u"))).mark == 1


def test_nft_hides_what_iptables_says() -> None:
    """A rule of which only the name of its target is shown gives no certain mark."""
    rule = {"xt": {"type": "target", "name": "MARK"}}
    ruleset = [
        {"table": {"family": "ip", "name": "mangle"}},
        {"chain": {"family": "ip", "table": "mangle", "name": "PREROUTING", "type": "filter",
                   "hook": "prerouting", "prio": -150, "policy": "accept"}},
        {"rule": {"family": "ip", "table": "mangle", "chain": "PREROUTING", "expr": [rule]}},
    ]  # fmt: skip
    firewall = parse(json.dumps({"nftables": ruleset}))

    assert not only(firewall).mark_known
    assert [finding.code for finding in firewall.findings] == ["LVS703"]


@given(st.data())
def test_no_text_raises_an_exception(data: st.DataObject) -> None:
    """Whatever is cut out of a ruleset or put into it."""
    text = data.draw(st.sampled_from([MARKS, SCRIPT]))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 20)))
        put = st.sampled_from(["", "{", "}", ")", "map", "jump", " : ", "$X", '"', "0x", "@", ","])
        text = text[:start] + data.draw(put) + text[end:]
    firewall = parse(text)
    assert firewall.trace(WEB)
    assert all(finding.span.start <= len(text) for finding in firewall.findings)
