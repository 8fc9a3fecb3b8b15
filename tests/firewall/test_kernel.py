"""Random rulesets, judged by the kernel of this machine and by the trace.

Two network namespaces: a host with iptables rules, and a client that sends it first packets.  What
arrives is read from two nft sets, one before and one behind the host's INPUT rules.
"""

import json
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from lvscf.firewall import Packet, parse

HOST, CLIENT = f"lvscf-h{os.getpid()}", f"lvscf-c{os.getpid()}"
LOCAL = {"eth0": "10.10.1.21", "eth1": "10.11.1.1"}
SOURCES = {"10.10.1.100": "eth0", "10.10.1.101": "eth0", "10.11.1.100": "eth1"}
Seen = tuple[int, str, int]
"""Mark, destination and port of a packet that came through."""
VIPS = ("10.10.1.20", "10.10.1.30", "10.10.2.40")
FIRST_PORT = {"nft": 30000, "legacy": 45000}
"""Source ports are never used twice, not even by the other back end, so that every packet opens a
connection: to packets of a known one the nat table is not applied."""
PORTS = (21, 22, 53, 80, 443, 8080, 10500, 20000)

SENDER = """
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


def _run(command: str, namespace: str | None = None, **options: object) -> str:
    prefix = f"ip netns exec {namespace} " if namespace else ""
    done = subprocess.run(
        prefix + command, shell=True, capture_output=True, text=True, check=False, **options
    )  # type: ignore[call-overload]
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stderr}")
    return str(done.stdout)


@pytest.fixture(scope="module")
def network() -> Iterator[None]:
    if os.geteuid() != 0:
        pytest.skip("network namespaces need root")
    for tool in ("ip", "iptables", "iptables-legacy", "nft"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed (apt-get install iptables iproute2 nftables)")
    try:
        _run(f"ip netns add {HOST}")
        _run(f"ip netns add {CLIENT}")
        for number, (device, address) in enumerate(LOCAL.items()):
            _run(f"ip link add {device} netns {HOST} type veth peer name p{number} netns {CLIENT}")
            _run(f"ip -n {HOST} addr add {address}/24 dev {device}")
            _run(f"ip -n {HOST} link set {device} up")
        for source, device in SOURCES.items():
            _run(f"ip -n {CLIENT} addr add {source}/24 dev p{device[-1]}")
        for namespace in (HOST, CLIENT):
            for device in ("lo",) if namespace == HOST else ("lo", "p0", "p1"):
                _run(f"ip -n {namespace} link set {device} up")
        for vip in VIPS:
            _run(f"ip -n {HOST} addr add {vip}/32 dev lo")
            for number, address in enumerate(LOCAL.values()):
                route = f"{vip} via {address} dev p{number} metric {number + 1}"
                _run(f"ip -n {CLIENT} route add {route}")
        _run("iptables -t mangle -A PREROUTING -m connmark --mark 1 -j MARK --set-mark 1", HOST)
    except RuntimeError as reason:
        _remove()
        pytest.skip(f"no network namespaces here: {reason}")
    yield
    _remove()


def _remove() -> None:
    for namespace in (HOST, CLIENT):
        subprocess.run(["ip", "netns", "del", namespace], capture_output=True, check=False)


def _condition(pick: random.Random) -> str:
    words = []
    if pick.random() < 0.6:
        place = pick.choice([*VIPS, "10.10.1.0/24", "10.10.0.0/16", "10.10.1.20/255.0.255.255"])
        words.append(pick.choice(["", "", "! "]) + f"-d {place}")
    if pick.random() < 0.2:
        words.append(pick.choice(["", "! "]) + f"-s {pick.choice([*SOURCES, '10.11.1.0/24'])}")
    if pick.random() < 0.2:
        words.append(
            pick.choice(["", "! "]) + f"-i {pick.choice(['eth0', 'eth+', 'lo', 'eth0:1'])}"
        )
    if pick.random() < 0.7:
        words.append(f"-p {pick.choice(['tcp', 'tcp', 'udp'])}")
        port = pick.choice(PORTS)
        words.append(
            pick.choice(
                [
                    "",
                    f"--dport {port}",
                    f"! --dport {port}",
                    f"--dport {port}:20000",
                    f"-m multiport --dports {port},80,10000:20000",
                    f"-m multiport ! --dports {port}",
                    f"-m multiport --ports {port},443",
                    f"--sport 1024:65535 --dport {port}",
                ]
            )
        )
        if "-p tcp" in words[-2] and pick.random() < 0.15:
            words.append(pick.choice(["--syn", "! --syn", "--tcp-flags SYN,ACK SYN"]))
    if pick.random() < 0.3:
        words.append(
            pick.choice(
                [
                    "-m state --state NEW",
                    "-m state --state ESTABLISHED,RELATED",
                    "-m conntrack ! --ctstate NEW",
                    "-m conntrack --ctstate DNAT",
                    "-m conntrack --ctstate UNTRACKED",
                    "-m state --state INVALID",
                    "-m mark --mark 0x50",
                    "-m mark ! --mark 0x10/0xf0",
                    "-m connmark --mark 0x50",
                    "-m connmark ! --mark 3",
                    '-m comment --comment "it\'s"',
                    "-m iprange --dst-range 10.10.1.0-10.10.1.25",
                    "-m conntrack --ctorigdst 10.10.1.20",
                    "-m conntrack ! --ctorigdst 10.10.1.20",
                    "-m conntrack --ctorigsrc 10.11.1.0/24",
                    "-m conntrack --ctstate INVALID,NEW --ctorigdst 10.10.1.20",
                    "-m conntrack --ctstate UNTRACKED,NEW --ctproto udp",
                    "-m conntrack ! --ctorigdstport 80",
                    "! -f",
                    "-m addrtype --dst-type LOCAL",
                ]
            )
        )
    return " ".join(words)


def _target(pick: random.Random, table: str, chain: str, condition: str) -> str:
    value = pick.choice(["80", "0x50", "0x150/0xff", "0", "443"])
    targets = [
        f"-j MARK --set-mark {value}",
        f"-j MARK --set-xmark {value}",
        "-j MARK --or-mark 0x10",
        "-j MARK --and-mark 0xf0",
        "-j MARK --xor-mark 0x11",
        "-j ACCEPT",
        "-j RETURN",
        "-j CONNMARK --save-mark",
        "-j CONNMARK --restore-mark",
        f"-j CONNMARK --set-mark {value}",
        "-j CONNMARK --restore-mark --nfmask 0xf0 --ctmask 0xff",
    ]
    if table != "nat":
        targets.append("-j DROP")
    if table == "raw":
        targets += ["-j NOTRACK", "-j CT --notrack"]
    if table == "nat":
        targets += ["-j REDIRECT", f"-j DNAT --to-destination {pick.choice(VIPS)}"] * 3
        if "-p " in condition:
            targets += [
                "-j REDIRECT --to-ports 8080",
                "-j DNAT --to-destination 10.10.1.30:443",
                "-j DNAT --to-destination :21",
            ]
    if chain != "LVS":
        targets += ["-j LVS", "-j LVS", "-g LVS"]
    return pick.choice(targets)


def _ruleset(pick: random.Random) -> list[str]:
    bases = {
        "raw": ["PREROUTING"],
        "mangle": ["PREROUTING", "PREROUTING", "INPUT"],
        "nat": ["PREROUTING"],
        "filter": ["INPUT"],
    }
    lines = [f"iptables -t {table} -N LVS" for table in bases]
    for _ in range(pick.randint(3, 14)):
        table = pick.choice(["raw", "mangle", "mangle", "nat", "nat", "filter"])
        chain = pick.choice([*bases[table], *bases[table], "LVS"])
        condition = _condition(pick)
        target = _target(pick, table, chain, condition)
        how = pick.choice(["-A", "-A", "-A", "-I"])
        lines.append(f"iptables -t {table} {how} {chain} {condition} {target}")
    if pick.random() < 0.2:
        lines.append("iptables -P INPUT DROP")
    return lines


def _packets(pick: random.Random, count: int, port: int) -> list[tuple[Packet, int]]:
    packets = []
    for number in range(count):
        source = pick.choice(list(SOURCES))
        packet = Packet(
            pick.choice(["tcp", "tcp", "udp"]),
            pick.choice(VIPS),
            pick.choice(PORTS),
            source,
            SOURCES[source],
        )
        packets.append((packet, port + number))
    return packets


def _asked(
    lines: list[str], back_end: str, packets: list[tuple[Packet, int]]
) -> tuple[str, dict[int, set[Seen]]]:
    """What the kernel does: the saved rules, and what comes through INPUT, by source port."""
    lines = [*_emptying(), *lines]
    script = "\n".join(line.replace("iptables", f"iptables-{back_end}", 1) for line in lines)
    _run(f"sh -e -c {shlex.quote(script)}", HOST)
    saved = _run(f"iptables-{back_end}-save", HOST)
    key = "meta mark . ip daddr . th dport . th sport"
    watch = (
        "add table ip watch; delete table ip watch; add table ip watch; "
        f"add set ip watch behind {{ typeof {key}; flags dynamic; size 65535; }}; "
        "add chain ip watch behind { type filter hook input priority 10; }; "
        f"add rule ip watch behind add @behind {{ {key} }}"
    )
    _run(f"nft {shlex.quote(watch)}", HOST)
    asked = [
        (p.source, f"p{(p.interface or '')[-1]}", p.protocol, p.destination, p.port, own)
        for p, own in packets
    ]
    _run(f"{sys.executable} -c {shlex.quote(SENDER)}", CLIENT, input=json.dumps(asked))
    return saved, _elements("behind")


def _emptying() -> list[str]:
    """Commands that leave no rule and no user's chain."""
    return [
        "iptables -P INPUT ACCEPT",
        *(
            f"iptables -t {table} {how}"
            for table in ("raw", "mangle", "nat", "filter")
            for how in ("-F", "-X")
        ),
    ]


