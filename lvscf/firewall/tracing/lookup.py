"""Lookup: chains prepared for tracing, so that only rules that a packet may match are visited.

Rules that name a single destination, port or source are found by it; all others are always visited.
What a rule can be found by depends on which of the packet's fields are known, so there is one index
for each set of known fields, made when first needed.
"""

from abc import ABC, abstractmethod

from attrs import field, frozen

from lvscf.firewall.language.options import IPTABLES
from lvscf.firewall.model import Bits, Chain, Match, Rule, Setting, Table
from lvscf.firewall.tracing.address_questions import Within
from lvscf.firewall.tracing.branches import Branch, Journey
from lvscf.firewall.tracing.conditions import Test, tests_of
from lvscf.firewall.tracing.questions import Certain
from lvscf.shared.records import compared, evolved, record

Known = tuple[int | None, int | None, int | None]
"""Destination, port and source of a packet; None where unknown."""
_Key = tuple[int | None, int | None, int | None]
_Kind = tuple[int | None, bool, int | None]
"""What a rule is found by: ignored bits of the destination, the port, those of the source."""

_MOST_PORTS = 16
"""The most ports under which a rule is indexed: enough for multiport, not for large ranges."""


@compared
@frozen(eq=False, repr=False)
class Prefix:
    """Addresses that start with the same bits."""

    value: int
    """The address shifted right."""
    shift: int
    """How many bits may differ."""


class Effect(ABC):
    """What a rule of nftables does to a packet, beyond what iptables has targets for."""

    @abstractmethod
    def apply(self, rule: Rule, branch: Branch, journey: Journey) -> list[Branch]:
        """The packet afterwards; several branches if only the running kernel knows which."""

    def changes_nothing(self, branch: Branch, journey: Journey) -> bool:
        """Whether the packet is the same afterwards."""
        return False


@record
class Prepared:
    """A rule with its tests, prepared for tracing."""

    rule: Rule
    tests: tuple[Test, ...]
    action: str
    """What its target does; one of the words that `actions` knows."""
    change: tuple[Bits, ...] = ()
    destination: Prefix | None = None
    """The only destinations it can match; None if they are not a single network."""
    ports: tuple[int, ...] = ()
    """The only destination ports it can match; empty for many."""
    source: Prefix | None = None
    """The only sources it can match; None if they are not a single network."""
    chain: str = ""
    """The chain that it jumps to."""
    goto: bool = False
    """Whether the chain that it jumps to returns to the caller of this one."""
    effect: Effect | None = None
    body: "Lookup | None" = None
    """What follows within the rule: further rules, a map's elements, an anonymous chain."""
    leaves: bool = False
    """Whether no other rule of its row is met after it, as of the elements of a map."""
    verdict: str = ""
    """The name of its verdict, if it has no target of this name."""


@record(frozen=False)
class Lookup:
    """The rules of a chain, found by what is known of a packet."""

    rules: tuple[Prepared, ...]
    _indexes: dict[tuple[bool, ...], "_Index"] = field(factory=dict)

    def candidates(self, known: Known) -> list[Prepared]:
        """The rules that such a packet may match, in order."""
        which = tuple(value is not None for value in known)
        index = self._indexes.get(which)
        if index is None:
            index = self._indexes[which] = _index(self.rules, which)
        return index.candidates(known)


@record(frozen=False)
class _Index:
    rules: tuple[Prepared, ...]
    always: list[int]
    """Positions of the rules that nothing known can exclude."""
    buckets: dict[_Kind, dict[_Key, list[int]]]
    """Positions of the others, by what they name and its value."""

    def candidates(self, known: Known) -> list[Prepared]:
        destination, port, source = known
        positions = self.always
        for (shift, by_port, source_shift), bucket in self.buckets.items():
            found = bucket.get(
                (
                    None if shift is None or destination is None else destination >> shift,
                    port if by_port else None,
                    None if source_shift is None or source is None else source >> source_shift,
                )
            )
            if found:
                positions = positions + found
        if positions is not self.always:
            positions = sorted(positions)
        rules = self.rules
        return [rules[position] for position in positions]


def _index(rules: tuple[Prepared, ...], known: tuple[bool, ...]) -> _Index:
    by_destination, by_port, by_source = known
    if not by_source:
        rules = _joined(rules)
    index = _Index(rules, [], {})
    for position, prepared in enumerate(rules):
        destination = prepared.destination if by_destination else None
        ports = prepared.ports if by_port else ()
        source = prepared.source if by_source else None
        if not (destination or ports or source):
            index.always.append(position)
            continue
        kind = (
            destination.shift if destination else None,
            bool(ports),
            source.shift if source else None,
        )
        bucket = index.buckets.setdefault(kind, {})
        start = destination.value if destination else None
        origin = source.value if source else None
        for port in ports or (None,):
            bucket.setdefault((start, port, origin), []).append(position)
    return index


def _joined(rules: tuple[Prepared, ...]) -> tuple[Prepared, ...]:
    """Join neighbouring rules that differ only in their source.

    For a packet from any source, a list of thousands of blocked addresses is then one question.
    """
    joined: list[Prepared] = []
    run: list[Prepared] = []
    shape: tuple[object, ...] | None = None
    for prepared in rules:
        here = _shape(prepared)
        if here is None or here != shape:
            joined.extend(_one_of(run))
            run = []
        run.append(prepared)
        shape = here
    joined.extend(_one_of(run))
    return tuple(joined)


_JOINED = ("accept", "drop", "return", "nothing", "mark", "untrack")


