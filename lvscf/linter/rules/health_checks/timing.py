"""LVS6: how often servers are checked, and how they are asked for their load."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.config.health_check import DEFAULT_REENTRY, is_nanny
from lvscf.config.model import FailoverService, VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.consequences import of_nanny_ending
from lvscf.source import quoted

LONGEST_TIMEOUT = 2147483
"""Seconds that fit, as milliseconds, into the 32 bits that nanny has for them."""
SLOW_TIMEOUT = 60
LOAD_MONITORS = ("uptime", "rup", "ruptime")
_REMOTE_SHELLS = ("rsh", "ssh")
_LEAST_MOVABLE_WEIGHT = 3
_WEIGHTLESS_SCHEDULERS = ("rr", "lc")


def _services(case: Case) -> Iterator[VirtualServer | FailoverService]:
    """The services in force that nanny checks."""
    return (service for service in case.services if is_nanny(service.client_monitor))


@rule("LVS606", "timeout", Severity.ERROR, also=(Severity.INFO,))
def timeout(case: Case) -> Iterator[Problem]:
    """A `timeout` that nanny cannot work with.

    What:
        `timeout` is zero, negative or over 2147483.  Over 60 it is a note.

    Why:
        It is the pause between two checks, and the limit for connecting and reading.  nanny divides
        by it: at zero it crashes, and with it lvsd stops every service of the router.  With a
        negative value it checks once and never again; over 2147483 the milliseconds overflow, and
        connecting has no limit.  A dead server is noticed after two or three times `timeout`.

    Example:
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
        -     timeout = 0
        +     timeout = 6
          }
    """
    for service in _services(case):
        seconds, at = service.timeout, places.value_of(service, "timeout")
        if seconds is None or at is None or 1 <= seconds <= SLOW_TIMEOUT:
            continue
        severity = None
        if seconds == 0:
            message = (
                "nanny divides by `timeout` when it starts, and crashes: "
                f"{of_nanny_ending(case, service)}."
            )
        elif seconds < 0:
            message = (
                "With a negative `timeout` a server is checked once and never again, and a "
                "connection that hangs is waited for without end."
            )
        elif seconds > LONGEST_TIMEOUT:
            message = (
                "In milliseconds this does not fit 32 bits: connecting to a server that hangs has "
                "no time limit."
            )
        else:
            severity = Severity.INFO
            message = (
                "`timeout` is also the pause between two checks: that a server is dead may be "
                f"noticed only after {3 * seconds} seconds."
            )
        yield Problem(
            at=at,
            message=message,
            help="Write a few seconds, such as the GUI's `timeout = 6`.",
            severity=severity,
        )


@rule("LVS607", "reentry", Severity.WARNING, also=(Severity.INFO,))
def reentry(case: Case) -> Iterator[Problem]:
    """A `reentry` that is not kept.

    What:
        `reentry` of a virtual server is 0.  Below its `timeout` it is a note.

    Why:
        0 does not mean "at once": nanny takes 180 for it.  A failed server comes back after
        `reentry` / `timeout` good checks, in whole numbers: below `timeout` that is none, and the
        first good check brings it back.

    Example:
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              timeout = 6
        -     reentry = 0
        +     reentry = 15
          }
    """
    for service in _services(case):
        seconds, period = service.reentry, service.timeout
        at = places.value_of(service, "reentry")
        if at is None or seconds is None or period is None or isinstance(service, FailoverService):
            continue
        if seconds == 0:
            yield Problem(
                at=at,
                message=f"0 does not mean at once: nanny takes {DEFAULT_REENTRY} seconds for it.",
                help="Write `reentry = 1` to bring servers back at the first good check, or the "
                "seconds that are meant.",
            )
        elif 1 <= period <= LONGEST_TIMEOUT and seconds < period:
            if case.is_unreadable(service, "timeout"):
                continue
            there = places.value_of(service, "timeout")
            yield Problem(
                at=at,
                message=f"`reentry` ({seconds}) is shorter than `timeout` ({period}), so it has no "
                "effect: the first good check brings a failed server back.",
                help=f"Write a multiple of `timeout`, such as `reentry = {3 * period}`.",
                related=((there, "the time between two checks"),) if there else (),
                severity=Severity.INFO,
            )


@rule("LVS616", "load-monitor", Severity.WARNING, also=(Severity.ERROR,))
def load_monitor(case: Case) -> Iterator[Problem]:
    """A load monitor that does not get, or does not use, the load.

    What:
        `load_monitor` is none of `none`, `uptime`, `rup` and `ruptime`; or it is one of these, and
        an active server has weight 1 or 2.  An error: `load_monitor = uptime`, and `rsh_command` is
        neither `rsh` nor `ssh`.

    Why:
        Any other word is run as a program of that name, with the server's address as its only
        argument, and has to print `load`, a colon and a number.  With `uptime` nanny runs
        `rsh_command`, and puts the word `uptime` behind it only if the command is exactly `rsh` or
        `ssh`; any other asks for nothing.  The load moves a weight by whole numbers, which for 1
        and 2 come out as zero.

    Bad:
        virtual web {
            active = 1
            address = 10.10.1.20 eth0:1
            load_monitor = snmp
        }

    Good:
        virtual web {
            active = 1
            address = 10.10.1.20 eth0:1
            load_monitor = ruptime
            server one {
                active = 1
                address = 10.10.1.31
                weight = 100
            }
        }
    """
    command = case.config.rsh_command
    asking = None
    for service in _services(case):
        monitor = service.load_monitor
        at = places.value_of(service, "load_monitor")
        if monitor is None or monitor == "none" or at is None:
            continue
        if isinstance(service, FailoverService):
            continue
        if monitor == "uptime" and command not in _REMOTE_SHELLS:
            asking = asking or at
        elif monitor not in LOAD_MONITORS:
            yield _unknown_load_monitor(at, monitor)
            continue
        unmoved = _unmoved(case, service)
        if unmoved:
            yield Problem(
                at=at,
                message="The load of a server moves its weight by whole numbers, which for weights "
                "1 and 2 come out as zero: it has no effect on "
                f"{', '.join(name for _, name in unmoved)}.",
                help="Give the servers weights such as 100, in proportion, or write `none`.",
                related=tuple((place, "too small to be moved") for place, _ in unmoved),
            )
    shell = places.value_of(case.config, "rsh_command")
    if asking is not None and shell is not None:
        yield Problem(
            at=shell,
            message=f"With `load_monitor = uptime`, nanny adds the word `uptime` only to `rsh` and "
            f"`ssh`: {quoted(command or '')} is run without it, and the load is never read.",
            help="Write `rsh_command = ssh`, and put options into the configuration of ssh.",
            related=((asking, "the load is asked for with that command"),),
            severity=Severity.ERROR,
        )


def _unknown_load_monitor(at: Place, monitor: str) -> Problem:
    if " " in monitor or not monitor:
        message = (
            f"{quoted(monitor)} is taken for the name of a program, blanks and all: it cannot be "
            "run, and the load is never read."
        )
    else:
        message = (
            f"{quoted(monitor)} is run as a program, with the server's address as its argument; "
            "its output has to hold `load`, a colon and a number."
        )
    return Problem(
        at=at,
        message=message,
        help="Write `none`, `uptime`, `rup` or `ruptime`; if it is a program of your own, silence "
        "this rule here.",
    )


def _unmoved(case: Case, virtual: VirtualServer) -> list[tuple[Place, str]]:
    """The servers whose weight is too small for a load to move it: where that stands, and names."""
    if virtual.scheduler in _WEIGHTLESS_SCHEDULERS or case.is_unreadable(virtual, "scheduler"):
        return []  # no weight has an effect there
    found = []
    for server in case.servers(virtual):
        weight = server.weight
        if weight is None or not 1 <= weight < _LEAST_MOVABLE_WEIGHT:
            continue
        place = places.value_of(server, "weight") or places.name_of(server)
        if place is not None and not case.is_unreadable(server, "weight"):
            found.append((place, quoted(server.name)))
    return found


@rule("LVS625", "load-monitor-stalls-check", Severity.INFO)
def load_monitor_stalls_check(case: Case) -> Iterator[Problem]:
    """A load monitor that can stop the health check.

    What:
        An active virtual server has a `load_monitor` other than `none`.

    Why:
        nanny runs the command between two checks and waits for it without a time limit.  While it
        hangs (ssh to a server that died, or that asks for a password), the server is not checked,
        and keeps its traffic.

    Example:
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
        -     load_monitor = ruptime
        +     load_monitor = none
          }
    """
    for service in _services(case):
        at = places.value_of(service, "load_monitor")
        if (
            at is not None
            and isinstance(service, VirtualServer)
            and service.load_monitor in LOAD_MONITORS
        ):
            yield Problem(
                at=at,
                message="nanny waits for the answer about the load without a time limit: while "
                "that hangs, the server is not checked and keeps its traffic.",
                help="Write `none`, or make sure that the command gives up by itself.",
            )


RULES: tuple[CaseRule, ...] = (
    timeout,
    reentry,
    load_monitor,
    load_monitor_stalls_check,
)
