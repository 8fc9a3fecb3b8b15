"""Expressions and statements of nftables rules: what both forms, JSON and text, are read into.

`str()` of each is nft's own text, so that a rule read from JSON is reported as an administrator
knows it.
"""

from attrs import field, frozen

from lvscf.shared.records import compared

_SHORT = ("meta iif", "meta iifname", "meta oif", "meta oifname")
"""Fields that nft writes without `meta`."""


class Expression:
    """A value that a rule compares, looks up, or gives to a field."""


@compared
@frozen(eq=False, repr=False)
class Field(Expression):
    """Something of a packet or of its connection, named as nft names it: `ip daddr`, `ct state`."""

    name: str

    def __str__(self) -> str:
        return self.name.removeprefix("meta ") if self.name in _SHORT else self.name


@compared
@frozen(eq=False, repr=False)
class Value(Expression):
    """A constant as it is written: a number, an address, a name."""

    text: str

    def __str__(self) -> str:
        return self.text


@compared
@frozen(eq=False, repr=False)
class Interval(Expression):
    """All values from one to another, both included."""

    low: str
    high: str

    def __str__(self) -> str:
        return f"{self.low}-{self.high}"


@compared
@frozen(eq=False, repr=False)
class Prefix(Expression):
    """Addresses that begin with the same bits."""

    address: str
    length: int

    def __str__(self) -> str:
        return f"{self.address}/{self.length}"


@compared
@frozen(eq=False, repr=False)
class Several(Expression):
    """Values listed with commas, such as flags and states: any of them."""

    values: tuple[Expression, ...]

    def __str__(self) -> str:
        return ",".join(map(str, self.values))


@compared
@frozen(eq=False, repr=False)
class Elements(Expression):
    """An anonymous set or map: keys, and for a map what each one gives."""

    keys: tuple[Expression, ...]
    results: "tuple[Expression | Verdict, ...]" = ()

    def __str__(self) -> str:
        if not self.results:
            return f"{{ {', '.join(map(str, self.keys))} }}"
        pairs = zip(self.keys, self.results, strict=False)
        return f"{{ {', '.join(f'{key} : {result}' for key, result in pairs)} }}"


@compared
@frozen(eq=False, repr=False)
class Named(Expression):
    """A set or map of the table, by name."""

    name: str

    def __str__(self) -> str:
        return f"@{self.name}"


@compared
@frozen(eq=False, repr=False)
class Concatenation(Expression):
    """Several values as one key."""

    parts: tuple[Expression, ...]

    def __str__(self) -> str:
        return " . ".join(map(str, self.parts))


@compared
@frozen(eq=False, repr=False)
class Operation(Expression):
    """Two values joined bit by bit: `&`, `|`, `^`, `<<` or `>>`."""

    operator: str
    left: Expression
    right: Expression

    def __str__(self) -> str:
        return f"{self.left} {self.operator} {self.right}"


@compared
@frozen(eq=False, repr=False)
class MapLookup(Expression):
    """What a map gives for a key."""

    key: Expression
    map: Expression

    def __str__(self) -> str:
        return f"{self.key} map {self.map}"


@compared
@frozen(eq=False, repr=False)
class Chosen(Expression):
    """One of several numbers, which only the running kernel knows: `numgen`, `jhash`."""

    text: str
    count: int
    offset: int = 0

    def __str__(self) -> str:
        return self.text


@compared
@frozen(eq=False, repr=False)
class Opaque(Expression):
    """An expression that lvscf does not know."""

    text: str

    def __str__(self) -> str:
        return self.text


class Statement:
    """One step of a rule; a packet goes from left to right until a match fails."""


@compared
@frozen(eq=False, repr=False)
class Comparison(Statement):
    """A match: the packet goes on in this rule only if it holds."""

    operator: str
    """`==`, `!=`, `<`, `>`, `<=`, `>=`, `!` (none of the bits), or empty: nft's own choice."""
    left: Expression
    right: Expression

    def __str__(self) -> str:
        shown = "" if self.operator in ("", "==", "in") else self.operator
        if self.operator == "==" and isinstance(self.left, Operation):
            shown = "=="
        return " ".join(part for part in (str(self.left), shown, str(self.right)) if part)


@compared
@frozen(eq=False, repr=False)
class Verdict(Statement):
    """What becomes of the packet."""

    name: str
    """`accept`, `drop`, `reject`, `return`, `continue`, `jump` or `goto`."""
    chain: str = ""
    body: "tuple[tuple[Statement, ...], ...] | None" = None
    """The rules of an anonymous chain."""
    detail: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.name, self.chain, self.detail) if part)


@compared
@frozen(eq=False, repr=False)
class Change(Statement):
    """A field gets a value."""

    field: Field
    value: Expression

    def __str__(self) -> str:
        return f"{self.field} set {self.value}"


@compared
@frozen(eq=False, repr=False)
class VerdictMap(Statement):
    """A verdict by key; a key that is not in the map changes nothing."""

    key: Expression
    map: Expression

    def __str__(self) -> str:
        return f"{self.key} vmap {self.map}"


@compared
@frozen(eq=False, repr=False)
class Translation(Statement):
    """NAT: `dnat`, `snat`, `redirect` or `masquerade`."""

    name: str
    address: Expression | None = None
    port: Expression | None = None
    flags: tuple[str, ...] = ()
    family: str = ""

    def __str__(self) -> str:
        to = ""
        if self.address is not None:
            bracket = self.port is not None
            to = f"{self.address}:{self.port}" if bracket else str(self.address)
        elif self.port is not None:
            to = f":{self.port}"
        words = (self.name, self.family, "to" if to else "", to, *self.flags)
        return " ".join(word for word in words if word)


@compared
@frozen(eq=False, repr=False)
class Aside(Statement):
    """A statement that changes nothing lvscf follows: `counter`, `log`."""

    text: str

    def __str__(self) -> str:
        return self.text


@compared
@frozen(eq=False, repr=False)
class Doubt(Statement):
    """A condition that only the running kernel can decide: `limit`, an xt match."""

    text: str
    subject: str
    """What it is about: `limit`, or the name of the xt match."""
    lasting: bool = False
    """Whether it gives the same answer for the same packet again."""

    def __str__(self) -> str:
        return self.text


@compared
@frozen(eq=False, repr=False)
class Act(Statement):
    """Another thing done with the packet: `notrack`, `queue`, `tproxy`, an xt target."""

    name: str
    """`notrack`, `queue`, `tproxy`, `xt`, or what lvscf does not know."""
    text: str
    """As written; of an xt target only the name."""

    def __str__(self) -> str:
        return f"xt target {self.text}" if self.name == "xt" else self.text


Statements = tuple[Statement, ...]


@compared
@frozen(eq=False, repr=False)
class NamedSet:
    """A named set or map of a table."""

    name: str
    elements: Elements = field(factory=lambda: Elements(()))
    flags: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether packets themselves add elements, so that the listing is of a moment."""
        return "dynamic" in self.flags
