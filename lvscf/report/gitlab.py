"""Findings as a GitLab Code Quality report, which a merge request shows."""

from typing import Any

from lvscf.findings.finding import Finding, Severity
from lvscf.report.file_names import relative, unicode
from lvscf.report.fingerprints import Identities
from lvscf.report.json_list import listed
from lvscf.report.result import Result, because

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(result: Result) -> str:
    """Return a JSON array, ASCII only; an empty one if all is well."""
    identities = Identities(result.folder)
    issues = []
    for file in result.files:
        for finding, silence in result.shown(file):
            note = f"(suppressed {because(silence)}) " if silence else ""
            fingerprint = identities.of(finding, file).fingerprint
            issues.append(_issue(finding, note, fingerprint, result.folder))
    return f"{listed(issues)}\n"


def _issue(finding: Finding, note: str, fingerprint: str, folder: str) -> dict[str, Any]:
    span = finding.span
    remedy = f" {finding.help}" if finding.help else ""
    return {
        "description": f"{finding.code} {finding.name}: {note}{finding.message}{remedy}",
        "check_name": finding.code,
        "fingerprint": fingerprint,
        "severity": "info" if note else _SEVERITIES[finding.severity],
        "location": {
            "path": unicode(relative(span.filename, folder)),
            "lines": {"begin": span.line, "end": span.end_line},
        },
    }
