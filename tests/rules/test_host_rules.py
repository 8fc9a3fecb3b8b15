"""Rules about what was given for which host: each fires at its token, there or in lvs.cf."""

import pytest

from lvscf.findings.finding import Finding, Severity
from tests.rules.builders import ROUTERS, server, service
from tests.rules.clusters import codes, findings
from tests.rules.underlined import MARK, commands_of, unmarked

DIRECT = "primary = 10.10.1.21\nnetwork = direct\n"
HERE = "--- router 10.10.1.21\n"
PARTNER = "iptables -A INPUT -p udp -s 10.10.1.22 --dport 539"
BOTH = "--- router\n"
CLOSED = "iptables -P INPUT DROP\n"
GUI = "iptables -A INPUT -p tcp --dport 3636 -j ACCEPT"
PAIR = ROUTERS.replace("10.10.1.21", "⟦10.10.1.21⟧")
ONLY_ANSWERS = PAIR + HERE + "iptables -A INPUT -m state --state ESTABLISHED -j ACCEPT\n" + CLOSED

WEB = DIRECT + service(server())
INVALID = "iptables -A INPUT -m conntrack --ctstate INVALID"
NEW = "iptables -A INPUT -p tcp --dport 80 -m state --state NEW"

FIRES: list[tuple[str, str]] = [
    ("LVS213", PAIR + HERE + CLOSED),
    ("LVS213", PAIR + HERE + f"{PARTNER} -j DROP\n"),
    ("LVS213", PAIR + HERE + "iptables -A INPUT -i lo -j ACCEPT\n" + CLOSED),
    ("LVS213", ONLY_ANSWERS),
    ("LVS213", PAIR + "heartbeat_port = 540\n" + HERE + f"{PARTNER} -j ACCEPT\n" + CLOSED),
    ("LVS214", ROUTERS + HERE + f"⟦{GUI}⟧\n" + CLOSED),
    ("LVS215", ROUTERS + HERE + "⟦iptables -A INPUT -p tcp --dport 539 -j ACCEPT⟧\n"),
    ("LVS400", "primary = 10.10.1.21\n" + service("fwmark = ⟦80⟧")),
    ("LVS400", DIRECT + service(server()).replace(" web", " ⟦web⟧") + HERE + "--- real-server one sysctl\nnet.ipv4.conf.all.arp_ignore = 1\n"),
    ("LVS400", "primary = 10.10.1.21\n" + service("fwmark = ⟦80⟧") + "--- router 10.10.1.21 sysctl\nnet.ipv4.ip_forward = 1\n"),
    ("LVS416", WEB + HERE + f"⟦{INVALID} -j DROP⟧\n"),
    ("LVS416", WEB + HERE + f"⟦{INVALID.replace('conntrack --ctstate', 'state --state')} -j REJECT⟧\n"),
    ("LVS416", WEB + HERE + f"iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT\n{NEW} -j ACCEPT\n⟦iptables -A INPUT -j REJECT⟧\n"),
    ("LVS416", DIRECT + service(server()).replace(" web", " ⟦web⟧") + HERE + f"{NEW} -j ACCEPT\n{CLOSED}"),
    ("LVS416", WEB + HERE + "⟦iptables -A INPUT -p tcp -m conntrack ! --ctstate NEW,ESTABLISHED -j DROP⟧\n"),
    ("LVS416", WEB + HERE + "iptables -N IN\niptables -A INPUT -j IN\n⟦iptables -A IN -m state --state INVALID -j DROP⟧\niptables -A IN -j ACCEPT\n"),
    ("LVS416", WEB + HERE + "⟦iptables -t mangle -A PREROUTING -m conntrack --ctstate INVALID -j DROP⟧\n"),
    ("LVS416", WEB.replace("direct", "tunnel") + HERE + f"⟦{INVALID} -j DROP⟧\n"),
    ("LVS416", WEB.replace("direct", "nat") + HERE + f"⟦{INVALID} -j DROP⟧\n--- router 10.10.1.21 sysctl\nnet.ipv4.vs.conntrack = 0\n"),
    ("LVS416", DIRECT + service("fwmark = 80", server()).replace(" web", " ⟦web⟧") + HERE + "iptables -t mangle -A PREROUTING -d 10.10.1.20 -p tcp --dport 80 -m state --state NEW -j MARK --set-mark 80\n"),
    ("LVS417", WEB + HERE + "⟦iptables -A INPUT -p tcp ! --syn -m state --state NEW -j DROP⟧\n"),
    ("LVS417", WEB + HERE + f"⟦{INVALID} -j DROP⟧\n--- router 10.10.1.21 sysctl\nnet.ipv4.vs.conntrack = 1\n"),
    ("LVS400", DIRECT + service(server()).replace(" web", " ⟦web⟧")),
    ("LVS513", "primary = ⟦10.10.1.21⟧\n--- router 10.10.1.211\n"),
    ("LVS513", "⟦primary = 10.10.1.21⟧\n--- real-server one\n"),
    ("LVS701", ROUTERS + HERE + "iptables -A INPUT -p tcp ⟦-dport⟧ 80 -j ACCEPT\n"),
    ("LVS702", ROUTERS + HERE + "⟦*nat⟧\n:PREROUTING ACCEPT [0:0]\n"),
    ("LVS703", ROUTERS + HERE + "iptables -A INPUT -m ⟦astrology⟧ --sign leo -j DROP\n"),
    ("LVS704", ROUTERS + HERE + "⟦Chain INPUT (policy ACCEPT)⟧\ntarget     prot opt source               destination\nACCEPT     tcp  --  0.0.0.0/0            0.0.0.0/0\n"),
    ("LVS705", ROUTERS + HERE + "⟦# Warning: iptables-legacy tables present, use iptables-legacy-save to see them⟧\n*nat\nCOMMIT\n"),
]  # fmt: skip

