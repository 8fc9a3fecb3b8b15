"""Manuals of rules and directives as JSON, version 1 of the format."""

import json
from collections.abc import Iterable
from typing import Any

from lvscf.findings.rule import LintRule
from lvscf.linter.directive_manual import DirectiveManual, directive_manuals, rules_about
from lvscf.linter.manual import manual_of

VERSION = 1


def render(rules: Iterable[LintRule]) -> str:
    """Return one JSON object in ASCII."""
    report = {"version": VERSION, "rules": [rule_data(rule) for rule in rules]}
    return json.dumps(report, indent=2) + "\n"


def render_explained(rules: Iterable[LintRule], directives: Iterable[str]) -> str:
    """Return one JSON object in ASCII, with the manuals of rules and directives."""
    report = {
        "version": VERSION,
        "rules": [rule_data(rule) for rule in rules],
        "directives": [
            directive_data(manual) for name in directives for manual in directive_manuals(name)
        ],
    }
    return json.dumps(report, indent=2) + "\n"


def directive_data(manual: DirectiveManual) -> dict[str, Any]:
    """A directive in one kind of block, as plain data."""
    row = manual.definition
    return {
        "name": row.name,
        "where": manual.where,
        "value": row.kind.name,
        "default": manual.default,
        "meaning": row.meaning,
        "used": not row.unused,
        "since": row.since,
        "rules": [rule.code for rule in rules_about(row.name)],
    }


def rule_data(rule: LintRule) -> dict[str, Any]:
    """A rule as plain data; if `escaped`, the bad example has escapes."""
    manual = manual_of(rule)
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity.label,
        "severities": [severity.label for severity in rule.severities],
        "optional": rule.optional,
        "summary": manual.summary,
        "what": _flowing(manual.what),
        "why": _flowing(manual.why),
        "bad": manual.bad,
        "escaped": manual.escaped,
        "good": manual.good,
        "example": manual.example,
        "fix": manual.fix and _flowing(manual.fix),
        "fixable": manual.fix is not None,
    }


def _flowing(text: str) -> str:
    """Paragraphs without the line breaks of the source code."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
