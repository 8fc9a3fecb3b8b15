"""The registry: a list of every rule, in groups that are imported when they are needed.

There is no discovery and there are no plugins.  The groups save nine tenths of a cold start, which
would otherwise go into importing rules that have nothing to check.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from lvscf.findings.rule import LintRule
from lvscf.linter.case_rule import CaseRule

if TYPE_CHECKING:
    from lvscf.faults.fault_rule import FaultRule
    from lvscf.linter.silencing_comments import CommentRule


@cache
def case_rules() -> tuple[CaseRule, ...]:
    """The rules about lvs.cf alone, which run on every file."""
    from lvscf.linter.rules.health_checks import exchanges, http, programs, strings, timing
    from lvscf.linter.rules.marks import missing_evidence
    from lvscf.linter.rules.real_servers import unknown_hosts
    from lvscf.linter.rules.routers import addresses as router_addresses
    from lvscf.linter.rules.routers import heartbeat, takeover
    from lvscf.linter.rules.services import (
        definitions,
        duplicates,
        failover,
        nat,
        netmasks,
        persistence,
        ports,
        server_addresses,
        server_pool,
        virtual_addresses,
        weights,
    )
    from lvscf.linter.rules.values import (
        addresses,
        block_names,
        command_lines,
        directives,
        no_effect,
        numbers,
    )

    return (
        *directives.RULES,
        *numbers.RULES,
        *addresses.RULES,
        *block_names.RULES,
        *no_effect.RULES,
        *command_lines.RULES,
        *heartbeat.RULES,
        *router_addresses.RULES,
        *takeover.RULES,
        *definitions.RULES,
        *ports.RULES,
        *server_pool.RULES,
        *duplicates.RULES,
        *persistence.RULES,
        *weights.RULES,
        *failover.RULES,
        *virtual_addresses.RULES,
        *netmasks.RULES,
        *server_addresses.RULES,
        *nat.RULES,
        *programs.RULES,
        *exchanges.RULES,
        *strings.RULES,
        *timing.RULES,
        *http.RULES,
        *missing_evidence.RULES,
        *unknown_hosts.RULES,
    )


def older_release_rules() -> tuple[CaseRule, ...]:
    """The rules about releases before the latest one."""
    from lvscf.linter.rules.values import older_releases

    return older_releases.RULES


def note_rules() -> tuple[CaseRule, ...]:
    """Rules about lvs.cf alone that are all optional."""
    from lvscf.linter.rules.values import optional_notes

    return optional_notes.RULES


def fault_rules() -> "tuple[FaultRule, ...]":
    """The rules about the file itself; most files need none of them, so they are not imported."""
    from lvscf.faults import explain

    return explain.RULES


def cluster_rules() -> tuple[CaseRule, ...]:
    """The rules about files of the cluster's hosts, which bring the packet tracer with them."""
    from lvscf.linter.rules.firewall_files import reading
    from lvscf.linter.rules.marks import connection_states, mark_scope, missing_marks, way_to_ipvs
    from lvscf.linter.rules.real_servers import arp, held_vips, redirect_scope, redirects
    from lvscf.linter.rules.real_servers import boot as real_server_boot
    from lvscf.linter.rules.real_servers import rule_copies as real_server_rule_copies
    from lvscf.linter.rules.routers import (
        boot,
        firewalls,
        own_addresses,
        rule_copies,
        sending_heartbeats,
    )
    from lvscf.linter.rules.running_table import real_servers, services
    from lvscf.linter.rules.ways import (
        forwarding,
        listening,
        real_server_filters,
        reply_routes,
        sending,
        tunnels,
    )

    return (
        *firewalls.RULES,
        *sending_heartbeats.RULES,
        *missing_marks.RULES,
        *mark_scope.RULES,
        *way_to_ipvs.RULES,
        *connection_states.RULES,
        *sending.RULES,
        *forwarding.RULES,
        *real_server_filters.RULES,
        *reply_routes.RULES,
        *tunnels.RULES,
        *listening.RULES,
        *redirects.RULES,
        *redirect_scope.RULES,
        *arp.RULES,
        *held_vips.RULES,
        *real_server_boot.RULES,
        *real_server_rule_copies.RULES,
        *own_addresses.RULES,
        *boot.RULES,
        *rule_copies.RULES,
        *services.RULES,
        *real_servers.RULES,
        *reading.RULES,
    )


def pair_rules() -> tuple[CaseRule, ...]:
    """The rules that compare the lvs.cf with the other router's, which is seldom given."""
    from lvscf.linter.rules.upkeep import pair

    return pair.RULES


def gui_rules() -> tuple[CaseRule, ...]:
    """The rules about the Piranha GUI; all are optional, so most runs do not need them."""
    from lvscf.linter.rules import gui

    return gui.RULES


def comment_rules() -> "tuple[CommentRule, CommentRule]":
    """The rules about silencing comments; few files have any."""
    from lvscf.linter.rules.upkeep import silencing

    return silencing.RULES


@cache
def rules_about_the_file() -> frozenset[LintRule]:
    """The rules that need only the lvs.cf."""
    return frozenset((*case_rules(), *older_release_rules(), *note_rules(), *gui_rules()))


def stages() -> Iterator[tuple[LintRule, ...]]:
    """All rules in groups, beginning with those that are loaded anyway."""
    yield case_rules()
    yield older_release_rules()
    yield note_rules()
    yield fault_rules()
    yield comment_rules()
    yield pair_rules()
    yield gui_rules()
    yield cluster_rules()


@lru_cache(1024)
def rule_of(code: str) -> LintRule | None:
    """The rule with this code, if there is one; only groups up to its own are imported."""
    for stage in stages():
        for rule in stage:
            if rule.code == code:
                return rule
    return None


@cache
def rules() -> tuple[LintRule, ...]:
    """All rules, in the order of their codes."""
    known = (rule for stage in stages() for rule in stage)
    return tuple(sorted(known, key=lambda rule: rule.code))
