"""LVS2: the two LVS routers, and how they watch each other; LVS903: versions of their files."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.source import quoted


@rule("LVS201", "deadtime-below-keepalive", Severity.ERROR)
def deadtime_below_keepalive(case: Case) -> Iterator[Problem]:
    """The partner is declared dead before its next heartbeat is due.

    What:
        A backup router is in use, and `deadtime` is not longer than `keepalive`.  Where one of them
        is not set, Piranha's default counts: 5 seconds for `deadtime`, 2 for `keepalive`.

    Why:
        A router takes over when it has heard nothing for `deadtime` seconds, but its partner sends a
        heartbeat only every `keepalive` seconds.  Measured: with `keepalive = 3` and `deadtime = 2`
        every heartbeat comes after a false takeover, and both routers hold the virtual IP addresses
        part of the time.  With 2 and 2 they take over from each other at random.

    Example:
          primary = 10.10.1.21
          backup = 10.10.1.22
          backup_active = 1
        - keepalive = 30
        + keepalive = 6
          deadtime = 18
    """
    keepalive, deadtime = _heartbeat(case)
    if keepalive <= 0 or deadtime <= 0 or deadtime > keepalive:
        return
    at, related = _heartbeat_places(case, f"a heartbeat every {keepalive} seconds")
    if deadtime == keepalive:
        message = (
            f"`deadtime` equals `keepalive` ({_seconds(deadtime)}): each heartbeat races the timer "
            "that declares the partner dead, and the routers take over from each other at random."
        )
    else:
        message = (
            f"`deadtime` ({_seconds(deadtime)}) is shorter than `keepalive` "
            f"({_seconds(keepalive)}): the backup takes over before each heartbeat and gives up "
            "again after it, and both routers hold the virtual IP addresses part of the time."
        )
    yield Problem(
        at=at,
        message=message,
        help=f"Write `deadtime = {3 * keepalive}`: three times `keepalive` is the usual ratio.",
        related=related,
    )


@rule("LVS202", "deadtime-too-tight", Severity.WARNING, also=(Severity.INFO,))
def deadtime_too_tight(case: Case) -> Iterator[Problem]:
    """One or two lost heartbeats are enough for a takeover.

    What:
        A backup router is in use, and `deadtime` is longer than `keepalive`, but less than twice as
        long (a warning) or less than three times as long (an info).

    Why:
        Heartbeats are single UDP packets.  With less than twice `keepalive`, one lost packet moves
        all services to the other router.  The GUI's own values, 6 and 18, tolerate two lost packets.

    Example:
          primary = 10.10.1.21
          backup = 10.10.1.22
          backup_active = 1
        - keepalive = 10
        + keepalive = 5
          deadtime = 15
    """
    keepalive, deadtime = _heartbeat(case)
    config = case.config
    if not case.is_written(config, "keepalive") and not case.is_written(config, "deadtime"):
        return  # these are the vendor's own defaults
    if keepalive <= 0 or not keepalive < deadtime < 3 * keepalive:
        return
    lost = "one lost heartbeat is" if deadtime < 2 * keepalive else "two lost heartbeats are"
    at, related = _heartbeat_places(case, f"a heartbeat every {keepalive} seconds")
    yield Problem(
        at=at,
        message=f"`deadtime` ({_seconds(deadtime)}) is less than "
        f"{'twice' if deadtime < 2 * keepalive else 'three times'} `keepalive` "
        f"({_seconds(keepalive)}): {lost} enough for the backup to take over.",
        help=f"Write `deadtime = {3 * keepalive}`.",
        related=related,
        severity=None if deadtime < 2 * keepalive else Severity.INFO,
    )


@rule("LVS203", "nonpositive-heartbeat", Severity.ERROR)
def nonpositive_heartbeat(case: Case) -> Iterator[Problem]:
    """A heartbeat timer that has always expired.

    What:
        `keepalive` or `deadtime` is zero or negative.

    Why:
        Whenever pulse checks the timer, it has already expired, so pulse never listens.  It becomes
        active although the partner is fine, uses 100 % CPU, hears no heartbeat and ignores SIGTERM.

    Example:
          keepalive = 6
        - deadtime = 0
        + deadtime = 18
    """
    for name, usual in (("keepalive", 6), ("deadtime", 18)):
        at = places.value_of(case.config, name)
        if at is not None and getattr(case.config, name) <= 0:
            yield Problem(
                at=at,
                message=f"`{name}` must be positive: with {getattr(case.config, name)}, pulse uses "
                "100 % CPU without ever listening, takes over although the partner is fine, and "
                "ignores SIGTERM.",
                help=f"Write a number of seconds, such as `{name} = {usual}`.",
            )


@rule("LVS204", "backup-not-active", Severity.ERROR)
def backup_not_active(case: Case) -> Iterator[Problem]:
    """A backup router that is not switched on.

    What:
        `backup` names a router, but `backup_active` is 0, or absent, which means 0.

    Why:
        No heartbeats are sent, and pulse on the backup router logs "We are backup node and backup
        is marked inactive" and exits.  There is no failover, which you notice when the primary
        fails.

    Example:
          primary = 10.10.1.21
          backup = 10.10.1.22
        + backup_active = 1
    """
    config = case.config
    if (
        not case.backup_is_given
        or config.backup_active
        or case.is_unreadable(config, "backup_active")
    ):
        return
    backup = places.value_of(config, "backup")
    at = places.value_of(config, "backup_active") or backup
    if at is None or backup is None:
        return
    state = "is 0" if case.is_written(config, "backup_active") else "is absent, which means 0"
    yield Problem(
        at=at,
        message=f"There is a backup router ({quoted(str(config.backup))}), but `backup_active` "
        f"{state}: pulse on the backup router exits at once, and nothing takes over when the primary "
        "fails.",
        help="Write `backup_active = 1`, or `backup = 0.0.0.0` if there is no backup router.",
        related=((backup if at != backup else None, "the backup router"),),
    )


@rule("LVS205", "backup-missing", Severity.ERROR)
def backup_missing(case: Case) -> Iterator[Problem]:
    """A backup router that is switched on, but has no address.

    What:
        `backup_active` is 1, but `backup` is absent or 0.0.0.0.

    Why:
        pulse logs "Undefined backup node marked as active", resets `backup_active` to 0 and runs
        alone: there is no failover, although the file seems to ask for it.

    Example:
          primary = 10.10.1.21
        + backup = 10.10.1.22
          backup_active = 1
    """
    config = case.config
    at = places.value_of(config, "backup_active")
    if not config.backup_active or at is None or case.backup_is_given:
        return
    if case.is_unreadable(config, "backup"):
        return
    unset = places.value_of(config, "backup")
    yield Problem(
        at=unset or at,
        message="`backup_active` is 1, but `backup` has no address: pulse resets `backup_active` to "
        "0 and runs alone, without failover.",
        help="Write `backup = ADDRESS`, the backup router's address, or `backup_active = 0`.",
        related=((at if unset else None, "the backup is switched on here"),),
    )


@rule("LVS208", "primary-missing", Severity.ERROR)
def primary_missing(case: Case) -> Iterator[Problem]:
    """The primary router has no address.

    What:
        `primary` is absent.

    Why:
        A router is the master only if `primary` is one of its own addresses.  Without `primary`,
        every router acts as the backup.  On a single router, pulse exits ("backup is marked
        inactive").  In a pair, it exits on the primary router, which cannot bind the backup's
        address.

    Example:
        + primary = 10.10.1.21
          backup = 10.10.1.22
          backup_active = 1
    """
    if case.is_whole and case.source.text and case.is_missing(case.config, "primary"):
        yield Problem(
            at=case.first_line(),
            message="`primary` is missing, so no router acts as the master: pulse exits on every "
            "router that does not own the `backup` address.",
            help="Write `primary = ADDRESS`, the address of the primary LVS router.",
        )


@rule("LVS903", "serial-missing", Severity.INFO, optional=True)
def serial_missing(case: Case) -> Iterator[Problem]:
    """The file has no `serial_no`.

    What:
        `serial_no` is not set.  No daemon uses it, so the rule is off by default.

    Why:
        Nothing copies the file from one router to the other automatically.  The GUI counts its
        changes in `serial_no`; without it, two different copies do not show which is newer.

    Example:
        + serial_no = 1
          primary = 10.10.1.21
    """
    if case.is_whole and case.is_missing(case.config, "serial_no"):
        yield Problem(
            at=case.first_line(),
            message="`serial_no` is missing: two copies of this file do not show which is newer.",
            help="Write `serial_no = 1`, and increase it with every change.",
        )


def _heartbeat(case: Case) -> tuple[int, int]:
    """`keepalive` and `deadtime` of a pair of routers; zeros if they cannot be compared."""
    config = case.config
    unreadable = any(case.is_unreadable(config, name) for name in ("keepalive", "deadtime"))
    if unreadable or not case.backup_in_use:
        return 0, 0
    return config.keepalive or 0, config.deadtime or 0


def _heartbeat_places(case: Case, note: str) -> tuple[Place, tuple[tuple[Place | None, str], ...]]:
    """The places of `deadtime` and `keepalive`, either of which may be left to its default."""
    keepalive = places.value_of(case.config, "keepalive")
    deadtime = places.value_of(case.config, "deadtime")
    if deadtime is None:
        return keepalive or case.first_line(), ()
    return deadtime, ((keepalive, note),)


def _seconds(number: int) -> str:
    return "1 second" if number == 1 else f"{number} seconds"


RULES: tuple[CaseRule, ...] = (
    deadtime_below_keepalive,
    deadtime_too_tight,
    nonpositive_heartbeat,
    backup_not_active,
    backup_missing,
    primary_missing,
    serial_missing,
)
