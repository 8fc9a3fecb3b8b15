"""How a table differs from the one that an lvs.cf asks for."""

import pytest

import lvscf
from lvscf.config import ipvs_table
from lvscf.hosts import ipvs_listings
from lvscf.hosts.facts import IpvsListing
from lvscf.hosts.table_differences import (
    TableDifference,
    hides,
    hides_times,
    table_differences,
)
from lvscf.source import Source

LVS_CF = """\
network = {network}
virtual web {{
    active = 1
    address = 10.0.0.9 eth0:1
    port = 80
    scheduler = rr
    sorry_server = 10.0.0.3
    {more}
    server one {{
        active = 1
        address = 10.0.0.1
        weight = 3
    }}
    server two {{
        active = 1
        address = 10.0.0.2
    }}
}}
"""
SERVICE = "-A -t 10.0.0.9:80 -s rr\n"
ONE = "-a -t 10.0.0.9:80 -r 10.0.0.1:80 -g -w 3\n"
TWO = "-a -t 10.0.0.9:80 -r 10.0.0.2:80 -g -w 1\n"


def listed(text: str) -> IpvsListing:
    (found,) = ipvs_listings.read(Source(text, "table")).ipvs
    return found


def compared(text: str, more: str = "", network: str = "direct") -> tuple[TableDifference, ...]:
    document = lvscf.parse(LVS_CF.format(network=network, more=more))
    return table_differences(ipvs_table.table(document.config), listed(text))


def shown(found: tuple[TableDifference, ...]) -> list[tuple[object, ...]]:
    return [(one.kind, one.server, one.wanted, one.found) for one in found]


def test_equal_tables() -> None:
    """The order of lines decides nothing."""
    assert compared(SERVICE + TWO + ONE) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-A -u 10.0.0.9:80 -s rr\n", [
            ("missing-service", None, "tcp 10.0.0.9:80", None),
            ("extra-service", None, None, "udp 10.0.0.9:80"),
        ]),
        (SERVICE.replace("rr", "wlc") + ONE + TWO, [("scheduler", None, "rr", "wlc")]),
        (SERVICE.replace("rr", "rr -p 60 -M 255.255.255.0 -o") + ONE + TWO, [
            ("persistence", None, 0, 60),
            ("netmask", None, "255.255.255.255", "255.255.255.0"),
            ("one-packet", None, "no", "yes"),
        ]),
        (SERVICE + TWO, [("missing-server", "10.0.0.1:80", "10.0.0.1:80", None)]),
        (SERVICE + ONE + TWO + TWO.replace("0.2", "0.7"),
         [("extra-server", "10.0.0.7:80", None, "10.0.0.7:80")]),
        (SERVICE + ONE.replace("-w 3", "-w 0") + TWO.replace("-g", "-i"),
         [("weight", "10.0.0.1:80", 3, 0), ("method", "10.0.0.2:80", "Route", "Tunnel")]),
    ],
)  # fmt: skip
def test_differences(text: str, expected: list[tuple[object, ...]]) -> None:
    """Of every kind, in the order of the lvs.cf."""
    assert shown(compared(text)) == expected


def test_port_of_nat() -> None:
    """Two real servers on one address are matched by port first."""
    text = (SERVICE + ONE + TWO).replace("-g", "-m").replace("0.2:80", "0.2:8080")

    found = compared(text, network="nat")

    assert shown(found) == [("port", "10.0.0.2:80", 80, 8080)]


@pytest.mark.parametrize(
    ("more", "network", "port", "counts"),
    [
        ("fwmark = 7", "direct", 8080, False),
        ("fwmark = 7", "nat", 0, False),
        ("fwmark = 7", "nat", 8080, True),
        ("fwmark = 7\n    persistent = 60", "nat", 8080, False),
    ],
)
def test_ports_of_marks_count_where_they_decide(
    more: str, network: str, port: int, counts: bool
) -> None:
    """Only NAT without persistence changes the port of a mark's packet."""
    option = "-m" if network == "nat" else "-g"
    persistent = " -p 60" if "persistent" in more else ""
    text = f"-A -f 7 -s rr{persistent}\n" + "".join(
        f"-a -f 7 -r 10.0.0.{number}:{port} {option} -w {weight}\n"
        for number, weight in ((1, 3), (2, 1))
    )

    assert bool(compared(text, more, network)) is counts


def test_what_servers_that_are_down_explain() -> None:
    """They are missing or have weight 0; then the sorry server comes."""
    sorry = TWO.replace("0.2", "0.3")

    assert [one.is_down for one in compared(SERVICE + sorry)] == [True, True, True]
    assert [one.is_down for one in compared(SERVICE + ONE + sorry)] == [True, False]
    quiesced = SERVICE + ONE.replace("-w 3", "-w 0") + TWO
    assert [one.is_down for one in compared(quiesced, "quiesce_server = 1")] == [True]
    assert [one.is_down for one in compared(quiesced)] == [False]
    assert [one.is_down for one in compared(SERVICE + ONE, "quiesce_server = 1")] == [False]


def test_what_a_listing_hides() -> None:
    """Names in place of numbers, and the kernel's ticks."""
    kernel = (
        "IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n"
        "  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n"
        "TCP  0A000009:0050 rr persistent 15000 FFFFFFFF\n"
        "  -> 0A000001:0050      Route   3      0          0\n"
        "  -> 0A000002:0050      Route   1      0          0\n"
    )

    assert hides_times(listed(kernel))
    assert not hides(listed(kernel))
    assert shown(compared(kernel)) == [("persistence", None, 0, "unknown")]
    assert compared(kernel, "persistent = 60") == ()
    assert hides(listed(SERVICE.replace("10.0.0.9", "vip.example.com")))
    assert not hides(listed(SERVICE))
