"""What rules ask of packets: each condition as a question with three answers, yes, no, either.

Where the answer is "either", `narrowed` tells what is known of the packet on each branch.  The
semantics are those of the kernel's match modules, as tried with a running kernel.
"""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal

from attrs import evolve, frozen

from lvscf.firewall import vocabulary
from lvscf.firewall.model import Bits, Match, Network, Ranges, Rule, Setting
from lvscf.firewall.options import IPTABLES
from lvscf.firewall.ways import MOST_FACTS, Fact, Journey, Range, Way

FULL = 0xFFFFFFFF
RangeField = Literal[
    "source", "source_port", "destination", "port", "first_destination", "first_port"
]


class Question(ABC):
    """A condition of a rule, without its negation."""

    by_rule = False
    """Whether only the running kernel can tell what the packet's fields leave open."""

    @abstractmethod
    def answer(self, way: Way, journey: Journey) -> bool | None:
        """Yes, no, or None for either."""

    def narrowed(self, way: Way, holds: bool) -> Way:
        """The way, given that the answer is `holds`."""
        return remembered(way, self.fact, holds)

    @property
    def fact(self) -> Fact:
        """What is asked, so that the same question gets the same answer later."""
        return (self,)


def remembered(way: Way, fact: Fact, holds: bool) -> Way:
    """The way with one more fact."""
    if holds:
        return evolve(way, held=way.held | {fact}) if len(way.held) < MOST_FACTS else way
    return evolve(way, failed=way.failed | {fact}) if len(way.failed) < MOST_FACTS else way


def limited(way: Way, field: RangeField, values: Range) -> Way:
    """The way with one of its fields narrowed."""
    changes: dict[str, Any] = {field: values}
    return evolve(way, **changes)


@frozen(cache_hash=True)
class Within(Question):
    """Whether an address or a port lies in any of some ranges."""

    field: RangeField
    ranges: tuple[Range, ...]
    """In order, and apart from each other."""
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
        """Clients choose their source ports: no packet's question tells it."""
        return self.field == "source_port"

    @property
    def fact(self) -> Fact:
        """See `Question`."""
        return (self.field, self)

    def answer(self, way: Way, journey: Journey) -> bool | None:
        """See `Question`."""
        low, high = getattr(way, self.field)
        at = bisect_right(self.starts, low) - 1
        if at >= 0 and self.ranges[at][1] >= high:
            return True
        overlaps = (at >= 0 and self.ranges[at][1] >= low) or (
            at + 1 < len(self.starts) and self.starts[at + 1] <= high
        )
        if not overlaps:
            return False
        if self.fact in way.held:
            return True
        if way.failed and any(self._inside(fact) for fact in way.failed):
            return False
        return None

    def _inside(self, fact: Fact) -> bool:
        """Whether all that this asks for was excluded by a fact."""
        if fact[0] != self.field:
            return False
        excluded = fact[1]
        assert isinstance(excluded, Within)
        for low, high in self.ranges:
            at = bisect_right(excluded.starts, low) - 1
            if at < 0 or excluded.ranges[at][1] < high:
                return False
        return True

    def narrowed(self, way: Way, holds: bool) -> Way:
        """See `Question`."""
        low, high = getattr(way, self.field)
        if holds:
            first = max(bisect_right(self.starts, low) - 1, 0)
            if self.ranges[first][1] < low:
                first += 1
            last = bisect_right(self.starts, high) - 1
            hull = (max(low, self.ranges[first][0]), min(high, self.ranges[last][1]))
            way = limited(way, self.field, hull)
            return way if first == last else remembered(way, self.fact, True)
        # Cutting at an end keeps a range; a hole within it is remembered as a fact.
        if self.ranges[0][0] <= low <= self.ranges[0][1]:
            return self._rest(limited(way, self.field, (self.ranges[0][1] + 1, high)))
        if self.ranges[-1][0] <= high <= self.ranges[-1][1]:
            return self._rest(limited(way, self.field, (low, self.ranges[-1][0] - 1)))
        return remembered(way, self.fact, False)

    def _rest(self, way: Way) -> Way:
        return way if len(self.ranges) == 1 else remembered(way, self.fact, False)


