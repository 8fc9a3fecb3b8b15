"""LVS227: two files with the firewall rules of one router that differ in effect."""

from collections.abc import Iterator
from itertools import combinations

from lvscf.config.model import VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.firewall.firewall import Firewall
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts.inspection import Inspection, inspection_of
from lvscf.linter.hosts.known_routers import known_routers
from lvscf.linter.hosts.rulebook import Rulebook
from lvscf.linter.hosts.traffic import Router, address_of, mark_of, packet_to, port_of, protocol_of
from lvscf.shared.records import record
from lvscf.source import quoted


@record
class _Effect:
    """What rules do to a packet."""

    mark: int
    accepted: bool

    def __str__(self) -> str:
        if not self.accepted:
            return "drops them"
        return f"gives them mark {self.mark}" if self.mark else "accepts them without a mark"


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
    for router in known_routers(case):
        files = [one for one in router.host.firewalls if one.tables and not one.is_open]
        for one, other in combinations(files[:4], 2):
            shared = one.tables.keys() & other.tables.keys()
            if one.source.text == other.source.text or not shared:
                continue
            pair = tuple(Router("", Rulebook(_limited(each, shared))) for each in (one, other))
            for virtual in inspection.virtual_servers:
                found = _difference(inspection, pair, virtual)
                if found is None:
                    continue
                port, first, second = found
                yield Problem(
                    at=case.place_of(virtual, "fwmark" if virtual.fwmark else "address"),
                    message=f"Two files of {router.name} treat packets to {address_of(virtual)}, "
                    f"{protocol_of(virtual)} port {port}, differently: {quoted(one.source.filename)} "
                    f"{first}, {quoted(other.source.filename)} {second}.",
                    help="If one of them is loaded at boot and the other shows the rules that run, "
                    "a reboot changes this: `service iptables save` writes the running rules to "
                    "/etc/sysconfig/iptables.",
                    related=tuple((_first_line(file), "one of the files") for file in (one, other)),
                )


def _limited(firewall: Firewall, tables: "set[str]") -> Firewall:
    """A firewall with some of its tables."""
    kept = {name: table for name, table in firewall.tables.items() if name in tables}
    return Firewall(firewall.source, "iptables", kept)


def _difference(
    inspection: Inspection, pair: tuple[Router, ...], virtual: VirtualServer
) -> tuple[int, _Effect, _Effect] | None:
    """The first port whose packets the two certainly treat differently, and how."""
    ports = {port_of(virtual)}
    if virtual.fwmark:
        for router in pair:
            ports |= _single(inspection, router, virtual)
    for port in sorted(ports):
        first, second = (_effect(inspection, one.firewall, virtual, port) for one in pair)
        if first is None or second is None:
            continue
        if (first.mark, first.accepted) != (second.mark, second.accepted):
            return port, first, second
    return None


def _single(inspection: Inspection, router: Router, virtual: VirtualServer) -> set[int]:
    """The ports that get the mark of a virtual server; of a range, both ends."""
    ranges = inspection.marked_ports(router, virtual).get(protocol_of(virtual), ())
    return {port for ends in ranges for port in ends}


def _effect(
    inspection: Inspection, firewall: Firewall, virtual: VirtualServer, port: int
) -> _Effect | None:
    """What certainly happens to packets; None if that depends on something."""
    outcomes = inspection.outcomes(firewall, packet_to(virtual, port))
    if len(outcomes) != 1 or outcomes[0].uncertain or outcomes[0].mark is None:
        return None
    only = outcomes[0]
    wanted = mark_of(virtual)
    mark = only.mark if only.mark is not None and wanted else 0
    return _Effect(mark if only.accepted else 0, only.accepted)


def _first_line(firewall: Firewall) -> Place:
    text = firewall.source.text
    newline = text.find("\n")
    return Place(0, newline if newline >= 0 else len(text), firewall.source)


RULES: tuple[CaseRule, ...] = (rule_files_differ,)
