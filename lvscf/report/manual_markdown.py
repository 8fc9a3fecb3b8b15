"""Manuals as Markdown: the pages of docs/rules/, and `lvscf explain --format markdown`."""

from lvscf.findings.rule import LintRule
from lvscf.linter.directive_manual import directive_manuals, rules_about
from lvscf.linter.manual import Manual, manual_of
from lvscf.report.phrases import severities


def render(rule: LintRule) -> str:
    """Return the page of a rule."""
    manual = manual_of(rule)
    optional = ", off unless selected" if rule.optional else ""
    fix = ", fixable" if manual.fix else ""
    parts = [
        f"# {rule.code} {rule.name}",
        f"*{severities(rule)}{optional}{fix}*",
        f"**{_prose(manual.summary)}**",
        f"## What it checks\n\n{_prose(manual.what)}",
        f"## Why it matters\n\n{_prose(manual.why)}",
        *_examples(manual),
    ]
    if manual.fix:
        parts.append(f"## Fix\n\n{_prose(manual.fix)}")
    return "\n\n".join(parts) + "\n"


def render_directive(name: str) -> str:
    """Return the page of a directive."""
    parts = [f"# {name}"]
    for manual in directive_manuals(name):
        facts = "\n".join(f"- {heading}: {fact}" for heading, fact in manual.facts)
        parts += [f"*{manual.where}*", f"**{_prose(manual.meaning)}**", facts]
    mentioned = "\n".join(f"- {rule.code} {rule.name}" for rule in rules_about(name))
    if mentioned:
        parts += ["## Rules that mention it", mentioned]
    return "\n\n".join(parts) + "\n"


def _examples(manual: Manual) -> list[str]:
    if manual.example is not None:
        return [f"## Before and after\n\n```diff\n{manual.example}```"]
    escapes = " (non-printing characters as escapes)" if manual.escaped else ""
    return [f"## Wrong{escapes}\n\n{_example(manual.bad)}", f"## Right\n\n{_example(manual.good)}"]


def _prose(text: str) -> str:
    """Escape everything in paragraphs that Markdown would interpret, except backquotes."""
    parts = text.split("`")
    parts[::2] = [part.replace("<", "&lt;").replace("*", r"\*") for part in parts[::2]]
    return "`".join(parts)


def _example(text: str) -> str:
    return f"```\n{text}```" if text else "An empty file."
