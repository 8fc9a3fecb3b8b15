"""The JSON of a ruleset: the output of `nft -j list ruleset`."""

import json
from collections.abc import Iterator
from typing import Any

from lvscf.firewall.file_rules import firewall_truncated
from lvscf.firewall.model import Hook
from lvscf.firewall.nftables.building import Building
from lvscf.firewall.nftables.expression_json import (
    Unknown,
    collection_elements,
    statement,
)
from lvscf.firewall.nftables.expressions import NamedSet, Statement
from lvscf.firewall.nftables.model import HOOKS

_SPACE = " \t\r\n"


def read_json(building: Building) -> None:
    """Read the objects of the array `nftables`, one after the other, each with its place."""
    for found, start, end in _objects(building):
        if not isinstance(found, dict) or len(found) != 1:
            continue
        ((kind, value),) = found.items()
        if isinstance(value, dict):
            _object(building, kind, value, start, end)


def _objects(building: Building) -> Iterator[tuple[Any, int, int]]:
    text = building.source.text
    decoder = json.JSONDecoder()
    at = text.find("[", text.find('"nftables"')) + 1
    while True:
        while at < len(text) and text[at] in _SPACE + ",":
            at += 1
        if text[at : at + 1] == "]":
            return
        try:
            found, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            building.partial = True
            start = min(at, max(len(text) - 1, 0))
            building.findings.append(
                firewall_truncated.found(
                    building.source,
                    start,
                    min(start + 1, len(text)),
                    "The JSON of nft breaks off here. Rules may be missing.",
                    "Copy the output of `nft -j list ruleset` again.",
                )
            )
            return
        yield found, at, end
        at = end


def _object(building: Building, kind: str, value: dict[str, Any], start: int, end: int) -> None:
    family, name = str(value.get("family", "ip")), str(value.get("name", ""))
    if kind == "table":
        table = building.table(family, name)
        flags = value.get("flags")
        table.dormant = flags == "dormant" or (isinstance(flags, list) and "dormant" in flags)
        return
    if kind not in ("chain", "set", "map", "rule", "element"):
        return
    table = building.table(family, str(value.get("table", "")))
    if kind == "chain":
        chain = building.chain(table, name, start, end)
        if value.get("hook") in HOOKS:
            policy = str(value.get("policy", "accept")).upper()
            chain.hook = _hook(value)
            chain.devices = _devices(value)
            chain.policy = policy
    elif kind == "rule":
        chain = building.chain(table, str(value.get("chain", "")), start, end)
        comment = value.get("comment")
        expressions = value.get("expr")
        try:
            statements: tuple[Statement, ...] = tuple(
                map(statement, expressions if isinstance(expressions, list) else [])
            )
        except (Unknown, RecursionError):
            building.unreadable(table, chain, start, end)
            return
        note = comment if isinstance(comment, str) else None
        building.rule(table, chain, statements, note, start, end)
    else:
        try:
            found = collection_elements(value.get("elem"))
        except (Unknown, RecursionError):
            building.partial = True
            building.unsupported("lvscf does not understand the elements of this set.", start, end)
            return
        if kind == "element":
            building.add_elements(table, name, found)
            return
        flags = value.get("flags")
        named = tuple(map(str, flags)) if isinstance(flags, list) else ()
        if isinstance(flags, str):
            named = (flags,)
        table.collections[name] = NamedSet(name, found, named)


def _hook(value: dict[str, Any]) -> Hook:
    priority = value.get("prio", 0)
    return Hook(
        str(value["hook"]),
        priority if isinstance(priority, int) else 0,
        str(value.get("type", "filter")),
    )


def _devices(value: dict[str, Any]) -> tuple[str, ...] | None:
    """The interfaces of an ingress chain, which many versions of nft do not write."""
    shown = value.get("dev", value.get("devices"))
    if isinstance(shown, str):
        return (shown,)
    if isinstance(shown, list):
        return tuple(map(str, shown))
    return None if value.get("hook") == "ingress" else ()
