"""Linting a keepalived.conf: the rules about hosts, on what it makes of them."""

from attrs import field

from lvscf.cluster import Cluster
from lvscf.findings.finding import Finding
from lvscf.findings.suppressed import Suppressed
from lvscf.keepalived.linting.configuration import Maker
from lvscf.keepalived.linting.items import items
from lvscf.keepalived.linting.joined import JoinedText
from lvscf.keepalived.reading.model import KeepalivedConf
from lvscf.linter import registry, selection
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule
from lvscf.linter.engine import order
from lvscf.linter.hosts.followed import Followed, followed, together
from lvscf.linter.program import Program
from lvscf.linter.settings import Settings
from lvscf.shared.records import record
from lvscf.syntax.reading import Reading

KEEPALIVED = Program(
    "keepalived.conf",
    "keepalived",
    "`lvs_method NAT`",
    "an address that VRRP moves",
    names_routers=False,
    sends_heartbeats=False,
)

FAMILIES = ("LVS4", "LVS5")

LEFT_OUT = {
    "LVS405": "a mark is all that a keepalived.conf asks for: nothing marks too much",
    "LVS414": "a keepalived.conf names no protocol where it names a mark",
    "LVS440": "`lvscf compare-table` compares tables",
    "LVS441": "`lvscf compare-table` compares tables",
    "LVS442": "`lvscf compare-table` compares tables",
    "LVS443": "`lvscf compare-table` compares tables",
    "LVS444": "`lvscf compare-table` compares tables",
    "LVS445": "`lvscf compare-table` compares tables",
    "LVS446": "`lvscf compare-table` compares tables",
    "LVS447": "`lvscf compare-table` compares tables",
    "LVS448": "`lvscf compare-table` compares tables",
}
"""The rules of these families that do not hold for keepalived, each with the reason."""

_ABOUT_ABSENCE = frozenset(("LVS407", "LVS507", "LVS512", "LVS513"))
"""Rules that need the whole configuration: they report what it does not have."""

_ABOUT_GATEWAYS = frozenset(("LVS539",))
"""Rules that need all addresses that may be a real server's gateway."""


@record
class KeepalivedExamination:
    """What was found."""

    findings: tuple[Finding, ...]
    """In the order of the text."""
    suppressed: tuple[Suppressed, ...]
    followed: Followed = field(repr=False)
    """The packets that were followed through the hosts' rules."""


def rules() -> tuple[CaseRule, ...]:
    """The rules that hold for a keepalived.conf."""
    known = (*registry.case_rules(), *registry.cluster_rules())
    return tuple(one for one in known if one.code.startswith(FAMILIES) and one.code not in LEFT_OUT)


def examine(
    configuration: KeepalivedConf, cluster: Cluster | None, settings: Settings
) -> KeepalivedExamination:
    """All findings about a keepalived.conf and its hosts.

    An lvs.cf has one forwarding method; a configuration with several is examined for each of them.

    Raises:
        UnknownRuleError: the settings name a rule that does not exist.
    """
    choice = selection.Choice(settings, configuration.source.filename)
    text = JoinedText(configuration.sources)
    reading = Reading(text.source, items(configuration.statements, text), ())
    maker = Maker(configuration, cluster, text)
    methods = maker.methods()
    is_partial = len(methods) > 1 or any(not one.is_ignored for one in configuration.gaps)
    cases = [Case(reading, maker.config(method), cluster, program=KEEPALIVED) for method in methods]
    found: dict[Finding, None] = {}
    for case in cases:
        for rule in filter(choice.wants, rules()):
            if rule.code in _ABOUT_ABSENCE and (is_partial or maker.is_partial):
                continue
            if rule.code in _ABOUT_GATEWAYS and case.nat_router is None:
                continue
            if case.cluster is None and rule not in registry.case_rules():
                continue
            for problem in rule.check(case):
                finding = rule.finding(problem, case.source)
                if choice.heard(finding):
                    found[choice.weighed(finding)] = None
    heard, suppressed = _silenced(list(found), reading, cases, choice)
    return KeepalivedExamination(
        tuple(map(text.finding, sorted(heard, key=order))),
        tuple(map(text.suppressed, sorted(suppressed, key=lambda one: order(one.finding)))),
        together(map(followed, cases)),
    )


def _silenced(
    found: list[Finding], reading: Reading, cases: list[Case], choice: selection.Choice
) -> tuple[list[Finding], list[Suppressed]]:
    """What comments leave, with findings about the comments themselves, and what they silence."""
    if "lvscf" not in reading.source.text or not cases:
        return found, []
    from lvscf.linter.suppression import Silencer

    silencer = Silencer(reading)
    heard = [finding for finding in found if not silencer.takes(finding)]
    heard += map(choice.weighed, silencer.remarks(cases[0], choice))
    return heard, silencer.suppressed
