"""LVS218-LVS222, LVS229 and LVS230: the routers' addresses, devices and routes as files show them."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.config.model import Config
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.hosts.facts import Address
from lvscf.hosts.host import Host
from lvscf.linter.case import Bearer, Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts.router_hosts import RouterHost, held_by, is_quiet, router_hosts
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared import ipv4
from lvscf.source import quoted

_OTHER = {"primary": "backup", "backup": "primary"}


@rule("LVS218", "router-address-not-its-own", Severity.ERROR, also=(Severity.WARNING,))
def router_address_not_its_own(case: Case) -> Iterator[Problem]:
    """A router does not have its address, or not as the first one of a device.

    What:
        All addresses of a router were given (`ip addr`), and `primary` or `backup` is not among
        them; or `primary` is there, but not as the first address of its device.  These are errors.
        A warning if the router has the address of the other one instead: the files may be of the
        other router.

    Why:
        pulse is the primary only if the first address of some device is `primary`: an alias or a
        secondary address does not count.  Otherwise it starts as the backup, and exits if it cannot
        bind its heartbeat socket to `backup`.

    Example:
        - primary = 10.10.1.20
        + primary = 10.10.1.21
          primary_private = 10.11.1.21
          --- router 10.11.1.21
          1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN
              link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
              inet 127.0.0.1/8 scope host lo
          2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP
              link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff
              inet 10.10.1.21/24 brd 10.10.1.255 scope global eth0
          3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP
              link/ether 02:00:00:00:01:01 brd ff:ff:ff:ff:ff:ff
              inet 10.11.1.21/24 brd 10.11.1.255 scope global eth1
    """
    for router in router_hosts(case):
        own = router.host.own_addresses
        address = getattr(case.config, router.directive)
        if router.role is None or own is None or not _is_given(case, router.role, address):
            continue
        if router.role == "backup" and not case.backup_in_use:
            continue
        first = _first_addresses(router.host)
        at = case.place_of(case.config, router.role)
        if address not in own:
            other = _OTHER[router.role]
            there = getattr(case.config, other)
            swapped = there != UNSET_ADDRESS and there in first.values()
            yield Problem(
                at=at,
                message=f"The addresses of {router.name} include `{other}` ({there}), but not "
                f"`{router.role}` ({address}): the files may be those of the other router."
                if swapped
                else f"{address} is not among the addresses of {router.name}. {_exits(router.role)}.",
                help=f"Write the first address of a device of this router: {_listed(first)}.",
                related=_related(router.host.addresses[:1], "its addresses"),
                severity=Severity.WARNING if swapped else None,
            )
        elif router.role == "primary" and address not in first.values():
            held = [one for one in router.host.present_addresses if one.address == address]
            device = held[0].label or held[0].device
            yield Problem(
                at=at,
                message=f"{address} is not the first address of a device on {router.name}, but an "
                f"additional one on {quoted(device)}. {_exits('primary')}.",
                help=f"Write the first address of a device: {_listed(first)}.",
                related=_related(held[:1], "the address"),
            )


def _exits(role: str) -> str:
    if role == "backup":
        return "pulse cannot bind its heartbeat socket there, and exits"
    return "pulse there does not recognise itself as the primary router"


def _listed(first: dict[str, str]) -> str:
    found = [f"{address} ({device})" for device, address in first.items() if device != "lo"]
    return " or ".join(found[:4]) or "it has none yet"


def _first_addresses(host: Host) -> dict[str, str]:
    """The address that each device has under its own name, as pulse asks for it."""
    found: dict[str, str] = {}
    for one in host.present_addresses:
        if one.label in ("", one.device):
            found.setdefault(one.device, one.address)
    return found


def _is_given(case: Case, name: str, address: str | None) -> bool:
    """Whether lvs.cf gives a router's address as a number."""
    written = case.is_written(case.config, name)
    return written and address != UNSET_ADDRESS and ipv4.number(address or "") is not None


def _related(
    facts: tuple[Address, ...] | list[Address], note: str
) -> tuple[tuple[Place | None, str], ...]:
    return tuple((one.place, note) for one in facts)


