"""LVS506, 507 and 512: REDIRECT rules of real servers that match too much, or nothing any more."""

from collections.abc import Iterator

from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.firewall.model import Rule
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts import iptables_commands, remedies
from lvscf.linter.hosts.inspection import inspection_of, is_direct
from lvscf.linter.hosts.redirect_defects import redirect_defects, redirecting_rules
from lvscf.linter.hosts.rulebook import PortRange, Rulebook, destination, named_ports
from lvscf.linter.hosts.traffic import RealHost, address_of, place, shown
from lvscf.shared import ipv4
from lvscf.source import quoted


@rule("LVS506", "redirect-too-wide", Severity.WARNING)
def redirect_too_wide(case: Case) -> Iterator[Problem]:
    """A REDIRECT that is not limited to the VIP.

    What:
        The rule that redirects packets for a VIP to the real server itself has no `-d`, excludes an
        address instead of naming one, or matches a whole network.

    Why:
        It also takes packets for other addresses: a second VIP that should go elsewhere, or
        containers and virtual machines on the server.

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
        for translating in redirecting_rules(inspection_of(case), host, rulebook, here=True):
            networks = rulebook.destinations(translating)
            narrow = bool(networks) and all(network.single for network in networks)
            if narrow or id(translating) in seen or not rulebook.is_known(translating):
                continue
            seen.add(id(translating))
            yield Problem(
                at=case.place_of(host.server, "address"),
                message=f"Real server {quoted(host.server.name)} redirects more than the VIP: "
                f"{shown(translating)} also takes packets for other addresses.",
                help=f"Name the VIP: `-d {address_of(host.virtual)}/32`.",
                related=((place(translating), "is not limited to the VIP"),),
                commands=remedies.on_host(host.host, *_narrowed(case, host, rulebook, translating)),
            )


def _narrowed(case: Case, host: RealHost, rulebook: Rulebook, wide: Rule) -> tuple[str, ...]:
    """The commands that limit a rule to what the routers forward to the host."""
    protocol, table = wide.setting("-p"), wide.table
    own = protocol.text if protocol is not None and not protocol.negated else ""
    target = str(wide.target).partition(" ")[2]
    made: dict[str, None] = {}
    for other in inspection_of(case).real_hosts:
        if other.host is not host.host:
            continue
        for duty in inspection_of(case).duties(other.virtual):
            ports = [one for one in duty.ports if _is_matched(one, rulebook.ports(wide))]
            if ports and own in ("", duty.protocol):
                commands = iptables_commands.for_ports(
                    table, f"-A {wide.chain}", duty.protocol, f"{address_of(other.virtual)}/32",
                    ports, target,
                )  # fmt: skip
                made.update(dict.fromkeys(remedies.commands_in(commands)))
    return remedies.replacing(case, wide, *made)


def _is_matched(port: PortRange, named: tuple[PortRange, ...]) -> bool:
    return not named or any(low <= port[0] and port[1] <= high for low, high in named)


@rule("LVS507", "redirect-stale", Severity.INFO)
def redirect_stale(case: Case) -> Iterator[Problem]:
    """A REDIRECT for something that lvs.cf does not balance.

    What:
        A real server redirects an address that is not the VIP of any of its virtual servers, or a
        port that the routers do not forward to it.

    Why:
        The rule is left over from an earlier configuration or prepared for a later one.  It is
        harmless until the address is used for something else.

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
                    at=case.place_of(host.server, "address"),
                    message=f"Real server {quoted(host.server.name)} redirects {left}, which "
                    f"{case.program.file} does not balance to it.",
                    help=f"If it is left over, remove or shorten {shown(redirecting)}.",
                    related=((place(redirecting), "redirects more than is balanced"),),
                )


def _left_over(case: Case, hosts: list[RealHost], redirecting: Rule) -> str | None:
    """The part of a REDIRECT rule that no virtual server of these hosts needs."""
    network = destination(redirecting)
    if network is None or not network.single:
        return None
    address = ipv4.dotted(network.address)
    concerned = [host for host in hosts if address_of(host.virtual) == address]
    if not concerned:
        return address
    if any(host.virtual.fwmark for host in concerned) and not inspection_of(case).routers:
        return None  # only the routers' rules show which ports get the mark
    duties = [duty for host in concerned for duty in inspection_of(case).duties(host.virtual)]
    balanced = [port for duty in duties for port in duty.ports]
    left = [port for port in named_ports(redirecting) if not _any_within(port, balanced)]
    return f"{iptables_commands.listed(left)} of {address}" if left else None


def _any_within(port: PortRange, balanced: list[PortRange]) -> bool:
    """Whether any balanced port lies within a port or range."""
    return any(low <= port[1] and port[0] <= high for low, high in balanced)


@rule("LVS512", "nat-redirect-leftover", Severity.WARNING)
def nat_redirect_leftover(case: Case) -> Iterator[Problem]:
    """A REDIRECT for a VIP where the routers translate addresses.

    What:
        With `network = nat`, a real server has a REDIRECT rule for a VIP.

    Why:
        With NAT, packets arrive with the real server's own address, so the rule never matches.  It
        is left over from direct routing, or `network` is wrong.

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
                    at=case.place_of(host.server, "address"),
                    message=f"Real server {quoted(host.server.name)} redirects {vip}, but with "
                    f"{case.program.nat} packets arrive for {host.address}: the rule never matches.",
                    help=f"Remove it: {iptables_commands.removal(redirecting)}.",
                    related=((place(redirecting), "never matches with NAT"),),
                    commands=remedies.on_host(host.host, *remedies.removing(redirecting)),
                )


def _direct_hosts(case: Case) -> Iterator[tuple[RealHost, Rulebook]]:
    """The real servers with direct routing, each with its iptables rules."""
    if is_direct(inspection_of(case)):
        for host in inspection_of(case).real_hosts:
            for rulebook in host.rulebooks:
                yield host, rulebook


RULES: tuple[CaseRule, ...] = (redirect_too_wide, redirect_stale, nat_redirect_leftover)
