"""Questions about a packet's connection, and about its role in it."""

from attrs import frozen

from lvscf.firewall.language import vocabulary
from lvscf.firewall.model import Bits
from lvscf.firewall.tracing.branches import Branch, Journey
from lvscf.firewall.tracing.questions import Certain, Question, recalled
from lvscf.shared.records import compared


@compared
@frozen(eq=False, repr=False)
class InState(Question):
    """Whether the packet's connection is in one of some states."""

    states: frozenset[str]

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        if not branch.tracked:
            return "UNTRACKED" in self.states
        if not journey.tracking:
            return "INVALID" in self.states
        state = "ESTABLISHED" if journey.established else "NEW"
        if ("RELATED" if journey.state == "RELATED" else state) in self.states:
            return True
        if journey.unseen and self.states & {"SNAT", "DNAT"}:
            return recalled(branch, self.fact(branch))
        if "SNAT" in self.states and branch.source_translated is not None:
            return True
        if "DNAT" not in self.states or branch.translated is None:
            return False
        # DNAT to the present destination changes nothing, and does not count.
        before = (branch.first_destination, branch.first_port)
        after = (branch.destination, branch.port)
        if any(a[1] < b[0] or b[1] < a[0] for a, b in zip(before, after, strict=True)):
            return True
        if before == after and all(low == high for low, high in after):
            return False
        return recalled(branch, self.fact(branch))


@compared
@frozen(eq=False, repr=False)
class InStatus(Question):
    """Whether the packet's connection has any of several statuses (`--ctstatus`).

    It is confirmed only after its first packet has passed all chains.  NONE is not a bit, so it
    never matches.
    """

    states: frozenset[str]
    by_rule = True

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        if journey.state == "RELATED":
            return recalled(branch, self.fact(branch))
        if not journey.established:
            return False
        if self.states & {"CONFIRMED", "SEEN_REPLY"}:
            return True
        return recalled(branch, self.fact(branch)) if "ASSURED" in self.states else False


@compared
@frozen(eq=False, repr=False)
class InDirection(Question):
    """Whether the packet has the direction of the first one of its connection (`--ctdir`)."""

    directions: frozenset[str]

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        return ("REPLY" if journey.reply else "ORIGINAL") in self.directions


@compared
@frozen(eq=False, repr=False)
class InOriginal(Question):
    """A question about the addresses of the packet's connection, such as `--ctorigsrc`.

    The packet shows them, and so does a reply, the other way round.
    """

    of_packet: Question
    """Asks the first packet, or a later one of the same direction."""
    of_reply: Question
    """Asks a reply."""

    def asked_in(self, journey: Journey) -> Question:
        """See `Question`."""
        return self.of_reply if journey.reply else self.of_packet

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        return self.asked_in(journey).answer(branch, journey)


@compared
@frozen(eq=False, repr=False)
class OfIpvs(Question):
    """Whether the packet belongs to a connection of IPVS (`-m ipvs`), without its negation.

    IPVS takes packets after all chains of their way in: none belongs to it there, nor in FORWARD,
    so whatever else the match tests is false.  Only `! --ipvs` is true.
    """

    text: str
    before: bool
    """The answer until IPVS has the packet."""
    by_rule = True

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        if journey.hook in ("ingress", "prerouting", "input", "forward"):
            return self.before
        return recalled(branch, self.fact(branch))


@compared
@frozen(eq=False, repr=False)
class OfIcmpType(Question):
    """Whether an ICMP packet has a type; only pings and their replies are traced."""

    type: int
    code: int | None

    @classmethod
    def of(cls, text: str) -> Question | None:
        """Read `8`, `3/4` or `any`."""
        kind, _, code = text.partition("/")
        if kind in ("any", "255"):
            return Certain(True)
        if not kind.isdecimal() or (code and not code.isdecimal()):
            return None
        return cls(int(kind), int(code) if code else None)

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        if journey.state == "RELATED":  # an error, of any kind
            return False if self.type in (0, 8) else recalled(branch, self.fact(branch))
        return self.type == (0 if journey.reply else 8) and not self.code


@compared
@frozen(eq=False, repr=False)
class HasFlags(Question):
    """Whether TCP flags are set; of a later packet they may not be known."""

    flags: Bits

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        if journey.flags is not None:
            return journey.flags & self.flags.mask == self.flags.value
        if self.flags.value & vocabulary.SYN_BITS:
            return False  # a later packet has no SYN
        return recalled(branch, self.fact(branch))
