"""The kernel's IPVS table as ipvsadm lists or saves it, and as /proc/net/ip_vs has it.

Facts: ipvsadm(8) and its output (1.24 to 1.31), and the kernel's /proc/net/ip_vs, in which
addresses, ports and marks are hexadecimal and times are in ticks of an unknown length.
"""

import re
from collections.abc import Iterator
from typing import Literal, cast

from attrs import field

from lvscf.findings.place import Place
from lvscf.hosts.facts import IpvsDestination, IpvsListing, IpvsListingService
from lvscf.hosts.host import Host
from lvscf.piranha.tcp_services import TCP_SERVICES
from lvscf.shared import ipv4
from lvscf.shared.records import record
from lvscf.source import Source

_Method = Literal["Route", "Masq", "Tunnel", "Local"]
_Key = tuple[str, str, int | None, int]
"""Protocol, address, port and mark."""

_SINGLE = "255.255.255.255"
_DEFAULT_PERSISTENCE = 360
"""Seconds: what `-p` means without a number."""

_COLUMNS = re.compile(r"[ \t]*Prot LocalAddress:Port\b")
_SERVICE = re.compile(
    r"[ \t]*(?P<kind>TCP|UDP|SCTP|FWM)[ \t]+(?P<there>\S+)(?:[ \t]+IPv6)?(?P<rest>(?:[ \t].*)?)$"
)
_DESTINATION = re.compile(r"[ \t]*->[ \t]+(?P<there>\S+)(?P<rest>(?:[ \t].*)?)$")
_HEXADECIMAL = re.compile(r"[0-9A-F]{8}:[0-9A-F]{4}")
_NARROW = re.compile(r"[ \t]*-> RemoteAddress:Port Forward Weight")
"""The second title line of /proc/net/ip_vs; ipvsadm puts more blanks into it."""
_PERSISTENT_COLUMNS = re.compile(r".*\bWeight +PersistConn\b")
_FLAGS = re.compile(r"[ \t]+(?P<scheduler>[a-z]\w*)(?:[ \t]+\([^)]*\))?(?P<flags>(?:[ \t].*)?)$")
_PERSISTENT = re.compile(r"\bpersistent[ \t]+(\d+)(?:[ \t]+([0-9A-F]{8})\b)?")
_MASK = re.compile(r"\bmask[ \t]+(\S+)")
_FORWARDED = re.compile(
    r"[ \t]+(?P<method>Route|Masq|Tunnel|Local)[ \t]+(?P<weight>\d+)"
    r"(?:[ \t]+(?P<active>\d+)[ \t]+(?P<inactive>\d+))?"
)
_ONLY_WEIGHT = re.compile(
    r"[ \t]+(?P<weight>\d+)[ \t]+\d+[ \t]+(?P<active>\d+)[ \t]+(?P<inactive>\d+)"
)

_ASSIGNMENT = re.compile(r"[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_]\w*)=(?P<value>[^\s;&|`$()]*)")
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_LONGEST_VALUE = 255
"""Characters: no address or command is longer, and a value that doubles itself stays short."""
_COMMAND = re.compile(r"(?:^|.*[\s/])ipvsadm(?=\s)")
_SAVED = re.compile(r"-[AaEe][ \t]+-[tuf][ \t]")
_SEPARATORS = re.compile(r"[;&|<>]+")
_LONG = {
    "add-service": "-A", "edit-service": "-E", "delete-service": "-D", "clear": "-C",
    "add-server": "-a", "edit-server": "-e", "delete-server": "-d", "tcp-service": "-t",
    "udp-service": "-u", "sctp-service": "--sctp-service", "fwmark-service": "-f",
    "scheduler": "-s", "persistent": "-p", "netmask": "-M", "real-server": "-r",
    "gatewaying": "-g", "ipip": "-i", "masquerading": "-m", "weight": "-w", "ops": "-o",
}  # fmt: skip
_VALUED = frozenset({"-t", "-u", "--sctp-service", "-f", "-s", "-M", "-r", "-w", "-x", "-y"})
_ACTIONS = frozenset({"-A", "-E", "-D", "-a", "-e", "-d", "-C"})
_METHODS: dict[str, _Method] = {"-g": "Route", "-i": "Tunnel", "-m": "Masq"}
_PROTOCOLS = {"-t": "tcp", "-u": "udp", "--sctp-service": "sctp"}


@record(frozen=False)
class _Service:
    """A service as far as it was read."""

    key: _Key
    scheduler: str | None
    persistent: int | None
    netmask: str
    one_packet: bool
    place: Place
    destinations: dict[tuple[str, int | None], IpvsDestination] = field(init=False, factory=dict)

    def finished(self) -> IpvsListingService:
        """The fact."""
        protocol, address, port, fwmark = self.key
        return IpvsListingService(
            protocol,
            address,
            port,
            fwmark,
            self.scheduler,
            self.persistent,
            self.netmask,
            self.one_packet,
            tuple(self.destinations.values()),
            place=self.place,
        )


