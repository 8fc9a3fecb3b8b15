"""Linting with the hosts' files: the cost per service of packets both ways, and how it grows.

    python -m benchmarks.ways

A NAT router with rules for each service in PREROUTING, INPUT, FORWARD and OUTPUT, with its
addresses, routes and kernel settings, and real servers with files of their own.  Twice the
services, with twice the rules and twice the real servers, may take about twice the time.
"""

import time
from collections.abc import Iterator

import lvscf
from benchmarks import inputs
from lvscf import hosts
from lvscf.cluster import Cluster
from lvscf.hosts import Host

SIZES = (125, 250, 500, 1_000)
"""Numbers of services; 1,000 have 10,000 rules."""
RULES_PER_SERVICE = 10
SERVICES_PER_SERVER = 10

_SETTINGS = "net.ipv4.ip_forward = 1\nnet.ipv4.vs.conntrack = {conntrack}\n"


def lvs_cf(services: int) -> str:
    """An lvs.cf with NAT, and a pair of routers; ten services share two real servers."""
    head = (
        "primary = 10.10.1.21\nbackup = 10.10.1.22\nbackup_active = 1\nheartbeat = 1\n"
        "network = nat\nnat_router = 10.128.0.1 eth1:1\nnat_nmask = 255.128.0.0\n"
    )
    blocks = []
    for number in range(services):
        servers = "".join(
            f"server {name} {{\nactive = 1\naddress = {server_address(number, name)}\n}}\n"
            for name in ("one", "two")
        )
        mark = f"fwmark = {number + 1}\n" if number % 2 else ""
        blocks.append(
            f"virtual service_{number} {{\nactive = 1\n"
            f"address = {inputs.service_address(number)} eth0:{number}\n"
            f"vip_nmask = 255.255.255.255\nport = 80\n{mark}{servers}}}\n"
        )
    return head + "".join(blocks)


def server_address(number: int, name: str) -> str:
    """The address of one of a service's real servers."""
    group = number // SERVICES_PER_SERVER
    return f"10.{128 + group // 200}.{group % 200}.{31 if name == 'one' else 32}"


def rules(services: int) -> str:
    """Saved rules: five for each service and its real servers, and five for other hosts."""
    marking, entering, forwarding, leaving = [], [], [], []
    for number in range(services):
        vip = inputs.service_address(number)
        marking.append(
            f"-A PREROUTING -d {vip}/32 -p tcp -m tcp --dport 80 -j MARK --set-mark {number + 1}"
        )
        entering.append(f"-A INPUT -d {vip}/32 -p tcp -m tcp --dport 80 -j ACCEPT")
        server = server_address(number, "one" if number % 2 else "two")
        forwarding.append(f"-A FORWARD -s {server}/32 -p tcp -m tcp --sport 80 -j ACCEPT")
        leaving.append(f"-A OUTPUT -d {server}/32 -p tcp -m tcp --dport 80 -j ACCEPT")
        for other in range(RULES_PER_SERVICE - 4):
            chain = (entering, forwarding, leaving)[other % 3]
            name = ("INPUT", "FORWARD", "OUTPUT")[other % 3]
            side = "-s" if name == "FORWARD" else "-d"
            address = f"172.{16 + other}.{number // 250}.{number % 250}"
            chain.append(f"-A {name} {side} {address}/32 -p tcp -j DROP")
    return "\n".join(
        [
            "*mangle", ":PREROUTING ACCEPT [0:0]", *marking, "COMMIT",
            "*filter", ":INPUT DROP [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT DROP [0:0]",
            "-A INPUT -p udp -m udp --dport 539 -j ACCEPT",
            "-A INPUT -m state --state ESTABLISHED -j ACCEPT", *entering,
            *forwarding,
            "-A OUTPUT -p udp -m udp --dport 539 -j ACCEPT", *leaving, "COMMIT", "",
        ]
    )  # fmt: skip


def files(services: int, conntrack: int) -> Iterator[Host]:
    """All files of the hosts."""
    addresses = (
        "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN\n"
        "    inet 127.0.0.1/8 scope host lo\n"
        "2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP\n"
        "    inet 10.10.1.21/24 scope global eth0\n"
        "3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP\n"
        "    inet 10.128.0.2/9 scope global eth1\n"
    )
    routes = "10.10.1.0/24 dev eth0 scope link\n10.128.0.0/9 dev eth1 scope link\n"
    for text in (rules(services), _SETTINGS.format(conntrack=conntrack), addresses, routes):
        yield hosts.read(text).of("router", "10.10.1.21")
    for number in range(0, services, SERVICES_PER_SERVER):
        for name in ("one", "two"):
            address = server_address(number, name)
            route = "default via 10.128.0.1 dev eth0\n10.128.0.0/9 dev eth0 scope link\n"
            for text in (f"-A INPUT -d {address}/32 -p tcp -j ACCEPT\n-P INPUT DROP\n", route):
                yield hosts.read(text).of("real-server", address)


def seconds(services: int, conntrack: int) -> tuple[float, int]:
    """Seconds for linting, in the better of two rounds, and the number of findings."""
    text, times = lvs_cf(services), []
    for _ in range(2):
        cluster = Cluster(tuple(files(services, conntrack)))
        begin = time.perf_counter()
        found = lvscf.lint(lvscf.parse(text), cluster)
        times.append(time.perf_counter() - begin)
    return min(times), len(found)


def main() -> None:
    """Measure and print."""
    seconds(10, 0)  # loads the rules
    for conntrack in (0, 1):
        print(f"net.ipv4.vs.conntrack = {conntrack}")
        print(f"{'services':>10} {'rules':>8} {'lint':>10} {'per service':>14} {'findings':>10}")
        for services in SIZES:
            time_taken, count = seconds(services, conntrack)
            print(
                f"{services:>10} {services * RULES_PER_SERVICE:>8} {time_taken:>8.2f} s "
                f"{time_taken / services * 1e3:>11.2f} ms {count:>10}"
            )


if __name__ == "__main__":
    main()
