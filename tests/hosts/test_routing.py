"""The way of a host's packets, and which sources pass `rp_filter`."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvscf import hosts
from lvscf.hosts.facts import Route
from lvscf.hosts.host import Host
from lvscf.hosts.routing import RoutePath, passes_source_check, way_to
from lvscf.shared import ipv4

ADDRESSES = """\
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500
    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff
    inet 10.10.1.31/24 scope global eth0
3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500
    link/ether 02:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff
    inet 10.11.0.31/24 scope global eth1
4: tunl0: <NOARP,UP,LOWER_UP> mtu 1480
    link/ipip 0.0.0.0 brd 0.0.0.0
"""
NETWORKS = "10.10.1.0/24 dev eth0 proto kernel scope link\n10.11.0.0/24 dev eth1 scope link\n"
DEFAULT = "default via 10.10.1.254 dev eth0\n"
BOOT = "DEVICE=eth0\nIPADDR=10.10.1.31\nPREFIX=24\nGATEWAY=10.10.1.1\n"


def host(*texts: str) -> Host:
    return hosts.joined([hosts.read(text) for text in texts])


def agreed(way: RoutePath, asked: Callable[[Route], bool]) -> bool | None:
    """The answer for all routes of a way; None if they differ, or the way is unknown."""
    answers = {asked(route) for route in way.routes} or {False}
    return answers.pop() if len(answers) == 1 and not way.unknown else None


@pytest.mark.parametrize(
    ("texts", "address", "gateway", "device", "certain"),
    [
        # gateway, device: whether the way goes by 10.10.1.254, and by eth0
        ((DEFAULT + NETWORKS,), "192.0.2.1", True, True, True),
        ((DEFAULT + NETWORKS,), "10.10.1.7", False, True, True),
        ((DEFAULT + NETWORKS,), "10.11.0.7", False, False, True),
        ((NETWORKS,), "192.0.2.1", False, False, True),
        ((DEFAULT + NETWORKS, ADDRESSES), "10.10.1.31", False, True, True),
        ((DEFAULT + NETWORKS,), "127.0.0.1", False, False, True),
        ((DEFAULT + NETWORKS + "10.10.1.7 via 10.10.1.254 dev eth0\n",), "10.10.1.7", True, True, True),
        ((DEFAULT + NETWORKS + "blackhole 192.0.2.0/24\n",), "192.0.2.1", False, False, True),
        ((DEFAULT + NETWORKS + "default via 10.11.0.254 dev eth1 metric 9\n",), "192.0.2.1", True, True, True),
        ((DEFAULT + NETWORKS + "default via 10.11.0.254 dev eth1\n",), "192.0.2.1", None, None, True),
        ((DEFAULT + NETWORKS + "default via 10.10.1.9 dev eth0\n",), "192.0.2.1", None, True, True),
        ((DEFAULT + NETWORKS + "default via 10.11.0.9 dev eth1 table 100\n",), "192.0.2.1", None, None, False),
        ((DEFAULT + NETWORKS + "10.9.0.0/16 dev eth1 table 100\n",), "192.0.2.1", True, True, True),
        ((DEFAULT + NETWORKS, BOOT), "192.0.2.1", True, True, True),
        ((BOOT, DEFAULT + NETWORKS), "192.0.2.1", True, True, True),
        ((BOOT,), "192.0.2.1", False, True, False),
        ((BOOT,), "10.10.1.7", False, True, False),
        ((ADDRESSES,), "10.11.0.7", False, False, False),
        ((ADDRESSES,), "192.0.2.1", None, None, False),
        ((DEFAULT,), "192.0.2.1", True, True, False),
        ((DEFAULT,), "www.example.com", None, None, False),
        ((), "192.0.2.1", None, None, False),
    ],
)  # fmt: skip
def test_ways(
    texts: tuple[str, ...],
    address: str,
    gateway: bool | None,
    device: bool | None,
    certain: bool,
) -> None:
    """The longest prefix counts, then the metric; routes of the running host before those of files."""
    way = way_to(host(*texts) if texts else Host(), address)

    assert agreed(way, lambda route: route.gateway == "10.10.1.254") is gateway
    assert agreed(way, lambda route: route.device == "eth0") is device
    assert way.certain is certain
    assert bool(way.unknown) == (way.exists is None)


def test_a_gateway_with_a_name() -> None:
    """`route` without `-n` prints names, which are not looked up."""
    text = (
        "Destination Gateway Genmask Flags Metric Ref Use Iface\n"
        "default gw.example.com 0.0.0.0 UG 0 0 0 eth0\n"
    )
    way = way_to(host(text), "192.0.2.1")

    assert [(route.gateway, route.device) for route in way.routes] == [("gw.example.com", "eth0")]
    assert way.exists


def test_existence() -> None:
    """A blackhole is no way; a host's own address is one."""
    known = host(NETWORKS + "blackhole 10.99.0.0/16\n", ADDRESSES)

    assert way_to(known, "10.99.0.1").exists is False
    assert way_to(known, "192.0.2.1").exists is False
    assert way_to(known, "10.10.1.7").exists is True
    assert way_to(known, "10.10.1.31").is_local


