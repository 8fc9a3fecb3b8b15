"""LVS419, LVS422 and LVS423: routers that do not forward the real servers' replies."""

from collections.abc import Iterator

from attrs import evolve

from lvscf.config import places
from lvscf.config.model import RealServer, VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.hosts.facts import Address, KernelSetting
from lvscf.hosts.host import Host
from lvscf.hosts.routing import passes_source_check, way_to
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts.inspection import inspection_of
from lvscf.linter.hosts.lost_legs import served_by
from lvscf.linter.hosts.router_facts import (
    CONNTRACK,
    conntrack_of,
    is_gateway,
    known_routers,
    method_of,
)
from lvscf.linter.hosts.traffic import address_of, place, shown
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.source import quoted

_FORWARD = "net.ipv4.ip_forward"


@rule("LVS419", "ip-forward-off", Severity.ERROR)
def ip_forward_off(case: Case) -> Iterator[Problem]:
    """A router that does not forward the real servers' replies.

    What:
        The kernel settings of a router set `net.ipv4.ip_forward` to 0, and `network = nat`, or the
        router is the default gateway of a real server.

    Why:
        IPVS sends clients' packets to the real servers without it, but the replies are ordinary
        packets for another host, which the kernel discards while `ip_forward` is 0, as it is after
        installation.  Every client times out, and the health checks still succeed.

    Example:
          network = nat
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.11.1.31
              }
          }
          --- router 10.10.1.21
        - net.ipv4.ip_forward = 0
        + net.ipv4.ip_forward = 1
    """
    for name, host in known_routers(case):
        setting = host.settings.line(_FORWARD)
        if setting is None or host.settings.value(_FORWARD) != "0":
            continue
        for virtual in case.virtual_servers:
            gateway_of = _returning(case, virtual)
            if gateway_of is None:
                continue
            why = f"with {case.program.nat}, replies"
            if method_of(case) != "nat":
                why = f"it is the gateway of {quoted(gateway_of.name)}, whose replies"
            yield Problem(
                at=places.value_of(case.config, "network") or case.name_of(virtual),
                message=f"On {name}, `{_FORWARD}` is 0{_when(setting)}: {why} to the clients "
                "are not forwarded. Every client times out.",
                help=f"Set `{_FORWARD} = 1` in /etc/sysctl.conf on both routers, and load it with "
                "`sysctl -p`.",
                related=((setting.place, "not forwarded"),),
            )
            break


@rule("LVS422", "gateway-rejects-vip", Severity.ERROR)
def gateway_rejects_vip(case: Case) -> Iterator[Problem]:
    """A router that is the real servers' gateway and discards their replies.

    What:
        With direct routing or tunnels, the default route of a real server leads to an LVS router,
        whose kernel settings discard packets with the VIP as their source: `accept_local` is 0 for
        the device that faces the real servers, or `rp_filter` is 1 and the VIP is on another
        device.

    Why:
        The real server's replies have the VIP as their source, which is the router's own address
        while it is active.  Packets from outside with an own address as their source are discarded
        unless `accept_local` is set, and a strict `rp_filter` discards those that come in by the
        wrong device.  Every client of this real server times out.

    Example:
          network = direct
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.10.1.31
              }
          }
          --- real-server one
          default via 10.10.1.21 dev eth0
          10.10.1.0/24 dev eth0 proto kernel scope link src 10.10.1.31
          --- router 10.10.1.21
          10.10.1.0/24 dev eth0 proto kernel scope link src 10.10.1.21
          --- router 10.10.1.21
        - net.ipv4.conf.all.accept_local = 0
        + net.ipv4.conf.all.accept_local = 1
          net.ipv4.conf.eth0.accept_local = 0
          net.ipv4.conf.all.rp_filter = 0
          net.ipv4.conf.eth0.rp_filter = 0
    """
    if method_of(case) in (None, "nat"):
        return
    for name, host in known_routers(case):
        seen: set[tuple[str, str]] = set()
        for virtual in inspection_of(case).receiving:
            for server in case.servers(virtual):
                found = _rejection(case, host, virtual, server)
                if found is None or (found[0], address_of(virtual)) in seen:
                    continue
                device, setting, line = found
                seen.add((device, address_of(virtual)))
                yield Problem(
                    at=case.place_of(server, "address"),
                    message=f"Real server {quoted(server.name)} sends its replies through "
                    f"{name}, which discards packets from {address_of(virtual)}: {setting}. Every "
                    "client that this server answers times out.",
                    help=f"Set `net.ipv4.conf.{device}.accept_local = 1` and "
                    f"`net.ipv4.conf.{device}.rp_filter = 2` on the routers (rp_filter in `all` "
                    "must not be 1 then), or give the real servers another gateway.",
                    related=((line, "discards them"),),
                )


