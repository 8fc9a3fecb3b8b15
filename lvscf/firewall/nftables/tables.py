"""Tables of nftables: they prepare their own chains for the tracer."""

from collections.abc import Mapping

from attrs import field, frozen

from lvscf.firewall.model import Hook, Rule, Table
from lvscf.firewall.nftables.expressions import NamedSet
from lvscf.firewall.nftables.inside import marks_connections, needs_tracking
from lvscf.firewall.nftables.model import NFTABLES, NftChain, NftRule, Scope
from lvscf.firewall.nftables.preparing import prepared_chain
from lvscf.firewall.tracing.hooks import MANGLE
from lvscf.firewall.tracing.lookup import ForeignTable, Lookup
from lvscf.shared.records import compared


@compared
@frozen(eq=False, repr=False)
class NftTable(ForeignTable):
    """A table of nftables; its name includes the family: `inet filter`."""

    collections: Mapping[str, NamedSet] = field(factory=dict)
    updated: frozenset[str] = frozenset()
    """The sets and maps to which packets themselves add elements."""
    _scopes: list[Scope] = field(init=False, factory=list, eq=False)

    def __str__(self) -> str:
        """The table in nft's words."""
        lines = [f"table {self.name} {{"]
        for chain in self.chains.values():
            lines.append(f"\tchain {chain.name} {{")
            if chain.hook:
                at = chain.hook
                lines.append(
                    f"\t\ttype {at.type} hook {at.name} priority {at.priority}; "
                    f"policy {(chain.policy or 'ACCEPT').lower()};"
                )
            lines.extend(f"\t\t{rule.specification}" for rule in chain.rules)
            lines.append("\t}")
        return "\n".join([*lines, "}", ""])

    @property
    def needs_tracking(self) -> bool:
        """See `ForeignTable`."""
        return any(
            needs_tracking(rule.statements) for rule in self.rules if isinstance(rule, NftRule)
        )

    @property
    def marks_connections(self) -> bool:
        """See `ForeignTable`."""
        return any(
            marks_connections(rule.statements) for rule in self.rules if isinstance(rule, NftRule)
        )

    def prepared(self, chain: str) -> Lookup:
        """See `ForeignTable`."""
        if not self._scopes:
            self._scopes.append(Scope(self.chains, self.collections, self.updated))
        return prepared_chain(self._scopes[0], self.chains[chain])


def alone(rule: Rule) -> dict[str, Table]:
    """A table with one rule only, which packets meet first of all."""
    hook = Hook("prerouting", MANGLE)
    chain = NftChain(rule.chain, "ACCEPT", (rule,), hook=hook)
    return {rule.table: NftTable(rule.table, {rule.chain: chain}, family=NFTABLES)}
