r"""How iptables reads the value of an option, and how iptables-save spells it.

Each reader takes the word (two words joined by a space, for the few options that take two) and
returns the decoded value with its saved spelling.  It returns None if iptables drops the option
because it excludes nothing (`--dport 0:65535`, `-s 0/0`), raises `Refused` if iptables rejects the
value, and `Unresolved` if only the host knows it.

All spellings were measured with iptables 1.8.9, both back ends.
"""

import re
from collections.abc import Callable

from lvscf.firewall.language.names import SERVICES, protocol_name, protocol_number
from lvscf.firewall.model import Bits, Endpoint, Network, Ranges, Value
from lvscf.firewall.refusals import Refused, Unresolved
from lvscf.shared import ipv4
from lvscf.source import quoted

Decoded = tuple[Value, str] | None
Decoder = Callable[[str], Decoded]

LAST_PORT = 65535
MOST_MULTIPORT_SLOTS = 15
"""The most ports in one multiport match; a range counts as two."""
_LONGEST_INTERFACE = 15
_LONGEST_COMMENT = 255
_HOST_NAME = re.compile(
    r"(?![\d.]+\Z)[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?"
    r"(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*\.?\Z"
)
_PLACEHOLDER = re.compile(r"([0-9]{1,3}|[a-zA-Z]{1,3})(\.([0-9]{1,3}|[a-zA-Z]{1,3}|\*)){3}\Z")
_SERVICE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*\Z")
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]{1,16}\Z|0[0-7]{0,20}\Z|[1-9][0-9]{0,18}\Z")
_PLAIN_WORD = re.compile(r"[A-Za-z0-9_-]+\Z")


def number(text: str, most: int = ipv4.ALL_ONES) -> int | None:
    """An unsigned number as C's strtoul with base 0 reads it (decimal, 0x hex, 0 octal), or None.

    None also means a number above `most`, which iptables rejects.
    """
    if not _NUMBER.match(text):
        return None
    base = 16 if text[:2] in ("0x", "0X") else 8 if text[0] == "0" else 10
    value = int(text, base)
    return value if value <= most else None


def quote(text: str, *, always: bool = False) -> str:
    """Write `text` as iptables-save does: quoted unless all letters, digits, `-` and `_`."""
    if not always and _PLAIN_WORD.match(text):
        return text
    return '"' + re.sub(r"([\"'\\])", r"\\\1", text) + '"'


# Addresses.


def _quads(text: str) -> int | None:
    """An address as iptables reads it: parts may be octal or hexadecimal, missing ones are 0."""
    parts = text.split(".")
    if len(parts) > 4:
        return None
    address = 0
    for part in (*parts, "0", "0", "0")[:4]:
        value = number(part, 255)
        if value is None:
            return None
        address = address << 8 | value
    return address


def _mask(text: str) -> int | None:
    if text.isascii() and text.isdecimal():
        bits = int(text) if len(text) <= 3 else 33
        return ipv4.ALL_ONES << 32 - bits & ipv4.ALL_ONES if bits <= 32 else None
    return ipv4.number(text)


def network_text(network: Network) -> str:
    """A network as iptables-save writes it: with its prefix length, or a mask that has none."""
    bits = network.mask.bit_count()
    contiguous = network.mask == ipv4.ALL_ONES << 32 - bits & ipv4.ALL_ONES
    return f"{ipv4.dotted(network.address)}/{bits if contiguous else ipv4.dotted(network.mask)}"


