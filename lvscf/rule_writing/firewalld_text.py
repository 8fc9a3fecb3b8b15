"""Rules for firewalld: direct rules, and rich rules where direct ones are not enough.

Direct rules are rules of iptables, also where firewalld itself uses nftables (from RHEL 8 on).  A
packet that a direct rule accepts still passes firewalld's own chains there, so rich rules open the
VIPs as well.
"""

from collections.abc import Iterator
from shlex import quote

from lvscf.rule_writing.applying import RuleEdit
from lvscf.rule_writing.iptables_text import specifications
from lvscf.rule_writing.wanted import HostNeeds, Wanted

_DIRECT = "firewall-cmd --permanent --direct"


def script(needs: HostNeeds, head: tuple[str, ...]) -> str:
    """A script of commands."""
    lines = ["#!/bin/sh", *(f"# {line}" for line in head)]
    for paragraph in needs.paragraphs:
        rules = [one for one in paragraph.rules if one.chain != "OUTPUT"]
        if not rules:
            continue  # firewalld filters nothing that the host sends
        lines += ["", *(f"# {line}" for line in paragraph.comments)]
        for one in rules:
            lines += [
                f"{_DIRECT} --add-rule ipv4 {one.table} {one.chain} 0 {match}"
                for match in specifications(one)
            ]
            lines += [f"firewall-cmd --permanent --add-rich-rule='{rich}'" for rich in _rich(one)]
    lines += ["", "firewall-cmd --reload"]
    return "\n".join(lines) + "\n"


def command(edit: RuleEdit) -> str:
    """A change of iptables rules as a change of direct rules, in a shell's words."""
    what = "--remove-rule" if edit.action == "D" else "--add-rule"
    chain = quote(edit.chain.removesuffix(DIRECT_CHAIN))
    return f"{_DIRECT} {what} ipv4 {edit.table} {chain} 0 {edit.specification}"


DIRECT_CHAIN = "_direct"
"""What firewalld adds to the name of a chain for the one with its direct rules."""


def _rich(one: Wanted) -> Iterator[str]:
    """The rich rules that accept the same packets, as far as there are such rules."""
    if (one.table, one.chain) != ("filter", "INPUT") or one.established or one.device is not None:
        return
    parts = ['rule family="ipv4"']
    if one.source is not None:
        parts.append(f'source address="{one.source}"')
    if one.destination is not None:
        parts.append(f'destination address="{one.destination}"')
    for low, high in one.ports:
        text = str(low) if low == high else f"{low}-{high}"
        yield " ".join([*parts, f'port port="{text}" protocol="{one.protocol}" accept'])
    if not one.ports:
        yield " ".join([*parts, f'protocol value="{_name(one.protocol)}" accept'])


def _name(protocol: str) -> str:
    return "ipencap" if protocol == "4" else protocol