def _elements(name: str) -> dict[int, set[Seen]]:
    """What a set holds, by source port; a packet that was sent again may be there twice."""
    listed = _run(f"nft -n list set ip watch {name}", HOST)
    elements: dict[int, set[Seen]] = {}
    for mark, to, port, own in re.findall(r"(\w+) \. ([\d.]+) \. (\d+) \. (\d+)", listed):
        elements.setdefault(int(own), set()).add((int(mark, 0), to, int(port)))
    return elements


def _disagreement(lines: list[str], back_end: str, packets: list[tuple[Packet, int]]) -> str:
    """Where kernel and trace do not agree, for a message; nothing if they do."""
    saved, through = _asked(lines, back_end, packets)
    for text in (saved, "\n".join(lines)):
        firewall = parse(text)
        if firewall.findings:
            return f"{firewall.findings[0].message}\n{text}"
        for packet, own in packets:
            outcomes = firewall.trace(packet, LOCAL[packet.interface or ""])
            accepted = {(o.mark, o.destination, o.port) for o in outcomes if o.accepted}
            seen = through.get(own)
            agrees = accepted & seen if seen else not all(o.accepted for o in outcomes)
            if not agrees:
                return f"kernel: {seen}; {packet}: {outcomes}\n{text}"
    return ""


@pytest.mark.parametrize("back_end", ["nft", "legacy"])
@pytest.mark.usefixtures("network")
def test_trace_agrees_with_the_kernel(back_end: str) -> None:
    seed = int(os.environ.get("LVSCF_SEED", "0")) or random.randrange(10**6)
    pick = random.Random(seed)
    for round_ in range(int(os.environ.get("LVSCF_RULESETS", "12"))):
        lines = _ruleset(pick)
        first = FIRST_PORT[back_end] + round_ * 24 % 7000
        packets = _packets(pick, 24, first)
        if _disagreement(lines, back_end, packets):
            # A busy machine loses packets; what is really wrong is wrong again.
            again = [(packet, own + 7500) for packet, own in packets]
            assert not (told := _disagreement(lines, back_end, again)), f"seed {seed}: {told}"
    for line in _emptying():
        _run(line.replace("iptables", f"iptables-{back_end}", 1), HOST)
    _run("nft delete table ip watch", HOST)
