"""Findings as JSON, version 1 of the format; rows and columns count from 1."""

import json
from typing import TYPE_CHECKING, Any

from lvscf.findings.finding import Finding, Related, Severity
from lvscf.findings.fix import Edit
from lvscf.findings.suppressed import Suppressed
from lvscf.report import rule_pages
from lvscf.report.result import Result
from lvscf.source import Span, displayable

if TYPE_CHECKING:
    from lvscf.linter.fixing import Skipped

VERSION = 1


def render(result: Result, *, only_counts: bool = False) -> str:
    """Return one JSON object in ASCII, which survives any terminal or pipe.

    With `only_counts`, it has the number of findings per rule instead of the findings.
    """
    count = result.count()
    packets, hosts = result.followed
    findings = [
        finding_data(finding, silence, result.home)
        for file in result.files
        for finding, silence in result.shown(file)
    ]
    report: dict[str, Any] = {
        "version": VERSION,
        **({"statistics": statistics_data(result)} if only_counts else {"findings": findings}),
        "summary": {
            "files": len(result.files),
            "errors": count[Severity.ERROR],
            "warnings": count[Severity.WARNING],
            "infos": count[Severity.INFO],
            "fixed": result.fixes.problems if result.fixes else 0,
            "suppressed": result.suppressed,
            "packets": packets,
            "hosts": hosts,
        },
    }
    if result.fixes:
        report["skipped_fixes"] = [_skipped(one) for one in result.fixes.skipped]
    return json.dumps(report, indent=2) + "\n"


def statistics_data(result: Result) -> list[dict[str, Any]]:
    """The number of findings per rule, as plain data."""
    from lvscf.report import statistics

    return [
        {
            "code": row.code,
            "name": row.name,
            "severity": row.severity.label,
            "count": row.count,
        }
        for row in statistics.rows(result)
    ]


def finding_data(
    finding: Finding, silence: Suppressed | None = None, home: str | None = None
) -> dict[str, Any]:
    """A finding as plain data, with what suppresses it; `home` as in `Result`."""
    fix = finding.fix
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.label,
        "message": finding.message,
        **span_data(finding.span),
        "related": [_related(related) for related in finding.related],
        "help": finding.help,
        "fix": fix
        and {
            "message": fix.message,
            "applicability": fix.applicability,
            "edits": [_edit(edit) for edit in fix.edits],
        },
        "commands": [
            {"role": one.role, "host": one.host and displayable(one.host), "command": one.text}
            for one in finding.commands
        ],
        "url": rule_pages.url(finding.code, home),
        "suppressed": silence and _suppressed(silence),
    }


def _skipped(skipped: "Skipped") -> dict[str, Any]:
    finding = skipped.finding
    return {
        "code": finding.code,
        **span_data(finding.span),
        "exposes": [
            {
                "code": one.code,
                "filename": displayable(one.filename),
                "location": {"row": one.line},
            }
            for one in skipped.exposed
        ],
    }


def _suppressed(silence: Suppressed) -> dict[str, Any]:
    span = silence.span
    return {
        "kind": silence.kind,
        "reason": silence.reason,
        "filename": span and displayable(span.filename),
        "location": span and {"row": span.line, "column": span.column},
    }


def _related(related: Related) -> dict[str, Any]:
    return {**span_data(related.span), "message": related.message}


def _edit(edit: Edit) -> dict[str, Any]:
    return {**span_data(edit.span), "content": edit.text}


def span_data(span: Span) -> dict[str, Any]:
    """A span as plain data: its file, start and end."""
    return {
        "filename": displayable(span.filename),
        "location": {"row": span.line, "column": span.column},
        "end_location": {"row": span.end_line, "column": span.end_column},
    }
