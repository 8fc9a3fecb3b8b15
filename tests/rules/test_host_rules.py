"""Rules about what was given for which host: severities, and what messages say."""

import pytest

from lvscf.findings.finding import Finding, Severity
from tests.all_cases import FIRES
from tests.builders import ROUTERS, server, service
from tests.cases import named
from tests.clusters import codes, findings
from tests.hosts import CLOSED, HERE, INVALID, WEB
from tests.rules.routers.firewalls_cases import BOTH, ONLY_ANSWERS, PARTNER
from tests.underlined import commands_of, unmarked


def test_answers_are_a_warning() -> None:
    """Heartbeats that come in as answers do come in, while the router sends its own."""
    found = [one for one in findings(unmarked(ONLY_ANSWERS)) if one.code == "LVS213"]

    assert [one.severity for one in found] == [Severity.WARNING]


def only(text: str, code: str) -> Finding:
    """The one finding of a code."""
    (found,) = (one for one in findings(unmarked(text)) if one.code == code)
    return found


@pytest.mark.parametrize(
    ("code", "marked"), **named({code: FIRES[code] for code in ("LVS416", "LVS417")})
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