def _rejection(
    case: Case, host: Host, virtual: VirtualServer, server: RealServer
) -> tuple[str, str, Place | None] | None:
    """The device on which a router discards a real server's replies, the setting, and its line."""
    if server.address is None or not is_gateway(case, server) or virtual.address is None:
        return None
    way = way_to(host, server.address)
    devices = {route.device for route in way.routes}
    device = devices.pop() if len(devices) == 1 else None
    if device is None or not way.certain:
        return None
    vip = address_of(virtual)
    holder = virtual.address.device.partition(":")[0]
    active = host
    if host.has_address(vip) is not True:
        own = Address(vip, 32, holder, virtual.address.device)
        active = evolve(host, addresses=(*host.addresses, own))
    if passes_source_check(active, vip, device) is not False:
        return None
    local = host.settings.of_device(device, "accept_local")
    if local == 0:
        lines = host.settings.deciding(device, "accept_local")
        return device, f"`accept_local` is 0 for {device}", lines[0].place if lines else None
    lines = host.settings.deciding(device, "rp_filter")
    mode = host.settings.of_device(device, "rp_filter")
    words = f"`rp_filter` is {mode} for {device}, and the VIP is on {holder}"
    return device, words, lines[0].place if lines else None


@rule("LVS423", "masquerade-without-conntrack", Severity.WARNING)
def masquerade_without_conntrack(case: Case) -> Iterator[Problem]:
    """A MASQUERADE or SNAT rule that does not apply to what IPVS sends.

    What:
        With `network = nat`, a rule in POSTROUTING of a router changes the source of what IPVS
        sends to the real servers, but the router's kernel settings have `net.ipv4.vs.conntrack =
        0`.

    Why:
        Such a rule makes real servers send all their replies to the router, even those for clients
        in their own network.  It applies only to packets that connection tracking knows, so without
        `net.ipv4.vs.conntrack = 1` it has no effect: real servers reply to those clients directly,
        from an address that they never contacted.

    Example:
          network = nat
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.10.1.31
              }
          }
          --- router 10.10.1.21
          iptables -t nat -A POSTROUTING -p tcp -d 10.10.1.31 --dport 80 -j MASQUERADE
          --- router 10.10.1.21
        - net.ipv4.vs.conntrack = 0
        + net.ipv4.vs.conntrack = 1
    """
    if method_of(case) != "nat":
        return
    inspection = inspection_of(case)
    for router in inspection.routers:
        if conntrack_of(router) != "0":
            continue
        reported: set[object] = set()
        for served in served_by(case, router):
            outcomes = inspection.sent_on(router.firewall, served.service)
            rules = {one.source_translated_by for one in outcomes}
            changing = rules.pop() if len(rules) == 1 else None
            if changing is None or changing in reported:
                continue
            reported.add(changing)
            line = next(
                (one for host in router.hosts if (one := host.settings.line(CONNTRACK))), None
            )
            yield Problem(
                at=place(changing),
                message=f"On {router.name}: {shown(changing)} does not change what IPVS sends to "
                f"{quoted(served.server.name)}, because `{CONNTRACK}` is 0. Clients in the real "
                "servers' own network get replies from an address that they never contacted.",
                help=f"Set `{CONNTRACK} = 1` in /etc/sysctl.conf on both routers, and load it with "
                "`sysctl -p`.",
                related=((line.place if line else None, "keeps IPVS out of connection tracking"),),
            )


def _returning(case: Case, virtual: VirtualServer) -> RealServer | None:
    """A real server whose replies pass through the router; None if there is none."""
    for server in case.servers(virtual):
        if server.address in (None, UNSET_ADDRESS) or server.address in case.router_addresses:
            continue
        if method_of(case) == "nat" or is_gateway(case, server):
            return server
    return None


def _when(setting: KernelSetting) -> str:
    return " from the next boot on" if setting.origin == "boot" else ""


RULES: tuple[CaseRule, ...] = (
    ip_forward_off,
    gateway_rejects_vip,
    masquerade_without_conntrack,
)
