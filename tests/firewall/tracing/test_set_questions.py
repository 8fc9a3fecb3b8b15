"""Rules about sets whose contents are known: measured with `ipset test` and Linux 6.18."""

import pytest

from lvscf import hosts
from lvscf.firewall import Packet, parse

RULES = "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m set {} -j DROP\nCOMMIT\n"
SETS = """create banned hash:net
add banned 192.0.2.0/24
add banned 192.0.2.0/28 nomatch
add banned 192.0.2.4
create web hash:ip,port
add web 10.10.1.20,tcp:80
add web 10.10.1.20,udp:53
create ports bitmap:port range 0-1024
add ports 80
create nets hash:net,port
add nets 10.10.1.0/24,tcp:81
create pairs hash:ip,port,ip
add pairs 10.10.1.20,tcp:80,192.0.2.1
create empty hash:ip
create any list:set size 8
add any web
add any ports
create open list:set size 8
add open web
add open elsewhere
create expiring hash:ip timeout 60
add expiring 192.0.2.1 timeout 9
create wide hash:ip netmask 28
add wide 192.0.2.16
"""


def verdicts(match: str, packet: Packet, sets: str = SETS) -> set[str]:
    """What may become of a packet."""
    firewall = parse(RULES.format(match)).with_sets(hosts.read(sets).ip_sets)
    return {outcome.verdict for outcome in firewall.trace(packet)}


def web(source: str | None = None, port: int = 80, protocol: str = "tcp") -> Packet:
    """A packet to the VIP."""
    return Packet(protocol, "10.10.1.20", port, source)


@pytest.mark.parametrize(
    ("match", "packet", "verdict"),
    [
        ("--match-set banned src", web("192.0.2.99"), "DROP"),
        ("--match-set banned src", web("192.0.2.1"), "ACCEPT"),
        ("--match-set banned src", web("192.0.2.4"), "DROP"),
        ("--match-set banned src", web("192.0.3.1"), "ACCEPT"),
        ("! --match-set banned src", web("192.0.3.1"), "DROP"),
        ("--match-set banned dst", web("192.0.2.99"), "ACCEPT"),
        ("--match-set web dst,dst", web(), "DROP"),
        ("--match-set web dst,dst", web(port=81), "ACCEPT"),
        ("--match-set web dst,dst", web(protocol="udp"), "ACCEPT"),
        ("--match-set web dst,dst", web(port=53, protocol="udp"), "DROP"),
        ("--match-set web dst", web(), "ACCEPT"),
        ("--match-set web dst,dst,dst", web(), "DROP"),
        ("--match-set web src,dst", web("10.10.1.20"), "DROP"),
        ("--match-set ports dst", web(), "DROP"),
        ("--match-set ports dst", web(port=81), "ACCEPT"),
        ("--match-set ports dst", Packet("icmp", "10.10.1.20", None), "ACCEPT"),
        ("--match-set nets dst,dst", web(port=81), "DROP"),
        ("--match-set pairs dst,dst,src", web("192.0.2.1"), "DROP"),
        ("--match-set pairs dst,dst,src", web("192.0.2.2"), "ACCEPT"),
        ("--match-set empty src", web(), "ACCEPT"),
        ("--match-set any dst,dst", web(), "DROP"),
        ("--match-set any dst,dst", web(port=81), "ACCEPT"),
        ("--match-set wide src", web("192.0.2.31"), "DROP"),
        ("--match-set wide src", web("192.0.2.32"), "ACCEPT"),
    ],
)
def test_a_set_that_decides(match: str, packet: Packet, verdict: str) -> None:
    """The answer is the kernel's."""
    assert verdicts(match, packet) == {verdict}


@pytest.mark.parametrize(
    ("match", "packet"),
    [
        ("--match-set banned src", web()),
        ("--match-set pairs dst,dst,src", web()),
        ("--match-set absent src", web("192.0.2.1")),
        ("--match-set expiring src", web("192.0.2.1")),
        ("--match-set expiring src", web("192.0.2.2")),
        ("--match-set banned src --return-nomatch", web("192.0.2.1")),
        ("--match-set open dst,dst", web()),
    ],
)
def test_what_stays_open(match: str, packet: Packet) -> None:
    """Unknown sources and sets, sets that change, and unusual options."""
    assert verdicts(match, packet) == {"ACCEPT", "DROP"}


def test_a_set_that_rules_change_stays_open() -> None:
    """The file shows what it contained at some time."""
    text = RULES.format("--match-set banned src").replace(
        "COMMIT", "-A INPUT -j SET --add-set banned src\nCOMMIT"
    )
    firewall = parse(text).with_sets(hosts.read(SETS).ip_sets)

    assert len(firewall.trace(web("192.0.2.99"))) == 2
    assert "LVS703" in {finding.code for finding in firewall.findings}


def test_repeated_questions_have_one_answer() -> None:
    """A client that is in the set at one rule is in it at the next."""
    rules = "-A INPUT -m set --match-set pairs dst,dst,src -j ACCEPT\n"
    text = "*filter\n:INPUT DROP [0:0]\n" + rules + rules.replace("-m set", "-m set !") + "COMMIT\n"
    firewall = parse(text).with_sets(hosts.read(SETS).ip_sets)

    assert {outcome.verdict for outcome in firewall.trace(web())} == {"ACCEPT"}
