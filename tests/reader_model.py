"""A second reader of lvs.cf, written from the description of Piranha's and from nothing else.

It shares no code with lvscf, looks at one character after the other, stops at the first error, as
Piranha does, and is only meant to be right.  `read` returns the configuration in the shape of the
conformance vectors.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from lvscf.piranha.tcp_services import TCP_SERVICES

Words = list[tuple[str, str]]  # each without its quotes, and its quote


class Refused(Exception):
    """The reader refuses the file."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message, line)
        self.message = message
        self.line = line


class Crashed(Exception):
    """The reader writes outside its memory."""


def lines_of(text: str) -> Iterator[str]:
    """The lines that the reader sees, one after the other.

    Raises:
        Crashed: at a line that a NUL cuts off, once the lines before it have been taken.
    """
    length = len(text)
    nul = text.find("\0")
    seen = length if nul < 0 else nul  # C's string functions search no further
    position = 0
    while position < seen:
        end = text.find("\r", position, seen)
        if end < 0:
            end = text.find("\n", position, seen)
        if end < 0:
            if nul >= 0:
                raise Crashed
            end = length
        yield text[position:end]
        position = end + 1


def words_of(line: str) -> tuple[Words, bool]:
    """The words of a line, and whether a bad quote ended them.

    The line may hold line feeds, where it ends in a carriage return.
    """
    words: Words = []
    position = 0
    while position < len(line) and line[position] in " \t":
        position += 1
    if line[position : position + 1] in ("#", "\n"):
        return [], False
    while True:
        while position < len(line) and line[position] in " \t":
            position += 1
        if position >= len(line) or len(words) == 99:
            return words, False
        start = position
        quote = line[start]
        while position < len(line) and line[position] not in " \t":
            position += 1
        if quote not in "\"'":
            words.append((line[start:position], ""))
        elif position == len(line):
            if position == start + 1:
                raise Crashed
            if line[position - 1] != quote:
                return words, True
            words.append((line[start + 1 : position - 1], quote))
        else:
            closing = position
            while closing < len(line) and line[closing] not in ("\n", quote):
                closing += 1
            if closing == len(line) or line[closing] == "\n":
                return words, True
            words.append((line[start + 1 : closing], quote))
            position = closing + 1


def strtol(word: str) -> int:
    if word == "":
        return 0
    match = re.fullmatch(
        r"[ \t\n\v\f\r]*([+-]?)(?:0[xX]([0-9a-fA-F]+)|(0[0-7]*)|([1-9][0-9]*))", word, re.ASCII
    )
    if match is None:
        raise Refused("integer expected")
    sign, hexadecimal, octal, decimal = match.groups()
    number = 0
    base = 16 if hexadecimal else 8 if octal else 10
    for digit in hexadecimal or octal or decimal:
        number = min(number * base + int(digit, 16), 2**64)
    number = -min(number, 2**63) if sign == "-" else min(number, 2**63 - 1)
    low = number % 2**32
    return low - 2**32 if low >= 2**31 else low


