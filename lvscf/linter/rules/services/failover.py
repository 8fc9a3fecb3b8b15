"""LVS3: failover services, which run on one router at a time (service = fos)."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.config.model import FailoverService
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.source import quoted


@rule("LVS331", "failover-commands", Severity.ERROR)
def failover_commands(case: Case) -> Iterator[Problem]:
    """A failover service without the commands that start and stop it.

    What:
        An active failover service has no `start_cmd` or no `stop_cmd`.

    Why:
        fos runs both commands without checking that they exist: the start command when the router
        becomes active, the stop command each time fos itself starts and exits.  What it runs in
        place of a missing command is unpredictable; in tests it was the command it had run before.

    Example:
          service = fos
          failover db {
              active = 1
              address = 10.10.1.20 eth0:1
              start_cmd = "/etc/init.d/postgresql start"
        +     stop_cmd = "/etc/init.d/postgresql stop"
          }
    """
    for service in case.failover_services:
        missing = [name for name in ("start_cmd", "stop_cmd") if case.is_missing(service, name)]
        if missing:
            yield Problem(
                at=case.name_of(service),
                message="This failover service has no "
                f"{' and no '.join(f'`{m}`' for m in missing)}: "
                "fos runs some command anyway, possibly that of another service.",
                help="Write both, each with an absolute path; `/bin/true` does nothing.",
            )


@rule("LVS332", "failover-many-vips", Severity.ERROR)
def failover_many_vips(case: Case) -> Iterator[Problem]:
    """More failover addresses than pulse has room for.

    What:
        With `service = fos`, the number of distinct addresses of the active failover services
        exceeds the number of `virtual` blocks (active or not) plus one.

    Why:
        pulse reserves room for the addresses by counting `virtual` blocks, although the addresses
        it brings up are those of failover services.  It writes the rest over whatever follows in
        memory.  A few may do no visible harm; of twelve, with no virtual block, eight came up.

    Example:
          service = fos
        + virtual room_for_mail {
        +     active = 0
        + }
          failover db {
              active = 1
              address = 10.10.1.20 eth0:1
              start_cmd = "/etc/init.d/postgresql start"
              stop_cmd = "/etc/init.d/postgresql stop"
          }
          failover mail {
              active = 1
              address = 10.10.1.30 eth0:2
              start_cmd = "/etc/init.d/postfix start"
              stop_cmd = "/etc/init.d/postfix stop"
          }
    """
    first: dict[str, FailoverService] = {}
    for service in case.failover_services:
        if service.address is not None:
            first.setdefault(service.address.address, service)
    room = len(case.config.virtual_servers) + 1
    beyond = [place for service in first.values() if (place := _vip(service)) is not None][room:]
    if not beyond:
        return
    at, *others = beyond
    yield Problem(
        at=at,
        message=f"pulse has room for {room} failover {'address' if room == 1 else 'addresses'} "
        f"(one more than there are `virtual` blocks), but these services have {len(first)}. "
        "It writes the rest over other memory, may crash, and does not bring up all of them.",
        help="Let services share an address, or make room with one inactive `virtual` block "
        f"(`active = 0`) per address too many, here {len(beyond)}.",
        related=tuple((place, "no room for this one either") for place in others),
    )


@rule("LVS333", "failover-inactive-first", Severity.ERROR)
def failover_inactive_first(case: Case) -> Iterator[Problem]:
    """An inactive failover service that keeps an address from being taken down.

    What:
        With `service = fos`, the first failover service with a given address is inactive, and a
        later one with the same address is active.

    Why:
        When the router gives up its services, pulse takes down the address of each service unless
        an earlier block has the same address, and it does not check whether that block is active.
        The address stays up: after a failover both routers have it.

    Bad:
        service = fos
        failover db_old {
            active = 0
            address = 10.10.1.20 eth0:1
        }
        failover db {
            active = 1
            address = 10.10.1.20 eth0:1
            start_cmd = "/etc/init.d/postgresql start"
            stop_cmd = "/etc/init.d/postgresql stop"
        }

    Good:
        service = fos
        failover db {
            active = 1
            address = 10.10.1.20 eth0:1
            start_cmd = "/etc/init.d/postgresql start"
            stop_cmd = "/etc/init.d/postgresql stop"
        }
        failover db_old {
            active = 0
            address = 10.10.1.20 eth0:1
        }
    """
    if case.config.service != "fos":
        return
    first: dict[str, FailoverService] = {}
    reported: set[str] = set()
    for service in case.config.failover_services:
        if service.address is None:
            continue
        address = service.address.address
        earlier = first.setdefault(address, service)
        at, there = _vip(earlier), _vip(service)
        if case.is_on(earlier) or not case.is_on(service) or address in reported or at is None:
            continue
        reported.add(address)
        yield Problem(
            at=at,
            message=f"This inactive block comes before {quoted(service.name)}, which has the same "
            f"address: pulse never takes {address} down, and after a failover both routers have it.",
            help="Move the inactive block after the active one, or remove it.",
            related=((there, "the active service with this address"),),
        )


def _vip(service: FailoverService) -> Place | None:
    line = places.written(service, "address")
    return places.word(line, 2) if line is not None else None


RULES: tuple[CaseRule, ...] = (failover_commands, failover_many_vips, failover_inactive_first)
