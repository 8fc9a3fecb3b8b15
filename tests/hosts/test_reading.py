"""Which reader a text is for."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvscf import hosts
from lvscf.hosts.reading import name_of
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("# ip addr\n1: lo: <LOOPBACK> mtu 16436\n", "ip addr"),
        ("1: lo    inet 127.0.0.1/8 scope host lo\n", "ip addr"),
        ("lo               UNKNOWN        127.0.0.1/8\n", "ip addr"),
        ("eth1             DOWN           \n", "ip addr"),
        ("lo        Link encap:Local Loopback\n", "ifconfig"),
        ("lo: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536\n", "ifconfig"),
        ("default via 10.10.1.254 dev eth0\n", "ip route"),
        ("default \n\tnexthop via 10.10.1.1 dev eth0 weight 1\n", "ip route"),
        ("blackhole 10.99.0.0/16 \n", "ip route"),
        ("local 10.10.1.21 dev eth0 table local proto kernel\n", "ip route"),
        ("fe80::/64 dev eth0 proto kernel\n", "ip route"),
        ("\nKernel IP routing table\n", "ip route"),
        ("CentOS release 6.10 (Final)\n", "release"),
        ('NAME="CentOS"\nVERSION_ID="7"\n', "release"),
        ("TYPE=Ethernet\nDEVICE=eth0\n", "ifcfg-eth0"),
        ("ADDRESS0=10.0.0.0\nNETMASK0=255.0.0.0\n", "ifcfg-eth0"),
        ("Module                  Size  Used by\n", "lsmod"),
        ("ip_vs_rr 12600 1 - Live 0xf8a3c000\n", "lsmod"),
        ("State  Recv-Q Send-Q Local Address:Port\n", "ss"),
        # what is not such a list
        ("DEVICE=eth0\niptables -A INPUT -i $DEVICE -j DROP\n", None),
        ("serial_no = 1\nprimary = 10.10.1.21\n", None),
        ("Chain INPUT (policy ACCEPT)\n", None),
        ("The release 6 is old.\n-A INPUT -j DROP\n", None),
        ("# nothing\n", None),
        ("", None),
    ],
)
def test_names(text: str, name: str | None) -> None:
    """The content tells what a text is."""
    found = name_of(text)

    assert (name in found) if name and found else found is name


def test_rules_are_not_taken_for_lists() -> None:
    """No saved rules of a cluster that ran are taken for another kind of text."""
    with gzip.open(ROOT / "tests/data/live_clusters2.jsonl.gz", "rt") as file:
        clusters = [json.loads(line) for line in file]
    texts = {
        host[kind]
        for cluster in clusters
        for host in cluster["hosts"].values()
        for kind in ("iptables_save", "arptables_save", "sysctl")
        if kind in host
    }

    assert len(texts) > 20
    assert not [text for text in texts if name_of(text)]


def test_addresses_and_routes_of_clusters_that_ran() -> None:
    """Every whole output is complete, with one fact for each line that shows one."""
    with gzip.open(ROOT / "tests/data/live_clusters2.jsonl.gz", "rt") as file:
        several = [host for line in file for host in json.loads(line)["hosts"].values()]

    assert len(several) > 100
    for one in several:
        addresses, routes = hosts.read(one["ip_addr"]), hosts.read(one["ip_route"])
        assert addresses.complete == {"addresses", "devices"}
        assert len(addresses.addresses) == one["ip_addr"].count("inet ")
        assert routes.complete == {"routes"}
        assert len(routes.routes) == len(one["ip_route"].splitlines())


@given(
    st.lists(
        st.sampled_from(
            [
                "1: lo: <UP>",
                "default via",
                "10.0.0.0/8 dev eth0 ",
                "DEVICE=",
                "Module Size Used by",
                "inet 1.2.3.4/8",
                "==> a <==",
                "x release 6",
                "NAME='",
                "lo UNKNOWN",
                "eth0 Link encap:",
            ]
        )
        | st.text(max_size=5)
    )
)
def test_any_text_is_read_or_unknown(lines: list[str]) -> None:
    """No text makes the readers fail."""
    try:
        host = hosts.read("\n".join(lines))
    except hosts.UnknownTextError:
        return
    assert host.sources
