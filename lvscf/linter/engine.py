"""The engine: runs rules, resolves their places, and drops ignored and silenced findings."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import field, frozen

from lvscf.document import Document
from lvscf.findings.finding import Finding
from lvscf.linter import registry, selection
from lvscf.linter.case import Case
from lvscf.linter.settings import Settings

if TYPE_CHECKING:
    from lvscf.cluster import Cluster
    from lvscf.findings.suppressed import Suppressed
    from lvscf.linter.hosts.followed import Followed


@frozen(eq=False, repr=False)
class Examination:
    """The result of linting a document: its findings, and those that comments silence."""

    findings: tuple[Finding, ...]
    """In the order of the text."""
    suppressed: "tuple[Suppressed, ...]"
    """In the order of the text."""
    _choice: selection.Choice = field(repr=False)
    _case: Case = field(repr=False)

    @property
    def followed(self) -> "Followed":
        """The packets that were followed through the hosts' rules."""
        from lvscf.linter.hosts.followed import followed

        return followed(self._case)

    def has_judged(self, selector: str) -> bool:
        """Whether all rules of a selector ran with everything that they need.

        They did not if they are not selected, or if they need files of the hosts or the pair's
        lvs.cf, and these were not given.

        Raises:
            UnknownRuleError: the selector names no rule.
        """
        return self._choice.have_judged(selection.Selector(selector).rules(), self._case)


def lint(
    document: Document,
    cluster: "Cluster | None" = None,
    settings: Settings | None = None,
    *,
    pair: Document | None = None,
) -> tuple[Finding, ...]:
    """All findings about a document, in the order of the text.

    Args:
        document: the lvs.cf.
        cluster: the files that were collected from its hosts.
        settings: which rules apply; by default all non-optional ones.
        pair: the lvs.cf of the other LVS router, to be compared with this one.

    Raises:
        UnknownRuleError: the settings name a rule that does not exist.
        TypeError: an argument is of another type.
    """
    return examine(document, cluster, settings, pair=pair).findings


def examine(
    document: Document,
    cluster: "Cluster | None" = None,
    settings: Settings | None = None,
    *,
    pair: Document | None = None,
) -> Examination:
    """All that `lint` finds, and the findings that comments in the file silence.

    Args:
        document: the lvs.cf.
        cluster: the files that were collected from its hosts.
        settings: which rules apply; by default all non-optional ones.
        pair: the lvs.cf of the other LVS router, to be compared with this one.

    Raises:
        UnknownRuleError: the settings name a rule that does not exist.
        TypeError: an argument is of another type.
    """
    checked(document, cluster, settings, pair)
    settings = settings or Settings()
    choice = selection.Choice(settings, document.filename)
    case = Case(
        document.reading,
        document.intended,
        cluster,
        settings.target,
        pair=pair,
        is_foreign=any(map(_means_other_program, document.findings)),
    )
    found = [choice.weighed(one) for one in _findings(document, case, choice) if choice.heard(one)]
    suppressed: list[Suppressed] = []
    if "lvscf" in document.source.text:
        from lvscf.linter.suppression import Silencer

        silencer = Silencer(document.reading)
        found = [finding for finding in found if not silencer.takes(finding)]
        found += map(choice.weighed, silencer.remarks(case, choice))
        suppressed = sorted(silencer.suppressed, key=lambda one: order(one.finding))
    return Examination(tuple(sorted(found, key=order)), tuple(suppressed), choice, case)


def checked(document: object, cluster: object, settings: object, pair: object) -> None:
    """Check the types of arguments: callers may pass text in place of a document.

    Raises:
        TypeError: an argument is of another type.
    """
    for name, value in (("document", document), ("pair", pair)):
        if not isinstance(value, Document) and (value is not None or name == "document"):
            raise TypeError(
                f"{name} must be a Document, as lvscf.parse(text) returns it, "
                f"not {type(value).__name__}"
            )
    if settings is not None and not isinstance(settings, Settings):
        raise TypeError(f"settings must be lvscf.Settings, not {type(settings).__name__}")
    if cluster is not None:
        from lvscf.cluster import Cluster

        if not isinstance(cluster, Cluster):
            raise TypeError(
                "cluster must be an lvscf.Cluster, made with Cluster((evidence, ...)), "
                f"not {type(cluster).__name__}"
            )


def _means_other_program(finding: Finding) -> bool:
    rule = registry.rule_of(finding.code)
    return rule is not None and rule.means_other_program


def order(finding: Finding) -> tuple[int, str]:
    """The place of a finding among others: by line, then by code."""
    return finding.span.start, finding.code


def _findings(document: Document, case: Case, choice: selection.Choice) -> Iterator[Finding]:
    for finding in document.findings:
        if choice.wants(finding):
            yield finding
    if case.is_foreign:
        return
    for rule in choice.rules_for(case):
        for problem in rule.check(case):
            yield rule.finding(problem, case.source)
