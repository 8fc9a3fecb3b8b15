"""The packets of a virtual server: which they are, and how live clusters treated them."""

import gzip
import json
from typing import Any

import pytest
from attrs import evolve

from lvscf.firewall import Firewall, parse
from lvscf.hosts.journeys import (
    Conntrack,
    Leg,
    Loss,
    Method,
    Service,
    checks,
    heartbeats,
    through_router,
    through_server,
)
from tests.vectors import DATA

DIRECT = Service(
    "direct", "tcp", "10.10.1.20", 80, "10.10.1.31", 8080, mark=80, router="10.10.1.21"
)
NAT = evolve(DIRECT, method="nat", server="10.11.0.31", router="10.11.0.1")
TUNNEL = evolve(DIRECT, method="tunnel")


def seen(legs: tuple[Leg, ...]) -> dict[tuple[str, str | None], tuple[str | None, ...]]:
    """The states of each packet, by way and flags."""
    return {
        (leg.way, leg.packet.flags): tuple(packet.state for packet in leg.packets) for leg in legs
    }


MEASURED: dict[tuple[Method, Conntrack], dict[tuple[str, str | None], tuple[str | None, ...]]] = {
    ("direct", "0"): {
        ("input", "SYN"): (None,), ("output", "SYN"): ("UNTRACKED",),
        ("input", "ACK"): ("NEW",), ("output", "ACK"): ("UNTRACKED",),
        ("input", "FIN"): ("INVALID",), ("output", "FIN"): ("INVALID",),
        ("input", "RST"): ("INVALID",), ("output", "RST"): ("INVALID",),
    },
    ("direct", "1"): {
        ("input", "SYN"): (None,), ("output", "SYN"): (None,),
        ("input", "ACK"): ("INVALID",), ("output", "ACK"): ("INVALID",),
        ("input", "FIN"): ("INVALID",), ("output", "FIN"): ("INVALID",),
    },
    ("direct", "absent"): {
        ("input", "SYN"): (None,), ("output", "SYN"): (None,),
        ("input", "ACK"): ("NEW",), ("output", "ACK"): ("NEW",),
        ("input", "FIN"): ("INVALID",), ("output", "FIN"): ("INVALID",),
        ("input", "RST"): ("INVALID",), ("output", "RST"): ("INVALID",),
    },
    ("nat", "0"): {
        ("input", "SYN"): (None,), ("output", "SYN"): ("UNTRACKED",),
        ("input", "ACK"): ("NEW",), ("output", "ACK"): ("UNTRACKED",),
        ("input", "FIN"): ("INVALID",), ("output", "FIN"): ("INVALID",),
        ("input", "RST"): ("INVALID",), ("output", "RST"): ("INVALID",),
        ("forward", "SYN-ACK"): ("INVALID",), ("forward", "ACK"): ("NEW",),
        ("forward", "FIN"): ("INVALID",),
    },
    ("nat", "1"): {
        ("input", "SYN"): (None,), ("output", "SYN"): (None,),
        ("input", "ACK"): ("ESTABLISHED",), ("output", "ACK"): ("ESTABLISHED",),
        ("input", "FIN"): ("ESTABLISHED",), ("output", "FIN"): ("ESTABLISHED",),
        ("input", "RST"): ("ESTABLISHED",), ("output", "RST"): ("ESTABLISHED",),
        ("forward", "SYN-ACK"): ("ESTABLISHED",), ("forward", "ACK"): ("ESTABLISHED",),
        ("forward", "FIN"): ("ESTABLISHED",),
    },
}  # fmt: skip


@pytest.mark.parametrize(("method", "conntrack"), MEASURED)
def test_states_are_those_that_were_measured(method: Method, conntrack: Conntrack) -> None:
    """On Linux 6.1; without the setting, nothing is UNTRACKED."""
    service = NAT if method == "nat" else DIRECT
    legs = through_router(service, conntrack, kernel=(6, 1))
    assert seen(legs) == MEASURED[method, conntrack]


def test_packets_in_a_tunnel_show_no_flags() -> None:
    """IPVS sends protocol 4; only with connection tracking is that a connection."""
    sent = [leg for leg in through_router(TUNNEL, "0", kernel=(6, 1)) if leg.way == "output"]
    assert [(leg.packet.protocol, leg.packet.state, leg.packet.flags) for leg in sent] == [
        ("4", "UNTRACKED", None), ("4", "UNTRACKED", None),
    ]  # fmt: skip
    assert {leg.packet.destination for leg in sent} == {"10.10.1.31"}
    tracked = [leg for leg in through_router(TUNNEL, "1") if leg.way == "output"]
    assert {leg.packet.state for leg in tracked} == {None}


