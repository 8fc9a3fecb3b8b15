"""Effects: what the statements of nftables rules do to a packet."""

from attrs import frozen

from lvscf.firewall.model import Rule, Setting
from lvscf.firewall.nftables.expressions import (
    Chosen,
    Expression,
    Field,
    Operation,
    Value,
)
from lvscf.firewall.nftables.questions import Known, combined, number_in
from lvscf.firewall.nftables.values import bits_of
from lvscf.firewall.tracing.actions import MOST_MARKS, supposed_of
from lvscf.firewall.tracing.branches import ANY_PORT, Branch, Journey, Range
from lvscf.firewall.tracing.lookup import Effect
from lvscf.firewall.tracing.translation import masqueraded, new_port, redirected, sent_to
from lvscf.shared import ipv4
from lvscf.shared.records import compared, evolved

_UNKNOWN: Known = (0, ipv4.ALL_ONES)


@compared
@frozen(eq=False, repr=False)
class SetMark(Effect):
    """Give the packet, or its connection, a mark."""

    value: Expression
    of_connection: bool = False

    def apply(self, rule: Rule, branch: Branch, journey: Journey) -> list[Branch]:
        """See `Effect`."""
        if self.of_connection and not (journey.tracking and branch.tracked):
            return [branch]
        chosen = _chosen_in(self.value)
        if chosen is None:
            return [self._with(branch, evaluated(self.value, branch, journey))]
        if not 0 < chosen.count <= MOST_MARKS:
            return [self._with(branch, _UNKNOWN)]
        branches = []
        for number in range(chosen.offset, chosen.offset + chosen.count):
            known = evaluated(self.value, branch, journey, number)
            supposed = supposed_of(branch, rule, True, Setting(chosen.text, text=f"is {number}"))
            branches.append(self._with(supposed, known))
        return branches

    def _with(self, branch: Branch, known: Known) -> Branch:
        value, doubt = known
        if self.of_connection:
            return evolved(branch, connection_mark=value & ~doubt, connection_doubt=doubt)
        return evolved(branch, mark=value & ~doubt, doubt=doubt)

    def changes_nothing(self, branch: Branch, journey: Journey) -> bool:
        """See `Effect`."""
        if _chosen_in(self.value) is not None:
            return False
        before = (branch.mark, branch.doubt)
        if self.of_connection:
            before = (branch.connection_mark, branch.connection_doubt)
        return not before[1] and evaluated(self.value, branch, journey) == before


def _chosen_in(value: Expression) -> Chosen | None:
    while isinstance(value, Operation):
        if isinstance(value.right, Chosen):
            return value.right
        value = value.left
    return value if isinstance(value, Chosen) else None


def evaluated(
    value: Expression, branch: Branch, journey: Journey, chosen: int | None = None
) -> Known:
    """The number that an expression gives, as far as it is known."""
    if isinstance(value, Field):
        return number_in(value.name, branch, journey) or _UNKNOWN
    if isinstance(value, Chosen):
        return _UNKNOWN if chosen is None else (chosen, 0)
    if isinstance(value, Operation):
        left = evaluated(value.left, branch, journey, chosen)
        right = evaluated(value.right, branch, journey, chosen)
        return combined(value.operator, left, right)
    bits = bits_of("meta mark", value)
    return _UNKNOWN if bits is None else (bits, 0)


@compared
@frozen(eq=False, repr=False)
class Untrack(Effect):
    """Keep the packet out of connection tracking; later, it is without effect."""

    perhaps: bool = False
    """Whether the file does not show if the rule does it: an xt target CT."""

    def apply(self, rule: Rule, branch: Branch, journey: Journey) -> list[Branch]:
        """See `Effect`."""
        if journey.tracking or not branch.tracked:
            return [branch]
        untracked = evolved(branch, tracked=False)
        if not self.perhaps:
            return [untracked]
        return [supposed_of(branch, rule, False), supposed_of(untracked, rule, True)]


@compared
@frozen(eq=False, repr=False)
class SendTo(Effect):
    """Destination NAT."""

    addresses: Range | None
    """None keeps the packet's own."""
    ports: Range | None
    redirects: bool = False
    """To the address of the interface on which the packet came in."""
    fresh: bool = False
    """Whether a port is chosen even if the packet's own would do (`random`)."""

    def apply(self, rule: Rule, branch: Branch, journey: Journey) -> list[Branch]:
        """See `Effect`."""
        addresses = branch.destination if self.addresses is None else self.addresses
        if self.redirects:
            addresses = redirected(journey)
        port = branch.port
        if self.ports is not None:
            port = new_port(port, self.ports, kept=not self.fresh)
        return [sent_to(branch, rule, addresses, port)]


@compared
@frozen(eq=False, repr=False)
class SendFrom(Effect):
    """Source NAT."""

    addresses: Range | None
    """None keeps the packet's own."""
    ports: Range | None
    masquerades: bool = False
    """Whether it gives packets the address of the interface by which they leave."""
    fresh: bool = False
    """Whether a port is chosen even if the packet's own would do (`random`)."""

    def apply(self, rule: Rule, branch: Branch, journey: Journey) -> list[Branch]:
        """See `Effect`."""
        if journey.hook == "input":
            return [branch]  # IPVS takes its packets before
        source = branch.source if self.addresses is None else self.addresses
        if self.masquerades:
            source = masqueraded(branch, journey)
        port = ANY_PORT if self.fresh else branch.source_port
        if self.ports is not None:
            port = new_port(port, self.ports, kept=not self.fresh)
        return [evolved(branch, new_source=(source, port), source_translated=rule)]


@compared
@frozen(eq=False, repr=False)
class Rewrite(Effect):
    """A change of a field that lvscf does not follow: it forgets what it has supposed of it."""

    field: str

    def apply(self, rule: Rule, branch: Branch, journey: Journey) -> list[Branch]:
        """See `Effect`."""
        if self.field in ("ip daddr", "ip saddr") or self.field.endswith((" dport", " sport")):
            return [supposed_of(evolved(branch, complete=False), rule, True)]
        held, failed = (
            frozenset(fact for fact in facts if not self._is_about(fact))
            for facts in (branch.held, branch.failed)
        )
        return [evolved(branch, held=held, failed=failed)]

    def _is_about(self, fact: tuple[object, ...]) -> bool:
        return len(fact) > 1 and fact[1] == self.field

    def changes_nothing(self, branch: Branch, journey: Journey) -> bool:
        """See `Effect`."""
        return not branch.held and not branch.failed and not self.field.endswith("addr")


def port_range(value: Expression | None) -> Range | None:
    """The ports that a constant names; all of them if it is not a constant."""
    from lvscf.firewall.nftables.values import range_of

    if value is None:
        return None
    found = range_of("tcp dport", value)
    return found if found is not None else (0, 65535)


def address_range(value: Expression | None) -> Range | None:
    """The addresses that a constant names; all of them if it is not a constant."""
    from lvscf.firewall.nftables.values import range_of

    if value is None:
        return None
    if isinstance(value, Value) and ":" in value.text:
        return None
    found = range_of("ip daddr", value)
    return found if found is not None else (0, ipv4.ALL_ONES)
