"""Addresses and routers of keepalived.conf."""

from lvscf.keepalived.reading.view import read
from lvscf.source import Source

TEXT = """\
static_ipaddress {
    10.0.1.1/24 brd + dev eth1 scope link
}
vrrp_instance V {
    interface eth0
    unicast_src_ip 10.0.0.2
    unicast_peer {
        10.0.0.3
        10.0.0.4
    }
    virtual_ipaddress {
        10.0.0.9/24 label eth0:1
        10.0.0.10 dev eth2
        fe80::1/64
    }
    virtual_ipaddress_excluded {
        10.0.0.11/32
        web.example.com
        10.0.0.12/33
    }
}
"""


def test_addresses() -> None:
    """Static and virtual ones, with the interface of their instance where they name none."""
    found = read(Source(TEXT, "keepalived.conf"))

    shown = [(one.address, one.prefix, one.device, one.label) for one in found.addresses]
    assert shown == [
        ("10.0.1.1", 24, "eth1", None),
        ("10.0.0.9", 24, "eth0", "eth0:1"),
        ("10.0.0.10", 32, "eth2", None),
        ("10.0.0.11", 32, "eth0", None),
    ]
    assert [one.is_virtual for one in found.addresses] == [False, True, True, True]
    assert [str(gap) for gap in found.gaps] == [
        "keepalived.conf:18:9: `web.example.com` is no address",
        "keepalived.conf:19:9: `10.0.0.12/33` is no address",
    ]


def test_routers() -> None:
    """Each instance names its own address and the others'."""
    (one,) = read(Source(TEXT)).routers

    assert one.own is not None
    assert one.own.text == "10.0.0.2"
    assert [peer.text for peer in one.peers] == ["10.0.0.3", "10.0.0.4"]
    assert one.interface == "eth0"
