"""LVS514-519: what real servers that have the VIP do with it in ARP, from evidence of the hosts."""

from collections.abc import Iterator

from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.hosts.facts import Address
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts import remedies
from lvscf.linter.hosts.arp_defects import ArpCase, arp_cases
from lvscf.linter.hosts.arp_settings import ArpSettings
from lvscf.linter.hosts.arptables_commands import dropping, has_new_chains, mangling, rule_for
from lvscf.linter.hosts.inspection import inspection_of
from lvscf.linter.hosts.traffic import place
from lvscf.shared import ipv4
from lvscf.source import quoted


@rule("LVS514", "vip-announced", Severity.ERROR, also=(Severity.WARNING,))
def vip_announced(case: Case) -> Iterator[Problem]:
    """A real server whose own ARP requests carry the VIP.

    What:
        The addresses and the kernel settings of a real server were given.  It has the VIP and does
        not answer ARP requests for it, but the requests that it sends itself carry the VIP as their
        sender.  An error, or a warning if arptables rules that were not given may replace it.

    Why:
        To reply to a client, the server asks for the client's hardware address, and the reply comes
        from the VIP.  With `arp_announce = 0`, so does the request; with 1 too, if the client is in
        the VIP's network.  The client then takes the server's hardware address for the VIP's and
        bypasses the router.

    Example:
          network = direct
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.10.1.31
              }
          }
          --- real-server one
          1: lo    inet 10.10.1.20/32 scope global lo
          2: eth0    inet 10.10.1.31/24 brd 10.10.1.255 scope global eth0
          --- real-server one sysctl
          net.ipv4.conf.all.arp_ignore = 1
        - net.ipv4.conf.all.arp_announce = 0
        + net.ipv4.conf.all.arp_announce = 2
    """
    for one in arp_cases(case):
        announced = one.announced
        told = any(fault.fault in ("OUT -d", "source") for fault in one.filter_faults)
        if not one.holds_vip or announced is None or one.answer.holds or told:
            continue
        if one.unheard is not None:  # LVS517
            continue
        certain = one.is_shown and not announced.assumed
        unless = "" if certain else ", unless arptables rules or settings that were not given do so"
        yield Problem(
            at=case.place_of(one.real.server, "address"),
            message=f"Real server {quoted(one.real.server.name)} sends ARP requests from the VIP "
            f"{one.vip}: nothing replaces it as their sender{unless}. The clients that it asks "
            "learn its hardware address for the VIP and bypass the router.",
            help="Set `net.ipv4.conf.all.arp_announce = 2`. Or replace the sender with arptables: "
            f"{mangling(one)}.",
            severity=None if certain else Severity.WARNING,
            related=(
                *((held.place, "is the VIP") for held in one.held),
                *((at, "lets requests carry the VIP") for at in announced.places),
            ),
            commands=remedies.on_host(one.host, _ANNOUNCING),
        )


@rule("LVS515", "vip-network-on-loopback", Severity.ERROR, also=(Severity.WARNING,))
def vip_network_on_loopback(case: Case) -> Iterator[Problem]:
    """A VIP on `lo` with the prefix of a network.

    What:
        A real server has the VIP, or another address of its network, on `lo` with a prefix shorter
        than /32.  An error, or a warning if neither a router nor another device of the server is in
        that network.

    Why:
        Every address of a network on `lo` is the host's own.  It keeps packets to the routers and
        clients of that network to itself, and answers ARP requests for all of them.

    Example:
          network = direct
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.10.1.31
              }
          }
          --- real-server one
        - 1: lo    inet 10.10.1.20/24 scope global lo
        + 1: lo    inet 10.10.1.20/32 scope global lo
          2: eth0    inet 10.10.1.31/24 brd 10.10.1.255 scope global eth0
    """
    routers = [case.config.primary, case.config.backup]
    for one in arp_cases(case):
        number = ipv4.number(one.vip)
        for address in one.arp.networks:
            if address.device != "lo" or not ipv4.contains(address.network, number):
                continue
            near = any(ipv4.contains(address.network, ipv4.number(name or "")) for name in routers)
            network = ipv4.shown(address.network)
            yield Problem(
                at=case.place_of(one.real.server, "address"),
                message=f"Real server {quoted(one.real.server.name)} has {address.address}/"
                f"{address.prefix} on `lo`, which makes all of {network} its own. It keeps packets "
                "to the hosts of that network to itself, and answers ARP requests for them.",
                help=f"Give the VIP the prefix 32: `ip addr add {address.address}/32 dev lo`, or the "
                "netmask 255.255.255.255.",
                severity=None if near or _overlaps(one, address) else Severity.WARNING,
                related=((address.place, "is a network"),),
                commands=remedies.on_host(
                    one.host,
                    f"ip addr del {address.address}/{address.prefix} dev lo",
                    f"ip addr add {address.address}/32 dev lo",
                ),
            )