def _shape(prepared: Prepared) -> tuple[object, ...] | None:
    """Everything in a rule except its source, if it names one."""
    if prepared.source is None or prepared.action not in _JOINED:
        return None
    others: tuple[object, ...] = tuple(
        (t.question, t.negated) for t in prepared.tests if not _names_source(t)
    )
    return (prepared.action, prepared.change, prepared.verdict, prepared.rule.target, others)


def _names_source(test: Test) -> bool:
    question = test.question
    return isinstance(question, Within) and question.field == "source" and not test.negated


def _one_of(run: list[Prepared]) -> list[Prepared]:
    if len(run) < 2:
        return run
    first = run[0]
    question = Within.of("source", tuple(r for each in run for r in _source_ranges(each)))
    setting = Setting("-s", text=f"one of {len(run)} sources")
    tests = tuple(
        Test(question, False, setting) if _names_source(test) else test for test in first.tests
    )
    return [evolved(first, tests=tests, source=None)]


def _source_ranges(prepared: Prepared) -> tuple[tuple[int, int], ...]:
    questions = (test.question for test in prepared.tests if _names_source(test))
    return next(q.ranges for q in questions if isinstance(q, Within))


class ForeignTable(Table, ABC):
    """A table of another program than iptables, which prepares its chains itself."""

    @property
    @abstractmethod
    def needs_tracking(self) -> bool:
        """Whether any rule makes the kernel track connections."""

    @property
    @abstractmethod
    def marks_connections(self) -> bool:
        """Whether any rule may give a connection a mark."""

    @abstractmethod
    def prepared(self, chain: str) -> Lookup:
        """Prepare the rules of a chain."""


def prepared_chain(chain: Chain, chains: frozenset[str]) -> Lookup:
    """Prepare the rules of a chain; `chains` are the names that a target may jump to."""
    ready = []
    for rule in chain.rules:
        tests = tests_of(rule)
        action, change = action_of(rule, chains)
        if action == "nothing" and not tests:
            continue
        if any(isinstance(t.question, Certain) and t.question.holds == t.negated for t in tests):
            continue  # it never matches
        target = rule.target
        jump = (target.name, target.goto) if target and action == "jump" else ("", False)
        ready.append(Prepared(rule, tests, action, change, *keys_of(tests), *jump))
    return Lookup(tuple(ready))


def keys_of(tests: tuple[Test, ...]) -> tuple[Prefix | None, tuple[int, ...], Prefix | None]:
    """What a rule can be found by: destination, ports and source."""
    destination = source = None
    ports: tuple[int, ...] = ()
    for test in tests:
        question = test.question
        if test.negated or not isinstance(question, Within):
            continue
        if question.field == "port":
            ports = ports or _few(question.ranges)
        elif question.field == "destination":
            destination = destination or _prefix(question.ranges)
        elif question.field == "source":
            source = source or _prefix(question.ranges)
    return destination, ports, source


def _few(ranges: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
    if sum(high - low + 1 for low, high in ranges) > _MOST_PORTS:
        return ()
    return tuple(port for low, high in ranges for port in range(low, high + 1))


def _prefix(ranges: tuple[tuple[int, int], ...]) -> Prefix | None:
    """The bits with which all addresses of a network start."""
    if len(ranges) != 1:
        return None
    low, high = ranges[0]
    shift = (low ^ high).bit_length()
    return Prefix(low >> shift, shift) if low | ((1 << shift) - 1) == high else None


_PLAIN = {
    "ACCEPT": "accept",
    "DROP": "drop",
    "REJECT": "drop",
    "STEAL": "drop",
    "TARPIT": "drop",
    "RETURN": "return",
    "REDIRECT": "redirect",
    "DNAT": "dnat",
    "NETMAP": "netmap",
    "SNAT": "snat",
    "MASQUERADE": "masquerade",
    "NOTRACK": "untrack",
    "QUEUE": "pass or not",
    "NFQUEUE": "pass or not",
    "TPROXY": "pass or not",
    "HMARK": "some mark",
    **dict.fromkeys(("SET", "TTL", "TOS", "DSCP", "ECN", "TCPMSS", "TCPOPTSTRIP"), "rewrite"),
}


def action_of(rule: Rule, chains: frozenset[str]) -> tuple[str, tuple[Bits, ...]]:
    """What the target of a rule does to a packet."""
    target = rule.target
    if target is None:
        return "nothing", ()
    if target.name in chains:
        return "jump", ()
    if target.name in ("MARK", "CONNMARK"):
        return _marking(Match(target.name, target.settings))
    if target.name == "CT" and any(setting.name == "--notrack" for setting in target.settings):
        return "untrack", ()
    if target.setting("--map-mark") is not None:
        return "mark of set", ()
    if target.name in _PLAIN:
        return _PLAIN[target.name], ()
    extension = IPTABLES.targets.get(target.name)
    if extension is None or not extension.modelled:
        return "unknown", ()
    return "nothing", ()


def _marking(match: Match) -> tuple[str, tuple[Bits, ...]]:
    values = {setting.name: setting.value for setting in match.settings}
    change = values.get("--set-xmark")
    if isinstance(change, Bits):
        return ("mark" if match.name == "MARK" else "mark connection"), (change,)
    if match.name == "MARK":
        return "any mark", ()  # a value that the file does not show
    if "--set-xmark" in values:
        return "any mark of connection", ()
    packet_mask, connection_mask = values.get("--nfmask"), values.get("--ctmask")
    if not (isinstance(packet_mask, int) and isinstance(connection_mask, int)):
        return "any mark of connection", ()
    masks = Bits(packet_mask, connection_mask)
    return ("save mark" if "--save-mark" in values else "restore mark"), (masks,)
