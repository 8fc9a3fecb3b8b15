"""The rules about hosts, on a keepalived.conf."""

import re

import pytest
from hypothesis import given

from lvscf.cluster import Cluster
from lvscf.files.keepalived_files import parsed
from lvscf.hosts.reading import read as read_host
from lvscf.keepalived.linting.examination import FAMILIES, LEFT_OUT, examine, rules
from lvscf.keepalived.reading.view import read
from lvscf.linter import registry
from lvscf.linter.selection import UnknownRuleError
from lvscf.linter.settings import Settings
from lvscf.source import Source
from tests.keepalived.linting.configurations import (
    INSTANCE,
    MARKED,
    MARKING,
    NOTHING,
    PLAIN,
    REDIRECTING,
    ROUTER,
    cluster,
    codes,
    conf,
    examined,
)
from tests.keepalived.reading.texts import LINES

NAT = """\
vrrp_instance VI_1 {
    interface eth0
    virtual_ipaddress {
        10.10.1.20/24 dev eth0 label eth0:1
        10.11.1.1/24 dev eth1 label eth1:1
    }
}
virtual_server 10.10.1.20 80 {
    lvs_method NAT
    protocol TCP
    real_server 10.11.1.31 8080 {
        TCP_CHECK {
        }
    }
}
"""


def test_good_cluster_is_silent() -> None:
    """A marked service, whose rules do all that they must."""
    found = examined(MARKED, cluster(ROUTER.format(MARKING), s31=REDIRECTING))

    assert codes(found) == []
    assert found.followed.packets


def test_nothing_is_checked_without_rules() -> None:
    """LVS400 says what is missing, without heartbeats: keepalived sends none."""
    (finding,) = examined(MARKED, None).findings

    assert finding.code == "LVS400"
    assert (
        "on routers 10.10.1.21 and 10.10.1.22, whether packets get their mark (80)"
        in finding.message
    )
    assert "heartbeat" not in finding.message
    assert finding.span.line == 11


def test_routers_without_addresses() -> None:
    """With multicast, a keepalived.conf names no router: any that is given is one."""
    text = re.sub(r"    unicast(?s:.*?)}\n", "", MARKED)
    assert "unicast" not in text

    (finding,) = examined(text, None).findings
    assert "on the routers, whether" in finding.message
    assert "`--router FILE --real-server 10.10.1.31=FILE`" in (finding.help or "")
    assert codes(examined(text, cluster(ROUTER.format(MARKING), s31=REDIRECTING))) == []


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("", "LVS401"),
        (MARKING.replace("--set-mark 80", "--set-mark 81"), "LVS402"),
        (MARKING + "\n-A PREROUTING -j MARK --set-mark 1", "LVS403"),
        (MARKING.replace("PREROUTING", "PREROUTING -i eth0:1"), "LVS410"),
    ],
)
def test_marks(rule: str, code: str) -> None:
    """Packets without their mark, told at the virtual server."""
    found = examined(MARKED, cluster(ROUTER.format(rule), s31=REDIRECTING), ignore=("LVS405",))

    assert code in codes(found)
    (finding,) = [one for one in found.findings if one.code == code]
    assert (finding.span.filename, finding.span.line) == ("keepalived.conf", 11)
    assert "10.10.1.20" in finding.message


def test_port_of_a_mark_is_that_of_the_rules() -> None:
    """The port of a check says nothing of clients, as long as rules set the mark for another."""
    text = MARKED.replace("connect_port 80", "connect_port 8080")

    found = examined(text, cluster(ROUTER.format(MARKING), s31=REDIRECTING))

    assert codes(found) == []


def test_mark_for_several_addresses() -> None:
    """A mark may stand for any number of them: none is too many."""
    more = MARKING.replace("10.10.1.20", "10.10.1.30")

    found = examined(MARKED, cluster(ROUTER.format(f"{MARKING}\n{more}"), s31=NOTHING))

    assert codes(found) == ["LVS501"]


def test_redirects() -> None:
    """The real server is told by its address, at its block."""
    (finding,) = examined(PLAIN, cluster(NOTHING, s31=NOTHING)).findings

    assert finding.code == "LVS501"
    assert finding.span.line == 14
    assert "Real server `10.10.1.31` does not redirect packets to 10.10.1.20" in finding.message


def test_health_checks_are_those_of_keepalived() -> None:
    """Where it asks a port of its own, or runs a script, nothing is judged."""
    drops = "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -d 10.10.1.31/32 -p tcp -j DROP\nCOMMIT\n"
    hosts = cluster(NOTHING, s31=drops + REDIRECTING)

    found = examined(PLAIN, hosts, select=("LVS536",))
    assert codes(found) == ["LVS536"]
    assert "keepalived's health checks" in found.findings[0].message
    assert "keepalived declares this server dead" in found.findings[0].message
    for other in ("MISC_CHECK {\n", "TCP_CHECK {\n            connect_port 81\n"):
        assert not codes(examined(PLAIN.replace("TCP_CHECK {\n", other), hosts, select=("LVS536",)))