def _overlaps(one: ArpCase, address: Address) -> bool:
    """Whether another device of a host is in the network of an address on `lo`."""
    return any(
        other.device != "lo" and ipv4.contains(address.network, ipv4.number(other.address))
        for other in one.arp.networks
    )


@rule("LVS516", "arp-ignore-all", Severity.ERROR)
def arp_ignore_all(case: Case) -> Iterator[Problem]:
    """A real server that answers no ARP request at all.

    What:
        `arp_ignore` is 8 on a real server, for `all` or for the device with its own address.

    Why:
        With 8, a host does not answer for any of its addresses.  The routers cannot find out the
        hardware address of the real server: packets do not reach it, and its health checks fail.

    Example:
          network = direct
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.10.1.31
              }
          }
          --- real-server one sysctl
        - net.ipv4.conf.all.arp_ignore = 8
        + net.ipv4.conf.all.arp_ignore = 1
          net.ipv4.conf.all.arp_announce = 2
    """
    seen = set()
    for real in inspection_of(case).real_hosts:
        line = None
        if real.address not in seen:
            line = ArpSettings(real.host).muting(real.address)
        seen.add(real.address)
        if line is not None:
            yield Problem(
                at=case.place_of(real.server, "address"),
                message=f"Real server {quoted(real.server.name)} has `arp_ignore = 8` and answers "
                f"no ARP request at all, not even for {real.address}. Neither packets nor health "
                "checks reach it.",
                help=f"Set `{line.name} = 1`: that hides the addresses of other devices only.",
                related=((line.place, "lets the server answer no request"),),
                commands=remedies.on_host(real.host, remedies.setting(line.name, 1)),
            )


@rule("LVS517", "arp-replies-lost", Severity.ERROR, also=(Severity.WARNING,))
def arp_replies_lost(case: Case) -> Iterator[Problem]:
    """A real server that cannot find out its clients' hardware addresses.

    What:
        A real server has the VIP, its ARP requests for clients carry the VIP as their sender, and
        the rules of arptables drop these requests, or the replies to them.  An error, or a warning
        if its settings were not all given, or if OUT drops requests from the VIP and its addresses
        were not given.

    Why:
        The rule that drops packets for the VIP also drops the replies to requests from the VIP.
        Without the client's hardware address, the server cannot send its answer, and the client
        times out.

    Example:
          network = direct
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.10.1.31
              }
          }
          --- real-server one
          1: lo    inet 10.10.1.20/32 scope global lo
          2: eth0    inet 10.10.1.31/24 brd 10.10.1.255 scope global eth0
          --- real-server one sysctl
          net.ipv4.conf.all.arp_announce = 0
          --- real-server one
          arptables -A IN -d 10.10.1.20 -j DROP
        + arptables -A OUT -s 10.10.1.20 -j mangle --mangle-ip-s 10.10.1.31
    """
    for one in arp_cases(case):
        if one.unheard is None:
            yield from _dropped(case, one)
            continue
        if not one.holds_vip:
            continue
        by, asked, assumed = one.unheard.rule, one.unheard.is_request, one.unheard.assumed
        lost = "these requests" if asked else "the replies"
        certain = bool(one.devices) and not assumed
        yield Problem(
            at=case.place_of(one.real.server, "address"),
            message=f"Real server {quoted(one.real.server.name)} asks for its clients' hardware "
            f"addresses from the VIP {one.vip}, and arptables drops {lost}. It cannot answer these "
            "clients, and they time out.",
            help="Give the requests its own address: set `net.ipv4.conf.all.arp_announce = 2`, or "
            f"{mangling(one)}.",
            severity=None if certain else Severity.WARNING,
            related=(
                (place(by), f"drops {lost}"),
                *((held.place, "is the VIP") for held in one.held),
            ),
            commands=remedies.on_host(one.host, _ANNOUNCING),
        )


