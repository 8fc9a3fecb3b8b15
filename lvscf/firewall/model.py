"""The rules of a firewall: tables of chains of rules, all immutable values.

A rule is kept as iptables keeps it: iptables' own settings (`-s`, `-d`, `-i`, `-o`, `-p`, `-f`),
then matches in order, then one target.  `str(rule)` is the line that iptables-save would write.
"""

from collections.abc import Iterator, Mapping

from attrs import field, frozen

from lvscf.firewall.ip_sets import KnownSet
from lvscf.shared import ipv4
from lvscf.shared.records import compared
from lvscf.source import Source, Span

HIDDEN = "(hidden in the listing)"
"""Stands for the interfaces of a rule, which `iptables -L` without `-v` hides."""
UNREADABLE = "(unreadable in the listing)"
"""Stands for words of `iptables -L` that cannot be turned back into options."""
INSEPARABLE = "(one match or two in the listing)"
"""Stands for a difference that `iptables -L` hides: whether the match before it is really two."""
LISTED_ONLY = (HIDDEN, UNREADABLE, INSEPARABLE)
"""Placeholders for what a listing does not show; iptables has no such matches."""


@compared
@frozen(eq=False, repr=False)
class Network:
    """Addresses that equal `address` in the bits of `mask`; both are 32-bit numbers.

    The mask need not be contiguous: iptables accepts `10.0.0.1/255.0.255.255`.
    """

    address: int
    mask: int

    @property
    def single(self) -> bool:
        """Whether it is one address only."""
        return self.mask == ipv4.ALL_ONES


@compared
@frozen(eq=False, repr=False)
class Ranges:
    """Numbers (ports or addresses) within any of several ranges, ends included."""

    ranges: tuple[tuple[int, int], ...]


@compared
@frozen(eq=False, repr=False)
class Bits:
    """A value and a mask of 32 bits, as in marks."""

    value: int
    mask: int


@compared
@frozen(eq=False, repr=False)
class Endpoint:
    """Where DNAT sends a packet: ranges of addresses and ports; None keeps the packet's own."""

    addresses: tuple[int, int] | None
    ports: tuple[int, int] | None
    shifted: bool = False
    """Ports are shifted by a base (`80-90/8000`)."""


Value = Network | Ranges | Bits | Endpoint | KnownSet | frozenset[str] | str | int | None
"""The value of an option, decoded; None if it has none, or its value is not known."""


@frozen(cache_hash=True)
class Setting:
    """One option of a rule with its value, spelled as iptables-save spells it."""

    name: str
    """With its dashes: `-d`, `--dport`."""
    negated: bool = False
    value: Value = None
    text: str = ""
    """The value as iptables-save writes it, quoted where needed; empty for a flag."""
    known: bool = True
    """False if the file does not show the value (a shell variable, a host name)."""

    def __str__(self) -> str:
        words = ("!" if self.negated else "", self.name, self.text)
        return " ".join(word for word in words if word)


@frozen(cache_hash=True)
class Match:
    """A match extension (`-m NAME`) with its options."""

    name: str
    settings: tuple[Setting, ...] = ()
    implied: bool = False
    """Written without `-m`, as arptables has it."""

    def __str__(self) -> str:
        named = [] if self.implied else ["-m", self.name]
        return " ".join([*named, *map(str, self.settings)])


@compared
@frozen(eq=False, repr=False)
class Target:
    """What happens to a packet that a rule matches: a verdict, a change, or another chain."""

    name: str
    settings: tuple[Setting, ...] = ()
    goto: bool = False
    """`-g`: at its end, the chain returns to the caller of the present chain."""

    def __str__(self) -> str:
        return " ".join(["-g" if self.goto else "-j", self.name, *map(str, self.settings)])

    def setting(self, name: str) -> Setting | None:
        """The target's option `name` (with dashes, as saved), or None."""
        return _named(self.settings, name)


@compared
@frozen(eq=False, repr=False)
class Rule:
    """A rule in its chain, with the place it was read from."""

    table: str
    chain: str
    general: tuple[Setting, ...] = ()
    """iptables' own settings: `-s`, `-d`, `-i`, `-o`, `-p`, `-f`, in the order of saving."""
    matches: tuple[Match, ...] = ()
    target: Target | None = None
    counters: tuple[int, int] | None = None
    """Packets and bytes, if the file has them."""
    family: str = "iptables"
    """`iptables` or `arptables`."""
    source: Source = field(default=Source(""), repr=False, eq=False)
    start: int = 0
    end: int = 0

    @property
    def span(self) -> Span:
        """Where the rule is written."""
        return self.source.span(self.start, self.end)

    @property
    def text(self) -> str:
        """The rule as it is written in its file."""
        return self.source.text[self.start : self.end]

    @property
    def settings(self) -> Iterator[Setting]:
        """All conditions: iptables' own settings and those of all matches."""
        yield from self.general
        for match in self.matches:
            yield from match.settings

    def setting(self, name: str) -> Setting | None:
        """The first condition `name`, with dashes and as saved: `-d`, `--dport`, `--state`."""
        return _named(self.settings, name)

    @property
    def comment(self) -> str | None:
        """The text of `-m comment --comment`, or None."""
        setting = self.setting("--comment")
        return setting.value if setting and isinstance(setting.value, str) else None

    @property
    def specification(self) -> str:
        """The rule without its chain, as saved: rules with equal specifications do the same.

        Placeholders for what a listing does not show are left out.
        """
        matches = (one for one in self.matches if one.name not in LISTED_ONLY)
        parts = list(map(str, (*self.general, *matches)))
        if self.target:
            # arptables-save puts the target's name first and its options last.
            if self.family == "arptables":
                parts[:0] = ["-g" if self.target.goto else "-j", self.target.name]
                parts.extend(map(str, self.target.settings))
            else:
                parts.append(str(self.target))
        return " ".join(parts)

    def __str__(self) -> str:
        return f"-A {self.chain} {self.specification}".rstrip()


@compared
@frozen(eq=False, repr=False)
class Chain:
    """A chain of rules."""

    name: str
    policy: str | None
    """What happens to packets at the end: `ACCEPT` or `DROP`; None for a user-defined chain."""
    rules: tuple[Rule, ...] = field(default=(), repr=False)
    counters: tuple[int, int] | None = None


@compared
@frozen(eq=False, repr=False)
class Table:
    """A table with its chains: first the built-in ones, then the others in order of creation."""

    name: str
    chains: Mapping[str, Chain]

    @property
    def rules(self) -> Iterator[Rule]:
        """All rules, chain by chain."""
        for chain in self.chains.values():
            yield from chain.rules

    def __str__(self) -> str:
        """The table as iptables-save writes it."""
        lines = [f"*{self.name}"]
        for chain in self.chains.values():
            packets, octets = chain.counters or (0, 0)
            lines.append(f":{chain.name} {chain.policy or '-'} [{packets}:{octets}]")
        lines.extend(map(str, self.rules))
        return "\n".join([*lines, "COMMIT", ""])


def _named(settings: Iterator[Setting] | tuple[Setting, ...], name: str) -> Setting | None:
    return next((setting for setting in settings if setting.name == name), None)
