"""What is known of a host as a part of the cluster's tree, for `lvscf show`."""

import os
from collections.abc import Iterable, Iterator

from lvscf.config.cluster_tree import Node
from lvscf.hosts.facts import Address
from lvscf.hosts.host import Host
from lvscf.shared.plurals import counted

_OF_DEVICES = {
    "router": ("rp_filter", "accept_local"),
    "real-server": ("rp_filter", "arp_ignore", "arp_announce"),
}
"""The settings of devices that matter to a cluster."""
_OF_HOSTS = {
    "router": {"net.ipv4.ip_forward": "ip_forward", "net.ipv4.vs.conntrack": "vs.conntrack"},
    "real-server": {},
}
_AT_BOOT = (
    "pulse", "piranha-gui", "ipvsadm", "network", "iptables", "firewalld", "arptables_jf",
    "arptables",
)  # fmt: skip
"""The services of the operating system that a cluster needs, or that change its rules."""


def known_of(host: Host, vips: Iterable[str], gateway: str | None = None) -> Node:
    """What is known of a host, and what is not.

    Args:
        host: the host, with its role.
        vips: the virtual IP addresses, which are marked.
        gateway: the real servers' gateway, which is marked too.
    """
    words = "real server" if host.role == "real-server" else "router"
    title = f"{words} {host.name}" if host.name is not None else "both routers"
    roles = dict.fromkeys(vips, "VIP")
    if gateway is not None:
        roles[gateway] = "nat_router"
    parts = (
        *_devices(host, roles),
        *_gateways(host),
        *_settings(host),
        *_filters(host),
        *_tables(host),
        *_services(host),
    )
    release = (host.release.name,) if host.release is not None else ()
    return Node("host", title, release, True, (*parts, *_unknown(host)))


def _devices(host: Host, roles: dict[str, str]) -> Iterator[Node]:
    """The devices with their addresses, without the loopback's own."""
    by_device: dict[str, list[Address]] = {one.name: [] for one in host.devices}
    for address in host.present_addresses:
        by_device.setdefault(address.device, []).append(address)
    for name, addresses in by_device.items():
        facts = [
            _with(f"{one.address}/{one.prefix}", roles.get(one.address), one.origin)
            for one in addresses
            if not one.address.startswith("127.")
        ]
        device = host.device(name)
        if device is not None and device.up is False:
            facts.append("down")
        if facts or name != "lo":
            yield Node("device", name, tuple(facts) or ("no address",))


def _with(address: str, role: str | None, origin: str) -> str:
    notes = [role] if role else []
    if origin == "boot":
        notes.append("set at boot")
    return f"{address} ({', '.join(notes)})" if notes else address


def _gateways(host: Host) -> Iterator[Node]:
    shown = set()
    for route in host.routes:
        if not route.is_default or route.kind != "unicast":
            continue
        facts = [f"by {route.device}"] if route.device else []
        if route.table != "main":
            facts.append(f"table {route.table}")
        if route.origin == "boot":
            facts.append("set at boot")
        title = route.gateway or "none, directly"
        if (title, route.device, route.table) not in shown:
            shown.add((title, route.device, route.table))
            yield Node("default gateway", title, tuple(facts))
    if not shown and "routes" in host.complete:
        yield Node("default gateway", "none")


def _settings(host: Host) -> Iterator[Node]:
    role = host.role or "router"
    found = [
        f"{word} {value}"
        for name, word in _OF_HOSTS[role].items()
        if (value := host.settings.value(name)) is not None
    ]
    devices = dict.fromkeys([one.name for one in host.devices])
    for name in _OF_DEVICES[role]:
        for device in devices:
            in_force = host.settings.of_device(device, name)
            if in_force:
                found.append(f"{name} {in_force} on {device}")
    if found:
        yield Node("kernel settings", "", tuple(found))
    elif host.settings:
        yield Node("kernel settings", "", ("none that matters here",))


def _filters(host: Host) -> Iterator[Node]:
    for kind, firewalls in (("iptables", host.firewalls), ("arptables", host.arp_filters)):
        for firewall in firewalls:
            tables = firewall.arp_tables if kind == "arptables" else firewall.tables
            number = sum(1 for table in tables.values() for _ in table.rules)
            name = os.path.normpath(firewall.source.filename)
            facts = [f"tables {', '.join(tables)}"] if tables else []
            if firewall.is_open:
                facts.append("not all are known")
            yield Node(f"{kind} rules", f"{number} in {name}", tuple(facts))


def _tables(host: Host) -> Iterator[Node]:
    for listing in host.ipvs:
        servers = sum(len(one.destinations) for one in listing.services)
        yield Node(
            "IPVS table",
            counted(len(listing.services), "service"),
            (counted(servers, "real server"),) if listing.services else (),
        )


def _services(host: Host) -> Iterator[Node]:
    states = {True: "on", False: "off", None: "unknown"}
    known = {one.name: one.enabled for one in host.boot_services}
    found = [f"{name} {states[known[name]]}" for name in _AT_BOOT if name in known]
    if found:
        yield Node("at boot", "", tuple(found))


def _unknown(host: Host) -> Iterator[Node]:
    """What the files do not show, each with the command that would."""
    is_router = host.role == "router"
    missing = [
        f"{name} (`{command}`)"
        for name, command, known in (
            ("addresses", "ip addr", "addresses" in host.complete),
            ("routes", "ip route", "routes" in host.complete),
            ("kernel settings", "sysctl -a", "settings" in host.complete or bool(host.settings)),
            ("iptables rules", "iptables-save", bool(host.firewalls)),
            ("IPVS table", "ipvsadm -Ln", bool(host.ipvs) or not is_router),
            ("sockets", "ss -lntu", "tcp sockets" in host.complete or is_router),
            ("services at boot", "chkconfig --list", bool(host.boot_services)),
            ("release", "cat /etc/redhat-release", host.release is not None),
        )
        if not known
    ]
    if missing:
        yield Node("not known", "", tuple(missing), False)
