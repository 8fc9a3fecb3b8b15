"""Going from one place of a finding to the others."""

from collections.abc import Iterable

from lvscf.findings.finding import Finding
from lvscf.source import Span


def related_places(findings: Iterable[Finding], filename: str, offset: int) -> tuple[Span, ...]:
    """The places that belong to the findings at an offset.

    At the main place of a finding, these are its related places; at a related place, it is the main
    one.
    """
    found: list[Span] = []
    for finding in findings:
        if _covers(finding.span, filename, offset):
            found += (one.span for one in finding.related)
        elif any(_covers(one.span, filename, offset) for one in finding.related):
            found.append(finding.span)
    return tuple(dict.fromkeys(found))


def _covers(span: Span, filename: str, offset: int) -> bool:
    return span.filename == filename and span.start <= offset <= span.end
