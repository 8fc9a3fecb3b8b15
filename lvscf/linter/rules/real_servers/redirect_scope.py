"""LVS5, second part: rules of real servers that do too much, too little, or nothing any more."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.firewall.model import Rule
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts import iptables_commands
from lvscf.linter.hosts.arp_defects import ArpFault, Fault, arp_faults, ineffective_sysctl
from lvscf.linter.hosts.inspection import inspection_of
from lvscf.linter.hosts.redirect_defects import (
    is_direct,
    redirect_defects,
    redirecting_rules,
    redirects,
)
from lvscf.linter.hosts.rulebook import PortRange, Rulebook, destination, named_ports
from lvscf.linter.hosts.traffic import RealHost, address_of, place, shown
from lvscf.shared import ipv4
from lvscf.source import quoted


@rule("LVS506", "redirect-too-wide", Severity.WARNING)
def redirect_too_wide(case: Case) -> Iterator[Problem]:
    """A REDIRECT that is not limited to the VIP.

    What:
        The rule that redirects packets for a VIP has no `-d`, excludes an address instead of naming
        one, or is for a network.

    Why:
        It takes packets for other addresses, too: a second VIP that should go elsewhere, containers
        and virtual machines behind the server, with a wide source the server's own traffic.

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
        - iptables -t nat -A PREROUTING -p tcp --dport 80 -j REDIRECT
        + iptables -t nat -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j REDIRECT
    """
    seen: set[int] = set()
    for host, rulebook in _direct_hosts(case):
        for translating in redirecting_rules(inspection_of(case), host, rulebook):
            networks = rulebook.destinations(translating)
            narrow = bool(networks) and all(network.single for network in networks)
            if narrow or id(translating) in seen or not rulebook.is_told(translating):
                continue
            seen.add(id(translating))
            yield Problem(
                at=_server(host),
                message=f"Real server {quoted(host.server.name)} redirects more than the VIP: "
                f"{shown(translating)}. It takes packets for other addresses, too. Name the VIP: "
                f"`-d {address_of(host.virtual)}/32`.",
                related=((place(translating), "is not limited to the VIP"),),
            )


@rule("LVS507", "redirect-stale", Severity.INFO)
def redirect_stale(case: Case) -> Iterator[Problem]:
    """A REDIRECT for what lvs.cf does not balance.

    What:
        A real server redirects an address that no virtual server with this real server has, or a
        port that the routers do not forward to it.

    Why:
        The rule is left over from an earlier configuration, or is waiting for one.  It does no harm
        until the address is used for something else.

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
        - iptables -t nat -A PREROUTING -p tcp -d 10.10.1.20 -m multiport --dports 80,8080 -j REDIRECT
        + iptables -t nat -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j REDIRECT
    """
    blamed = {id(defect.rule) for defect in redirect_defects(case)}
    hosts: dict[int, list[tuple[RealHost, Rulebook]]] = {}
    for host, rulebook in _direct_hosts(case):
        hosts.setdefault(id(rulebook), []).append((host, rulebook))
    for group in hosts.values():
        host, rulebook = group[0]
        for redirecting in rulebook.redirecting:
            if id(redirecting) in blamed or not rulebook.is_reached(redirecting):
                continue
            left = _left_over(case, [one for one, _ in group], redirecting)
            if left:
                yield Problem(
                    at=_server(host),
                    message=f"Real server {quoted(host.server.name)} redirects {left}, which "
                    "lvs.cf does not balance to it. If that is history, take it out of "
                    f"{shown(redirecting)}.",
                    related=((place(redirecting), "redirects more than is balanced"),),
                )


def _left_over(case: Case, hosts: list[RealHost], redirecting: Rule) -> str | None:
    """What of a REDIRECT rule no virtual server of these hosts asks for."""
    network = destination(redirecting)
    if network is None or not network.single:
        return None
    address = ipv4.dotted(network.address)
    concerned = [host for host in hosts if address_of(host.virtual) == address]
    if not concerned:
        return address
    if any(host.virtual.fwmark for host in concerned) and not inspection_of(case).routers:
        return None  # which ports have the mark is known to the routers only
    duties = [duty for host in concerned for duty in inspection_of(case).duties(host.virtual)]
    balanced = [port for duty in duties for port in duty.ports]
    left = [port for port in named_ports(redirecting) if not _any_within(port, balanced)]
    return f"{iptables_commands.listed(left)} of {address}" if left else None


def _any_within(port: PortRange, balanced: list[PortRange]) -> bool:
    """Whether any balanced port lies within a port or range."""
    return any(low <= port[1] and port[0] <= high for low, high in balanced)


@rule("LVS508", "arp-not-hidden", Severity.ERROR)
def arp_not_hidden(case: Case) -> Iterator[Problem]:
    """A real server whose arptables rules do not hide the VIP.

    What:
        The arptables rules of a real server were given, and IN does not drop ARP requests for the
        VIP, or OUT does not rewrite the source of the server's own requests to its own address.
        Or its kernel settings were given, and set `arp_ignore` only for `lo`, or only for
        `default` while the devices in use have 0.

    Why:
        A real server that carries the VIP answers for it: clients and switches learn its address
        instead of the router's, at random, and LVS is bypassed.  For `arp_ignore` the kernel takes
        the larger value of `all` and the device that the request comes in by, which is not `lo`.

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
          arptables -A IN -d 10.10.1.20 -j DROP
        + arptables -A OUT -s 10.10.1.20 -j mangle --mangle-ip-s 10.10.1.31
    """
    for fault in _arp_faults(case, "IN"):
        vip = address_of(fault.host.virtual)
        yield _arp_problem(
            fault,
            f"answers ARP requests for {vip}: no rule of IN drops them. Clients reach it past the "
            f"router. Drop them: `arptables -A IN -d {vip} -j DROP`.",
        )
    for fault in _arp_faults(case, "OUT"):
        yield _arp_problem(
            fault,
            f"sends ARP requests from {address_of(fault.host.virtual)}: no rule of OUT rewrites "
            "their source, and neighbours learn its address instead of the router's. Rewrite it: "
            f"{_mangling(fault.host)}.",
        )
    yield from _ineffective_sysctl(case)


def _ineffective_sysctl(case: Case) -> Iterator[Problem]:
    """Kernel settings that are meant to hide the VIP, and do not."""
    inspection = inspection_of(case)
    if not is_direct(inspection):
        return
    seen: set[tuple[str, str]] = set()
    for host in inspection.real_hosts:
        vip = address_of(host.virtual)
        at = ineffective_sysctl(host)
        if at is None or (host.address, vip) in seen or redirects(inspection, host):
            continue
        seen.add((host.address, vip))
        device, setting = at
        yield Problem(
            at=_server(host),
            message=f"Real server {quoted(host.server.name)} sets `arp_ignore` for `{device}` only, "
            "which has no effect on requests that come in by another device: if it has the VIP "
            f"{vip}, it answers ARP requests for it, and clients reach it past the router. Set "
            "`net.ipv4.conf.all.arp_ignore = 1` and `net.ipv4.conf.all.arp_announce = 2`.",
            related=((setting, "has no effect here"),),
        )


@rule("LVS509", "arptables-out-d", Severity.WARNING)
def arptables_out_d(case: Case) -> Iterator[Problem]:
    """An OUT rule of arptables for packets to the VIP.

    What:
        The rule of OUT that rewrites the source matches `-d VIP` instead of `-s VIP`.

    Why:
        Red Hat's older manuals print it that way.  The requests that give the VIP away have it as
        their source, and the rule never sees them.

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
          arptables -A IN -d 10.10.1.20 -j DROP
        - arptables -A OUT -d 10.10.1.20 -j mangle --mangle-ip-s 10.10.1.31
        + arptables -A OUT -s 10.10.1.20 -j mangle --mangle-ip-s 10.10.1.31
    """
    for fault in _arp_faults(case, "OUT -d"):
        yield _arp_problem(
            fault,
            f"rewrites ARP packets to {address_of(fault.host.virtual)} instead of those from it, "
            "so its requests still give the VIP away (older manuals of Red Hat have the mistake). "
            f"Match the source: {_mangling(fault.host)}.",
            "matches `-d`, where `-s` is needed",
        )


@rule("LVS510", "arp-mangle-wrong-source", Severity.ERROR)
def arp_mangle_wrong_source(case: Case) -> Iterator[Problem]:
    """ARP requests that are rewritten to another host's address.

    What:
        `--mangle-ip-s` in the rule for the VIP is not the real server's own address.

    Why:
        Neighbours learn that address with this server's hardware address: with the VIP the rule
        does nothing, with another host's address that host loses its traffic.

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
          arptables -A IN -d 10.10.1.20 -j DROP
        - arptables -A OUT -s 10.10.1.20 -j mangle --mangle-ip-s 10.10.1.32
        + arptables -A OUT -s 10.10.1.20 -j mangle --mangle-ip-s 10.10.1.31
    """
    for fault in _arp_faults(case, "source"):
        setting = (
            fault.rule.target.setting("--mangle-ip-s") if fault.rule and fault.rule.target else None
        )
        given = setting.text if setting else "another address"
        yield _arp_problem(
            fault,
            f"rewrites the source of its ARP requests to {given}, and its own address is "
            f"{fault.host.address}: neighbours learn a wrong hardware address. Write its own: "
            f"{_mangling(fault.host)}.",
            f"is not {fault.host.address}",
        )


@rule("LVS512", "nat-redirect-leftover", Severity.WARNING)
def nat_redirect_leftover(case: Case) -> Iterator[Problem]:
    """A REDIRECT for a VIP where the routers translate addresses.

    What:
        With `network = nat` a real server has a REDIRECT rule for a VIP.

    Why:
        With NAT packets arrive with the real server's own address, and the rule never matches.  It
        is left over from direct routing, or `network` is not what was meant.

    Example:
        - network = nat
        + network = direct
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
        -         address = 10.11.1.31
        +         address = 10.10.1.31
              }
          }
          --- real-server one
          iptables -t nat -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j REDIRECT
    """
    inspection = inspection_of(case)
    if case.config.network != "nat" or case.is_unreadable(case.config, "network"):
        return
    seen: set[int] = set()
    for host in inspection.real_hosts:
        for rulebook in host.rulebooks:
            for redirecting in rulebook.redirecting:
                network = destination(redirecting)
                if network is None or not network.single or id(redirecting) in seen:
                    continue
                vip = ipv4.dotted(network.address)
                if vip not in inspection.addresses or not rulebook.is_reached(redirecting):
                    continue
                seen.add(id(redirecting))
                yield Problem(
                    at=_server(host),
                    message=f"Real server {quoted(host.server.name)} redirects {vip}, but with "
                    f"`network = nat` packets arrive for {host.address}: the rule never matches. "
                    f"Take it out: {iptables_commands.removal(redirecting)}.",
                    related=((place(redirecting), "never matches with NAT"),),
                )


def _direct_hosts(case: Case) -> Iterator[tuple[RealHost, Rulebook]]:
    """The real servers with direct routing, each with its iptables rules."""
    if is_direct(inspection_of(case)):
        for host in inspection_of(case).real_hosts:
            for rulebook in host.rulebooks:
                yield host, rulebook


def _arp_faults(case: Case, wanted: Fault) -> Iterator[ArpFault]:
    """The faults of one kind, one for each server and VIP.

    A server that redirects the VIP need not carry it, and then has nothing to hide.
    """
    inspection = inspection_of(case)
    if not is_direct(inspection):
        return
    seen: set[tuple[str, str]] = set()
    for host in inspection.real_hosts:
        key = (host.address, address_of(host.virtual))
        if not host.arptables or key in seen:
            continue
        if any(redirecting_rules(inspection, host, rulebook) for rulebook in host.rulebooks):
            continue
        seen.add(key)
        yield from (fault for fault in arp_faults(host) if fault.fault == wanted)


def _arp_problem(fault: ArpFault, what: str, note: str = "") -> Problem:
    return Problem(
        at=_server(fault.host),
        message=f"Real server {quoted(fault.host.server.name)} {what}",
        related=((place(fault.rule), note),) if fault.rule else (),
    )


def _mangling(host: RealHost) -> str:
    vip = address_of(host.virtual)
    return f"`arptables -A OUT -s {vip} -j mangle --mangle-ip-s {host.address}`"


def _server(host: RealHost) -> Place:
    return places.value_of(host.server, "address") or places.name_of(host.server) or Place(0, 0)


RULES: tuple[CaseRule, ...] = (
    redirect_too_wide,
    redirect_stale,
    arp_not_hidden,
    arptables_out_d,
    arp_mangle_wrong_source,
    nat_redirect_leftover,
)
