"""LVS3: the weights of real servers."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.config.model import VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.consequences import cascade
from lvscf.piranha.limits import GREATEST_WEIGHT

LOAD_FACTOR = 10
"""With a load monitor, nanny raises the weight of an idle server up to this many times."""
_BLIND = ("rr", "lc")
"""Schedulers that do not look at weights."""


@rule("LVS326", "weight-without-effect", Severity.WARNING)
def weight_without_effect(case: Case) -> Iterator[Problem]:
    """Weights under a scheduler that does not look at them.

    What:
        `scheduler` is `rr` or `lc`, and the active servers of the virtual server differ in weight,
        or a `load_monitor` is set, which works by changing weights.

    Why:
        Round robin and least-connection treat all servers alike.  The strong ones idle while the
        weak ones are overrun.

    Example:
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
        -     scheduler = rr
        +     scheduler = wrr
              server old {
                  active = 1
                  address = 10.10.1.31
                  weight = 1
              }
              server new {
                  active = 1
                  address = 10.10.1.32
                  weight = 4
              }
          }
    """
    for virtual in case.virtual_servers:
        at = places.value_of(virtual, "scheduler")
        if at is None or virtual.scheduler not in _BLIND:
            continue
        servers = [one for one in case.servers(virtual) if not case.is_unreadable(one, "weight")]
        weights = sorted({max(1, server.weight or 0) for server in servers})  # nanny uses 1 for 0
        related = [
            (place, "a weight without effect")
            for server in servers
            if len(weights) > 1 and (place := places.value_of(server, "weight"))
        ]
        idle = []
        if len(weights) > 1:
            idle.append(
                f"the weights of the servers ({weights[0]} to {weights[-1]}) have no effect"
            )
        if _asks_for_load(virtual):
            idle.append("`load_monitor`, which changes weights, has none either" if idle
                        else "`load_monitor`, which changes weights, has no effect")  # fmt: skip
            monitor = places.value_of(virtual, "load_monitor")
            related += [(monitor, "asks for load to no avail")] if monitor else []
        if idle:
            yield Problem(
                at=at,
                message=f"`{virtual.scheduler}` does not look at weights: {', and '.join(idle)}.",
                help=f"Write `scheduler = w{virtual.scheduler}`, which does.",
                related=tuple(related),
            )


@rule("LVS327", "weight-zero", Severity.ERROR)
def weight_zero(case: Case) -> Iterator[Problem]:
    """A weight of 0, which does not take a server out of service.

    What:
        An active real server has a `weight` of 0 or less.

    Why:
        To IPVS, weight 0 means "no new connections", and so it is meant here.  But nanny takes 0
        for 1: the server gets its share of the traffic.

    Example:
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
              server web1 {
        -         active = 1
        +         active = 0
                  address = 10.10.1.31
        -         weight = 0
        +         weight = 1
              }
          }
    """
    for virtual in case.virtual_servers:
        for server in case.servers(virtual):
            if server.weight is None or server.weight > 0:
                continue
            at = places.value_of(server, "weight")
            if at is not None:
                yield Problem(
                    at=at,
                    message=f"nanny takes weight {server.weight} for 1: this server is not drained, "
                    "it gets traffic.",
                    help="Write `active = 0` to take the server out of service, else a weight of 1 "
                    "or more.",
                )


@rule("LVS328", "weight-too-big", Severity.ERROR, also=(Severity.WARNING,))
def weight_too_big(case: Case) -> Iterator[Problem]:
    """A weight that ipvsadm refuses.

    What:
        An active real server has a `weight` over 65535.  A warning: over 6553, where a
        `load_monitor` is set.

    Why:
        nanny starts a server with a small weight and doubles it, up to the one given here; a load
        monitor raises it further, up to ten times as much.  Once it is over 65535, ipvsadm refuses:
        nanny ends, and with it lvsd stops every service of the router, minutes after a start that
        looked good.

    Example:
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
              server web1 {
                  active = 1
                  address = 10.10.1.31
        -         weight = 100000
        +         weight = 1000
              }
          }
    """
    for virtual in case.virtual_servers:
        by_load = GREATEST_WEIGHT // LOAD_FACTOR if _asks_for_load(virtual) else GREATEST_WEIGHT
        for server in case.servers(virtual):
            weight = server.weight or 0
            if weight <= by_load:
                continue
            at = places.value_of(server, "weight")
            monitor = places.value_of(virtual, "load_monitor")
            if at is None:
                continue
            if weight > GREATEST_WEIGHT:
                yield Problem(
                    at=at,
                    message=f"ipvsadm refuses weights over {GREATEST_WEIGHT}. nanny works its way up "
                    f"to {weight}; some minutes after the start that fails, {cascade(case)}.",
                    help="Only the ratio of weights counts: divide those of all servers by the same "
                    "number.",
                )
            elif monitor is not None:
                yield Problem(
                    at=at,
                    message=f"With `load_monitor`, nanny gives an idle server up to {LOAD_FACTOR} "
                    f"times its weight. ipvsadm refuses more than {GREATEST_WEIGHT}: then {cascade(case)}.",
                    help=f"Keep weights at {by_load} or less: only their ratio counts.",
                    related=((monitor, "raises weights by load"),),
                    severity=Severity.WARNING,
                )


def _asks_for_load(virtual: VirtualServer) -> bool:
    return virtual.load_monitor not in (None, "none")


RULES: tuple[CaseRule, ...] = (weight_without_effect, weight_zero, weight_too_big)
