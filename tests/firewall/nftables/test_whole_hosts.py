"""Whole hosts with nftables: what is said of a cluster of them, and what is not."""

import pytest

from tests.clusters import findings

LVS_CF = """\
primary = 10.10.1.21
network = direct
virtual web {
    active = 1
    address = 10.10.1.20 eth0:1
    fwmark = 80
    persistent = 300
    port = 80
    server one {
        active = 1
        address = 10.10.1.31
        weight = 1
    }
}
"""
ROUTER = "--- router 10.10.1.21\n"
SERVER = "--- real-server one\n"
MARKS = """\
table inet lvs {
    chain marks {
        type filter hook prerouting priority mangle; policy accept;
        ip daddr 10.10.1.20 tcp dport { 80, 443 } meta mark set 0x50
    }
    chain input {
        type filter hook input priority filter; policy drop;
        ct state established,related accept
        iifname "lo" accept
        tcp dport { 22, 80, 443 } accept
        udp dport 539 accept
    }
}
"""
BY_MAP = """\
table ip lvs {
    map marks {
        type ipv4_addr . inet_service : mark
        elements = { 10.10.1.20 . 80 : 80, 10.10.1.20 . 443 : 80, 10.10.1.30 . 21 : 21 }
    }
    chain prerouting {
        type filter hook prerouting priority raw; policy accept;
        meta mark set ip daddr . tcp dport map @marks
    }
}
"""
ZONES = """\
table inet firewalld {
    chain mangle_PREROUTING {
        type filter hook prerouting priority mangle + 10; policy accept;
        jump mangle_ZONES
    }
    chain mangle_ZONES {
        iifname "eth0" goto mangle_public
        goto mangle_public
    }
    chain mangle_public {
        ip daddr 10.10.1.20 tcp dport { 80, 443 } meta mark set 80
    }
    chain filter_INPUT {
        type filter hook input priority filter + 10; policy accept;
        ct state { established, related } accept
        ct status dnat accept
        iifname "lo" accept
        ct state invalid drop
        jump filter_ZONES
        reject with icmpx admin-prohibited
    }
    chain filter_ZONES {
        goto filter_public
    }
    chain filter_public {
        tcp dport { 22, 80, 443 } accept
        udp dport 539 accept
    }
}
"""
REDIRECTS = """\
table ip nat {
    chain prerouting {
        type nat hook prerouting priority dstnat; policy accept;
        ip daddr 10.10.1.20 tcp dport { 80, 443 } redirect
    }
}
"""
FORWARD_PORTS = """\
table inet firewalld {
    chain nat_PREROUTING {
        type nat hook prerouting priority dstnat + 10; policy accept;
        jump nat_public
    }
    chain nat_public {
        ip daddr 10.10.1.20 tcp dport vmap { 80 : goto to_web, 443 : goto to_web }
    }
    chain to_web {
        tcp dport 80 redirect to :80
        redirect
    }
    chain filter_INPUT {
        type filter hook input priority filter + 10; policy accept;
        ct state { established, related } accept
        ct status dnat accept
        tcp dport { 22, 80 } accept
        reject with icmpx admin-prohibited
    }
}
"""


def breaking(text: str) -> list[tuple[str, str | None]]:
    """The code and the remedy of each error."""
    return [(one.code, one.help) for one in findings(text) if one.severity.label == "error"]


@pytest.mark.parametrize("router", [MARKS, BY_MAP, ZONES], ids=["native", "map", "zones"])
@pytest.mark.parametrize("server", [REDIRECTS, FORWARD_PORTS], ids=["native", "zones"])
def test_nothing_breaks_a_sound_cluster(router: str, server: str) -> None:
    assert not breaking(LVS_CF + ROUTER + router + SERVER + server)


@pytest.mark.parametrize(
    ("router", "old", "new", "code", "remedy"),
    [
        (MARKS, "set 0x50", "set 50", "LVS402",
         "`nft add rule inet lvs marks ip daddr 10.10.1.20 tcp dport { 80, 443 } meta mark set 80`"),
        (MARKS, "10.10.1.20", "10.10.1.200", "LVS401",
         "`nft add rule inet lvs marks ip daddr 10.10.1.20 tcp dport { 80, 443 } meta mark set 80`"),
        (MARKS, "{ 22, 80, 443 }", "22", "LVS411",
         "`nft insert rule inet lvs input ip daddr 10.10.1.20 tcp dport { 80, 443 } accept`"),
        (BY_MAP, ". 80 : 80", ". 81 : 80", "LVS401",
         "`nft add rule ip lvs prerouting ip daddr 10.10.1.20 tcp dport 80 meta mark set 80`"),
        (ZONES, "tcp dport { 22, 80, 443 }", "tcp dport 22", "LVS411", "`nft insert rule inet firewalld filter_INPUT "),
    ],
)  # fmt: skip
def test_defects_of_routers(router: str, old: str, new: str, code: str, remedy: str) -> None:
    """A router's defect is found, and its remedy is a command of nft for its own table."""
    assert old in router
    found = dict(breaking(LVS_CF + ROUTER + router.replace(old, new) + SERVER + REDIRECTS))
    assert code in found, found
    assert remedy in (found[code] or ""), found[code]


@pytest.mark.parametrize(
    ("old", "new", "code", "remedy"),
    [
        ("10.10.1.20", "10.10.1.25", "LVS504",
         "`nft add rule ip nat prerouting ip daddr 10.10.1.20 tcp dport { 80, 443 } redirect`"),
    ],
)  # fmt: skip
def test_defects_of_real_servers(old: str, new: str, code: str, remedy: str) -> None:
    """The same for real servers."""
    found = dict(breaking(LVS_CF + ROUTER + MARKS + SERVER + REDIRECTS.replace(old, new)))
    assert code in found, found
    assert remedy in (found[code] or ""), found[code]


def test_without_a_table_the_remedy_makes_one() -> None:
    """An nft host without a chain that marks packets gets the commands for a chain."""
    bare = "table inet filter {\n}\n"
    found = dict(breaking(LVS_CF + ROUTER + bare + SERVER + REDIRECTS))

    assert "`nft add table ip lvs` and `nft add chain ip lvs prerouting '{ type filter" in (
        found["LVS401"] or ""
    )
