"""Findings as GitHub Actions workflow commands, which become annotations of a pull request."""

from collections.abc import Iterator

from lvscf.findings.finding import Finding, Severity
from lvscf.report.file_names import relative, unicode
from lvscf.report.result import Result, because
from lvscf.source import displayable

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(result: Result, *, summary: bool = True) -> str:
    """Return a workflow command for each finding, and a line with the summary.

    GitHub shows at most ten annotations of each kind per step; the log has them all, so each
    message begins with its place.
    """
    return "".join(f"{line}\n" for line in _lines(result, summary))


def _lines(result: Result, summary: bool) -> Iterator[str]:
    for error in result.errors:
        yield f"::error::{_escaped(displayable(error))}"
    for file in result.files:
        for finding, silence in result.shown(file):
            note = f"(suppressed {because(silence)}) " if silence else ""
            kind = "notice" if silence else _COMMANDS[finding.severity]
            yield _command(kind, finding, note, result.folder)
    if summary:
        # The runner also takes `##[...]` for a command, anywhere in a line.
        yield " ".join(result.summary().split()).replace("##[", "# #[")


def _command(kind: str, finding: Finding, note: str, folder: str) -> str:
    span = finding.span
    properties = {
        "title": f"{finding.code} {finding.name}",
        "file": unicode(relative(span.filename, folder)),
        "line": str(span.line),
        "endLine": str(span.end_line),
    }
    if span.line == span.end_line:  # elsewhere, GitHub ignores columns
        properties["col"] = str(span.column)
        properties["endColumn"] = str(span.end_column)
    listed = ",".join(f"{name}={_escaped_property(text)}" for name, text in properties.items())
    place = f"{displayable(span.filename)}:{span.line}:{span.column}"
    remedy = f" {finding.help}" if finding.help else ""
    message = f"{place}: {finding.code} {finding.name}: {note}{finding.message}{remedy}"
    return f"::{kind} {listed}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
