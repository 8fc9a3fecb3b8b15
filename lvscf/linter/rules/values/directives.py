"""LVS1: directives and blocks that Piranha accepts, but that do not do what they seem to."""

import re
from collections.abc import Iterator
from functools import cache

from lvscf.config import places
from lvscf.config.model import FailoverService, RealServer, VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Change, Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.spellings import NUMBERS, owners
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared.repetition import repeated
from lvscf.source import quoted

_Named = VirtualServer | FailoverService | RealServer


@rule("LVS101", "duplicate-directive", Severity.WARNING)
def duplicate_directive(case: Case) -> Iterator[Problem]:
    """A directive that is set twice in one block.

    What:
        One block, or the top level, sets the same directive more than once.

    Why:
        The last one silently wins.  Editing the first one changes nothing, and the two routers'
        files drift apart unnoticed.

    Example:
        - keepalive = 6
          keepalive = 10
    """
    for owner, _ in owners(case.config):
        for line, later in owner.origin.repeated if owner.origin else ():
            number, _ = case.source.location(later.start)
            yield Problem(
                at=places.whole(line),
                message=f"This line has no effect: `{line.name}` is set again on line {number}, and "
                "the last one wins.",
                help="Keep only one of the two lines.",
                related=((places.whole(later), "this line is in force"),),
            )


@rule("LVS102", "duplicate-name", Severity.WARNING)
def duplicate_name(case: Case) -> Iterator[Problem]:
    """Two blocks with the same name.

    What:
        Two virtual servers, two failover services, or two servers of one virtual server have the
        same name.

    Why:
        To Piranha these are two blocks.  It uses names only in its log, where the two cannot be
        distinguished.  Often one of them is a copy that was never edited, or was added by the GUI,
        which duplicates a block whose header is followed by an empty line.

    Example:
          virtual http {
              active = 0
          }
        - virtual http {
        + virtual https {
              active = 0
          }
    """
    config = case.config
    groups: list[tuple[str, tuple[_Named, ...]]] = [
        ("virtual server", config.virtual_servers),
        ("failover service", config.failover_services),
    ]
    groups.extend(("server", service.servers) for service in config.services)
    for kind, blocks in groups:
        for block, earlier in repeated(blocks, lambda block: block.name or None):
            at, there = places.name_of(block), places.name_of(earlier)
            if at and there and not _is_left_out(block, earlier):
                yield Problem(
                    at=at,
                    message=f"Another {kind} is also named {quoted(block.name)}. To Piranha they are "
                    "two blocks, and its log cannot distinguish them.",
                    help="Give each block a name of its own, or remove the copy.",
                    related=((there, "the first one with this name"),),
                )


def _is_left_out(block: _Named, earlier: _Named) -> bool:
    """Whether a server is a copy that lvsd leaves out, which LVS311 reports."""
    if not isinstance(block, RealServer) or not isinstance(earlier, RealServer):
        return False
    if not block.active or not earlier.active or block.address == UNSET_ADDRESS:
        return False
    return (block.address, block.port) == (earlier.address, earlier.port)


@rule("LVS103", "octal-integer", Severity.WARNING)
def octal_integer(case: Case) -> Iterator[Problem]:
    """A number with a leading zero, which makes it octal.

    What:
        A number begins with `0`, and its octal value differs from its decimal one.

    Why:
        Piranha reads numbers as C does: `010` is 8, and `0120` is 80.

    Example:
        - keepalive = 010
        + keepalive = 10

    Fix:
        Unsafe: the leading zeros are removed, so that the number has its decimal value.
    """
    for _, definition, line, written in case.peculiar:
        if definition.kind in NUMBERS:
            word = written.text.strip()
            match = _octal().fullmatch(word)
            if match is None or len(match[2]) > 30 or int(match[2], 8) == int(match[2]):
                continue
            if int(match[2], 8) >= 2**31:
                continue  # LVS104 reports what is left of it
            decimal = f"{match[1]}{match[2].lstrip('0')}"
            at = places.value(line)
            yield Problem(
                at=at,
                message=f"The leading zero makes this number octal: Piranha reads `{word}` as "
                f"{int(match[1] + match[2], 8)}.",
                help=f"Write `{decimal}`, or `{int(match[1] + match[2], 8)}` if octal was intended.",
                change=Change(f"Write `{decimal}`", "unsafe", ((at, decimal),)),
            )


@cache
def _octal() -> re.Pattern[str]:
    return re.compile(r"([+-]?)0+([0-7]+)", re.ASCII)


@rule("LVS112", "missing-active", Severity.WARNING)
def missing_active(case: Case) -> Iterator[Problem]:
    """A block without an `active` line.

    What:
        A virtual server, failover service or real server has no `active` line.  Servers of a
        service that is switched off are not checked.

    Why:
        A block without `active` is off: Piranha skips it and logs nothing.  If no service at all is
        active, pulse refuses to start.

    Example:
          virtual http {
        +     active = 1
              address = 10.10.1.20 eth0:1
          }
    """
    config = case.config
    for service in config.services:
        kind = "virtual server" if isinstance(service, VirtualServer) else "failover service"
        yield from _without_active(case, service, kind)
        if case.is_on(service) or case.is_missing(service, "active"):
            for server in service.servers:
                yield from _without_active(case, server, "server")


def _without_active(case: Case, block: _Named, kind: str) -> Iterator[Problem]:
    at = places.name_of(block)
    if at and case.is_missing(block, "active"):
        yield Problem(
            at=at,
            message=f"This {kind} has no `active` line, so it is off: Piranha silently skips it.",
            help="Write `active = 1` in the block, or `active = 0` if it is meant to be off.",
        )


@rule("LVS116", "no-active-service", Severity.ERROR)
def no_active_service(case: Case) -> Iterator[Problem]:
    """No service is active.

    What:
        No `virtual` block is active, or, with `service = fos`, no `failover` block.  Blocks of the
        other kind do not count.

    Why:
        pulse logs "no active lvs services defined" (or "fos") and exits; the router does not even
        send heartbeats.

    Example:
          service = lvs
          virtual http {
        -     active = 0
        +     active = 1
          }
    """
    config = case.config
    if case.is_unreadable(config, "service") or case.services:
        return
    if not case.is_whole or not case.source.text:
        return
    service = config.service
    keyword = "virtual" if service == "lvs" else "failover"
    blocks = config.virtual_servers if service == "lvs" else config.failover_services
    at = places.value_of(config, "service")
    if at is None and blocks:
        at = places.name_of(blocks[0])
    what = f"No {keyword} block is active" if blocks else f"There is no {keyword} block"
    others = config.failover_services if service == "lvs" else config.virtual_servers
    other = next((places.name_of(block) for block in others if case.is_on(block)), None)
    help = (
        f"Write `active = 1` in a {keyword} block" if blocks else f"Add an active {keyword} block"
    )
    if other is not None:
        help += f", or write `service = {'fos' if service == 'lvs' else 'lvs'}`"
    yield Problem(
        at=at or case.first_line(),
        message=f'{what}: pulse logs "no active {service} services defined" and exits.',
        help=f"{help}.",
        related=((other, f"active, but ignored with `service = {service}`"),),
    )


RULES: tuple[CaseRule, ...] = (
    duplicate_directive,
    duplicate_name,
    octal_integer,
    missing_active,
    no_active_service,
)
