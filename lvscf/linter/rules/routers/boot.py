"""LVS223-LVS226: what starts on the routers at boot, and whether IPVS is there."""

from collections.abc import Iterator

from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.hosts.host import Host
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts.router_hosts import held_by, router_hosts, starts_at_boot

RULE_SERVICES = ("iptables", "firewalld", "nftables", "shorewall", "ferm")
"""Services that may set firewall rules at boot."""


@rule("LVS223", "pulse-not-at-boot", Severity.WARNING)
def pulse_not_at_boot(case: Case) -> Iterator[Problem]:
    """`pulse` does not start on a router when it boots.

    What:
        The services of a router were given (`chkconfig --list`, `systemctl list-unit-files`), lvs.cf
        has active services, and `pulse` does not start at boot.

    Why:
        After a reboot, the router neither serves clients nor watches its partner: the cluster has no
        router to take over, and nothing shows that until the other one fails.

    Example:
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
          }
          --- router 10.10.1.21
          network        	0:off	1:off	2:on	3:on	4:on	5:on	6:off
        - pulse          	0:off	1:off	2:off	3:off	4:off	5:off	6:off
        + pulse          	0:off	1:off	2:on	3:on	4:on	5:on	6:off
    """
    if not case.services:
        return
    for router in router_hosts(case):
        if starts_at_boot(router.host, "pulse") is False:
            yield Problem(
                at=case.place_of(case.config, router.directive),
                message=f"pulse does not start at boot on {router.name}: after a reboot, the router "
                "neither serves clients nor takes over.",
                help="Run `chkconfig pulse on` there, or start pulse by hand after each reboot.",
                related=((_line_of(router.host, "pulse"), "the service"),),
            )


@rule("LVS224", "marks-not-set-at-boot", Severity.WARNING)
def marks_not_set_at_boot(case: Case) -> Iterator[Problem]:
    """The firewall that sets the marks does not start on a router when it boots.

    What:
        The services of a router were given (`chkconfig --list`, `systemctl list-unit-files`), an
        active virtual server has a firewall mark, and neither `iptables` nor another known firewall
        service starts at boot.

    Why:
        After a reboot, packets have no marks, unless a script of your own sets the rules: IPVS does
        not balance them, and clients of these virtual servers are not served.

    Example:
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              fwmark = 80
              persistent = 300
          }
          --- router 10.10.1.21
        - iptables       	0:off	1:off	2:off	3:off	4:off	5:off	6:off
        + iptables       	0:off	1:off	2:on	3:on	4:on	5:on	6:off
          pulse          	0:off	1:off	2:on	3:on	4:on	5:on	6:off
    """
    marked = next((one for one in case.virtual_servers if one.fwmark), None)
    if marked is None:
        return
    for router in router_hosts(case):
        if starts_at_boot(router.host, *RULE_SERVICES) is False:
            yield Problem(
                at=case.place_of(marked, "fwmark"),
                message=f"iptables does not start at boot on {router.name}: after a reboot, packets "
                f"do not get mark {marked.fwmark} unless another script sets the rules.",
                help="Run `service iptables save` and `chkconfig iptables on` there.",
                related=((_line_of(router.host, *RULE_SERVICES), "the service"),),
            )


@rule("LVS225", "ipvsadm-at-boot", Severity.INFO)
def ipvsadm_at_boot(case: Case) -> Iterator[Problem]:
    """The `ipvsadm` service starts on a router when it boots.

    What:
        The services of a router were given (`chkconfig --list`, `systemctl list-unit-files`), and
        `ipvsadm` starts at boot.

    Why:
        It loads a saved IPVS table.  lvsd owns the table: it clears it when the router becomes
        active, and on the inactive router the saved services have no use.

    Example:
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
          }
          --- router 10.10.1.21
        - ipvsadm        	0:off	1:off	2:on	3:on	4:on	5:on	6:off
        + ipvsadm        	0:off	1:off	2:off	3:off	4:off	5:off	6:off
          pulse          	0:off	1:off	2:on	3:on	4:on	5:on	6:off
    """
    if not case.virtual_servers:
        return
    for router in router_hosts(case):
        if starts_at_boot(router.host, "ipvsadm"):
            yield Problem(
                at=case.place_of(case.config, router.directive),
                message=f"The service ipvsadm starts at boot on {router.name}, but lvsd clears the "
                "table that it loads as soon as the router becomes active.",
                help="Run `chkconfig ipvsadm off` there.",
                related=((_line_of(router.host, "ipvsadm"), "the service"),),
            )


def _line_of(host: Host, *services: str) -> Place | None:
    """Where a file shows one of these services."""
    return next((one.place for one in host.boot_services if one.name in services), None)


@rule("LVS226", "ipvs-not-loaded", Severity.INFO, also=(Severity.WARNING,))
def ipvs_not_loaded(case: Case) -> Iterator[Problem]:
    """The kernel module of IPVS is not loaded on a router.

    What:
        All kernel modules of a router were given (`lsmod`), and `ip_vs` is not among them.  A
        warning if the router has a VIP, so that it is the active one; otherwise a note.

    Why:
        Without IPVS, the router answers clients itself.  ipvsadm loads the module when lvsd first
        calls it, so that it may be missing on the inactive router; and it may be built into the
        kernel.

    Example:
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
          }
          --- router 10.10.1.21
          Module                  Size  Used by
        + ip_vs                 115643  0
          ipv6                  317340  28
    """
    for router in router_hosts(case):
        host = router.host
        if not case.virtual_servers or "modules" not in host.complete or host.ipvs:
            continue
        if "ip_vs" in host.modules:
            continue
        vips = [one.address.address for one in case.virtual_servers if one.address is not None]
        there = held_by(host)
        held = next((vip for vip in vips if vip in there), None)
        if held is None:
            message = (
                f"The kernel module ip_vs is not loaded on {router.name}. That is normal if the "
                "router has not been active since it booted."
            )
        else:
            message = (
                f"The kernel module ip_vs is not loaded on {router.name}, although it has the VIP "
                f"{held}: unless IPVS is built into the kernel, the router answers clients itself."
            )
        yield Problem(
            at=case.place_of(case.config, router.directive),
            message=message,
            help="Check with `modprobe ip_vs` and `ipvsadm -Ln` that the kernel has it.",
            severity=None if held is None else Severity.WARNING,
        )


RULES: tuple[CaseRule, ...] = (
    pulse_not_at_boot,
    marks_not_set_at_boot,
    ipvsadm_at_boot,
    ipvs_not_loaded,
)
