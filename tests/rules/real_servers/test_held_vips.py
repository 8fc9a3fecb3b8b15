"""The rules in `lvscf.linter.rules.real_servers.held_vips`."""

import gzip
import json
from typing import Any

import pytest

import lvscf
from lvscf import firewall, hosts
from lvscf.cluster import Cluster
from lvscf.hosts import Host, Role
from lvscf.hosts.host import of_firewall
from tests.cases import assert_fires, assert_silent, named
from tests.clusters import findings
from tests.hosts import DROP, MANGLE, SERVED, real
from tests.rules.real_servers.held_vips_cases import (
    FIRES,
    NO_HIDING,
    SILENT,
    addresses,
    settings,
)
from tests.underlined import unmarked
from tests.vectors import DATA

ABOUT_ARP = {"LVS501", "LVS508", "LVS509", "LVS510"} | FIRES.keys()

with gzip.open(DATA / "live_clusters2.jsonl.gz", "rt", encoding="utf-8") as lines:
    CLUSTERS: tuple[dict[str, Any], ...] = tuple(map(json.loads, lines))

with gzip.open(DATA / "arp.jsonl.gz", "rt", encoding="utf-8") as lines:
    SERVERS: tuple[dict[str, Any], ...] = tuple(map(json.loads, lines))


@pytest.mark.parametrize(("code", "marked"), **named(FIRES))
def test_fires_and_underlines(code: str, marked: str) -> None:
    """The rule has exactly one finding, at the marked token."""
    assert_fires(code, marked)


@pytest.mark.parametrize(("code", "text"), **named(SILENT))
def test_is_silent(code: str, text: str) -> None:
    """The rule has no finding."""
    assert_silent(code, text)


def cluster_of(vector: dict[str, Any]) -> Cluster:
    """All that was collected from a cluster that really ran, but for routes and sockets."""
    files: list[Host] = []
    for name, texts in vector["hosts"].items():
        role: Role = "router" if name == "router" else "real-server"
        parts = [of_firewall(firewall.parse(texts.get("iptables_save") or ""))]
        parts += [
            hosts.read(texts[kind], f"{name}.{kind}")
            for kind in ("arptables_save", "sysctl", "ip_addr")
            if texts.get(kind)
        ]
        files += [part.of(role, None if name == "router" else name) for part in parts]
    return Cluster(files)


@pytest.mark.parametrize("vector", CLUSTERS, ids=lambda vector: vector["id"])
def test_reality_agrees(vector: dict[str, Any]) -> None:
    """Real servers that broke their cluster in ARP have a finding; in no other cluster any has."""
    found = lvscf.lint(lvscf.parse(vector["lvs_cf"], "lvs.cf"), cluster_of(vector))
    codes = {one.code for one in found if one.code in ABOUT_ARP}
    lacks_vip = "no VIP and no REDIRECT" in vector["why"]
    is_broken = vector["kind"] == "dr_arp" and vector["label"] == "broken"

    if lacks_vip:
        assert "LVS501" in {one.code for one in found if one.severity.label == "error"}
    elif is_broken:
        assert codes - {"LVS501"}
    elif vector["label"] == "works":
        assert not codes


@pytest.mark.parametrize("form", ["commands", "saved", "listed"])
@pytest.mark.parametrize("vector", SERVERS, ids=lambda vector: vector["id"])
def test_servers_that_give_the_vip_away_have_a_finding(vector: dict[str, Any], form: str) -> None:
    """So have those that cannot ask for hardware addresses, or be asked for their own; others none."""
    device, _, rest = vector["vip_on"].partition("/")
    prefix, _, scope = rest.partition(" scope ")
    shown = addresses(device, f"10.10.1.20/{prefix}").partition("\n")[2]
    if scope:
        shown = shown.replace(f"{prefix} scope global lo", f"{prefix} scope {scope} lo")
    rules = vector.get(form, "")
    texts = [shown, rules if isinstance(rules, str) else "\n".join(rules)]
    texts.append(vector.get("sysctl") or NO_HIDING.partition("\n")[2])
    files = [hosts.read(text, "file").of("real-server", "one") for text in texts if text]
    found = lvscf.lint(lvscf.parse(unmarked(SERVED)), Cluster(files))
    is_mute = vector["id"] == "arp-policy DROP alone"

    is_wrong = vector["answers"] or vector["senders"] != [vector["rip"]] or is_mute
    assert bool({one.code for one in found} & ABOUT_ARP) == is_wrong


