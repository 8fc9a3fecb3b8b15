"""LVS7: what the firewall parser found in the hosts' files.

The rules and their manuals are declared where the parser applies them.
"""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from lvscf.findings.finding import Finding
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.firewall import file_rules
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule
from lvscf.source import Source, Span

if TYPE_CHECKING:
    from lvscf.cluster import Cluster


_NF_TABLES = 8
"""The first major version of Red Hat Enterprise Linux whose iptables uses nf_tables."""


def _found(code: str, case: Case) -> Iterator[Problem]:
    """The firewall parser's findings of one rule; a file that two hosts share counts once."""
    if case.cluster is None:
        return
    for finding, source in dict.fromkeys(_findings(case.cluster)):
        if finding.code == code:
            yield Problem(
                at=_place(finding.span, source),
                message=finding.message,
                help=finding.help,
                related=tuple(
                    (_place(related.span, source), related.message) for related in finding.related
                ),
                severity=finding.severity,
            )


def _findings(cluster: "Cluster") -> Iterator[tuple[Finding, Source]]:
    for host in cluster.hosts:
        for firewall in (*host.firewalls, *host.arp_filters):
            yield from ((finding, firewall.source) for finding in firewall.findings)
        sources = {source.filename: source for source in host.sources}
        yield from ((finding, sources[finding.span.filename]) for finding in host.findings)


def _nft_not_shown(case: Case) -> Iterator[Problem]:
    """LVS706, once for each host: only all files of a host together leave its rules open."""
    from lvscf.firewall.joining import generated_by_nf_tables

    if case.cluster is None:
        return
    told: set[Source] = set()
    for host in case.cluster.hosts:
        if host.release is not None and (host.release.major or _NF_TABLES) < _NF_TABLES:
            continue
        if any(one.kind == "nftables" for one in host.firewalls):
            continue
        for firewall in host.firewalls:
            line = generated_by_nf_tables(firewall)
            if line is None or firewall.source in told:
                continue
            told.add(firewall.source)
            yield Problem(
                at=Place(*line, firewall.source),
                message="This host may also have rules of nft or firewalld, which iptables-save "
                "does not show. Packets pass through both, so rules that are not checked may "
                "decide.",
                help="Save them on the host with `nft list ruleset > FILE`, and give that file "
                "too.",
            )
            break


def _place(span: Span, source: Source) -> Place:
    return Place(span.start, span.end, source)


_OF_HOSTS = {file_rules.firewall_nft_not_shown.code: _nft_not_shown}
"""The rules that the parser cannot apply, because they are about all files of a host."""

RULES = tuple(
    CaseRule(
        one.code,
        one.name,
        one.severity,
        one.docstring,
        _OF_HOSTS.get(one.code, partial(_found, one.code)),
        also=one.also,
    )
    for one in file_rules.RULES
)
