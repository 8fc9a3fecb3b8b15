"""Files of several tables and families: where one ends and the next begins, and which it is."""

import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from lvscf.findings.finding import Severity
from lvscf.firewall import Firewall, Packet, parse

NAMESPACE = f"lvscf-t{os.getpid()}"
ORDERS = {
    "raw": ("PREROUTING", "OUTPUT"),
    "mangle": ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
    "nat": ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
    "filter": ("INPUT", "FORWARD", "OUTPUT"),
}
RULES = {
    "raw": ["-A PREROUTING -p udp -m udp --dport 53 -j CT --notrack"],
    "mangle": ["-A PREROUTING -p tcp -j LVS", "-A LVS -j MARK --set-xmark 0x50/0xffffffff"],
    "nat": ["-A PREROUTING -p tcp -j LVS", "-A LVS -j REDIRECT"],
    "filter": ["-A INPUT -p tcp -j LVS", "-A LVS -j DROP", "-A FORWARD -j ACCEPT"],
}
LISTED = {
    "raw": {"PREROUTING": ["CT 17 -- * * 0.0.0.0/0 0.0.0.0/0 udp dpt:53 CT notrack"]},
    "mangle": {
        "PREROUTING": ["LVS 6 -- * * 0.0.0.0/0 0.0.0.0/0"],
        "LVS": ["MARK 0 -- * * 0.0.0.0/0 0.0.0.0/0 MARK set 0x50"],
    },
    "nat": {
        "PREROUTING": ["LVS 6 -- * * 0.0.0.0/0 0.0.0.0/0"],
        "LVS": ["REDIRECT 0 -- * * 0.0.0.0/0 0.0.0.0/0"],
    },
    "filter": {
        "INPUT": ["LVS 6 -- * * 0.0.0.0/0 0.0.0.0/0"],
        "FORWARD": ["ACCEPT 0 -- * * 0.0.0.0/0 0.0.0.0/0"],
        "LVS": ["DROP 0 -- * * 0.0.0.0/0 0.0.0.0/0"],
    },
}
SUBSETS = [
    order
    for count in range(1, 5)
    for subset in itertools.combinations(ORDERS, count)
    for order in itertools.permutations(subset)
]


def specified(table: str, *, empty: bool = False) -> str:
    lines = [f"-P {chain} ACCEPT" for chain in ORDERS[table]]
    if not empty:
        lines += ["-N LVS"] if table != "raw" else []
        lines += RULES[table]
    return "\n".join(lines) + "\n"


def listed(table: str, *, empty: bool = False, users_first: bool = False) -> str:
    rules = {} if empty else LISTED[table]
    names = [*ORDERS[table], *(name for name in rules if name not in ORDERS[table])]
    if users_first:
        names.sort(key=lambda name: name in ORDERS[table])
    return "\n".join(
        f"Chain {name} "
        + ("(policy ACCEPT 0 packets, 0 bytes)" if name in ORDERS[table] else "(1 references)")
        + "\n pkts bytes target     prot opt in     out     source    destination\n"
        + "".join(f"    0     0 {rule}\n" for rule in rules.get(name, ()))
        for name in names
    )


def read(firewall: Firewall) -> dict[str, list[str]]:
    return {
        name: sorted(map(str, table.rules))
        for name, table in firewall.tables.items()
        if [*table.rules]
    }


def wanted(tables: tuple[str, ...]) -> dict[str, list[str]]:
    return {table: sorted(RULES[table]) for table in tables}


@pytest.mark.parametrize("tables", SUBSETS, ids="-".join)
@pytest.mark.parametrize("between", ["", "\n"], ids=["bare", "blank lines"])
def test_tables_without_names(tables: tuple[str, ...], between: str) -> None:
    """In any order and any subset, with and without rules."""
    for write in (specified, listed):
        firewall = parse(between.join(map(write, tables)))
        assert (read(firewall), errors(firewall)) == (wanted(tables), [])
        assert set(firewall.tables) == set(tables)
        for empty in tables:
            firewall = parse(between.join(write(one, empty=one == empty) for one in tables))
            assert read(firewall) == wanted(tuple(one for one in tables if one != empty))
            assert set(firewall.tables) == set(tables)


@pytest.mark.parametrize("tables", SUBSETS, ids="-".join)
def test_chains_of_users_may_come_first(tables: tuple[str, ...]) -> None:
    if tables[0] == "raw":
        pytest.skip("its rules have no chain of their own here")
    firewall = parse("\n".join(listed(table, users_first=True) for table in tables))
    assert read(firewall) == wanted(tables)


