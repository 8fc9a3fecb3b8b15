"""Rules for iptables: a file for iptables-restore, or commands."""

from collections.abc import Iterator

from lvscf.firewall.language.values import MOST_MULTIPORT_SLOTS
from lvscf.linter.hosts.iptables_commands import port_text
from lvscf.rule_writing.wanted import HostNeeds, Wanted, chunks

_CHAINS = {
    "mangle": ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
    "nat": ("PREROUTING", "OUTPUT", "POSTROUTING"),
    "filter": ("INPUT", "FORWARD", "OUTPUT"),
}
"""The chains that every kernel has; INPUT of nat is younger."""


def restore_file(needs: HostNeeds, head: tuple[str, ...]) -> str:
    """A file for `iptables-restore`, with policies of ACCEPT."""
    lines = [f"# {line}" for line in head]
    for table, chains in _CHAINS.items():
        body: list[str] = []
        for paragraph in needs.paragraphs:
            rules = [one for one in paragraph.rules if one.table == table]
            if rules:
                body += [f"# {line}" for line in paragraph.comments]
                body += [
                    f"-A {one.chain} {match}" for one in rules for match in specifications(one)
                ]
        if body:
            lines += [f"*{table}", *(f":{chain} ACCEPT [0:0]" for chain in chains), *body, "COMMIT"]
    return "\n".join(lines) + "\n"


def commands(needs: HostNeeds, head: tuple[str, ...]) -> str:
    """A script of `iptables` commands.

    In the filter table, they go before the rules that are there, in this order.
    """
    lines = ["#!/bin/sh", *(f"# {line}" for line in head)]
    numbers: dict[str, int] = {}
    for paragraph in needs.paragraphs:
        lines += ["", *(f"# {line}" for line in paragraph.comments)]
        for one in paragraph.rules:
            for match in specifications(one):
                if one.table == "filter":
                    number = numbers.setdefault(one.chain, 1)
                    numbers[one.chain] += 1
                    where = f"-I {one.chain} {number}"
                else:
                    where = f"-t {one.table} -A {one.chain}"
                lines.append(f"iptables {where} {match}")
    return "\n".join(lines) + "\n"


def specifications(one: Wanted) -> Iterator[str]:
    """A rule's matches and target; several if it names more ports than a rule of iptables can."""
    begin = []
    if one.device is not None:
        begin.append(f"-i {one.device}")
    begin.append(f"-p {one.protocol}")
    if one.source is not None:
        begin.append(f"-s {one.source}")
    if one.destination is not None:
        begin.append(f"-d {one.destination}")
    end = ["-m state --state ESTABLISHED"] if one.established else []
    target = f"MARK --set-mark {one.mark}" if one.target == "MARK" else one.target
    for ports in _port_matches(one):
        yield " ".join([*begin, *ports, *end, "-j", target])


def _port_matches(one: Wanted) -> list[list[str]]:
    side, ports = ("sport", one.source_ports) if one.source_ports else ("dport", one.ports)
    if not ports:
        return [[]]
    if len(ports) == 1:
        return [[f"--{side} {port_text(ports[0])}"]]
    return [
        [f"-m multiport --{side}s {','.join(map(port_text, group))}"]
        for group in chunks(ports, MOST_MULTIPORT_SLOTS)
    ]
