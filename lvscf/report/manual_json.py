"""Rules and their manuals as JSON, version 1 of the format."""

import json
from collections.abc import Iterable
from typing import Any

from lvscf.linter.manual import manual_of
from lvscf.linter.rule import Rule

VERSION = 1


def render(rules: Iterable[Rule]) -> str:
    """Return one JSON object, ASCII only."""
    report = {"version": VERSION, "rules": [rule_data(rule) for rule in rules]}
    return json.dumps(report, indent=2) + "\n"


def rule_data(rule: Rule) -> dict[str, Any]:
    """A rule as plain data; the bad example as it is shown, with escapes where `escaped`."""
    manual = manual_of(rule)
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity.label,
        "optional": rule.optional,
        "summary": manual.summary,
        "what": _flowing(manual.what),
        "why": _flowing(manual.why),
        "bad": manual.bad,
        "escaped": manual.escaped,
        "good": manual.good,
        "fix": manual.fix and _flowing(manual.fix),
        "fixable": manual.fix is not None,
    }


def _flowing(text: str) -> str:
    """Paragraphs without the line ends that the source code needs."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
