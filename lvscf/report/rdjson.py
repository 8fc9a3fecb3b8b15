"""Findings in the Reviewdog Diagnostic Format; columns count from 1, in bytes of UTF-8."""

from typing import Any

from lvscf.findings.finding import Finding, Severity
from lvscf.report import rule_pages
from lvscf.report.columns import utf8
from lvscf.report.file_names import relative, unicode
from lvscf.report.json_list import listed
from lvscf.report.result import FileResult, Result, because
from lvscf.source import Source, Span

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}


def render(result: Result) -> str:
    """Return one JSON object, ASCII only."""
    diagnostics = []
    for file in result.files:
        for finding, silence in result.shown(file):
            note = f"(suppressed {because(silence)}) " if silence else ""
            diagnostics.append(_diagnostic(finding, note, file, result))
    return f'{{"source": {{"name": "lvscf"}}, "diagnostics": {listed(diagnostics)}}}\n'


def _diagnostic(finding: Finding, note: str, file: FileResult, result: Result) -> dict[str, Any]:
    folder, page = result.folder, rule_pages.url(finding.code, result.home)
    remedy = f" {finding.help}" if finding.help else ""
    diagnostic: dict[str, Any] = {
        "message": f"{finding.name}: {note}{finding.message}{remedy}",
        "location": _location(finding.span, file, folder),
        "severity": "INFO" if note else _SEVERITIES[finding.severity],
        "code": {"value": finding.code, **({"url": page} if page else {})},
    }
    suggestion = None if note else _suggestion(finding, file)
    if suggestion:
        diagnostic["suggestions"] = [suggestion]
    if finding.related:
        diagnostic["related_locations"] = [
            {"message": one.message, "location": _location(one.span, file, folder)}
            for one in finding.related
        ]
    return diagnostic


def _location(span: Span, file: FileResult, folder: str) -> dict[str, Any]:
    return {
        "path": unicode(relative(span.filename, folder)),
        "range": _range(file.source_of(span), span),
    }


def _range(source: Source, span: Span) -> dict[str, Any]:
    return {
        "start": {"line": span.line, "column": utf8(source, span.line, span.column)},
        "end": {"line": span.end_line, "column": utf8(source, span.end_line, span.end_column)},
    }


def _suggestion(finding: Finding, file: FileResult) -> dict[str, Any] | None:
    """The safe fix as one replacement, as reviewdog applies each suggestion on its own.

    None if the fix reaches into another file, or cannot be written as valid Unicode.
    """
    fix = finding.fix
    if fix is None or fix.applicability != "safe":
        return None
    source = file.source_of(finding.span)
    edits = sorted(fix.edits, key=lambda edit: (edit.span.start, edit.span.end))
    if not edits or any(edit.span.filename != source.filename for edit in edits):
        return None
    start, end = edits[0].span.start, max(edit.span.end for edit in edits)
    parts, at = [], start
    for edit in edits:
        parts += [source.text[at : edit.span.start], edit.text]
        at = edit.span.end
    text = "".join(parts)
    if unicode(text) != text:
        return None
    return {"range": _range(source, source.span(start, end)), "text": text}