def test_nat() -> None:
    """The gateway is the address that VRRP moves in the real servers' network."""
    routes = "default via 10.11.1.254 dev eth0\n10.11.1.0/24 dev eth0 proto kernel scope link src 10.11.1.31\n"
    sysctl = "net.ipv4.ip_forward = 0\n"
    hosts = cluster(sysctl)
    found = examined(NAT, hosts, ignore=("LVS400",))
    assert codes(found) == ["LVS419"]
    assert "with `lvs_method NAT`, replies" in found.findings[0].message
    server = read_host(routes, "routes.txt").of("real-server", "10.11.1.31")
    hosts = Cluster((*cluster(NOTHING).files, server))
    (finding,) = examined(NAT, hosts, select=("LVS539",)).findings
    assert "an address that VRRP moves" in (finding.help or "")
    assert "via 10.11.1.1`" in (finding.help or "")
    # The address of 10.11.1.0/24 may then be one of a router that no file shows.
    unknown = NAT.replace("        10.11.1.1/24 dev eth1 label eth1:1\n", "")
    assert codes(examined(unknown, hosts, select=("LVS539",))) == []


def test_unknown_hosts() -> None:
    """Told only where the whole configuration was read."""
    hosts = cluster(NOTHING, s31=REDIRECTING, s99=NOTHING)

    (finding,) = examined(PLAIN, hosts).findings
    assert finding.code == "LVS513"
    assert "keepalived.conf has no such host" in finding.message
    assert codes(examined(PLAIN + "include more.conf\n", hosts)) == []


def test_several_methods() -> None:
    """Each is judged for itself; nothing is said to be absent."""
    other = NAT.partition("virtual_server")[2].replace("10.10.1.20 80", "10.10.1.20 81")
    text = f"{PLAIN}virtual_server{other}"

    found = examined(text, cluster("net.ipv4.ip_forward = 0\n" + NOTHING, s31=NOTHING, s99=NOTHING))

    assert set(codes(found)) >= {"LVS419", "LVS501"}
    assert "LVS513" not in codes(found)


def test_comments_silence() -> None:
    """Above the block or the line that is meant; one that silences nothing is told."""
    hosts = cluster(NOTHING, s31=NOTHING)
    above = PLAIN.replace("    real_server", "    # lvscf: ignore[LVS501] later\n    real_server")
    idle = PLAIN.replace("    lvs_method", "    # lvscf: ignore[LVS501]\n    lvs_method")
    whole = f"# lvscf: ignore-file[LVS5]\n{PLAIN}"

    found = examined(above, hosts)
    assert codes(found) == []
    assert [one.reason for one in found.suppressed] == ["later"]
    assert codes(examined(whole, hosts)) == []
    assert "LVS501" in codes(examined(idle, hosts))


def test_settings_hold() -> None:
    """Selections and severities are those of any file."""
    hosts = cluster(NOTHING, s31=NOTHING)

    assert codes(examined(PLAIN, hosts, ignore=("LVS5",))) == []
    with pytest.raises(UnknownRuleError):
        examined(PLAIN, hosts, select=("LVS999",))


def test_findings_point_into_included_files() -> None:
    """A comment there silences as well."""
    server = Source("real_server 10.10.1.31 80 {\n}\n", "servers.conf")
    text = PLAIN[: PLAIN.index("    real_server")] + "    include servers.conf\n}\n"

    def found(source: Source) -> list[str]:
        configuration = read(Source(text, "keepalived.conf"), lambda _pattern, _source: (source,))
        result = examine(configuration, cluster(NOTHING, s31=NOTHING), Settings())
        return [str(one.span) for one in result.findings]

    assert found(server) == ["servers.conf:1:13"]
    assert found(Source(f"# lvscf: ignore[LVS501]\n{server.text}", "servers.conf")) == []


def test_rules_that_are_left_out_exist() -> None:
    """Each has a reason, and none of another family is run."""
    known = {rule.code for rule in registry.rules()}

    assert known >= LEFT_OUT.keys()
    assert not {rule.code for rule in rules()} & LEFT_OUT.keys()
    assert all(rule.code.startswith(FAMILIES) for rule in rules())


def test_no_message_speaks_of_piranha() -> None:
    """Whatever is wrong with these hosts."""
    drops = "*filter\n:INPUT DROP [0:0]\n:OUTPUT DROP [0:0]\nCOMMIT\n"
    for text in (MARKED, PLAIN, NAT):
        for router in (drops, ROUTER.format(MARKING), NOTHING, "net.ipv4.ip_forward = 0\n"):
            for server in (drops, NOTHING, REDIRECTING, "net.ipv4.conf.all.arp_ignore = 0\n"):
                for finding in examined(text, cluster(router, s31=server, s77=server)).findings:
                    said = f"{finding.message} {finding.help}"
                    assert not re.search(r"nanny|pulse|lvsd|lvs\.cf|Piranha|nat_router", said)


@given(LINES)
def test_any_lines_are_linted(lines: list[str]) -> None:
    """Whatever the configuration is, nothing raises and findings have places."""
    source = Source(INSTANCE + "\n".join(lines), "keepalived.conf")
    hosts = cluster(ROUTER.format(MARKING), s31=NOTHING)

    found = examine(parsed(source, is_stream=True), hosts, Settings())

    for finding in found.findings:
        assert finding.span.end <= len(source.text) or finding.span.filename != source.filename


def test_configuration_without_virtual_servers() -> None:
    """There is nothing to find."""
    assert codes(examined(INSTANCE, cluster(NOTHING))) == []
    assert conf(INSTANCE).virtual_servers == ()
