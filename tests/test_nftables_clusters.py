"""Clusters that were really run, with their rules as nft lists them after iptables-nft-restore."""

import gzip
import json
from typing import Any

import pytest

import lvscf
from lvscf import firewall, hosts
from lvscf.cluster import Cluster, Evidence
from lvscf.hosts import Host, Role
from tests.vectors import DATA


def _lines(name: str) -> dict[str, dict[str, Any]]:
    with gzip.open(DATA / name, "rt", encoding="utf-8") as lines:
        return {vector["id"]: vector for vector in map(json.loads, lines)}


SAVED, LISTED = _lines("live_clusters.jsonl.gz"), _lines("live_clusters_nft.jsonl.gz")


def _codes(lvs_cf: str, rules: dict[str, Any]) -> list[str]:
    router = firewall.parse(rules["router"], "router.txt")
    evidence = [Evidence("router", None, "firewall", router)]
    for name, text in rules["real_servers"].items():
        parsed = firewall.parse(text, f"{name}.txt")
        evidence.append(Evidence("real-server", name, "firewall", parsed))
    findings = lvscf.lint(lvscf.parse(lvs_cf, "lvs.cf"), Cluster(tuple(evidence)))
    return sorted(finding.code for finding in findings)


@pytest.mark.parametrize("name", LISTED)
def test_nft_tells_what_iptables_tells(name: str) -> None:
    """The same findings, whichever program showed the rules."""
    lvs_cf = SAVED[name]["lvs_cf"]

    assert firewall.parse(LISTED[name]["router"]).kind == "nftables"
    assert _codes(lvs_cf, LISTED[name]) == _codes(lvs_cf, SAVED[name])


WHOLE, WHOLE_LISTED = _lines("live_clusters2.jsonl.gz"), _lines("live_clusters2_nft.jsonl.gz")


def _all_codes(vector: dict[str, Any], rules: dict[str, str]) -> list[tuple[str, str]]:
    """What is found with all files of the hosts, and these rules."""
    files: list[Host] = []
    for host, shown in vector["hosts"].items():
        role: Role = "router" if host == "router" else "real-server"
        name = "10.10.1.21" if host == "router" else host
        texts = {kind: shown.get(kind) for kind in ("sysctl", "ip_addr", "ip_route")}
        # An empty list shows that a host has no rules.
        texts["iptables"] = rules[host] or "# no rules\n"
        files += [
            hosts.read(text, f"{host}.{kind}").of(role, name)
            for kind, text in texts.items()
            if text
        ]
    findings = lvscf.lint(lvscf.parse(vector["lvs_cf"], "lvs.cf"), Cluster(tuple(files)))
    return sorted((one.code, one.severity.label) for one in findings)


@pytest.mark.parametrize("name", WHOLE_LISTED)
def test_nft_tells_of_all_ways_what_iptables_tells(name: str) -> None:
    """The same findings about what is forwarded and sent, too."""
    vector = WHOLE[name]
    saved = {host: shown.get("iptables_save", "") for host, shown in vector["hosts"].items()}

    assert _all_codes(vector, WHOLE_LISTED[name]["hosts"]) == _all_codes(vector, saved)
