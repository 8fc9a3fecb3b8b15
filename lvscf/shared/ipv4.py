"""IPv4 addresses and networks, as numbers.

Rules ask on every run which addresses share a network.  Importing the standard library's
`ipaddress` would cost a tenth of the whole run, and these few questions need only masks.  Addresses
come as the reader holds them: as dotted quads, or as host names, which have no number.
"""

Network = tuple[int, int]
"""The first address and the mask."""

ALL_ONES = 0xFFFFFFFF
"""32 bits: the mask of a single address; also that of a whole firewall mark."""


def number(address: str) -> int | None:
    """The number of a dotted quad; None for anything else, such as a host name."""
    parts = address.split(".")
    if len(parts) != 4:
        return None
    found = 0
    for part in parts:
        if not (part.isascii() and part.isdecimal() and len(part) <= 3 and int(part) <= 255):
            return None
        found = found << 8 | int(part)
    return found


def dotted(address: int) -> str:
    """The dotted quad of a number."""
    return f"{address >> 24}.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}"


def mask_of(length: int) -> int:
    """The netmask with this prefix length."""
    return ALL_ONES << (32 - length) & ALL_ONES


def prefix_of(mask: int) -> int | None:
    """The prefix length of a netmask; None for a mask with holes."""
    hosts = ~mask & ALL_ONES
    return None if hosts & (hosts + 1) else mask.bit_count()


def network_of(address: str, netmask: str) -> Network | None:
    """The network of an address.

    None if the mask leaves no room for other hosts (0.0.0.0, 255.255.255.254 and .255) or has
    holes, and if the address is a host name or not set (0.0.0.0).
    """
    one, mask = number(address), number(netmask)
    if not one or not mask:
        return None
    hosts = ~mask & ALL_ONES
    if hosts < 3 or hosts & (hosts + 1):
        return None
    return one & mask, mask


def classful_network(address: int) -> Network | None:
    """The network of the class of an address: A, B or C; None for multicast and above.

    The kernel uses its mask for an address that `ifconfig` brings up without one.
    """
    if address >> 31 == 0:
        mask = 0xFF000000
    elif address >> 30 == 0b10:
        mask = 0xFFFF0000
    elif address >> 29 == 0b110:
        mask = 0xFFFFFF00
    else:
        return None
    return address & mask, mask


def contains(network: Network, address: int | None) -> bool:
    """Whether an address is in a network; False for a host name (None)."""
    first, mask = network
    return address is not None and address & mask == first


def broadcast(network: Network) -> int:
    """The last address of a network."""
    first, mask = network
    return first | ~mask & ALL_ONES


def shown(network: Network) -> str:
    """A network in the usual notation, such as `10.10.1.0/24`."""
    first, mask = network
    return f"{dotted(first)}/{mask.bit_count()}"
