"""A ruleset of nftables as tables, chains and rules of a firewall."""

from collections.abc import Collection, Mapping

from attrs import field, frozen

from lvscf.firewall.model import Chain, Rule
from lvscf.firewall.nftables.expressions import Expression, NamedSet, Statements, Translation
from lvscf.firewall.tracing.questions import Question
from lvscf.shared.records import compared, record
from lvscf.source import Source

FAMILIES = ("ip", "ip6", "inet", "arp", "bridge", "netdev")
HOOKS = ("ingress", "prerouting", "input", "forward", "output", "postrouting")
NFTABLES = "nftables"
"""The family of rules, chains and tables that are made with nft."""


@compared
@frozen(eq=False, repr=False)
class NftRule(Rule):
    """A rule of nftables.

    What iptables has words for is in `general`, `matches` and `target`, too, so that those who ask
    what a rule marks, redirects or accepts need not know which program made it.
    """

    statements: Statements = ()
    note: str | None = None
    """The rule's comment."""
    jumps: tuple[str, ...] = ()
    """The chains that its verdicts, and those of its maps, lead to."""

    @property
    def leads_to(self) -> tuple[str, ...]:
        """The names of the chains that a packet may jump to from this rule."""
        return self.jumps

    @property
    def redirects(self) -> bool:
        """Whether it sends packets to this host itself."""
        return super().redirects or any(
            isinstance(one, Translation) and one.name == "redirect" for one in self.statements
        )

    @property
    def comment(self) -> str | None:
        """The rule's comment, or None."""
        return self.note

    @property
    def specification(self) -> str:
        """The rule in nft's words."""
        return " ".join(map(str, self.statements))

    def __str__(self) -> str:
        return self.specification


@compared
@frozen(eq=False, repr=False)
class NftChain(Chain):
    """A chain of nftables."""

    devices: tuple[str, ...] | None = ()
    """Of an ingress chain: the interfaces; None if the file does not show them."""
    source: Source = field(default=Source(""), repr=False, eq=False)
    start: int = 0
    end: int = 0


@record
class Scope:
    """What the rules of a table can name: its chains, sets and maps."""

    chains: Collection[str]
    collections: Mapping[str, NamedSet]
    updated: frozenset[str] = frozenset()
    """The sets and maps to which packets themselves add elements."""
    asked: dict[tuple[Expression, str], Question | None] = field(factory=dict)
    """The questions about named sets, each made once: many rules ask about the same set."""
