"""LVS1: lines and blocks that no daemon uses, and that were meant to do something."""

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
"""Of the directives that no daemon looks at, those that promise something.

`serial_no` is the GUI's counter; `heartbeat` and `debug_level` are there because the GUI always
writes them.
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
"""What fos neither uses itself nor passes to nanny."""

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

`network` is left out, as the GUI writes it into every file, and so are `syncd_iface` and
`syncd_id`, which stand or fall with `syncdaemon`.
"""

_SHARED = ("primary_shared", "backup_shared")
_FOR_FOS = (*_SHARED, "reservation_conflict_action")


@rule("LVS114", "never-read", Severity.INFO)
def never_read(case: Case) -> Iterator[Problem]:
    """A directive that no daemon looks at.

    What:
        `sync`, `master` or `dirs`; `debug_level` other than NONE; `heartbeat` where it says the
        opposite of what `backup_active` does; `rsh_command` while no active virtual server has
        `load_monitor = uptime`.

    Why:
        Piranha reads them and never uses them.  Nothing is copied to the backup router, whatever
        lvs.cf(5) says, and the daemons say no more with a `debug_level`.  Heartbeats are sent if
        `backup_active` is 1 and `backup` is given; `heartbeat` neither starts nor stops them.

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
                    message=f"`{name}` has no effect: no daemon of Piranha looks at it.",
                    help="Remove the line.",
                )
    yield from _heartbeat(case)
    config = case.config
    at = places.value_of(config, "debug_level")
    if at is not None and (config.debug_level or "").upper() != "NONE":
        yield Problem(
            at=at,
            message="`debug_level` has no effect: no daemon of Piranha looks at it.",
            help="Start pulse with `-v` for more messages, and write `debug_level = NONE`.",
        )
    at = places.value_of(config, "rsh_command")
    if at is None or config.service != "lvs":
        return
    if all(virtual.load_monitor != "uptime" for virtual in case.virtual_servers):
        yield Problem(
            at=at,
            message="`rsh_command` has no effect: it is used for `load_monitor = uptime` only, and no "
            "active virtual server has that. Nothing is copied to the other router with it.",
            help="Remove the line.",
        )


def _heartbeat(case: Case) -> Iterator[Problem]:
    """`heartbeat` against what decides.

    Where `backup` and `backup_active` disagree, LVS204 and LVS205 tell.
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
        message = "`heartbeat = 1` has no effect: without a backup router no heartbeats are sent."
    else:
        message = "`heartbeat = 0` has no effect: heartbeats are sent, as there is an active backup router."
    decides = places.value_of(config, "backup_active") or places.value_of(config, "backup")
    yield Problem(
        at=at,
        message=message,
        help=f"Write `heartbeat = {int(not config.heartbeat)}`, which says what happens.",
        related=((decides, "this decides about heartbeats"),) if decides else (),
    )


@rule("LVS115", "ignored-here", Severity.WARNING)
def ignored_here(case: Case) -> Iterator[Problem]:
    """A directive that has no effect in this kind of block or service.

    What:
        `start_cmd` or `stop_cmd` in an active virtual server.  With `service = fos`: directives of
        virtual servers in an active failover service, real servers there, and global directives
        that are for virtual servers.  `primary_shared`, `backup_shared` and
        `reservation_conflict_action` with `service = lvs`, or one of the first two without the
        other.  A value that Piranha would use anyhow is not mentioned.

    Why:
        Piranha reads the line without complaint and never uses it, so what it asks for does not
        happen: a failover service has no firewall mark and no regular expressions, a virtual server
        has no start command, and a disk that only one router names is not shared.

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
            "virtual servers run no commands; only failover services do",
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
                    "themselves, and fos does not look at servers.",
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
            "shared disks are for failover services, and the service is lvs",
            "Remove the line, or write `service = fos` if there are failover services.",
        )
        return
    for name in _NOT_FOR_FOS:
        doubled = name == "nat_nmask" and case.is_written(config, "nat_router")
        if not doubled and _says_something(case, config, name):
            yield from _together(
                config,
                [name],
                "it is for virtual servers, and the service is fos",
                "Remove the line.",
            )
    if len(shared) == 1 and not any(case.is_unreadable(config, name) for name in _SHARED):
        missing = next(name for name in _SHARED if name not in shared)
        yield from _together(
            config,
            shared,
            f"pulse watches the shared disk only if `{missing}` is given, too",
            f"Write `{missing} = DEVICE`, the disk as the other router sees it.",
        )
    elif not shared and config.reservation_conflict_action == "preempt":
        yield from _together(
            config,
            ["reservation_conflict_action"],
            "there is no shared disk (`primary_shared` and `backup_shared`)",
            "Remove the line, or name the disk as each router sees it.",
        )


def _together(owner: Owner, names: list[str], why: str, advice: str) -> Iterator[Problem]:
    """One finding about lines that have no effect for the same reason."""
    lines = [line for line in (places.written(owner, name) for name in names) if line is not None]
    if lines:
        first, *others = lines
        yield Problem(
            at=places.word(first, 0),
            message=f"`{first.words[0].text}` has no effect here: {why}.",
            help=advice,
            related=tuple((places.word(line, 0), "nor has this") for line in others),
        )


def _says_something(case: Case, owner: Owner, name: str) -> bool:
    """Whether a directive was written, with another value than Piranha would use anyhow."""
    scope = Scope.SERVICE if isinstance(owner, FailoverService) else Scope.GLOBAL
    unsaid = DEFAULTS[scope].get(name)
    return case.is_written(owner, name) and getattr(owner, name) not in (unsaid, "none", "")


@rule("LVS117", "wrong-service-blocks", Severity.WARNING)
def wrong_service_blocks(case: Case) -> Iterator[Problem]:
    """Active blocks of the kind that is not in force.

    What:
        A `failover` block is active while `service` is lvs (or absent, which is the same), or a
        `virtual` block while it is fos.  If no block is in force at all, LVS116 says so instead.

    Why:
        One file is for one kind of service, and Piranha drops the blocks of the other kind without
        a word: neither their addresses nor their services come up.

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
                message=f"Piranha ignores this block: {keyword} blocks are in force with "
                f"`service = {other}` only, and the service is {of_service}.",
                help="Write `active = 0` in the block, or remove it.",
                related=((decides, "the kind of service"),) if decides else (),
            )


RULES: tuple[CaseRule, ...] = (never_read, ignored_here, wrong_service_blocks)
