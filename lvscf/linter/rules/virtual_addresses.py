"""LVS3: the virtual addresses, and the devices that pulse brings them up on."""

from collections.abc import Iterator

from lvscf.findings import Severity
from lvscf.linter import places
from lvscf.linter.case import Case
from lvscf.linter.places import Owner
from lvscf.linter.rule import CaseRule, Problem, rule
from lvscf.source import quoted
from lvscf.values import AddressOnDevice

MOST_LABEL_CHARACTERS = 15
"""The kernel cuts the label of an alias device to this length."""


@rule("LVS303", "device-without-alias", Severity.ERROR)
def device_without_alias(case: Case) -> Iterator[Problem]:
    """A virtual address on a device that has an address of its own.

    What:
        `address` of an active service, or `nat_router` with `network = nat`, names a physical
        device such as `eth0` instead of an alias such as `eth0:1`.

    Why:
        On activation pulse runs `ifconfig eth0 VIP`, which replaces the router's own address; on
        deactivation `ifconfig eth0 down`, which takes the whole interface down, heartbeats
        included.

    Bad:
        virtual http {
            active = 1
            address = 10.10.1.20 eth0
        }

    Good:
        virtual http {
            active = 1
            address = 10.10.1.20 eth0:1
        }
    """
    for owner, name, address in _addresses_on_devices(case):
        line = places.written(owner, name)
        if line is None or ":" in address.device:
            continue
        device = quoted(address.device)
        yield Problem(
            at=places.word(line, 3),
            message=f"{device} is a device with an address of its own: pulse replaces that by "
            f"{address.address}, and takes the whole device down when the router becomes inactive.",
            help=f"Name an alias, such as {quoted(address.device + ':1')}; it need not exist, pulse "
            "makes it.",
        )


@rule("LVS304", "alias-shared", Severity.ERROR)
def alias_shared(case: Case) -> Iterator[Problem]:
    """Two addresses on one alias device.

    What:
        Two active services, or a service and `nat_router`, have different addresses on the same
        alias; or on two aliases that are equal in their first 15 characters.

    Why:
        An alias holds one address.  pulse brings all addresses up at the same time, each replaces
        the other, and exactly one survives, at random.  The kernel cuts longer labels to 15
        characters.

    Bad:
        virtual http {
            active = 1
            address = 10.10.1.20 eth0:1
        }
        virtual smtp {
            active = 1
            address = 10.10.1.30 eth0:1
        }

    Good:
        virtual http {
            active = 1
            address = 10.10.1.20 eth0:1
        }
        virtual smtp {
            active = 1
            address = 10.10.1.30 eth0:2
        }
    """
    first: dict[str, tuple[Owner, str, AddressOnDevice]] = {}
    for owner, name, address in _addresses_on_devices(case):
        if ":" not in address.device:
            continue
        label = address.device[:MOST_LABEL_CHARACTERS]
        earlier, earlier_name, taken = first.setdefault(label, (owner, name, address))
        if taken.address == address.address:
            continue
        line, there = places.written(owner, name), places.written(earlier, earlier_name)
        if line is None or there is None:
            continue
        cut = ""
        if taken.device != address.device:
            cut = f" (the kernel cuts {quoted(address.device)} to it)"
        yield Problem(
            at=places.word(line, 3),
            message=f"The alias {quoted(label)}{cut} already carries {taken.address}. It can hold "
            f"one address: {address.address} and {taken.address} replace each other, and one is "
            "lost, at random.",
            help="Give each address an alias of its own.",
            related=((places.value(there), f"{taken.address} is on the same alias"),),
        )


def _addresses_on_devices(case: Case) -> Iterator[tuple[Owner, str, AddressOnDevice]]:
    """The virtual addresses that pulse brings up: owner, directive and value."""
    config = case.config
    if config.network == "nat" and config.service == "lvs" and config.nat_router:
        yield config, "nat_router", config.nat_router
    for service in case.services:
        if service.address is not None:
            yield service, "address", service.address


RULES: tuple[CaseRule, ...] = (
    device_without_alias,
    alias_shared,
)
