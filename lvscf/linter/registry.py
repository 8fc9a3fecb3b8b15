"""The registry: every rule, in the order of the catalogue.  No discovery, no plugins."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from lvscf.findings.rule import LintRule
from lvscf.linter.case_rule import CaseRule

if TYPE_CHECKING:
    from lvscf.faults.fault_rule import FaultRule
    from lvscf.linter.silencing_comments import CommentRule

_TOPICS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("values.directives", ()),
    ("values.numbers", ()),
    ("values.addresses", ()),
    ("values.block_names", ()),
    ("values.no_effect", ()),
    ("values.command_lines", ("_cmd", "ipvsadm", "client_monitor", "send_program", "'")),
    ("routers.heartbeat", ()),
    ("routers.addresses", ()),
    ("routers.takeover", ()),
    ("services.definitions", ()),
    ("services.ports", ()),
    ("services.server_pool", ()),
    ("services.duplicates", ()),
    ("services.persistence", ("persistent", "pmask", "fwmark")),
    ("services.weights", ("weight", "load_monitor")),
    ("services.failover", ("failover",)),
    ("services.virtual_addresses", ()),
    ("services.netmasks", ()),
    ("services.server_addresses", ()),
    ("services.nat", ()),
    ("health_checks.programs", ("send_program",)),
    ("health_checks.exchanges", ()),
    ("health_checks.strings", ()),
    ("health_checks.timing", ()),
    ("health_checks.http", ()),
    ("marks.missing_evidence", ()),
)
"""The modules of rules about lvs.cf alone, each with words without one of which in a text its rules
have nothing to look at, and are not imported.  No words: they look at every file."""

_OLDER_RELEASES = "values.older_releases"
"""Rules about releases before the latest one."""
_ON_REQUEST = "values.optional_notes"
"""Rules that are all optional."""


def _topic(name: str) -> tuple[CaseRule, ...]:
    rules: tuple[CaseRule, ...] = import_module(f"lvscf.linter.rules.{name}").RULES
    return rules


def case_rules() -> tuple[CaseRule, ...]:
    """The rules about lvs.cf alone."""
    names = (*(name for name, _ in _TOPICS), _OLDER_RELEASES, _ON_REQUEST)
    return tuple(rule for name in names for rule in _topic(name))


def fault_rules() -> "tuple[FaultRule, ...]":
    """The rules about the file itself; most files need none of them, and do not pay for them."""
    from lvscf.faults import explain

    return explain.RULES


def cluster_rules() -> tuple[CaseRule, ...]:
    """The rules about files of the cluster's hosts, which bring the packet tracer with them."""
    from lvscf.linter.rules.firewall_files import reading
    from lvscf.linter.rules.marks import connection_states, mark_scope, missing_marks, way_to_ipvs
    from lvscf.linter.rules.real_servers import redirect_scope, redirects
    from lvscf.linter.rules.routers import firewalls

    return (
        *firewalls.RULES,
        *missing_marks.RULES,
        *mark_scope.RULES,
        *way_to_ipvs.RULES,
        *connection_states.RULES,
        *redirects.RULES,
        *redirect_scope.RULES,
        *reading.RULES,
    )


def pair_rules() -> tuple[CaseRule, ...]:
    """The rules that compare the lvs.cf with that of the other router, which is seldom given."""
    from lvscf.linter.rules.upkeep import pair

    return pair.RULES


def gui_rules() -> tuple[CaseRule, ...]:
    """The rules about the Piranha GUI; all are optional, so most runs have no use for them."""
    from lvscf.linter.rules import gui

    return gui.RULES


def comment_rules() -> "tuple[CommentRule, CommentRule]":
    """The rules about comments that ask for silence; few files have any."""
    from lvscf.linter.rules.upkeep import silencing

    return silencing.RULES


def _stages() -> Iterator[tuple[LintRule, ...]]:
    """All rules, those first that are loaded anyway."""
    yield case_rules()
    yield fault_rules()
    yield gui_rules()
    yield comment_rules()
    yield pair_rules()
    yield cluster_rules()


@cache
def rules() -> tuple[LintRule, ...]:
    """All rules, in the order of their codes."""
    known = (rule for stage in _stages() for rule in stage)
    return tuple(sorted(known, key=lambda rule: rule.code))