@record(frozen=False)
class _Table:
    """A table as far as it was read."""

    place: Place
    services: dict[_Key, _Service] = field(init=False, factory=dict)
    current: _Service | None = field(init=False, default=None)
    has_columns: bool = field(init=False, default=False)
    is_kernel: bool = field(init=False, default=False)
    """Whether it is /proc/net/ip_vs."""
    shows_persistent_connections: bool = field(init=False, default=False)
    complete: bool = field(init=False, default=True)

    def finished(self) -> IpvsListing:
        """The fact."""
        services = tuple(one.finished() for one in self.services.values())
        addresses = [one.address for one in services if one.protocol]
        addresses += [two.address for one in services for two in one.destinations]
        numbered = all(one.startswith("[") or ipv4.number(one) is not None for one in addresses)
        return IpvsListing(services, self.complete and numbered, place=self.place)


def read(source: Source) -> Host:
    """The tables in a text, in its order; lines of other programs are skipped."""
    reader = _Reader(source)
    for start, line in _lines(source.text):
        reader.read(start, line)
    tables = [*reader.listed, *((reader.saved,) if reader.saved else ())]
    return Host(ipvs=tuple(one.finished() for one in tables), sources=(source,))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines with the offsets at which they begin; one that a backslash continues is one."""
    position = 0
    while position < len(text):
        end = _end_of_line(text, position)
        parts = [text[position:end].rstrip("\r\n")]
        while parts[-1].endswith("\\") and end < len(text):
            following = _end_of_line(text, end)
            parts[-1] = parts[-1][:-1] + " "
            parts.append(text[end:following].rstrip("\r\n"))
            end = following
        yield position, "".join(parts)
        position = end


def _end_of_line(text: str, position: int) -> int:
    newline = text.find("\n", position)
    return len(text) if newline < 0 else newline + 1


class _Reader:
    """Reads line by line."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.listed: list[_Table] = []
        self.saved: _Table | None = None
        """The table that commands build."""
        self._variables: dict[str, str] = {}
        self._in_connections = False
        """Whether the lines are connections, as `ipvsadm -Lc` prints them."""

    def read(self, start: int, line: str) -> None:
        """Read a line that starts at an offset of the text."""
        words = line.lstrip(" \t")
        if not words or words.startswith("#"):
            return
        begin = start + len(line) - len(words)
        place = Place(begin, begin + len(words.rstrip()), self.source)
        if words.startswith(("IP Virtual", "Prot Local", "->", "TCP", "UDP", "SCTP", "FWM")):
            self._listed(line.rstrip(), place)
        elif words.startswith("IPVS connection entries"):
            self._in_connections = True
        elif words.startswith("-"):
            if _SAVED.match(words):
                self._command(words.split(), place)
        elif "ipvsadm" in words or "=" in words or "$" in words:
            self._shell(line, place)

    # --- listings --------------------------------------------------------------------------------

    def _listed(self, line: str, place: Place) -> None:
        table = self.listed[-1] if self.listed else None
        if line.lstrip().startswith("IP Virtual"):
            self._in_connections = False
            self.listed.append(_Table(place))
            return
        if _COLUMNS.match(line):
            if table is None or table.has_columns or table.services:
                table = _Table(place)
                self.listed.append(table)
            table.has_columns = True
            self._in_connections = False
            table.shows_persistent_connections = bool(_PERSISTENT_COLUMNS.match(line))
            return
        if self._in_connections:
            return
        service, destination = _SERVICE.match(line), _DESTINATION.match(line)
        if service is not None:
            self._service(service, place)
        elif destination is not None and table is not None:
            if destination["there"] == "RemoteAddress:Port":
                table.is_kernel = bool(_NARROW.match(line))
                if _PERSISTENT_COLUMNS.match(line):
                    table.shows_persistent_connections = True
            elif table.current is not None:
                _add(table.current, destination, place, table.shows_persistent_connections)

    def _service(self, found: re.Match[str], place: Place) -> None:
        key = self._key(found)
        flags = _FLAGS.match(found["rest"])
        if key is None or (flags is None and not self.listed):
            return
        if not self.listed:
            self.listed.append(_Table(place))
        table = self.listed[-1]
        persistent: int | None = 0
        netmask = _SINGLE
        if flags is None:
            persistent = None  # a listing of counters does not show it
        else:
            lasting, mask = _PERSISTENT.search(flags["flags"]), _MASK.search(flags["flags"])
            if lasting is not None:
                persistent = None if lasting[2] else _number(lasting[1])
                netmask = ipv4.dotted(int(lasting[2], 16)) if lasting[2] else netmask
            if mask is not None:
                netmask = mask[1]
        table.current = _Service(
            key,
            flags["scheduler"] if flags else None,
            persistent,
            netmask,
            bool(flags) and "ops" in flags["flags"].split() if flags else False,
            place,
        )
        table.services[key] = table.current

    def _key(self, found: re.Match[str]) -> _Key | None:
        kind, there = found["kind"], found["there"]
        if kind == "FWM":
            base = 16 if self.listed and self.listed[-1].is_kernel else 10
            try:
                return "", "", 0, int(there, base)
            except ValueError:
                return None
        address, port = _divided(there)
        return (kind.lower(), address, port, 0) if address else None

    # --- commands --------------------------------------------------------------------------------

    def _shell(self, line: str, place: Place) -> None:
        replaced = _VARIABLE.sub(self._value, line) if "$" in line else line
        assigned = _ASSIGNMENT.match(replaced)
        if assigned is not None and len(assigned["value"]) <= _LONGEST_VALUE:
            self._variables[assigned["name"]] = assigned["value"].strip("\"'")
        if "ipvsadm" not in replaced:
            return
        for part in _SEPARATORS.split(replaced):
            command = _COMMAND.match(part)
            if command is not None:
                self._command(part[command.end() :].split(), place, is_script=True)

    def _value(self, found: re.Match[str]) -> str:
        return self._variables.get(found[1] or found[2], found[0])

    def _command(self, words: list[str], place: Place, *, is_script: bool = False) -> None:
        """Follow a command; a script need not hold all that build the table."""
        action, options = _options(words)
        if action is None:
            return
        table = self.saved
        if table is None:
            if action not in ("-A", "-a"):
                return
            table = self.saved = _Table(place)
        table.complete = table.complete and not is_script
        if any("$" in value or "`" in value for value in options.values()):
            return
        key = _key_of(options)
        if key is None or action in ("-D", "-d", "-C"):
            return  # scripts also have commands that stop what they start
        if action in ("-A", "-E"):
            if action == "-A" and key in table.services:
                return  # ipvsadm refuses it: the service exists
            kept = table.services[key].destinations if key in table.services else {}
            table.services[key] = one = _Service(
                key,
                options.get("-s", "wlc"),
                _number(options["-p"]) if "-p" in options else 0,
                options.get("-M", _SINGLE),
                "-o" in options,
                place,
            )
            one.destinations.update(kept)
        elif key in table.services:
            _add_saved(table.services[key], options, place)