def test_what_is_not_known_is_followed_in_every_state() -> None:
    """The setting, and the kernel that decides what becomes of a FIN."""
    states = seen(through_router(NAT, None))
    assert states["output", "SYN"] == ("UNTRACKED", None)
    assert states["forward", "SYN-ACK"] == ("INVALID", "ESTABLISHED")
    assert seen(through_router(DIRECT, "0"))["output", "FIN"] == ("INVALID", "UNTRACKED")
    assert seen(through_router(DIRECT, "0", kernel=(3, 10)))["output", "FIN"] == ("UNTRACKED",)


def test_what_was_never_measured_is_no_leg() -> None:
    """A reset under `vs.conntrack = 1`, and replies that come back to such a router."""
    assert ("input", "RST") not in seen(through_router(DIRECT, "1"))
    returning = seen(through_router(DIRECT, "1", returning=True))
    assert ("input", "ACK") not in returning
    assert returning["forward", "SYN-ACK"] == ("ESTABLISHED",)


def test_addresses_are_those_that_each_chain_sees() -> None:
    """The mark stays with the request; the reply's source in FORWARD is the real server."""
    by_way = {leg.way: leg.packet for leg in reversed(through_router(NAT, "0"))}
    assert (by_way["input"].destination, by_way["input"].port) == ("10.10.1.20", 80)
    sent = by_way["output"]
    assert (sent.destination, sent.port, sent.mark) == ("10.11.0.31", 8080, 80)
    back = by_way["forward"]
    assert (back.source, back.source_port, back.mark) == ("10.11.0.31", 8080, 0)
    direct = {leg.way: leg.packet for leg in through_router(DIRECT, "0", returning=True)}
    assert direct["output"].destination == "10.10.1.20"
    assert direct["forward"].source == "10.10.1.20"


def test_datagrams_have_no_end() -> None:
    """UDP has neither flags nor an INVALID packet."""
    legs = through_router(evolve(NAT, protocol="udp"), "0")
    assert seen(legs) == {
        ("input", None): (None,), ("output", None): ("UNTRACKED",), ("forward", None): (None,),
    }  # fmt: skip
    assert {leg.breaks for leg in legs} == {"clients"}


def test_a_tunnel_arrives_twice() -> None:
    """As protocol 4 for the real server, and then what was inside, through tunl0."""
    outer, inner, *_ = through_server(TUNNEL)
    assert (outer.packet.protocol, outer.packet.destination) == ("4", "10.10.1.31")
    assert (inner.packet.interface, inner.packet.destination) == ("tunl0", "10.10.1.20")
    accepting = parse("iptables -A INPUT -p ipencap -j ACCEPT\niptables -P INPUT DROP")
    assert outer.loss(accepting) is None
    assert inner.loss(accepting) is not None


def test_redirect_changes_what_replies_look_like() -> None:
    """In OUTPUT they come from the real server's address, and from the VIP only afterwards."""
    firewall = parse("iptables -t nat -A PREROUTING -d 10.10.1.20 -p tcp -j REDIRECT")
    request, later, reply = through_server(DIRECT)
    assert reply.packet.source == "10.10.1.20"
    ((taken,),) = request.outcomes(firewall, DIRECT.server)
    assert through_server(DIRECT, taken)[-1].packet.source == "10.10.1.31"
    strict = "iptables -P OUTPUT DROP\niptables -A OUTPUT -s 10.10.1.31 -j ACCEPT\n"
    assert reply.loss(parse(strict)) is not None
    assert through_server(DIRECT, taken)[-1].loss(parse(strict)) is None
    assert later.loss(firewall, DIRECT.server) is None


def test_checks_need_both_ways_on_both_hosts() -> None:
    """A router that lets no replies in finds every real server dead."""
    legs = checks(DIRECT)
    assert [(leg.role, leg.way) for leg in legs] == [
        ("router", "output"), ("real-server", "input"), ("real-server", "output"),
        ("router", "input"), ("router", "output"), ("real-server", "input"),
    ]  # fmt: skip
    deaf = parse(
        "iptables -A INPUT -p tcp -m multiport --dports 80,443 -j ACCEPT\niptables -P INPUT DROP"
    )
    assert [leg.way for leg in legs if leg.role == "router" and leg.loss(deaf)] == ["input"]
    first_only = parse("iptables -A OUTPUT -m state --state NEW -j ACCEPT\niptables -P OUTPUT DROP")
    assert [leg.words for leg in legs if leg.role == "router" and leg.loss(first_only)] == [
        "nanny's later packets"
    ]


