"""LVS3: the weights of real servers."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.config.model import VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.consequences import cascade
from lvscf.piranha.limits import GREATEST_WEIGHT

LOAD_FACTOR = 10
"""With a load monitor, nanny raises an idle server's weight to up to this many times its value."""
_BLIND = ("rr", "lc")
"""Schedulers that ignore weights."""


@rule("LVS326", "weight-without-effect", Severity.WARNING)
def weight_without_effect(case: Case) -> Iterator[Problem]:
    """Weights with a scheduler that ignores them.

    What:
        `scheduler` is `rr` or `lc`, and the active servers of the virtual server have different
        weights, or a `load_monitor` is set, which works by changing weights.

    Why:
        Round robin and least-connection treat all servers alike: strong ones idle while weak ones
        are overloaded.

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
    for virtual, at in case.written(case.virtual_servers, "scheduler"):
        if virtual.scheduler not in _BLIND:
            continue
        servers = [one for one in case.servers(virtual) if not case.is_unreadable(one, "weight")]
        weights = sorted({max(1, server.weight or 0) for server in servers})  # nanny uses 1 for 0
        idle: list[str] = []
        related: list[tuple[Place | None, str]] = []
        if len(weights) > 1:
            idle.append(f"the servers' weights ({weights[0]} to {weights[-1]})")
            related += [(places.value_of(one, "weight"), "no effect") for one in servers]
        if _asks_for_load(virtual):
            idle.append("`load_monitor`, which works by changing weights,")
            related.append((places.value_of(virtual, "load_monitor"), "no effect"))
        if idle:
            verb = "have" if len(weights) > 1 else "has"
            yield Problem(
                at=at,
                message=f"`{virtual.scheduler}` ignores weights: {' and '.join(idle)} {verb} no "
                "effect.",
                help=f"Write `scheduler = w{virtual.scheduler}`, which uses weights.",
                related=tuple(related),
            )


@rule("LVS327", "weight-zero", Severity.ERROR)
def weight_zero(case: Case) -> Iterator[Problem]:
    """A weight of 0, which does not drain a server.

    What:
        An active real server has a `weight` of 0 or less.

    Why:
        To IPVS, weight 0 means "no new connections", and that is usually the intention.  But nanny
        treats 0 as 1: the server keeps getting traffic.

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
        for server, at in case.written(case.servers(virtual), "weight"):
            if server.weight is not None and server.weight <= 0:
                yield Problem(
                    at=at,
                    message=f"nanny treats weight {server.weight} as 1: this server is not drained "
                    "and gets traffic.",
                    help="Write `active = 0` to take the server out of service, otherwise a "
                    "weight of 1 or more.",
                )


@rule("LVS328", "weight-too-big", Severity.ERROR, also=(Severity.WARNING,))
def weight_too_big(case: Case) -> Iterator[Problem]:
    """A weight that ipvsadm rejects.

    What:
        An active real server has a `weight` over 65535: an error.  A weight over 6553 with a
        `load_monitor` is a warning.

    Why:
        nanny starts a server with a small weight and doubles it until it reaches this one; a load
        monitor raises it further, to up to ten times as much.  Once the weight exceeds 65535,
        ipvsadm rejects it: nanny exits, and lvsd then stops every service on this router, minutes
        after a start that looked good.

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
        for server, at in case.written(case.servers(virtual), "weight"):
            weight = server.weight or 0
            if weight <= by_load:
                continue
            monitor = places.value_of(virtual, "load_monitor")
            if weight > GREATEST_WEIGHT:
                yield Problem(
                    at=at,
                    message=f"ipvsadm rejects weights over {GREATEST_WEIGHT}, but nanny raises the "
                    f"weight step by step to {weight}. Minutes after the start that fails, "
                    f"{cascade(case)}.",
                    help="Only the ratio of weights counts: divide the weights of all servers by "
                    "the same number.",
                )
            elif monitor is not None:
                yield Problem(
                    at=at,
                    message=f"With `load_monitor`, nanny gives an idle server up to {LOAD_FACTOR} "
                    f"times its weight. If that exceeds {GREATEST_WEIGHT}, ipvsadm fails, "
                    f"{cascade(case)}.",
                    help=f"Keep weights at {by_load} or less: only their ratio counts.",
                    related=((monitor, "raises weights by load"),),
                    severity=Severity.WARNING,
                )


def _asks_for_load(virtual: VirtualServer) -> bool:
    return virtual.load_monitor not in (None, "none")


RULES: tuple[CaseRule, ...] = (weight_without_effect, weight_zero, weight_too_big)
