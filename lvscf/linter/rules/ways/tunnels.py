"""LVS538, LVS541, LVS543 and LVS545: what tunnels need of real servers."""

from collections.abc import Iterator

from lvscf.config.model import RealServer
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.firewall.packets import Outcome, Packet, State
from lvscf.hosts.facts import KernelSetting
from lvscf.hosts.host import Host
from lvscf.hosts.journeys import TUNNEL_DEVICE, Leg
from lvscf.hosts.routing import passes_source_check
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts import iptables_commands, remedies
from lvscf.linter.hosts.inspection import ANY_CLIENT, inspection_of
from lvscf.linter.hosts.one_armed import client_in
from lvscf.linter.hosts.router_facts import (
    default_way,
    device_towards,
    known_routers,
    method_of,
    router_addresses,
)
from lvscf.linter.hosts.traffic import RealHost, address_of, packet_to, place, shown
from lvscf.source import quoted

_FULL_SIZE = 1500
"""The MTU of Ethernet: a packet of this size does not fit into a tunnel through it."""


@rule("LVS538", "tunnel-source-check", Severity.ERROR)
def tunnel_source_check(case: Case) -> Iterator[Problem]:
    """A real server whose kernel discards what comes out of the tunnel.

    What:
        With `network = tunnel`, the kernel settings and the routes of a real server show that
        `rp_filter` discards clients' packets on tunl0.

    Why:
        `rp_filter` looks for the way back to the client, which does not lead into the tunnel: 1
        discards every packet, and 2 does as well if tunl0 has no address of its own.  The kernel
        applies the larger value of `all` and of tunl0.  The clients of this real server time out.

    Example:
          network = tunnel
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.11.1.31
              }
          }
          --- real-server one
          default via 10.11.1.254 dev eth0
          10.11.1.0/24 dev eth0 proto kernel scope link src 10.11.1.31
          --- real-server one
          net.ipv4.conf.all.rp_filter = 0
        - net.ipv4.conf.tunl0.rp_filter = 1
        + net.ipv4.conf.tunl0.rp_filter = 0
    """
    for host in _hosts(case):
        if not default_way(host.host).certain:
            continue
        clients = _clients(case, host.host)
        if any(
            passes_source_check(host.host, client, TUNNEL_DEVICE) is not False for client in clients
        ):
            continue
        settings = host.host.settings
        lines = settings.deciding(TUNNEL_DEVICE, "rp_filter")
        line: KernelSetting | None = lines[0] if lines else None
        value = line.value if line else "set"
        lo = "" if value != "2" else f", and {TUNNEL_DEVICE} has no address"
        yield Problem(
            at=case.place_of(host.server, "address"),
            message=f"On real server {quoted(host.server.name)}, `rp_filter` is {value} for "
            f"{TUNNEL_DEVICE}{lo}: the kernel discards what comes out of the tunnel. The clients "
            "that it should answer time out.",
            help=f"Set `net.ipv4.conf.{TUNNEL_DEVICE}.rp_filter = 0` and "
            "`net.ipv4.conf.all.rp_filter = 0`, or put the VIP on "
            f"{TUNNEL_DEVICE} and set {TUNNEL_DEVICE} to 2.",
            related=((line.place if line else None, "discards them"),),
            commands=remedies.on_host(
                host.host,
                remedies.setting(f"net.ipv4.conf.{TUNNEL_DEVICE}.rp_filter", 0),
                remedies.setting("net.ipv4.conf.all.rp_filter", 0),
            ),
        )