@frozen
class Agrees(Question):
    """Whether an address agrees with another in the bits of a mask with gaps."""

    field: RangeField
    value: int
    mask: int

    @property
    def fact(self) -> Fact:
        """See `Question`."""
        return (f"bits of {self.field}", self.value, self.mask)

    def answer(self, way: Way, journey: Journey) -> bool | None:
        """See `Question`."""
        low, high = getattr(way, self.field)
        if low == high:
            return bool(low & self.mask == self.value)
        return recalled(way, self.fact)


@frozen
class Marked(Question):
    """Whether the mark, or the connection's, has a value under a mask."""

    value: int
    mask: int
    of_connection: bool = False

    def answer(self, way: Way, journey: Journey) -> bool | None:
        """See `Question`."""
        if self.of_connection:
            return way.connection_mark & self.mask == self.value
        return way.mark & self.mask == self.value


@frozen
class Incoming(Question):
    """Whether the packet came in by an interface, `+` standing for any end of its name."""

    pattern: str

    @property
    def fact(self) -> Fact:
        """See `Question`."""
        return ("interface", self.pattern)

    def answer(self, way: Way, journey: Journey) -> bool | None:
        """See `Question`."""
        if way.interface is not None:
            return _like(way.interface, self.pattern)
        if ":" in self.pattern:
            return False  # the kernel knows aliases as addresses only, never as interfaces
        known = way.interface_like
        if known[-1] != "+":
            return _like(known, self.pattern)
        if _like(known[:-1], self.pattern) and self.pattern[-1] == "+":
            return True
        if not self.pattern.rstrip("+").startswith(known[:-1]):
            return False
        for fact in way.failed:
            if fact[0] == "interface" and _like(self.pattern.rstrip("+"), str(fact[1])):
                return False
        return None

    def narrowed(self, way: Way, holds: bool) -> Way:
        """See `Question`."""
        if holds:
            return evolve(way, interface_like=self.pattern)
        return remembered(way, self.fact, False)


def _like(name: str, pattern: str) -> bool:
    return name.startswith(pattern[:-1]) if pattern[-1] == "+" else name == pattern


@frozen
class Carries(Question):
    """Whether the packet is of a protocol."""

    protocol: int

    def answer(self, way: Way, journey: Journey) -> bool | None:
        """See `Question`."""
        return journey.protocol == self.protocol


@frozen
class Certain(Question):
    """A question whose answer is the same for all packets that can be asked about."""

    holds: bool

    def answer(self, way: Way, journey: Journey) -> bool | None:
        """See `Question`."""
        return self.holds


@frozen
class InState(Question):
    """Whether the packet's connection is in one of some states."""

    states: frozenset[str]

    def answer(self, way: Way, journey: Journey) -> bool | None:
        """See `Question`."""
        if not way.tracked:
            return "UNTRACKED" in self.states
        if not journey.tracking:
            return "INVALID" in self.states
        if ("ESTABLISHED" if journey.established else "NEW") in self.states:
            return True
        if "DNAT" not in self.states or way.translated is None:
            return False
        # DNAT to where the packet goes anyway changes nothing, and does not count.
        before = (way.first_destination, way.first_port)
        after = (way.destination, way.port)
        if any(a[1] < b[0] or b[1] < a[0] for a, b in zip(before, after, strict=True)):
            return True
        if before == after and all(low == high for low, high in after):
            return False
        return recalled(way, self.fact)


@frozen
class HasFlags(Question):
    """Whether TCP flags are set: known of the first packet, and of one whose state is given."""

    flags: Bits

    def answer(self, way: Way, journey: Journey) -> bool | None:
        """See `Question`."""
        if not journey.established:
            state = journey.state
            bits = vocabulary.LATER_BITS[state] if state else vocabulary.SYN_BITS
            return bits & self.flags.mask == self.flags.value
        if self.flags.value & vocabulary.SYN_BITS:
            return False  # a later packet has no SYN
        return recalled(way, self.fact)


