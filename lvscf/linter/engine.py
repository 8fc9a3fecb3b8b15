"""The engine: runs rules, resolves what they point at, and leaves out what nobody wants to hear."""

from lvscf.document import Document
from lvscf.findings import Finding
from lvscf.linter import registry
from lvscf.linter.case import Case
from lvscf.linter.rules import file
from lvscf.linter.settings import Settings
from lvscf.linter.suppression import suppressions


def lint(document: Document, settings: Settings | None = None) -> tuple[Finding, ...]:
    """All findings about a document, in the order of the text.

    Raises:
        UnknownRuleError: the settings name a rule that does not exist.
    """
    settings = settings or Settings()
    wanted = registry.codes(settings.select) - registry.codes(settings.ignore)
    found = [finding for finding in document.findings if finding.code in wanted]
    reading = document.reading
    if not file.is_foreign(reading):
        case = Case(reading, document.intended)
        for rule in registry.CASE_RULES:
            if rule.code in wanted:
                found.extend(rule.finding(problem, reading.source) for problem in rule.check(case))
    silenced = suppressions(reading)
    kept = [
        finding
        for finding in found
        if not any(suppression.covers(finding) for suppression in silenced)
    ]
    return tuple(sorted(kept, key=lambda finding: (finding.span.start, finding.code)))
