"""LVS525 and LVS526: what real servers lack after a reboot."""

from collections.abc import Iterator

from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.hosts.host import Host
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts.inspection import inspection_of, is_direct
from lvscf.linter.hosts.redirect_defects import redirects
from lvscf.linter.hosts.router_hosts import starts_at_boot
from lvscf.linter.hosts.traffic import RealHost, address_of
from lvscf.linter.rules.routers.boot import RULE_SERVICES
from lvscf.source import quoted

_ARPTABLES = ("arptables_jf", "arptables")


def _hosts(case: Case) -> Iterator[RealHost]:
    """The real servers that files were given for, each once."""
    seen: set[str | None] = set()
    for host in inspection_of(case).real_hosts:
        if host.host.name not in seen:
            seen.add(host.host.name)
            yield host


def _service(host: Host, names: tuple[str, ...]) -> tuple[tuple[Place | None, str], ...]:
    return tuple((one.place, "the service") for one in host.boot_services if one.name in names)[:1]


@rule("LVS525", "arptables-not-at-boot", Severity.WARNING)
def arptables_not_at_boot(case: Case) -> Iterator[Problem]:
    """The service that loads the arptables rules does not start on a real server at boot.

    What:
        With direct routing, the arptables rules and the services of a real server were given
        (`chkconfig --list`, `systemctl list-unit-files`), and neither `arptables_jf` nor `arptables`
        starts at boot.

    Why:
        After a reboot, the rules are gone, unless a script of your own loads them.  If the real
        server then has the VIP, it answers ARP requests for it, and clients bypass the router.

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
          arptables -A OUT -s 10.10.1.20 -j mangle --mangle-ip-s 10.10.1.31
          --- real-server one
        - arptables_jf   	0:off	1:off	2:off	3:off	4:off	5:off	6:off
        + arptables_jf   	0:off	1:off	2:on	3:on	4:on	5:on	6:off
          network        	0:off	1:off	2:on	3:on	4:on	5:on	6:off
    """
    if not is_direct(inspection_of(case)):
        return
    for host in _hosts(case):
        has_rules = any(
            table.rules for one in host.host.arp_filters for table in one.arp_tables.values()
        )
        if has_rules and starts_at_boot(host.host, *_ARPTABLES) is False:
            yield Problem(
                at=case.place_of(host.server, "address"),
                message=f"arptables does not start at boot on real server {quoted(host.server.name)}: "
                "after a reboot, nothing keeps it from answering ARP requests for "
                f"{address_of(host.virtual)}, unless another script sets the rules.",
                help="Run `service arptables_jf save` and `chkconfig arptables_jf on` there.",
                related=_service(host.host, _ARPTABLES),
            )


@rule("LVS526", "redirect-not-at-boot", Severity.WARNING)
def redirect_not_at_boot(case: Case) -> Iterator[Problem]:
    """The firewall that redirects the VIP does not start on a real server at boot.

    What:
        With direct routing, a real server accepts packets for the VIP by a REDIRECT rule, its
        services were given (`chkconfig --list`, `systemctl list-unit-files`), and neither `iptables`
        nor another known firewall service starts at boot.

    Why:
        After a reboot, the rule is gone, unless a script of your own sets it.  nanny's checks go to
        the real server's own address and succeed, so that it still gets its share of the clients,
        who get no answer.

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
          iptables -t nat -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j REDIRECT
          --- real-server one
        - iptables       	0:off	1:off	2:off	3:off	4:off	5:off	6:off
        + iptables       	0:off	1:off	2:on	3:on	4:on	5:on	6:off
          network        	0:off	1:off	2:on	3:on	4:on	5:on	6:off
    """
    inspection = inspection_of(case)
    if not is_direct(inspection):
        return
    for host in _hosts(case):
        if starts_at_boot(host.host, *RULE_SERVICES) is False and redirects(inspection, host):
            yield Problem(
                at=case.place_of(host.server, "address"),
                message=f"iptables does not start at boot on real server {quoted(host.server.name)}: "
                f"after a reboot, it does not accept packets for {address_of(host.virtual)} unless "
                "another script sets the rules.",
                help="Run `service iptables save` and `chkconfig iptables on` there.",
                related=_service(host.host, RULE_SERVICES),
            )


RULES: tuple[CaseRule, ...] = (
    arptables_not_at_boot,
    redirect_not_at_boot,
)
