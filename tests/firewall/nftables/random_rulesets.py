"""Random rulesets of nftables: the statements that LVS hosts use, and the rarer ones."""

import random

from lvscf.firewall.packets import Way
from tests.firewall.nftables.two_hosts import ANOTHER, FAR, SOURCES, VIPS

PORTS = (21, 22, 53, 80, 443, 8080, 10500, 20000)
_PRIORITIES = (
    "raw",
    "mangle",
    "-100",
    "filter",
    "-199",
    "-250",
    "mangle + 10",
    "filter - 1",
    "110",
)
FILTERING: dict[Way, tuple[str, ...]] = {
    "input": ("prerouting", "prerouting", "input"),
    "forward": ("prerouting", "forward", "postrouting"),
    "output": ("output", "output", "postrouting"),
}
_TRANSLATING: dict[Way, tuple[str, ...]] = {
    "input": ("prerouting",),
    "forward": ("prerouting", "postrouting"),
    "output": ("output", "postrouting"),
}
_USERS = ("web", "marks", "vips-20")
OPEN = (
    "limit rate 1/hour burst 1 packets",
    "limit rate over 1000/second",
    "meta length 0-100",
    "ip ttl 64",
    "ip dscp cs1",
    "socket transparent 1",
    "fib saddr . iif oif missing",
    "meta cpu 0",
    "quota over 100 mbytes",
)
"""Matches that only the running kernel can answer."""


def ruleset(pick: random.Random, unknown: float, way: Way) -> tuple[str, list[str]]:
    """Tables with chains and sets, as text, and rules, each as a command."""
    frame: list[str] = []
    rules: list[str] = []
    for family, name in (("inet", "one"), ("ip", "two")):
        bases = _frame(pick, frame, family, name, way)
        for _ in range(pick.randint(3, 9)):
            chain, kind = pick.choice([*bases, *bases, *((user, "user") for user in _USERS)])
            rule = " ".join([*_matches(pick, unknown), *_actions(pick, kind, chain, unknown)])
            rules.append(f"add rule {family} {name} {chain} {rule}")
    if way != "input":
        frame = [_for_others(line) for line in frame]
        rules = [_for_others(rule) for rule in rules]
    if way == "forward":  # whether iifname is known in postrouting depends on the kernel
        rules = [rule for rule in rules if "iifname" not in rule or " prerouting_" in rule]
    if way == "output":  # a new destination may be behind another interface
        rules = [rule for rule in rules if "oif" not in rule or " output_" in rule]
    return "\n".join(frame), rules


def _for_others(line: str) -> str:
    """The line with the addresses of other hosts for those of the VIPs."""
    line = line.replace(f"to {ANOTHER}", f"to {FAR[0]}")
    return line.replace("10.10.1.20", FAR[0]).replace("10.10.1.30", FAR[1])


def _frame(
    pick: random.Random, frame: list[str], family: str, name: str, way: Way
) -> list[tuple[str, str]]:
    frame.append(f"table {family} {name} {{")
    places = f"{VIPS[0]}, 10.10.1.24/29"
    frame.append(f"\tset places {{ type ipv4_addr; flags interval; elements = {{ {places} }}; }}")
    services = ", ".join(f"{pick.choice(VIPS)} . {port}" for port in PORTS[:5])
    frame.append(
        f"\tset services {{ type ipv4_addr . inet_service; elements = {{ {services} }}; }}"
    )
    pairs = f"{VIPS[0]} : {pick.randint(0, 99)}, {VIPS[1]} : 0x50" + pick.choice(["", ", * : 255"])
    frame.append(f"\tmap by_place {{ type ipv4_addr : mark; elements = {{ {pairs} }}; }}")
    fates = "80 : jump web, 443 : accept, 10000-20000 : drop, 22 : continue, 53 : goto marks"
    frame.append(
        "\tmap fates { type inet_service : verdict; flags interval; elements = "
        f"{{ {fates} }}; }}" if pick.random() < 0.5 else
        "\tmap fates { type inet_service : verdict; elements = { 80 : return, 21 : drop }; }"
    )  # fmt: skip
    frame.extend(f"\tchain {user} {{ }}" for user in _USERS)
    bases = []
    for number in range(pick.randint(1, 3)):
        kind = pick.choice(["filter", "filter", "nat"])
        hook = pick.choice((FILTERING if kind == "filter" else _TRANSLATING)[way])
        drops = pick.random() < 0.1 and hook in ("input", "forward", "output") and kind == "filter"
        policy = "drop" if drops else "accept"
        priority = pick.choice(
            [one for one in _PRIORITIES if kind != "nat" or one not in ("raw", "-250")]
        )
        if hook == "output" and kind == "filter" and pick.random() < 0.3:
            kind = "route"
        chain = f"{hook}_{number}"
        frame.append(
            f"\tchain {chain} {{ type {kind} hook {hook} priority {priority}; policy {policy}; }}"
        )
        bases.append((chain, "source nat" if (kind, hook) == ("nat", "postrouting") else kind))
    frame.append("}")
    return bases


