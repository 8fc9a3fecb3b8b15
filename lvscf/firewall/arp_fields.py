"""The conditions of arptables rules as questions about the fields of an ARP packet."""

from typing import Literal, Protocol

from lvscf.firewall.model import Network, Setting
from lvscf.shared import ipv4

ArpChain = Literal["INPUT", "OUTPUT", "FORWARD"]

ORDINARY = "ordinary"
"""Stands for the hardware address of a single host that no rule singles out."""

_ETHERNET = 1
"""The hardware type of Ethernet."""
_HARDWARE_LENGTH = 6
"""The length of an Ethernet address, in bytes."""
_IPV4 = 0x0800
"""The protocol type of IPv4."""
_MULTICAST = 1 << 40
"""The bit that group addresses have, in the first of the six bytes."""
_ALL_ONES = (1 << 48) - 1
_NAMED_ADDRESSES = {
    "unicast": (0, _MULTICAST),
    "multicast": (_MULTICAST, _MULTICAST),
    "broadcast": (_ALL_ONES, _ALL_ONES),
    "bga": (0x0180C2000000, _ALL_ONES),
}
"""Values and masks of the words that arptables has for hardware addresses."""


class Packet(Protocol):
    """The fields that conditions ask about."""

    @property
    def operation(self) -> int:
        """1 for a request, 2 for a reply."""

    @property
    def source(self) -> str | None:
        """The sender's address."""

    @property
    def destination(self) -> str | None:
        """The target's address."""

    @property
    def device(self) -> str | None:
        """The device that it comes in on, or goes out on."""

    @property
    def source_hardware(self) -> str | None:
        """The sender's hardware address."""

    @property
    def destination_hardware(self) -> str | None:
        """The target's hardware address."""


def answer_of(setting: Setting, packet: Packet, chain: ArpChain) -> bool | None:
    """Whether a condition, before any `!`, is met in a base chain; None if that is not known.

    Args:
        setting: the condition; its value is known.
        packet: the packet.
        chain: the base chain: in INPUT nothing goes out on a device, in OUTPUT nothing comes in on
            one, and of the two devices in FORWARD none is known.
    """
    name = setting.name
    if name in ("-s", "-d"):
        return _within(setting, packet.source if name == "-s" else packet.destination)
    if name in ("-i", "-o"):
        if chain == ("OUTPUT" if name == "-i" else "INPUT"):
            return _like(setting.text, "")
        return _like(setting.text, None if chain == "FORWARD" else packet.device)
    if name in ("--src-mac", "--dst-mac"):
        asked = packet.source_hardware if name == "--src-mac" else packet.destination_hardware
        return _has_hardware_address(setting.text, asked)
    if name == "--opcode":
        return _is_number(setting.text, packet.operation, 10)
    if name == "--h-length":
        return _is_number(setting.text, _HARDWARE_LENGTH, 10)
    if name == "--h-type":  # arptables reads a number as hexadecimal
        return setting.text == "ethernet" or _is_number(setting.text, _ETHERNET, 16)
    if name == "--proto-type":
        return setting.text == "ipv4" or _is_number(setting.text, _IPV4, 0)
    return None


def _within(setting: Setting, address: str | None) -> bool | None:
    network = setting.value
    if not isinstance(network, Network):
        return True  # `0/0`
    number = ipv4.number(address) if address is not None else None
    return None if number is None else number & network.mask == network.address


def _like(pattern: str, device: str | None) -> bool | None:
    if pattern in ("", "+"):
        return True
    if device is None:
        return None
    if pattern.endswith("+"):
        return device.startswith(pattern[:-1])
    return device == pattern


def _has_hardware_address(text: str, address: str | None) -> bool | None:
    wanted = _NAMED_ADDRESSES.get(text)
    if wanted is None:
        value_text, slash, mask_text = text.partition("/")
        value, mask = _hardware_number(value_text), _ALL_ONES
        if slash:
            given = _hardware_number(mask_text)
            if given is None:
                return None
            mask = given
        if value is None:
            return None
        wanted = value, mask
    if address == ORDINARY:
        if wanted[1] == _ALL_ONES:
            return False
        return wanted[0] == 0 if wanted[1] == _MULTICAST else None
    number = _hardware_number(address) if address is not None else None
    return None if number is None else (number ^ wanted[0]) & wanted[1] == 0


def _hardware_number(address: str) -> int | None:
    """The number of an Ethernet address; None for anything else."""
    parts = address.split(":")
    if len(parts) != 6:
        return None
    found = 0
    for part in parts:
        if not 1 <= len(part) <= 2 or not all(one in "0123456789abcdefABCDEF" for one in part):
            return None
        found = found << 8 | int(part, 16)
    return found


def _is_number(text: str, number: int, base: int) -> bool | None:
    """Whether a number is the one written, in the bits of its mask; None if it cannot be read."""
    wanted, slash, mask = text.partition("/")
    try:
        bits = int(mask, base) if slash else -1
        return (int(wanted, base) ^ number) & bits == 0
    except ValueError:
        return None
