"""Addresses and devices in the outputs of ip and ifconfig."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvscf import hosts
from lvscf.hosts.address_lists import read
from lvscf.source import Source

ROUTER = r"""1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
    inet6 ::1/128 scope host
       valid_lft forever preferred_lft forever
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000
    link/ether 02:00:00:00:01:AB brd ff:ff:ff:ff:ff:ff
    inet 10.10.1.21/24 brd 10.10.1.255 scope global eth0
       valid_lft forever preferred_lft forever
    inet 10.10.1.20/24 brd 10.10.1.255 scope global secondary eth0:1
       valid_lft forever preferred_lft forever
    inet 10.10.1.30/32 scope global eth0
       valid_lft forever preferred_lft forever
3: eth1.5@eth1: <BROADCAST,MULTICAST> mtu 1400 qdisc noop state DOWN group default qlen 1000
    link/ether 02:00:00:00:02:01 brd ff:ff:ff:ff:ff:ff
    inet 169.254.3.4/16 metric 1024 brd 169.254.255.255 scope link noprefixroute eth1.5
4: tunl0@NONE: <NOARP,UP,LOWER_UP> mtu 1480 qdisc noqueue state UNKNOWN group default qlen 1000
    link/ipip 0.0.0.0 brd 0.0.0.0
    inet 10.20.0.1 peer 10.20.0.2/30 scope global tunl0
"""
ONE_LINE = r"""1: lo    inet 127.0.0.1/8 scope host lo\       valid_lft forever preferred_lft forever
1: lo    inet6 ::1/128 scope host \       valid_lft forever preferred_lft forever
2: eth0    inet 10.10.1.21/24 brd 10.10.1.255 scope global eth0\       valid_lft forever
2: eth0    inet 10.10.1.20/24 scope global secondary eth0:1\       valid_lft forever
"""
OLD_ONE_LINE = r"""1: lo: <LOOPBACK,UP,LOWER_UP> mtu 16436 qdisc noqueue \    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
1: lo    inet 127.0.0.1/8 scope host lo
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq \    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff
2: eth0    inet 10.10.1.31/24 brd 10.10.1.255 scope global eth0
"""
BRIEF = """\
lo               UNKNOWN        127.0.0.1/8 10.10.1.20/32 ::1/128
eth0@if7         UP             10.10.1.31/24 10.10.1.32/24 fe80::1/64
eth1             DOWN
tunl0            UNKNOWN        10.20.0.1 peer 10.20.0.2/32
"""
BRIEF_LINKS = """\
lo               UNKNOWN        00:00:00:00:00:00 <LOOPBACK,UP,LOWER_UP>
eth0             DOWN           02:00:00:00:00:01 <NO-CARRIER,BROADCAST,MULTICAST,UP>
"""
GREPPED = """\
    inet 127.0.0.1/8 scope host lo
    inet 10.10.1.21/24 brd 10.10.1.255 scope global eth0
    inet 10.10.1.20/24 brd 10.10.1.255 scope global secondary eth0:1
"""
OLD_IFCONFIG = """\
eth0      Link encap:Ethernet  HWaddr 02:00:00:00:00:0A
          inet addr:10.10.1.21  Bcast:10.10.1.255  Mask:255.255.255.0
          inet6 addr: fe80::1/64 Scope:Link
          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1
          RX packets:12 errors:0 dropped:0 overruns:0 frame:0

eth0:1    Link encap:Ethernet  HWaddr 02:00:00:00:00:0A
          inet addr:10.10.1.20  Bcast:10.10.1.255  Mask:255.255.255.0
          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1

eth1      Link encap:Ethernet  HWaddr 02:00:00:00:00:0B
          BROADCAST MULTICAST  MTU:1500  Metric:1

lo        Link encap:Local Loopback
          inet addr:127.0.0.1  Mask:255.0.0.0
          inet6 addr: ::1/128 Scope:Host
          UP LOOPBACK RUNNING  MTU:16436  Metric:1

ppp0      Link encap:Point-to-Point Protocol
          inet addr:10.30.0.1  P-t-P:10.30.0.2  Mask:255.255.255.255
          UP POINTOPOINT RUNNING NOARP MULTICAST  MTU:1400  Metric:1