@rule("LVS541", "tunnel-without-vip", Severity.ERROR, also=(Severity.WARNING,))
def tunnel_without_vip(case: Case) -> Iterator[Problem]:
    """A real server at the end of a tunnel that does not have the VIP.

    What:
        With `network = tunnel`, all addresses of a real server were given, and the VIP is not among
        them.  This is an error, or a warning if its iptables rules were not given, which might
        redirect the packets.

    Why:
        What comes out of the tunnel is addressed to the VIP.  A real server without that address
        discards it, and nanny, which asks for the server's own address, notices nothing.

    Example:
          network = tunnel
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.11.1.31
              }
          }
          --- real-server one
          iptables -A INPUT -j ACCEPT
          --- real-server one
          1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN
              inet 127.0.0.1/8 scope host lo
        +     inet 10.10.1.20/32 scope global lo
          2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP
              inet 10.11.1.31/24 scope global eth0
    """
    inspection = inspection_of(case)
    for host in _hosts(case):
        vip = address_of(host.virtual)
        if host.host.has_address(vip) is not False:
            continue
        first = packet_to(host.virtual)
        outcomes = [
            one
            for book in host.rulebooks
            for one in inspection.outcomes(book.firewall, first, host.address)
        ]
        if any(one.translated_by is not None or not one.complete for one in outcomes):
            continue
        doubt = "" if outcomes else "Unless its iptables rules redirect them, it"
        yield Problem(
            at=case.place_of(host.server, "address"),
            message=f"Real server {quoted(host.server.name)} does not have the VIP {vip}, to which "
            "the packets from the tunnel are addressed. "
            + (doubt or "It")
            + " discards them, and its share of the clients times out.",
            help=f"Add it to the tunnel's device: `ip addr add {vip}/32 dev {TUNNEL_DEVICE}`.",
            severity=None if outcomes else Severity.WARNING,
            commands=remedies.on_host(host.host, f"ip addr add {vip}/32 dev {TUNNEL_DEVICE}"),
        )


@rule("LVS545", "tunnel-device-down", Severity.ERROR)
def tunnel_device_down(case: Case) -> Iterator[Problem]:
    """A real server whose tunnel device is down or missing.

    What:
        With `network = tunnel`, the devices of a real server were given, and tunl0 is down, or it
        is not there and no other device could be a tunnel.

    Why:
        Without the device, the kernel refuses what comes through the tunnel.  nanny, which asks for
        the server's own address, notices nothing, and the clients of this real server time out.

    Example:
          network = tunnel
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.11.1.31
              }
          }
          --- real-server one
          1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN
              inet 127.0.0.1/8 scope host lo
              inet 10.10.1.20/32 scope global lo
        - 2: tunl0: <NOARP> mtu 1480 qdisc noop state DOWN
        + 2: tunl0: <NOARP,UP,LOWER_UP> mtu 1480 qdisc noqueue state UNKNOWN
          3: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP
              inet 10.11.1.31/24 scope global eth0
    """
    seen: set[str] = set()
    for host in _hosts(case):
        device = host.host.device(TUNNEL_DEVICE)
        if host.address in seen:
            continue
        if device is not None:
            if device.up is not False:
                continue
            state = f"{TUNNEL_DEVICE} is down"
        else:
            others = [one for one in host.host.devices if one.name != "lo"]
            if "devices" not in host.host.complete or any(one.arp is not True for one in others):
                continue
            state = f"there is no {TUNNEL_DEVICE}"
        seen.add(host.address)
        yield Problem(
            at=case.place_of(host.server, "address"),
            message=f"On real server {quoted(host.server.name)}, {state}: the kernel refuses what "
            "comes through the tunnel. The clients that it should answer time out.",
            help=f"Load the module and bring the device up: `modprobe ipip` and `ip link set "
            f"{TUNNEL_DEVICE} up`.",
            related=((device.place if device else None, "is down"),),
        )