SILENT: list[tuple[str, str]] = [
    ("LVS213", ROUTERS + HERE + f"{PARTNER} -j ACCEPT\n" + CLOSED),
    ("LVS213", "primary = 10.10.1.21\n" + HERE + CLOSED),
    ("LVS213", ROUTERS + HERE + "iptables -A INPUT -i eth0 -j ACCEPT\n" + CLOSED),
    # Rules of one router, given for both: the other one has its own.
    ("LVS213", ROUTERS + BOTH + f"{PARTNER} -j ACCEPT\n" + CLOSED),
    ("LVS213", ROUTERS + BOTH + f"{PARTNER.replace('1.22', '1.21')} -j ACCEPT\n" + CLOSED),
    ("LVS213", ROUTERS + BOTH + f"{PARTNER.replace('-s 10.10.1.22', '-d 10.10.1.22')} -j ACCEPT\n" + CLOSED),
    ("LVS213", ROUTERS + "primary_private = 10.11.1.21\nbackup_private = 10.11.1.22\n" + BOTH + f"{PARTNER} -j ACCEPT\n{PARTNER.replace('10.10.1.22', '10.11.1.21')} -j ACCEPT\n" + CLOSED),
    ("LVS214", ROUTERS + HERE + GUI.replace("-p", "-s 10.10.1.0/24 -p") + "\n" + CLOSED),
    ("LVS214", ROUTERS + HERE + "iptables -t mangle -A PREROUTING -j MARK --set-mark 1\n"),
    ("LVS215", ROUTERS + HERE + "iptables -A INPUT -p tcp --dport 1:1023 -j ACCEPT\n"),
    ("LVS400", "service = fos\n" + service("fwmark = 80")),
    ("LVS400", "network = nat\n" + service(server())),
    ("LVS416", WEB + HERE + "iptables -A INPUT -p tcp -d 10.10.1.20 --dport 80 -j ACCEPT\n" + f"{INVALID} -j DROP\n"),
    ("LVS416", WEB + HERE + f"{INVALID.replace('-m', '-d 10.10.1.21 -m')} -j DROP\n"),
    ("LVS416", WEB + HERE + f"{INVALID.replace('-m', '-i eth1 -m')} -j DROP\n"),
    ("LVS416", WEB + HERE + f"{INVALID.replace('-m', '-p udp -m')} -j DROP\n"),
    ("LVS416", WEB + HERE + "iptables -N IN\niptables -A IN -m state --state INVALID -j DROP\n"),
    ("LVS416", WEB + HERE + f"{INVALID} -m limit --limit 5/s -j DROP\n"),
    ("LVS416", WEB + HERE + f"{INVALID} -j LOG\n"),
    ("LVS416", WEB + HERE + "iptables -t raw -A PREROUTING -d 10.10.1.20 -j CT --notrack\n" + f"{INVALID} -j DROP\n"),
    ("LVS416", WEB + HERE + "iptables -A INPUT -p tcp --tcp-flags FIN,ACK FIN -j DROP\n"),
    ("LVS416", WEB.replace("direct", "nat") + HERE + f"{INVALID} -j DROP\n--- router 10.10.1.21 sysctl\nnet.ipv4.vs.conntrack = 1\n"),
    ("LVS416", DIRECT + service("protocol = udp", server()) + HERE + f"{INVALID} -j DROP\n"),
    # No client is served: LVS417.
    ("LVS416", WEB + HERE + "iptables -A INPUT -p tcp ! --syn -j DROP\n"),
    # Nothing comes in at all: LVS411.
    ("LVS416", WEB + HERE + CLOSED),
    ("LVS411", WEB + HERE + f"{INVALID} -j DROP\n"),
    ("LVS411", WEB + HERE + "iptables -A INPUT -p tcp ! --syn -m state --state NEW -j DROP\n"),
    ("LVS417", WEB + HERE + f"{INVALID} -j DROP\n"),
    ("LVS417", WEB + HERE + "iptables -A INPUT -p tcp ! --syn -m state --state ESTABLISHED -j DROP\n"),
    ("LVS417", WEB + HERE + "iptables -A INPUT -p tcp ! --syn -m state --state NEW -j DROP\n--- router 10.10.1.21 sysctl\nnet.ipv4.vs.conntrack = 1\n"),
    ("LVS513", DIRECT + service(server()) + "--- real-server 10.10.1.31\n"),
    *((code, ROUTERS + HERE + CLOSED) for code in ("LVS701", "LVS702", "LVS703", "LVS704", "LVS705")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "marked"), FIRES)
