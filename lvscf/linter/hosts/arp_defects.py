"""What real servers do with the VIP in ARP: whether they hold it, answer for it, announce it.

With direct routing, every real server may have the VIP as long as only the router answers ARP
requests for it.  There are two ways: arptables drops the requests and rewrites those that the host
sends, or the kernel settings `arp_ignore` and `arp_announce` do.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from lvscf.firewall.arp_fields import ORDINARY
from lvscf.firewall.arp_packets import NO_HARDWARE_ADDRESS, REPLY, REQUEST, ArpOutcome, ArpPacket
from lvscf.firewall.model import Network, Rule
from lvscf.hosts.arp import Announcement, ArpDecision, ArpHost
from lvscf.hosts.facts import Address
from lvscf.hosts.host import Host
from lvscf.linter.case import Case
from lvscf.linter.hosts.arp_settings import ArpSettings
from lvscf.linter.hosts.inspection import inspection_of, is_direct
from lvscf.linter.hosts.traffic import RealHost, address_of
from lvscf.shared import ipv4
from lvscf.shared.records import record

Fault = Literal["IN", "IN only", "OUT", "OUT -d", "source", "dropped"]

_MOST_CANDIDATES = 254
"""The most addresses that are looked at for a client that no rule names."""
_FILTERING = frozenset({"arptable_filter", "nf_tables"})
"""Kernel modules of which an ARP filter needs one."""


@record
class ArpFault:
    """What is wrong with the arptables rules for a VIP."""

    fault: Fault
    rule: Rule | None = None
    given: str | None = None
    """For `source`: the address that its requests carry."""


@record
class Unheard:
    """Requests of a host, or the replies to them, that its own ARP filter drops."""

    rule: Rule | None
    """The rule that drops them; None for a policy."""
    is_request: bool
    """Whether it drops the requests."""
    assumed: bool
    """Whether a setting that no file shows is assumed to have the kernel's default."""


