"""The engine: runs rules, resolves what they point at, and leaves out what nobody wants to hear."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lvscf.document import Document
from lvscf.findings import Finding
from lvscf.linter import registry
from lvscf.linter.case import Case
from lvscf.linter.settings import Settings

if TYPE_CHECKING:
    from lvscf.cluster import Cluster


def lint(
    document: Document, cluster: "Cluster | None" = None, settings: Settings | None = None
) -> tuple[Finding, ...]:
    """All findings about a document, in the order of the text.

    Args:
        document: the lvs.cf.
        cluster: the files that were collected from its hosts.
        settings: which rules apply; all, unless said.

    Raises:
        UnknownRuleError: the settings name a rule that does not exist.
    """
    settings = settings or Settings()
    found = list(_findings(document, cluster, settings))
    if found and "lvscf:" in document.source.text:
        from lvscf.linter.suppression import Silence

        silence = Silence(document.reading)
        found = [finding for finding in found if not silence.covers(finding)]
    return tuple(sorted(found, key=lambda finding: (finding.span.start, finding.code)))


def _findings(
    document: Document, cluster: "Cluster | None", settings: Settings
) -> Iterator[Finding]:
    choice = registry.Choice(settings)
    reading = document.reading
    for finding in document.findings:
        if choice.wants(finding):
            yield finding
    if any(finding.code == "LVS021" for finding in document.findings):
        return  # another program's file: what it says means nothing here
    case = Case(reading, document.intended, cluster, settings.target)
    for rule in choice.rules_for(case):
        for problem in rule.check(case):
            yield rule.finding(problem, reading.source)
