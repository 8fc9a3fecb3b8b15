"""The addresses that move with the active router, and the interface that VRRP speaks on.

pulse brings up one address for each distinct VIP of the active blocks, with the device and the mask
of the first block that has it; with NAT, also `nat_router`.
"""

import re
from collections.abc import Iterable, Iterator
from enum import Enum

from lvscf.config.model import Config, FailoverService, Service, VirtualServer
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared import ipv4
from lvscf.shared.records import record

LONGEST_LABEL = 15
"""The kernel's limit; ifconfig cuts longer labels, and keepalived rejects them."""

_DEVICE = re.compile(r"""[^\s:/"'#!{}$~@\\]{1,15}(?::[^\s/"'#!{}$~@\\]*)?""")
"""What can be a device or an alias, and written to keepalived.conf without quotes."""


@record
class Address:
    """An address of the active router."""

    address: str
    length: int
    """Prefix length."""
    alias: str
    """The device as lvs.cf names it, such as `eth0:1`."""
    owner: Config | Service
    directive: str
    """`address` or `nat_router`."""
    is_classful: bool
    """Whether lvs.cf gives no usable mask, so that ifconfig used the one of the class."""

    @property
    def device(self) -> str:
        """The device without the alias."""
        return self.alias.partition(":")[0]

    @property
    def label(self) -> str | None:
        """The label as ifconfig made it; None without an alias."""
        return self.alias[:LONGEST_LABEL] if ":" in self.alias else None

    @property
    def network(self) -> ipv4.Network | None:
        """The network that its mask spans; None if that is a single address."""
        return ipv4.network_of(self.address, ipv4.dotted(ipv4.mask_of(self.length)))


class Unfit(Enum):
    """Why an address is left out."""

    MISSING = "missing"
    OF_A_ROUTER = "of a router"
    DEVICE = "device"
    SAME_AS_VIP = "same as a VIP"
    """pulse's second ifconfig for an address fails."""


@record
class Omitted:
    """An address that is left out."""

    owner: Config | Service
    directive: str
    address: str
    why: Unfit


def active_services(config: Config) -> tuple[VirtualServer | FailoverService, ...]:
    """The active blocks of the kind that `service` selects; of effective values."""
    services: Iterable[Service]
    services = config.virtual_servers if config.service == "lvs" else config.failover_services
    return tuple(service for service in services if service.active)


def addresses(config: Config) -> tuple[tuple[Address, ...], tuple[Omitted, ...]]:
    """The addresses that pulse brings up, and those that keepalived must not; of effective values.

    Host names are left as they are.
    """
    kept: list[Address] = []
    omitted: list[Omitted] = []
    known: set[str] = set()
    routers = {config.primary, config.backup, config.primary_private, config.backup_private}
    for owner, directive, address, alias, mask in _wanted(config):
        if directive == "address" and address in known:
            continue
        why = None
        if address == UNSET_ADDRESS:
            why = Unfit.MISSING
        elif address in routers:
            why = Unfit.OF_A_ROUTER
        elif not _DEVICE.fullmatch(alias):
            why = Unfit.DEVICE
        elif address in known:
            why = Unfit.SAME_AS_VIP
        known.add(address)
        if why is not None:
            omitted.append(Omitted(owner, directive, address, why))
            continue
        length = _length(mask)
        classful = length is None
        kept.append(
            Address(
                address,
                _class_length(address) if length is None else length,
                alias,
                owner,
                directive,
                classful,
            )
        )
    return tuple(kept), tuple(omitted)


def _wanted(config: Config) -> Iterator[tuple[Config | Service, str, str, str, str]]:
    """Owner, directive, address, device and mask of every address, in order."""
    services = active_services(config)
    for service in services:
        there = service.address
        mask = service.vip_nmask or UNSET_ADDRESS
        if there is None:
            yield service, "address", UNSET_ADDRESS, "", mask
        else:
            yield service, "address", there.address, there.device, mask
    router = config.nat_router
    if services and config.service == "lvs" and config.network == "nat" and router is not None:
        mask = config.nat_nmask or UNSET_ADDRESS
        yield config, "nat_router", router.address, router.device, mask


def _length(mask: str) -> int | None:
    """The prefix length of a netmask; None if it is unset or has holes, and ifconfig ignores it."""
    number = ipv4.number(mask) or 0
    length = number.bit_count()
    return length if number and number == ipv4.mask_of(length) else None


def _class_length(address: str) -> int:
    """The prefix length that the kernel gives an address without a mask."""
    network = ipv4.classful_network(ipv4.number(address) or 0)
    return network[1].bit_count() if network is not None else 32


def interface(config: Config, found: Iterable[Address]) -> tuple[str, bool] | None:
    """The device for VRRP, and whether an address on it shares the primary router's network.

    None if there is no address at all.
    """
    found = tuple(found)
    primary = ipv4.number(config.primary or "")
    for one in found:
        network = one.network
        if network is not None and ipv4.contains(network, primary):
            return one.device, True
    return (found[0].device, False) if found else None
