"""Firewall rules: the cost per rule of reading a dump, and the cost of a trace per service.

    python -m benchmarks.firewall

The dump is the worst case of a cluster: one marking rule for each of the services, among many rules
for other hosts.  The costs per rule and per trace must not grow with the dump, as they would if a
trace evaluated every rule.  Nor may a trace cost more because of chains that it never reaches.
"""

import sys
import time

from benchmarks import inputs
from lvscf.firewall import Firewall, Packet, parse

SIZES = (12_500, 25_000, 50_000)
"""Rules in a dump."""
SERVICES = 1_000
CHAINS = (10, 100, 1_000, 5_000)
"""Numbers of chains in a dump with one chain for each service."""


def timed_parse(text: str) -> tuple[float, Firewall]:
    """Seconds for reading, and what was read."""
    begin = time.perf_counter()
    firewall = parse(text)
    return time.perf_counter() - begin, firewall


def timed_traces(firewall: Firewall) -> tuple[float, float]:
    """Seconds for the first trace, which prepares the rules, and for traces of all services."""
    packets = [
        Packet("tcp", inputs.service_address(number), 80, interface="eth0")
        for number in range(SERVICES)
    ]
    begin = time.perf_counter()
    firewall.trace(packets[0])
    prepared = time.perf_counter()
    marks = [[outcome.mark for outcome in firewall.trace(packet)] for packet in packets]
    end = time.perf_counter()
    if marks != [[number + 1] for number in range(SERVICES)]:
        sys.exit("the traces are wrong")
    return prepared - begin, end - prepared


def timed_chains(firewall: Firewall, chains: int) -> float:
    """Seconds for traces of all services, with one chain for each service."""
    packets = [
        Packet("tcp", inputs.service_address(number % chains), 80) for number in range(SERVICES)
    ]
    for packet in packets:
        firewall.trace(packet)
    begin = time.perf_counter()
    for packet in packets:
        firewall.trace(packet)
    return time.perf_counter() - begin


def main() -> None:
    """Measure and print."""
    parse("iptables -A INPUT -j ACCEPT")  # loads the tables
    print(f"{'rules':>8} {'parse':>12} {'first trace':>12} {'per rule':>12} {'per trace':>12}")
    for size in SIZES:
        text = inputs.iptables_save(size, SERVICES)
        rounds = []
        for _ in range(3):
            parsing, firewall = timed_parse(text)
            rounds.append((parsing, *timed_traces(firewall)))
        parsing, preparing, tracing = (min(column) for column in zip(*rounds, strict=True))
        print(
            f"{size:>8} {parsing:>10.2f} s {preparing:>10.2f} s "
            f"{(parsing + preparing) / size * 1e6:>9.2f} us {tracing / SERVICES * 1e6:>9.1f} us"
        )
    print(f"per trace: {SERVICES} services, after the first trace has prepared the rules")
    print()
    print(f"{'chains':>8} {'per trace':>12}")
    for chains in CHAINS:
        firewall = parse(inputs.iptables_chains(chains))
        seconds = min(timed_chains(firewall, chains) for _ in range(3))
        print(f"{chains:>8} {seconds / SERVICES * 1e6:>9.1f} us")


if __name__ == "__main__":
    main()
