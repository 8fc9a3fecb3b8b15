"""Packets that a kernel discards by its settings."""

import pytest

from lvscf import hosts
from lvscf.firewall import Packet
from lvscf.firewall.packets import Way
from lvscf.hosts import Host, joined
from lvscf.hosts.discards import discards

ADDRESSES = """\
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN
    inet 127.0.0.1/8 scope host lo
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP
    inet 10.10.1.21/24 scope global eth0
"""
ROUTES = "10.10.1.0/24 dev eth0 proto kernel scope link src 10.10.1.21\n"
REPLY = Packet("tcp", "192.0.2.1", None, "10.10.1.31", "eth0", source_port=80)


def host(settings: str) -> Host:
    """A host with these kernel settings."""
    return joined(hosts.read(text) for text in (ADDRESSES, ROUTES, settings))


@pytest.mark.parametrize(
    ("way", "value", "found"),
    [
        ("forward", 0, ["net.ipv4.ip_forward"]),
        ("forward", 1, []),
        ("input", 0, []),
        ("output", 0, []),
    ],
)
def test_forwarding(way: Way, value: int, found: list[str]) -> None:
    """Only packets for other hosts need `ip_forward`."""
    there = host(f"net.ipv4.ip_forward = {value}\n")

    assert [one.setting for one in discards(there, REPLY, way)] == found


@pytest.mark.parametrize("name", ["rp_filter", "accept_local"])
@pytest.mark.parametrize("value", [0, 1])
def test_sources(name: str, value: int) -> None:
    """Sources that are the host's own need `accept_local`, those of another device a lax check."""
    there = host(
        "".join(f"net.ipv4.conf.{one}.{name} = {value}\n" for one in ("all", "eth0", "eth1"))
        + "".join(
            f"net.ipv4.conf.{one}.rp_filter = 0\n"
            for one in ("all", "eth0", "eth1")
            if name == "accept_local"
        )
    )
    source, device = ("10.10.1.31", "eth1") if name == "rp_filter" else ("10.10.1.21", "eth0")
    packet = Packet("tcp", "10.10.1.21", 80, source, device)

    found = list(discards(there, packet, "input"))
    discarded = (value == 1) == (name == "rp_filter")
    assert [one.setting for one in found] == [f"net.ipv4.conf.{device}.{name}"] * discarded
    assert all(one.place is not None for one in found)
    assert list(discards(there, packet, "output")) == []


def test_unknown_settings_discard_nothing() -> None:
    """What the files do not show is not held against a packet."""
    assert list(discards(Host(), REPLY, "forward")) == []
    assert list(discards(host("net.ipv4.tcp_syncookies = 1\n"), REPLY, "forward")) == []
