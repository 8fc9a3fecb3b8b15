"""Rules about what was given for which host: each fires at its token, there or in lvs.cf."""

import pytest

from lvscf.findings import Severity
from tests.rules.builders import ROUTERS, server, service
from tests.rules.clusters import codes, findings
from tests.rules.underlined import MARK, unmarked

DIRECT = "primary = 10.10.1.21\nnetwork = direct\n"
HERE = "--- router 10.10.1.21\n"
PARTNER = "iptables -A INPUT -p udp -s 10.10.1.22 --dport 539"
CLOSED = "iptables -P INPUT DROP\n"
GUI = "iptables -A INPUT -p tcp --dport 3636 -j ACCEPT"
PAIR = ROUTERS.replace("10.10.1.21", "⟦10.10.1.21⟧")
ONLY_ANSWERS = PAIR + HERE + "iptables -A INPUT -m state --state ESTABLISHED -j ACCEPT\n" + CLOSED

FIRES: list[tuple[str, str]] = [
    ("LVS213", PAIR + HERE + CLOSED),
    ("LVS213", PAIR + HERE + f"{PARTNER} -j DROP\n"),
    ("LVS213", PAIR + HERE + "iptables -A INPUT -i lo -j ACCEPT\n" + CLOSED),
    ("LVS213", ONLY_ANSWERS),
    ("LVS213", PAIR + "heartbeat_port = 540\n" + HERE + f"{PARTNER} -j ACCEPT\n" + CLOSED),
    ("LVS214", ROUTERS + HERE + f"⟦{GUI}⟧\n" + CLOSED),
    ("LVS215", ROUTERS + HERE + "⟦iptables -A INPUT -p tcp --dport 539 -j ACCEPT⟧\n"),
    ("LVS400", "primary = 10.10.1.21\n" + service("fwmark = ⟦80⟧")),
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
    ("LVS214", ROUTERS + HERE + GUI.replace("-p", "-s 10.10.1.0/24 -p") + "\n" + CLOSED),
    ("LVS214", ROUTERS + HERE + "iptables -t mangle -A PREROUTING -j MARK --set-mark 1\n"),
    ("LVS215", ROUTERS + HERE + "iptables -A INPUT -p tcp --dport 1:1023 -j ACCEPT\n"),
    ("LVS400", "service = fos\n" + service("fwmark = 80")),
    ("LVS400", "network = nat\n" + service(server())),
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
