"""Clusters that were really run, with their rules as nft lists them after iptables-nft-restore."""

import gzip
import json
from typing import Any

import pytest

import lvscf
from lvscf import firewall
from lvscf.cluster import Cluster, Evidence
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
