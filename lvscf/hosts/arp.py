"""ARP on a host: which addresses it answers for, and which one its own requests carry.

A host that holds a VIP answers requests for it, unless kernel settings or its ARP filter prevent
it.  When it sends packets from the VIP, it may also name the VIP as the sender of its requests, and
whoever gets these learns the host's hardware address for the VIP.

Facts: the kernel's ip-sysctl.txt, and answers measured in running kernels.  What counts of
`arp_ignore` and `arp_announce` is the larger value of `all` and of the device on which a request
comes in or goes out; `default` is for devices that are added later, and no request comes in on
`lo`.  Values without a meaning act as 0 does.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Literal

from lvscf.findings.place import Place
from lvscf.firewall.arp_fields import ORDINARY, ArpChain
from lvscf.firewall.arp_packets import (
    NO_HARDWARE_ADDRESS,
    REPLY,
    REQUEST,
    ArpFilter,
    ArpOutcome,
    ArpPacket,
)
from lvscf.firewall.model import Rule
from lvscf.hosts.facts import Address, KernelSetting
from lvscf.hosts.host import Host
from lvscf.shared import ipv4
from lvscf.shared.records import evolved, record

_NEVER = 8
"""The value of `arp_ignore` with which a host answers no request, not even for its own address."""

_MOST_DIGITS = 11
"""No number of 32 bits has as many digits."""

Cause = Literal["nothing", "not held", "no ARP", "settings", "filter", "route"]
"""What decides: the address is not the host's, the device does no ARP, kernel settings, the ARP
filter, which drops a packet or changes its sender, or (for `arp_filter = 1`) routes."""


@record
class ArpDecision:
    """Whether a host does something, and why."""

    holds: bool | None
    """None if the files do not show it."""
    cause: Cause = "nothing"
    places: tuple[Place, ...] = ()
    """The lines that decide: kernel settings, addresses."""
    rule: Rule | None = None
    """The rule that decides; None for a policy."""
    assumed: bool = False
    """Whether a setting that no file shows is assumed to have the kernel's default, 0."""


@record
class Announcement:
    """What a host's own requests carry as their sender, for packets from one of its addresses."""

    senders: frozenset[str | None]
    """All possible ones; None for one that the files do not show; empty if no request goes out."""
    chosen: frozenset[str | None] = frozenset()
    """The possible senders before the ARP filter."""
    certain: bool = True
    """False if a rule may drop the requests."""
    places: tuple[Place, ...] = ()
    """The settings that decide."""
    rule: Rule | None = None
    """The rule that changes or drops the requests."""
    assumed: bool = False
    """See `ArpDecision`."""

    def carries(self, address: str) -> bool | None:
        """Whether the requests carry an address; None if the files do not show it."""
        if address not in self.senders and None not in self.senders:
            return False
        return True if self.senders == {address} and self.certain else None


@record
class _InForce:
    """The value of a device's setting that is in force."""

    value: int | None
    places: tuple[Place, ...]
    assumed: bool


