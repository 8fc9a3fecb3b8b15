"""keepalived.conf as values: its virtual servers, addresses and routers.

Facts: keepalived.conf(5), `keepalived -t` of 2.2, and what a kernel held under it.  Defaults are
those of 2.2, measured: the scheduler wlc, NAT, weight 1, and 360 s of persistence without a number,
with a mask alone and for port 0.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from lvscf.findings.place import Place
from lvscf.keepalived.reading import addresses, keywords
from lvscf.keepalived.reading.model import (
    Balanced,
    CheckedPort,
    Destination,
    KeepalivedConf,
    Method,
    Target,
)
from lvscf.keepalived.reading.statements import Gap, Include, Statement, Statements, no_includes
from lvscf.keepalived.reading.words import Word
from lvscf.piranha.limits import GREATEST_WEIGHT, LARGEST_MARK, LARGEST_PORT
from lvscf.shared import ipv4
from lvscf.shared.records import evolved
from lvscf.source import Source, quoted

_METHODS: dict[str, Method] = {"DR": "direct", "NAT": "nat", "TUN": "tunnel"}
_DEFAULT_PERSISTENCE = 360
_DEFAULT_SCHEDULER = "wlc"
_SINGLE_CLIENTS = "255.255.255.255"
_MOST_ADDRESSES = 256
"""Addresses of one range: it counts through the last part of an address."""


def read(
    source: Source, include: Include = no_includes, config_id: str | None = None
) -> KeepalivedConf:
    """Read a keepalived.conf.  Never raises because of its contents.

    Args:
        source: the file.
        include: finds the files that it includes.
        config_id: what keepalived gets with `-i`, for lines that begin with `@`; by default, these
            lines are left out, and the result says so.
    """
    found = Statements(source, include, config_id)
    reader = _Reader(found.statements)
    gaps = sorted([*found.gaps, *reader.gaps], key=_in_order(found.sources))
    return KeepalivedConf(
        tuple(found.sources),
        found.statements,
        tuple(reader.virtual_servers),
        tuple(reader.addresses.held),
        tuple(reader.addresses.routers),
        tuple(gaps),
    )


def _in_order(sources: list[Source]) -> Callable[[Gap], tuple[int, int]]:
    order = {id(source): number for number, source in enumerate(sources)}
    return lambda gap: (order.get(id(gap.place.source), 0), gap.place.start)


class _Reader:
    """Reads the blocks at top level."""

    def __init__(self, statements: tuple[Statement, ...]) -> None:
        self.gaps: list[Gap] = []
        self.virtual_servers: list[Balanced] = []
        self.addresses = addresses.Reader(self.gap)
        self._groups: dict[str, Statement] = {}
        for one in statements:
            if one.keyword == "virtual_server_group" and one.values:
                self._groups[one.values[0].text] = one
        for one in statements:
            self._statement(one)

    def gap(self, message: str, place: Place) -> None:
        """Note what cannot be read."""
        self.gaps.append(Gap(message, place))

    def _unknown(self, one: Statement, where: str) -> None:
        """Note a keyword that keepalived does not know either.

        It ignores the keyword and its opening brace, but not the closing one, which then ends the
        block around it.
        """
        if one.keyword.startswith("~"):
            return  # generated blocks are a gap already
        message = f"keepalived does not know {quoted(one.keyword)} {where}"
        if one.body is not None:
            message += ", and takes its closing brace for that of the block around it"
        self.gaps.append(Gap(message, one.place, is_ignored=one.body is None))

    def _statement(self, one: Statement) -> None:
        if one.keyword == "virtual_server":
            if one.body is None:
                self.gap("this virtual server has no block", one.place)
            else:
                self._virtual_server(one, one.body)
        elif one.keyword in ("vrrp_instance", "static_ipaddress"):
            self.addresses.read(one)
        elif one.keyword not in keywords.TOP_LEVEL:
            self._unknown(one, "here")

    # --- virtual servers -------------------------------------------------------------------------

    def _virtual_server(self, one: Statement, body: tuple[Statement, ...]) -> None:
        targets = tuple(self._targets(one))
        lines: dict[str, Statement] = {}
        servers: list[Destination] = []
        for inner in body:
            keyword = keywords.SAME.get(inner.keyword, inner.keyword)
            if keyword == "real_server":
                server = self._destination(inner)
                if server is not None:
                    servers.append(server)
            elif keyword in keywords.VIRTUAL_SERVER:
                lines[keyword] = inner
            else:
                self._unknown(inner, "in a virtual server")
        persistent = self._persistence(lines.get("persistence_timeout"))
        netmask = self._netmask(lines.get("persistence_granularity"))
        if netmask != _SINGLE_CLIENTS:
            persistent = persistent or _DEFAULT_PERSISTENCE
        if "inhibit_on_failure" in lines:
            servers = [evolved(server, inhibited=True) for server in servers]
        if not targets:
            return
        if not servers:
            message = "this virtual server has no real server that can be read, and is left out"
            self.gaps.append(Gap(message, one.place, is_ignored=not _names_servers(body)))
            return
        protocol = self._protocol(one, lines.get("protocol"), targets)
        sorry = lines.get("sorry_server")
        self.virtual_servers.append(
            Balanced(
                one,
                targets,
                protocol,
                " ".join(
                    (
                        _first(lines.get("lvs_sched")) or _DEFAULT_SCHEDULER,
                        *(flag for flag in keywords.SCHEDULER_FLAGS if flag in lines),
                    )
                ),
                self._method(lines.get("lvs_method")) or "nat",
                persistent,
                netmask,
                "ops" in lines,
                self._number(lines.get("delay_loop"), 1 << 31),
                self._destination(sorry) if sorry is not None else None,
                tuple(servers),
                lines,
            )
        )

    def _targets(self, one: Statement) -> Iterator[Target]:
        values = one.values
        kind = values[0].text if values else ""
        if kind == "group" and len(values) > 1:
            yield from self._members(values[1])
        elif kind == "fwmark" and len(values) > 1:
            yield from self._mark(values[1], one.place)
        elif values:
            yield from self._address(values, one.place)
        else:
            self.gap("this virtual server has neither address, mark nor group", one.place)

    def _members(self, name: Word) -> Iterator[Target]:
        group = self._groups.get(name.text)
        if group is None:
            self.gap(f"there is no virtual_server_group {quoted(name.text)}", name.place)
            return
        for member in group.body or ():
            if member.keyword == "fwmark" and member.values:
                yield from self._mark(member.values[0], member.place)
            else:
                yield from self._address(member.words, member.place)

    def _mark(self, word: Word, place: Place) -> Iterator[Target]:
        mark = number(word.text, LARGEST_MARK)
        if mark:
            yield Target("", 0, mark, place)
        else:
            self.gap(f"{quoted(word.text)} is no firewall mark", word.place)

    def _address(self, words: tuple[Word, ...], place: Place) -> Iterator[Target]:
        port = number(words[1].text, LARGEST_PORT) if len(words) > 1 else 0
        found = tuple(_range(words[0].text))
        if port is None or not found or len(words) > 2:
            shown = " ".join(word.text for word in words)
            self.gap(f"{quoted(shown)} is no address with a port", place)
            return
        for address in found:
            yield Target(address, port, 0, place)

    def _destination(self, one: Statement) -> Destination | None:
        values = one.values
        port = number(values[1].text, LARGEST_PORT) if len(values) > 1 else None
        if not values or not is_address(values[0].text) or (len(values) > 1 and port is None):
            shown = " ".join(word.text for word in values)
            self.gap(f"{quoted(shown)} is no address with a port", one.place)
            return None
        lines: dict[str, Statement] = {}
        checked: list[CheckedPort] = []
        is_connected_to = False
        for inner in one.body or ():
            keyword = keywords.SAME.get(inner.keyword, inner.keyword)
            if keyword in keywords.CHECKS:
                is_connected_to = is_connected_to or keyword in keywords.TCP_CHECKS
                checked += _checked_ports(inner, values[0].text)
            elif keyword not in keywords.REAL_SERVER:
                self._unknown(inner, "in a real server")
            lines[keyword] = inner
        weight = self._number(lines.get("weight"), GREATEST_WEIGHT)
        return Destination(
            one,
            values[0].text,
            port,
            1 if weight is None else weight,
            self._method(lines.get("lvs_method")),
            "inhibit_on_failure" in lines,
            tuple(checked),
            is_connected_to,
        )

    # --- values ----------------------------------------------------------------------------------

    def _protocol(self, one: Statement, line: Statement | None, targets: tuple[Target, ...]) -> str:
        protocol = _first(line).lower()
        if all(target.fwmark for target in targets):
            return ""
        if protocol not in ("tcp", "udp", "sctp"):
            self.gap(
                "the protocol of this virtual server is not written; keepalived 2.2 takes UDP",
                (line or one).place,
            )
            return "udp"
        return protocol

    def _method(self, line: Statement | None) -> Method | None:
        if line is None:
            return None
        method = _METHODS.get(_first(line))
        if method is None:
            self.gap(f"{quoted(_first(line))} is none of NAT, DR and TUN", line.place)
        return method

    def _persistence(self, line: Statement | None) -> int:
        if line is None:
            return 0
        return _DEFAULT_PERSISTENCE if not line.values else self._number(line, 1 << 31) or 0

    def _netmask(self, line: Statement | None) -> str:
        if line is None:
            return _SINGLE_CLIENTS
        text = _first(line)
        whole = number(text, ipv4.ALL_ONES)
        if whole is not None:  # as inet_aton reads it: 24 is no prefix length
            return ipv4.dotted(whole)
        if not is_address(text) or ":" in text:
            self.gap(f"{quoted(text)} is no netmask", line.place)
            return _SINGLE_CLIENTS
        return text

    def _number(self, line: Statement | None, largest: int) -> int | None:
        if line is None:
            return None
        found = number(_first(line), largest)
        if found is None:
            self.gap(f"{quoted(_first(line))} is no number that can stand here", line.place)
        return found


def _names_servers(body: tuple[Statement, ...]) -> bool:
    return any(one.keyword == "real_server" for one in body)


def _checked_ports(check: Statement, address: str) -> Iterator[CheckedPort]:
    """The ports that a check names: its own, or what follows the address in a script's command."""
    for inner in check.body or ():
        if inner.keyword == "misc_path":
            words = " ".join(word.text for word in inner.values).split()
            for before, after in pairwise(words):
                port = number(after, LARGEST_PORT) if before == address else None
                if port:
                    yield CheckedPort(port, inner.place)
        if inner.keyword == "connect_port" and inner.values:
            port = number(inner.values[0].text, LARGEST_PORT)
            if port:
                yield CheckedPort(port, inner.place)


def _first(line: Statement | None) -> str:
    """The first value of a statement, or nothing."""
    return line.values[0].text if line is not None and line.values else ""


def number(text: str, largest: int) -> int | None:
    """A decimal number, as keepalived reads it: a leading zero does not make it octal."""
    if not text.isascii() or not text.isdecimal() or len(text) > 10:
        return None
    found = int(text)
    return found if found <= largest else None


def is_address(text: str) -> bool:
    """Whether a word is an address of either kind; names are not resolved."""
    if ":" not in text:
        return text.count(".") == 3 and ipv4.number(text) is not None
    from ipaddress import IPv6Address

    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True


def _range(text: str) -> Iterable[str]:
    """The addresses of `10.0.0.1-20`, or the only one; none if it cannot be read."""
    first, dash, last = text.partition("-")
    if not is_address(first):
        return ()
    if not dash:
        return (first,)
    end = number(last, _MOST_ADDRESSES - 1)
    begin, network = number(first.rpartition(".")[2], 255), first.rpartition(".")[0]
    if ":" in first or end is None or begin is None or end < begin:
        return ()
    return (f"{network}.{part}" for part in range(begin, end + 1))