def _dropped(case: Case, one: ArpCase) -> Iterator[Problem]:
    """A server that drops its requests from the VIP, where not all is known of it."""
    if one.holds_vip is False or (one.holds_vip and one.host.settings):
        return
    for fault in one.filter_faults:
        if fault.fault == "dropped":
            yield Problem(
                at=case.place_of(one.real.server, "address"),
                message=f"Real server {quoted(one.real.server.name)} drops its own ARP requests from "
                f"the VIP {one.vip}. Unless `arp_announce` gives them another sender, it cannot find "
                "its clients' hardware addresses, and they time out.",
                help="Give the requests its own address instead: set "
                f"`net.ipv4.conf.all.arp_announce = 2`, or {mangling(one)}.",
                severity=Severity.WARNING,
                related=((place(fault.rule), "drops the requests"),),
                commands=remedies.on_host(one.host, *remedies.commands_in(mangling(one))),
            )


@rule("LVS518", "old-arptables-chains", Severity.INFO)
def old_arptables_chains(case: Case) -> Iterator[Problem]:
    """Rules for chains that this host's arptables does not have.

    What:
        The arptables rules of a real server are for IN or OUT, and its release is Red Hat
        Enterprise Linux 7 or later, or other rules of the same host are for INPUT or OUTPUT.

    Why:
        `arptables_jf` of Red Hat Enterprise Linux 4 to 6 has IN and OUT.  Later versions of
        arptables have INPUT and OUTPUT and reject any other chain, so that the rules are not there
        and nothing hides the VIP.

    Example:
          network = direct
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.10.1.31
              }
          }
          --- real-server one
        - arptables -A IN -d 10.10.1.20 -j DROP
        + arptables -A INPUT -d 10.10.1.20 -j DROP
          arptables -A OUTPUT -s 10.10.1.20 -j mangle --mangle-ip-s 10.10.1.31
    """
    seen = set()
    for one in arp_cases(case):
        old = rule_for(one, "IN", "OUT")
        if old is None or one.real.address in seen or not has_new_chains(one):
            continue
        seen.add(one.real.address)
        yield Problem(
            at=case.place_of(one.real.server, "address"),
            message=f"Real server {quoted(one.real.server.name)} has rules for the chains IN and OUT "
            "of older versions, but its arptables has INPUT and OUTPUT. It rejects these rules, and "
            "whatever they should hide is not hidden.",
            help="Write INPUT for IN, and OUTPUT for OUT.",
            related=(
                (place(old), "is for a chain that is not there"),
                (place(rule_for(one, "INPUT", "OUTPUT")), "is for a chain that is there"),
            ),
        )


@rule("LVS519", "arp-own-address-dropped", Severity.ERROR)
def arp_own_address_dropped(case: Case) -> Iterator[Problem]:
    """A real server that drops ARP requests for its own address.

    What:
        With direct routing, the arptables rules of a real server, or the policy of IN, drop the ARP
        requests of the routers for its own address.

    Why:
        The routers cannot find out the real server's hardware address.  Packets do not reach it,
        and its health checks fail.

    Example:
          network = direct
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.10.1.31
              }
          }
          --- real-server one
        - arptables -A IN -j DROP
        + arptables -A IN -d 10.10.1.20 -j DROP
          arptables -A OUT -s 10.10.1.20 -j mangle --mangle-ip-s 10.10.1.31
    """
    router = case.config.primary
    seen = set()
    for one in arp_cases(case):
        if one.real.address in seen or router is None or ipv4.number(router) is None:
            continue
        seen.add(one.real.address)
        dropped = one.unreachable(router)
        if dropped is not None:
            what = "a rule" if dropped.decided_by is not None else "the policy"
            yield Problem(
                at=case.place_of(one.real.server, "address"),
                message=f"Real server {quoted(one.real.server.name)} drops ARP requests for its own "
                f"address {one.real.address}: {what} of its ARP filter is for them too. The routers "
                "cannot find it: neither packets nor health checks reach it.",
                help=f"Drop only the requests for the VIP: {dropping(one)}.",
                related=((place(dropped.decided_by), "drops requests for its own address"),),
                commands=remedies.on_host(one.host, _answering(one)),
            )


def _answering(one: ArpCase) -> str:
    """The command that lets in the requests for a server's own address."""
    chain = "INPUT" if has_new_chains(one) else "IN"
    return f"arptables -I {chain} -d {one.real.address} -j ACCEPT"


_ANNOUNCING = remedies.setting("net.ipv4.conf.all.arp_announce", 2)

RULES: tuple[CaseRule, ...] = (
    vip_announced,
    vip_network_on_loopback,
    arp_ignore_all,
    arp_replies_lost,
    old_arptables_chains,
    arp_own_address_dropped,
)
