"""Clusters that were really run on Linux IPVS: what breaks service is found, and nothing else."""

import gzip
import json
from typing import Any

import pytest

import lvscf
from lvscf import firewall
from lvscf.cluster import Cluster, Evidence
from tests.vectors import DATA

BREAKING = {
    "LVS401", "LVS402", "LVS403", "LVS404", "LVS406", "LVS408", "LVS410", "LVS411", "LVS412",
    "LVS414", "LVS501", "LVS502", "LVS503", "LVS504", "LVS505", "LVS511",
}  # fmt: skip

with gzip.open(DATA / "live_clusters.jsonl.gz", "rt", encoding="utf-8") as lines:
    CLUSTERS: tuple[dict[str, Any], ...] = tuple(json.loads(line) for line in lines)


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
