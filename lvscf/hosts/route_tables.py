"""Routes, as `ip route`, `route -n` and `netstat -rn` print them.

Facts: iproute2's and net-tools' output formats, tried on a running system.  `ip route` without
further words prints the table `main`.  An output that was limited (`ip route show default`), or a
`route-eth0` file, which has the same form, lacks the networks that the host itself is in, which the
kernel prints with `scope link`.  Without one, no gateway could be reached.  `route -n` shows only
the first gateway of a multipath route, no source addresses, and a blackhole route with the device
`*`.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from attrs import evolve

from lvscf.findings.place import Place
from lvscf.hosts.facts import Route
from lvscf.hosts.host import Host
from lvscf.hosts.text_lines import Line, parts
from lvscf.shared import ipv4
from lvscf.source import Source

_HEADER = re.compile(r"Destination[ \t]+Gateway[ \t]+(?:Genmask|Netmask)[ \t]+Flags[ \t]+(\S+)")
_ROUTE_FILE = re.compile(r"(?:\A|/)route-(?P<device>[\w.-]+)\Z")
_KINDS = frozenset(
    {"unicast", "local", "broadcast", "multicast", "anycast", "unreachable", "prohibit",
     "blackhole", "throw", "nat"}
)  # fmt: skip
_WITH_VALUE = frozenset(
    {"dev", "table", "proto", "scope", "src", "metric", "weight", "mtu", "advmss", "hoplimit",
     "initcwnd", "initrwnd", "rtt", "rttvar", "window", "cwnd", "ssthresh", "realm", "realms",
     "error", "expires", "tos", "dsfield", "pref", "from", "uid", "iif", "encap", "nhid", "mark",
     "quickack", "congctl", "features", "rto_min", "reordering"}
)  # fmt: skip
_NO_PACKETS = frozenset({"dead"})
"""Flags of a next hop that the kernel does not use."""


def read(source: Source) -> Host:
    """The routes in a text."""
    rows: str | None = None
    routes: list[Route] = []
    open_route: Route | None = None
    complete = has_names = has_ipv6 = False
    for line in parts(source):
        header = _HEADER.match(line.text)
        if header:
            rows = header[1]
            complete = True
        elif rows is not None:
            route = _row(line, has_metric=rows == "Metric")
            has_names = has_names or route is None
            if route is not None:
                routes.append(route)
        elif line.text.startswith("nexthop "):
            if open_route is not None:
                routes += _next_hop(open_route, line)
        else:
            open_route = None
            words = line.text.split()
            route = _route(words, line.place)
            if route is None:
                has_ipv6 = has_ipv6 or ":" in line.text
                continue
            complete = complete or _is_own_network(words, route)
            if route.device or route.gateway or route.kind != "unicast":
                routes.append(route)
            else:
                open_route = route
    if has_ipv6 and not any(route.gateway or not route.is_default for route in routes):
        routes = []  # `default dev tun0`, among routes of IPv6
    in_file = _ROUTE_FILE.search(source.filename)
    if in_file and not complete:
        routes = [
            evolve(route, origin="boot", device=route.device or in_file["device"])
            for route in routes
        ]
    return Host(
        routes=tuple(routes),
        complete=frozenset({"routes"}) if complete and not has_names else frozenset(),
        sources=(source,),
    )


def _is_own_network(words: list[str], route: Route) -> bool:
    return (
        route.table == "main"
        and route.kind == "unicast"
        and route.gateway is None
        and ("scope", "link") in pairwise(words)
    )


# --- ip route ------------------------------------------------------------------------------------


def _route(words: list[str], place: Place) -> Route | None:
    """A line of `ip route`; None if it is something else, or of IPv6."""
    kind = words[0] if words[0] in _KINDS else "unicast"
    rest = words[1:] if words[0] in _KINDS else words
    destination = _network(rest[0]) if rest else None
    values = _values(rest[1:]) if destination is not None else None
    if destination is None or values is None or _is_special(values):
        return None
    return Route(
        destination,
        values.get("via"),
        values.get("dev"),
        values.get("src"),
        int(values.get("metric", "0")),
        kind,
        values.get("table", "local" if kind in ("local", "broadcast") else "main"),
        place=place,
    )


def _is_special(values: dict[str, str]) -> bool:
    """Whether the route is not for the usual packets: of IPv6, for a TOS, or dead."""
    return bool(
        values.keys() & ({"pref", "tos", "dsfield", "from", "cache"} | _NO_PACKETS)
        or (":" in values.get("via", "") and "inet6" not in values)
    )


def _next_hop(route: Route, line: Line) -> Iterator[Route]:
    values = _values(line.text.split()[1:])
    if values is not None and not _is_special(values):
        yield evolve(route, gateway=values.get("via"), device=values.get("dev"), place=line.place)


def _values(words: list[str]) -> dict[str, str] | None:
    """The words after the destination, by name; None if they are not those of a route."""
    found: dict[str, str] = {}
    at = 0
    while at < len(words):
        word = words[at]
        following = words[at + 1] if at + 1 < len(words) else ""
        if word == "via" and following in ("inet", "inet6") and at + 2 < len(words):
            found[following] = ""
            found["via"] = words[at + 2]
            at += 3
        elif word in _WITH_VALUE or word == "via":
            if not following:
                return None
            found[word] = following
            at += 2
        else:
            found[word] = ""
            at += 1
    if not re.fullmatch("[0-9]{1,10}", found.get("metric", "0")):
        return None
    return found


def _network(word: str) -> ipv4.Network | None:
    if word in ("default", "0/0"):
        return 0, 0
    address, slash, length = word.partition("/")
    number = ipv4.number(address)
    if number is None or (slash and not re.fullmatch("[0-9]{1,2}", length)):
        return None
    prefix = int(length) if slash else 32
    return None if prefix > 32 else (number & ipv4.mask_of(prefix), ipv4.mask_of(prefix))


# --- route and netstat ---------------------------------------------------------------------------


def _row(line: Line, *, has_metric: bool) -> Route | None:
    """A row of `route -n` or `netstat -rn`; None if it has a name for the network."""
    words = line.text.split()
    if len(words) != 8 or not re.fullmatch(r"[!\w]*", words[3]):
        return None
    destination = 0 if words[0] == "default" else ipv4.number(words[0])
    mask = ipv4.number(words[2])
    if destination is None or mask is None or ipv4.prefix_of(mask) is None:
        return None
    flags, device = words[3], words[7]
    has_gateway = "G" in flags
    metric = words[4] if has_metric and re.fullmatch("[0-9]{1,10}", words[4]) else "0"
    kind = "unreachable" if "!" in flags else "blackhole" if device == "*" else "unicast"
    return Route(
        (destination & mask, mask),
        words[1] if has_gateway else None,
        None if device in ("*", "-") else device.partition(":")[0],
        metric=int(metric),
        kind=kind,
        place=line.place,
    )
