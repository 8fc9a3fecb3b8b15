"""A ruleset while it is read: tables, chains and rules in the order in which they are made."""

from attrs import field

from lvscf.findings.finding import Finding
from lvscf.firewall import refusals
from lvscf.firewall.model import Hook
from lvscf.firewall.nftables.circles import closing_rules
from lvscf.firewall.nftables.equivalents import equivalents
from lvscf.firewall.nftables.expressions import (
    Act,
    Doubt,
    Elements,
    NamedSet,
    Statement,
    Statements,
)
from lvscf.firewall.nftables.inside import chains_in, chains_of, updated_sets
from lvscf.firewall.nftables.model import NFTABLES, NftChain, NftRule
from lvscf.firewall.nftables.tables import NftTable
from lvscf.shared.records import evolved, record
from lvscf.source import Source

PRIORITIES = {
    "raw": -300,
    "mangle": -150,
    "dstnat": -100,
    "filter": 0,
    "security": 50,
    "srcnat": 100,
    "out": 100,
}
FOLLOWED = ("ip", "inet", "netdev")
"""The families whose chains IPv4 packets meet, on the hooks that lvscf follows."""


@record(frozen=False)
class GrowingChain:
    """A chain to which rules are added."""

    name: str
    start: int
    end: int
    hook: Hook | None = None
    devices: tuple[str, ...] | None = ()
    policy: str | None = None
    rules: list[NftRule] = field(factory=list)


@record(frozen=False)
class GrowingTable:
    """A table to which chains and sets are added."""

    family: str
    name: str
    chains: dict[str, GrowingChain] = field(factory=dict)
    collections: dict[str, NamedSet] = field(factory=dict)
    dormant: bool = False

    @property
    def filters(self) -> bool:
        """Whether the table can do anything to a packet."""
        chains = self.chains.values()
        return any(chain.hook and (chain.rules or chain.policy == "DROP") for chain in chains)

    @property
    def full_name(self) -> str:
        """Family and name."""
        return f"{self.family} {self.name}"


_HIDING = ("MARK", "CONNMARK", "REDIRECT", "DNAT", "NETMAP", "CT", "SET", "HMARK", "TPROXY")
"""Targets of which more than the name matters."""


def _hides(statement: Statement) -> bool:
    """Whether nft shows only the name of what iptables-nft has put into a rule."""
    if isinstance(statement, Doubt):
        return statement.text.startswith("xt ")
    return isinstance(statement, Act) and statement.name == "xt" and statement.text in _HIDING


@record(frozen=False)
class Building:
    """All tables, and what the text does not show."""

    source: Source
    tables: dict[tuple[str, str], GrowingTable] = field(factory=dict)
    findings: list[Finding] = field(factory=list)
    partial: bool = False
    _said: set[str] = field(factory=set)

    def table(self, family: str, name: str) -> GrowingTable:
        """A table, which is made if it is not there yet."""
        return self.tables.setdefault((family, name), GrowingTable(family, name))

    def chain(self, table: GrowingTable, name: str, start: int, end: int) -> GrowingChain:
        """A chain of a table, which is made if it is not there yet."""
        return table.chains.setdefault(name, GrowingChain(name, start, end))

    def rule(
        self,
        table: GrowingTable,
        chain: GrowingChain,
        statements: Statements,
        note: str | None,
        start: int,
        end: int,
        at: int | None = None,
    ) -> None:
        """Add a rule to a chain: at its end, or before the rule number `at` (from 0)."""
        if table.family in FOLLOWED and any(map(_hides, statements)):
            self.unsupported(
                "nft does not show in full what this rule of iptables says. Add the output of "
                "`iptables-save`, which does.",
                start,
                end,
            )
        general, matches, target = equivalents(statements)
        rule = NftRule(
            table.full_name,
            chain.name,
            general,
            matches,
            target,
            family=NFTABLES,
            source=self.source,
            start=start,
            end=end,
            statements=statements,
            note=note,
            jumps=tuple(chains_of(statements)),
        )
        if at is None:
            chain.rules.append(rule)
        else:
            chain.rules.insert(at, rule)

    def unreadable(
        self, table: GrowingTable, chain: GrowingChain, start: int, end: int, at: int | None = None
    ) -> None:
        """Add a rule that lvscf does not understand: it may do anything, or nothing."""
        if table.family in FOLLOWED:
            self.unsupported(
                "lvscf does not understand this rule, and follows packets as if it might match or "
                "not.",
                start,
                end,
            )
        text = " ".join(self.source.text[start:end].split())
        self.rule(table, chain, (Act("unknown", text),), None, start, end, at)

    def unsupported(self, message: str, start: int, end: int) -> None:
        """LVS703, once for each message."""
        if message not in self._said:
            self._said.add(message)
            self.findings.append(refusals.unsupported(self.source, start, end, message))

    def add_elements(self, table: GrowingTable, name: str, more: Elements) -> None:
        """Add elements to a set or map."""
        before = table.collections.get(name, NamedSet(name))
        joined = Elements(before.elements.keys + more.keys, before.elements.results + more.results)
        table.collections[name] = evolved(before, elements=joined)

    def _resolved(self, table: GrowingTable, rule: NftRule) -> NftRule:
        """The rule with the chains that its named maps lead to."""
        if not any(name.startswith("@") for name in rule.jumps):
            return rule
        names: dict[str, None] = {}
        for name in rule.jumps:
            if name.startswith("@") and name[1:] in table.collections:
                elements = table.collections[name[1:]].elements
                names.update(dict.fromkeys(chains_in(elements)))
            else:
                names[name] = None
        return evolved(rule, jumps=tuple(names))

    def finished(self) -> dict[str, NftTable]:
        """The tables whose chains IPv4 packets meet."""
        for table in self.tables.values():
            if table.family == "bridge" and table.filters:
                first = next(iter(table.chains.values()))
                self.unsupported(
                    "lvscf does not follow tables of family bridge: they filter what a bridge "
                    "passes on.",
                    first.start,
                    first.end,
                )
        followed = (table for table in self.tables.values() if table.family in FOLLOWED)
        return {table.full_name: self._finished(table) for table in followed}

    def _finished(self, table: GrowingTable) -> NftTable:
        rules = {
            chain.name: [self._resolved(table, rule) for rule in chain.rules]
            for chain in table.chains.values()
        }
        circular: set[int] = set()
        for rule, target in closing_rules(rules):
            if id(rule) not in circular:
                circular.add(id(rule))
                self.findings.append(_circular(rule, target))
        chains = {
            chain.name: NftChain(
                chain.name,
                chain.policy if chain.hook else None,
                tuple(rule for rule in rules[chain.name] if id(rule) not in circular),
                hook=None if table.dormant else chain.hook,
                devices=chain.devices,
                source=self.source,
                start=chain.start,
                end=chain.end,
            )
            for chain in table.chains.values()
        }
        updated = (
            name
            for chain in chains.values()
            for rule in chain.rules
            if isinstance(rule, NftRule)
            for name in updated_sets(rule.statements)
        )
        return NftTable(
            table.full_name,
            chains,
            family=NFTABLES,
            collections=dict(table.collections),
            updated=frozenset(updated),
        )


def _circular(rule: NftRule, target: str) -> Finding:
    return refusals.syntax(
        rule.source,
        rule.start,
        rule.end,
        f"The jump to {target} closes a circle of chains, which the kernel rejects. The rule has "
        "no effect.",
        "Use `return` to go back to the chain that jumped.",
    )