def network(text: str) -> Decoded:
    """An address or network: `10.0.0.1`, `10/8`, `10.0.0.1/255.255.255.0`; not a list."""
    host, slash, mask_text = text.partition("/")
    mask = _mask(mask_text) if slash else ipv4.ALL_ONES
    if mask is None:
        raise Refused(
            f"{quoted(mask_text)} is not a netmask",
            "Write a prefix length from 0 to 32, or a mask such as 255.255.255.0.",
        )
    address = ipv4.number(host)
    if address is None:
        address = _quads(host)
    if address is None:
        if _PLACEHOLDER.match(host) or any(c in host for c in "<>[]"):
            raise Refused(
                f"{quoted(text)} is a placeholder, not an address", "Write the actual address here."
            )
        if ":" in host and re.match(r"[0-9a-fA-F:.]+\Z", host):
            raise Refused(
                f"{quoted(text)} is an IPv6 address, and iptables is only for IPv4",
                "Use ip6tables for IPv6 rules.",
            )
        if not _HOST_NAME.match(host):
            raise Refused(f"{quoted(text)} is not an address")
        raise Unresolved(f"the host name {quoted(host)} is looked up when the rule is loaded")
    if mask == 0:
        return None
    value = Network(address & mask, mask)
    return value, network_text(value)


def arp_network(text: str) -> Decoded:
    """An address in arptables, which saves single addresses without `/32`."""
    reading = network(text)
    if reading is None:
        return None
    return reading[0], reading[1].removesuffix("/32")


def one_address(text: str) -> int:
    """A single dotted address, for options that do not accept names."""
    address = ipv4.number(text)
    if address is None:
        raise Refused(f"{quoted(text)} is not an IPv4 address")
    return address


def address_value(text: str) -> Decoded:
    """One address, alone."""
    address = one_address(text)
    return Network(address, ipv4.ALL_ONES), ipv4.dotted(address)


def address_range(text: str) -> Decoded:
    """`10.0.0.1-10.0.0.9`; a single address is a range of one."""
    low_text, dash, high_text = text.partition("-")
    low = one_address(low_text)
    high = one_address(high_text) if dash else low
    ranges = ((low, high),) if low <= high else ()  # reversed: saved, and never matches
    return Ranges(ranges), f"{ipv4.dotted(low)}-{ipv4.dotted(high)}"


# Ports.


def port(text: str) -> int:
    """A port by number or name."""
    value = number(text, LAST_PORT)
    if value is None:
        value = SERVICES.get(text.lower())
    if value is None:
        if not _SERVICE_NAME.match(text) or text.isdecimal() or text[:2] in ("0x", "0X"):
            raise Refused(f"{quoted(text)} is not a port", _port_advice(text))
        if re.match(r"[0-9]+-[0-9]+\Z", text):
            raise Refused(
                f"{quoted(text)} is not a port or range",
                f"Write a range with a colon: {text.replace('-', ':')}.",
            )
        raise Unresolved(f"the service name {quoted(text)} is looked up when the rule is loaded")
    return value


def _port_advice(text: str) -> str | None:
    if "," in text:
        return f"Several ports need the multiport match: -m multiport --dports {text}."
    if text == "":
        return "Write no space after a comma, and no comma at the end."
    return f"A port is a number from 0 to {LAST_PORT} or the name of a service."


def _range_text(low: int, high: int, sign: str = ":") -> str:
    return str(low) if low == high else f"{low}{sign}{high}"


def port_range(text: str) -> Decoded:
    """`80`, `http`, `1024:`, `:1023`, `10000:20000`; all ports means no condition."""
    low_text, colon, high_text = text.partition(":")
    if colon and (low_text or high_text) and "," not in text:
        low = port(low_text) if low_text else 0
        high = port(high_text) if high_text else LAST_PORT
    elif colon and text == ":":
        low, high = 0, LAST_PORT
    else:
        low = high = port(text)
    if low > high:
        raise Refused(f"the port range {quoted(text)} runs backwards", f"Write {high}:{low}.")
    if (low, high) == (0, LAST_PORT):
        return None
    return Ranges(((low, high),)), _range_text(low, high)


