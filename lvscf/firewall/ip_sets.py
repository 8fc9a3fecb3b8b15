"""Sets of addresses and ports, which rules ask about with `-m set --match-set NAME src,dst`.

Facts: ipset(8), and net/netfilter/ipset in the kernel.
"""

from collections.abc import Mapping

from attrs import frozen

from lvscf.shared.records import record
from lvscf.source import Source

Numbers = tuple[int, int]
"""A range of addresses or ports, ends included."""
Ports = tuple[int, int, int]
"""A protocol's number, and a range of its ports."""


@record
class Entry:
    """One entry of a set: a part for each dimension of the set's type."""

    parts: tuple[Numbers | Ports, ...]
    nomatch: bool = False
    """Whether it excludes what it names, as `nomatch` says."""


@record
class IpSet:
    """A set, as `ipset save` or `ipset list` shows it; IPv4 only."""

    name: str
    type: str
    """As ipset names it today: `hash:ip,port`."""
    entries: tuple[Entry, ...] = ()
    sets: tuple[str, ...] = ()
    """The members of a `list:set`, by name."""
    settled: bool = True
    """False if what it contains is not known, or entries expire, so that its contents change."""
    source: Source = Source("")
    start: int = 0
    end: int = 0

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What an entry consists of: `ip`, `net`, `port`, `set`."""
        return tuple(self.type.partition(":")[2].split(","))


@frozen(eq=False)
class KnownSet:
    """A set that a rule asks about, with the sets that it may refer to.

    It stands in the rule's setting where the file has the set's name.
    """

    name: str
    directions: tuple[str, ...]
    sets: Mapping[str, IpSet]
