"""Rulesets of nftables with packets that a Linux kernel has judged."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from lvscf.firewall import Outcome, Packet, parse

LOCAL = {"eth0": "10.10.1.21", "eth1": "10.11.1.1"}
OWN = (*LOCAL.values(), "10.10.1.20", "10.10.1.30", "10.10.2.40")
NOT_IN_JSON = "table flags hidden"
"""Nothing in JSON says that a table is dormant; lvscf takes all tables for active."""


def vectors() -> list[dict[str, Any]]:
    data = Path(__file__).parent.parent / "data" / "nft.jsonl.gz"
    with gzip.open(data, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def is_kernels(outcome: Outcome, asked: dict[str, Any]) -> bool:
    """Whether an outcome is what the kernel did."""
    if not asked["accepted"]:
        return not outcome.accepted and ("forwarded" not in asked or outcome.forwarded)
    if not outcome.accepted or (outcome.mark_known and outcome.mark != asked["mark"]):
        return False
    address, _, port = (asked["nat"] or f"{asked['dst']}:{asked['dport']}").partition(":")
    return outcome.destination in (None, address) and (
        asked["dport"] is None or outcome.port in (None, int(port))
    )


def visible(outcome: Outcome) -> tuple[object, ...]:
    """What is seen of a packet from outside."""
    mark = outcome.mark if outcome.accepted else None
    return mark, outcome.mark_known, outcome.destination, outcome.port, outcome.accepted


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector["id"])
def test_packets_go_as_in_the_kernel(vector: dict[str, Any], form: str) -> None:
    """One outcome, and the kernel's, unless the form hides something, or only the kernel knows."""
    firewall = parse(vector[form])
    assert not firewall.partial
    for asked in vector["packets"]:
        packet = Packet(asked["proto"], asked["dst"], asked["dport"], asked["src"], asked["iface"])
        outcomes = firewall.trace(packet, LOCAL[asked["iface"]], own_addresses=OWN)
        reason = asked.get("open", {}).get(form)
        if reason == NOT_IN_JSON:
            continue
        assert any(is_kernels(outcome, asked) for outcome in outcomes), (asked, outcomes)
        if reason is None:
            assert len(set(map(visible, outcomes))) == 1, (asked, outcomes)
            assert outcomes[0].mark_known
        others = firewall.trace(packet, LOCAL[asked["iface"]])
        assert any(is_kernels(outcome, asked) for outcome in others), (asked, others)
        if "forwarded" in asked:
            address, port, mark = asked["forwarded"].split(":")
            on = firewall.trace(packet, own_addresses=OWN, way="forward")
            known = [(one.destination, str(one.port), str(one.mark), one.accepted) for one in on]
            assert (address, port, mark, True) in known, (asked, on)


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector["id"])
def test_both_forms_are_read_alike(vector: dict[str, Any]) -> None:
    """The same tables, chains, hooks and numbers of rules."""
    text, data = (
        {
            (table.name, chain.name): (chain.hook, chain.policy, len(chain.rules))
            for table in parse(vector[form]).tables.values()
            for chain in table.chains.values()
        }
        for form in ("text", "json")
    )
    dormant = {name for name, (hook, _, _) in text.items() if hook is None}
    assert text.keys() == data.keys()
    assert {one: value for one, value in text.items() if one not in dormant} == {
        one: value for one, value in data.items() if one not in dormant
    }