@frozen
class EitherPort(Question):
    """multiport's `--ports`: the destination port or the source port.

    A client's port is given out by its system, and no port that a rule names: if it is unknown,
    only the destination port decides.
    """

    ranges: tuple[Range, ...]
    destination: Within
    origin: Within

    def answer(self, way: Way, journey: Journey) -> bool | None:
        """See `Question`."""
        if way.source_port[0] == way.source_port[1] and self.origin.answer(way, journey):
            return True
        return self.destination.answer(way, journey)

    def narrowed(self, way: Way, holds: bool) -> Way:
        """See `Question`."""
        return self.destination.narrowed(way, holds)


@frozen
class OfType(Question):
    """Whether an address is of a type by the routing table: local, multicast, ..."""

    field: Literal["source", "destination"]
    types: frozenset[str]
    by_rule = True

    def answer(self, way: Way, journey: Journey) -> bool | None:
        """See `Question`."""
        low, high = way.source if self.field == "source" else way.destination
        if self.field == "destination" and journey.arrived and not low >= 0xE0000000:
            return "LOCAL" in self.types
        if low == high:
            kind = _type_of(low, journey.local_address)
            if kind:
                return kind in self.types
        if not self.types & {"LOCAL", "UNICAST", "BROADCAST"}:
            return False if low == high else recalled(way, self.fact)
        if self.types >= {"LOCAL", "UNICAST", "BROADCAST"} and low == high:
            return True
        return recalled(way, self.fact)


def _type_of(address: int, local_address: int | None) -> str | None:
    if address >> 28 == 0xE:
        return "MULTICAST"
    if address == FULL:
        return "BROADCAST"
    if address >> 24 == 127 or address == local_address:
        return "LOCAL"
    return None


@frozen
class Unknowable(Question):
    """What only the running kernel can answer."""

    text: str
    lasting: bool
    by_rule = True

    def answer(self, way: Way, journey: Journey) -> bool | None:
        """See `Question`."""
        return recalled(way, self.fact) if self.lasting else None

    def narrowed(self, way: Way, holds: bool) -> Way:
        """See `Question`."""
        return remembered(way, self.fact, holds) if self.lasting else way


def recalled(way: Way, fact: Fact) -> bool | None:
    """What was assumed of a fact before."""
    if fact in way.held:
        return True
    return False if fact in way.failed else None


@frozen
class Test:
    """A question, whether its answer is turned round by `!`, and the setting that asks it."""

    question: Question
    negated: bool
    setting: Setting
    untracked: bool | None = None
    """What the match says, negated or not, where the packet belongs to no connection: in table raw,
    which comes before connection tracking, and behind NOTRACK; None if that is all one to it."""

    def answer(self, way: Way, journey: Journey) -> bool | None:
        """Whether the condition is met; None for either."""
        if self.untracked is not None and not (journey.tracking and way.tracked):
            return self.untracked
        answer = self.question.answer(way, journey)
        return answer if answer is None or not self.negated else not answer


def tests_of(rule: Rule) -> tuple[Test, ...]:
    """All that a rule asks, in the order of its settings."""
    tests = [_own(setting) for setting in rule.general]
    for match in rule.matches:
        if (
            match.settings
            or match.name not in IPTABLES.matches
            or not IPTABLES.matches[match.name].modelled
        ):
            tests.extend(_of_match(match))
    return tuple(tests)


@lru_cache(4096)
def _own(setting: Setting) -> Test:
    return Test(_question(setting), setting.negated, setting)


def _question(setting: Setting) -> Question:
    """The question of one of iptables' own settings."""
    value = setting.value
    if setting.name == "-f":
        return Certain(False)  # connection tracking puts fragments together before
    if not setting.known:
        return Unknowable(f"{setting.name} {setting.text}", True)
    if setting.name == "-p":
        return Carries(value) if isinstance(value, int) else Certain(False)
    if setting.name == "-i" and isinstance(value, str):
        return Incoming(value)
    if isinstance(value, Network):
        return _network("source" if setting.name == "-s" else "destination", value)
    if value is None and setting.name in ("-s", "-d", "-i"):
        return Certain(True)  # `0/0` or `+`, there only because it is negated
    return Certain(False)  # -o: no packet on its way in has an outgoing interface


