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


def _place(span: Span, source: Source) -> Place:
    return Place(span.start, span.end, source)


RULES = tuple(
    CaseRule(
        one.code, one.name, one.severity, one.docstring, partial(_found, one.code), also=one.also
    )
    for one in file_rules.RULES
)