def inet_aton(word: str) -> str | None:
    numbers = []
    for part in re.split(r"[ \t\n\v\f\r]", word)[0].split("."):
        if re.fullmatch(r"0[xX][0-9a-fA-F]+", part, re.ASCII):
            numbers.append(int(part, 16))
        elif re.fullmatch(r"0[0-7]*", part, re.ASCII):
            numbers.append(int(part, 8))
        elif re.fullmatch(r"[1-9][0-9]{0,30}", part, re.ASCII):
            numbers.append(int(part))
        else:
            return None
    if len(numbers) > 4 or any(number > 255 for number in numbers[:-1]):
        return None
    whole = numbers[-1]
    if whole >= 256 ** (5 - len(numbers)):
        return None
    for index, number in enumerate(numbers[:-1]):
        whole += number * 256 ** (3 - index)
    return ".".join(str(whole // 256**power % 256) for power in (3, 2, 1, 0))


def could_be_host(word: str) -> bool:
    labels = (word[:-1] if word.endswith(".") else word).split(".")
    good = all(
        re.fullmatch(r"[A-Za-z0-9-]{1,63}", label, re.ASCII)
        and not label.startswith("-")
        and not label.endswith("-")
        for label in labels
    )
    return good and sum(map(len, labels)) + len(labels) - 1 <= 253 and not labels[-1].isdigit()


Read = Callable[[str, str], Any]


def integer(word: str, _: str) -> int:
    return strtol(word)


def unsigned(word: str, _: str) -> int:
    return strtol(word) % 2**32


def boolean(word: str, _: str) -> int:
    if (number := strtol(word)) not in (0, 1):
        raise Refused("boolean expected")
    return number


def address(word: str, _: str) -> str:
    found = inet_aton(word)
    if found is None and not could_be_host(word):
        raise Refused("invalid argument")
    return word if found is None else found


def nonzero_address(word: str, _: str) -> str:
    if (found := address(word, _)) == "0.0.0.0":
        raise Refused("invalid host name or ip address")
    return found


def plain_address(word: str, _: str) -> str:
    if (found := inet_aton(word)) is None:
        raise Refused("invalid host name or ip address")
    return found


def netmask(word: str, _: str) -> str:
    if (found := inet_aton(word)) is None:
        raise Refused("Bad subnet mask specified")
    return found


def pmask(word: str, _: str) -> str | None:
    return "0.0.0.0" if word == "255.255.255.255" else inet_aton(word)


def port(word: str, _: str) -> int:
    try:
        return strtol(word)
    except Refused:
        if word not in TCP_SERVICES:
            raise Refused("invalid argument") from None
        return TCP_SERVICES[word]


def text(word: str, _: str) -> str:
    return word


def quoted(word: str, quote: str) -> str:
    return quote + word + quote


def one_of(*words: str) -> Read:
    def read(word: str, _: str) -> str:
        if word not in words:
            raise Refused("invalid argument")
        return word

    return read


DEVICE, LIST = "device", "list"

GLOBAL: dict[str, tuple[Read | str, Any]] = {
    "serial_no": (integer, 0),
    "primary": (nonzero_address, "0.0.0.0"),
    "primary_private": (nonzero_address, "0.0.0.0"),
    "backup_private": (nonzero_address, "0.0.0.0"),
    "primary_shared": (text, None),
    "backup_shared": (text, None),
    "backup": (address, "0.0.0.0"),
    "backup_active": (boolean, 0),
    "heartbeat": (boolean, 0),
    "heartbeat_port": (port, 539),
    "keepalive": (integer, 2),
    "deadtime": (integer, 5),
    "network": (one_of("direct", "nat", "tunnel"), "nat"),
    "service": (one_of("lvs", "fos"), "lvs"),
    "nat_router": (DEVICE, "0.0.0.0"),
    "nat_nmask": (netmask, "0.0.0.0"),
    "debug_level": (text, "NONE"),
    "rsh_command": (text, "rsh"),
    "reservation_conflict_action": (one_of("nothing", "preempt"), None),
    "monitor_links": (integer, 0),
    "syncdaemon": (boolean, 0),
    "syncd_iface": (text, "eth0"),
    "syncd_id": (integer, 0),
    "tcp_timeout": (integer, 0),
    "tcpfin_timeout": (integer, 0),
    "udp_timeout": (integer, 0),
    "hard_shutdown": (boolean, 1),
    "active_cmd": (text, None),
    "inactive_cmd": (text, None),
    "ipvsadm": (text, "/sbin/ipvsadm"),
    "sync": (boolean, 0),
}
SERVICE: dict[str, tuple[Read | str, Any]] = {
    "active": (boolean, 0),
    "address": (DEVICE, "0.0.0.0"),
    "vip_nmask": (netmask, "0.0.0.0"),
    "sorry_server": (plain_address, "0.0.0.0"),
    "fwmark": (unsigned, 0),
    "protocol": (one_of("tcp", "udp"), "tcp"),
    "port": (port, 80),
    "scheduler": (one_of("lc", "rr", "wlc", "wrr", "lblc", "lblcr", "dh", "sh"), "wlc"),
    "persistent": (integer, 0),
    "pmask": (pmask, "0.0.0.0"),
    "client_monitor": (text, "/usr/sbin/nanny"),
    "send_program": (quoted, None),
    "send": (quoted, None),
    "expect": (quoted, None),
    "timeout": (integer, 10),
    "reentry": (integer, 180),
    "quiesce_server": (boolean, 0),
    "use_regex": (boolean, 0),
    "load_monitor": (text, None),
    "start_cmd": (quoted, None),
    "stop_cmd": (quoted, None),
    "master": (address, None),
    "dirs": (LIST, None),
}
SERVER: dict[str, tuple[Read | str, Any]] = {
    "address": (address, "0.0.0.0"),
    "active": (boolean, 0),
    "weight": (integer, 1),
    "port": (integer, 80),
}
TABLES = {"top": GLOBAL, "service": SERVICE, "server": SERVER}
HEADERS = {"top": ("virtual", "failover"), "service": ("server",), "server": ()}


def defaults(table: dict[str, tuple[Read | str, Any]]) -> dict[str, Any]:
    return {name: default for name, (_, default) in table.items()}


def read(source: str) -> dict[str, Any]:
    """The configuration that Piranha holds in memory.

    Raises:
        Refused: with its message and line.
        Crashed: the reader does not survive.
    """
    if not source:
        raise Refused("Empty configuration", 0)
    config: dict[str, Any] = {**defaults(GLOBAL), "nat_router_dev": None, "virtuals": []}
    given: set[str] = set()
    scope, first_in_service = "top", False
    here = config
    for number, line in enumerate(lines_of(source), 1):
        try:
            words, bad = words_of(line)
            if bad and (scope != "service" or first_in_service):
                raise Refused("quotation mismatch")
            if bad and not words:
                scope, here = "top", config
                continue
            if not words:
                continue
            first_in_service = False
            keyword = words[0][0]
            if keyword == "}" and scope == "server":
                scope, here = "service", config["virtuals"][-1]
            elif keyword == "}" and scope == "service":
                scope, here = "top", config
            elif keyword in HEADERS[scope]:
                if len(words) < 3:
                    raise Refused("missing arguments")
                if len(words) > 3:
                    raise Refused("unexpected arguments")
                if words[2][0] != "{":
                    raise Refused("missing arguments")
                if scope == "top":
                    service = {
                        **defaults(SERVICE),
                        "device": None,
                        "name": words[1][0],
                        "failover": keyword == "failover",
                        "servers": [],
                    }
                    config["virtuals"].append(service)
                    scope, here, first_in_service = "service", service, True
                else:
                    server = {**defaults(SERVER), "name": words[1][0], "port": here["port"]}
                    here["servers"].append(server)
                    scope, here = "server", server
            else:
                assign(words, TABLES[scope], here)
                given.add(keyword if scope == "top" else "")
        except Refused as refused:
            raise Refused(refused.message, number) from None
    if "primary" in given and "primary_private" not in given:
        config["primary_private"] = config["primary"]
        config["backup_private"] = config["backup"]
    return config


def assign(words: Words, table: dict[str, tuple[Read | str, Any]], here: dict[str, Any]) -> None:
    keyword = words[0][0]
    if keyword not in table:
        raise Refused("unknown command")
    kind = table[keyword][0]
    if len(words) < 2 or words[1][0] != "=":
        raise Refused("equal (=) expected after command")
    values = words[2:]
    if kind == LIST:
        if not values:
            raise Crashed
        if values[0][0] != "[" or not any(word == "]" for word, _ in values[1:]):
            raise Refused("list expected")
        return
    wanted = 2 if kind == DEVICE else 1
    if len(values) < wanted:
        raise Refused("missing arguments")
    if len(values) > wanted:
        raise Refused("unexpected arguments")
    if isinstance(kind, str):
        here[keyword] = address(*values[0])
        here["nat_router_dev" if keyword == "nat_router" else "device"] = values[1][0]
        return
    value = kind(*values[0])
    if value is not None:
        here[keyword] = value
