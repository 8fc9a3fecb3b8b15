"""LVS7: what the firewall parser found in the hosts' files.

The rules and their manuals are declared where the parser applies them.
"""

from collections.abc import Iterator
from functools import partial

from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.firewall import file_rules
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule
from lvscf.source import Source, Span


def _found(code: str, case: Case) -> Iterator[Problem]:
    """The firewall parser's findings of one rule; a file that two hosts share counts once."""
    if case.cluster is None:
        return
    read = ((*file.firewalls, *file.arp_filters) for file in case.cluster.files)
    for firewall in dict.fromkeys(one for several in read for one in several):
        for finding in firewall.findings:
            if finding.code == code:
                yield Problem(
                    at=_place(finding.span, firewall.source),
                    message=finding.message,
                    help=finding.help,
                    related=tuple(
                        (_place(related.span, firewall.source), related.message)
                        for related in finding.related
                    ),
                    severity=finding.severity,
                )


def _place(span: Span, source: Source) -> Place:
    return Place(span.start, span.end, source)


RULES = tuple(
    CaseRule(
        one.code, one.name, one.severity, one.docstring, partial(_found, one.code), also=one.also
    )
    for one in file_rules.RULES
)
