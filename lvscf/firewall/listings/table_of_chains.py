"""The table of chains: which table a list of chains belongs to, if it is not named.

`iptables -S` and `iptables -L` do not name the table.  Their output starts with the built-in
chains, and each table has its own order of those.
"""

import re
from collections.abc import Container, Iterable, Sequence

from lvscf.firewall.language.options import IPTABLES

_ORDERS = {
    ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"): "mangle",
    ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"): "nat",
    ("PREROUTING", "POSTROUTING", "OUTPUT"): "nat",
    ("PREROUTING", "OUTPUT", "POSTROUTING"): "nat",
    ("PREROUTING", "INPUT", "POSTROUTING", "OUTPUT"): "nat",
    ("PREROUTING", "OUTPUT"): "raw",
    ("INPUT", "FORWARD", "OUTPUT"): "filter",
}
"""The built-in chains of the tables, in all orders in which kernels have listed them."""
_TARGET = re.compile(r"(?:^|\s)(?:-j|-g|--jump|--goto)\s+(\S+)")
_OF_MANGLE = frozenset(["MARK", "CONNMARK"])
"""Targets that other tables also accept, but that are not used there."""


def boundaries(names: Sequence[str]) -> list[int]:
    """Where tables begin in a sequence of built-in chains, without the first.

    The sequence is split into whole tables if possible, or else where a chain is repeated.
    """
    whole = _whole_tables(names)
    if whole is not None:
        return whole
    starts = []
    seen: set[str] = set()
    for at, name in enumerate(names):
        if name in seen:
            starts.append(at)
            seen = set()
        seen.add(name)
    return starts


def _whole_tables(names: Sequence[str]) -> list[int] | None:
    """The fewest whole tables that make up the sequence; None if it does not consist of them."""
    best: list[list[int] | None] = [[], *([None] * len(names))]
    for at in range(len(names)):
        reached = best[at]
        if reached is None:
            continue
        for order in _ORDERS:
            end = at + len(order)
            if tuple(names[at:end]) != order:
                continue
            known = best[end]
            if known is None or len(known) > len(reached) + 1:
                best[end] = [*reached, at]
    found = best[len(names)]
    return found[1:] if found else None


def table_of(chains: Iterable[str]) -> str | None:
    """The table with these built-in chains; None if several could have them."""
    names = set(chains)
    if "PREROUTING" in names:
        if "FORWARD" in names:
            return "mangle"
        if "POSTROUTING" in names:
            return "nat"
        return "raw" if names >= {"PREROUTING", "OUTPUT"} else None
    if names >= {"INPUT", "FORWARD", "OUTPUT", "POSTROUTING"}:
        return "mangle"
    if "POSTROUTING" in names:
        return None
    return "filter" if names & {"INPUT", "FORWARD", "OUTPUT"} else None


def targets_in(lines: Iterable[str]) -> set[str]:
    """The targets of rule lines such as `-A INPUT -j DROP`."""
    return {name for line in lines for name in _TARGET.findall(line)}


def table_by_targets(targets: Iterable[str]) -> tuple[str | None, bool]:
    """The table that accepts all these targets, and whether it is the only one.

    None if the targets do not decide.
    """
    named = set(targets)
    tables = [
        set(extension.tables)
        for name in named
        if (extension := IPTABLES.targets.get(name)) is not None and extension.tables
    ]
    if tables:
        common = set.intersection(*tables)
        for table in ("nat", "mangle", "raw", "filter", "security"):
            if table in common:
                return table, len(common) == 1
    if named & _OF_MANGLE:
        return "mangle", False
    return None, False


def filtering(known: Container[str], indicated: str | None) -> str:
    """The table of chains that both filter and security have.

    Args:
        known: the tables read so far.
        indicated: the table that the targets indicate, or None.
    """
    if indicated is not None:
        return indicated  # perhaps the listing shows only some chains of another table
    if "filter" in known and "security" not in known:
        return "security"
    return "filter"