@record(slots=False)
class ArpHost:
    """A host as its neighbours on a network see it."""

    host: Host

    @cached_property
    def filters(self) -> tuple[ArpFilter, ...]:
        """Its ARP filter, once for each file that shows it."""
        return tuple(ArpFilter(one) for one in self.host.arp_filters)

    @cached_property
    def addresses(self) -> tuple[Address, ...]:
        """Its addresses."""
        return self.host.present_addresses

    @cached_property
    def networks(self) -> tuple[Address, ...]:
        """Those of its addresses that are in a network with others, few of many."""
        return tuple(one for one in self.addresses if one.prefix < 32)

    @cached_property
    def _by_address(self) -> dict[str, list[Address]]:
        found: dict[str, list[Address]] = {}
        for one in self.addresses:
            found.setdefault(one.address, []).append(one)
        return found

    def held(self, address: str) -> list[Address]:
        """An address as the host has it: on each device."""
        return self._by_address.get(address, [])

    def has(self, address: str) -> bool | None:
        """Whether an address is the host's own; None if the files do not show it.

        On `lo`, every address of a network is.
        """
        if self.held(address) or self._is_covered(address):
            return True
        return self.host.has_address(address)

    # --- requests of others ----------------------------------------------------------------------

    def answers(self, address: str, device: str, requester: str | None = None) -> ArpDecision:
        """Whether a request for an address that comes in on a device gets an answer.

        Only a reply that still carries the address counts: from one whose sender the ARP filter
        changes, nobody learns anything about it.

        Args:
            address: what is asked for.
            device: the kernel's name of the device.
            requester: who asks: a host whose hardware address no rule names; None for any of the
                address's network.
        """
        found: list[ArpDecision] = []
        for made, received in self._replies(address, device, requester):
            if made.holds is False:
                found.append(made)
                continue
            reply = ArpPacket(
                REPLY,
                received.destination,
                received.source,
                device,
                self._hardware(device),
                received.source_hardware,
            )
            for sent in self._followed("OUTPUT", reply):
                carries = sent.accepted and sent.packet.source == address
                if not carries and sent.complete:
                    rule = sent.changed_by if sent.accepted else sent.decided_by
                    found.append(ArpDecision(False, "filter", (), rule))
                else:
                    found.append(made if sent.complete else evolved(made, holds=None))
        return _together(found)

    def replies(self, address: str, device: str, requester: str | None = None) -> ArpDecision:
        """Whether the host makes a reply about an address, before its ARP filter's OUTPUT."""
        return _together(
            [
                made
                if made.holds is False or received.destination == address
                else ArpDecision(False, "filter")
                for made, received in self._replies(address, device, requester)
            ]
        )

    def _replies(
        self, address: str, device: str, requester: str | None
    ) -> Iterable[tuple[ArpDecision, ArpPacket]]:
        """What the kernel does with a request, for each way through INPUT."""
        request = ArpPacket(REQUEST, requester, address, device, ORDINARY, NO_HARDWARE_ADDRESS)
        for received in self._followed("INPUT", request):
            packet = received.packet
            if not received.accepted and received.complete:
                yield ArpDecision(False, "filter", (), received.decided_by), packet
            elif packet.destination is None or not received.accepted:
                yield ArpDecision(None, "filter", (), received.decided_by), packet
            else:
                made = self.would_reply(packet.destination, device, packet.source)
                unclear = made.holds and not received.complete
                yield evolved(made, holds=None) if unclear else made, packet

    def would_reply(self, address: str, device: str, requester: str | None = None) -> ArpDecision:
        """Whether the kernel replies to a request that its ARP filter lets in.

        Args: see `answers`.
        """
        known = self.host.device(device)
        if known is not None and (known.arp is False or known.up is False):
            return ArpDecision(False, "no ARP", _places([known.place]))
        held = self.held(address)
        has = self.has(address)
        if not has:
            return ArpDecision(has, "not held")
        ignore = self._in_force(device, "arp_ignore")
        places = (*ignore.places, *_places(one.place for one in held))
        if ignore.value is None:
            return ArpDecision(None, "settings", places)
        if not self._shows(ignore.value, held, device, address, requester):
            return ArpDecision(False, "settings", places, assumed=ignore.assumed)
        restricted = self._in_force(device, "arp_filter", either=True)
        if restricted.value != 0 and not self._returns(device, requester, address):
            return ArpDecision(None, "route", restricted.places)
        # Hardly any host has `arp_filter`: a file without it is one that shows what was set.
        return ArpDecision(True, "nothing", places, assumed=ignore.assumed)

    def _shows(
        self, ignore: int, held: list[Address], device: str, address: str, requester: str | None
    ) -> bool:
        """Whether `arp_ignore` lets the kernel reply for an address."""
        if ignore in (1, 2):
            here = [one for one in held if one.device == device]
            return bool(here) and (ignore == 1 or self._shares(device, address, requester))
        if ignore == 3:
            return any(one.scope != "host" for one in held)
        return ignore != _NEVER

    def _shares(self, device: str, address: str, requester: str | None) -> bool:
        """Whether a network of a device holds both an address and the host that asks for it."""
        number = ipv4.number(address)
        asking = ipv4.number(requester) if requester is not None else None
        return any(
            ipv4.contains(one.network, number)
            and (requester is None or ipv4.contains(one.network, asking))
            for one in self.networks
            if one.device == device
        )

    def _is_covered(self, address: str) -> bool:
        """Whether a network on `lo` makes an address the host's own: all of it is, there."""
        number = ipv4.number(address)
        return any(
            one.device == "lo" and ipv4.contains(one.network, number) for one in self.networks
        )

    def _returns(self, device: str, requester: str | None, address: str) -> bool:
        """Whether packets to a host that asks certainly leave by the device it asked on."""
        number = ipv4.number(requester or address)
        devices = {one.device for one in self.networks if ipv4.contains(one.network, number)}
        return devices == {device}

    # --- its own requests ------------------------------------------------------------------------

    def announcement(self, source: str, device: str, target: str | None = None) -> Announcement:
        """What the host's requests on a device carry, when it sends packets from an address it has.

        Args:
            source: the address that the packets come from.
            device: the kernel's name of the device that they leave by.
            target: whose hardware address the host asks for; None for any host of the network of
                `source`.
        """
        known = self.host.device(device)
        if known is not None and (known.arp is False or known.up is False):
            return Announcement(frozenset(), places=_places([known.place]))
        announce = self._in_force(device, "arp_announce")
        chosen = self._chosen(announce.value, source, device, target)
        senders: set[str | None] = set()
        certain, rule = True, None
        for sender in chosen:
            request = ArpPacket(
                REQUEST, sender, target, device, self._hardware(device), NO_HARDWARE_ADDRESS
            )
            for sent in self._followed("OUTPUT", request):
                rule = rule or sent.changed_by or (None if sent.accepted else sent.decided_by)
                if sent.accepted:
                    senders.add(sent.packet.source)
                certain = certain and sent.accepted and sent.complete
        if not senders:
            certain = True
        return Announcement(
            frozenset(senders), chosen, certain, announce.places, rule, announce.assumed
        )

    def _chosen(
        self, announce: int | None, source: str, device: str, target: str | None
    ) -> frozenset[str | None]:
        """The possible senders of a request, as `arp_announce` chooses them."""
        other = self._preferred(device, target or source)
        if announce is None:
            return frozenset({source, other})
        if announce == 1:
            if not self._primary(device):
                return frozenset({source, None})
            ends = (ipv4.number(source), ipv4.number(target or source))
            near = self._primary_networks(device)
            if any(all(ipv4.contains(one.network, end) for end in ends) for one in near):
                return frozenset({source})
        return frozenset({other if announce in (1, 2) else source})

    def _preferred(self, device: str, target: str) -> str | None:
        """The address of a device that its requests carry by preference; None if not known."""
        number = ipv4.number(target)
        near = (one for one in self._primary_networks(device) if ipv4.contains(one.network, number))
        found = next(near, next(iter(self._primary(device)), None))
        return found.address if found is not None else None

    def _primary_networks(self, device: str) -> list[Address]:
        return self._primaries_in_networks.get(device, [])

    def _primary(self, device: str) -> list[Address]:
        return self._primaries.get(device, [])

    @cached_property
    def _primaries(self) -> dict[str, list[Address]]:
        """The addresses of each device that are not secondary, and not for the host alone."""
        found: dict[str, list[Address]] = {}
        networks = set()
        for one in self.addresses:
            key = (one.device, one.network)
            if not one.secondary and key not in networks:
                networks.add(key)
                if one.scope != "host":
                    found.setdefault(one.device, []).append(one)
        return found

    @cached_property
    def _primaries_in_networks(self) -> dict[str, list[Address]]:
        return {
            device: [one for one in found if one.prefix < 32]
            for device, found in self._primaries.items()
        }

    def hears_replies(self, announcement: Announcement, device: str, target: str) -> ArpDecision:
        """Whether the replies to the host's own requests come through its ARP filter."""
        return _together(
            [
                ArpDecision(
                    one.accepted if one.complete else None,
                    "nothing" if one.accepted else "filter",
                    (),
                    one.decided_by,
                )
                for sender in announcement.senders
                for one in self._followed(
                    "INPUT",
                    ArpPacket(REPLY, target, sender, device, ORDINARY, self._hardware(device)),
                )
            ]
        )

    # --- what the files show ---------------------------------------------------------------------

    def _hardware(self, device: str) -> str | None:
        known = self.host.device(device)
        return known.hardware_address if known is not None else None

    def _followed(self, chain: ArpChain, packet: ArpPacket) -> tuple[ArpOutcome, ...]:
        """All outcomes in all files; a host of which none is given is taken to have no filter."""
        if not self.filters:
            return (ArpOutcome(packet, True, None),)
        return tuple(one for each in self.filters for one in each.follow(chain, packet))

    def _in_force(self, device: str, name: str, *, either: bool = False) -> _InForce:
        """The value in force of a setting that `all` and a device both have."""
        settings = self.host.settings
        if not settings:
            return _InForce(0 if either else None, (), True)
        lines = [settings.line(f"net.ipv4.conf.{one}.{name}") for one in ("all", device)]
        shown = [line for line in lines if line is not None]
        numbers = [_number(line) for line in shown]
        assumed = None in lines and "settings" not in self.host.complete
        if None in numbers:
            return _InForce(None, _places(line.place for line in shown), assumed)
        value = max((one for one in numbers if one is not None), default=0)
        deciding = (line for line, one in zip(shown, numbers, strict=True) if one == value)
        return _InForce(value, _places(line.place for line in deciding), assumed)


def _number(line: KernelSetting) -> int | None:
    """The value of a setting; None if it is no number, or set in some cases only."""
    is_number = line.value.isdecimal() and len(line.value) < _MOST_DIGITS
    return int(line.value) if line.certain and is_number else None


def _places(places: Iterable[Place | None]) -> tuple[Place, ...]:
    return tuple(one for one in places if one is not None)


def _together(decisions: list[ArpDecision]) -> ArpDecision:
    """The decision about packets that may fare in several ways."""
    if not decisions:
        return ArpDecision(None)
    first = next((one for one in decisions if one.holds is False), decisions[0])
    agreed = all(one.holds is first.holds for one in decisions)
    assumed = any(one.assumed for one in decisions)
    return evolved(first, holds=first.holds if agreed else None, assumed=assumed)
