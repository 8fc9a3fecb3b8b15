"""Questions about where a packet comes from and goes to: addresses, ports, interfaces."""

from bisect import bisect_right
from typing import Any, Literal

from attrs import frozen

from lvscf.firewall.tracing.branches import Branch, Fact, Journey, Range
from lvscf.firewall.tracing.questions import Question, recalled, remembered
from lvscf.shared import ipv4
from lvscf.shared.records import compared, evolved

_MULTICAST = 0xE0000000
_CHANGED_BY_NAT = ("destination", "port")
RangeField = Literal[
    "source", "source_port", "destination", "port", "first_destination", "first_port"
]


def limited(branch: Branch, field: RangeField, values: Range) -> Branch:
    """The branch with one of its fields narrowed."""
    changes: dict[str, Any] = {field: values}
    return evolved(branch, **changes)


@frozen(cache_hash=True)
class Within(Question):
    """Whether an address or a port is in one of several ranges."""

    field: RangeField
    ranges: tuple[Range, ...]
    """In order, and not touching each other."""
    starts: tuple[int, ...]

    @classmethod
    def of(cls, field: RangeField, ranges: tuple[Range, ...]) -> "Within":
        """Put ranges in order, and join those that touch."""
        if len(ranges) == 1:
            return cls(field, ranges, (ranges[0][0],))
        joined: list[Range] = []
        for low, high in sorted(ranges):
            if joined and low <= joined[-1][1] + 1:
                joined[-1] = (joined[-1][0], max(joined[-1][1], high))
            else:
                joined.append((low, high))
        return cls(field, tuple(joined), tuple(low for low, _ in joined))

    @property
    def by_rule(self) -> bool:  # type: ignore[override]
        """Clients choose their source ports, so the packet asked about does not show them."""
        return self.field == "source_port"

    def fact(self, branch: Branch) -> Fact:
        """See `Question`."""
        return (self.field, self, self.field in _CHANGED_BY_NAT and branch.translated is not None)

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        low, high = getattr(branch, self.field)
        at = bisect_right(self.starts, low) - 1
        if at >= 0 and self.ranges[at][1] >= high:
            return True
        overlaps = (at >= 0 and self.ranges[at][1] >= low) or (
            at + 1 < len(self.starts) and self.starts[at + 1] <= high
        )
        if not overlaps:
            return False
        asked = self.fact(branch)
        if asked in branch.held:
            return True
        if branch.failed and any(self._inside(fact, asked) for fact in branch.failed):
            return False
        return None

    def _inside(self, fact: Fact, asked: Fact) -> bool:
        """Whether a fact has excluded everything this asks for."""
        if fact[0] != self.field or fact[2] != asked[2]:
            return False
        excluded = fact[1]
        assert isinstance(excluded, Within)
        for low, high in self.ranges:
            at = bisect_right(excluded.starts, low) - 1
            if at < 0 or excluded.ranges[at][1] < high:
                return False
        return True

    def narrowed(self, branch: Branch, holds: bool) -> Branch:
        """See `Question`."""
        low, high = getattr(branch, self.field)
        if holds:
            first = max(bisect_right(self.starts, low) - 1, 0)
            if self.ranges[first][1] < low:
                first += 1
            last = bisect_right(self.starts, high) - 1
            hull = (max(low, self.ranges[first][0]), min(high, self.ranges[last][1]))
            branch = limited(branch, self.field, hull)
            return branch if first == last else remembered(branch, self.fact(branch), True)
        # Cutting off an end leaves a range; a hole within it is remembered as a fact.
        if self.ranges[0][0] <= low <= self.ranges[0][1]:
            return self._rest(limited(branch, self.field, (self.ranges[0][1] + 1, high)))
        if self.ranges[-1][0] <= high <= self.ranges[-1][1]:
            return self._rest(limited(branch, self.field, (low, self.ranges[-1][0] - 1)))
        return remembered(branch, self.fact(branch), False)

    def _rest(self, branch: Branch) -> Branch:
        return branch if len(self.ranges) == 1 else remembered(branch, self.fact(branch), False)