@pytest.mark.parametrize(
    "heading",
    [
        "Table: {}\n", "iptables -t {} {}\n", "# iptables -t {} {}\n", "$ sudo iptables -t {} {}\n",
        "[root@lvs1 ~]# iptables -t {} {}\n", "root@lvs1:~# /sbin/iptables {1} -t {0}\n",
        "==> {} <==\n", "--- {} table ---\n", "# {}\n", "{}:\n", "+ iptables -t {} {}\n",
        "==> sos_commands/networking/iptables_-t_{}_-nvL <==\n",
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["-S", "-nvL"])
def test_headings_name_the_table(heading: str, form: str) -> None:
    """Chains that several tables have are then of the one that is named."""
    only = "-P PREROUTING ACCEPT\n-A PREROUTING -p tcp -j ACCEPT\n"
    if form == "-nvL":
        only = (
            "Chain PREROUTING (policy ACCEPT 0 packets, 0 bytes)\n pkts bytes target prot opt in "
            "out source destination\n    0     0 ACCEPT 6 -- * * 0.0.0.0/0 0.0.0.0/0\n"
        )
    text = "".join(heading.format(table, form) + only for table in ("nat", "raw", "mangle"))
    firewall = parse(text)
    rule = ["-A PREROUTING -p tcp -j ACCEPT"]
    assert read(firewall) == {"raw": rule, "mangle": rule, "nat": rule}
    assert firewall.findings == ()


@pytest.mark.parametrize("target", ["ACCEPT", "RETURN", "LOG"])
def test_a_chain_of_no_certain_table_makes_nothing_certain(target: str) -> None:
    listing = (
        "Chain PREROUTING (policy ACCEPT 0 packets, 0 bytes)\n pkts bytes target prot opt in out "
        f"source destination\n    0     0 {target} 6 -- * * 0.0.0.0/0 0.0.0.0/0\n"
    )
    for text in (listing, f"-P PREROUTING ACCEPT\n-A PREROUTING -p tcp -j {target}\n"):
        firewall = parse(text)
        assert firewall.partial
        assert [one.code for one in firewall.findings] == ["LVS704"]


V6 = {
    "save": "# Generated by ip6tables-save v1.8.9\n*filter\n:INPUT DROP [0:0]\n-A INPUT -j DROP\n"
    "COMMIT\n# Completed on x\n",
    "save without header": "*filter\n:INPUT DROP [0:0]\n-A INPUT -s fe80::/10 -j ACCEPT\nCOMMIT\n",
    "icmpv6": "*filter\n:INPUT DROP [0:0]\n-A INPUT -p ipv6-icmp -j ACCEPT\nCOMMIT\n",
    "command": "ip6tables -S\n-P INPUT DROP\n-P FORWARD DROP\n-P OUTPUT DROP\n-A INPUT -j DROP\n",
    "prompt": "[root@lvs1 ~]# ip6tables -S\n-P INPUT DROP\n-P FORWARD DROP\n-P OUTPUT DROP\n",
    "specified": "-P INPUT DROP\n-P FORWARD DROP\n-P OUTPUT DROP\n-A INPUT -s ::1/128 -j DROP\n",
    "listed": "Chain INPUT (policy DROP 0 packets, 0 bytes)\n pkts bytes target prot opt in out source "
    "destination\n    0     0 DROP all -- * * ::/0 ::/0\n\n",
}
V4 = {
    "save": "# Generated by iptables-save v1.8.9\n*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp "
    "--dport 22 -j ACCEPT\nCOMMIT\n# Completed on x\n",
    "specified": "[root@lvs1 ~]# iptables -S\n-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n"
    "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n",
}


@pytest.mark.parametrize("four", V4)
@pytest.mark.parametrize("six", V6)
@pytest.mark.parametrize("first", ["IPv6", "IPv4"])
def test_rules_for_ipv6_are_left_alone(six: str, four: str, first: str) -> None:
    text = V6[six] + V4[four] if first == "IPv6" else V4[four] + V6[six]
    firewall = parse(text)
    assert read(firewall) == {"filter": ["-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"]}
    assert firewall.tables["filter"].chains["INPUT"].policy == "ACCEPT"
    assert [one.code for one in firewall.findings] == ["LVS703"]
    assert "IPv6" in firewall.findings[0].message


BRIDGE = """# Generated by ebtables-save v1.8.9 (nf_tables) on x
*nat
:PREROUTING ACCEPT
-A PREROUTING -p IPv4 --ip-dst 10.10.1.20 -j mark --mark-set 0x50 --mark-target ACCEPT
"""


def test_ebtables_is_named() -> None:
    firewall = parse(BRIDGE + V4["save"])
    assert list(firewall.tables) == ["filter"]
    assert ["ebtables" in one.message for one in firewall.findings] == [True]


BEFORE_RULES = """*filter
:ufw-before-input - [0:0]
:ufw-not-local - [0:0]
-A ufw-before-input -m conntrack --ctstate INVALID -j ufw-logging-deny
-A ufw-before-input -p tcp --dport 80 -j ACCEPT
-A ufw-before-input -j more-of-it
COMMIT
"""


def test_a_part_of_a_ruleset_makes_nothing_certain() -> None:
    """Chains that other files make, and jump to, give one note instead of errors."""
    firewall = parse(BEFORE_RULES)
    assert [(one.code, one.severity) for one in firewall.findings] == [("LVS703", Severity.INFO)]
    assert firewall.partial
    assert not any(one.complete for one in firewall.trace(Packet("tcp", "10.10.1.20", 80)))


@pytest.mark.parametrize(
    "line",
    [
        "# Table `mangle' is incompatible, use 'nft' tool.",
        "# Table `filter' contains incompatible base-chains, use 'nft' tool to list them.",
        "# Warning: iptables-legacy tables present, use iptables-legacy to see them",
        "# Warning: iptables-legacy tables present, use iptables-legacy-save to see them",
        "iptables v1.8.9 (nf_tables): table `mangle' is incompatible, use 'nft' tool.",
    ],
)
def test_a_dump_that_is_not_whole_makes_no_absence_certain(line: str) -> None:
    for text in (f"{line}\n", V4["save"] + line + "\n", line + "\n" + V4["specified"]):
        firewall = parse(text)
        outcomes = firewall.trace(Packet("tcp", "10.10.1.20", 80))
        assert outcomes
        assert not any(one.complete for one in outcomes)
        assert errors(firewall) == []
        assert firewall.findings


@pytest.mark.parametrize(
    "text",
    [
        "-A -f 80 -s wlc -p 300\n-a -f 80 -r 10.10.1.31:80 -g -w 1\n",
        "-A -t 10.10.1.20:http -s wlc\n-a -t 10.10.1.20:http -r web1:http -m -w 1\n",
        "IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n"
        "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n"
        "TCP  10.10.1.20:80 wlc persistent 300\n"
        "  -> 10.10.1.31:80                Route   1      0          0\nFWM  80 rr\n",
    ],
)
def test_services_of_ipvs_are_not_rules(text: str) -> None:
    firewall = parse(text)
    assert not firewall.tables
    assert not firewall.findings


def errors(firewall: Firewall) -> list[str]:
    return [one.message for one in firewall.findings if one.severity is Severity.ERROR]


@pytest.fixture(scope="module")
def namespace() -> Iterator[str]:
    if os.geteuid() != 0:
        pytest.skip("network namespaces need root")
    for tool in ("ip", "iptables", "iptables-legacy", "iptables-legacy-restore"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed (apt-get install iptables iproute2)")
    made = subprocess.run(["ip", "netns", "add", NAMESPACE], capture_output=True, check=False)
    if made.returncode:
        pytest.skip(f"no network namespaces here: {made.stderr.decode()}")
    yield NAMESPACE
    subprocess.run(["ip", "netns", "del", NAMESPACE], capture_output=True, check=False)


@pytest.mark.parametrize("back_end", ["nft", "legacy"])
def test_what_iptables_prints_is_told_apart(namespace: str, back_end: str) -> None:
    """The output for four tables, in all orders, as iptables itself prints it."""

    def run(*words: str, text: str = "") -> str:
        done = subprocess.run(
            ["ip", "netns", "exec", namespace, *words],
            input=text, capture_output=True, text=True, check=False, timeout=30,
        )  # fmt: skip
        return done.stdout

    saved = "".join(
        f"*{table}\n"
        + (":LVS - [0:0]\n" if table != "raw" else "")
        + "\n".join(rules)
        + "\nCOMMIT\n"
        for table, rules in RULES.items()
    )
    run(f"iptables-{back_end}-restore", text=saved)
    dumped = read(parse(run(f"iptables-{back_end}-save")))
    assert set(dumped) == set(RULES)
    for words in (("-S",), ("-S", "-v"), ("-L", "-n", "-v"), ("-nvL", "--line-numbers")):
        printed = {table: run(f"iptables-{back_end}", "-t", table, *words) for table in RULES}
        for order in itertools.permutations(RULES):
            assert read(parse("".join(printed[table] for table in order))) == dumped
