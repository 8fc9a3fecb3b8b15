"""LVS1: what the release of Piranha that a file is for does not have."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.spellings import owners
from lvscf.piranha.directives import BY_SCOPE
from lvscf.piranha.releases import LATEST, is_before
from lvscf.piranha.values import UNSET_ADDRESS


@rule("LVS122", "not-in-this-release", Severity.WARNING)
def not_in_this_release(case: Case) -> Iterator[Problem]:
    """Something that the target release of Piranha does not have.

    What:
        The settings name a `target` release, and the file uses what is newer: `syncd_iface`,
        `syncd_id`, `tcp_timeout`, `tcpfin_timeout`, `udp_timeout` or `hard_shutdown` before 0.8.6,
        a `sorry_server` before 0.8.6-3, or `hard_shutdown = 0` before 0.8.6-7.

    Why:
        A release refuses a file with a directive that it does not know.  Before 0.8.6-3 a sorry
        server is announced in the log and never added, and with firewall mark 2 lvsd crashes.
        `hard_shutdown = 0` has no effect before 0.8.6-7: the end of one nanny still stops every
        service of the router.

    Example:
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
              sorry_server = 10.10.1.90
          }
        - --- target 0.8.6-2
        + --- target 0.8.6-3
    """
    target = case.target
    if not is_before(target, LATEST):
        return
    config = case.config
    for owner, scope in owners(config):
        for name, line in (owner.origin.lines if owner.origin else {}).items():
            since = BY_SCOPE[scope][name].since
            if since is not None and is_before(target, since):
                yield Problem(
                    at=places.word(line, 0),
                    message=f"Piranha {target} does not know `{name}`, which came with {since}: it "
                    "refuses the file.",
                    help="Remove the line, or correct `target` in the settings.",
                )
    at = places.value_of(config, "hard_shutdown")
    if at is not None and not config.hard_shutdown and not is_before(target, "0.8.6"):
        yield Problem(
            at=at,
            message=f"`hard_shutdown = 0` has no effect in Piranha {target}: the end of one nanny "
            "still stops every service of the router. It works from 0.8.6-7 on.",
            help="Do not count on it, or upgrade the routers.",
        )
    if is_before(target, "0.8.6-3"):
        yield from _early_sorry_servers(case)


def _early_sorry_servers(case: Case) -> Iterator[Problem]:
    for virtual in case.virtual_servers:
        at = places.value_of(virtual, "sorry_server")
        if at is None or virtual.sorry_server == UNSET_ADDRESS:
            continue
        what = "it is never added to the virtual server"
        if virtual.fwmark == 2:
            what = "with firewall mark 2, lvsd crashes when it is needed"
        yield Problem(
            at=at,
            message=f"The sorry server does not work in Piranha {case.target}: {what}. It works from "
            "0.8.6-3 on.",
            help="Remove the line, or upgrade the routers.",
        )


RULES: tuple[CaseRule, ...] = (not_in_this_release,)