@compared
@frozen(eq=False, repr=False)
class Agrees(Question):
    """Whether an address equals another in the bits of a mask with gaps."""

    field: RangeField
    value: int
    mask: int

    def fact(self, branch: Branch) -> Fact:
        """See `Question`."""
        later = self.field in _CHANGED_BY_NAT and branch.translated is not None
        return (f"bits of {self.field}", self.value, self.mask, later)

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        low, high = getattr(branch, self.field)
        if low == high:
            return bool(low & self.mask == self.value)
        return recalled(branch, self.fact(branch))


@compared
@frozen(eq=False, repr=False)
class EitherPort(Question):
    """The `--ports` of multiport: the destination port or the source port.

    A client's system chooses its port, and not one that a rule names: if it is unknown, only the
    destination port decides.
    """

    ranges: tuple[Range, ...]
    destination: Within
    origin: Within

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        if branch.source_port[0] == branch.source_port[1] and self.origin.answer(branch, journey):
            return True
        return self.destination.answer(branch, journey)

    def narrowed(self, branch: Branch, holds: bool) -> Branch:
        """See `Question`."""
        return self.destination.narrowed(branch, holds)


@compared
@frozen(eq=False, repr=False)
class OfType(Question):
    """Whether an address has a type in the routing table: local, multicast, ...

    The kernel consults only its table of local addresses: whatever is not in it is `UNICAST`.
    """

    field: Literal["source", "destination"]
    types: frozenset[str]
    by_rule = True

    def fact(self, branch: Branch) -> Fact:
        """See `Question`."""
        later = self.field == "destination" and branch.translated is not None
        return (f"type of {self.field}", self.types, later)

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        possible = self._possible(branch, journey)
        if possible <= self.types:
            return True
        if not possible & self.types:
            return False
        name, _, later = self.fact(branch)
        for facts, holds in ((branch.held, True), (branch.failed, False)):
            for fact in facts:
                if fact[0] == name and fact[2] == later:
                    types = fact[1]
                    assert isinstance(types, frozenset)
                    possible &= types if holds else possible - types
        if possible <= self.types:
            return True
        return None if possible & self.types else False

    def _possible(self, branch: Branch, journey: Journey) -> frozenset[str]:
        """All types that the address may have."""
        low, high = branch.source if self.field == "source" else branch.destination
        if low == high and journey.own is not None and low in journey.own:
            return frozenset({"LOCAL"})
        if low == high:
            kind = _type_of(low, journey.local_address)
            if kind:
                return frozenset({kind})
        if self.field == "destination":
            # Routing delivers packets to this host only if their destination is local, and
            # forwards them only if it is not.
            if journey.hook == "input" or (
                journey.way == "input" and journey.settled and branch.translated is None
            ):
                if low == high and low & 0xFF == 0xFF:
                    return frozenset({"LOCAL", "BROADCAST"})
                if low < _MULTICAST:
                    return frozenset({"LOCAL"})
            if journey.way == "forward" and (
                journey.leaving or (journey.settled and branch.translated is None)
            ):
                return frozenset({"UNICAST"} if low == high else {"UNICAST", "MULTICAST"})
        elif branch.interface not in (None, "lo"):
            # Routing rejects packets from outside with one of this host's addresses as source.
            return frozenset({"UNICAST"})
        several = {"LOCAL", "UNICAST", "BROADCAST"}
        if low == high and journey.own is not None:
            several.remove("LOCAL")
            if low & 3 in (1, 2):  # neither the first nor the last address of any network
                several.remove("BROADCAST")
        return frozenset(several if low == high else several | {"MULTICAST"})


def is_taken_for(branch: Branch, *, local: bool) -> bool:
    """Whether a branch has assumed that its destination, before any NAT, is local, or is not."""
    for facts, holds in ((branch.held, True), (branch.failed, False)):
        for fact in facts:
            if fact[0] == "type of destination" and not fact[2]:
                types = fact[1]
                assert isinstance(types, frozenset)
                if (("LOCAL" in types) is holds) is local:
                    return True
    return False


