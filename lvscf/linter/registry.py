"""The registry: every rule, in the order of the catalogue.  No discovery, no plugins."""

from collections.abc import Iterable, Iterator
from functools import cache

from lvscf import spelling
from lvscf.linter.case import Case
from lvscf.linter.rule import CaseRule, FaultRule, Rule
from lvscf.linter.rules import directive_values, hosts, routers, services

CASE_RULES: tuple[CaseRule, ...] = (
    *directive_values.RULES,
    *routers.RULES,
    *services.RULES,
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


def rules_for(case: Case) -> Iterator[CaseRule]:
    """The rules that have something to look at."""
    yield from CASE_RULES
    if case.cluster is not None:
        yield from cluster_rules()


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in the order of their codes."""
    known: tuple[Rule, ...] = (*fault_rules(), *CASE_RULES, *cluster_rules())
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


def find(selector: str) -> tuple[Rule, ...]:
    """The rules that a selector addresses.

    A selector is a rule's code (`LVS201`) or name (`deadtime-below-keepalive`), the beginning of
    codes (`LVS2`), or `ALL`.  Case does not matter.

    Raises:
        UnknownRuleError: it addresses none.
    """
    wanted = selector.strip()
    code = wanted.upper()
    if code == "ALL":
        return rules()
    found = tuple(
        rule
        for rule in rules()
        if rule.name == wanted.lower() or (code.startswith("LVS") and rule.code.startswith(code))
    )
    if not found:
        raise UnknownRuleError(wanted)
    return found


def codes(selectors: Iterable[str]) -> frozenset[str]:
    """The codes of all rules that any of the selectors addresses."""
    if isinstance(selectors, str):
        selectors = (selectors,)
    return frozenset(rule.code for selector in selectors for rule in find(selector))
