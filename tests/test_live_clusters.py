"""Clusters that were really run on Linux IPVS: what breaks service is found, and nothing else."""

from typing import Any

import pytest

import lvscf
from lvscf import firewall, hosts
from lvscf.cluster import Cluster, Evidence
from lvscf.hosts import Host, Role
from lvscf.source import Source
from tests.live import CLUSTERS, WHOLE

BREAKING = {
    "LVS401", "LVS402", "LVS403", "LVS404", "LVS406", "LVS408", "LVS410", "LVS411", "LVS412",
    "LVS414", "LVS501", "LVS502", "LVS503", "LVS504", "LVS505", "LVS511",
}  # fmt: skip


def broken_by(vector: dict[str, Any]) -> set[str]:
    """The codes of the breaking findings about a cluster."""
    router = firewall.parse(vector["router"], "router.txt")
    evidence = [Evidence("router", None, "firewall", router)]
    for name, text in vector["real_servers"].items():
        parsed = firewall.parse(text, f"{name}.txt")
        evidence.append(Evidence("real-server", name, "firewall", parsed))
    document = lvscf.parse(vector["lvs_cf"], "lvs.cf")
    findings = lvscf.lint(document, Cluster(tuple(evidence)))
    return BREAKING & {finding.code for finding in findings}


@pytest.mark.parametrize("vector", CLUSTERS, ids=lambda vector: vector["id"])
def test_reality_agrees(vector: dict[str, Any]) -> None:
    """A cluster that failed its clients has a breaking finding; one that served them has none."""
    if vector["label"] == "unclear":
        pytest.skip("a real server was not asked")

    assert bool(broken_by(vector)) == (vector["label"] == "broken")


def all_findings(vector: dict[str, Any]) -> tuple[lvscf.Finding, ...]:
    """What is found with the firewall rules and the kernel settings of all hosts."""
    evidence = []
    for host, files in vector["hosts"].items():
        role: Role = "router" if host == "router" else "real-server"
        name = None if host == "router" else host
        rules = firewall.parse(files.get("iptables_save") or "", f"{host}.txt")
        evidence.append(Evidence(role, name, "firewall", rules))
        settings = Source(files.get("sysctl") or "", f"{host}.sysctl")
        evidence.append(Evidence(role, name, "sysctl", source=settings))
    document = lvscf.parse(vector["lvs_cf"], "lvs.cf")
    return lvscf.lint(document, Cluster(tuple(evidence)))


@pytest.mark.parametrize("vector", WHOLE, ids=lambda vector: vector["id"])
def test_connections_end_where_nothing_is_found(vector: dict[str, Any]) -> None:
    """Connections that linger have a warning, those whose ACK is dropped an error; others none."""
    found = {one.code: one.severity.label for one in all_findings(vector)}
    hangs = vector["label"] == "broken" and ("NEW" in vector["why"] or "ACK" in vector["why"])
    hangs = hangs and vector["broken_by"] == ["clients"] and vector["kind"] == "input_state"

    assert ("LVS416" in found) == (vector["closes"] is False)
    assert found.get("LVS416") in (None, "warning")
    assert (found.get("LVS417") == "error") == hangs


@pytest.mark.parametrize("vector", WHOLE, ids=lambda vector: vector["id"])
def test_clusters_that_work_have_no_errors(vector: dict[str, Any]) -> None:
    """Nothing that was given of a cluster that serves its clients is called broken."""
    if vector["label"] == "works":
        assert "error" not in {one.severity.label for one in all_findings(vector)}


def test_what_hosts_show_of_clusters_that_work_is_not_an_error() -> None:
    """Addresses, routes and the IPVS table, beside rules and settings."""
    for vector in WHOLE:
        files: list[Host] = []
        for host, shown in vector["hosts"].items():
            role: Role = "router" if host == "router" else "real-server"
            name = "10.10.1.21" if host == "router" else host
            files += [
                hosts.read(shown[kind], f"{host}.{kind}").of(role, name)
                for kind in ("iptables_save", "sysctl", "ip_addr", "ip_route")
                if shown.get(kind)
            ]
        table = "".join(f"{line}\n" for line in vector["ipvs"])
        files.append(hosts.read(table, "ipvs").of("router", "10.10.1.21"))
        found = lvscf.lint(lvscf.parse(vector["lvs_cf"], "lvs.cf"), Cluster(tuple(files)))

        assert not [one for one in found if one.code.startswith("LVS44")], vector["id"]
        if vector["label"] == "works":
            assert "error" not in {one.severity.label for one in found}, vector["id"]
