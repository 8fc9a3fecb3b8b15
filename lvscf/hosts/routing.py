"""The way that a host's packets take, by its routes, and which packets its `rp_filter` lets in.

Facts: the kernel's fib_rules.c and fib_frontend.c, and ip-sysctl.txt.  The table `local`, which
holds the host's own addresses, comes first, then `main`, then `default`; the longest prefix counts,
then the smallest metric.
"""

from collections.abc import Callable, Iterable
from typing import Literal

from attrs import field, frozen

from lvscf.hosts.facts import Address, Route
from lvscf.hosts.host import Host
from lvscf.shared import ipv4
from lvscf.shared.records import compared

_TABLES = ("main", "default")
_OWN_TABLES = frozenset({"main", "default", "local", "253", "254", "255"})
_DELIVERING = frozenset({"unicast", "local"})
_WITHOUT_LOOSE_MODE = 5
"""The last major release whose kernel (2.6.18) needs rp_filter in both `all` and the device."""


@compared
@frozen(eq=False, repr=False)
class RoutePath:
    """The way that a host's packets to an address take."""

    routes: tuple[Route, ...] = ()
    """The route; several if the kernel spreads packets over them, or the files leave it open which
    one counts; none if the kernel has no route, or if the way is unknown."""
    certain: bool = False
    """Whether the files show all routes of the running host.  Otherwise, it could have another one
    that is more specific."""
    unknown: str = field(default="", eq=False)
    """Why the way is unknown, and what would show it: part of a sentence.  Empty if it is known."""

    @property
    def is_local(self) -> bool:
        """Whether the address is the host's own."""
        return bool(self.routes) and all(route.kind == "local" for route in self.routes)

    @property
    def exists(self) -> bool | None:
        """Whether there is a route that sends packets; None if it is unknown."""
        if self.unknown:
            return None
        return _agreed(self.routes, lambda route: route.kind in _DELIVERING) or False


def way_to(host: Host, address: str) -> RoutePath:
    """The way of a host's packets to an address.

    Where no routes of the running host are given, its addresses and its files for booting show the
    networks that it is in, and its gateway; see `RoutePath.certain`.  An address that no file shows
    counts as another host's.
    """
    number = ipv4.number(address)
    if number is None:
        return RoutePath(unknown=f"the address of {address} is not given")
    own = tuple(_own(one) for one in host.present_addresses if one.address == address)
    if own:
        return RoutePath(own, certain=any(route.origin == "running" for route in own))
    if number >> 24 == 127:
        return RoutePath(
            (Route((number, ipv4.ALL_ONES), device="lo", kind="local", table="local"),), True
        )
    certain = "routes" in host.complete
    routes = _known_routes(host, certain)
    matching = [route for route in routes if ipv4.contains(route.destination, number)]
    other = next((route for route in matching if route.table not in _OWN_TABLES), None)
    if other is not None:
        return RoutePath(
            unknown=f"`ip rule` decides which packets use the routing table {other.table}"
        )
    for table in ("local", *_TABLES):
        best = _best([route for route in matching if route.table == table])
        if best:
            return RoutePath(best, certain)
    if certain:
        return RoutePath(certain=True)
    return RoutePath(unknown="not all routes are given: save them with `ip route > FILE`")


def _own(address: Address) -> Route:
    number = ipv4.number(address.address) or 0
    return Route(
        (number, ipv4.ALL_ONES),
        device=address.device,
        kind="local",
        table="local",
        origin=address.origin,
        place=address.place,
    )


def _known_routes(host: Host, certain: bool) -> list[Route]:
    if certain:
        return [route for route in host.routes if route.origin == "running"]
    return [*host.routes, *(_connected(one) for one in host.present_addresses if _is_up(host, one))]


def _is_up(host: Host, address: Address) -> bool:
    device = host.device(address.device)
    return device is None or device.up is not False


def _connected(address: Address) -> Route:
    """The route that the kernel adds for an address's network."""
    return Route(
        address.network,
        device=address.device,
        source=address.address,
        origin=address.origin,
        place=address.place,
    )


def _best(routes: list[Route]) -> tuple[Route, ...]:
    """The routes that count: of the longest prefix, those with the smallest metric."""
    if not routes:
        return ()
    mask = max(route.destination[1] for route in routes)
    specific = [route for route in routes if route.destination[1] == mask]
    metric = min(route.metric for route in specific)
    # The same next hop in two files is one route.
    hops = {
        (route.gateway, route.device, route.kind): route
        for route in reversed(specific)
        if route.metric == metric
    }
    return tuple(reversed(hops.values()))


def _agreed(routes: Iterable[Route], answer: Callable[[Route], bool | None]) -> bool | None:
    """The answer that all routes give; None if they differ, or one is not known."""
    answers = {answer(route) for route in routes}
    return answers.pop() if len(answers) == 1 else None


def _has_device(route: Route, device: str) -> bool | None:
    if route.kind not in _DELIVERING:
        return False
    return None if route.device is None else route.device == device


# --- packets that come in ------------------------------------------------------------------------


def passes_source_check(host: Host, source: str, device: str) -> bool | None:
    """Whether a packet with this source address passes `rp_filter` when it comes in on a device.

    The kernel looks for the way back to the source.  0: no check.  1 (strict): it has to leave by
    the same device.  2 (loose): there has to be one.  A device without any address passes only
    what passes the strict check.  A packet with the host's own address as its source is dropped
    whatever `rp_filter` is, unless `accept_local` is set.

    Returns:
        None if the files do not show it.
    """
    way = way_to(host, source)
    if way.is_local:
        accepted = _number(host, device, "accept_local")
        if not accepted:
            return False if accepted == 0 else None
    mode = _number(host, device, "rp_filter")
    if mode == 0:
        return True
    strict = _passes_strict(way, device)
    if strict is not False:
        return strict
    loose = _passes_loose(host, way, device)
    if mode is None:
        return None
    decided = strict if mode == 1 else loose
    return None if decided is False and not way.certain else decided


def _passes_strict(way: RoutePath, device: str) -> bool | None:
    """Whether the way back leaves by a device; one of several routes suffices."""
    if way.unknown:
        return None
    answers = {_has_device(route, device) for route in way.routes}
    return True if True in answers else None if None in answers else False


def _passes_loose(host: Host, way: RoutePath, device: str) -> bool | None:
    if way.exists is not True:
        return way.exists
    if any(one.device == device for one in host.present_addresses):
        return True
    return False if "addresses" in host.complete else None


def _number(host: Host, device: str, name: Literal["rp_filter", "accept_local"]) -> int | None:
    """The value in force, as the host's kernel combines that of `all` and the device."""
    old = host.release is not None and (host.release.major or 99) <= _WITHOUT_LOOSE_MODE
    if not old:
        return host.settings.of_device(device, name)
    if name == "accept_local":
        return 0
    values = [host.settings.number(f"net.ipv4.conf.{one}.rp_filter") for one in ("all", device)]
    if 0 in values:
        return 0
    return None if None in values else 1
