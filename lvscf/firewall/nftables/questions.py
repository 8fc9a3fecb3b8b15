"""Questions that only nftables asks: any of several values, keys of several parts, numbers."""

from attrs import frozen

from lvscf.firewall.language import vocabulary
from lvscf.firewall.tracing.address_questions import Outgoing
from lvscf.firewall.tracing.branches import Branch, Fact, Journey
from lvscf.firewall.tracing.questions import Question, recalled, remembered
from lvscf.shared import ipv4
from lvscf.shared.records import compared

Known = tuple[int, int]
"""A number, and the bits of it that are not known."""
Steps = tuple[tuple[str, int], ...]

_PORTED = (6, 17, 33, 132, 136)
_DO_NOT_FRAGMENT = 0x4000
_PINGS = {(0, 0), (8, 8)}
"""The types of ICMP packets that are no errors: echo replies and requests."""


@frozen(eq=False, repr=False)
class _OfParts(Question):
    """A question that is made of others."""

    parts: tuple[Question, ...]

    @property
    def by_rule(self) -> bool:  # type: ignore[override]
        """Whether one of the parts is for the running kernel to know."""
        return any(part.by_rule for part in self.parts)

    def fact(self, branch: Branch) -> Fact:
        """See `Question`."""
        return (self, branch.translated is None, branch.mark, branch.connection_mark)


@compared
@frozen(eq=False, repr=False)
class AllOf(_OfParts):
    """Whether all of several questions have the answer yes: a key of several parts."""

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        found: bool | None = True
        for part in self.parts:
            answer = part.answer(branch, journey)
            if answer is False:
                return False
            if answer is None:
                found = None
        return recalled(branch, self.fact(branch)) if found is None else True

    def narrowed(self, branch: Branch, holds: bool) -> Branch:
        """See `Question`."""
        if not holds:
            return remembered(branch, self.fact(branch), False)
        for part in self.parts:
            branch = part.narrowed(branch, True)
        return remembered(branch, self.fact(branch), True)


@compared
@frozen(eq=False, repr=False)
class AnyOf(_OfParts):
    """Whether any of several questions has the answer yes: an element of a set."""

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        found: bool | None = False
        for part in self.parts:
            answer = part.answer(branch, journey)
            if answer:
                return True
            if answer is None:
                found = None
        return recalled(branch, self.fact(branch)) if found is None else False

    def narrowed(self, branch: Branch, holds: bool) -> Branch:
        """See `Question`."""
        return remembered(branch, self.fact(branch), holds)


@compared
@frozen(eq=False, repr=False)
class Connected(Question):
    """Whether the packet has a connection: before connection tracking, and after `notrack`, not."""

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        return journey.tracking and branch.tracked


@compared
@frozen(eq=False, repr=False)
class Ported(Question):
    """Whether the two numbers that begin the transport header are ports."""

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        return True if journey.protocol in _PORTED else recalled(branch, self.fact(branch))


@compared
@frozen(eq=False, repr=False)
class Leaving(Question):
    """Whether the packet leaves on an interface; on its way in, its name is empty."""

    pattern: str

    def asked_in(self, journey: Journey) -> Question:
        """See `Question`."""
        return Outgoing(self.pattern) if journey.leaving and self.pattern else self

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        if journey.leaving and self.pattern:
            return self.asked_in(journey).answer(branch, journey)
        return not journey.leaving and self.pattern in ("", "+")


@compared
@frozen(eq=False, repr=False)
class Numeric(Question):
    """Whether a number of the packet or its connection, after some steps, is in a range."""

    field: str
    steps: Steps
    ranges: tuple[tuple[int, int], ...]
    by_rule = True

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        known = number_in(self.field, branch, journey)
        if known is None:
            if self.field == "icmp type" and not self.steps and set(self.ranges) <= _PINGS:
                return False
            return recalled(branch, self.fact(branch))
        for operator, operand in self.steps:
            known = combined(operator, known, (operand, 0))
        value, doubt = known
        if not doubt:
            return any(low <= value <= high for low, high in self.ranges)
        if all(low == high and (low ^ value) & ~doubt for low, high in self.ranges):
            return False
        if any(low <= value & ~doubt and value | doubt <= high for low, high in self.ranges):
            return True
        return recalled(branch, self.fact(branch))

    def fact(self, branch: Branch) -> Fact:
        """See `Question`."""
        if self.field == "meta mark":
            return (self, branch.mark, branch.doubt)
        if self.field == "ct mark":
            return (self, branch.connection_mark, branch.connection_doubt)
        return (self,)


def number_in(field: str, branch: Branch, journey: Journey) -> Known | None:
    """A number of the packet or its connection; None if nothing is known of it."""
    match field:
        case "meta mark":
            return branch.mark, branch.doubt
        case "ct mark":
            return branch.connection_mark, branch.connection_doubt
        case "meta l4proto" | "ip protocol" | "ct protocol":
            return journey.protocol, 0
        case "meta protocol" | "ether type":
            return 0x0800, 0
        case "meta nfproto" | "ct l3proto":
            return 2, 0
        case "ip version":
            return 4, 0
        case "ip frag-off":
            # Connection tracking has put fragments together.
            return 0, _DO_NOT_FRAGMENT
        case "icmp type" | "icmp code" if journey.state == "RELATED":
            return None  # an error, of any kind
        case "icmp type":
            return (0 if journey.reply else 8), 0
        case "icmp code":
            return 0, 0
        case "tcp flags":
            later = 0, 0xFF & ~vocabulary.SYN_BITS
            return later if journey.flags is None else (journey.flags, 0)
    return None


def combined(operator: str, left: Known, right: Known) -> Known:
    """Two numbers joined bit by bit, with the bits that are then not known."""
    (value, doubt), (other, others) = left, right
    match operator:
        case "&":
            sure_zero = (~value & ~doubt) | (~other & ~others)
            return value & other, (doubt | others) & ~sure_zero & ipv4.ALL_ONES
        case "|":
            sure_one = (value & ~doubt) | (other & ~others)
            return (value | other) & ipv4.ALL_ONES, (doubt | others) & ~sure_one & ipv4.ALL_ONES
        case "^":
            return (value ^ other) & ipv4.ALL_ONES, (doubt | others) & ipv4.ALL_ONES
    if others or other > 31:
        return 0, ipv4.ALL_ONES
    if operator == "<<":
        return value << other & ipv4.ALL_ONES, doubt << other & ipv4.ALL_ONES
    return value >> other, doubt >> other
