"""Differences in meaning between two configurations, whatever their spelling.

Values are compared as Piranha holds them in memory, so order, spacing, comments, explicit defaults
and notations of numbers make no difference.  Blocks are matched by name; of the rest, those that
serve the same address count as renamed.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, Literal, TypeVar

from lvscf.config.health_check import unquoted
from lvscf.config.model import Config, FailoverService, Owner, RealServer, Service, VirtualServer
from lvscf.piranha.directives import BY_SCOPE, Scope
from lvscf.shared.records import record

_Block = TypeVar("_Block", VirtualServer, FailoverService, RealServer)

_COUNTERS = frozenset({"serial_no"})
"""The GUI's counter; nothing depends on it, and the two routers' files seldom agree on it."""


@record
class Difference:
    """One difference between the left and the right."""

    kind: Literal["changed", "renamed", "only left", "only right"]
    block: tuple[str, ...]
    """The block, outermost first: `("virtual web", "server one")`; empty at top level.

    A renamed block has its left name."""
    directive: str | None
    """The changed directive; None if a whole block is renamed, or is on one side only."""
    left: Owner | None
    """The owner of the value on the left, as Piranha holds it; None if there is none."""
    right: Owner | None
    around: "tuple[Config | Service, Config | Service]"
    """What contains it on either side: the service of a server, else the whole configuration."""

    @property
    def values(self) -> tuple[Any, Any]:
        """The values in force on either side, or the names of the blocks."""
        name = self.directive or "name"
        return getattr(self.left, name, None), getattr(self.right, name, None)

    @property
    def written(self) -> tuple[bool, bool]:
        """Whether the value is written on either side, rather than a default."""
        return _is_written(self.left, self.directive), _is_written(self.right, self.directive)


def differences(left: Config, right: Config, *, counters: bool = False) -> tuple[Difference, ...]:
    """Return all differences in meaning: global ones first, then by block in the left's order.

    Args:
        left: one configuration.
        right: the other.
        counters: also report `serial_no`, which no daemon uses.
    """
    return tuple(_differences(left.effective, right.effective, counters))


def spelled(value: Any) -> str:
    """A value as lvs.cf spells it, for messages."""
    if value is None:
        return "nothing"
    if isinstance(value, tuple):
        return " ".join(["[", *value, "]"])
    return str(int(value)) if isinstance(value, bool) else str(value)


def _differences(left: Config, right: Config, counters: bool) -> Iterator[Difference]:
    for name in BY_SCOPE[Scope.GLOBAL]:
        if (counters or name not in _COUNTERS) and _differ(left, right, name):
            yield Difference("changed", (), name, left, right, (left, right))
    around = (left, right)
    yield from _of_services("virtual", left.virtual_servers, right.virtual_servers, around)
    yield from _of_services("failover", left.failover_services, right.failover_services, around)


def _of_services(
    keyword: str,
    left: Sequence[Service],
    right: Sequence[Service],
    around: tuple[Config, Config],
) -> Iterator[Difference]:
    for one, other in _matched(left, right, _identities_of_service):
        block = _place((), keyword, one, other)
        yield from _of_block(block, Scope.SERVICE, one, other, around)
        if one is not None and other is not None:
            for server, its in _matched(one.servers, other.servers, _identities_of_server):
                place = _place(block, "server", server, its)
                yield from _of_block(place, Scope.SERVER, server, its, (one, other))


def _of_block(
    block: tuple[str, ...],
    scope: Scope,
    left: _Block | None,
    right: _Block | None,
    around: tuple[Config | Service, Config | Service],
) -> Iterator[Difference]:
    if left is None or right is None:
        kind: Literal["only left", "only right"] = "only left" if left else "only right"
        yield Difference(kind, block, None, left, right, around)
        return
    if left.name != right.name:
        yield Difference("renamed", block, None, left, right, around)
    for name in BY_SCOPE[scope]:
        if _differ(left, right, name):
            yield Difference("changed", block, name, left, right, around)


def _place(
    outer: tuple[str, ...], keyword: str, left: Any | None, right: Any | None
) -> tuple[str, ...]:
    known = left if left is not None else right
    return (*outer, f"{keyword} {known.name}") if known is not None else outer


# --- which block is which -----------------------------------------------------------------------


def _matched(
    left: Sequence[Any],
    right: Sequence[Any],
    identities: Callable[[Any], tuple[Hashable, ...]],
) -> list[tuple[Any, Any]]:
    """Pairs of blocks; those that exist on the right only come last, each with None."""
    partners: dict[int, Any] = {}
    free_left, free_right = list(left), list(right)
    # Names first, then what the block serves, from the surest match to the vaguest.
    for identity in (_name, *(_nth(identities, n) for n in range(2))):
        waiting = defaultdict(list)
        for block in reversed(free_right):
            waiting[identity(block)].append(block)
        for block in free_left:
            if waiting[identity(block)]:
                partners[id(block)] = waiting[identity(block)].pop()
        taken = {id(block) for block in partners.values()}
        free_left = [block for block in free_left if id(block) not in partners]
        free_right = [block for block in free_right if id(block) not in taken]
    return [
        *((block, partners.get(id(block))) for block in left),
        *((None, block) for block in free_right),
    ]


def _name(block: Any) -> Hashable:
    name: str = block.name
    return name


def _nth(
    identities: Callable[[Any], tuple[Hashable, ...]], number: int
) -> Callable[[Any], Hashable]:
    return lambda block: identities(block)[number]


def _identities_of_service(service: Service) -> tuple[Hashable, ...]:
    vip = service.address.address if service.address else None
    unnamed = id(service) if vip is None else None  # without a VIP, it matches no other
    return (
        (vip, service.protocol, service.port, service.fwmark, unnamed),
        (vip, service.fwmark or service.port, unnamed),
    )


def _identities_of_server(server: RealServer) -> tuple[Hashable, ...]:
    return (server.address, server.port), server.address


# --- what values mean ---------------------------------------------------------------------------


def _differ(left: Owner, right: Owner, name: str) -> bool:
    return bool(_meaning(left, name) != _meaning(right, name))


def _meaning(owner: Owner, name: str) -> Any:
    value = getattr(owner, name)
    if name in ("send", "expect", "send_program", "start_cmd", "stop_cmd") and value is not None:
        return unquoted(value)
    if name == "load_monitor" and value is None:
        return "none"
    return bool(value) if name == "monitor_links" else value


def _is_written(owner: Owner | None, directive: str | None) -> bool:
    if owner is None:
        return False
    return directive is None or owner.origin is None or directive in owner.origin.lines
