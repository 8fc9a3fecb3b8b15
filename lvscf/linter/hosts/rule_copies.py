"""Files of one host that hold the same iptables tables: two versions of its rules."""

from collections.abc import Iterator
from itertools import combinations

from lvscf.findings.place import Place
from lvscf.firewall.firewall import Firewall
from lvscf.firewall.packets import Outcome
from lvscf.hosts.host import Host
from lvscf.shared.records import record

_MOST = 4
"""Files that are compared with each other."""


@record
class RuleCopies:
    """Two files that hold the same tables, each as a firewall of these tables alone."""

    one: Firewall
    other: Firewall

    @property
    def related(self) -> tuple[tuple[Place, str], ...]:
        """Where the two files begin."""
        return (_first_line(self.one), "one version"), (_first_line(self.other), "the other")


def rule_copies(host: Host) -> Iterator[RuleCopies]:
    """The pairs of a host's files that hold the same tables in different words."""
    files = [one for one in host.firewalls if one.tables and not one.is_open]
    for one, other in combinations(files[:_MOST], 2):
        shared = one.tables.keys() & other.tables.keys()
        if shared and one.source.text != other.source.text:
            yield RuleCopies(_limited(one, shared), _limited(other, shared))


def _limited(firewall: Firewall, tables: set[str]) -> Firewall:
    kept = {name: table for name, table in firewall.tables.items() if name in tables}
    return Firewall(firewall.source, "iptables", kept)


def _first_line(firewall: Firewall) -> Place:
    text = firewall.source.text
    newline = text.find("\n")
    return Place(0, newline if newline >= 0 else len(text), firewall.source)


def only_outcome(outcomes: tuple[Outcome, ...]) -> Outcome | None:
    """What certainly happens to a packet; None if that depends on something."""
    return outcomes[0] if len(outcomes) == 1 and not outcomes[0].uncertain else None