@rule("LVS543", "tunnel-packet-size", Severity.INFO, also=(Severity.WARNING,))
def tunnel_packet_size(case: Case) -> Iterator[Problem]:
    """Full-size packets that do not fit into the tunnel.

    What:
        With `network = tunnel`, the devices and routes of a router were given, and the device that
        leads to a real server carries packets of at most 1500 bytes: a note.  A warning if the
        router's rules keep its own ICMP messages from leaving.

    Why:
        The tunnel adds 20 bytes, so a client's packet of 1500 bytes does not fit.  The router asks
        the client for smaller ones by ICMP; where a firewall on the way drops ICMP, large requests
        hang while small ones work.

    Example:
          network = tunnel
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
          1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN
              inet 127.0.0.1/8 scope host lo
        - 2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP
        + 2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9000 qdisc mq state UP
              inet 10.10.1.21/24 scope global eth0
          --- router 10.10.1.21
          10.10.1.0/24 dev eth0 proto kernel scope link src 10.10.1.21
    """
    if method_of(case) != "tunnel":
        return
    for name, host in known_routers(case):
        for virtual in case.virtual_servers:
            for server in case.servers(virtual):
                device = device_towards(host, server.address or "")
                known = host.device(device) if device else None
                if known is None or known.mtu is None or known.mtu > _FULL_SIZE:
                    continue
                dropping = _icmp_dropped(case, host)
                if dropping is not None:
                    yield _without_icmp(case, server, name, dropping)
                    return
                yield Problem(
                    at=case.place_of(server, "address"),
                    message=f"A full-size packet of a client does not fit into the tunnel through "
                    f"{known.name} of {name} (MTU {known.mtu}). Where ICMP does not "
                    "reach the clients, large requests hang.",
                    help="Limit the segments that clients send: on the real servers, `ip route "
                    "change default via GATEWAY advmss 1440`.",
                    related=((known.place, "carries the tunnel"),),
                )
                return


def _icmp_dropped(case: Case, host: Host) -> Outcome | None:
    """How a router's rules drop the ICMP messages by which it asks clients for smaller packets.

    None if they may pass: a rule about certain types of messages may let these through.
    """
    states: tuple[State | None, ...] = ("RELATED", "INVALID", "UNTRACKED", None)
    packets = tuple(
        Packet("icmp", client, None, state=state)
        for client in _clients(case, host)
        for state in states
    )
    leg = Leg("router", "output", packets, "its ICMP messages", "clients")
    for router in inspection_of(case).routers:
        if host not in router.hosts or router.rulebook.names_icmp_types:
            continue
        outcome = inspection_of(case).lost(router.firewall, leg)
        if outcome is not None:
            return outcome
    return None


def _clients(case: Case, host: Host) -> list[str]:
    """Addresses that stand for the clients that a host can reach."""
    beyond = default_way(host)
    if beyond.routes or not beyond.certain:
        return [ANY_CLIENT]
    taken = {*case.once(router_addresses), *case.servers_by_address}
    return [client_in(route.destination, taken) for route in host.routes] or [ANY_CLIENT]


def _without_icmp(case: Case, server: RealServer, name: str, outcome: Outcome) -> Problem:
    rule_ = outcome.decided_by
    what = shown(rule_) if rule_ else f"the policy of {outcome.decided_in[1]}"
    command = iptables_commands.accepting(outcome.decided_in, "-p icmp")
    return Problem(
        at=case.place_of(server, "address"),
        message=f"On {name}, {what} drops the router's own ICMP messages, so clients never learn "
        "that a full-size packet does not fit into the tunnel. Large requests hang.",
        help=f"Accept them before any other rule: {command}.",
        related=((place(rule_), "drops them"),),
        severity=Severity.WARNING,
    )


def _hosts(case: Case) -> Iterator[RealHost]:
    """The real servers at the ends of tunnels, once for each VIP."""
    if method_of(case) != "tunnel" or case.cluster is None:
        return
    seen: set[tuple[str, str]] = set()
    for host in inspection_of(case).real_hosts:
        key = (host.address, address_of(host.virtual))
        if key not in seen and host.address not in case.router_addresses:
            seen.add(key)
            yield host


RULES: tuple[CaseRule, ...] = (
    tunnel_source_check,
    tunnel_without_vip,
    tunnel_packet_size,
    tunnel_device_down,
)