def _type_of(address: int, local_address: int | None) -> str | None:
    if address >> 28 == 0xE:
        return "MULTICAST"
    if address == ipv4.ALL_ONES:
        return "BROADCAST"
    if address >> 24 == 0:
        return "BROADCAST"
    if address >> 24 == 127 or address == local_address:
        return "LOCAL"
    return None


@compared
@frozen(eq=False, repr=False)
class Incoming(Question):
    """Whether the packet came in on an interface; a `+` matches any ending of its name."""

    pattern: str

    def fact(self, branch: Branch) -> Fact:
        """See `Question`."""
        return ("interface", self.pattern)

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        if journey.way == "output":
            return False  # also in POSTROUTING: the packet came from no interface
        answer = _answered(
            branch.interface, branch.interface_like, self.pattern, branch, "interface"
        )
        if journey.hook == "postrouting" and answer:
            return None  # known there since Linux 5.7 only
        return answer

    def narrowed(self, branch: Branch, holds: bool) -> Branch:
        """See `Question`."""
        if holds:
            return evolved(branch, interface_like=self.pattern)
        return remembered(branch, self.fact(branch), False)


@compared
@frozen(eq=False, repr=False)
class Outgoing(Question):
    """Whether the packet leaves by an interface; until routing has chosen one, by none."""

    pattern: str

    def fact(self, branch: Branch) -> Fact:
        """See `Question`."""
        return ("outgoing", self.pattern)

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        if not journey.leaving:
            return False
        return _answered(branch.outgoing, branch.outgoing_like, self.pattern, branch, "outgoing")

    def narrowed(self, branch: Branch, holds: bool) -> Branch:
        """See `Question`."""
        if holds:
            return evolved(branch, outgoing_like=self.pattern)
        return remembered(branch, self.fact(branch), False)


def _answered(
    name: str | None, like: str, pattern: str, branch: Branch, subject: str
) -> bool | None:
    """Whether an interface matches a pattern, if it may be known to match another one only."""
    if name is not None:
        return _like(name, pattern)
    if ":" in pattern:
        return False  # to the kernel, an alias is only an address, never an interface
    if like[-1] != "+":
        return _like(like, pattern)
    if _like(like[:-1], pattern) and pattern[-1] == "+":
        return True
    if not pattern.rstrip("+").startswith(like[:-1]):
        return False
    for fact in branch.failed:
        if fact[0] == subject and _like(pattern.rstrip("+"), str(fact[1])):
            return False
    return None


def _like(name: str, pattern: str) -> bool:
    return name.startswith(pattern[:-1]) if pattern[-1] == "+" else name == pattern


@compared
@frozen(eq=False, repr=False)
class OfPacketType(Question):
    """Whether a packet was sent to this host alone, to all, or to a group (`-m pkttype`).

    Its frame was addressed before any NAT; a frame for a single host's address is `unicast`.
    """

    kind: str
    by_rule = True

    @classmethod
    def of(cls, text: str) -> Question | None:
        """Read one of the names that iptables knows."""
        kind = {"host": "unicast", "bcast": "broadcast", "mcast": "multicast"}.get(text, text)
        return cls(kind) if kind in ("unicast", "broadcast", "multicast") else None

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        if journey.way == "output":
            return self.kind == "unicast"  # as the kernel has it for what it sends itself
        low, high = branch.first_destination
        if low != high:
            return recalled(branch, self.fact(branch))
        if low >> 28 == 0xE:
            return self.kind == "multicast"
        if low == ipv4.ALL_ONES:
            return self.kind == "broadcast"
        if low & 0xFF == 0xFF:  # it may be its network's broadcast address
            return False if self.kind == "multicast" else recalled(branch, self.fact(branch))
        return self.kind == "unicast"