def port_list(text: str) -> Decoded:
    """The `80,443,10000:20000` of multiport; a range takes two slots."""
    ranges = []
    slots = 0
    for item in text.split(","):
        low_text, colon, high_text = item.partition(":")
        low = port(low_text)
        high = port(high_text) if colon else low
        if low > high or (colon and low == high):
            raise Refused(
                f"the port range {quoted(item)} is empty or runs backwards",
                f"Write {low} alone." if low == high else f"Write {high}:{low}.",
            )
        ranges.append((low, high))
        slots += 2 if colon else 1
    if slots > MOST_MULTIPORT_SLOTS:
        raise Refused(
            f"multiport takes at most {MOST_MULTIPORT_SLOTS} ports (a range counts as two), and "
            f"here are {slots}",
            "Split them between two rules.",
        )
    return Ranges(tuple(ranges)), ",".join(_range_text(low, high) for low, high in ranges)


def new_ports(text: str) -> Decoded:
    """REDIRECT's and MASQUERADE's `8080` or `8080-8089`."""
    if ":" in text or "," in text:
        raise Refused(
            f"{quoted(text)} is not a port or range",
            "Write one port, or a range with a dash: 8080-8089.",
        )
    low_text, dash, high_text = text.partition("-")
    low = number(low_text, LAST_PORT)
    if low is None:  # a name, which may itself contain a dash
        low = high = port(text)
    else:
        last = number(high_text, LAST_PORT) if dash else low
        if last is None:
            raise Refused(f"{quoted(text)} is not a port or range")
        high = last
    if low > high:
        raise Refused(f"the port range {quoted(text)} runs backwards", f"Write {high}-{low}.")
    return Ranges(((low, high),)), _range_text(low, high, "-")


def endpoint(text: str) -> Decoded:
    """DNAT's and SNAT's `ADDRESS[-ADDRESS][:PORT[-PORT]]`, or `:PORT`."""
    address_part, colon, port_part = text.partition(":")
    ports = None
    base = ""
    if colon:
        port_part, slash, base = port_part.partition("/")
        base = slash + base
        reading = new_ports(port_part)
        assert reading is not None
        value, port_part = reading
        assert isinstance(value, Ranges)
        ports = value.ranges[0]
    addresses = None
    if address_part:
        low_text, dash, high_text = address_part.partition("-")
        low = one_address(low_text)
        high = one_address(high_text) if dash else low
        if low > high:
            raise Refused(f"the address range {quoted(address_part)} runs backwards")
        addresses = (low, high)
        address_part = ipv4.dotted(low) + (f"-{ipv4.dotted(high)}" if high > low else "")
    elif not colon:
        raise Refused("an address or a port is missing")
    saved = address_part + (f":{port_part}{base}" if colon else "")
    return Endpoint(addresses, ports, bool(base)), saved


# Marks.


def _bits(text: str) -> tuple[int, int | None]:
    value_text, slash, mask_text = text.partition("/")
    value = number(value_text)
    mask = number(mask_text) if slash else None
    if value is None or (slash and mask is None):
        raise Refused(
            f"{quoted(text)} is not a mark",
            f"A mark is a number from 0 to {ipv4.ALL_ONES} (0x for hexadecimal), optionally "
            "followed by a slash and a mask.",
        )
    return value, mask


def _change(value: int, mask: int) -> Decoded:
    """A change of the mark: clear the bits of `mask`, then exclusive-or `value`."""
    return Bits(value, mask), f"{value:#x}/{mask:#x}"


def set_mark(text: str) -> Decoded:
    """`--set-mark VALUE[/MASK]`: clears the bits of value and mask, then sets those of value."""
    value, mask = _bits(text)
    return _change(value, ipv4.ALL_ONES if mask is None else value | mask)


def set_xmark(text: str) -> Decoded:
    """`--set-xmark VALUE[/MASK]`: clears the bits of the mask, then exclusive-ors the value."""
    value, mask = _bits(text)
    return _change(value, ipv4.ALL_ONES if mask is None else mask)


def _plain_bits(text: str) -> int:
    value, mask = _bits(text)
    if mask is not None:
        raise Refused(f"{quoted(text)} has a mask, which this option does not take")
    return value


def or_mark(text: str) -> Decoded:
    """`--or-mark BITS`."""
    value = _plain_bits(text)
    return _change(value, value)


def and_mark(text: str) -> Decoded:
    """`--and-mark BITS`."""
    return _change(0, ~_plain_bits(text) & ipv4.ALL_ONES)


