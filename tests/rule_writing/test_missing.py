"""Missing: every cluster that rules break is fixed, and the linter has nothing left to say."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lvscf
from lvscf import hosts
from lvscf.cluster import Cluster
from lvscf.hosts import Host, Role
from lvscf.rule_writing.applying import applied
from lvscf.rule_writing.direct_chains import as_direct_rules
from lvscf.rule_writing.missing import judged, missing_on
from tests.clusters import parted
from tests.live import CLUSTERS, WHOLE
from tests.rule_writing.generated import lvs_cfs, rules
from tests.underlined import unmarked

NO_RULES = {"LVS513", "LVS525", "LVS526", "LVS542", "LVS543", "LVS544", "LVS545"}
"""Findings that no rule or setting fixes: files of strangers, services that do not start, programs
that do not listen, servers whose gateway nobody knows, tunnels that are down or too narrow."""
FOLDERS = ("marks", "real_servers", "routers", "ways")


def cases() -> Iterator[Any]:
    """All clusters in which a rule about hosts fires."""
    for folder in FOLDERS:
        for path in sorted((Path(__file__).parents[1] / "rules" / folder).glob("*_cases.py")):
            module = import_module(f"tests.rules.{folder}.{path.stem}")
            for code, of_rule in module.FIRES.items():
                for name, text in of_rule.items():
                    if "\n--- " in text:
                        yield pytest.param(unmarked(text), id=f"{code} {name}")


@pytest.mark.parametrize("text", list(cases()))
def test_cases_of_rules(text: str) -> None:
    """What is left needs more than a command about rules and settings."""
    lvs_cf, cluster = parted(text)
    assert cluster is not None
    document = lvscf.parse(lvs_cf, "lvs.cf")

    fixed = missing_on(document, cluster)
    assert {one.code for one in fixed.remaining} <= NO_RULES
    assert fixed.remaining == judged(document, fixed.cluster)
    assert not missing_on(document, fixed.cluster).steps


def cluster_of(vector: dict[str, Any], *, first: bool = False) -> Cluster:
    """What is known of a cluster that was run."""
    files: list[Host] = []
    if first:
        files.append(hosts.read(vector["router"], "router").of("router", None))
        for name, text in vector["real_servers"].items():
            files.append(hosts.read(text, name).of("real-server", name))
        return Cluster(tuple(files))
    for host, known in vector["hosts"].items():
        role: Role = "router" if host == "router" else "real-server"
        for kind in ("iptables_save", "sysctl", "ip_addr", "ip_route"):
            if known.get(kind):
                name = None if host == "router" else host
                files.append(hosts.read(known[kind], f"{host}.{kind}").of(role, name))
    return Cluster(tuple(files))


LIVE = [(one, cluster_of(one, first=True)) for one in CLUSTERS] + [
    (one, cluster_of(one)) for one in WHOLE
]


@pytest.mark.parametrize(("vector", "cluster"), LIVE, ids=[one["id"] for one, _ in LIVE])
def test_clusters_that_ran(vector: dict[str, Any], cluster: Cluster) -> None:
    """A cluster that failed its clients is fixed; one that works needs no command for an error."""
    document = lvscf.parse(vector["lvs_cf"], "lvs.cf")
    fixed = missing_on(document, cluster)

    assert {one.code for one in fixed.remaining} <= NO_RULES
    if vector["label"] == "works":
        assert all(step.finding.severity < lvscf.Severity.ERROR for step in fixed.steps)


@given(lvs_cfs(2), st.lists(rules(), min_size=3, max_size=3))
@settings(max_examples=15)
def test_any_rules(text: str, of_hosts: list[str]) -> None:
    """Whatever the rules of the hosts are."""
    names: tuple[tuple[Role, str], ...] = (
        ("router", "10.10.1.21"),
        ("real-server", "10.10.1.31"),
        ("real-server", "10.10.1.32"),
    )
    cluster = Cluster(
        tuple(
            hosts.read(one, name).of(role, name)
            for one, (role, name) in zip(of_hosts, names, strict=True)
        )
    )
    document = lvscf.parse(text, "lvs.cf")
    fixed = missing_on(document, cluster)
    commands = [step.command for step in fixed.steps]
    again = applied(cluster, document.config.effective, commands)

    assert {one.code for one in fixed.remaining} <= NO_RULES
    assert judged(document, again) == fixed.remaining


FIREWALLD = """\
*mangle
:PREROUTING ACCEPT [0:0]
:PREROUTING_direct - [0:0]
-A PREROUTING -j PREROUTING_direct
COMMIT
*filter
:INPUT ACCEPT [0:0]
:INPUT_direct - [0:0]
:INPUT_ZONES - [0:0]
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -j INPUT_direct
-A INPUT -j INPUT_ZONES
-A INPUT -m conntrack --ctstate INVALID -j DROP
-A INPUT -j REJECT --reject-with icmp-host-prohibited
COMMIT
"""


def test_direct_rules_of_firewalld() -> None:
    """They go to the chains that firewalld keeps for them."""
    from tests.good import MARKS

    cluster = Cluster((hosts.read(FIREWALLD, "rules").of("router", "10.10.1.21"),))
    document = lvscf.parse(MARKS, "lvs.cf")
    direct = as_direct_rules(document, cluster, missing_on(document, cluster))
    texts = [step.command.text for step in direct.steps]

    assert not direct.remaining
    assert "iptables -A INPUT_direct -p udp -s 10.10.1.22 --dport 539 -j ACCEPT" in texts
    assert any(text.startswith("iptables -t mangle -A PREROUTING_direct ") for text in texts)