@record(slots=False)
class ArpCase:
    """A real server and a VIP."""

    real: RealHost
    arp: ArpHost
    settings: ArpSettings
    own: frozenset[str]
    """The addresses that lvs.cf gives to routers and real servers, and the VIPs."""
    vips: frozenset[str]
    """All active VIPs."""
    is_router: bool
    """Whether it is one of the routers, which have to answer for the VIP."""

    @property
    def host(self) -> Host:
        """All that is known of the real server."""
        return self.real.host

    @cached_property
    def vip(self) -> str:
        """The VIP."""
        return address_of(self.real.virtual)

    @cached_property
    def holds_vip(self) -> bool | None:
        """Whether the host has the VIP; None if no file shows it."""
        return self.arp.has(self.vip)

    @cached_property
    def accepts_vip(self) -> bool:
        """Whether the host accepts packets to the VIP as they are, as far as the files show it.

        It does if it has the address.  If no file shows its addresses, rules and settings that
        hide a VIP from ARP mean that it has it; those that are wrong too: they have findings of
        their own.
        """
        if self.holds_vip is not None:
            return self.holds_vip
        number = ipv4.number(self.vip) or 0
        return (self.settings.hide("arp_ignore") and self.settings.hide("arp_announce")) or any(
            one.names(number) for one in self.arp.filters
        )

    @cached_property
    def held(self) -> tuple[Address, ...]:
        """The VIP, as the host has it."""
        return tuple(self.arp.held(self.vip))

    @cached_property
    def devices(self) -> tuple[str, ...]:
        """The devices on a network that the VIP is in, on which neighbours ask for it."""
        number = ipv4.number(self.vip)
        return tuple(
            dict.fromkeys(
                one.device
                for one in self.arp.networks
                if one.device != "lo" and ipv4.contains(one.network, number)
            )
        )

    @cached_property
    def client(self) -> str:
        """An address of the VIP's network that no host of lvs.cf has and no ARP rule names."""
        number = ipv4.number(self.vip) or 0
        networks = [
            one.network
            for one in self.arp.networks
            if one.device in self.devices and ipv4.contains(one.network, number)
        ]
        first, mask = min(networks, key=lambda one: -one[1], default=(0, 0))
        if not mask:
            first, mask = number & ipv4.mask_of(24), ipv4.mask_of(24)
        last = ipv4.broadcast((first, mask)) - 1
        for candidate in range(last, max(first, last - _MOST_CANDIDATES), -1):
            named = any(one.names_alone(candidate) for one in self.arp.filters)
            if not named and ipv4.dotted(candidate) not in self.own:
                return ipv4.dotted(candidate)
        return ipv4.dotted(last)

    def rules(self, chain: str) -> Iterator[Rule]:
        """The rules of a chain of the ARP filter."""
        for firewall in self.host.arp_filters:
            for table in firewall.arp_tables.values():
                if chain in table.chains:
                    yield from table.chains[chain].rules

    @property
    def filter_is_known(self) -> bool:
        """Whether the files show the ARP filter, or that there is none."""
        if self.host.arp_filters:
            return True
        return "modules" in self.host.complete and not _FILTERING & set(self.host.modules)

    # --- hosts of which the addresses are known -------------------------------------------------

    @cached_property
    def answer(self) -> ArpDecision:
        """Whether clients that ask for the VIP get an answer from the host, on any device."""
        return _first_true([self.arp.answers(self.vip, one, self.client) for one in self._asked])

    @cached_property
    def reply(self) -> ArpDecision:
        """The same, but before the chain OUTPUT of its ARP filter."""
        return _first_true([self.arp.replies(self.vip, one, self.client) for one in self._asked])

    @cached_property
    def announcements(self) -> dict[str, Announcement]:
        """What its requests for clients carry as their sender, by device."""
        return {one: self.arp.announcement(self.vip, one, self.client) for one in self._asked}

    @property
    def announced(self) -> Announcement | None:
        """The announcement that carries the VIP, if any does."""
        found = (one for one in self.announcements.values() if one.carries(self.vip))
        return next(found, None)

    @property
    def _asked(self) -> tuple[str, ...]:
        """The devices on which clients or routers ask: if the VIP is in no network, the own one."""
        own = (one.device for one in self.arp.held(self.real.address))
        return self.devices or tuple(dict.fromkeys(own))

    @property
    def is_shown(self) -> bool:
        """Whether the files show all that decides: who asks for the VIP there, and what hides it.

        Without a file about arptables, settings that are meant to hide the VIP are taken for the
        way it is done here.
        """
        is_known = self.filter_is_known or self.settings.are_meant_to_hide
        return bool(self.devices) and is_known and self.settings.are_certain

    @cached_property
    def unheard(self) -> "Unheard | None":
        """What the ARP filter drops of the requests that carry the VIP, or of the replies to them.

        None if it drops neither, or the files do not show it.
        """
        for device, announcement in self.announcements.items():
            known = self.host.device(device)
            if known is not None and known.arp is False:
                continue
            assumed = announcement.assumed or not self.host.settings
            if announcement.chosen != {self.vip} or not announcement.certain:
                continue
            if not announcement.senders:
                return Unheard(announcement.rule, True, assumed)
            if announcement.senders != {self.vip}:
                continue
            heard = self.arp.hears_replies(announcement, device, self.client)
            if heard.holds is False:
                return Unheard(heard.rule, False, assumed)
        return None

    # --- the ARP filter on its own --------------------------------------------------------------

    @cached_property
    def filter_faults(self) -> tuple[ArpFault, ...]:
        """What is wrong with the arptables rules, if the host has the VIP.

        Nothing is reported if the files do not show what happens to a packet: a shell variable may
        stand for the right address, and a host may have other rules as well.
        """
        if not self._has_rules:
            return ()
        found: list[ArpFault] = []
        if not self.settings.hide("arp_ignore"):
            found += self._input_faults()
        found += self._output_faults()
        return tuple(found)

    @property
    def _has_rules(self) -> bool:
        """Whether the ARP filter does anything at all."""
        return any(
            chain.rules or chain.policy == "DROP"
            for firewall in self.host.arp_filters
            for table in firewall.arp_tables.values()
            for chain in table.chains.values()
        )

    def _input_faults(self) -> Iterator[ArpFault]:
        request = ArpPacket(
            REQUEST, self.client, self.vip, self._device, ORDINARY, NO_HARDWARE_ADDRESS
        )
        reply = ArpPacket(REPLY, self.vip, self.client, self._device, None, ORDINARY)
        answers = []
        for each in self.arp.filters:
            for received in each.follow("INPUT", request):
                if not received.complete:
                    return
                comes_in = received.accepted and received.packet.destination == self.vip
                sent = each.follow("OUTPUT", reply) if comes_in else ()
                if any(not one.complete for one in sent):
                    return
                goes_out = [one.accepted and one.packet.source == self.vip for one in sent]
                answers.append((comes_in, all(goes_out), any(goes_out)))
        if answers and all(comes_in for comes_in, _, _ in answers):
            if all(every for _, every, _ in answers):
                yield ArpFault("IN")
            elif not any(some for _, _, some in answers):
                yield ArpFault("IN only")

    def _output_faults(self) -> Iterator[ArpFault]:
        request = ArpPacket(REQUEST, self.vip, self.client, self._device, None, NO_HARDWARE_ADDRESS)
        outcomes = [one for each in self.arp.filters for one in each.follow("OUTPUT", request)]
        if not outcomes or not all(one.complete for one in outcomes):
            return
        hidden = self.settings.hide("arp_announce")
        senders = {one.packet.source for one in outcomes if one.accepted}
        changing = next((one.changed_by for one in outcomes if one.changed_by), None)
        if not senders and not hidden:
            yield ArpFault("dropped", next((one.decided_by for one in outcomes), None))
        if len(senders) != 1 or not all(one.accepted for one in outcomes):
            return
        sender = senders.pop()
        if sender is None or hidden:
            return
        if changing is not None:
            own = self.host.own_addresses or frozenset({self.real.address})
            if sender in self.vips or sender not in own:
                yield ArpFault("source", changing, sender)
        else:
            misdirected = next(
                (one for one in self.rules("OUTPUT") if self._is_misdirected(one)), None
            )
            yield ArpFault("OUT" if misdirected is None else "OUT -d", misdirected)

    def unreachable(self, router: str) -> ArpOutcome | None:
        """How the requests of a router for the own address end, if they are certainly dropped."""
        request = ArpPacket(
            REQUEST, router, self.real.address, self._device, ORDINARY, NO_HARDWARE_ADDRESS
        )
        outcomes = [one for each in self.arp.filters for one in each.follow("INPUT", request)]
        if not outcomes or any(one.accepted or not one.complete for one in outcomes):
            return None
        return outcomes[0]

    @property
    def _device(self) -> str | None:
        return self._asked[0] if self._asked else None

    def _is_misdirected(self, rule: Rule) -> bool:
        """Whether a rule rewrites the source of packets to the VIP, instead of those from it."""
        setting = rule.setting("-d")
        if setting is None or setting.negated or not isinstance(setting.value, Network):
            return False
        if rule.target is None or rule.target.setting("--mangle-ip-s") is None:
            return False
        return ipv4.contains((setting.value.address, setting.value.mask), ipv4.number(self.vip))


