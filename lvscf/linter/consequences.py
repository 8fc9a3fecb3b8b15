"""Consequences that several rules report, always in the same words."""

from lvscf.config.model import FailoverService, VirtualServer
from lvscf.linter.case import Case
from lvscf.piranha.releases import is_before

CASCADE = "nanny exits, and lvsd then stops every service on this router"
"""What happens when one nanny exits, unless `hard_shutdown = 0` keeps lvsd running.

Facts: pulse then takes the VIPs down and does not activate again until it hears a running partner.
A single router stays down until pulse is restarted; a pair passes the failure back and forth.
"""

SURVIVED = "nanny exits, and with `hard_shutdown = 0` this server is no longer checked"
"""What happens with `hard_shutdown = 0`, from release 0.8.6-7 on ("manual action needed!")."""


def cascade(case: Case) -> str:
    """What happens when a nanny of a virtual server exits."""
    survives = not case.config.hard_shutdown and not is_before(case.target, "0.8.6-7")
    return SURVIVED if survives else CASCADE


def of_nanny_ending(case: Case, service: VirtualServer | FailoverService) -> str:
    """What happens when a nanny of a service exits."""
    if isinstance(service, VirtualServer):
        return cascade(case)
    return "nanny exits, and the inactive router takes over from the active one"


def of_failing(service: VirtualServer | FailoverService) -> str:
    """What happens when a service's check always fails."""
    if isinstance(service, VirtualServer):
        return "the servers of this virtual server never come up and get no traffic"
    return "the inactive router takes over, although the service is healthy"