def xor_mark(text: str) -> Decoded:
    """`--xor-mark BITS`."""
    return _change(_plain_bits(text), 0)


def match_mark(text: str) -> Decoded:
    """`-m mark --mark VALUE[/MASK]`."""
    value, mask = _bits(text)
    if mask is None or mask == ipv4.ALL_ONES:
        return Bits(value, ipv4.ALL_ONES), f"{value:#x}"
    return Bits(value, mask), f"{value:#x}/{mask:#x}"


def mark_mask(text: str) -> Decoded:
    """A mask alone, as `--nfmask` takes it."""
    value = _plain_bits(text)
    return value, f"{value:#x}"


def masked_bits(text: str) -> Decoded:
    """The mark of TPROXY: `VALUE[/MASK]`."""
    value, mask = _bits(text)
    mask = ipv4.ALL_ONES if mask is None else mask
    return Bits(value, mask), f"{value:#x}/{mask:#x}"


# Everything else.


def protocol(text: str) -> Decoded:
    """A protocol by name or number; `all` and 0 mean no condition."""
    value = protocol_number(text)
    if value is None:
        raise Refused(f"{quoted(text)} is not a protocol", "Write tcp, udp, icmp or a number.")
    return (value, protocol_name(value)) if value else None


def protocol_digits(text: str) -> Decoded:
    """A protocol that is saved as a number."""
    value = protocol_number(text)
    if value is None:
        raise Refused(f"{quoted(text)} is not a protocol")
    return value, str(value)


def interface(text: str) -> Decoded:
    """The name of an interface; a `+` at the end matches any ending."""
    if text == "":
        raise Refused("the name of the interface is empty")
    if len(text) > _LONGEST_INTERFACE:
        raise Refused(
            f"the interface name {quoted(text)} is longer than {_LONGEST_INTERFACE} characters"
        )
    return (text, text) if text != "+" else None


def comment(text: str) -> Decoded:
    """The text of a comment."""
    if len(text.encode("utf-8", "surrogatepass")) > _LONGEST_COMMENT:
        raise Refused(f"a comment has at most {_LONGEST_COMMENT} characters")
    return text, quote(text)


def words(text: str) -> Decoded:
    """Text that lvscf keeps as it is; quoted only if necessary."""
    return text, text if re.match(r"[^\s\"'\\]+\Z", text) else quote(text)


def prefix(text: str) -> Decoded:
    """A log prefix."""
    return text, quote(text)


def quoted_words(text: str) -> Decoded:
    """Text that iptables-save always quotes."""
    return text, quote(text, always=True)


def lower_words(text: str) -> Decoded:
    """Text in any case."""
    return text.lower(), text.lower()


def probability(text: str) -> Decoded:
    """A probability from 0 to 1."""
    try:
        share = float(text)
    except ValueError:
        raise Refused(f"{quoted(text)} is not a probability") from None
    if not 0 <= share <= 1:
        raise Refused(f"{quoted(text)} is not a probability from 0 to 1")
    return text, f"{share:.11f}"


_RATE_UNITS = ("second", "minute", "hour", "day")


def rate(text: str) -> Decoded:
    """A rate such as `3/min`; the unit may be abbreviated, and is the second if absent."""
    count, slash, unit = text.partition("/")
    units = [full for full in _RATE_UNITS if slash and unit and full.startswith(unit.lower())]
    if not slash:
        units = ["second"]
    if not count.isdecimal() or not int(count) or not units:
        raise Refused(f"{quoted(text)} is not a rate", "Write a rate such as 3/min.")
    short = {"second": "sec", "minute": "min"}.get(units[0], units[0])
    return text, f"{count}/{short}"


def burst(text: str) -> Decoded:
    """The burst of limit; 5 is the default and not saved."""
    count = number(text, 10000)
    if count is None:
        raise Refused(f"{quoted(text)} is not a number from 0 to 10000")
    return (count, str(count)) if count != 5 else None