def arp_cases(case: Case) -> tuple[ArpCase, ...]:
    """All real servers and VIPs of direct routing, each pair once; without those on a router."""
    return tuple(one for one in case.once(_arp_cases).values() if not one.is_router)


def arp_case(case: Case, real: RealHost) -> ArpCase:
    """What a real server of direct routing does with its VIP."""
    return case.once(_arp_cases)[_key(real)]


def _key(real: RealHost) -> tuple[str, str, str]:
    return real.server.name, real.address, address_of(real.virtual)


def _arp_cases(case: Case) -> dict[tuple[str, str, str], ArpCase]:
    inspection = inspection_of(case)
    if not is_direct(inspection):
        return {}
    config = case.config
    routers = {config.primary, config.backup, config.primary_private, config.backup_private}
    vips = frozenset(inspection.addresses)
    servers = {one.address for one in inspection.real_hosts}
    own = frozenset(name for name in (*vips, *servers, *routers) if name is not None)
    hosts: dict[tuple[str, str], tuple[ArpHost, ArpSettings]] = {}
    found: dict[tuple[str, str, str], ArpCase] = {}
    for real in inspection.real_hosts:
        key = _key(real)
        if key not in found:
            if key[:2] not in hosts:
                hosts[key[:2]] = ArpHost(real.host), ArpSettings(real.host)
            arp, settings = hosts[key[:2]]
            is_router = real.address in routers
            found[key] = ArpCase(real, arp, settings, own, vips, is_router)
    return found


def _first_true(decisions: list[ArpDecision]) -> ArpDecision:
    """The decision for several devices: one that answers is enough."""
    for wanted in (True, None):
        for decision in decisions:
            if decision.holds is wanted:
                return decision
    return decisions[0] if decisions else ArpDecision(None)
