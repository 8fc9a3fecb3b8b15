"""One line for each finding, for hooks, editors and grep."""

from lvscf.report.result import Result
from lvscf.source import displayable


def render(result: Result) -> str:
    """Return `FILE:LINE:COLUMN: SEVERITY CODE NAME: MESSAGE` lines; nothing if all is well."""
    lines = []
    for finding in result.findings:
        span = finding.span
        lines.append(
            f"{displayable(span.filename)}:{span.line}:{span.column}: {finding.severity.label} "
            f"{finding.code} {finding.name}: {finding.message}\n"
        )
    return "".join(lines)
