"""Clusters that were really run on Linux IPVS: what breaks service is found, and nothing else."""

import re
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lvscf
from lvscf import firewall, hosts
from lvscf.cluster import Cluster, Evidence
from lvscf.hosts import Host, Role
from lvscf.keepalived.linting.examination import examine
from lvscf.keepalived.reading.view import read as read_keepalived
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


def broken_under_keepalived_by(vector: dict[str, Any]) -> set[str]:
    """The same for the keepalived.conf that the lvs.cf becomes, in which a mark has no port."""
    document = lvscf.parse(vector["lvs_cf"], "lvs.cf")
    files = lvscf.keepalived.convert(document, interface="eth0").files
    source = Source(files["primary/keepalived.conf"].text, "keepalived.conf")
    evidence = [hosts.read(vector["router"], "router.txt").of("router", None)]
    for virtual in document.config.virtual_servers:
        for server in virtual.servers:
            text = vector["real_servers"].get(server.name)
            if text is not None:
                host = hosts.read(text, f"{server.name}.txt")
                evidence.append(host.of("real-server", server.address))
    found = examine(read_keepalived(source), Cluster(tuple(evidence)), lvscf.Settings())
    return BREAKING & {finding.code for finding in found.findings}


@pytest.mark.parametrize("vector", CLUSTERS, ids=lambda vector: vector["id"])
def test_reality_agrees_under_keepalived(vector: dict[str, Any]) -> None:
    """The marks and redirects of a cluster decide the same, whoever sets up IPVS."""
    if vector["label"] == "unclear":
        pytest.skip("a real server was not asked")

    assert bool(broken_under_keepalived_by(vector)) == (vector["label"] == "broken")


def parts(vector: dict[str, Any]) -> dict[tuple[str, str], Host]:
    """All that was collected in a cluster: by host, and kind of file."""
    found = {}
    for host, files in vector["hosts"].items():
        role: Role = "router" if host == "router" else "real-server"
        for kind, text in files.items():
            if text is not None and (text.strip() or kind == "iptables_save"):
                part = hosts.read(text, f"{host}.{kind}")
                found[host, kind] = part.of(role, None if host == "router" else host)
    return found


@cache
def parsed(number: int) -> tuple[lvscf.Document, dict[tuple[str, str], Host]]:
    """A cluster's lvs.cf and files."""
    vector = WHOLE[number]
    return lvscf.parse(vector["lvs_cf"], "lvs.cf"), parts(vector)


def severities(number: int, given: Callable[[str, str], bool]) -> dict[str, str]:
    """The gravest severity of each code, with some of a cluster's files."""
    document, files = parsed(number)
    cluster = Cluster(tuple(part for key, part in files.items() if given(*key)))
    findings = sorted(lvscf.lint(document, cluster), key=lambda one: one.severity)
    return {one.code: one.severity.label for one in findings}


def all_but(missing: str) -> Callable[[str, str], bool]:
    """A choice of files: all kinds but one."""
    return lambda _host, kind: kind != missing


def with_all(number: int) -> dict[str, str]:
    """The severity of each code with all files of a cluster."""
    return severities(number, lambda _host, _kind: True)


EACH = pytest.mark.parametrize("number", range(len(WHOLE)), ids=lambda number: WHOLE[number]["id"])
WORKING = [number for number, vector in enumerate(WHOLE) if vector["label"] == "works"]
BROKEN = [number for number, vector in enumerate(WHOLE) if vector["label"] == "broken"]

CAUSES: tuple[tuple[str, str], ...] = (
    ("FIN", "LVS416"),
    ("ACK is|NEW without SYN", "LVS417"),
    ("FORWARD (has no|accepts|drops|rejects)", "LVS418"),
    ("ip_forward|does not forward", "LVS419"),
    ("OUTPUT of the real servers", "LVS540"),
    ("neither what IPVS|nanny's checks .NEW", "LVS420 LVS421"),
    ("OUTPUT accepts tcp|UNTRACKED in OUTPUT", "LVS420"),
    ("no answer of nanny's checks", "LVS421"),
    ("gateway is a host that", "LVS539"),
    ("no route to the clients", "LVS544"),
    ("MASQUERADE does nothing", "LVS423"),
    ("answers them directly", "LVS321 LVS539"),
    ("without persistence", "LVS315"),
    ("arptables does not change it", "LVS517"),
    ("arp_ignore = 8", "LVS516"),
    ("answers ARP", "LVS508"),
    ("no VIP and no REDIRECT", "LVS501"),
    ("listens on", "LVS542"),
    ("INPUT accepts the VIP only|rejects what comes to the VIP", "LVS511"),
    ("rp_filter = 1", "LVS422"),
    ("protocol 4", "LVS537"),
    ("do not have the VIP", "LVS541"),
    ("(REDIRECT|DNAT).* on the router", "LVS412"),
)
"""Words about what was planted in a cluster, and the codes that report it."""


def codes_of(why: str) -> set[str]:
    """The codes that report a cause: of the first words that it contains."""
    return set(next(codes for words, codes in CAUSES if re.search(words, why)).split())


@pytest.mark.parametrize("number", BROKEN, ids=lambda number: WHOLE[number]["id"])
def test_what_breaks_a_cluster_is_found(number: int) -> None:
    """With all files of its hosts, the cause has its finding."""
    vector, found = WHOLE[number], with_all(number)
    if vector["needs"] == ["client"]:
        assert "error" not in found.values()
        assert found["LVS543"] == "info"  # nothing of the cluster shows that ICMP is filtered
        return
    told = {code: found.get(code) for code in codes_of(vector["why"])}

    assert told.keys() == {code for code, label in told.items() if label in ("error", "warning")}
    if vector["broken_by"] == ["close"]:
        assert set(found.values()) <= {"warning", "info"}


@pytest.mark.parametrize("number", WORKING, ids=lambda number: WHOLE[number]["id"])
def test_nothing_is_said_against_clusters_that_work(number: int) -> None:
    """With all files of its hosts, there is neither an error nor a warning."""
    assert {"error", "warning"}.isdisjoint(with_all(number).values())


@pytest.mark.parametrize("number", WORKING, ids=lambda number: WHOLE[number]["id"])
def test_nothing_is_certain_without_some_kind_of_file(number: int) -> None:
    """A cluster that works has no error, whatever kind of evidence is left out."""
    for missing in {kind for _, kind in parsed(number)[1]}:
        found = severities(number, all_but(missing))
        assert "error" not in found.values(), missing


@given(st.sampled_from(WORKING), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_nothing_is_certain_with_some_files(number: int, chance: Random) -> None:
    """A cluster that works has no error with any selection of its files."""
    found = severities(number, lambda _host, _kind: chance.random() < 0.5)

    assert "error" not in found.values()


@EACH
def test_connections_end_where_nothing_is_found(number: int) -> None:
    """Connections that linger have a warning, those whose ACK is dropped an error; others none."""
    vector, found = WHOLE[number], with_all(number)
    hangs = vector["label"] == "broken" and ("NEW" in vector["why"] or "ACK" in vector["why"])
    hangs = hangs and vector["broken_by"] == ["clients"] and vector["kind"] == "input_state"

    assert ("LVS416" in found) == (vector["closes"] is False)
    assert found.get("LVS416") in (None, "warning")
    assert (found.get("LVS417") == "error") == hangs


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
