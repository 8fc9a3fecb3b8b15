"""Questions about sets whose contents are known.

The semantics are those of the kernel's ipset modules.  Sets with addresses only are questions about
the address; all others compare a packet with their entries.
"""

from attrs import frozen

from lvscf.firewall.ip_sets import Entry, IpSet, KnownSet, Numbers
from lvscf.firewall.model import Match
from lvscf.firewall.tracing.address_questions import RangeField, Within
from lvscf.firewall.tracing.branches import Branch, Fact, Journey, Range
from lvscf.firewall.tracing.questions import Certain, Question, recalled
from lvscf.shared.records import record

_WITH_PORTS = (6, 17, 132, 136)
"""TCP, UDP, SCTP and UDP-Lite."""
_HARMLESS = ("--update-counters", "--update-subcounters")
_FIELDS: dict[tuple[bool, str], RangeField] = {
    (False, "src"): "source",
    (False, "dst"): "destination",
    (True, "src"): "source_port",
    (True, "dst"): "port",
}
"""The packet's field, by whether it is a port, and the direction."""
_DEEPEST = 4


def set_question(match: Match) -> Question | None:
    """What a match on a set asks; None if only the running kernel knows the answer."""
    settings = match.settings
    if not settings or any(one.name not in _HARMLESS for one in settings[1:]):
        return None
    known = settings[0].value
    return _of_set(known, known.name, 0) if isinstance(known, KnownSet) else None


def _of_set(known: KnownSet, name: str, depth: int) -> Question | None:
    asked = known.sets.get(name)
    if asked is None or not asked.settled or depth > _DEEPEST:
        return None
    if asked.type == "list:set":
        questions = [_of_set(known, member, depth + 1) for member in asked.sets]
        found = tuple(one for one in questions if one is not None)
        return AnyOf(found) if len(found) == len(questions) else None
    kinds = asked.dimensions
    if len(known.directions) < len(kinds):
        return Certain(False)  # the kernel compares too few fields
    if not asked.entries:
        return Certain(False)
    fields = tuple(
        _FIELDS[kind == "port", direction]
        for kind, direction in zip(kinds, known.directions, strict=False)
    )
    if len(kinds) == 1 and kinds[0] != "port":
        ranges = _ranges(asked.entries)
        return Within.of(fields[0], ranges) if ranges else Certain(False)
    if any(entry.nomatch for entry in asked.entries):
        return None  # the most specific entry decides, which differs by dimension
    if asked.type == "bitmap:port":
        return PortIn(Within.of(fields[0], tuple(_numbers(one.parts[0]) for one in asked.entries)))
    return InSet(asked, fields, _by_port(asked))


def _ranges(entries: tuple[Entry, ...]) -> tuple[Range, ...]:
    """The addresses of a set: of networks in one another, the smallest one decides."""
    every = [(_numbers(entry.parts[0]), entry.nomatch) for entry in entries]
    if not any(nomatch for _, nomatch in every):
        return tuple(numbers for numbers, _ in every)
    found: list[Range] = []
    open_: list[tuple[Range, bool]] = []
    position = 0

    def close(until: int) -> None:
        """Decide all addresses before `until`."""
        nonlocal position
        while open_ and position < until:
            (_, high), nomatch = open_[-1]
            end = min(high, until - 1)
            if end >= position and not nomatch:
                found.append((position, end))
            position = max(position, end + 1)
            if high < until:
                open_.pop()
        position = max(position, until)

    for numbers, nomatch in sorted(every, key=lambda one: (one[0][0], -one[0][1])):
        close(numbers[0])
        open_.append((numbers, nomatch))
    close(1 << 32)
    return tuple(found)


def _numbers(part: tuple[int, ...]) -> Numbers:
    return part[-2], part[-1]


_ByPort = dict[tuple[int, int], tuple[Entry, ...]]


def _by_port(asked: IpSet) -> tuple[_ByPort, tuple[Entry, ...]]:
    """The entries with a single port, by protocol and port, and all others."""
    if "port" not in asked.dimensions:
        return {}, asked.entries
    at = asked.dimensions.index("port")
    found: dict[tuple[int, int], list[Entry]] = {}
    others = []
    for entry in asked.entries:
        protocol, low, high = (*entry.parts[at], 0)[:3]
        if low == high:
            found.setdefault((protocol, low), []).append(entry)
        else:
            others.append(entry)
    return {key: tuple(several) for key, several in found.items()}, tuple(others)


@frozen(eq=False)
class PortIn(Question):
    """Whether the packet has a port, and it is one of several, of whatever protocol."""

    ports: Within

    @property
    def by_rule(self) -> bool:  # type: ignore[override]
        """See `Within`."""
        return self.ports.by_rule

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        return self.ports.answer(branch, journey) if journey.protocol in _WITH_PORTS else False

    def narrowed(self, branch: Branch, holds: bool) -> Branch:
        """See `Question`."""
        return self.ports.narrowed(branch, holds)


@frozen(eq=False)
class InSet(Question):
    """Whether the packet's addresses and port are an entry of a set."""

    asked: IpSet
    fields: tuple[RangeField, ...]
    entries: tuple[_ByPort, tuple[Entry, ...]]

    @property
    def by_rule(self) -> bool:  # type: ignore[override]
        """See `Within`."""
        return "source_port" in self.fields

    def fact(self, branch: Branch) -> Fact:
        """See `Question`."""
        return ("set", self.asked, self.fields, branch.translated is not None)

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        possible = False
        for entry in self._candidates(branch, journey):
            meets = self._meets(entry, branch, journey)
            if meets:
                return True
            possible = possible or meets is None
        return recalled(branch, self.fact(branch)) if possible else False

    def _candidates(self, branch: Branch, journey: Journey) -> tuple[Entry, ...]:
        by_port, others = self.entries
        if not by_port:
            return others
        low, high = getattr(branch, self.fields[self.asked.dimensions.index("port")])
        if low == high and journey.protocol in _WITH_PORTS:
            return (*by_port.get((journey.protocol, low), ()), *others)
        return self.asked.entries

    def _meets(self, entry: Entry, branch: Branch, journey: Journey) -> bool | None:
        """Whether the packet is what an entry names; None if it may be."""
        whole = True
        for part, field in zip(entry.parts, self.fields, strict=True):
            if len(part) == 3:
                if part[0] != journey.protocol:
                    return False
                if journey.protocol not in _WITH_PORTS:
                    whole = False  # a type of ICMP, for example
                    continue
            low, high = getattr(branch, field)
            first, last = _numbers(part)
            if high < first or last < low:
                return False
            whole = whole and first <= low and high <= last
        return True if whole else None


@record
class AnyOf(Question):
    """Whether any of several questions is answered with yes: those of a `list:set`."""

    questions: tuple[Question, ...]

    @property
    def by_rule(self) -> bool:  # type: ignore[override]
        """See `Within`."""
        return any(one.by_rule for one in self.questions)

    def fact(self, branch: Branch) -> Fact:
        """See `Question`."""
        return ("sets", *(one.fact(branch) for one in self.questions))

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        answers = {one.answer(branch, journey) for one in self.questions}
        if True in answers:
            return True
        return recalled(branch, self.fact(branch)) if None in answers else False