def test_fires_and_underlines(code: str, marked: str) -> None:
    """The rule has exactly one finding, at the marked token of lvs.cf or of the host's file."""
    text = unmarked(marked)
    spans = [finding.span for finding in findings(text) if finding.code == code]

    assert len(spans) == 1
    begin = 0 if spans[0].filename == "lvs.cf" else text.index("\n", text.index("--- ")) + 1
    token = MARK.search(marked)
    assert token is not None
    found = text[begin + spans[0].start : begin + spans[0].end]
    assert (begin + spans[0].start, found) == (token.start(), token[1])


@pytest.mark.parametrize(("code", "text"), SILENT)
def test_is_silent(code: str, text: str) -> None:
    """The rule has no finding."""
    assert code not in codes(text)


def test_answers_are_a_warning() -> None:
    """Heartbeats that come in as answers do come in, while the router sends its own."""
    found = [one for one in findings(unmarked(ONLY_ANSWERS)) if one.code == "LVS213"]

    assert [one.severity for one in found] == [Severity.WARNING]


def only(text: str, code: str) -> Finding:
    """The one finding of a code."""
    (found,) = (one for one in findings(unmarked(text)) if one.code == code)
    return found


@pytest.mark.parametrize(
    ("code", "marked"), [case for case in FIRES if case[0] in ("LVS416", "LVS417")]
)
def test_accepting_earlier_lets_connections_end(code: str, marked: str) -> None:
    """The commands of the help take the finding away."""
    text = unmarked(marked)
    found = only(marked, code)
    commands = [one for one in commands_of(found) if "$" not in one]
    if not commands:
        assert "whatever their state" in (found.help or "")
        return
    begin = text.index(HERE) + len(HERE)
    rules, rest = text[begin:], ""
    if "--- " in rules:
        end = rules.index("--- ")
        rules, rest = rules[:end], rules[end:]

    assert code not in codes(text[:begin] + rules + "\n".join(commands) + "\n" + rest)


def test_how_certain_a_dropped_ack_is() -> None:
    """Which state an ACK has depends on a kernel setting: an error only if that was given."""
    text = WEB + HERE + "iptables -A INPUT -p tcp ! --syn -m state --state NEW -j DROP\n"
    known = text + "--- router 10.10.1.21 sysctl\nnet.ipv4.vs.conntrack = 0\n"

    assert only(text, "LVS417").severity is Severity.WARNING
    assert only(known, "LVS417").severity is Severity.ERROR


def test_services_of_one_rule_are_one_finding() -> None:
    """A rule for everything is at fault once."""
    text = WEB + service("port = 443", server(), name="b") + HERE + f"{INVALID} -j DROP\n"

    assert "10.10.1.20, tcp ports 80 and 443" in only(text, "LVS416").message


SYSCTL_ONLY = "--- router 10.10.1.21 sysctl\nnet.ipv4.ip_forward = 1\n"


def test_kernel_settings_are_not_firewall_rules() -> None:
    """Each host without firewall rules is named, whatever else was given for it."""
    text = ROUTERS + "network = direct\n" + service("fwmark = 80", server()) + SYSCTL_ONLY
    text += "--- real-server one sysctl\nnet.ipv4.conf.all.arp_ignore = 1\n"
    found = only(text, "LVS400")

    for host in ("10.10.1.21", "10.10.1.22", "one"):
        assert host in found.message
    assert "LVS401" not in codes(text)


@pytest.mark.parametrize("given", ["router 10.0.0.0", "real-server 0.0.0.1"])
def test_unset_addresses_are_not_offered(given: str) -> None:
    """0.0.0.0 means no address: no host has it."""
    text = "primary = 10.10.1.21\n" + service("sorry_server = 0.0.0.0", server(address="0.0.0.0"))
    found = only(text + f"--- {given}\n", "LVS513")

    assert "0.0.0.0`" not in (found.help or "")
    assert "has 0.0.0.0" not in (found.help or "")


@pytest.mark.parametrize(
    ("rules", "severities"),
    [
        (CLOSED, ["error", "error"]),
        (f"{PARTNER.replace('1.22', '1.23')} -j ACCEPT\n" + CLOSED, ["error", "error"]),
    ],
)
def test_rules_for_both_routers_that_let_neither_in(rules: str, severities: list[str]) -> None:
    """Whichever router they are of, it hears nothing."""
    found = [one for one in findings(ROUTERS + BOTH + rules) if one.code == "LVS213"]

    assert [one.severity.label for one in found] == severities


def test_rules_that_were_given_for_each_router_are_its_own() -> None:
    """Named for the backup, too, rules that let only the backup in keep its partner out."""
    rules = f"{PARTNER} -j ACCEPT\n" + CLOSED
    text = ROUTERS + HERE + rules + "--- router 10.10.1.22\n" + rules

    assert "10.10.1.21 to 10.10.1.22" in only(text, "LVS213").message
