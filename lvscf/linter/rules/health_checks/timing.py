"""LVS6: how often servers are checked, and how their load is measured."""

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
"""The most seconds that fit, as milliseconds, into the 32 bits that nanny uses for them."""
SLOW_TIMEOUT = 60
LOAD_MONITORS = ("uptime", "rup", "ruptime")
_REMOTE_SHELLS = ("rsh", "ssh")
_LEAST_MOVABLE_WEIGHT = 3
_WEIGHTLESS_SCHEDULERS = ("rr", "lc")


def _services(case: Case) -> Iterator[VirtualServer | FailoverService]:
    """The services in force that are checked by nanny."""
    return (service for service in case.services if is_nanny(service.client_monitor))


@rule("LVS606", "timeout", Severity.ERROR, also=(Severity.INFO,))
def timeout(case: Case) -> Iterator[Problem]:
    """A `timeout` that nanny cannot work with.

    What:
        `timeout` is zero, negative or over 2147483: an error.  Between 61 and 2147483 it is a note.

    Why:
        `timeout` is the pause between two checks, and the time limit for connecting and reading.
        nanny divides by it: with zero it crashes, and lvsd then stops every service on this router.
        With a negative value it checks once and never again.  Over 2147483 the milliseconds
        overflow, and connecting has no time limit.  It takes two or three times `timeout` to notice
        a dead server.

    Example:
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
        -     timeout = 0
        +     timeout = 6
          }
    """
    for service, at in case.written(_services(case), "timeout"):
        seconds = service.timeout
        if seconds is None or 1 <= seconds <= SLOW_TIMEOUT:
            continue
        severity = None
        if seconds == 0:
            message = (
                "nanny divides by `timeout` when it starts, and crashes: "
                f"{of_nanny_ending(case, service)}."
            )
        elif seconds < 0:
            message = (
                "With a negative `timeout`, a server is checked once and never again, and nanny "
                "waits without limit for a connection that hangs."
            )
        elif seconds > LONGEST_TIMEOUT:
            message = (
                "In milliseconds, this does not fit into 32 bits: nanny waits without limit for a "
                "connection that hangs."
            )
        else:
            severity = Severity.INFO
            message = (
                "`timeout` is also the pause between two checks: it may take up to "
                f"{3 * seconds} seconds to notice a dead server."
            )
        yield Problem(
            at=at,
            message=message,
            help="Write a few seconds, such as the GUI's `timeout = 6`.",
            severity=severity,
        )


@rule("LVS607", "reentry", Severity.WARNING, also=(Severity.INFO,))
def reentry(case: Case) -> Iterator[Problem]:
    """A `reentry` that does not mean what it says.

    What:
        `reentry` of a virtual server is 0: a warning.  Any other `reentry` below `timeout` is a
        note.

    Why:
        0 does not mean "at once": nanny uses 180 instead.  A failed server comes back after
        `reentry` / `timeout` good checks, rounded down: if `reentry` is shorter than `timeout`, the
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
    for service, at in case.written(_services(case), "reentry"):
        seconds, period = service.reentry, service.timeout
        if seconds is None or period is None or isinstance(service, FailoverService):
            continue
        if seconds == 0:
            yield Problem(
                at=at,
                message=f"`reentry = 0` does not mean at once: nanny uses {DEFAULT_REENTRY} "
                "seconds instead.",
                help="Write `reentry = 1` to bring servers back at the first good check, or the "
                "intended number of seconds.",
            )
        elif 1 <= period <= LONGEST_TIMEOUT and seconds < period:
            if case.is_unreadable(service, "timeout"):
                continue
            yield Problem(
                at=at,
                message=f"`reentry` ({seconds}) is shorter than `timeout` ({period}), so it has no "
                "effect: the first good check brings a failed server back.",
                help=f"Write a multiple of `timeout`, such as `reentry = {3 * period}`.",
                related=((places.value_of(service, "timeout"), "the time between two checks"),),
                severity=Severity.INFO,
            )


@rule("LVS616", "load-monitor", Severity.WARNING, also=(Severity.ERROR,))
def load_monitor(case: Case) -> Iterator[Problem]:
    """A load monitor that cannot read the load, or cannot use it.

    What:
        `load_monitor = uptime`, and `rsh_command` is neither `rsh` nor `ssh`: an error.
        `load_monitor` is not one of `none`, `uptime`, `rup` and `ruptime`: a warning.  A load
        monitor is set, and an active server has weight 1 or 2: a warning.

    Why:
        Any other word is run as a program of that name, with the server's address as its only
        argument, and must print `load`, a colon and a number.  With `uptime`, nanny runs
        `rsh_command`, and adds the word `uptime` only if the command is exactly `rsh` or `ssh`; any
        other command does not ask for the load.  The load changes a weight by an amount that is
        rounded to whole numbers; at weights 1 and 2 it is always 0.

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
    for service, at in case.written(_services(case), "load_monitor"):
        monitor = service.load_monitor
        if monitor is None or monitor == "none" or isinstance(service, FailoverService):
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
                message="The load has no effect on "
                f"{', '.join(name for _, name in unmoved)}: the adjustment is rounded to whole "
                "numbers, and at weights 1 and 2 it is always 0.",
                help="Scale the servers' weights up, to around 100, or write `none`.",
                related=tuple((place, "too small to be adjusted") for place, _ in unmoved),
            )
    shell = places.value_of(case.config, "rsh_command")
    if asking is not None and shell is not None:
        yield Problem(
            at=shell,
            message="With `load_monitor = uptime`, nanny adds the word `uptime` only to `rsh` and "
            f"`ssh`: it runs {quoted(command or '')} without it, and never gets the load.",
            help="Write `rsh_command = ssh`, and put options into ssh's own configuration.",
            related=((asking, "the load is read with that command"),),
            severity=Severity.ERROR,
        )


def _unknown_load_monitor(at: Place, monitor: str) -> Problem:
    if " " in monitor or not monitor:
        message = (
            f"nanny uses {quoted(monitor)}, including its blanks, as the name of a program: that "
            "cannot be run, and nanny never gets the load."
        )
    else:
        message = (
            f"nanny runs {quoted(monitor)} as a program, with the server's address as its "
            "argument. Its output must contain `load`, a colon and a number."
        )
    return Problem(
        at=at,
        message=message,
        help="Write `none`, `uptime`, `rup` or `ruptime`; if it is your own program, ignore this "
        "rule here.",
    )


def _unmoved(case: Case, virtual: VirtualServer) -> list[tuple[Place, str]]:
    """The servers whose weight is too small for the load to change it: places and names."""
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
    """A load monitor that can stall the health check.

    What:
        An active virtual server has `load_monitor` set to `uptime`, `rup` or `ruptime`.

    Why:
        nanny runs the command between two checks and waits for it without a time limit.  While it
        hangs (for example ssh to a dead server, or to one that asks for a password), the server is
        not checked and keeps getting traffic.

    Example:
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
        -     load_monitor = ruptime
        +     load_monitor = none
          }
    """
    for service, at in case.written(_services(case), "load_monitor"):
        if isinstance(service, VirtualServer) and service.load_monitor in LOAD_MONITORS:
            yield Problem(
                at=at,
                message="nanny waits for the load without a time limit: while that hangs, the "
                "server is not checked and keeps getting traffic.",
                help="Write `none`, or make sure that the command has its own timeout.",
            )


RULES: tuple[CaseRule, ...] = (
    timeout,
    reentry,
    load_monitor,
    load_monitor_stalls_check,
)