def _matches(pick: random.Random, unknown: float) -> list[str]:
    words = []
    if pick.random() < 0.6:
        words.append(
            pick.choice(
                [
                    f"ip daddr {pick.choice(VIPS)}",
                    f"ip daddr != {pick.choice(VIPS)}",
                    f"ip daddr {{ {VIPS[0]}, {VIPS[2]} }}",
                    "ip daddr != { 10.10.1.0/28, 10.10.2.40 }",
                    "ip daddr @places",
                    "ip daddr != @places",
                    "ip daddr 10.10.1.16/28",
                    "ip daddr 10.10.1.10-10.10.1.25",
                    "ip daddr & 255.0.255.255 == 10.0.1.20",
                    f"ip saddr {pick.choice(list(SOURCES))}",
                    "ip saddr != 10.11.1.0/24",
                    "ip daddr . tcp dport @services",
                    "ip daddr . tcp dport != @services",
                    "ip daddr . meta l4proto { 10.10.1.20 . tcp, 10.10.1.30 . udp }",
                    'iifname "eth0"',
                    'iifname != "eth0"',
                    'iifname "eth*"',
                    'iifname { "eth1", "lo" }',
                    'oifname "eth0"',
                    'oifname != "eth0"',
                    'oifname "eth1"',
                    'oifname { "eth*", "lo" }',
                    'oif "lo"',
                    "ip6 daddr ::1",
                    "meta nfproto ipv4",
                ]
            )
        )
    if pick.random() < 0.7:
        port = pick.choice(PORTS)
        words.append(
            pick.choice(
                [
                    f"tcp dport {port}",
                    f"udp dport {port}",
                    f"tcp dport != {port}",
                    f"tcp dport {{ {port}, 10000-20000 }}",
                    f"tcp dport < {port}",
                    f"udp dport >= {port}",
                    f"meta l4proto {{ tcp, udp }} th dport {port}",
                    "tcp sport 1024-65535",
                    "ip protocol tcp",
                    "meta l4proto != udp",
                    "tcp flags syn",
                    "tcp flags & (fin | syn | rst | ack) == syn",
                    "tcp flags != syn",
                    "tcp flags ! fin,rst",
                    "tcp flags { syn, syn | ack }",
                    f"meta l4proto . th dport {{ tcp . {port}, udp . 53 }}",
                ]
            )
        )
    if pick.random() < 0.35:
        words.append(
            pick.choice(
                [
                    "ct state new",
                    "ct state { new, untracked }",
                    "ct state established,related",
                    "ct state != new",
                    "ct state invalid",
                    "ct state untracked",
                    "ct status dnat",
                    "ct status snat",
                    "ct status confirmed",
                    "ct direction original",
                    "ct direction != original",
                    "ct mark 0x50",
                    "ct mark != 0",
                    "ct mark & 0xf0 == 0x50",
                    "meta mark 0x50",
                    "meta mark != { 0x50, 0x0 }",
                    "meta mark & 0xf0 != 0x50",
                    "meta mark >= 0x10",
                    "meta mark 1-100",
                    "ct original ip daddr 10.10.1.20",
                    "ct original proto-dst 80",
                    "fib daddr type local",
                    "fib daddr type != local",
                    "fib saddr type != local",
                    "meta pkttype host",
                    "meta pkttype != { broadcast, multicast }",
                    "ip frag-off & 0x1fff == 0",
                ]
            )
        )
    if pick.random() < unknown:
        words.append(pick.choice(OPEN))
    return words


def _actions(pick: random.Random, kind: str, chain: str, unknown: float) -> list[str]:
    words = [
        pick.choice(
            [
                f"meta mark set {pick.randint(0, 300)}",
                "meta mark set meta mark | 0x10",
                "meta mark set meta mark & 0xf0",
                "meta mark set meta mark & 0xfffffff3 ^ 0x11",
                "meta mark set ct mark",
                "meta mark set ct mark << 4",
                "meta mark set ct mark & 0xff",
                "ct mark set meta mark",
                "ct mark set meta mark & 0xff",
                f"ct mark set {pick.randint(0, 300)}",
                "meta mark set ip daddr map @by_place",
                "meta mark set tcp dport map { 80 : 8, 443 : 44, 10000-20000 : 1 }",
                "meta mark set ip daddr . tcp dport map { 10.10.1.20 . 80 : 80 }",
                'meta mark set iifname map { "eth0" : 1, "eth1" : 2 }',
                "counter",
                "ip daddr 10.10.1.20",
                "meta mark 0x50",
                "notrack",
            ]
        )
        for _ in range(pick.choice([0, 0, 1, 1, 2]))
    ]
    if words and pick.random() < unknown / 2:
        words.append(
            pick.choice(
                [
                    "meta mark set numgen inc mod 3 offset 100",
                    "meta mark set jhash ip saddr mod 4",
                    "ip dscp set cs2",
                ]
            )
        )
    ends = ["accept", "return", "continue", "", ""]
    if chain not in _USERS:
        ends += ["jump web", "goto marks", "tcp dport vmap @fates", "jump vips-20"]
        ends.append("ct state vmap { new : jump web, established : accept, invalid : drop }")
        ends.append("ip daddr vmap { 10.10.1.20 : jump marks, 10.10.1.30 : goto web }")
    if "nat" not in kind:
        ends += ["drop", "reject"]
    if kind == "nat":
        ends += [
            "redirect",
            "meta l4proto tcp redirect to :8080",
            f"dnat ip to {pick.choice(VIPS)}",
            "meta l4proto tcp dnat ip to 10.10.1.30:443",
            f"dnat ip to {ANOTHER} persistent",
            "dnat ip to ip daddr map { 10.10.1.20 : 10.10.1.30, 10.10.2.40 : 10.10.1.21 }",
            "meta l4proto tcp redirect to :tcp dport map { 80 : 8080, 443 : 8443 }",
        ] * 2
    if kind == "source nat":
        ends += [
            "masquerade",
            "snat ip to 10.11.1.77",
            "meta l4proto { tcp, udp } masquerade to :1024-65535",
            "snat ip to ip daddr map { 10.10.1.20 : 10.11.1.78, 10.10.1.30 : 10.11.1.79 }",
            "meta l4proto tcp snat ip to 10.11.1.77:1024-65535",
        ] * 2
    words.append(pick.choice(ends))
    return [word for word in words if word]