def _network(field: RangeField, network: Network) -> Question:
    wild = ~network.mask & FULL
    if wild & (wild + 1):
        return Agrees(field, network.address, network.mask)
    return Within.of(field, ((network.address, network.address | wild),))


@lru_cache(4096)
def _of_match(match: Match) -> tuple[Test, ...]:
    extension = IPTABLES.matches.get(match.name)
    names = [setting.name for setting in match.settings]
    if extension is None or not extension.modelled or "--limit-iface-in" in names:
        setting = match.settings[0] if match.settings else Setting(f"-m {match.name}")
        lasting = extension is None or extension.lasting
        return (Test(Unknowable(str(match), lasting), False, setting),)
    return tuple(
        Test(
            _of_setting(match.name, setting),
            setting.negated,
            setting,
            _without_connection(match.name, setting.name, names),
        )
        for setting in match.settings
        if setting.name != "--comment"
    )


def _without_connection(match: str, setting: str, all_settings: list[str]) -> bool | None:
    """What a setting about the packet's connection comes to where there is none.

    conntrack looks at the state alone then, and says no if it was not asked for that.
    """
    if match == "connmark":
        return False
    if match == "conntrack" and setting != "--ctstate":
        return "--ctstate" in all_settings
    return None


def _of_setting(match: str, setting: Setting) -> Question:
    if match == "ipvs":
        # IPVS takes hold of packets behind all these chains: none is its own yet, and whatever
        # else the match looks at is then false.  Only `! --ipvs` is true.
        return Certain(setting.name != "--ipvs" and setting.negated)
    make = _QUESTIONS.get((match, setting.name)) or _QUESTIONS.get(("", setting.name))
    question = make(setting.value) if make and setting.known else None
    if question is not None:
        return question
    if setting.known and setting.value is None:
        return Certain(True)  # a value that excludes nothing, there only because it is negated
    return Unknowable(f"{match} {setting.name} {setting.text}", True)


_Maker = Callable[[object], Question | None]


def _ranges(field: RangeField) -> _Maker:
    return lambda value: Within.of(field, value.ranges) if isinstance(value, Ranges) else None


def _single(field: RangeField) -> _Maker:
    return lambda value: _network(field, value) if isinstance(value, Network) else None


def _states(value: object) -> Question | None:
    return InState(value) if isinstance(value, frozenset) else None


def _types(field: Literal["source", "destination"]) -> _Maker:
    return lambda value: OfType(field, value) if isinstance(value, frozenset) else None


def _marked(of_connection: bool) -> _Maker:
    return lambda value: (
        Marked(value.value, value.mask, of_connection) if isinstance(value, Bits) else None
    )


def _either(value: object) -> Question | None:
    if not isinstance(value, Ranges):
        return None
    origin = Within.of("source_port", value.ranges)
    return EitherPort(value.ranges, Within.of("port", value.ranges), origin)


_QUESTIONS: dict[tuple[str, str], _Maker] = {
    ("", "--sport"): _ranges("source_port"),
    ("", "--dport"): _ranges("port"),
    ("", "--sports"): _ranges("source_port"),
    ("", "--dports"): _ranges("port"),
    ("", "--ports"): _either,
    ("", "--tcp-flags"): lambda value: HasFlags(value) if isinstance(value, Bits) else None,
    ("", "--icmp-type"): lambda value: Certain(True) if value == "any" else None,
    ("mark", "--mark"): _marked(False),
    ("connmark", "--mark"): _marked(True),
    ("", "--state"): _states,
    ("", "--ctstate"): _states,
    ("", "--ctproto"): lambda value: Carries(value) if isinstance(value, int) else None,
    ("", "--ctorigsrc"): _single("source"),
    ("", "--ctorigdst"): _single("first_destination"),
    ("", "--ctorigsrcport"): _ranges("source_port"),
    ("", "--ctorigdstport"): _ranges("first_port"),
    ("", "--ctdir"): lambda value: Certain(value == frozenset({"ORIGINAL"})),
    ("", "--src-type"): _types("source"),
    ("", "--dst-type"): _types("destination"),
    ("", "--src-range"): _ranges("source"),
    ("", "--dst-range"): _ranges("destination"),
}
