"""A command: what one line asks iptables or arptables to do."""

from attrs import frozen

from lvscf.firewall.model import Match, Setting, Target
from lvscf.shared.records import compared

UNSET = "\0"
"""Comes before a shell variable in a word, if the file does not show its value."""


@compared
@frozen(eq=False, repr=False)
class Body:
    """The contents of a rule, without its place."""

    general: tuple[Setting, ...] = ()
    matches: tuple[Match, ...] = ()
    target: Target | None = None
    counters: tuple[int, int] | None = None


@compared
@frozen(eq=False, repr=False)
class Remark:
    """Something in a line that lvscf cannot decide: the word, and a sentence about it."""

    word: int
    text: str


@compared
@frozen(eq=False, repr=False)
class Command:
    """One line as a command to iptables."""

    operation: str
    """The letter: A append, I insert, D delete, R replace, F flush, P policy, N new, X, E, ..."""
    table: str | None = None
    chain: str | None = None
    argument: str | None = None
    """-P's policy, -E's new name."""
    number: int | None = None
    """The rule number of -I, -D, -R."""
    bodies: tuple[Body, ...] = ()
    """One, or several for a list of addresses."""
    remarks: tuple[Remark, ...] = ()
    chain_word: int = 0
    target_word: int = 0
