"""Ways: the chains through which a packet passes, and the packet as it sets out."""

from collections.abc import Mapping

from lvscf.firewall.language.options import PORT_PROTOCOLS
from lvscf.firewall.language.vocabulary import FLAG_BITS, LATER_BITS, SYN_BITS
from lvscf.firewall.packets import Packet, Way
from lvscf.firewall.tracing.branches import (
    ANY_ADDRESS,
    ANY_PORT,
    CLIENT_PORT,
    Branch,
    Journey,
    known_or,
)
from lvscf.shared import ipv4

HOOKS: Mapping[Way, tuple[str, ...]] = {
    "input": ("ingress", "prerouting", "input"),
    "forward": ("ingress", "prerouting", "forward", "postrouting"),
    "output": ("output", "postrouting"),
}
"""The hooks of each way, in the kernel's order."""


def flag_bits(packet: Packet, *, established: bool) -> int | None:
    """The packet's TCP flags; None for those of any later packet."""
    if packet.flags is not None:
        return FLAG_BITS[packet.flags]
    return None if established else LATER_BITS.get(packet.state or "", SYN_BITS)


def departure(packet: Packet, journey: Journey) -> Branch:
    """The branch at the start of a trace, from the packet's fields."""
    reply = journey.reply
    destination = known_or(ipv4.number(packet.destination or ""), ANY_ADDRESS)
    # A reply goes to the port that the system chose for the program that opened the connection.
    chosen = reply and journey.protocol in PORT_PROTOCOLS
    port = known_or(packet.port, CLIENT_PORT if chosen else ANY_PORT)
    return Branch(
        source=known_or(ipv4.number(packet.source or ""), ANY_ADDRESS),
        source_port=known_or(packet.source_port, ANY_PORT if reply else CLIENT_PORT),
        destination=destination,
        port=port,
        interface=packet.interface.partition(":")[0] if packet.interface else None,
        outgoing=packet.outgoing.partition(":")[0] if packet.outgoing else None,
        first_destination=destination,
        first_port=port,
        mark=packet.mark,
        tracked=packet.state != "UNTRACKED",
    )
