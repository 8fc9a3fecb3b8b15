"""LVS508-510: real servers that have the VIP themselves and do not hide it from ARP."""

from collections.abc import Iterator

from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts.arp_defects import ArpFault, Fault, arp_faults, ineffective_sysctl
from lvscf.linter.hosts.inspection import inspection_of
from lvscf.linter.hosts.redirect_defects import is_direct, redirecting_rules, redirects
from lvscf.linter.hosts.traffic import RealHost, address_of, place
from lvscf.source import quoted


@rule("LVS508", "arp-not-hidden", Severity.ERROR)
def arp_not_hidden(case: Case) -> Iterator[Problem]:
    """A real server that does not hide the VIP from ARP.

    What:
        The arptables rules of a real server were given, but IN does not drop ARP requests for the
        VIP, or OUT does not replace it as the source of the server's own requests.  Or the server's
        kernel settings were given, but set `arp_ignore` only for `lo`, or only for `default` while
        the devices in use have 0.

    Why:
        A real server that has the VIP answers ARP requests for it.  Some clients then learn its
        hardware address instead of the router's, and LVS is bypassed.  The kernel applies the
        larger `arp_ignore` of `all` and of the device on which the request arrives, which is never
        `lo`.

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
            case,
            fault,
            f"answers ARP requests for {vip}: no rule of IN drops them. Clients then bypass the "
            "router.",
            f"Drop them: `arptables -A IN -d {vip} -j DROP`.",
        )
    for fault in _arp_faults(case, "OUT"):
        yield _arp_problem(
            case,
            fault,
            f"sends ARP requests from {address_of(fault.host.virtual)}: no rule of OUT rewrites "
            "their source. Neighbours then learn its hardware address instead of the router's.",
            f"Rewrite the source: {_mangling(fault.host)}.",
        )
    yield from _ineffective_sysctl(case)


def _ineffective_sysctl(case: Case) -> Iterator[Problem]:
    """Kernel settings that are meant to hide the VIP but do not."""
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
            at=case.place_of(host.server, "address"),
            message=f"Real server {quoted(host.server.name)} sets `arp_ignore` for `{device}` only, "
            f"which has no effect on other devices. If it has the VIP {vip}, it answers ARP "
            "requests for it, and clients bypass the router.",
            help="Set `net.ipv4.conf.all.arp_ignore = 1` and `net.ipv4.conf.all.arp_announce = 2`.",
            related=((setting, "has no effect here"),),
        )


@rule("LVS509", "arptables-out-d", Severity.WARNING)
def arptables_out_d(case: Case) -> Iterator[Problem]:
    """An OUT rule of arptables for packets to the VIP.

    What:
        The rule of OUT that rewrites the source matches `-d VIP` instead of `-s VIP`.

    Why:
        Older Red Hat manuals have this mistake.  The requests that give the VIP away have it as
        their source, so the rule never matches them.

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
            case,
            fault,
            f"rewrites ARP packets to {address_of(fault.host.virtual)} instead of those from it (a "
            "mistake in older Red Hat manuals): its requests still give the VIP away.",
            f"Match the source: {_mangling(fault.host)}.",
            "matches `-d`, but `-s` is needed",
        )


@rule("LVS510", "arp-mangle-wrong-source", Severity.ERROR)
def arp_mangle_wrong_source(case: Case) -> Iterator[Problem]:
    """ARP requests with another host's address as their source.

    What:
        `--mangle-ip-s` in the rule for the VIP is not the real server's own address.

    Why:
        Neighbours learn that address together with this server's hardware address.  With the VIP,
        the rule does nothing; with another host's address, that host loses its traffic.

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
            case,
            fault,
            f"rewrites the source of its ARP requests to {given}, but its own address is "
            f"{fault.host.address}: neighbours learn a wrong hardware address.",
            f"Use its own address: {_mangling(fault.host)}.",
            f"is not {fault.host.address}",
        )


def _arp_faults(case: Case, wanted: Fault) -> Iterator[ArpFault]:
    """The faults of one kind, one for each server and VIP.

    A server that redirects the VIP need not have it, and then has nothing to hide.
    """
    inspection = inspection_of(case)
    if not is_direct(inspection):
        return
    seen: set[tuple[str, str]] = set()
    for host in inspection.real_hosts:
        key = (host.address, address_of(host.virtual))
        if not host.host.arp_filters or key in seen:
            continue
        if any(redirecting_rules(inspection, host, rulebook) for rulebook in host.rulebooks):
            continue
        seen.add(key)
        yield from (fault for fault in arp_faults(host) if fault.fault == wanted)


def _arp_problem(case: Case, fault: ArpFault, what: str, help: str, note: str = "") -> Problem:
    return Problem(
        at=case.place_of(fault.host.server, "address"),
        message=f"Real server {quoted(fault.host.server.name)} {what}",
        help=help,
        related=((place(fault.rule), note),),
    )


def _mangling(host: RealHost) -> str:
    vip = address_of(host.virtual)
    return f"`arptables -A OUT -s {vip} -j mangle --mangle-ip-s {host.address}`"


RULES: tuple[CaseRule, ...] = (arp_not_hidden, arptables_out_d, arp_mangle_wrong_source)
