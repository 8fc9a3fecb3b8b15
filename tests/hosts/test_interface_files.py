"""What ifcfg and route files set up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvscf import hosts
from lvscf.hosts.interface_files import read
from lvscf.shared import ipv4
from lvscf.source import Source

ETH0 = """\
# Intel Corporation 82545EM
DEVICE="eth0"
BOOTPROTO='static'
HWADDR=02:00:00:00:00:0A
IPADDR=10.10.1.21   # primary
NETMASK=255.255.255.0
GATEWAY=10.10.1.254
MTU=1400
ONBOOT=yes
"""
LO_0 = "DEVICE=lo:0\nIPADDR=10.10.1.20\nNETMASK=255.255.255.255\nONBOOT=yes\nNAME=loopback\n"


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        (ETH0, "10.10.1.21/24@eth0"),
        (ETH0.replace("\n", "\r\n"), "10.10.1.21/24@eth0"),
        (ETH0.replace("NETMASK=255.255.255.0", "PREFIX=25"), "10.10.1.21/25@eth0"),
        (ETH0 + "PREFIX=26\n", "10.10.1.21/26@eth0"),
        (ETH0.replace("NETMASK=255.255.255.0\n", ""), "10.10.1.21/8@eth0"),
        (ETH0.replace("255.255.255.0", "255.0.255.0"), ""),
        (ETH0.replace("255.255.255.0", "$MASK"), ""),
        (ETH0.replace("10.10.1.21", '"$ADDRESS"'), ""),
        (ETH0.replace("10.10.1.21", "`hostname -i`"), ""),
        (ETH0.replace("10.10.1.21", '10."10".\'1\'.2\\1'), "10.10.1.21/24@eth0"),
        (ETH0.replace("IPADDR=", "export IPADDR="), "10.10.1.21/24@eth0"),
        (ETH0.replace("'static'", "dhcp"), ""),
        (ETH0.replace("yes", "no"), ""),
        (ETH0 + "IPADDR=10.10.1.29\n", "10.10.1.29/24@eth0"),
        (ETH0 + "IPADDR1=10.10.1.22\nPREFIX1=24\nIPADDR2=10.10.2.2\nNETMASK2=255.255.0.0\n", "10.10.1.21/24@eth0 10.10.1.22/24@eth0+ 10.10.2.2/16@eth0"),
        ("DEVICE=eth0\nIPADDR0=10.10.1.21\nPREFIX0=24\n", "10.10.1.21/24@eth0"),
        (LO_0, "10.10.1.20/32@lo:0"),
        (LO_0.replace("yes", "no"), "10.10.1.20/32@lo:0"),
        (LO_0 + "ONPARENT=no\n", ""),
        (ETH0 + LO_0, "10.10.1.21/24@eth0 10.10.1.20/32@lo:0"),
        (f"==> ifcfg-eth0 <==\n{ETH0}\n==> ifcfg-lo:0 <==\n{LO_0}", "10.10.1.21/24@eth0 10.10.1.20/32@lo:0"),
        ("==> ifcfg-eth0 <==\nIPADDR=10.10.1.21\nPREFIX=24\n==> ifcfg-eth1 <==\nBOOTPROTO=dhcp\n", "10.10.1.21/24@eth0"),
        ("IPADDR=10.10.1.21\nPREFIX=24\n", ""),
    ],
)  # fmt: skip
def test_addresses(text: str, addresses: str) -> None:
    """The addresses that are set at boot, as the shell reads them; nothing is complete."""
    host = hosts.read(text)
    shown = [
        f"{one.address}/{one.prefix}@{one.label}{'+' * one.secondary}" for one in host.addresses
    ]

    assert shown == addresses.split()
    assert {one.origin for one in host.addresses} <= {"boot"}
    assert not host.complete


def test_the_name_of_the_file_is_the_device() -> None:
    """A file without DEVICE is for the device that it is named after."""
    host = hosts.read("BOOTPROTO=none\nIPADDR=10.10.1.20\nPREFIX=32\n", "r1/ifcfg-lo:0")

    assert [(one.device, one.label) for one in host.addresses] == [("lo", "lo:0")]


def test_devices() -> None:
    """Aliases are not devices; whether a device is up, only the running host knows."""
    host = hosts.read(ETH0 + LO_0 + "DEVICE=eth1\nBOOTPROTO=dhcp\nARP=no\n")
    eth0, eth1 = host.devices

    assert (eth0.name, eth0.mtu, eth0.hardware_address) == ("eth0", 1400, "02:00:00:00:00:0a")
    assert (eth0.up, eth0.arp, eth1.name, eth1.arp) == (None, None, "eth1", False)


@pytest.mark.parametrize(
    ("text", "filename", "routes"),
    [
        (ETH0, "ifcfg-eth0", ["0.0.0.0/0 via 10.10.1.254 dev eth0"]),
        (ETH0 + "DEFROUTE=no\n", "ifcfg-eth0", []),
        (ETH0.replace("yes", "no"), "ifcfg-eth0", []),
        (
            "NETWORKING=yes\nHOSTNAME=lvs1\nGATEWAY=10.10.1.254\n",
            "network",
            ["0.0.0.0/0 via 10.10.1.254 dev None"],
        ),
        (
            "GATEWAY=10.10.1.254\nGATEWAYDEV=eth1\nNETWORKING=yes\n",
            "network",
            ["0.0.0.0/0 via 10.10.1.254 dev eth1"],
        ),
        (
            "ADDRESS0=10.60.0.0\nNETMASK0=255.255.0.0\nGATEWAY0=10.10.1.9\nADDRESS1=x\n",
            "route-eth1",
            ["10.60.0.0/16 via 10.10.1.9 dev eth1"],
        ),
    ],
)
def test_routes(text: str, filename: str, routes: list[str]) -> None:
    """The default gateway, and both forms of static routes."""
    host = hosts.read(text, filename)
    shown = [
        f"{ipv4.shown(one.destination)} via {one.gateway} dev {one.device}" for one in host.routes
    ]

    assert shown == routes
    assert {one.origin for one in host.routes} <= {"boot"}


def test_the_name_of_the_host() -> None:
    """/etc/sysconfig/network names the host; the role and name that are given come first."""
    host = hosts.read("NETWORKING=yes\nHOSTNAME=lvs1.example.com\n")

    assert host.name == "lvs1.example.com"
    assert host.of("router", "10.10.1.21").name == "10.10.1.21"


def test_places() -> None:
    """An address and a gateway are at their lines."""
    text = ETH0 + LO_0
    host = hosts.read(text)
    facts = [*(one.place for one in host.addresses), *(one.place for one in host.routes)]
    places = [place for place in facts if place is not None]

    assert [text[place.start : place.end].partition("=")[0] for place in places] == [
        "IPADDR",
        "IPADDR",
        "GATEWAY",
    ]


def test_a_script_is_none() -> None:
    """A script that sets such variables is still a script."""
    host = hosts.read("DEVICE=eth0\nIPADDR=10.10.1.20\niptables -A INPUT -d $IPADDR -j DROP\n")

    assert host.firewalls
    assert not host.addresses


@given(
    st.lists(
        st.sampled_from([*ETH0.splitlines(), *LO_0.splitlines(), "==> x <==", "IPADDR=", "A='"])
        | st.text(st.sampled_from("IPADR0=.\"'\\$`# 1\r"))
    )
)
def test_any_text_is_read(lines: list[str]) -> None:
    """No text makes the reader fail."""
    text = "\n".join(lines)

    assert all(one.place and one.place.end <= len(text) for one in read(Source(text)).addresses)
