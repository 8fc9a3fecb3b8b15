"""Routes in the outputs of ip, route and netstat."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvscf import hosts
from lvscf.hosts.facts import Route
from lvscf.hosts.route_tables import read
from lvscf.shared import ipv4
from lvscf.source import Source

IP_ROUTE = """\
default via 10.10.1.254 dev eth0 proto static metric 100
default via 10.11.0.254 dev eth1 metric 200 onlink
10.10.1.0/24 dev eth0 proto kernel scope link src 10.10.1.21
10.20.0.2 dev tunl0 proto kernel scope link src 10.20.0.1
blackhole 10.99.0.0/16
unreachable 10.98.0.0/16 metric 20
"""
MULTIPATH = """\
default proto static metric 100
\tnexthop via 10.10.1.1 dev eth0 weight 1
\tnexthop via 10.10.1.2 dev eth1 weight 1
\tnexthop via 10.10.1.3 dev eth2 weight 1 dead linkdown
10.10.1.0/24 dev eth0 proto kernel scope link src 10.10.1.21
"""
ALL_TABLES = """\
10.60.0.0/16 via 10.10.1.9 dev eth0 table 100
default via 10.10.1.254 dev eth0
10.10.1.0/24 dev eth0 proto kernel scope link src 10.10.1.21
local 10.10.1.21 dev eth0 table local proto kernel scope host src 10.10.1.21
broadcast 10.10.1.255 dev eth0 table local proto kernel scope link src 10.10.1.21
fe80::/64 dev eth0 proto kernel metric 256 pref medium
local ::1 dev lo table local proto kernel metric 0 pref medium
multicast ff00::/8 dev eth0 table local proto kernel metric 256 pref medium
"""
ROUTE_N = """\
Kernel IP routing table
Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
0.0.0.0         10.10.1.254     0.0.0.0         UG    100    0        0 eth0
10.10.1.0       0.0.0.0         255.255.255.0   U     0      0        0 eth0
10.20.0.2       0.0.0.0         255.255.255.255 UH    0      0        0 tunl0
10.98.0.0       -               255.255.0.0     !     0      -        0 -
10.99.0.0       0.0.0.0         255.255.0.0     U     0      0        0 *
"""
NETSTAT = """\
Kernel IP routing table
Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface
10.10.1.0       0.0.0.0         255.255.255.0   U         0 0          0 eth0
0.0.0.0         10.10.1.254     0.0.0.0         UG        0 0          0 eth0
"""
WITH_NAMES = """\
Kernel IP routing table
Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
10.10.1.0       *               255.255.255.0   U     0      0        0 eth0
default         gw.example.com  0.0.0.0         UG    0      0        0 eth0
"""


def shown(route: Route) -> str:
    words = [route.kind] if route.kind != "unicast" else []
    words.append(ipv4.shown(route.destination))
    words += [f"via {route.gateway}"] if route.gateway else []
    words += [f"dev {route.device}"] if route.device else []
    words += [f"src {route.source}"] if route.source else []
    words += [f"metric {route.metric}"] if route.metric else []
    return " ".join([*words, *([f"table {route.table}"] if route.table != "main" else [])])


@pytest.mark.parametrize(
    ("text", "routes", "complete"),
    [
        (IP_ROUTE, ["0.0.0.0/0 via 10.10.1.254 dev eth0 metric 100", "0.0.0.0/0 via 10.11.0.254 dev eth1 metric 200", "10.10.1.0/24 dev eth0 src 10.10.1.21", "10.20.0.2/32 dev tunl0 src 10.20.0.1", "blackhole 10.99.0.0/16", "unreachable 10.98.0.0/16 metric 20"], True),
        (MULTIPATH, ["0.0.0.0/0 via 10.10.1.1 dev eth0 metric 100", "0.0.0.0/0 via 10.10.1.2 dev eth1 metric 100", "10.10.1.0/24 dev eth0 src 10.10.1.21"], True),
        (MULTIPATH.replace("\n\t", " \\\t"), ["0.0.0.0/0 via 10.10.1.1 dev eth0 metric 100", "0.0.0.0/0 via 10.10.1.2 dev eth1 metric 100", "10.10.1.0/24 dev eth0 src 10.10.1.21"], True),
        ("default \n\tnexthop via 10.10.1.1  dev eth0 weight 1\n\tnexthop via 10.10.1.2  dev eth0 weight 1\n", ["0.0.0.0/0 via 10.10.1.1 dev eth0", "0.0.0.0/0 via 10.10.1.2 dev eth0"], False),
        (ALL_TABLES, ["10.60.0.0/16 via 10.10.1.9 dev eth0 table 100", "0.0.0.0/0 via 10.10.1.254 dev eth0", "10.10.1.0/24 dev eth0 src 10.10.1.21", "local 10.10.1.21/32 dev eth0 src 10.10.1.21 table local", "broadcast 10.10.1.255/32 dev eth0 src 10.10.1.21 table local"], True),
        ("local 10.10.1.21 dev eth0 proto kernel scope host src 10.10.1.21\n", ["local 10.10.1.21/32 dev eth0 src 10.10.1.21 table local"], False),
        ("default via 10.10.1.254 dev eth0\n10.10.1.254 dev eth0 scope link\n", ["0.0.0.0/0 via 10.10.1.254 dev eth0", "10.10.1.254/32 dev eth0"], True),
        ("default via 10.10.1.254 dev eth0\n", ["0.0.0.0/0 via 10.10.1.254 dev eth0"], False),
        ("10.50.0.0/16 via inet6 fe80::9 dev eth0\n", ["10.50.0.0/16 via fe80::9 dev eth0"], False),
        ("fe80::/64 dev eth0 metric 256\ndefault via fe80::1 dev eth0 proto ra metric 1024\ndefault dev tun0 metric 1\n", [], False),
        (ROUTE_N, ["0.0.0.0/0 via 10.10.1.254 dev eth0 metric 100", "10.10.1.0/24 dev eth0", "10.20.0.2/32 dev tunl0", "unreachable 10.98.0.0/16", "blackhole 10.99.0.0/16"], True),
        (ROUTE_N.partition("\n")[2].replace("\n", "\r\n"), ["0.0.0.0/0 via 10.10.1.254 dev eth0 metric 100", "10.10.1.0/24 dev eth0", "10.20.0.2/32 dev tunl0", "unreachable 10.98.0.0/16", "blackhole 10.99.0.0/16"], True),
        (NETSTAT, ["10.10.1.0/24 dev eth0", "0.0.0.0/0 via 10.10.1.254 dev eth0"], True),
        (WITH_NAMES, ["10.10.1.0/24 dev eth0", "0.0.0.0/0 via gw.example.com dev eth0"], True),
        (WITH_NAMES + "link-local      *               255.255.0.0     U     1003   0        0 eth0\n", ["10.10.1.0/24 dev eth0", "0.0.0.0/0 via gw.example.com dev eth0"], False),
    ],
)  # fmt: skip
def test_routes(text: str, routes: list[str], complete: bool) -> None:
    """Each route, and whether the text has the whole table `main`."""
    host = hosts.read(text)

    assert [shown(route) for route in host.routes] == routes
    assert ("routes" in host.complete) is complete
    assert {route.origin for route in host.routes} <= {"running"}


def test_a_file_of_routes() -> None:
    """A `route-eth0` file looks like the output of `ip route`; its name tells the device."""
    (route,) = hosts.read("10.60.0.0/16 via 10.10.1.9 \n", "r1/route-eth0").routes

    assert (route.origin, route.device) == ("boot", "eth0")


@pytest.mark.parametrize("text", [IP_ROUTE, MULTIPATH, ALL_TABLES, ROUTE_N, NETSTAT])
def test_places(text: str) -> None:
    """A route is at its line; a next hop at its own."""
    for route in hosts.read(text).routes:
        assert route.place is not None
        words = text[route.place.start : route.place.end]
        assert (route.gateway or route.device or "10.9") in words
        assert "\n" not in words


@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [
                    "default",
                    "10.0.0.0/8",
                    "10.0.0.1",
                    "via",
                    "dev",
                    "eth0",
                    "nexthop",
                    "metric",
                    "table",
                    "\\",
                    "blackhole",
                    "\n",
                    "-",
                    "scope",
                    "link",
                    "1",
                    "::1",
                    "proto",
                ]
            )
            | st.text(max_size=4)
        ).map(" ".join)
        | st.sampled_from(ROUTE_N.splitlines())
    )
)
def test_any_text_is_read(lines: list[str]) -> None:
    """No text makes the reader fail, and places stay within it."""
    text = "\n".join(lines)

    assert all(one.place and one.place.end <= len(text) for one in read(Source(text)).routes)
