"""LVS1: features that the target release of Piranha does not have."""

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
    """A feature that the target release of Piranha does not have.

    What:
        The settings name a `target` release, and the file uses something newer: `syncd_iface`,
        `syncd_id`, `tcp_timeout`, `tcpfin_timeout`, `udp_timeout` or `hard_shutdown` before 0.8.6,
        a `sorry_server` before 0.8.6-3, or `hard_shutdown = 0` before 0.8.6-7.

    Why:
        Piranha rejects a file with a directive that its release does not know.  Before 0.8.6-3,
        lvsd logs that it uses the sorry server but never adds it, and with firewall mark 2 it
        crashes.  Before 0.8.6-7, `hard_shutdown = 0` has no effect: if one nanny exits, lvsd still
        stops every service on this router.

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
                    message=f"Piranha {target} rejects the file: `{name}` exists only since {since}.",
                    help="Remove the line, or correct `target` in the settings.",
                )
    at = places.value_of(config, "hard_shutdown")
    if at is not None and not config.hard_shutdown and not is_before(target, "0.8.6"):
        yield Problem(
            at=at,
            message=f"`hard_shutdown = 0` has no effect in Piranha {target}: if one nanny exits, lvsd "
            "still stops every service on this router.",
            help="Upgrade the routers to 0.8.6-7 or later, or remove the line.",
        )
    if is_before(target, "0.8.6-3"):
        yield from _early_sorry_servers(case)


def _early_sorry_servers(case: Case) -> Iterator[Problem]:
    for virtual, at in case.written(case.virtual_servers, "sorry_server"):
        if virtual.sorry_server == UNSET_ADDRESS:
            continue
        what = "lvsd never adds it to the virtual server"
        if virtual.fwmark == 2:
            what = "with firewall mark 2, lvsd crashes when it needs it"
        yield Problem(
            at=at,
            message=f"The sorry server does not work in Piranha {case.target}: {what}.",
            help="Upgrade the routers to 0.8.6-3 or later, or remove the line.",
        )


RULES: tuple[CaseRule, ...] = (not_in_this_release,)
