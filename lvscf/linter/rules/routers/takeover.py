"""LVS2: what the routers do when they start, take over and hand back."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.piranha.releases import is_before
from lvscf.source import quoted

LONGEST_SINGLE_START = 30
"""Seconds that a single router may wait at its start without a finding; the GUI's default is 18."""


@rule("LVS206", "slow-single-start", Severity.INFO)
def slow_single_start(case: Case) -> Iterator[Problem]:
    """A single router that waits long for a partner it does not have.

    What:
        `service = lvs`, there is no backup router, and `deadtime` is longer than 30 seconds.

    Why:
        A router becomes active when it has heard nothing for `deadtime` seconds, even if it has no
        partner: the services start only that long after pulse.

    Example:
          primary = 10.10.1.21
        - deadtime = 120
        + deadtime = 6
    """
    config = case.config
    at = places.value_of(config, "deadtime")
    if at is None or config.deadtime is None or config.deadtime <= LONGEST_SINGLE_START:
        return
    if config.service == "lvs" and _is_alone(case):
        yield Problem(
            at=at,
            message=f"Without a backup router, the services start only {config.deadtime} seconds "
            "after pulse, which first waits for heartbeats that never come.",
            help="Write a shorter `deadtime`, such as 6.",
        )


@rule("LVS210", "sync-daemon-settings", Severity.INFO)
def sync_daemon_settings(case: Case) -> Iterator[Problem]:
    """Settings for connection synchronisation that do not fit together.

    What:
        `syncdaemon = 1` comes without `syncd_iface` or without a backup router, or `syncd_iface` or
        `syncd_id` is set while the daemon is off.

    Why:
        The daemon multicasts the connection table to the backup router.  Without `syncd_iface` it
        uses eth0; if that is the wrong device, you will not notice, because pulse ignores errors
        here.  Without a backup router, no host listens.  While `syncdaemon` is 0 or absent, the
        other settings have no effect.

    Example:
          primary = 10.10.1.21
          backup = 10.10.1.22
          backup_active = 1
          syncdaemon = 1
        + syncd_iface = eth1
        + syncd_id = 1
    """
    config = case.config
    if config.service != "lvs" or case.is_unreadable(config, "syncdaemon"):
        return
    at = places.value_of(config, "syncdaemon")
    device = places.value_of(config, "syncd_iface")
    if not config.syncdaemon:
        identity = places.value_of(config, "syncd_id")
        setting = device or identity
        if setting:
            name = "syncd_iface" if device else "syncd_id"
            state = "is 0" if at else "is absent, which means 0"
            yield Problem(
                at=setting,
                message=f"`{name}` has no effect: `syncdaemon` {state}.",
                help="Write `syncdaemon = 1` if connections should survive a takeover, or remove "
                "the line.",
                related=((identity if device else None, "no effect either"),),
            )
    elif at and _is_alone(case):
        yield Problem(
            at=at,
            message="pulse starts the synchronisation daemon although there is no backup router to "
            "listen, and the daemon keeps running after pulse stops.",
            help="Write `syncdaemon = 0`.",
        )
    elif at and case.is_missing(config, "syncd_iface") and not is_before(case.target, "0.8.6"):
        yield Problem(
            at=at,
            message="`syncd_iface` is missing, so connections are synchronised over eth0. If the "
            "routers are not connected by eth0, nothing is synchronised, and no log says so.",
            help="Write `syncd_iface = DEVICE`, the device by which the routers reach each other.",
        )