def severities(text: str, code: str) -> list[str]:
    """The severities of a rule's findings."""
    return [one.severity.label for one in findings(unmarked(text)) if one.code == code]


PARTLY = "--- real-server one sysctl\nnet.ipv4.conf.all.arp_{} = {}\n"
ELSEWHERE = SERVED.replace("address = 10.10.1.20", "address = 192.0.2.20")
NO_RULES = real("arptables -P INPUT ACCEPT")


@pytest.mark.parametrize(
    ("code", "severity", "text"),
    [
        # No file shows the ARP filter, and nothing that hiding by settings is meant.
        ("LVS508", "warning", SERVED + addresses("lo") + NO_HIDING),
        ("LVS508", "error", SERVED + addresses("lo") + NO_HIDING + NO_RULES),
        ("LVS508", "error", SERVED + addresses("lo") + settings(ignore=0, announce=2)),
        # No file shows the settings of eth0.
        ("LVS508", "warning", SERVED + addresses("lo") + PARTLY.format("announce", 2)),
        # The rules take the VIP out of the answers.
        ("LVS508", "warning", SERVED + addresses("lo") + NO_HIDING + real(MANGLE)),
        ("LVS508", "warning", SERVED + real(MANGLE)),
        ("LVS508", "error", SERVED + real(DROP)),
        # It is not known who asks for the VIP.
        (
            "LVS508",
            "warning",
            ELSEWHERE + addresses("lo", "192.0.2.20/32") + NO_HIDING + NO_RULES,
        ),
        ("LVS514", "error", SERVED + addresses("lo") + settings(ignore=1, announce=0)),
        ("LVS514", "warning", SERVED + addresses("lo") + PARTLY.format("ignore", 1)),
        ("LVS515", "error", SERVED + addresses("lo", "10.10.1.20/24")),
        ("LVS515", "warning", ELSEWHERE + addresses("lo", "192.0.2.20/24")),
        ("LVS517", "error", SERVED + addresses("lo") + NO_HIDING + real(DROP)),
        ("LVS517", "warning", SERVED + addresses("lo") + PARTLY.format("announce", 0) + real(DROP)),
    ],
)
def test_an_error_only_where_the_files_show_it(code: str, severity: str, text: str) -> None:
    """Whatever a file that was not given may change is a warning."""
    assert severities(text, code) == [severity]


def test_one_arrangement_has_one_finding() -> None:
    """A server that answers for the VIP also announces it, which the same remedy cures."""
    text = unmarked(SERVED + addresses("lo") + NO_HIDING + NO_RULES)
    found = [one for one in findings(text) if one.code in ABOUT_ARP]

    assert [one.code for one in found] == ["LVS508"]
    assert "and names it in its own" in found[0].message


def test_a_server_known_to_lack_the_vip_has_to_redirect() -> None:
    """Without addresses it may have the VIP; with them, and rules of iptables, nothing is open."""
    rules = real("iptables -A INPUT -j ACCEPT")

    assert severities(SERVED + rules, "LVS501") == ["warning"]
    assert severities(SERVED + rules + addresses(), "LVS501") == ["error"]
    assert severities(SERVED + addresses(), "LVS501") == ["warning"]
    assert severities(SERVED + rules + addresses("lo"), "LVS501") == []


def test_remedies_are_for_the_chains_that_there_are() -> None:
    """Red Hat's older arptables has IN and OUT; rules that are there tell which one it is."""
    before = unmarked(SERVED + addresses("lo") + NO_HIDING)
    (old,) = (one for one in findings(before) if one.code == "LVS508")
    (new,) = (one for one in findings(before + NO_RULES) if one.code == "LVS508")
    other = real("arptables -A INPUT -d 10.10.1.99 -j DROP")
    (present,) = (one for one in findings(before + other) if one.code == "LVS508")

    assert "`arptables -A IN -d 10.10.1.20 -j DROP`" in (old.help or "")
    assert "`arptables -A IN -d 10.10.1.20 -j DROP`" in (new.help or "")
    assert "`arptables -I INPUT -d 10.10.1.20 -j DROP`" in (present.help or "")