@rule("LVS219", "private-address-not-its-own", Severity.ERROR)
def private_address_not_its_own(case: Case) -> Iterator[Problem]:
    """A router does not have its private address.

    What:
        All addresses of a router were given (`ip addr`), a backup router is in use with a second
        heartbeat path, and `primary_private` or `backup_private` is not among them.

    Why:
        pulse binds a second heartbeat socket to this address.  If the router does not have it, pulse
        exits ("failed to bind to heartbeat address").

    Example:
          primary = 10.10.1.21
        - primary_private = 10.11.1.12
        + primary_private = 10.11.1.21
          backup = 10.10.1.22
          backup_private = 10.11.1.22
          backup_active = 1
          --- router 10.10.1.21
          1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN
              link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
              inet 127.0.0.1/8 scope host lo
          2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP
              link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff
              inet 10.10.1.21/24 brd 10.10.1.255 scope global eth0
          3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP
              link/ether 02:00:00:00:01:01 brd ff:ff:ff:ff:ff:ff
              inet 10.11.1.21/24 brd 10.11.1.255 scope global eth1
    """
    config = case.config
    if config.primary_private == config.primary:
        return
    for router in router_hosts(case):
        if router.role is None or not case.backup_in_use:
            continue
        name = f"{router.role}_private"
        address = getattr(config, name)
        if not _is_given(case, name, address) or router.host.has_address(address) is not False:
            continue
        if router.host.has_address(getattr(config, router.role)) is False:
            continue  # LVS218
        yield Problem(
            at=case.place_of(config, name),
            message=f"{address} is not among the addresses of {router.name}: pulse cannot bind its "
            "second heartbeat socket there, and exits.",
            help="Write the router's address in the private network, or remove both private "
            "addresses.",
            related=_related(router.host.addresses[:1], "its addresses"),
        )


@rule("LVS220", "no-such-device", Severity.ERROR)
def no_such_device(case: Case) -> Iterator[Problem]:
    """A VIP, or the NAT router address, is for a device that a router does not have.

    What:
        All devices of a router were given (`ip addr`), and the device of `address` or `nat_router`
        is not among them, with or without an alias number.

    Why:
        pulse runs `ifconfig` with this device, which fails, and pulse does not notice.  When this
        router is active, the address is not up, and no client reaches its services.

    Example:
          primary = 10.10.1.21
          virtual web {
              active = 1
        -     address = 10.10.1.20 eth2:1
        +     address = 10.10.1.20 eth0:1
          }
          --- router 10.10.1.21
          1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN
              link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
              inet 127.0.0.1/8 scope host lo
          2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP
              link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff
              inet 10.10.1.21/24 brd 10.10.1.255 scope global eth0
    """
    known = [
        (
            router,
            {one.name for one in router.host.devices}
            | {one.device for one in router.host.addresses},
        )
        for router in router_hosts(case)
        if "devices" in router.host.complete
    ]
    for owner, name, address in case.addresses_on_devices:
        base = _base(address.device)
        lacking = [router for router, devices in known if base not in devices]
        if not base or not lacking:
            continue
        there = sorted({one.name for one in lacking[0].host.devices} - {"lo"})
        yield Problem(
            at=_device_place(case, owner, name),
            message=f"{_both(lacking)} no device {quoted(base)}, so {address.address} does not come "
            "up there. pulse does not notice.",
            help=f"Write a device that both routers have; {lacking[0].name} has "
            f"{', '.join(there[:6]) or 'only lo'}.",
            related=tuple(
                (one.host.devices[0].place, "its devices") for one in lacking if one.host.devices
            ),
        )


def _both(routers: list[RouterHost]) -> str:
    if len(routers) > 1:
        return "Both routers have"
    name = routers[0].name
    return f"{name[0].upper()}{name[1:]} has"


def _base(device: str) -> str:
    return device.partition(":")[0]


def _device_place(case: Case, owner: Bearer, name: str) -> Place:
    """The device in `address` or `nat_router`."""
    line = places.written(owner, name)
    return case.place_of(owner, name) if line is None else places.word(line, 3)


