"""A host with nftables rules and a client, in two network namespaces, to see what comes through."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable

from lvscf.firewall import Packet
from lvscf.firewall.packets import Way

HOST, CLIENT = f"lvscf-n{os.getpid()}", f"lvscf-m{os.getpid()}"
LOCAL = {"eth0": "10.10.1.21", "eth1": "10.11.1.1"}
SOURCES = {"10.10.1.100": "eth0", "10.10.1.101": "eth0", "10.11.1.100": "eth1"}
VIPS = ("10.10.1.20", "10.10.1.30", "10.10.2.40")
FAR = ("10.12.0.5", "10.12.0.9")
"""Hosts to which the host forwards through eth1."""
OWN = (*LOCAL.values(), *VIPS)
ANOTHER = "10.10.1.100"
"""Another host, to which rules forward."""
Seen = tuple[int, str, str, int]
"""Mark, source, destination and port of a packet that came through."""

_SENDER = """
import json, socket, sys, time
opened = []
for source, device, protocol, destination, port, own in json.load(sys.stdin):
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    s = socket.socket(socket.AF_INET, kind)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
    s.setblocking(False)
    s.bind((source, own))
    try:
        s.connect((destination, port))
        if protocol == "udp":
            s.send(b"x")
    except OSError:
        pass
    opened.append(s)
time.sleep(0.15)
"""
_KEY = "meta mark . ip saddr . ip daddr . th dport . th sport"


def _watch(way: Way) -> str:
    hook = "input" if way == "input" else "postrouting"
    return (
        f"add table ip watch; add set ip watch seen {{ typeof {_KEY}; flags dynamic; size 65535; }}; "
        f"add chain ip watch behind {{ type filter hook {hook} priority 1000; }}; "
        f"add rule ip watch behind add @seen {{ {_KEY} }}"
    )


def run(command: str, namespace: str | None = None, given: str = "") -> str:
    """Run a command in a namespace and return its output.

    Raises:
        RuntimeError: it failed.
    """
    prefix = f"ip netns exec {namespace} " if namespace else ""
    done = subprocess.run(
        prefix + command, shell=True, capture_output=True, text=True, check=False, input=given
    )
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stderr}")
    return done.stdout


def build() -> None:
    """Make the two hosts.

    Raises:
        RuntimeError: there are no network namespaces here.
    """
    run(f"ip netns add {HOST}")
    run(f"ip netns add {CLIENT}")
    for number, (device, address) in enumerate(LOCAL.items()):
        run(f"ip link add {device} netns {HOST} type veth peer name p{number} netns {CLIENT}")
        run(f"ip -n {HOST} addr add {address}/24 dev {device}")
        run(f"ip -n {HOST} link set {device} up")
    for source, device in SOURCES.items():
        run(f"ip -n {CLIENT} addr add {source}/24 dev p{device[-1]}")
    for namespace, devices in ((HOST, ("lo",)), (CLIENT, ("lo", "p0", "p1"))):
        for device in devices:
            run(f"ip -n {namespace} link set {device} up")
    for vip in VIPS:
        run(f"ip -n {HOST} addr add {vip}/32 dev lo")
        for number, address in enumerate(LOCAL.values()):
            route = f"{vip} via {address} dev p{number} metric {number + 1}"
            run(f"ip -n {CLIENT} route add {route}")
    run("sysctl -qw net.ipv4.ip_forward=1", HOST)
    run(f"ip -n {HOST} route add 10.12.0.0/24 via 10.11.1.100 dev eth1")
    run(f"ip -n {CLIENT} route add 10.12.0.0/24 via {LOCAL['eth0']} dev p0")


def remove() -> None:
    """Remove the two hosts."""
    for namespace in (HOST, CLIENT):
        subprocess.run(["ip", "netns", "del", namespace], capture_output=True, check=False)


def load(frame: str, rules: Iterable[str]) -> tuple[str, str]:
    """Load a ruleset: tables with their chains and sets, then rules; those rejected are left out.

    Returns:
        The ruleset as nft lists it, as text and as JSON.
    """
    # Apart: in one step, the kernel would keep the place of NAT among equal priorities.
    run("nft flush ruleset", HOST)
    run("nft -f -", HOST, frame)
    for rule in rules:
        subprocess.run(
            ["ip", "netns", "exec", HOST, "nft", "-f", "-"],
            input=rule,
            text=True,
            capture_output=True,
            check=False,
        )
    return run("nft list ruleset", HOST), run("nft -j list ruleset", HOST)


def through(packets: list[tuple[Packet, int]], way: Way) -> dict[int, set[Seen]]:
    """Send packets on their way; what comes through all of the host's chains, by source port."""
    run(f"nft {shlex.quote(_watch(way))}", HOST)
    asked = [
        (p.source, f"p{p.interface[-1]}" if p.interface else "", p.protocol, p.destination, p.port,
         own)
        for p, own in packets
    ]  # fmt: skip
    sender = HOST if way == "output" else CLIENT
    run(f"{sys.executable} -c {shlex.quote(_SENDER)}", sender, json.dumps(asked))
    listed = run("nft -n list set ip watch seen", HOST)
    run("nft delete table ip watch", HOST)
    found: dict[int, set[Seen]] = {}
    every = re.findall(r"(\w+) \. ([\d.]+) \. ([\d.]+) \. (\d+) \. (\d+)", listed)
    for mark, source, to, port, own in every:
        found.setdefault(int(own), set()).add((int(mark, 0), source, to, int(port)))
    return found
