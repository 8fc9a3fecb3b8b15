"""Constants of nftables as numbers, by the type of the field they belong to."""

from collections.abc import Callable

from lvscf.firewall.language.names import SERVICES, protocol_number
from lvscf.firewall.language.values import number
from lvscf.firewall.nftables.expressions import (
    Expression,
    Interval,
    Operation,
    Prefix,
    Several,
    Value,
)
from lvscf.shared import ipv4

Range = tuple[int, int]

TCP_FLAGS = {
    "fin": 1, "syn": 2, "rst": 4, "psh": 8, "ack": 16, "urg": 32, "ecn": 64, "cwr": 128,
}  # fmt: skip
ICMP_TYPES = {
    "echo-reply": 0, "destination-unreachable": 3, "source-quench": 4, "redirect": 5,
    "echo-request": 8, "router-advertisement": 9, "router-solicitation": 10, "time-exceeded": 11,
    "parameter-problem": 12, "timestamp-request": 13, "timestamp-reply": 14, "info-request": 15,
    "info-reply": 16, "address-mask-request": 17, "address-mask-reply": 18,
}  # fmt: skip
_ETHER_TYPES = {
    "ip": 0x0800, "arp": 0x0806, "ip6": 0x86DD, "vlan": 0x8100, "8021q": 0x8100, "8021ad": 0x88A8,
}  # fmt: skip
_DSCP = {
    "cs0": 0, "cs1": 8, "cs2": 16, "cs3": 24, "cs4": 32, "cs5": 40, "cs6": 48, "cs7": 56, "be": 0,
    "df": 0, "af11": 10, "af12": 12, "af13": 14, "af21": 18, "af22": 20, "af23": 22, "af31": 26,
    "af32": 28, "af33": 30, "af41": 34, "af42": 36, "af43": 38, "va": 44, "ef": 46, "lephb": 1,
}  # fmt: skip

_Reader = Callable[[str], "int | None"]


def _named(names: dict[str, int]) -> _Reader:
    def read(text: str) -> int | None:
        named = names.get(text)
        return number(text) if named is None else named

    return read


def _protocol(text: str) -> int | None:
    found = number(text, 255)
    return protocol_number(text) if found is None else found


def _address(text: str) -> int | None:
    found = ipv4.number(text)
    return number(text) if found is None else found


_PORT = _named(SERVICES)
_BY_FIELD: dict[str, _Reader] = {
    "meta l4proto": _protocol,
    "ip protocol": _protocol,
    "ct protocol": _protocol,
    "meta protocol": _named(_ETHER_TYPES),
    "ether type": _named(_ETHER_TYPES),
    "meta nfproto": _named({"ipv4": 2, "ipv6": 10, "inet": 1}),
    "ct l3proto": _named({"ipv4": 2, "ipv6": 10}),
    "tcp flags": _named(TCP_FLAGS),
    "icmp type": _named(ICMP_TYPES),
    "icmp code": _named(
        {"net-unreachable": 0, "host-unreachable": 1, "prot-unreachable": 2, "port-unreachable": 3,
         "frag-needed": 4, "net-prohibited": 9, "host-prohibited": 10, "admin-prohibited": 13}
    ),
    "ip dscp": _named(_DSCP),
}  # fmt: skip
_BY_LAST_WORD: dict[str, _Reader] = {
    "saddr": _address,
    "daddr": _address,
    "dport": _PORT,
    "sport": _PORT,
    "proto-dst": _PORT,
    "proto-src": _PORT,
}
_MOST_BY_LAST_WORD = dict.fromkeys(("dport", "sport", "proto-dst", "proto-src"), 65535)


def largest(field: str) -> int:
    """The largest number that a field can hold."""
    return _MOST_BY_LAST_WORD.get(field.rpartition(" ")[2], ipv4.ALL_ONES)


def number_of(field: str, text: str) -> int | None:
    """A constant of a field as a number; None if it is not known."""
    read = _BY_FIELD.get(field) or _BY_LAST_WORD.get(field.rpartition(" ")[2]) or number
    return read(text)


def bits_of(field: str, value: Expression) -> int | None:
    """A constant, or several, as one number with all their bits."""
    if isinstance(value, Value):
        return number_of(field, value.text)
    parts: tuple[Expression, ...]
    if isinstance(value, Several):
        parts = value.values
    elif isinstance(value, Operation) and value.operator == "|":
        parts = (value.left, value.right)
    else:
        return None
    found = 0
    for part in parts:
        bits = bits_of(field, part)
        if bits is None:
            return None
        found |= bits
    return found


def range_of(field: str, value: Expression) -> Range | None:
    """The numbers that a constant, a range or a network stands for; None if they are not known."""
    if isinstance(value, Interval):
        low, high = number_of(field, value.low), number_of(field, value.high)
        return (low, high) if low is not None and high is not None and low <= high else None
    if isinstance(value, Prefix):
        address = ipv4.number(value.address)
        if address is None or value.length > 32:
            return None
        mask = ipv4.mask_of(value.length)
        return address & mask, address & mask | ~mask & ipv4.ALL_ONES
    if isinstance(value, Value) and value.text == "*":
        return 0, largest(field)
    bits = bits_of(field, value)
    return None if bits is None else (bits, bits)