@rule("LVS221", "vip-on-wrong-device", Severity.WARNING)
def vip_on_wrong_device(case: Case) -> Iterator[Problem]:
    """A VIP, or the NAT router address, is in the network of another device.

    What:
        All addresses of a router were given (`ip addr`), and the address of `address` or
        `nat_router` is not in a network of its device but in one of another device.  Or its device
        has no address of its own.

    Why:
        When a router becomes active, pulse announces the address by ARP on this device.  On the
        wrong network, the neighbours do not learn of the takeover; from a device without an address,
        pulse sends an undefined hardware address.

    Example:
          primary = 10.10.1.21
          virtual web {
              active = 1
        -     address = 10.10.1.20 eth1:1
        +     address = 10.10.1.20 eth0:1
          }
          --- router 10.10.1.21
          1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN
              link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
              inet 127.0.0.1/8 scope host lo
          2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP
              link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff
              inet 10.10.1.21/24 brd 10.10.1.255 scope global eth0
          3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP
              link/ether 02:00:00:00:01:01 brd ff:ff:ff:ff:ff:ff
              inet 10.11.1.21/24 brd 10.11.1.255 scope global eth1
    """
    brought_up = {address.address for _, _, address in case.addresses_on_devices}
    known = [
        (router, [one for one in router.host.present_addresses if one.address not in brought_up])
        for router in router_hosts(case)
        if "addresses" in router.host.complete
    ]
    for owner, name, address in case.addresses_on_devices:
        base, number = _base(address.device), ipv4.number(address.address)
        for router, own in known:
            host = router.host
            if number is None or host.device(base) is None:
                continue
            on_it = [one for one in own if one.device == base]
            near = [one for one in own if one.prefix < 32 and ipv4.contains(one.network, number)]
            if not on_it:
                message = (
                    f"On {router.name}, {quoted(base)} has no address of its own: pulse announces "
                    f"{address.address} with an undefined hardware address."
                )
                note = "the device"
                at = next((one.place for one in host.devices if one.name == base), None)
            elif near and all(one.device != base for one in near):
                message = (
                    f"On {router.name}, {address.address} is in the network of "
                    f"{quoted(near[0].device)}, not of {quoted(base)}: its neighbours do not hear "
                    "pulse announce it after a takeover."
                )
                note, at = "its network is here", near[0].place
            else:
                continue
            yield Problem(
                at=_device_place(case, owner, name),
                message=message,
                help=f"Write `{near[0].device}:1`, or another free alias of it."
                if near and near[0].device != base
                else "Use a device that has an address, or give this one its own.",
                related=((at, note),),
            )
            break


@rule("LVS222", "router-without-default-route", Severity.INFO, also=(Severity.WARNING,))
def router_without_default_route(case: Case) -> Iterator[Problem]:
    """A router has no default route.

    What:
        All routes of a router were given (`ip route`), there is no default route, and the router
        needs one for clients in other networks: replies pass through it (`network = nat`).  That is
        a note.  A warning for `service = fos`.

    Why:
        With NAT, replies to clients in other networks do not leave the router.  In a failover
        cluster, pulse asks the default gateway whether its own network works before it takes over;
        without one, it never takes over.

    Example:
          primary = 10.10.1.21
          network = nat
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
          }
          --- router 10.10.1.21
        + default via 10.10.1.1 dev eth0
          10.10.1.0/24 dev eth0 proto kernel scope link src 10.10.1.21
          10.11.1.0/24 dev eth1 proto kernel scope link src 10.11.1.21
    """
    is_failover = case.config.service == "fos"
    if not case.services or not (is_failover or case.config.network == "nat"):
        return
    for router in router_hosts(case):
        routes = router.host.routes
        if "routes" not in router.host.complete or any(one.is_default for one in routes):
            continue
        effect = (
            "pulse does not take over there, because it cannot ask the default gateway whether the "
            "network works."
            if is_failover
            else "replies to clients in other networks do not leave it."
        )
        yield Problem(
            at=case.place_of(case.config, router.directive),
            message=f"{_both([router])} no default route: {effect}",
            help="Add one, for instance with `GATEWAY=` in /etc/sysconfig/network.",
            related=((routes[0].place if routes else None, "its routes"),),
            severity=Severity.WARNING if is_failover else None,
        )