"""
NEW_IFCONFIG = """\
eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500
        inet 10.10.1.31  netmask 255.255.255.0  broadcast 10.10.1.255
        inet6 fe80::1  prefixlen 64  scopeid 0x20<link>
        ether 02:00:00:00:00:0a  txqueuelen 1000  (Ethernet)
        RX packets 12  bytes 720 (720.0 B)

lo: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536
        inet 127.0.0.1  netmask 255.0.0.0
        loop  txqueuelen 1000  (Local Loopback)

lo:0: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536
        inet 10.10.1.20  netmask 255.255.255.255
        loop  txqueuelen 1000  (Local Loopback)

tun0: flags=4305<UP,POINTOPOINT,RUNNING,NOARP,MULTICAST>  mtu 1500
        inet 10.30.0.1  netmask 255.255.255.255  destination 10.30.0.2
"""

ALL = {"addresses", "devices"}


@pytest.mark.parametrize(
    ("text", "addresses", "complete"),
    [
        (ROUTER, "127.0.0.1/8@lo 10.10.1.21/24@eth0 10.10.1.20/24@eth0:1+ 10.10.1.30/32@eth0 169.254.3.4/16@eth1.5 10.20.0.1/30@tunl0>10.20.0.2", ALL),
        (ROUTER.replace("\n", "\r\n"), "127.0.0.1/8@lo 10.10.1.21/24@eth0 10.10.1.20/24@eth0:1+ 10.10.1.30/32@eth0 169.254.3.4/16@eth1.5 10.20.0.1/30@tunl0>10.20.0.2", ALL),
        (ROUTER[ROUTER.index("2: eth0"):ROUTER.index("3: eth1")], "10.10.1.21/24@eth0 10.10.1.20/24@eth0:1+ 10.10.1.30/32@eth0", set()),
        (ROUTER[:ROUTER.index("2: eth0")], "127.0.0.1/8@lo", set()),
        ("\n".join(one for one in ROUTER.splitlines() if "inet " not in one), "", set()),
        ("\n".join(one for one in ROUTER.splitlines() if "link/" not in one), "127.0.0.1/8@lo 10.10.1.21/24@eth0 10.10.1.20/24@eth0:1+ 10.10.1.30/32@eth0 169.254.3.4/16@eth1.5 10.20.0.1/30@tunl0>10.20.0.2", {"addresses"}),
        (ONE_LINE, "127.0.0.1/8@lo 10.10.1.21/24@eth0 10.10.1.20/24@eth0:1+", {"addresses"}),
        ("1: lo    inet6 ::1/128 scope host \\       valid_lft\n2: eth0    inet6 fe80::1/64 scope link\n", "", set()),
        (OLD_ONE_LINE, "127.0.0.1/8@lo 10.10.1.31/24@eth0", ALL),
        (BRIEF, "127.0.0.1/8@lo 10.10.1.20/32@lo 10.10.1.31/24@eth0 10.10.1.32/24@eth0+ 10.20.0.1/32@tunl0>10.20.0.2", ALL),
        ("lo UNKNOWN 127.0.0.1/8\neth0 UP 10.10.1.31/24\n", "127.0.0.1/8@lo 10.10.1.31/24@eth0", {"addresses"}),
        (BRIEF_LINKS, "", set()),
        (GREPPED, "127.0.0.1/8@lo 10.10.1.21/24@eth0 10.10.1.20/24@eth0:1+", {"addresses"}),
        ("\n".join(GREPPED.splitlines()[1:]), "10.10.1.21/24@eth0 10.10.1.20/24@eth0:1+", set()),
        (OLD_IFCONFIG, "10.10.1.21/24@eth0 10.10.1.20/24@eth0:1+ 127.0.0.1/8@lo 10.30.0.1/32@ppp0>10.30.0.2", {"devices"}),
        (NEW_IFCONFIG, "10.10.1.31/24@eth0 127.0.0.1/8@lo 10.10.1.20/32@lo:0 10.30.0.1/32@tun0>10.30.0.2", set()),
    ],
)  # fmt: skip
def test_addresses(text: str, addresses: str, complete: set[str]) -> None:
    """Each address with its label (`+` if it is secondary), and what the output shows all of.

    `ifconfig` never shows all addresses: it hides those without a label of their own.
    """
    host = hosts.read(text)
    shown = [
        f"{one.address}/{one.prefix}@{one.label}{'+' * one.secondary}"
        + (f">{one.peer}" if one.peer else "")
        for one in host.addresses
    ]

    assert shown == addresses.split()
    assert host.complete == complete
    assert all(one.device == one.label.partition(":")[0] for one in host.addresses)


def test_scopes() -> None:
    """Where ip prints the scope, it is kept; elsewhere, it is that of the loopback network."""
    scopes = {one.address: one.scope for one in hosts.read(ROUTER).addresses}

    assert scopes["127.0.0.1"] == "host"
    assert scopes["169.254.3.4"] == "link"
    assert scopes["10.10.1.21"] == "global"
    assert {one.scope for one in hosts.read(OLD_IFCONFIG).addresses} == {"host", "global"}


@pytest.mark.parametrize(
    ("text", "name", "up", "arp", "hardware", "mtu"),
    [
        (ROUTER, "eth0", True, True, "02:00:00:00:01:ab", 1500),
        (ROUTER, "eth1.5", False, True, "02:00:00:00:02:01", 1400),
        (ROUTER, "tunl0", True, False, None, 1480),
        (OLD_ONE_LINE, "eth0", True, True, "02:00:00:00:00:01", 1500),
        (ONE_LINE, "eth0", None, None, None, None),
        (BRIEF, "eth0", True, None, None, None),
        (BRIEF, "eth1", None, None, None, None),
        (BRIEF_LINKS, "eth0", True, True, "02:00:00:00:00:01", None),
        (OLD_IFCONFIG, "eth0", True, True, "02:00:00:00:00:0a", 1500),
        (OLD_IFCONFIG, "eth1", False, True, "02:00:00:00:00:0b", 1500),
        (OLD_IFCONFIG, "ppp0", True, False, None, 1400),
        (NEW_IFCONFIG, "eth0", True, True, "02:00:00:00:00:0a", 1500),
        (NEW_IFCONFIG, "tun0", True, False, None, 1500),
    ],
)
def test_devices(
    text: str, name: str, up: bool | None, arp: bool | None, hardware: str | None, mtu: int | None
) -> None:
    """A device is named as the kernel does, without the alias or the device below it."""
    device = hosts.read(text).device(name)

    assert device is not None
    assert (device.up, device.arp, device.hardware_address, device.mtu) == (up, arp, hardware, mtu)


def test_an_alias_is_no_device() -> None:
    """The devices of ifconfig do not include `eth0:1`."""
    assert [one.name for one in hosts.read(NEW_IFCONFIG).devices] == ["eth0", "lo", "tun0"]


@pytest.mark.parametrize("text", [ROUTER, ONE_LINE, BRIEF, GREPPED, OLD_IFCONFIG, NEW_IFCONFIG])
def test_places(text: str) -> None:
    """An address is at the words that show it, in one line."""
    for one in hosts.read(text).addresses:
        assert one.place is not None
        words = text[one.place.start : one.place.end]
        assert one.address in words
        assert "\n" not in words
        assert words == words.strip()


@pytest.mark.parametrize(
    "line",
    ["inet 10.10.1.256/24 scope global eth0", "inet 10.10.1.2/33 scope global eth0", "inet x"],
)
def test_what_is_no_address(line: str) -> None:
    """Wrong addresses are left out."""
    assert hosts.read(f"2: eth0: <UP> mtu 1500\n    {line}\n").addresses == ()


@given(
    st.lists(
        st.sampled_from(
            [*ROUTER.splitlines(), *BRIEF.splitlines(), *OLD_IFCONFIG.splitlines(), "inet", "2:"]
        )
        | st.text(st.sampled_from("inet 10.:/\\<UP>Link encap:Mask\n\r\t"))
    )
)
def test_any_text_is_read(lines: list[str]) -> None:
    """No text makes the reader fail, and places stay within it."""
    text = "\n".join(lines)
    host = read(Source(text))

    assert all(one.place and one.place.end <= len(text) for one in host.addresses)
