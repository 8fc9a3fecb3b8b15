"""Findings as SARIF 2.1.0, for code scanning and editors; columns count UTF-16 code units."""

import json
from collections.abc import Iterator
from typing import Any

from lvscf import __version__
from lvscf.findings.finding import Finding, Severity
from lvscf.findings.fix import Edit, Fix
from lvscf.findings.suppressed import Suppressed
from lvscf.linter.registry import rule_of
from lvscf.report import manual_markdown, rule_pages
from lvscf.report.columns import utf16
from lvscf.report.file_names import unicode, uri
from lvscf.report.fingerprints import Identities
from lvscf.report.json_list import listed
from lvscf.report.result import FileResult, Result
from lvscf.source import Source, Span, displayable

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "lvscf/v1"
"""The name of the fingerprints.

GitHub makes one of its own from the text of the lines, and warns about any other under its name.
"""

_ROOT = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(result: Result) -> str:
    """Return a SARIF log with one run, ASCII only."""
    run = _Run(result)
    results = listed(run.results())
    rest = json.dumps(run.rest())[:-1]  # without its closing brace
    head = json.dumps({"$schema": SCHEMA, "version": "2.1.0"})[:-1]
    return f'{head}, "runs": [\n{rest},\n"results": {results}}}]}}\n'


class _Run:
    """The run that a result becomes."""

    def __init__(self, result: Result) -> None:
        self._result = result
        self._identities = Identities(result.folder)
        self._rules: dict[str, int] = {}
        """The rules that occur, by code, with their places in the list."""
        self._names: dict[str, str] = {}

    def results(self) -> Iterator[dict[str, Any]]:
        """The results, which decide what is in the rest."""
        for file in self._result.files:
            for finding, silence in self._result.shown(file):
                yield self._finding(finding, silence, file)

    def rest(self) -> dict[str, Any]:
        """All but the results."""
        home = self._result.home or rule_pages.HOME
        rules = [_rule(code, name, home) for code, name in self._names.items()]
        driver: dict[str, Any] = {"name": "lvscf", "semanticVersion": __version__, "rules": rules}
        if home is not None:
            driver["informationUri"] = home
        invocation: dict[str, Any] = {"executionSuccessful": not self._result.errors}
        if self._result.errors:
            invocation["toolExecutionNotifications"] = [
                {"level": "error", "message": {"text": displayable(error)}}
                for error in self._result.errors
            ]
        root = {"description": {"text": "The directory that lvscf ran in."}}
        return {
            "tool": {"driver": driver},
            "invocations": [invocation],
            "originalUriBaseIds": {_ROOT: root},
            "newlineSequences": ["\r\n", "\n", "\r"],
            "columnKind": "utf16CodeUnits",
        }

    def _finding(
        self, finding: Finding, silence: Suppressed | None, file: FileResult
    ) -> dict[str, Any]:
        self._names[finding.code] = finding.name
        data: dict[str, Any] = {
            "ruleId": finding.code,
            "ruleIndex": self._rules.setdefault(finding.code, len(self._rules)),
            "level": _LEVELS[finding.severity],
            "message": {"text": _message(finding)},
            "locations": [self._location(finding.span, file)],
            "partialFingerprints": {
                FINGERPRINT: self._identities.of(finding, file).fingerprint,
            },
        }
        if finding.related:
            data["relatedLocations"] = [
                {
                    "id": number,
                    **self._location(one.span, file),
                    "message": {"text": one.message},
                }
                for number, one in enumerate(finding.related, 1)
            ]
        fix = finding.fix and self._fix(finding.fix, file)
        if fix:
            data["fixes"] = [fix]
        if self._result.shows_suppressed:  # all results have them, or none
            data["suppressions"] = [self._suppression(silence, file)] if silence else []
        return data

    def _location(self, span: Span, file: FileResult) -> dict[str, Any]:
        return {
            "physicalLocation": {
                "artifactLocation": self._artifact(span.filename),
                "region": _region(file.source_of(span), span),
            }
        }

    def _artifact(self, filename: str) -> dict[str, str]:
        address = uri(filename, self._result.folder)
        if address.startswith("file:"):
            return {"uri": address}
        return {"uri": address, "uriBaseId": _ROOT}

    def _fix(self, fix: Fix, file: FileResult) -> dict[str, Any] | None:
        """The fix, file by file; None where it cannot be written as valid Unicode."""
        changes: dict[str, list[dict[str, Any]]] = {}
        for edit in fix.edits:
            source = file.source_of(edit.span)
            if not _is_unicode(edit, source):
                return None
            changes.setdefault(edit.span.filename, []).append(
                {
                    "deletedRegion": _region(source, edit.span),
                    "insertedContent": {"text": edit.text},
                }
            )
        return {
            "description": {"text": f"{fix.message} ({fix.applicability})."},
            "artifactChanges": [
                {"artifactLocation": self._artifact(name), "replacements": replacements}
                for name, replacements in changes.items()
            ],
        }

    def _suppression(self, silence: Suppressed, file: FileResult) -> dict[str, Any]:
        data: dict[str, Any] = {"kind": "external" if silence.span is None else "inSource"}
        if silence.reason:
            data["justification"] = displayable(silence.reason)
        if silence.span is not None:
            data["location"] = self._location(silence.span, file)
        return data


def _rule(code: str, name: str, home: str | None) -> dict[str, Any]:
    data: dict[str, Any] = {"id": code, "name": name}
    rule = rule_of(code)
    if rule is None:
        return data
    data["shortDescription"] = {"text": rule.summary}
    data["fullDescription"] = {"text": rule.summary}
    data["help"] = {"text": rule.manual, "markdown": manual_markdown.render(rule)}
    page = rule_pages.url(code, home)
    if page:
        data["helpUri"] = page
    data["defaultConfiguration"] = {"level": _LEVELS[rule.severity]}
    return data


def _message(finding: Finding) -> str:
    """What is wrong, the remedy, and links to the related locations by their ids."""
    said = f"{finding.message} {finding.help}" if finding.help else finding.message
    if "](" in said:
        said = _without_links(said)
    links = "; ".join(
        f"[{_without_links(one.message)}]({number})"
        for number, one in enumerate(finding.related, 1)
    )
    return f"{said} See: {links}." if links else said


def _without_links(text: str) -> str:
    """Text whose brackets make no link."""
    return text.replace("\\", r"\\").replace("[", r"\[").replace("]", r"\]")


def _region(source: Source, span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": utf16(source, span.line, span.column),
        "endLine": span.end_line,
        "endColumn": utf16(source, span.end_line, span.end_column),
    }


def _is_unicode(edit: Edit, source: Source) -> bool:
    """Whether an edit can be made by a program that knows text only.

    Invalid bytes earlier on the line would move its columns.
    """
    start = source.line_starts[edit.span.line - 1]
    touched = source.text[start : edit.span.end]
    return unicode(touched) == touched and unicode(edit.text) == edit.text
