"""LVS3: the virtual addresses, and the devices that pulse brings them up on."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.config.model import FailoverService, VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.linter.case import Bearer, Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.piranha.values import UNSET_ADDRESS, AddressOnDevice
from lvscf.shared.repetition import repeated
from lvscf.source import quoted

MOST_LABEL_CHARACTERS = 15
"""The kernel cuts the label of an alias device to this length."""


@rule("LVS303", "device-without-alias", Severity.ERROR)
def device_without_alias(case: Case) -> Iterator[Problem]:
    """A virtual address on a physical device instead of an alias.

    What:
        `address` of an active service, or `nat_router` with `network = nat`, names a physical
        device such as `eth0` instead of an alias such as `eth0:1`.

    Why:
        On activation, pulse runs `ifconfig eth0 VIP`, which replaces the router's own address; on
        deactivation, it runs `ifconfig eth0 down`, which takes down the whole interface, including
        heartbeats.

    Example:
          virtual http {
              active = 1
        -     address = 10.10.1.20 eth0
        +     address = 10.10.1.20 eth0:1
          }
    """
    for owner, name, address in case.addresses_on_devices:
        line = places.written(owner, name)
        if line is None or ":" in address.device:
            continue
        device = quoted(address.device)
        yield Problem(
            at=places.word(line, 3),
            message=f"{device} is a device with its own address: pulse replaces that with "
            f"{address.address}, and takes the whole device down when the router becomes inactive.",
            help=f"Name an alias, such as {quoted(_likely_alias(address.device))}; it need not "
            "exist, pulse creates it.",
        )


@rule("LVS304", "alias-shared", Severity.ERROR)
def alias_shared(case: Case) -> Iterator[Problem]:
    """Two addresses on one alias device.

    What:
        Two active services, or a service and `nat_router`, have different addresses on the same
        alias, or on two aliases with the same first 15 characters.

    Why:
        An alias holds one address.  pulse brings up all addresses at the same time, each replaces
        the other, and one survives at random.  The kernel cuts longer labels to 15 characters.

    Example:
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
          }
          virtual smtp {
              active = 1
        -     address = 10.10.1.30 eth0:1
        +     address = 10.10.1.30 eth0:2
          }
    """
    first: dict[str, tuple[Bearer, str, AddressOnDevice]] = {}
    for owner, name, address in case.addresses_on_devices:
        if ":" not in address.device:
            continue
        label = _label(address)
        earlier, earlier_name, taken = first.setdefault(label, (owner, name, address))
        if taken.address == address.address:
            continue
        line, there = places.written(owner, name), places.value_of(earlier, earlier_name)
        if line is None:
            continue
        cut = ""
        if taken.device != address.device:
            cut = f" (the kernel cuts {quoted(address.device)} to this)"
        yield Problem(
            at=places.word(line, 3),
            message=f"The alias {quoted(label)}{cut} already carries {taken.address}, and can hold "
            f"only one address. {address.address} and {taken.address} replace each other, and one "
            "of them is lost at random.",
            help="Give each address its own alias.",
            related=((there, f"{taken.address} is on the same alias"),),
        )


@rule("LVS305", "vip-two-devices", Severity.WARNING)
def vip_two_devices(case: Case) -> Iterator[Problem]:
    """One VIP with two devices, or with two netmasks.

    What:
        Two active services have the same VIP, but different devices or netmasks for it.  A service
        without `vip_nmask` contradicts none.

    Why:
        pulse brings up each VIP once, with the device and the netmask of the first active block
        that has it.  It ignores those of later blocks: their device gets no address.

    Example:
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
          }
          virtual https {
              active = 1
        -     address = 10.10.1.20 eth0:2
        +     address = 10.10.1.20 eth0:1
              port = 443
          }
    """
    for service, earlier in repeated(case.services, _vip):
        line, there = places.written(service, "address"), places.written(earlier, "address")
        if not (service.address and earlier.address and line and there):
            continue
        vip, device = service.address.address, service.address.device
        if earlier.address.device != device:
            yield Problem(
                at=places.word(line, 3),
                message=f"pulse brings up {vip} on {quoted(earlier.address.device)}, the device of "
                f"the first active block that has it: {quoted(device)} is never used.",
                help=f"Write {quoted(earlier.address.device)} here too.",
                related=((places.word(there, 3), "this device is used"),),
            )
        mask, mask_in_force = _mask(service), _mask(earlier)
        if mask and mask_in_force and mask != mask_in_force:
            at, other = places.value_of(service, "vip_nmask"), places.value_of(earlier, "vip_nmask")
            if at:
                yield Problem(
                    at=at,
                    message=f"pulse brings up {vip} with the netmask {mask_in_force} of the first "
                    "active block that has it: this one is never used.",
                    help=f"Write `vip_nmask = {mask_in_force}` here too, or change both.",
                    related=((other, "this netmask is used"),),
                )


@rule("LVS334", "loopback-device", Severity.WARNING)
def loopback_device(case: Case) -> Iterator[Problem]:
    """A virtual address on a loopback or tunnel device of the router.

    What:
        `address` of an active service, or `nat_router` with `network = nat`, names an alias of `lo`
        or of a tunnel device (`tunl0`).

    Why:
        pulse announces the address by ARP from the device before the colon, and these devices have
        no hardware address: no host learns of the takeover.  `lo` and `tunl0` are where real
        servers carry the VIP; a router carries it on the device that faces the clients.

    Example:
          virtual http {
              active = 1
        -     address = 10.10.1.20 lo:1
        +     address = 10.10.1.20 eth0:1
          }
    """
    for owner, name, address in case.addresses_on_devices:
        line = places.written(owner, name)
        base, colon, _ = address.device.partition(":")
        if line is not None and colon and _is_loopback(base):
            yield Problem(
                at=places.word(line, 3),
                message=f"{quoted(base)} has no hardware address, so pulse cannot announce "
                f"{address.address} from it: after a takeover, clients keep sending to the other "
                "router. Only real servers carry a VIP there.",
                help="Name an alias of the device that faces the clients, such as `eth0:1`.",
            )


@rule("LVS340", "long-device-label", Severity.WARNING)
def long_device_label(case: Case) -> Iterator[Problem]:
    """An alias name that is longer than the kernel keeps.

    What:
        The device of a VIP, or of the NAT router address, is longer than 15 characters.  If that
        makes two of them the same, see alias-shared.

    Why:
        The kernel silently cuts the label: `v0:123456789012345` becomes `v0:123456789012`.  The
        device does not exist under the name in the file, and another alias with the same beginning
        would replace its address.

    Example:
          virtual http {
              active = 1
        -     address = 10.10.1.20 bond0:frontend-http
        +     address = 10.10.1.20 bond0:http
          }
    """
    bearers: dict[str, set[str]] = {}
    for _, _, address in case.addresses_on_devices:
        bearers.setdefault(_label(address), set()).add(address.address)
    for owner, name, address in case.addresses_on_devices:
        line, label = places.written(owner, name), _label(address)
        if line is not None and label != address.device and len(bearers[label]) == 1:
            yield Problem(
                at=places.word(line, 3),
                message=f"The kernel keeps {MOST_LABEL_CHARACTERS} characters of a device name, so "
                f"this one becomes {quoted(label)}.",
                help="Write a shorter name after the colon; a number is usual.",
            )


def _label(address: AddressOnDevice) -> str:
    """The part of a device name that the kernel keeps."""
    return address.device[:MOST_LABEL_CHARACTERS]


def _vip(service: VirtualServer | FailoverService) -> str | None:
    """The VIP of a service, if it has one."""
    vip = service.address.address if service.address is not None else UNSET_ADDRESS
    return None if vip == UNSET_ADDRESS else vip


def _mask(service: VirtualServer | FailoverService) -> str | None:
    """The netmask that a service sets, if any."""
    return None if service.vip_nmask == UNSET_ADDRESS else service.vip_nmask


def _is_loopback(device: str) -> bool:
    return device == "lo" or device.startswith("tunl")


def _likely_alias(device: str) -> str:
    """An alias of the device; of `eth0` where the device is not one for VIPs."""
    return "eth0:1" if _is_loopback(device) else f"{device}:1"


RULES: tuple[CaseRule, ...] = (
    device_without_alias,
    alias_shared,
    vip_two_devices,
    loopback_device,
    long_device_label,
)
