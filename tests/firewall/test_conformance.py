"""The vectors that a Linux kernel and iptables have judged."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from lvscf.firewall import Firewall, Outcome, Packet, parse

DATA = Path(__file__).parent / "data"
LOCAL = {"eth0": "10.10.1.21", "eth1": "10.11.1.1"}
OWN = (*LOCAL.values(), "10.10.1.20", "10.10.1.30", "10.10.2.40")
"""All addresses of the host on which the packets were judged."""


def vectors(name: str) -> list[dict[str, Any]]:
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def state(firewall: Firewall) -> list[tuple[str, str]]:
    """Rules and policies that are not the default, table by table."""
    found: list[tuple[str, str]] = []
    for table in firewall.tables.values():
        found.extend(
            (table.name, f":{chain.name} {chain.policy or '-'}")
            for chain in table.chains.values()
            if chain.policy != "ACCEPT"
        )
        found.extend((table.name, str(rule)) for rule in table.rules)
    return sorted(found)


def saved_state(text: str) -> list[tuple[str, str]]:
    found, table = [], ""
    for line in text.splitlines():
        if line.startswith("*"):
            table = line[1:]
        elif line.startswith("-A"):
            found.append((table, line))
        elif line.startswith(":") and line.split()[1] != "ACCEPT":
            found.append((table, " ".join(line.split()[:2])))
    return sorted(found)


@pytest.mark.parametrize("form", ["saved", "commands"])
@pytest.mark.parametrize("vector", vectors("firewall"), ids=lambda vector: vector["id"])
def test_packets_go_as_in_the_kernel(vector: dict[str, Any], form: str) -> None:
    text = vector[form] if form == "saved" else "\n".join(vector[form])
    firewall = parse(text)
    assert firewall.findings == ()
    for asked in vector["packets"]:
        packet = Packet(asked["proto"], asked["dst"], asked["dport"], asked["src"], asked["iface"])
        local = LOCAL[asked["iface"]]
        (outcome,) = firewall.trace(packet, local, own_addresses=OWN)
        assert evolve(outcome, assumptions=()) == evolve(
            firewall.trace(packet, local)[0], assumptions=()
        )
        moved = (outcome.destination, outcome.port) != (packet.destination, packet.port)
        if outcome.accepted or outcome.decided_in[1] == "INPUT":
            assert outcome.mark == asked["mark"], asked
            assert (f"{outcome.destination}:{outcome.port}" if moved else None) == asked["nat"]
        else:
            assert asked["mark"] is None
        assert outcome.accepted == asked["accepted"], asked


def is_kernels(outcome: Outcome, asked: dict[str, Any]) -> bool:
    """Whether an outcome is what the kernel did."""
    if not asked["accepted"]:
        return not outcome.accepted
    if not outcome.accepted or (outcome.mark_known and outcome.mark != asked["mark"]):
        return False
    address, _, port = (asked["nat"] or f"{asked['dst']}:{asked['dport']}").partition(":")
    return outcome.destination in (None, address) and (
        asked["dport"] is None or outcome.port in (None, int(port))
    )


@pytest.mark.parametrize("own", [None, OWN], ids=["", "own"])
@pytest.mark.parametrize("form", ["S", "Lnv", "Ln"])
@pytest.mark.parametrize("vector", vectors("listings"), ids=lambda vector: vector["id"])
def test_the_kernels_answer_is_among_the_outcomes(
    vector: dict[str, Any], form: str, own: tuple[str, ...] | None
) -> None:
    firewall = parse(vector[form])
    for finding in firewall.findings:
        assert finding.code != "LVS701", finding
    for asked in vector["packets"]:
        packet = Packet(asked["proto"], asked["dst"], asked["dport"], asked["src"], asked["iface"])
        outcomes = firewall.trace(packet, LOCAL[asked["iface"]], own_addresses=own)
        assert any(is_kernels(outcome, asked) for outcome in outcomes), (asked, outcomes)


def test_few_packets_of_the_listings_are_left_open() -> None:
    """What `-L -n` hides stays open; everything else is open only if only the kernel knows it."""
    several = {"S": 0, "Lnv": 0, "Ln": 0}
    asked = 0
    for vector in vectors("listings"):
        asked += len(vector["packets"])
        for form in several:
            firewall = parse(vector[form])
            for one in vector["packets"]:
                packet = Packet(one["proto"], one["dst"], one["dport"], one["src"], one["iface"])
                outcomes = firewall.trace(packet, LOCAL[one["iface"]], own_addresses=OWN)
                seen = {(o.mark, o.destination, o.port, o.accepted) for o in outcomes}
                several[form] += len(seen) > 1
    assert several["S"] == several["Lnv"] < 0.2 * asked
    assert several["Ln"] < 0.45 * asked


@pytest.mark.parametrize("vector", vectors("firewall"), ids=lambda vector: vector["id"])
def test_saved_rules_are_written_as_they_were_read(vector: dict[str, Any]) -> None:
    assert state(parse(vector["saved"])) == saved_state(vector["saved"])


@pytest.mark.parametrize("back_end", ["saved_nft", "saved_legacy"])
@pytest.mark.parametrize("vector", vectors("iptables_commands"), ids=lambda vector: vector["name"])
def test_commands_make_the_rules_that_iptables_saves(vector: dict[str, Any], back_end: str) -> None:
    assert state(parse("\n".join(vector["commands"]))) == saved_state(vector[back_end])


@pytest.mark.parametrize("vector", vectors("iptables_commands"), ids=lambda vector: vector["name"])
def test_listings_tell_the_rules_that_were_saved(vector: dict[str, Any]) -> None:
    if not saved_state(vector["saved_nft"]):
        pytest.skip("iptables refused the commands, or they leave no rules")
    listed = [
        line.replace("CT --notrack", "NOTRACK") for _, line in state(parse(vector["listed_nft"]))
    ]
    saved = [
        line.replace("CT --notrack", "NOTRACK") for _, line in saved_state(vector["saved_nft"])
    ]
    assert listed == saved


@pytest.mark.parametrize("vector", vectors("live_clusters"), ids=lambda vector: vector["id"])
def test_rules_of_running_clusters_have_no_findings(vector: dict[str, Any]) -> None:
    for text in (vector["router"], *vector["real_servers"].values()):
        assert parse(text).findings == ()
