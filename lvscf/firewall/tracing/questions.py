"""Questions that rules ask about packets, with three answers: yes, no, or either.

If the answer is "either", `narrowed` gives what is known of the packet on each branch.  The
semantics are those of the kernel's match modules, checked against a running kernel.
"""

from abc import ABC, abstractmethod

from attrs import frozen

from lvscf.firewall.tracing.branches import MOST_FACTS, Branch, Fact, Journey
from lvscf.shared import ipv4
from lvscf.shared.records import compared, evolved


class Question(ABC):
    """A condition of a rule, without its negation."""

    by_rule = False
    """Whether only the running kernel knows what the packet's fields leave open."""

    @abstractmethod
    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """Yes, no, or None for either."""

    def asked_in(self, journey: Journey) -> "Question":
        """The question that this one comes to on a journey."""
        return self

    def narrowed(self, branch: Branch, holds: bool) -> Branch:
        """The branch on which the answer is `holds`."""
        return remembered(branch, self.fact(branch), holds)

    def fact(self, branch: Branch) -> Fact:
        """What is asked, so that the same question gets the same answer later.

        A question about the destination becomes a different one once NAT has changed it.
        """
        return (self,)


def remembered(branch: Branch, fact: Fact, holds: bool) -> Branch:
    """The branch with one more fact."""
    if holds:
        return (
            evolved(branch, held=branch.held | {fact}) if len(branch.held) < MOST_FACTS else branch
        )
    return (
        evolved(branch, failed=branch.failed | {fact})
        if len(branch.failed) < MOST_FACTS
        else branch
    )


@compared
@frozen(eq=False, repr=False)
class Marked(Question):
    """Whether the mark, or the connection's, has a value under a mask."""

    value: int
    mask: int
    of_connection: bool = False
    by_rule = True

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        mark, doubt = branch.mark, branch.doubt
        if self.of_connection:
            mark, doubt = branch.connection_mark, branch.connection_doubt
        if not doubt & self.mask:
            return mark & self.mask == self.value
        wrong = (mark & self.mask ^ self.value) & ~doubt
        return False if wrong or self.value & ~self.mask else None

    def narrowed(self, branch: Branch, holds: bool) -> Branch:
        """See `Question`."""
        if not holds:
            return branch
        if self.of_connection:
            mark = branch.connection_mark & ~self.mask | self.value
            return evolved(
                branch, connection_mark=mark, connection_doubt=branch.connection_doubt & ~self.mask
            )
        return evolved(
            branch, mark=branch.mark & ~self.mask | self.value, doubt=branch.doubt & ~self.mask
        )


@compared
@frozen(eq=False, repr=False)
class Carries(Question):
    """Whether the packet is of a protocol."""

    protocol: int

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        return journey.protocol == self.protocol


@compared
@frozen(eq=False, repr=False)
class Certain(Question):
    """A question with the same answer for all packets."""

    holds: bool

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        return self.holds


@compared
@frozen(eq=False, repr=False)
class Unknowable(Question):
    """A question that only the running kernel can answer."""

    text: str
    lasting: bool
    subject: str = ""
    """The match's name."""
    by_rule = True

    def fact(self, branch: Branch) -> Fact:
        """See `Question`."""
        later = self.subject not in _SAME_AFTER_NAT and branch.translated is not None
        return (self, self.subject, later)

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        return recalled(branch, self.fact(branch)) if self.lasting else None

    def narrowed(self, branch: Branch, holds: bool) -> Branch:
        """See `Question`."""
        if holds and "--restore-skmark" in self.text:
            branch = evolved(branch, mark=0, doubt=ipv4.ALL_ONES)
        return remembered(branch, self.fact(branch), holds) if self.lasting else branch


_SAME_AFTER_NAT = ("mac", "ttl", "tos", "dscp", "ecn", "length", "physdev", "-s", "-i", "-p")
"""Matches on what NAT does not change."""
_SUBJECT_TO_CHANGE = ("set", "ttl", "tos", "dscp", "ecn", "u32", "bpf", "string", "tcpmss", "tcp")
"""Matches whose answer may change after a rule has changed the packet, or the set."""


def is_changeable(fact: Fact) -> bool:
    """Whether a rule such as `-j SET` or `-j TTL` may have made a fact untrue."""
    return isinstance(fact[0], Unknowable) and fact[1] in _SUBJECT_TO_CHANGE


@compared
@frozen(eq=False, repr=False)
class PerhapsTwo(Question):
    """Whether what a listing shows as one match is really one, for packets without a connection."""

    by_rule = True

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """See `Question`."""
        return True if journey.tracking and branch.tracked else None

    def narrowed(self, branch: Branch, holds: bool) -> Branch:
        """See `Question`."""
        return branch


def recalled(branch: Branch, fact: Fact) -> bool | None:
    """What was assumed about a fact earlier; None if nothing was."""
    if fact in branch.held:
        return True
    return False if fact in branch.failed else None
