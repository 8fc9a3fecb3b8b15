"""One line for each finding, for hooks, editors and grep."""

from collections.abc import Iterable

from lvscf.findings.finding import Finding
from lvscf.report.result import Result, because
from lvscf.source import displayable


def render(result: Result) -> str:
    """Return `FILE:LINE:COLUMN: SEVERITY CODE NAME: MESSAGE` lines; nothing for a clean run.

    The message of a suppressed finding begins with `(suppressed by ...)`.  A last line names
    skipped fixes.
    """
    found = "".join(
        _line(finding, f"(suppressed {because(silence)}) " if silence else "")
        for file in result.files
        for finding, silence in result.shown(file)
    )
    left_out = result.fixes.left_out() if result.fixes else ""
    return f"{found}{left_out}\n" if left_out else found


def lines(findings: Iterable[Finding]) -> str:
    """Each finding on its own line."""
    return "".join(map(_line, findings))


def _line(finding: Finding, note: str = "") -> str:
    span = finding.span
    return (
        f"{displayable(span.filename)}:{span.line}:{span.column}: {finding.severity.label} "
        f"{finding.code} {finding.name}: {note}{finding.message}\n"
    )
