"""Heartbeats: the paths that they take between the routers, and the rules on the way."""

from collections.abc import Iterator

from attrs import field

from lvscf.config import places
from lvscf.findings.place import Place
from lvscf.firewall.firewall import Firewall
from lvscf.firewall.packets import Outcome, Packet
from lvscf.linter.case import Case
from lvscf.linter.hosts.inspection import Inspection, inspection_of
from lvscf.linter.hosts.traffic import through_network
from lvscf.piranha.limits import LARGEST_PORT
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared import ipv4
from lvscf.shared.records import record
from lvscf.source import displayable


@record
class Path:
    """The path of heartbeats to or from one router, and that router's firewall."""

    role: str
    """The role of the router with the firewall: `primary` or `backup`."""
    own: str
    partner: str
    firewall: Firewall
    at: Place | None
    """The router's address in lvs.cf."""
    inspection: Inspection = field(repr=False)
    is_shared: bool = False
    """Whether the rules were given for both routers, so that they may be the other one's."""

    def is_opposite(self, other: "Path") -> bool:
        """Whether this is the other direction of the same path, through the same rules."""
        ends = (self.own, self.partner)
        return ends == (other.partner, other.own) and self.firewall is other.firewall

    def incoming(self, packet: Packet, *, answering: bool = False) -> list[Outcome]:
        """What happens to a packet that comes in from another host."""
        found = self.inspection.outcomes(self.firewall, packet, answering=answering)
        return through_network(found)

    def outgoing(self, packet: Packet) -> list[Outcome]:
        """What happens to a packet that this router sends to another host."""
        return through_network(self.inspection.outcomes(self.firewall, packet, way="output"))


def paths(case: Case) -> Iterator[Path]:
    """The paths of heartbeats, between the public addresses and between the private ones."""
    config = case.config
    seen = set()
    for suffix in ("", "_private"):
        for role, own, firewall, is_shared in routers_with_rules(case, suffix):
            partner = getattr(config, ("backup" if role == "primary" else "primary") + suffix)
            if not partner or partner == UNSET_ADDRESS or ipv4.number(partner) is None:
                continue
            if (own, partner, firewall) not in seen:
                seen.add((own, partner, firewall))
                at = places.value_of(config, role + suffix)
                at = at or places.value_of(config, role)
                yield Path(role, own, partner, firewall, at, inspection_of(case), is_shared)


def routers_with_rules(case: Case, suffix: str = "") -> Iterator[tuple[str, str, Firewall, bool]]:
    """Role, address and firewall of each router with rules, and whether both share them.

    The suffix is that of the directives with the addresses: empty, or `_private`.
    """
    config, cluster = case.config, case.cluster
    if cluster is None:
        return
    for role in ("primary", "backup"):
        own = getattr(config, role + suffix)
        names = [
            name for name in (getattr(config, role), getattr(config, f"{role}_private")) if name
        ]
        if not own or own == UNSET_ADDRESS or ipv4.number(own) is None:
            continue
        for file in cluster.files:
            if file.role == "router" and (file.name is None or file.name in names):
                for firewall in file.firewalls:
                    yield role, own, firewall, file.name is None


def heartbeat_port(case: Case) -> int | None:
    """The heartbeat port; None if there are no heartbeats, or if the port is not known."""
    port = case.config.heartbeat_port
    if not case.backup_in_use or port is None or not 0 < port <= LARGEST_PORT:
        return None
    return None if case.is_unreadable(case.config, "heartbeat_port") else port


def without_other_direction(blocked: dict[Path, Outcome], all_paths: list[Path]) -> None:
    """Forget blocked paths through rules of both routers that leave the other direction open.

    These are the other router's rules, which name this router as the partner.
    """
    for path in [path for path in blocked if path.is_shared]:
        if any(path.is_opposite(one) and one not in blocked for one in all_paths):
            del blocked[path]


def decision(outcome: Outcome, firewall: Firewall) -> str:
    """What drops a packet, for a sentence."""
    table, chain = outcome.decided_in
    if outcome.decided_by is None:
        file = displayable(firewall.source.filename)
        return f"no rule accepts them, and the policy of {chain} in table {table} is DROP ({file})"
    return f"a rule in table {table} says {displayable(outcome.verdict)}"
