"""Applying commands: what the kernel holds afterwards is what a cluster is said to hold."""

import shutil
import subprocess

import pytest

import lvscf
from lvscf import hosts
from lvscf.cluster import Cluster
from lvscf.findings.command import Command
from lvscf.firewall import Firewall, parse
from lvscf.rule_writing.applying import applied, is_in_force, rule_edit
from tests.builders import ROUTERS, server, service
from tests.processes import in_namespace

CONFIG = lvscf.parse(ROUTERS + service(server()), "lvs.cf").config
RULES = """\
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:OWN - [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -j OWN
-A INPUT -j REJECT --reject-with icmp-port-unreachable
-A OWN -p tcp -m tcp --dport 22 -m comment --comment "it's ours" -j ACCEPT
COMMIT
"""
COMMANDS = (
    "iptables -I INPUT 3 -p tcp -d 10.10.1.20 --dport 80 -j ACCEPT",
    "iptables -I INPUT -s 10.10.1.21,10.10.1.22 -p udp --dport 539 -j ACCEPT",
    "iptables -A OWN -p tcp -m multiport --dports 80,443 -j ACCEPT",
    "iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j MARK --set-mark 80",
    "iptables -D OWN -p tcp -m tcp --dport 22 -m comment --comment 'it'\"'\"'s ours' -j ACCEPT",
)


def on_router(text: str, host: str | None = "10.10.1.21") -> Command:
    return Command("router", host, text)


def rules_of(firewall: Firewall) -> dict[tuple[str, str], list[str]]:
    """The rules, as they are saved, by table and chain."""
    return {
        (table.name, chain.name): [rule.specification for rule in chain.rules]
        for table in firewall.tables.values()
        for chain in table.chains.values()
        if chain.rules
    }


def test_the_kernel_agrees() -> None:
    """The same commands, run for real."""
    if shutil.which("iptables-restore") is None:
        pytest.skip("iptables is needed")
    script = f"iptables-restore <<'END'\n{RULES}END\n" + "\n".join(COMMANDS) + "\niptables-save\n"
    ran = subprocess.run(
        in_namespace("sh", "-ec", script), check=True, capture_output=True, text=True
    )
    cluster = Cluster((hosts.read(RULES, "rules").of("router", "10.10.1.21"),))
    after = applied(cluster, CONFIG, map(on_router, COMMANDS))

    assert rules_of(after.hosts[0].firewalls[0]) == rules_of(parse(ran.stdout, "kernel"))


def test_hosts_by_all_their_names() -> None:
    """A router's rules may be those of both; a real server has a name and an address."""
    files = (
        hosts.read(RULES, "rules").of("router", None),
        hosts.read(RULES, "rules").of("real-server", "one"),
    )
    accept = "iptables -A INPUT -p tcp --dport 80 -j ACCEPT"
    after = applied(
        Cluster(files), CONFIG, [on_router(accept), Command("real-server", "10.10.1.31", accept)]
    )
    for host in after.hosts:
        assert rules_of(host.firewalls[0])["filter", "INPUT"][-1].endswith("--dport 80 -j ACCEPT")
    other = applied(Cluster(files), CONFIG, [Command("real-server", "two", accept)])
    assert [rules_of(one.firewalls[0]) for one in other.hosts] == [rules_of(parse(RULES, "r"))] * 2


def test_settings_addresses_and_routes() -> None:
    """What commands other than iptables change."""
    known = hosts.read("net.ipv4.ip_forward = 0\n", "sysctl").of("router", "10.10.1.21")
    cluster = Cluster((known,))
    command = on_router("sysctl -w net.ipv4.ip_forward=1")
    assert not is_in_force(cluster, CONFIG, command)
    after = applied(
        cluster,
        CONFIG,
        [
            command,
            on_router("ip addr add 10.10.1.20/24 dev lo"),
            on_router("ip addr del 10.10.1.20/24 dev lo"),
            on_router("ip addr add 10.10.1.20/32 dev lo"),
            on_router("ip route replace default via 10.10.1.254"),
        ],
    )
    (host,) = after.hosts

    assert host.settings.value("net.ipv4.ip_forward") == "1"
    assert [(one.address, one.prefix) for one in host.addresses] == [("10.10.1.20", 32)]
    assert [one.gateway for one in host.routes] == ["10.10.1.254"]
    assert is_in_force(after, CONFIG, command)


def test_arptables() -> None:
    """IN and OUT are the chains of old releases; a host without such rules gets its first."""
    cluster = Cluster((hosts.read(RULES, "rules").of("real-server", "one"),))
    after = applied(
        cluster,
        CONFIG,
        [
            Command("real-server", "one", "arptables -A IN -d 10.10.1.20 -j DROP"),
            Command("real-server", "one", "arptables -I INPUT -d 10.10.1.31 -j ACCEPT"),
        ],
    )
    (host,) = after.hosts
    (rules,) = [one.arp_tables["filter"].chains["INPUT"].rules for one in host.arp_filters]

    assert [rule.specification.partition(" -d")[0] for rule in rules] == ["-j ACCEPT", "-j DROP"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "iptables",
        "iptables -t",
        "iptables -t nat",
        "iptables -L x y",
        "echo -A INPUT x",
        "a 'b",
    ],
)
def test_other_commands(text: str) -> None:
    """They are no edits of rules, and change nothing."""
    assert rule_edit(text) is None
    cluster = Cluster((hosts.read(RULES, "rules").of("router", None),))
    after = applied(cluster, CONFIG, [on_router(text, None)])
    assert rules_of(after.hosts[0].firewalls[0]) == rules_of(cluster.hosts[0].firewalls[0])
