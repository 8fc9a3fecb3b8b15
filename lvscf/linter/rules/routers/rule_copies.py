"""LVS227: two files with the firewall rules of one router that differ in effect."""

from collections.abc import Iterator

from lvscf.config.model import VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.firewall.firewall import Firewall
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts.inspection import Inspection, inspection_of
from lvscf.linter.hosts.router_hosts import router_hosts
from lvscf.linter.hosts.rule_copies import only_outcome, rule_copies
from lvscf.linter.hosts.rulebook import Rulebook
from lvscf.linter.hosts.traffic import Router, address_of, packet_to, port_of, protocol_of
from lvscf.source import quoted


@rule("LVS227", "rule-files-differ", Severity.WARNING)
def rule_files_differ(case: Case) -> Iterator[Problem]:
    """Two files with one router's rules treat a service's packets differently.

    What:
        Two files were given for one router, both have the same iptables table, and packets to an
        active virtual server are marked, accepted or dropped differently.  Typical files are
        /etc/sysconfig/iptables and the output of `iptables-save`.

    Why:
        If one file shows the rules that run and the other those that are loaded at boot, a reboot
        changes what happens to these packets.  The two routers' own rules belong to two hosts.

    Example:
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              fwmark = 80
              persistent = 300
          }
          --- router 10.10.1.21
          *mangle
          :PREROUTING ACCEPT [0:0]
          -A PREROUTING -d 10.10.1.20/32 -p tcp -m tcp --dport 80 -j MARK --set-mark 80
          COMMIT
          --- router 10.10.1.21
          *mangle
          :PREROUTING ACCEPT [0:0]
        + -A PREROUTING -d 10.10.1.20/32 -p tcp -m tcp --dport 80 -j MARK --set-mark 80
          COMMIT
    """
    inspection = inspection_of(case)
    for router in router_hosts(case):
        if router.role is None:
            continue  # the files may be those of two routers
        for copies in rule_copies(router.host):
            one, other = Router("", Rulebook(copies.one)), Router("", Rulebook(copies.other))
            for virtual in inspection.virtual_servers:
                found = _difference(inspection, one, other, virtual)
                if found is None:
                    continue
                port, here, there = found
                yield Problem(
                    at=case.place_of(virtual, "fwmark" if virtual.fwmark else "address"),
                    message=f"Two files of {router.name} treat packets to {address_of(virtual)}, "
                    f"{protocol_of(virtual)} port {port}, differently: "
                    f"{quoted(copies.one.source.filename)} {here}, "
                    f"{quoted(copies.other.source.filename)} {there}.",
                    help="If one of them is loaded at boot and the other shows the rules that run, "
                    "a reboot changes this: `service iptables save` writes the running rules to "
                    "/etc/sysconfig/iptables.",
                    related=copies.related,
                )


def _difference(
    inspection: Inspection, one: Router, other: Router, virtual: VirtualServer
) -> tuple[int, str, str] | None:
    """The first port whose packets the two certainly treat differently, and how."""
    ports = {port_of(virtual)}
    if virtual.fwmark:
        ports |= _marked(inspection, one, virtual) | _marked(inspection, other, virtual)
    for port in sorted(ports):
        here = _effect(inspection, one.firewall, virtual, port)
        there = _effect(inspection, other.firewall, virtual, port)
        if here is not None and there is not None and here != there:
            return port, here, there
    return None


def _marked(inspection: Inspection, router: Router, virtual: VirtualServer) -> set[int]:
    """The ports that get the mark of a virtual server; of a range, both ends."""
    ranges = inspection.marked_ports(router, virtual).get(protocol_of(virtual), ())
    return {port for ends in ranges for port in ends}


def _effect(
    inspection: Inspection, firewall: Firewall, virtual: VirtualServer, port: int
) -> str | None:
    """What certainly happens to packets; None if that depends on something."""
    outcome = only_outcome(inspection.outcomes(firewall, packet_to(virtual, port)))
    if outcome is None:
        return None
    if not outcome.accepted:
        return "does not let them in"
    if not virtual.fwmark:
        return "accepts them"
    return f"gives them mark {outcome.mark}" if outcome.mark else "accepts them without a mark"


RULES: tuple[CaseRule, ...] = (rule_files_differ,)
