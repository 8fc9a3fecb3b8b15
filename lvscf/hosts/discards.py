"""Packets that no rule drops, and that the kernel discards all the same: by its settings.

Facts: the kernel's ip-sysctl.txt.  Both checks are part of routing, after PREROUTING.
"""

from collections.abc import Iterator

from attrs import field, frozen

from lvscf.findings.place import Place
from lvscf.firewall.packets import Packet, Way
from lvscf.hosts.host import Host
from lvscf.hosts.routing import passes_source_check
from lvscf.shared.records import compared

FORWARDING = "net.ipv4.ip_forward"


@compared
@frozen(eq=False, repr=False)
class Discard:
    """A setting by which a host's kernel discards a packet."""

    setting: str
    """Its name: `net.ipv4.ip_forward`."""
    reason: str
    """A part of a sentence."""
    place: Place | None = field(default=None, eq=False)
    """Where the setting is."""


def discards(host: Host, packet: Packet, way: Way) -> Iterator[Discard]:
    """Why a host certainly discards a packet that comes in.

    Args:
        host: what is known of the host.
        packet: the packet; `rp_filter` is judged by its source and its interface.
        way: the packet's way.  What the host sends itself passes neither check.
    """
    if way == "output":
        return
    if packet.source is not None and packet.interface is not None:
        device = packet.interface.partition(":")[0]
        if passes_source_check(host, packet.source, device) is False:
            yield _failed_source_check(host, packet.source, device)
    if way == "forward":
        yield from forwarding_off(host)


def forwarding_off(host: Host) -> Iterator[Discard]:
    """Why a host certainly discards every packet that is for another one."""
    if host.settings.value(FORWARDING) == "0":
        line = host.settings.line(FORWARDING)
        yield Discard(FORWARDING, f"`{FORWARDING}` is 0", line.place if line else None)


def _failed_source_check(host: Host, source: str, device: str) -> Discard:
    if host.has_address(source):
        lines = host.settings.deciding(device, "accept_local")
        reason = f"its source {source} is the host's own address, and `accept_local` is 0"
        name = "accept_local"
    else:
        lines = host.settings.deciding(device, "rp_filter")
        mode = host.settings.of_device(device, "rp_filter")
        name, value = "rp_filter", "on" if mode is None else mode
        reason = f"`rp_filter` is {value} for {device}, and the way to {source} is another"
    place = lines[0].place if lines else None
    return Discard(f"net.ipv4.conf.{device}.{name}", reason, place)