@rule("LVS211", "monitor-links-ineffective", Severity.WARNING)
def monitor_links_ineffective(case: Case) -> Iterator[Problem]:
    """A `monitor_links` that cannot work.

    What:
        `monitor_links` is on, but there is no backup router, or an address is on a bonded device
        (`bond0`).

    Why:
        pulse checks links only while it has a partner that can take over the services.  It watches
        the devices of the routers' own addresses, never those of the VIPs.  With the bonding driver
        the check does not work (release notes of 0.8.1): pulse asks the wrong device whether it is
        in a bond.

    Example:
          primary = 10.10.1.21
        + backup = 10.10.1.22
        + backup_active = 1
          monitor_links = 1
    """
    config = case.config
    at = places.value_of(config, "monitor_links")
    if at is None or not config.monitor_links:
        return
    if _is_alone(case):
        yield Problem(
            at=at,
            message="`monitor_links` has no effect without a backup router: pulse checks no links.",
            help="Write `monitor_links = 0`.",
        )
    elif case.backup_in_use:
        for owner, name, address in case.addresses_on_devices:
            line = places.written(owner, name)
            if line is not None and address.device.startswith("bond"):
                base = quoted(address.device.partition(":")[0])
                yield Problem(
                    at=at,
                    message=f"`monitor_links` does not work with the bonding driver, and {base} is a "
                    "bonded device: pulse may miss a lost link, or treat a working link as lost.",
                    help="Write `monitor_links = 0` if the routers' own addresses are on bonded "
                    "devices; the bonding driver watches its own links.",
                    related=((places.word(line, 3), "a bonded device"),),
                )
                return


@rule("LVS212", "hooks-run-at-start", Severity.INFO)
def hooks_run_at_start(case: Case) -> Iterator[Problem]:
    """A command that runs more often than its name says.

    What:
        `service = lvs`, and `inactive_cmd` is set, or `active_cmd` with a backup router in use.

    Why:
        pulse also runs `inactive_cmd` when it starts and stops, even on a router that was never
        active.  It runs `active_cmd` before the VIPs are up, and again for every heartbeat from a
        partner that is active too.  It does not wait for the commands and ignores their exit status.

    Example:
        - inactive_cmd = /usr/local/sbin/balancing-ends
        + active_cmd = /usr/local/sbin/balancing-begins
    """
    config = case.config
    if config.service != "lvs":
        return
    for name, command in (("active_cmd", config.active_cmd), ("inactive_cmd", config.inactive_cmd)):
        at = places.value_of(config, name)
        if at is None or not command or not command.startswith("/"):
            continue  # pulse can run absolute commands only
        if name == "inactive_cmd":
            yield Problem(
                at=at,
                message="This command also runs whenever pulse starts or stops, even if the router "
                "was never active.",
                help="Make sure that the command is harmless on an inactive router.",
            )
        elif case.backup_in_use:
            yield Problem(
                at=at,
                message="While both routers are active, this command runs again for every heartbeat "
                "from the partner, until one of the two gives up.",
                help="Make sure that the command may run several times in a row.",
            )


@rule("LVS216", "reservation-conflict-unset", Severity.ERROR)
def reservation_conflict_unset(case: Case) -> Iterator[Problem]:
    """Shared disks without a `reservation_conflict_action`.

    What:
        `service = fos`, and `primary_shared` and `backup_shared` are set, but not
        `reservation_conflict_action`.

    Why:
        When the other router holds the reservation, pulse has no action to choose from and crashes:
        the router fails just when it is needed.

    Example:
          service = fos
          primary_shared = /dev/sda
          backup_shared = /dev/sda
        + reservation_conflict_action = preempt
    """
    config = case.config
    if config.service != "fos" or not (config.primary_shared and config.backup_shared):
        return
    at = places.value_of(config, "primary_shared")
    partner = places.value_of(config, "backup_shared")
    if at and partner and case.is_missing(config, "reservation_conflict_action"):
        yield Problem(
            at=at,
            message="`reservation_conflict_action` is missing: pulse crashes when the other router "
            "holds the reservation of the shared disk.",
            help="Write `reservation_conflict_action = preempt`, or `nothing`.",
            related=((partner, "the backup router's disk"),),
        )


def _is_alone(case: Case) -> bool:
    """Whether there is no backup router, and the file does not suggest that there is one."""
    config = case.config
    unreadable = case.is_unreadable(config, "backup") or case.is_unreadable(config, "backup_active")
    return not (unreadable or config.backup_active or case.backup_is_given)


RULES: tuple[CaseRule, ...] = (
    slow_single_start,
    sync_daemon_settings,
    monitor_links_ineffective,
    hooks_run_at_start,
    reservation_conflict_unset,
)
