"""Which collected host is which: whole clusters, that were really run, as collections."""

import gzip
import json
from typing import Any

import pytest

import lvscf
from lvscf.cluster import Cluster
from lvscf.files.archive import Archive
from lvscf.files.collected.clusters import CollectedHosts
from lvscf.files.collected.collection import Collection
from lvscf.files.collected.reading import CollectedHost
from lvscf.files.errors import FileError
from lvscf.hosts import Role
from tests.vectors import DATA

KINDS = {
    "iptables_save": "iptables-save",
    "arptables_save": "arptables-save",
    "sysctl": "sysctl",
    "ip_addr": "ip_addr",
    "ip_route": "ip_route",
    "listening": "netstat",
}
"""What `lvscf collect` calls what is known of each host."""


def clusters() -> list[dict[str, Any]]:
    """The clusters that have addresses; some of them say the same."""
    with gzip.open(DATA / "live_clusters2.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def never(error: FileError) -> None:
    raise AssertionError(str(error))


def as_collections(vector: dict[str, Any]) -> list[CollectedHost]:
    """The hosts of a cluster, in the order of their names."""
    hosts = []
    for name, known in vector["hosts"].items():
        files = {
            f"sos_commands/lvscf/{KINDS[kind]}": (text or "").encode()
            for kind, text in known.items()
            if kind in KINDS and text is not None
        }
        if name == "router":
            files["etc/sysconfig/ha/lvs.cf"] = vector["lvs_cf"].encode()
        hosts.append(CollectedHost(Collection(f"{name}.tar", files, 0), never))
    return hosts


def as_named(vector: dict[str, Any], document: lvscf.Document) -> Cluster:
    """The same hosts, as options would name them."""
    named = {server.name: server for one in document.config.services for server in one.servers}
    files = []
    for host in as_collections(vector):
        name = host.path.removesuffix(".tar")
        role: Role = "router" if name == "router" else "real-server"
        called = document.config.primary if name == "router" else named[name].address
        files += [shown.of(role, called) for shown in host.files]
    return Cluster(tuple(files))


@pytest.mark.parametrize("vector", clusters(), ids=lambda vector: vector["id"])
def test_live_clusters(vector: dict[str, Any]) -> None:
    """Each host is found by its addresses, and the findings are those of hosts that are named."""
    hosts = CollectedHosts(as_collections(vector))
    hosts.choose([])
    [linted] = hosts.linted
    cluster = linted.cluster(Archive(never), (), ())
    found = lvscf.lint(linted.document, cluster)
    expected = lvscf.lint(linted.document, as_named(vector, linted.document))

    assert hosts.remarks == []
    assert linted.document.filename == "router.tar!etc/sysconfig/ha/lvs.cf"
    assert [host.path for host, part in linted.parts if part.role == "router"] == ["router.tar"]
    assert {(host.path, part.also) for host, part in linted.parts if part.role != "router"} >= {
        (f"{name}.tar", (name,)) for name in vector["hosts"] if name != "router"
    }
    assert [(one.code, one.message) for one in found] == [
        (one.code, one.message) for one in expected
    ]