@rule("LVS229", "vip-set-at-boot", Severity.WARNING)
def vip_set_at_boot(case: Case) -> Iterator[Problem]:
    """A router sets a VIP, or the NAT router address, when it boots.

    What:
        An `ifcfg` file of a router sets an active VIP or the NAT router address in use.

    Why:
        pulse brings these addresses up on the active router and takes them down on the other.  An
        address that is set at boot is on the inactive router, too: both answer ARP requests for it,
        and clients reach either of them.

    Example:
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
          }
          --- router 10.10.1.21
        - DEVICE=eth0:1
        - IPADDR=10.10.1.20
        + DEVICE=eth0
        + IPADDR=10.10.1.21
          NETMASK=255.255.255.0
          ONBOOT=yes
    """
    brought_up = {
        address.address: (owner, name) for owner, name, address in case.addresses_on_devices
    }
    for router in router_hosts(case):
        for one in router.host.addresses:
            if one.origin != "boot" or one.address not in brought_up or is_quiet(one.device):
                continue
            yield Problem(
                at=_address_place(case, *brought_up[one.address]),
                message=f"{_capital(router.name)} sets {one.address} when it boots, but only pulse "
                "may bring it up. It is then up on the inactive router, too, and both routers answer "
                "ARP requests for it.",
                help="Remove the file, for instance "
                f"/etc/sysconfig/network-scripts/ifcfg-{one.label or one.device}.",
                related=((one.place, "set here"),),
            )


def _address_place(case: Case, owner: Bearer, name: str) -> Place:
    line = places.written(owner, name)
    return case.place_of(owner, name) if line is None else places.word(line, 2)


def _capital(name: str) -> str:
    return f"{name[0].upper()}{name[1:]}"


@rule("LVS230", "vip-on-both-routers", Severity.ERROR)
def vip_on_both_routers(case: Case) -> Iterator[Problem]:
    """Both routers have a VIP, or the NAT router address, at the same time.

    What:
        All addresses of both routers were given (`ip addr`), and both have an address that pulse
        brings up on the active router only.  An address on `lo` does not count, and nothing is
        reported if a router is a real server as well.

    Why:
        Both routers answer ARP requests for it, so that clients reach either of them, and
        connections break when the answer changes.  Either the routers do not hear each other's
        heartbeats, or the address was left over on the inactive one.

    Example:
          primary = 10.10.1.21
          backup = 10.10.1.22
          backup_active = 1
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
          }
          --- router 10.10.1.21
          1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN
              link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
              inet 127.0.0.1/8 scope host lo
          2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP
              link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff
              inet 10.10.1.21/24 brd 10.10.1.255 scope global eth0
              inet 10.10.1.20/24 brd 10.10.1.255 scope global secondary eth0:1
          --- router 10.10.1.22
          1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN
              link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
              inet 127.0.0.1/8 scope host lo
          2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP
              link/ether 02:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff
              inet 10.10.1.22/24 brd 10.10.1.255 scope global eth0
        -     inet 10.10.1.20/24 brd 10.10.1.255 scope global secondary eth0:1
    """
    routers = [
        one
        for one in router_hosts(case)
        if one.role is not None and "addresses" in one.host.complete
    ]
    if len(routers) < 2 or any(one in case.servers_by_address for one in case.router_addresses):
        return  # a router that is a real server may have the VIP, too
    own = [held_by(router.host) for router in routers]
    for owner, name, address in case.addresses_on_devices:
        held = [addresses.get(address.address) for addresses in own]
        if None in held:
            continue
        what = "NAT router address" if isinstance(owner, Config) else "VIP"
        yield Problem(
            at=_address_place(case, owner, name),
            message=f"Both routers have the {what} {address.address}: both answer ARP requests for it, "
            "and clients reach either of them.",
            help="Find out which router is active (`service pulse status`, /var/log/messages), and "
            f"take the address down on the other: `ifconfig {quoted(address.device)[1:-1]} down`. "
            "Check that heartbeats get through in both directions (LVS213).",
            related=tuple(
                (one.place, f"on {router.name}")
                for router, one in zip(routers, held, strict=True)
                if one is not None
            ),
        )


RULES: tuple[CaseRule, ...] = (
    router_address_not_its_own,
    private_address_not_its_own,
    no_such_device,
    vip_on_wrong_device,
    router_without_default_route,
    vip_set_at_boot,
    vip_on_both_routers,
)
