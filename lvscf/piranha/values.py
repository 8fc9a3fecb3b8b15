"""How Piranha's reader turns a word into a value.

Each function takes one word, without its quotes, and returns the value that the daemon would hold
in memory.  A word that the reader rejects raises `Unreadable` with the reader's own message.  The
facts were measured on the reader itself (strtol and inet_aton of the C library, surprises
included), so these functions are odd in exactly the places where the reader is.
"""

import re
from enum import Enum
from functools import lru_cache

from attrs import frozen

from lvscf.shared import ipv4
from lvscf.shared.records import compared

INTEGER = re.compile(r"[ \t\n\v\f\r]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)", re.ASCII)
ADDRESS_PART = re.compile(r"0[xX][0-9a-fA-F]+|[0-9]+", re.ASCII)
HOST_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?", re.ASCII)
C_BLANKS = re.compile(r"[ \t\n\v\f\r]")

UNSET_ADDRESS = "0.0.0.0"
NOT_GROUPED = "255.255.255.255"
"""The `pmask` that Piranha reads as "not set" rather than as a mask."""
SINGLE_CLIENTS = "0xffffffff"
"""The same mask in a spelling that Piranha accepts as a mask."""


class Complaint(Enum):
    """What Piranha's reader logs, verbatim, when it rejects a file."""

    QUOTATION_MISMATCH = "quotation mismatch"
    UNEXPECTED_ARGUMENTS = "unexpected arguments"
    EQUALS_EXPECTED = "equal (=) expected after command"
    MISSING_ARGUMENTS = "missing arguments"
    INVALID_HOST = "invalid host name or ip address"
    INVALID_ARGUMENT = "invalid argument"
    INTEGER_EXPECTED = "integer expected"
    BOOLEAN_EXPECTED = "boolean expected"
    UNKNOWN_COMMAND = "unknown command"
    LIST_EXPECTED = "list expected"
    BAD_NETMASK = "Bad subnet mask specified"
    EMPTY = "Empty configuration"
    CRASH = "crash"
    """Not a message: the reader writes outside its memory and logs nothing."""


@compared
@frozen(eq=False, repr=False)
class AddressOnDevice:
    """An address and the network device that carries it, such as `10.10.1.20 eth0:1`."""

    address: str
    device: str

    def __str__(self) -> str:
        return f"{self.address} {self.device}"


class Unreadable(ValueError):
    """The reader rejects a word as a value."""

    def __init__(self, complaint: Complaint) -> None:
        super().__init__(complaint.value)
        self.complaint = complaint


@lru_cache(4096)
def integer(word: str) -> int:
    """Read a number as C's `strtol` does with base 0, and keep the low 32 bits.

    `010` is 8, `0x10` is 16, an empty word is 0; a number beyond 64 bits is clamped first.
    """
    number = written_number(word)
    if number is None:
        raise Unreadable(Complaint.INTEGER_EXPECTED)
    low = max(-(2**63), min(number, 2**63 - 1)) & ipv4.ALL_ONES
    return low - 2**32 if low >= 2**31 else low


def written_number(word: str) -> int | None:
    """The number that a word means, before the reader reduces it to 32 bits.

    None if the word is not a number.  For a number beyond 64 bits, some number beyond 64 bits.
    """
    if not word:
        return 0
    match = INTEGER.fullmatch(word)
    if match is None:
        return None
    sign, digits = match.groups()
    # int() rejects very long decimal numbers; 25 digits are beyond 64 bits in every base.
    significant = digits.lstrip("0xX") or "0"
    number = 2**64 if len(significant) > 25 else int(digits, _base(digits))
    return -number if sign == "-" else number


def _base(digits: str) -> int:
    if digits[:2] in ("0x", "0X"):
        return 16
    return 8 if digits[0] == "0" else 10


@lru_cache(4096)
def unsigned(word: str) -> int:
    """Read an integer that is kept as an unsigned 32-bit number."""
    return integer(word) & ipv4.ALL_ONES


@lru_cache(256)
def boolean(word: str) -> bool:
    """Read an integer that is 0 or 1."""
    number = integer(word)
    if number not in (0, 1):
        raise Unreadable(Complaint.BOOLEAN_EXPECTED)
    return number == 1


@lru_cache(4096)
def inet_aton(word: str) -> str | None:
    """The dotted quad of an address in any notation of C's inet_aton, or None.

    `10.1` is 10.0.0.1 and `010.1.1.1` is 8.1.1.1; text after a blank is ignored.
    """
    parts = C_BLANKS.split(word, 1)[0].split(".")
    if len(parts) > 4:
        return None
    numbers = []
    for part in parts:
        # Twelve characters hold any 32-bit number in octal; leading zeros may add more.
        if not ADDRESS_PART.fullmatch(part) or len(part.lstrip("0xX")) > 12:
            return None
        try:
            numbers.append(int(part, _base(part)))
        except ValueError:  # a decimal digit 8 or 9 in an octal number
            return None
    *leading, last = numbers
    if any(number > 255 for number in leading) or last >= 256 ** (4 - len(leading)):
        return None
    for position, number in enumerate(leading):
        last |= number << (24 - 8 * position)
    return ipv4.dotted(last)


def is_host_name(word: str) -> bool:
    """Whether `word` could be a host name: RFC 1123 labels, the last one not all digits."""
    name = word.removesuffix(".")
    labels = name.split(".")
    return (
        len(name) <= 253
        and all(HOST_LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdecimal()
    )


@lru_cache(4096)
def address(word: str) -> str:
    """Read an address, or keep a host name, which is assumed to be resolvable."""
    dotted = inet_aton(word)
    if dotted is not None:
        return dotted
    if is_host_name(word):
        return word
    raise Unreadable(Complaint.INVALID_ARGUMENT)


@lru_cache(4096)
def router_address(word: str) -> str:
    """Read an address or host name that may not be 0.0.0.0."""
    found = address(word)
    if found == UNSET_ADDRESS:
        raise Unreadable(Complaint.INVALID_HOST)
    return found


@lru_cache(4096)
def plain_address(word: str) -> str:
    """Read an address where the reader does not resolve names."""
    found = inet_aton(word)
    if found is None:
        raise Unreadable(Complaint.INVALID_HOST)
    return found


@lru_cache(1024)
def netmask(word: str) -> str:
    """Read a netmask, even one with holes."""
    found = inet_aton(word)
    if found is None:
        raise Unreadable(Complaint.BAD_NETMASK)
    return found


def persistence_netmask(word: str) -> str | None:
    """Read a `pmask`; None for an unreadable one, which Piranha silently ignores.

    The word `255.255.255.255` itself means "not set" to Piranha.  Any other spelling of that mask
    sets it, and is read as `0xffffffff`.
    """
    found = inet_aton(word)
    return SINGLE_CLIENTS if found == NOT_GROUPED and word != NOT_GROUPED else found


@lru_cache(1024)
def port(word: str) -> int:
    """Read a port number, not limited to 65535, or the name of a TCP service."""
    try:
        return integer(word)
    except Unreadable:
        from lvscf.piranha.tcp_services import TCP_SERVICES

        if word in TCP_SERVICES:
            return TCP_SERVICES[word]
        raise Unreadable(Complaint.INVALID_ARGUMENT) from None
