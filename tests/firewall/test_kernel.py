"""Random rulesets, judged by the kernel of this machine and by the trace.

Two network namespaces: a host with iptables rules, and a client that sends it first packets, for the
host itself or for hosts that it forwards to; the host sends such packets, too.  What comes through
is read from an nft set that is filled after the host's INPUT or POSTROUTING rules.
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
from itertools import product

import pytest

from lvscf.firewall import Outcome, Packet, parse
from lvscf.firewall.packets import Way

HOST, CLIENT = f"lvscf-h{os.getpid()}", f"lvscf-c{os.getpid()}"
LOCAL = {"eth0": "10.10.1.21", "eth1": "10.11.1.1"}
SOURCES = {"10.10.1.100": "eth0", "10.10.1.101": "eth0", "10.11.1.100": "eth1"}
Seen = tuple[int, str, str, int]
"""Mark, source, destination and port of a packet that came through."""
VIPS = ("10.10.1.20", "10.10.1.30", "10.10.2.40")
OWN = (*LOCAL.values(), *VIPS)
ANOTHER = "10.10.1.100"
"""Another host, which DNAT forwards to."""
FAR = ("10.12.0.5", "10.12.0.9")
"""Hosts to which the host forwards through eth1."""
BASES: dict[Way, dict[str, list[str]]] = {
    "input": {
        "raw": ["PREROUTING"],
        "mangle": ["PREROUTING", "PREROUTING", "INPUT"],
        "nat": ["PREROUTING"],
        "filter": ["INPUT"],
    },
    "forward": {
        "raw": ["PREROUTING"],
        "mangle": ["PREROUTING", "FORWARD", "POSTROUTING"],
        "nat": ["PREROUTING", "POSTROUTING"],
        "filter": ["FORWARD"],
    },
    "output": {
        "raw": ["OUTPUT"],
        "mangle": ["OUTPUT", "POSTROUTING"],
        "nat": ["OUTPUT", "POSTROUTING"],
        "filter": ["OUTPUT"],
    },
}
"""The base chains of each way, by table; those named twice get more rules."""
SETS = ("vips hash:ip skbinfo", "clients hash:ip", "services hash:ip,port")
FIRST_PORT = 30000
"""Source ports are never used twice, so that every packet opens a connection: to packets of a known
one the nat table is not applied."""
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


@pytest.fixture
def network() -> Iterator[None]:
    if os.geteuid() != 0:
        pytest.skip("network namespaces need root")
    for tool in ("ip", "iptables", "iptables-legacy", "nft", "ipset"):
        if not shutil.which(tool):
            pytest.skip(
                f"{tool} is not installed (apt-get install iptables ipset iproute2 nftables)"
            )
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
        _run("sysctl -qw net.ipv4.ip_forward=1", HOST)
        _run(f"ip -n {HOST} route add 10.12.0.0/24 via 10.11.1.100 dev eth1")
        _run(f"ip -n {CLIENT} route add 10.12.0.0/24 via {LOCAL['eth0']} dev p0")
        for made in SETS:
            _run(f"ipset create {made}", HOST)
        _run("ipset add vips 10.10.1.20 skbmark 0x33", HOST)
        _run("ipset add clients 10.10.1.101", HOST)
        _run("ipset add services 10.10.1.30,tcp:80", HOST)
        _run("iptables -t mangle -A PREROUTING -m connmark --mark 1 -j MARK --set-mark 1", HOST)
    except RuntimeError as reason:
        _remove()
        pytest.skip(f"no network namespaces here: {reason}")
    yield
    _remove()


def _remove() -> None:
    for namespace in (HOST, CLIENT):
        subprocess.run(["ip", "netns", "del", namespace], capture_output=True, check=False)


def _condition(pick: random.Random, unknown: float, way: Way, chain: str) -> str:
    words = []
    if pick.random() < 0.6:
        near = [*VIPS, "10.10.1.0/24", "10.10.0.0/16", "10.10.1.20/255.0.255.255"]
        place = pick.choice(near if way == "input" else [*FAR, *FAR, "10.12.0.0/24", *near])
        words.append(pick.choice(["", "", "! "]) + f"-d {place}")
    if pick.random() < 0.2:
        words.append(pick.choice(["", "! "]) + f"-s {pick.choice([*SOURCES, '10.11.1.0/24'])}")
    if pick.random() < 0.3 and way != "input" and chain != "PREROUTING":
        words.append(
            pick.choice(["", "! "]) + f"-o {pick.choice(['eth1', 'eth+', 'eth0', 'lo', 'eth1:1'])}"
        )
    # Whether -i matches in POSTROUTING depends on the kernel.
    if pick.random() < 0.2 and (way != "forward" or chain in ("PREROUTING", "FORWARD")):
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
                    "-m addrtype ! --dst-type LOCAL,BROADCAST",
                    "-m addrtype --dst-type UNICAST",
                    "-m addrtype --src-type UNICAST",
                    "-m pkttype --pkt-type unicast",
                    "-m pkttype ! --pkt-type broadcast",
                    "-m pkttype --pkt-type multicast",
                    "-m conntrack --ctstatus CONFIRMED,SEEN_REPLY",
                    "-m conntrack ! --ctstatus ASSURED",
                    "-m conntrack --ctstatus NONE",
                    "-m conntrack --ctreplsrc 10.10.1.20",
                    "-m conntrack ! --ctrepldst 10.11.1.0/24",
                    "-m conntrack --ctreplsrcport 80:443",
                    "-m conntrack --ctdir ORIGINAL",
                    "-m conntrack --ctdir REPLY",
                    "-m conntrack --ctstate UNTRACKED --ctdir REPLY",
                    "-m conntrack ! --ctstate NEW -m conntrack --ctdir ORIGINAL",
                    "-m state --state NEW -m state ! --state INVALID",
                    "-m mark --mark 0x50/0xf0 -m mark ! --mark 0x1/0x1",
                    '-m comment --comment "MARK set 0x9 tcp dpt:81"',
                    '-m comment --comment "odd */ tcp dpt:80"',
                ]
            )
        )
    if words and pick.random() < unknown:
        words.append(pick.choice(UNKNOWN))
    return " ".join(words)


UNKNOWN = (
    "-m length --length 0:100",
    "-m limit --limit 1/hour --limit-burst 1",
    "-m hashlimit --hashlimit-upto 5/sec --hashlimit-mode srcip --hashlimit-name h",
    "-m statistic --mode nth --every 2 --packet 0",
    "-m statistic --mode random ! --probability 0.5",
    "-m recent --rcheck --seconds 60 --hitcount 2 --name clients",
    "-m recent ! --update --name clients --rdest",
    "-m recent --set --name clients",
    "-m set --match-set vips dst",
    "-m set ! --match-set vips dst",
    "-m set --match-set clients src",
    "-m set --match-set services dst,dst",
    "-m set ! --match-set clients src --return-nomatch",
    "-m ttl --ttl-lt 65",
    "-m ttl ! --ttl-eq 5",
    "-m tos --tos 0x10/0x3f",
    "-m dscp ! --dscp 0x10",
    "-m mac --mac-source 00:11:22:33:44:55",
    "-m string --string 'GET /' --algo bm --to 100",
    "-m u32 --u32 0x6&0xff=0x6",
    "-m socket --transparent",
    "-m connbytes --connbytes 0:10 --connbytes-dir original --connbytes-mode packets",
    "-m conntrack --ctexpire 5:100",
    "-m physdev ! --physdev-is-bridged",
    "-m policy --dir in --pol none",
    "-m helper ! --helper ftp",
    "-m realm ! --realm 5",
    "-m addrtype --dst-type LOCAL --limit-iface-in",
    "-m rpfilter --loose",
    "-m cpu --cpu 0",
    "-m time --timestart 00:00 --timestop 12:00 --weekdays Mon,Tue",
)
"""Matches that only the running kernel can answer."""
CHANGES = (
    "-j SET --add-set clients src",
    "-j SET --del-set vips dst",
    "-j SET --map-set vips dst --map-mark",
    "-j TTL --ttl-set 5",
    "-j DSCP --set-dscp 0x10",
    "-j TOS --set-tos 0x10/0x3f",
    "-j HMARK --hmark-tuple src,dst --hmark-mod 5 --hmark-offset 100 --hmark-rnd 0xfe",
    "-j HMARK --hmark-tuple src,dport --hmark-mod 5000 --hmark-offset 100 --hmark-rnd 0xfe",
    "-j NFQUEUE --queue-num 3",
    "-j NFQUEUE --queue-num 3 --queue-bypass",
)
"""Targets that change more than the file shows."""


def _target(
    pick: random.Random, table: str, chain: str, condition: str, unknown: float, way: Way
) -> str:
    if table == "mangle" and pick.random() < unknown:
        return pick.choice(CHANGES)
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
    if table == "nat" and chain == "POSTROUTING":
        targets += ["-j MASQUERADE", "-j SNAT --to-source 10.11.1.77"] * 3
        targets += ["-j NETMAP --to 10.14.0.0/16"]
    elif table == "nat":
        near = VIPS if way == "input" else (*VIPS, *FAR)
        targets += ["-j REDIRECT", f"-j DNAT --to-destination {pick.choice(near)}"] * 3
        targets += ["-j REDIRECT --random"]
        if way == "input":
            targets.append(f"-j DNAT --to-destination {ANOTHER} --persistent")
        if "-p " in condition:
            targets += [
                "-j REDIRECT --to-ports 8080",
                "-j DNAT --to-destination 10.10.1.30:443",
                "-j DNAT --to-destination :21",
            ]
    if chain != "LVS":
        targets += ["-j LVS", "-j LVS", "-g LVS"]
    return pick.choice(targets)


def _ruleset(pick: random.Random, unknown: float, way: Way) -> list[str]:
    bases = BASES[way]
    lines = [f"iptables -t {table} -N LVS" for table in bases]
    for _ in range(pick.randint(3, 14)):
        table = pick.choice(["raw", "mangle", "mangle", "nat", "nat", "filter"])
        chain = pick.choice([*bases[table], *bases[table], "LVS"])
        condition = _condition(pick, unknown, way, chain)
        target = _target(pick, table, chain, condition, unknown, way)
        how = pick.choice(["-A", "-A", "-A", "-I"])
        lines.append(f"iptables -t {table} {how} {chain} {condition} {target}")
    if pick.random() < 0.2:
        lines.append(f"iptables -P {way.upper()} DROP")
    return lines


def _packets(pick: random.Random, count: int, port: int, way: Way) -> list[tuple[Packet, int]]:
    packets = []
    for number in range(count):
        source = pick.choice(
            OWN if way == "output" else list(SOURCES)[: 3 if way == "input" else 2]
        )
        packet = Packet(
            pick.choice(["tcp", "tcp", "udp"]),
            pick.choice(VIPS if way == "input" else FAR),
            pick.choice(PORTS),
            source,
            SOURCES.get(source),
            outgoing=None if way == "input" else "eth1",
        )
        packets.append((packet, port + number))
    return packets


def _asked(
    lines: list[str], back_end: str, packets: list[tuple[Packet, int]], way: Way
) -> tuple[dict[str, str], dict[int, set[Seen]]]:
    """What the kernel does: the rules in all forms, and what comes through, by source port."""
    lines = [*_emptying(), *lines]
    commands = [line.replace("iptables", f"iptables-{back_end}", 1) for line in lines]
    # Some matches are not allowed in every chain: rejected lines are left out.
    script = "\n".join(f"{line} || echo {at}" for at, line in enumerate(commands))
    refused = set(map(int, _run(f"sh -c {shlex.quote(script)}", HOST).split()))
    lines = [line for at, line in enumerate(lines) if at not in refused]
    forms = {"commands": "\n".join(lines), "saved": _run(f"iptables-{back_end}-save", HOST)}
    for form in ("-S", "-L -n -v", "-L -n"):
        forms[form] = "\n".join(
            _run(f"iptables-{back_end} -t {table} {form}", HOST) for table in TABLES
        )
    key = "meta mark . ip saddr . ip daddr . th dport . th sport"
    hook = "input priority 10" if way == "input" else "postrouting priority 300"
    watch = (
        "add table ip watch; delete table ip watch; add table ip watch; "
        f"add set ip watch behind {{ typeof {key}; flags dynamic; size 65535; }}; "
        f"add chain ip watch behind {{ type filter hook {hook}; }}; "
        f"add rule ip watch behind add @behind {{ {key} }}"
    )
    _run(f"nft {shlex.quote(watch)}", HOST)
    asked = [
        (p.source, f"p{p.interface[-1]}" if p.interface else "", p.protocol, p.destination, p.port,
         own)
        for p, own in packets
    ]  # fmt: skip
    sender = HOST if way == "output" else CLIENT
    _run(f"{sys.executable} -c {shlex.quote(SENDER)}", sender, input=json.dumps(asked))
    return forms, _elements("behind")


def _emptying() -> list[str]:
    """Commands that leave no rule and no user's chain."""
    return [
        *(f"iptables -P {way.upper()} ACCEPT" for way in BASES),
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
    found = re.findall(r"(\w+) \. ([\d.]+) \. ([\d.]+) \. (\d+) \. (\d+)", listed)
    for mark, source, to, port, own in found:
        elements.setdefault(int(own), set()).add((int(mark, 0), source, to, int(port)))
    return elements


def _disagreement(
    lines: list[str], back_end: str, packets: list[tuple[Packet, int]], way: Way, *, exact: bool
) -> str:
    """Where kernel and trace do not agree, for a message; nothing if they do.

    Args:
        lines: the commands that make the rules.
        back_end: `nft` or `legacy`.
        packets: the packets, with the source ports to send them from.
        way: their way through the host.
        exact: whether nothing in the rules is for the running kernel to know, so that there must
            be one outcome.
    """
    forms, through = _asked(lines, back_end, packets, way)
    for form, text in forms.items():
        firewall = parse(text)
        wrong = [one for one in firewall.findings if exact or one.code == "LVS701"]
        if wrong and form in ("saved", "commands"):
            return f"{form}: {wrong[0].message}\n{text}"
        for (packet, port), known in product(packets, (OWN, None)):
            local = LOCAL[(packet.interface if way == "input" else packet.outgoing) or ""]
            outcomes = firewall.trace(packet, local, own_addresses=known, way=way)
            seen = through.get(port)
            if not any(_is_kernels(outcome, seen) for outcome in outcomes):
                return f"{form}: {seen}; {packet}, {known}: {outcomes}\n{text}\n{forms['-S']}"
            if exact and known and form not in ("-L -n", "-L -n -v") and len(outcomes) > 1:
                return f"{form}: undecided: {packet}: {outcomes}\n{text}"
    return ""


def _is_kernels(outcome: Outcome, seen: set[Seen] | None) -> bool:
    """Whether an outcome is what came through; nothing, if it was dropped or went another way."""
    if not seen or not outcome.accepted:
        return not seen and not outcome.accepted
    return any(
        (mark == outcome.mark or not outcome.mark_known)
        and outcome.destination in (None, address)
        and outcome.port in (None, port)
        and outcome.source in (None, source)
        for mark, source, address, port in seen
    )


TABLES = ("raw", "mangle", "nat", "filter")


@pytest.mark.slow
@pytest.mark.parametrize("unknown", [0, 0.3], ids=["exact", "open"])
@pytest.mark.parametrize("back_end", ["nft", "legacy"])
@pytest.mark.parametrize("way", BASES)
@pytest.mark.usefixtures("network")
def test_trace_agrees_with_the_kernel(way: Way, back_end: str, unknown: float) -> None:
    seed = int(os.environ.get("LVSCF_SEED", "0"))
    pick = random.Random(seed)
    for round_ in range(int(os.environ.get("LVSCF_RULESETS", "12"))):
        lines = _ruleset(pick, unknown, way)
        first = FIRST_PORT + round_ * 24 % 7000
        packets = _packets(pick, 24, first, way)
        if _disagreement(lines, back_end, packets, way, exact=not unknown):
            # A busy machine loses packets; what is really wrong is wrong again.
            again = [(packet, own + 7500) for packet, own in packets]
            told = _disagreement(lines, back_end, again, way, exact=not unknown)
            assert not told, f"seed {seed}: {told}"
    for line in _emptying():
        _run(line.replace("iptables", f"iptables-{back_end}", 1), HOST)
    _run("nft delete table ip watch", HOST)
