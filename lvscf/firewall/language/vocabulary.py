"""Values from a fixed vocabulary: states, flags, log levels, ICMP types, opcodes.

As in `values`, each reader takes the text and returns it decoded, with its saved spelling.
"""

from lvscf.firewall.language.values import Decoded, Decoder, number
from lvscf.firewall.model import Bits
from lvscf.firewall.refusals import Refused
from lvscf.source import quoted


def names(*vocabulary: str, what: str) -> Decoder:
    """Make a reader of comma-separated names, in any case; the order here is that of saving."""

    def read(text: str) -> Decoded:
        chosen = {name.upper() for name in text.split(",")}
        strange = sorted(chosen.difference(vocabulary))
        if strange:
            raise Refused(
                f"{quoted(strange[0])} is not a {what}", f"Valid are: {', '.join(vocabulary)}."
            )
        ordered = [name for name in vocabulary if name in chosen]
        return frozenset(ordered), ",".join(ordered)

    return read


state: Decoder = names("INVALID", "NEW", "RELATED", "ESTABLISHED", "UNTRACKED", what="state")
ctstate: Decoder = names(
    "INVALID", "NEW", "RELATED", "ESTABLISHED", "UNTRACKED", "SNAT", "DNAT", what="state"
)
ctstatus: Decoder = names("EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED", "NONE", what="status")
ctdir: Decoder = names("ORIGINAL", "REPLY", what="direction")
address_type: Decoder = names(
    "UNSPEC",
    "UNICAST",
    "LOCAL",
    "BROADCAST",
    "ANYCAST",
    "MULTICAST",
    "BLACKHOLE",
    "UNREACHABLE",
    "PROHIBIT",
    "THROW",
    "NAT",
    "XRESOLVE",
    what="type of address",
)

TCP_FLAGS = ("FIN", "SYN", "RST", "PSH", "ACK", "URG")
SYN_TEXT = "FIN,SYN,RST,ACK SYN"


def _flags(text: str) -> list[str]:
    chosen = {name.upper() for name in text.split(",")}
    if chosen == {"ALL"}:
        return list(TCP_FLAGS)
    if chosen == {"NONE"}:
        return []
    strange = sorted(chosen.difference(TCP_FLAGS))
    if strange:
        raise Refused(
            f"{quoted(strange[0])} is not a TCP flag", f"Valid are: {', '.join(TCP_FLAGS)}."
        )
    return [flag for flag in TCP_FLAGS if flag in chosen]


def tcp_flags(text: str) -> Decoded:
    """Two words: the flags to examine, and those of them that must be set."""
    masked, _, wanted = text.partition(" ")
    mask, compare = _flags(masked), _flags(wanted)
    saved = f"{','.join(mask) or 'NONE'} {','.join(compare) or 'NONE'}"
    # A flag that must be set but is not examined never counts as set: such a rule never matches.
    return Bits(_flag_bits(compare), _flag_bits(mask)), saved


def _flag_bits(flags: list[str]) -> int:
    return sum(1 << TCP_FLAGS.index(flag) for flag in flags)


SYN_BITS = _flag_bits(["SYN"])
"""The flags of the first packet of a TCP connection."""
FLAG_BITS = {
    "SYN": SYN_BITS,
    "SYN-ACK": _flag_bits(["SYN", "ACK"]),
    "ACK": _flag_bits(["ACK"]),
    "FIN": _flag_bits(["FIN", "ACK"]),
    "RST": _flag_bits(["RST", "ACK"]),
}
"""The flags of the packets of which a TCP connection consists."""
LATER_BITS = {"NEW": FLAG_BITS["ACK"], "INVALID": FLAG_BITS["FIN"]}
"""The flags of a later packet to which connection tracking gives one of these states."""


_LOG_LEVELS = ("emerg", "alert", "crit", "error", "warning", "notice", "info", "debug")
_LOG_LEVEL_NAMES = {"panic": 0, "err": 3, "warn": 4} | {
    name: level for level, name in enumerate(_LOG_LEVELS)
}


