"""The hooks of the kernel, and the base chains that it calls at each, in order."""

from collections.abc import Iterator, Mapping

from attrs import frozen

from lvscf.firewall.model import Hook, Table
from lvscf.shared.records import compared

CONNECTION_TRACKING = -200
"""The priority at which the kernel finds a packet's connection."""
MANGLE = -150
DESTINATION_NAT = -100
SOURCE_NAT = 100
_NAT = {
    "prerouting": DESTINATION_NAT,
    "output": DESTINATION_NAT,
    "input": SOURCE_NAT,
    "postrouting": SOURCE_NAT,
}
"""All chains of type nat run at this place, whatever their own priority."""
_FILTERING = ("input", "forward", "output")
_EVERYWHERE = ("prerouting", "input", "forward", "output", "postrouting")
_IPTABLES: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "raw": (-300, ("prerouting", "output")),
    "mangle": (MANGLE, _EVERYWHERE),
    "nat": (0, ("prerouting", "output", "postrouting")),
    "filter": (0, _FILTERING),
    "security": (50, _FILTERING),
}
"""The priority of each table of iptables, and the hooks at which it has a chain.

The nat table's INPUT is left out: it changes sources only, and IPVS takes packets before it.
"""


@compared
@frozen(eq=False, repr=False)
class BaseChain:
    """A chain that the kernel calls at a hook."""

    table: str
    chain: str
    hook: str
    priority: int
    """Where it runs; of type nat, its own priority orders it only among the others of this type."""
    is_nat: bool = False

    @property
    def tracks(self) -> bool:
        """Whether connection tracking has seen the packet before."""
        if self.hook == "ingress":
            return False
        return self.priority > CONNECTION_TRACKING or self.hook not in ("prerouting", "output")

    @property
    def follows_source_nat(self) -> bool:
        """Whether packets have their new sources there; no chain of iptables comes so late."""
        return self.hook == "postrouting" and self.priority > SOURCE_NAT

    @property
    def is_of_source(self) -> bool:
        """Whether NAT changes sources at its hook."""
        return self.hook in ("input", "postrouting")


def base_chains(tables: Mapping[str, Table]) -> dict[str, tuple[BaseChain, ...]]:
    """The base chains of all tables, by hook, in the order in which packets meet them.

    With equal priority, the chain that was registered later comes first; tables are listed in the
    order in which they were made.
    """
    found: dict[str, list[tuple[Hook, int, str, str]]] = {}
    for number, (table, chain, hook) in enumerate(_attached(tables)):
        found.setdefault(hook.name, []).append((hook, number, table, chain))
    return {name: tuple(_ordered(name, entries)) for name, entries in found.items()}


def _attached(tables: Mapping[str, Table]) -> Iterator[tuple[str, str, Hook]]:
    for name, table in tables.items():
        if table.family == "iptables":
            priority, hooks = _IPTABLES.get(name, (0, ()))
            for hook in hooks:
                if hook.upper() in table.chains:
                    type_ = "nat" if name == "nat" else "filter"
                    place = _NAT[hook] if name == "nat" else priority
                    yield name, hook.upper(), Hook(hook, place, type_)
        else:
            for chain in table.chains.values():
                if chain.hook is not None:
                    yield name, chain.name, chain.hook


def _ordered(name: str, entries: list[tuple[Hook, int, str, str]]) -> list[BaseChain]:
    nat = _NAT.get(name)
    first_nat = min((number for hook, number, _, _ in entries if hook.type == "nat"), default=0)
    placed = []
    for hook, number, table, chain in entries:
        is_nat = hook.type == "nat" and nat is not None
        if is_nat and nat is not None:
            key = (nat, -first_nat, hook.priority, -number)
            base = BaseChain(table, chain, name, nat, is_nat=True)
        else:
            key = (hook.priority, -number, 0, 0)
            base = BaseChain(table, chain, name, hook.priority)
        placed.append((key, base))
    return [base for _, base in sorted(placed, key=lambda pair: pair[0])]