RELEASE_5 = "CentOS release 5.11 (Final)\n"


def settings(all_: int | None, own: int | None, *others: str, device: str = "eth1") -> str:
    lines = [
        f"net.ipv4.conf.{name}.rp_filter = {value}"
        for name, value in (("all", all_), (device, own))
        if value is not None
    ]
    return "\n".join(["net.ipv4.ip_forward = 0", *lines, *others, ""])


WHOLE = (DEFAULT + NETWORKS, ADDRESSES)
ACCEPT = ("net.ipv4.conf.all.accept_local = 1", "net.ipv4.conf.eth1.accept_local = 0")
REFUSE = ("net.ipv4.conf.all.accept_local = 0", "net.ipv4.conf.eth1.accept_local = 0")
TUNNEL = ("net.ipv4.conf.tunl0.rp_filter = 2",)


@pytest.mark.parametrize(
    ("texts", "source", "device", "passes"),
    [
        ((*WHOLE, settings(0, 0)), "192.0.2.1", "eth1", True),
        ((*WHOLE, settings(1, 0)), "192.0.2.1", "eth1", False),
        ((*WHOLE, settings(0, 1)), "192.0.2.1", "eth1", False),
        ((*WHOLE, settings(1, 2)), "192.0.2.1", "eth1", True),
        ((*WHOLE, settings(1, 1)), "10.11.0.7", "eth1", True),
        ((*WHOLE, settings(1, None)), "192.0.2.1", "eth1", None),
        ((*WHOLE, settings(None, None)), "192.0.2.1", "eth1", None),
        (WHOLE, "10.11.0.7", "eth1", True),
        # no route back
        ((NETWORKS, ADDRESSES, settings(2, 0)), "192.0.2.1", "eth1", False),
        ((NETWORKS, ADDRESSES, settings(0, 0)), "192.0.2.1", "eth1", True),
        ((ADDRESSES, settings(1, 0)), "192.0.2.1", "eth1", None),
        ((ADDRESSES, settings(1, 0)), "10.10.1.7", "eth1", None),
        # a device without an address
        ((*WHOLE, settings(0, 0, *TUNNEL)), "192.0.2.1", "tunl0", False),
        ((DEFAULT + NETWORKS, settings(0, 0, *TUNNEL)), "192.0.2.1", "tunl0", None),
        # the host's own address
        ((*WHOLE, settings(0, 0, *REFUSE)), "10.10.1.31", "eth1", False),
        ((*WHOLE, settings(0, 0)), "10.10.1.31", "eth1", None),
        ((*WHOLE, settings(0, 0, *ACCEPT)), "10.10.1.31", "eth1", True),
        ((*WHOLE, settings(1, 0, *ACCEPT)), "10.10.1.31", "eth1", False),
        ((*WHOLE, settings(1, 0, *ACCEPT)), "10.11.0.31", "eth1", True),
        ((*WHOLE, settings(2, 0, *ACCEPT)), "10.10.1.31", "eth1", True),
        # kernel 2.6.18
        ((*WHOLE, settings(1, 0), RELEASE_5), "192.0.2.1", "eth1", True),
        ((*WHOLE, settings(1, 1), RELEASE_5), "192.0.2.1", "eth1", False),
        ((*WHOLE, settings(1, None), RELEASE_5), "192.0.2.1", "eth1", None),
        ((*WHOLE, settings(0, 0, *ACCEPT), RELEASE_5), "10.10.1.31", "eth1", False),
    ],
)  # fmt: skip
def test_source_check(
    texts: tuple[str, ...], source: str, device: str, passes: bool | None
) -> None:
    """As in the kernel; nothing is certain where routes, addresses or settings are missing."""
    assert passes_source_check(host(*texts), source, device) is passes


_NUMBERS = st.integers(0, 0xFFFFFFFF)


@given(
    st.lists(st.tuples(_NUMBERS, st.integers(0, 32), st.integers(0, 2), st.sampled_from("abc"))),
    _NUMBERS.filter(lambda number: number >> 24 != 127),
)
def test_the_longest_prefix_counts(several: list[tuple[int, int, int, str]], number: int) -> None:
    """No other matching route is more specific, or as specific with a smaller metric."""
    # Half of the networks hold the address.
    routes = tuple(
        Route(
            ((number if index % 2 else start) & ipv4.mask_of(length), ipv4.mask_of(length)),
            device=device,
            metric=metric,
        )
        for index, (start, length, metric, device) in enumerate(several)
    )
    way = way_to(Host(routes=routes, complete=frozenset({"routes"})), ipv4.dotted(number))
    matching = [route for route in routes if ipv4.contains(route.destination, number)]
    ranks = [(-route.destination[1], route.metric) for route in matching]

    assert way.exists is bool(matching)
    assert {(-one.destination[1], one.metric) for one in way.routes} == (
        {min(ranks)} if ranks else set()
    )
