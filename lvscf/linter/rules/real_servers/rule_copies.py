"""LVS527: two files with the firewall rules of one real server that differ in effect."""

from collections.abc import Iterator

from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.firewall.firewall import Firewall
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts.inspection import Inspection, inspection_of, is_direct
from lvscf.linter.hosts.rule_copies import RuleCopies, only_outcome, rule_copies
from lvscf.linter.hosts.traffic import RealHost, address_of, packet_to
from lvscf.source import quoted


@rule("LVS527", "server-rule-files-differ", Severity.WARNING)
def server_rule_files_differ(case: Case) -> Iterator[Problem]:
    """Two files with one real server's rules treat a service's packets differently.

    What:
        With direct routing, two files were given for one real server, both have the same iptables
        table, and packets to the VIP are redirected, accepted or dropped differently.  Typical files
        are /etc/sysconfig/iptables and the output of `iptables-save`.

    Why:
        If one file shows the rules that run and the other those that are loaded at boot, a reboot
        changes whether the real server serves its share of the clients.

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
          *nat
          :PREROUTING ACCEPT [0:0]
          -A PREROUTING -d 10.10.1.20/32 -p tcp -m tcp --dport 80 -j REDIRECT
          COMMIT
          --- real-server one
          *nat
          :PREROUTING ACCEPT [0:0]
        + -A PREROUTING -d 10.10.1.20/32 -p tcp -m tcp --dport 80 -j REDIRECT
          COMMIT
    """
    inspection = inspection_of(case)
    if not is_direct(inspection):
        return
    copies_of: dict[int, tuple[RuleCopies, ...]] = {}
    for host in inspection.real_hosts:
        firewalls = host.host.firewalls
        if len(firewalls) < 2:
            continue
        key = id(firewalls[0])
        if key not in copies_of:
            copies_of[key] = tuple(rule_copies(host.host))
        for copies in copies_of[key]:
            found = _difference(inspection, copies, host)
            if found is None:
                continue
            protocol, port, here, there = found
            yield Problem(
                at=case.place_of(host.server, "address"),
                message=f"Two files of real server {quoted(host.server.name)} treat packets to "
                f"{address_of(host.virtual)}, {protocol} port {port}, differently: "
                f"{quoted(copies.one.source.filename)} {here}, "
                f"{quoted(copies.other.source.filename)} {there}.",
                help="If one of them is loaded at boot and the other shows the rules that run, a "
                "reboot changes this: `service iptables save` writes the running rules to "
                "/etc/sysconfig/iptables.",
                related=copies.related,
            )


def _difference(
    inspection: Inspection, copies: RuleCopies, host: RealHost
) -> tuple[str, int, str, str] | None:
    """The first port whose packets the two certainly treat differently, and how."""
    for duty in inspection.duties(host.virtual):
        for low, _ in duty.ports:
            here = _effect(inspection, copies.one, host, duty.protocol, low)
            there = _effect(inspection, copies.other, host, duty.protocol, low)
            if here is not None and there is not None and here != there:
                return duty.protocol, low, here, there
    return None


def _effect(
    inspection: Inspection, firewall: Firewall, host: RealHost, protocol: str, port: int
) -> str | None:
    """What certainly happens to packets; None if that depends on something."""
    packet = packet_to(host.virtual, port, protocol)
    outcome = only_outcome(inspection.outcomes(firewall, packet, host.address))
    if outcome is None:
        return None
    if not outcome.accepted:
        return "does not let them in"
    if outcome.translated_by is None:
        return "does not redirect them"
    return f"redirects them to port {outcome.port}"


RULES: tuple[CaseRule, ...] = (server_rule_files_differ,)