def _add(service: _Service, found: re.Match[str], place: Place, only_weight: bool) -> None:
    """Add a destination of a listing to its service."""
    address, port = _divided(found["there"])
    shown = _FORWARDED.match(found["rest"])
    if shown is None and only_weight:
        shown = _ONLY_WEIGHT.match(found["rest"])
    values = shown.groupdict() if shown else {}
    service.destinations.setdefault(
        (address, port),
        IpvsDestination(
            address,
            port,
            cast(_Method | None, values.get("method")),
            _number(values.get("weight")),
            _number(values.get("active")),
            _number(values.get("inactive")),
            place=place,
        ),
    )


def _add_saved(service: _Service, options: dict[str, str], place: Place) -> None:
    """Add a destination of a command to its service, or change it."""
    method: _Method = next((_METHODS[one] for one in options if one in _METHODS), "Route")
    there = options.get("-r")
    if there is None:
        return
    address, port = _divided(there)
    _, _, own, fwmark = service.key
    if ":" not in there or (method != "Masq" and not fwmark):
        port = own
    weight = _number(options.get("-w", "1"))
    service.destinations[address, port] = IpvsDestination(
        address, port, method, weight, place=place
    )


def _options(words: list[str]) -> tuple[str | None, dict[str, str]]:
    """What a command does, and its options; those without a value have an empty one."""
    action = None
    options: dict[str, str] = {}
    waiting = [word.strip("\"'") for word in reversed(words)]
    while waiting:
        word = waiting.pop()
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            word = _LONG.get(name, word if not equals else f"--{name}")
            if equals:
                waiting.append(value)
        if word in _ACTIONS:
            action = word
        elif word in _VALUED and waiting:
            options[word] = waiting.pop()
        elif word == "-p":
            given = bool(waiting) and (waiting[-1].isdecimal() or "$" in waiting[-1])
            options[word] = waiting.pop() if given else str(_DEFAULT_PERSISTENCE)
        elif word.startswith("-"):
            options[word] = ""
    return action, options


def _key_of(options: dict[str, str]) -> _Key | None:
    """The service that a command is about."""
    if "-f" in options:
        mark = _number(options["-f"])
        return None if mark is None else ("", "", 0, mark)
    for option, protocol in _PROTOCOLS.items():
        if option in options:
            address, port = _divided(options[option])
            return protocol, address, port if ":" in options[option] else 0, 0
    return None


def _divided(there: str) -> tuple[str, int | None]:
    """Address and port; the port is None if it is the name of an unknown service."""
    if _HEXADECIMAL.fullmatch(there):
        return ipv4.dotted(int(there[:8], 16)), int(there[9:], 16)
    address, colon, port = there.rpartition(":")
    if not colon:
        return there, None
    number = _number(port)
    return address, TCP_SERVICES.get(port) if number is None else number


def _number(text: str | None) -> int | None:
    if text is None or not text.isascii() or not text.isdecimal() or len(text) > 10:
        return None
    return int(text)
