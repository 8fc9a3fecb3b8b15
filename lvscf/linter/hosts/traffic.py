"""Traffic: the hosts and the packets of virtual servers, as rules see them."""

from collections.abc import Callable
from ipaddress import IPv4Address
from typing import overload

from attrs import frozen

from lvscf.config.model import RealServer, VirtualServer
from lvscf.findings.place import Place
from lvscf.firewall.firewall import Firewall
from lvscf.firewall.model import Network, Rule
from lvscf.firewall.packets import Outcome, Packet
from lvscf.hosts.host import Host
from lvscf.linter.hosts.rulebook import PortRange, Rulebook
from lvscf.shared import ipv4
from lvscf.shared.records import compared, record
from lvscf.source import displayable

DROPPING = ("DROP", "REJECT", "TARPIT")
"""Targets that drop a packet."""


@record
class Router:
    """A router, or both routers, with the rules collected there."""

    name: str
    """For sentences: `router 10.10.1.21`."""
    rulebook: Rulebook
    hosts: tuple[Host, ...] = ()
    """What is known of it; of both routers, the primary first."""

    @property
    def firewall(self) -> Firewall:
        """Its packet filter."""
        return self.rulebook.firewall


@record
class RealHost:
    """A real server of one virtual server, with what was collected there."""

    virtual: VirtualServer
    server: RealServer
    address: str
    rulebooks: tuple[Rulebook, ...]
    """Of iptables."""
    host: Host
    """All that is known of it."""


@compared
@frozen(eq=False, repr=False)
class Duty:
    """The ports that a real server must serve for a virtual server."""

    protocol: str
    ports: tuple[PortRange, ...]


def address_of(virtual: VirtualServer) -> str:
    """The VIP."""
    assert virtual.address is not None
    return virtual.address.address


def port_of(virtual: VirtualServer) -> int:
    """The port, or its default."""
    return virtual.port or 0


def protocol_of(virtual: VirtualServer) -> str:
    """The protocol, or its default."""
    return virtual.protocol or "tcp"


def mark_of(virtual: VirtualServer) -> int:
    """The mark as the kernel holds it; 0 if there is none."""
    return (virtual.fwmark or 0) & ipv4.ALL_ONES


def device_of(virtual: VirtualServer) -> str | None:
    """The device whose alias carries the VIP."""
    assert virtual.address is not None
    return virtual.address.device.partition(":")[0] or None


def packet_to(
    virtual: VirtualServer, port: int | None = None, protocol: str | None = None
) -> Packet:
    """The first packet of a client, which comes in on the device that carries the VIP."""
    return Packet(
        protocol or protocol_of(virtual),
        address_of(virtual),
        port_of(virtual) if port is None else port,
        interface=device_of(virtual),
    )


def divided(
    outcomes: tuple[Outcome, ...], virtual: VirtualServer, is_good: Callable[[Outcome], bool]
) -> tuple[list[Outcome], list[Outcome]]:
    """The outcomes that are good, and those that certainly are not.

    Outcomes for outsiders only are left out, and so are those that may never happen.
    """
    likely = [one for one in outcomes if not _is_for_outsiders(one, virtual)] or list(outcomes)
    good = [one for one in likely if is_good(one)]
    bad = [one for one in likely if not is_good(one)]
    if good:
        bad = [one for one in bad if not one.uncertain and not _is_banned(one)]
    else:
        bad = [one for one in bad if one.complete]  # otherwise, there may be good ones
    return good, bad


def _is_for_outsiders(outcome: Outcome, virtual: VirtualServer) -> bool:
    """Whether an outcome is for clients outside the network of a private VIP.

    `-s 10.10.1.0/24` does not restrict a service at 10.10.1.20.
    """
    address = address_of(virtual)
    number = ipv4.number(address)
    if number is None or not IPv4Address(address).is_private:
        return False
    for assumption in outcome.assumptions:
        setting = assumption.setting
        if setting is None or setting.name != "-s" or not isinstance(setting.value, Network):
            continue
        inside = assumption.holds is not setting.negated
        network = setting.value
        if not inside and not network.single and number & network.mask == network.address:
            return True
    return False


def _is_banned(outcome: Outcome) -> bool:
    """Whether a rule drops these clients on purpose, naming their source."""
    rule = outcome.decided_by
    if rule is None or outcome.verdict not in DROPPING:
        return False
    setting = rule.setting("-s")
    return setting is not None and not setting.negated


@overload
def place(rule: Rule) -> Place: ...
@overload
def place(rule: Rule | None) -> Place | None: ...
def place(rule: Rule | None) -> Place | None:
    """Where a firewall's rule is written; None if there is no rule."""
    return None if rule is None else Place(rule.start, rule.end, rule.source)


def through_network(outcomes: tuple[Outcome, ...]) -> list[Outcome]:
    """The outcomes for packets between hosts, which do not pass through `lo`."""

    def inside(outcome: Outcome) -> bool:
        settings = ((one.setting, one.holds) for one in outcome.assumptions if one.setting)
        return any(
            setting.name in ("-i", "-o") and setting.value == "lo" and holds is not setting.negated
            for setting, holds in settings
        )

    return [outcome for outcome in outcomes if not inside(outcome)]


def conditions(outcome: Outcome) -> str:
    """The conditions that set an outcome's packets apart, for a sentence; may be empty."""
    found = []
    for assumption in outcome.assumptions:
        setting = assumption.setting
        if setting is None:
            continue
        positive = assumption.holds is not setting.negated
        found.append(f"`{'' if positive else '! '}{setting.name} {setting.text}`")
    return " and ".join(dict.fromkeys(found))


def shown(rule: Rule) -> str:
    """A rule for a sentence."""
    table = "" if rule.table == "filter" else f"-t {rule.table} "
    text = displayable(f"{table}{rule}").replace("`", "'")
    return f"`{text[:157]}...`" if len(text) > 160 else f"`{text}`"
