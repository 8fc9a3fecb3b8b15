"""Rules whose sets are known: the rules of a firewall with the contents of sets in place."""

from collections.abc import Mapping

from attrs import evolve

from lvscf.findings.finding import Finding
from lvscf.firewall.ip_sets import IpSet, KnownSet
from lvscf.firewall.model import Chain, Match, Rule, Table
from lvscf.firewall.tracing.set_questions import set_question
from lvscf.shared.records import evolved

_CHANGING = ("--add-set", "--del-set", "--map-set")


def asks_for_sets(tables: Mapping[str, Table]) -> bool:
    """Whether any rule asks whether a packet is in a set."""
    return any(
        match.name == "set"
        for table in tables.values()
        for rule in table.rules
        for match in rule.matches
    )


def with_known(tables: Mapping[str, Table], sets: Mapping[str, IpSet]) -> dict[str, Table]:
    """Put the sets into the rules that ask for them, but for sets that rules change."""
    changing = {
        setting.text.strip('"').split()[0]
        for table in tables.values()
        for rule in table.rules
        if rule.target is not None and rule.target.name == "SET"
        for setting in rule.target.settings
        if setting.name in _CHANGING and setting.text.strip('" ')
    }
    settled = {name: one for name, one in sets.items() if name not in changing}
    matches: dict[Match, Match] = {}
    return {
        name: evolved(
            table,
            chains={chain.name: _chain(chain, settled, matches) for chain in table.chains.values()},
        )
        for name, table in tables.items()
    }


def _chain(chain: Chain, sets: Mapping[str, IpSet], done: dict[Match, Match]) -> Chain:
    rules = tuple(_rule(rule, sets, done) for rule in chain.rules)
    return evolve(chain, rules=rules)


def _rule(rule: Rule, sets: Mapping[str, IpSet], done: dict[Match, Match]) -> Rule:
    if not any(match.name == "set" for match in rule.matches):
        return rule
    for match in rule.matches:
        if match.name == "set" and match not in done:
            done[match] = _match(match, sets)
    return evolve(rule, matches=tuple(done.get(match, match) for match in rule.matches))


def _match(match: Match, sets: Mapping[str, IpSet]) -> Match:
    first = match.settings[0] if match.settings else None
    if first is None or first.name != "--match-set" or not isinstance(first.value, str):
        return match
    name, _, written = first.value.partition(" ")
    directions = tuple(written.split(","))
    if name not in sets or not all(one in ("src", "dst") for one in directions):
        return match
    known = evolve(first, value=KnownSet(name, directions, sets))
    return evolve(match, settings=(known, *match.settings[1:]))


def still_open(findings: tuple[Finding, ...], tables: Mapping[str, Table]) -> tuple[Finding, ...]:
    """The findings without the one about sets, if all sets that rules ask for are known."""
    for table in tables.values():
        for rule in table.rules:
            for match in rule.matches:
                if match.name == "set" and set_question(match) is None:
                    return findings
    return tuple(one for one in findings if "the match `set` matches" not in one.message)
