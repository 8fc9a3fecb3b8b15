"""Commands for firewalld's direct rules: order, repetition, removal."""

import pytest

from lvscf.firewall import Packet, parse

ADD = "firewall-cmd --direct --add-rule ipv4 filter INPUT {} -p tcp --dport {} -j ACCEPT\n"
REMOVE = ADD.replace("add-rule", "remove-rule")
PASS = "firewall-cmd --direct --{} ipv4 -A INPUT -p tcp --dport {} -j ACCEPT\n"


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        (ADD.format(0, 80) + ADD.format(0, 81), ["80", "81"]),
        (ADD.format(2, 80) + ADD.format(1, 81) + ADD.format(1, 82), ["81", "82", "80"]),
        (ADD.format(-1, 80) + ADD.format(-2, 81), ["81", "80"]),
        (ADD.format(0, 80) + ADD.format(0, 80).replace("--direct", "--permanent --direct"), ["80"]),
        (ADD.format(0, 80) + ADD.format(1, 81) + REMOVE.format(0, 80), ["81"]),
        (REMOVE.format(0, 80) + ADD.format(0, 80), ["80"]),
        (PASS.format("passthrough", 80) + PASS.format("add-passthrough", 81), ["80", "81"]),
        (PASS.format("passthrough", 80) + PASS.format("add-passthrough", 80), ["80"]),
        (ADD.format(0, 80).replace("ipv4", "ipv6"), []),
        (f"for p in 80 81; do {ADD.format(0, '$p').strip()}; done\n", ["80", "81"]),
        ("firewall-cmd --direct --add-rule ipv4 filter INPUT\n", []),
    ],
)
def test_rules(text: str, ports: list[str]) -> None:
    """Those with a lower priority come first, and none is there twice."""
    firewall = parse(text)
    rules = [rule for table in firewall.tables.values() for rule in table.rules]

    assert [rule.specification.split()[5] for rule in rules] == ports
    assert firewall.partial


def test_a_chain_of_its_own() -> None:
    """Rules may jump to it."""
    text = (
        "firewall-cmd --direct --add-chain ipv4 filter LVS\n"
        "firewall-cmd --direct --add-chain ipv4 filter LVS\n"
        "firewall-cmd --direct --add-rule ipv4 filter LVS 0 -j DROP\n"
        "firewall-cmd --direct --add-rule ipv4 filter INPUT 0 -p tcp -j LVS\n"
    )
    firewall = parse(text)

    assert [finding.code for finding in firewall.findings] == ["LVS703"]
    (outcome,) = firewall.trace(Packet("tcp", "10.10.1.20", 80))
    assert (outcome.verdict, outcome.complete) == ("DROP", False)


@pytest.mark.parametrize("option", ["--get-all-rules", "--list-all", "--query-rule ipv4 filter"])
def test_questions_change_nothing(option: str) -> None:
    """A script may ask firewalld."""
    assert not parse(f"iptables -F\nfirewall-cmd --direct {option}\n").partial


def test_a_rule_that_iptables_rejects() -> None:
    """It is reported at the word, and leaves the others in order."""
    text = ADD.format(0, "80,443") + ADD.format(1, 81) + ADD.format(0, 82)
    firewall = parse(text)

    (wrong,) = (finding for finding in firewall.findings if finding.code == "LVS701")
    assert text[wrong.span.start : wrong.span.end] == "80,443"
    assert [rule.specification.split()[5] for rule in firewall.tables["filter"].rules] == [
        "82",
        "81",
    ]
