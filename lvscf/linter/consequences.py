"""Consequences that many rules have to tell, in the same words."""

from lvscf.config.model import FailoverService, VirtualServer
from lvscf.linter.case import Case
from lvscf.piranha.releases import is_before

CASCADE = "nanny ends, and with it lvsd stops every service of the router"
"""What the end of one nanny does, unless `hard_shutdown = 0` keeps lvsd from it.

Facts: pulse then takes the VIPs down and does not activate again before it hears a running partner.
A router alone stays down until somebody restarts pulse; a pair hands the failure back and forth.
"""

SURVIVED = "nanny ends, and with `hard_shutdown = 0` nobody checks this server any more"
"""What it does with `hard_shutdown = 0`, from release 0.8.6-7 on: «manual action needed!»."""


def cascade(case: Case) -> str:
    """What it leads to that a nanny of a virtual server ends."""
    survives = not case.config.hard_shutdown and not is_before(case.target, "0.8.6-7")
    return SURVIVED if survives else CASCADE


def of_nanny_ending(case: Case, service: VirtualServer | FailoverService) -> str:
    """What it leads to that a service's nanny ends."""
    if isinstance(service, VirtualServer):
        return cascade(case)
    return "nanny ends, and the inactive router takes everything over from the active one"


def of_failing(service: VirtualServer | FailoverService) -> str:
    """What it leads to that a service's check fails every time."""
    if isinstance(service, VirtualServer):
        return "the servers of this virtual server are never up and get no traffic"
    return "the inactive router takes everything over, although the service is well"
