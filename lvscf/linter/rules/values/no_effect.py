"""LVS1: lines and blocks that seem to do something, but that no daemon uses."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.config.model import FailoverService, Owner, VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.spellings import owners
from lvscf.piranha.directives import DEFAULTS, Scope

_NEVER_READ = ("sync", "master", "dirs")
"""The directives that no daemon uses, except those that the GUI writes into every file.

These are `serial_no`, the GUI's counter, and `heartbeat` and `debug_level`.
"""

_NOT_IN_FAILOVER = (
    "sorry_server",
    "fwmark",
    "persistent",
    "pmask",
    "use_regex",
    "load_monitor",
    "scheduler",
    "reentry",
    "quiesce_server",
)
"""The directives that fos neither uses itself nor passes to nanny."""

_NOT_FOR_FOS = (
    "rsh_command",
    "nat_router",
    "nat_nmask",
    "active_cmd",
    "inactive_cmd",
    "syncdaemon",
    "tcp_timeout",
    "tcpfin_timeout",
    "udp_timeout",
    "hard_shutdown",
)
"""Global directives that are for virtual servers only.

Without `network`, which the GUI writes into every file, and without `syncd_iface` and `syncd_id`,
which depend on `syncdaemon`.
"""

_SHARED = ("primary_shared", "backup_shared")
_FOR_FOS = (*_SHARED, "reservation_conflict_action")


@rule("LVS114", "never-read", Severity.INFO)
def never_read(case: Case) -> Iterator[Problem]:
    """A directive that no daemon uses.

    What:
        The file sets `sync`, `master` or `dirs`, a `debug_level` other than NONE, or a `heartbeat`
        that contradicts `backup_active`.  Or it sets `rsh_command`, and no active virtual server has
        `load_monitor = uptime`.

    Why:
        Piranha reads these directives and never uses them.  Nothing is copied to the backup router,
        whatever lvs.cf(5) says, and `debug_level` does not make the daemons log more.  pulse sends
        heartbeats if `backup_active` is 1 and `backup` is set; `heartbeat` neither starts nor stops
        them.

    Example:
          backup_active = 0
          backup = 0.0.0.0
        - heartbeat = 1
        + heartbeat = 0
    """
    for owner, _ in owners(case.config):
        for name in _NEVER_READ:
            line = places.written(owner, name)
            if line is not None:
                yield Problem(
                    at=places.word(line, 0),
                    message=f"`{name}` has no effect: no Piranha daemon uses it.",
                    help="Remove the line.",
                )
    yield from _heartbeat(case)
    config = case.config
    at = places.value_of(config, "debug_level")
    if at is not None and (config.debug_level or "").upper() != "NONE":
        yield Problem(
            at=at,
            message="`debug_level` has no effect: no Piranha daemon uses it.",
            help="Write `debug_level = NONE`, and start pulse with `-v` for more messages.",
        )
    at = places.value_of(config, "rsh_command")
    if at is None or config.service != "lvs":
        return
    if all(virtual.load_monitor != "uptime" for virtual in case.virtual_servers):
        yield Problem(
            at=at,
            message="`rsh_command` has no effect: only `load_monitor = uptime` uses it, and no active "
            "virtual server has that. Piranha does not copy files to the other router with it.",
            help="Remove the line.",
        )


def _heartbeat(case: Case) -> Iterator[Problem]:
    """A `heartbeat` that contradicts `backup_active`.

    LVS204 and LVS205 report that `backup` and `backup_active` contradict each other.
    """
    config = case.config
    at = places.value_of(config, "heartbeat")
    if at is None or case.backup_is_given != config.backup_active:
        return
    if bool(config.heartbeat) == case.backup_in_use:
        return
    if any(case.is_unreadable(config, name) for name in ("backup", "backup_active")):
        return
    if config.heartbeat:
        message = (
            "`heartbeat = 1` has no effect: without a backup router, pulse sends no heartbeats."
        )
    else:
        message = (
            "`heartbeat = 0` has no effect: the backup router is active, so pulse sends heartbeats."
        )
    decides = places.value_of(config, "backup_active") or places.value_of(config, "backup")
    yield Problem(
        at=at,
        message=message,
        help=f"Write `heartbeat = {int(not config.heartbeat)}` to match what happens.",
        related=((decides, "this decides whether heartbeats are sent"),),
    )


@rule("LVS115", "ignored-here", Severity.WARNING)
def ignored_here(case: Case) -> Iterator[Problem]:
    """A directive that has no effect in this kind of block or service.

    What:
        An active virtual server has `start_cmd` or `stop_cmd`.  Or `service = fos`, and an active
        failover service has real servers or directives of virtual servers, or there are global
        directives for virtual servers.  Or `primary_shared`, `backup_shared` or
        `reservation_conflict_action` is set with `service = lvs`, or one of the first two without
        the other.  Values that are Piranha's default are not reported.

    Why:
        Piranha silently ignores the line, so what it asks for does not happen: a failover service
        has no firewall mark and no regular expressions, a virtual server has no start command, and
        a disk that is set for one router only is not shared.

    Example:
        - virtual db {
        + service = fos
        + failover db {
              active = 1
              address = 10.10.1.20 eth0:1
              start_cmd = "/sbin/service db start"
        +     stop_cmd = "/sbin/service db stop"
          }
    """
    if case.is_unreadable(case.config, "service"):
        return
    for virtual in case.virtual_servers:
        yield from _together(
            virtual,
            [name for name in ("start_cmd", "stop_cmd") if case.is_written(virtual, name)],
            "only failover services run commands, virtual servers do not",
            "Remove the line, or make this a `failover` block under `service = fos`.",
        )
    for failover in case.failover_services:
        for name in _NOT_IN_FAILOVER:
            if _says_something(case, failover, name):
                yield from _together(
                    failover,
                    [name],
                    "it is for virtual servers, and fos does not use it",
                    "Remove the line.",
                )
        for server in failover.servers:
            at = places.name_of(server)
            if at is not None and case.is_on(server):
                yield Problem(
                    at=at,
                    message="This real server has no effect: a failover service runs on the routers "
                    "themselves, and fos ignores servers.",
                    help="Remove the block, or make this a `virtual` block under `service = lvs`.",
                )
    yield from _ignored_globals(case)


def _ignored_globals(case: Case) -> Iterator[Problem]:
    config = case.config
    written = [name for name in _FOR_FOS if getattr(config, name) not in (None, "", "nothing")]
    shared = [name for name in _SHARED if getattr(config, name)]
    if config.service == "lvs":
        yield from _together(
            config,
            written,
            "shared disks are for failover services, but the service is lvs",
            "Remove the line, or write `service = fos` if there are failover services.",
        )
        return
    for name in _NOT_FOR_FOS:
        doubled = name == "nat_nmask" and case.is_written(config, "nat_router")
        if not doubled and _says_something(case, config, name):
            yield from _together(
                config,
                [name],
                "it is for virtual servers, but the service is fos",
                "Remove the line.",
            )
    if len(shared) == 1 and not any(case.is_unreadable(config, name) for name in _SHARED):
        missing = next(name for name in _SHARED if name not in shared)
        yield from _together(
            config,
            shared,
            f"pulse watches the shared disk only if `{missing}` is also set",
            f"Write `{missing} = DEVICE`, the device name of the disk on the other router.",
        )
    elif not shared and config.reservation_conflict_action == "preempt":
        yield from _together(
            config,
            ["reservation_conflict_action"],
            "there is no shared disk (`primary_shared` and `backup_shared`)",
            "Remove the line, or write both, with the device name of the disk on each router.",
        )


def _together(owner: Owner, names: list[str], why: str, advice: str) -> Iterator[Problem]:
    """A single problem for lines that have no effect for the same reason."""
    lines = [line for line in (places.written(owner, name) for name in names) if line is not None]
    if lines:
        first, *others = lines
        yield Problem(
            at=places.word(first, 0),
            message=f"`{first.words[0].text}` has no effect here: {why}.",
            help=advice,
            related=tuple((places.word(line, 0), "no effect either") for line in others),
        )


def _says_something(case: Case, owner: Owner, name: str) -> bool:
    """Whether a directive was written with a value other than Piranha's default."""
    scope = Scope.SERVICE if isinstance(owner, FailoverService) else Scope.GLOBAL
    default = DEFAULTS[scope].get(name)
    return case.is_written(owner, name) and getattr(owner, name) not in (default, "none", "")


@rule("LVS117", "wrong-service-blocks", Severity.WARNING)
def wrong_service_blocks(case: Case) -> Iterator[Problem]:
    """Active blocks of the wrong kind for this `service`.

    What:
        A `failover` block is active and `service` is lvs (or absent, which is the same), or a
        `virtual` block is active and `service` is fos.  If Piranha uses no block at all, LVS116
        reports that instead.

    Why:
        A file is for one kind of service, and Piranha silently ignores the blocks of the other kind:
        neither their addresses nor their services come up.

    Example:
          service = lvs
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
          }
          failover db {
        -     active = 1
        +     active = 0
              address = 10.10.1.30 eth0:2
          }
    """
    config = case.config
    if case.is_unreadable(config, "service") or not case.services:
        return
    blocks: tuple[VirtualServer | FailoverService, ...] = config.failover_services
    keyword, of_service, other = "failover", "lvs", "fos"
    if config.service == "fos":
        blocks, keyword, of_service, other = config.virtual_servers, "virtual", "fos", "lvs"
    decides = places.value_of(config, "service")
    for block in blocks:
        at = places.name_of(block)
        if at is not None and case.is_on(block):
            yield Problem(
                at=at,
                message=f"Piranha ignores this block: {keyword} blocks need `service = {other}`, and "
                f"the service is {of_service}.",
                help="Write `active = 0` in the block, or remove it.",
                related=((decides, "the kind of service"),),
            )


RULES: tuple[CaseRule, ...] = (never_read, ignored_here, wrong_service_blocks)