def log_level(text: str) -> Decoded:
    """The level of LOG; warning (4) is the default and not saved."""
    level = _LOG_LEVEL_NAMES.get(text.lower(), number(text, 7))
    if level is None:
        raise Refused(f"{quoted(text)} is not a log level", f"Valid are: {', '.join(_LOG_LEVELS)}.")
    return (level, str(level)) if level != 4 else None


_REJECTIONS = (
    "icmp-net-unreachable",
    "icmp-host-unreachable",
    "icmp-proto-unreachable",
    "icmp-port-unreachable",
    "icmp-net-prohibited",
    "icmp-host-prohibited",
    "tcp-reset",
    "icmp-admin-prohibited",
)
_OTHER_REJECTIONS = {
    "net-unreach": 0,
    "host-unreach": 1,
    "proto-unreach": 2,
    "port-unreach": 3,
    "net-prohib": 4,
    "host-prohib": 5,
    "tcp-rst": 6,
    "admin-prohib": 7,
}


def rejection(text: str) -> Decoded:
    """The answer of REJECT."""
    name = text.lower()
    if name in _OTHER_REJECTIONS:
        name = _REJECTIONS[_OTHER_REJECTIONS[name]]
    known = [full for full in _REJECTIONS if full.startswith(name)]
    if len(known) != 1 and name not in _REJECTIONS:
        raise Refused(
            f"{quoted(text)} is not an answer that REJECT can give",
            f"Valid are: {', '.join(_REJECTIONS)}.",
        )
    name = name if name in _REJECTIONS else known[0]
    return name, name


_ICMP_TYPES = {
    "echo-reply": "0",
    "pong": "0",
    "destination-unreachable": "3",
    "network-unreachable": "3/0",
    "host-unreachable": "3/1",
    "protocol-unreachable": "3/2",
    "port-unreachable": "3/3",
    "fragmentation-needed": "3/4",
    "source-route-failed": "3/5",
    "network-unknown": "3/6",
    "host-unknown": "3/7",
    "network-prohibited": "3/9",
    "host-prohibited": "3/10",
    "tos-network-unreachable": "3/11",
    "tos-host-unreachable": "3/12",
    "communication-prohibited": "3/13",
    "host-precedence-violation": "3/14",
    "precedence-cutoff": "3/15",
    "source-quench": "4",
    "redirect": "5",
    "network-redirect": "5/0",
    "host-redirect": "5/1",
    "echo-request": "8",
    "ping": "8",
    "router-advertisement": "9",
    "router-solicitation": "10",
    "time-exceeded": "11",
    "ttl-exceeded": "11",
    "ttl-zero-during-transit": "11/0",
    "ttl-zero-during-reassembly": "11/1",
    "parameter-problem": "12",
    "ip-header-bad": "12/0",
    "required-option-missing": "12/1",
    "timestamp-request": "13",
    "timestamp-reply": "14",
    "address-mask-request": "17",
    "address-mask-reply": "18",
    "any": "any",
}


def icmp_type(text: str) -> Decoded:
    """An ICMP type by name or number, optionally followed by a slash and a code."""
    saved = _ICMP_TYPES.get(text.lower())
    if saved is None:
        if any(number(part, 255) is None for part in text.split("/", 1)):
            raise Refused(f"{quoted(text)} is not an ICMP type", "Write echo-request, or a number.")
        saved = text
    return saved, saved


_ARP_OPERATIONS = (
    "Request",
    "Reply",
    "Request_Reverse",
    "Reply_Reverse",
    "DRARP_Request",
    "DRARP_Reply",
    "DRARP_Error",
    "InARP_Request",
    "ARP_NAK",
)


def arp_operation(text: str) -> Decoded:
    """An ARP opcode by name or number."""
    for code, name in enumerate(_ARP_OPERATIONS, 1):
        if text.lower() == name.lower():
            return code, str(code)
    code_text, _, mask = text.partition("/")
    operation = number(code_text, 65535)
    if operation is None:
        raise Refused(f"{quoted(text)} is not an ARP opcode", "Write Request, Reply or a number.")
    return operation, f"{operation}/{mask}" if mask else str(operation)
