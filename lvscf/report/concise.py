"""One line for each finding, for hooks, editors and grep."""

from collections.abc import Iterable

from lvscf.findings import Finding
from lvscf.report.result import Result
from lvscf.source import displayable


def render(result: Result) -> str:
    """Return `FILE:LINE:COLUMN: SEVERITY CODE NAME: MESSAGE` lines; nothing if all is well."""
    return lines(result.findings)


def lines(findings: Iterable[Finding]) -> str:
    """Each finding on a line of its own."""
    found = []
    for finding in findings:
        span = finding.span
        found.append(
            f"{displayable(span.filename)}:{span.line}:{span.column}: {finding.severity.label} "
            f"{finding.code} {finding.name}: {finding.message}\n"
        )
    return "".join(found)
