"""The registry: every rule, in the order of the catalogue.  No discovery, no plugins."""

from collections.abc import Iterator
from functools import cache

from lvscf import spelling
from lvscf.findings import Finding
from lvscf.linter.case import Case
from lvscf.linter.rule import CaseRule, FaultRule, Rule
from lvscf.linter.rules import (
    address_values,
    block_names,
    check_exchanges,
    check_programs,
    check_strings,
    check_timing,
    command_lines,
    directive_values,
    duplicates,
    failover,
    hosts,
    http_checks,
    nat,
    netmasks,
    no_effect,
    notes_on_request,
    number_values,
    older_releases,
    persistence,
    pool,
    router_addresses,
    routers,
    server_addresses,
    server_ports,
    services,
    takeover,
    virtual_addresses,
    weights,
)
from lvscf.linter.settings import Settings

CASE_RULES: tuple[CaseRule, ...] = (
    *directive_values.RULES,
    *number_values.RULES,
    *address_values.RULES,
    *block_names.RULES,
    *no_effect.RULES,
    *command_lines.RULES,
    *older_releases.RULES,
    *notes_on_request.RULES,
    *routers.RULES,
    *router_addresses.RULES,
    *takeover.RULES,
    *services.RULES,
    *server_ports.RULES,
    *pool.RULES,
    *duplicates.RULES,
    *persistence.RULES,
    *weights.RULES,
    *failover.RULES,
    *virtual_addresses.RULES,
    *netmasks.RULES,
    *server_addresses.RULES,
    *nat.RULES,
    *check_programs.RULES,
    *check_exchanges.RULES,
    *check_strings.RULES,
    *check_timing.RULES,
    *http_checks.RULES,
    *hosts.RULES,
)


def fault_rules() -> tuple[FaultRule, ...]:
    """The rules about the file itself; most files need none of them, and do not pay for them."""
    from lvscf.linter.rules import file

    return file.RULES


def cluster_rules() -> tuple[CaseRule, ...]:
    """The rules about files of the cluster's hosts, which bring the packet tracer with them."""
    from lvscf.linter.rules import (
        firewall_files,
        mark_scope,
        marks,
        real_server_files,
        real_servers,
        router_firewall,
        way_to_ipvs,
    )

    return (
        *router_firewall.RULES,
        *marks.RULES,
        *mark_scope.RULES,
        *way_to_ipvs.RULES,
        *real_servers.RULES,
        *real_server_files.RULES,
        *firewall_files.RULES,
    )


def gui_rules() -> tuple[CaseRule, ...]:
    """The rules about the Piranha GUI; all are optional, so most runs have no use for them."""
    from lvscf.linter.rules import gui

    return gui.RULES


def _stages() -> Iterator[tuple[Rule, ...]]:
    """All rules, those first that are loaded anyway."""
    yield CASE_RULES
    yield fault_rules()
    yield gui_rules()
    yield cluster_rules()


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in the order of their codes."""
    known = (rule for stage in _stages() for rule in stage)
    return tuple(sorted(known, key=lambda rule: rule.code))


class UnknownRuleError(ValueError):
    """A selector names no rule and no family."""

    def __init__(self, selector: str) -> None:
        super().__init__(selector)
        self.selector = selector
        names = [name for rule in rules() for name in (rule.code.lower(), rule.name)]
        near = spelling.nearest(selector, names)
        self.suggestion = near.upper() if near and near.startswith("lvs") else near

    def __str__(self) -> str:
        hint = f"; did you mean `{self.suggestion}`?" if self.suggestion else ""
        return f"there is no rule or family `{self.selector}`{hint}"


class Selector:
    """One word of `select` or `ignore`, and which rules it addresses.

    A rule's code (`LVS201`) or name (`deadtime-below-keepalive`), the beginning of codes (`LVS2`),
    or `ALL`.  Case does not matter.
    """

    def __init__(self, word: str) -> None:
        """Check that the word addresses something.

        Raises:
            UnknownRuleError: it does not.
        """
        self._name = word.strip().lower()
        self._prefix = "LVS" if self._name == "all" else self._name.upper()
        if not any(self.addresses(rule) for stage in _stages() for rule in stage):
            raise UnknownRuleError(word.strip())

    def addresses(self, rule: Rule | Finding) -> bool:
        """Whether the word means this rule, or the rule of this finding."""
        return rule.name == self._name or (
            self._prefix.startswith("LVS") and rule.code.startswith(self._prefix)
        )


class Choice:
    """The rules that settings ask for."""

    def __init__(self, settings: Settings) -> None:
        """Take the selectors of `settings`.

        Raises:
            UnknownRuleError: one of them names no rule and no family.
        """
        self._select = [Selector(word) for word in settings.select]
        self._extend = [Selector(word) for word in settings.extend_select]
        self._ignore = [Selector(word) for word in settings.ignore]

    def rules_for(self, case: Case) -> Iterator[CaseRule]:
        """The rules that are wanted and have something to look at."""
        yield from filter(self.wants, CASE_RULES)
        if case.cluster is not None:
            yield from filter(self.wants, cluster_rules())
        if self._select or self._extend:
            yield from filter(self.wants, gui_rules())

    def wants(self, rule: Rule | Finding) -> bool:
        """Whether a rule, or the rule of a finding, shall be heard."""
        if any(word.addresses(rule) for word in self._ignore):
            return False
        if any(word.addresses(rule) for word in (*self._select, *self._extend)):
            return True
        return not self._select and not (isinstance(rule, Rule) and rule.optional)


def find(selector: str) -> tuple[Rule, ...]:
    """The rules that a selector addresses; see `Selector`.

    Raises:
        UnknownRuleError: it addresses none.
    """
    wanted = Selector(selector)
    return tuple(rule for rule in rules() if wanted.addresses(rule))