def test_heartbeats_may_count_as_replies() -> None:
    """Both routers send from the port to which they send."""
    out, back = heartbeats("10.10.1.21", "10.10.1.22", 539)
    replies = "iptables -A {0} -m state --state ESTABLISHED -j ACCEPT\niptables -P {0} DROP"
    silent = "iptables -A OUTPUT -p tcp -j ACCEPT\niptables -P OUTPUT DROP"
    assert out.loss(parse(replies.format("OUTPUT"))) is None
    assert back.loss(parse(replies.format("INPUT"))) is None
    assert out.loss(parse(silent)) is not None


def test_a_loss_is_certain_only_if_nothing_is_open() -> None:
    """Neither what the kernel decides nor one of several states makes a loss."""
    request = through_router(NAT, None)[0]
    assert request.loss(parse("iptables -A INPUT -m limit --limit 1/s -j DROP")) is None
    assert request.loss(parse("iptables -A INPUT -p tcp --dport 80 -j DROP")) is not None
    back = next(leg for leg in through_router(NAT, None) if leg.way == "forward")
    stateful = (
        "iptables -A FORWARD -m state --state ESTABLISHED -j ACCEPT\niptables -P FORWARD DROP"
    )
    assert back.loss(parse(stateful)) is None
    back = next(leg for leg in through_router(NAT, "0") if leg.way == "forward")
    assert back.loss(parse(stateful)) is not None


METHODS: dict[str, Method] = {"-g": "direct", "-m": "nat", "-i": "tunnel"}


def losses(cluster: dict[str, Any]) -> set[Loss]:
    """What breaks for packets that a cluster's rules certainly lose."""
    hosts = cluster["hosts"]
    firewalls = {name: parse(host["iptables_save"]) for name, host in hosts.items()}
    router = hosts["router"]
    setting: Conntrack = "1" if "net.ipv4.vs.conntrack = 1" in router["sysctl"] else "0"
    found: set[Loss] = set()
    for service in services(cluster):
        name = next(
            name for name, host in hosts.items() if f" {service.server}/" in host["ip_addr"]
        )
        request = next(leg for leg in through_server(service) if leg.words.endswith("first packet"))
        taken = next(
            (one for one in request.outcomes(firewalls[name], service.server)[0] if one.accepted),
            None,
        )
        for leg in (
            *through_router(service, setting, kernel=(6, 1)),
            *through_server(service, taken),
            *checks(service),
        ):
            on_router = leg.role == "router"
            firewall: Firewall = firewalls["router" if on_router else name]
            if leg.loss(firewall, "10.10.1.21" if on_router else service.server):
                found.add(leg.breaks)
    return found


def services(cluster: dict[str, Any]) -> list[Service]:
    """The virtual servers of `ipvsadm -Sn`, once for each real server."""
    found = []
    for line in cluster["ipvs"]:
        words = line.split()
        if words[0] == "-A":
            address, _, text = (
                words[2].partition(":") if words[1] == "-t" else ("10.10.1.20", "", "80")
            )
            port, mark = int(text), int(words[2]) if words[1] == "-f" else 0
            continue
        server, _, server_port = words[4].partition(":")
        outside = server.startswith("10.10.")
        found.append(
            Service(
                METHODS[words[5]], "tcp", address, port, server, int(server_port) or port, mark,
                client="10.10.1.101",
                router="10.10.1.21" if outside else None,
                client_device="eth0", server_device="eth0" if outside else None, device="eth0",
            )
        )  # fmt: skip
    return found


with gzip.open(DATA / "live_clusters2.jsonl.gz", "rt", encoding="utf-8") as lines:
    CLUSTERS: list[dict[str, Any]] = [json.loads(line) for line in lines]


@pytest.mark.parametrize("cluster", CLUSTERS, ids=[one["id"] for one in CLUSTERS])
def test_live_clusters_lose_what_their_rules_drop(cluster: dict[str, Any]) -> None:
    """Nothing that arrived is called lost, and what iptables alone explains is found."""
    lost = losses(cluster)
    broken = set(cluster["broken_by"])
    if "clients" not in broken:
        assert "clients" not in lost
        assert ("closing" in lost) == ("close" in broken)
    if "checks" not in broken:
        assert "checks" not in lost
    filters = ("FORWARD", "OUTPUT", "INPUT", "NEW", "ACK")
    if cluster["kind"] in ("nat_forward", "output", "input_state") and "clients" in broken:
        assert any(word in cluster["why"] for word in filters)
        assert "clients" in lost
