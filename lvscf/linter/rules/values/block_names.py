"""LVS1: blocks with placeholders for names and addresses, and names that crash a daemon."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.config.model import FailoverService, RealServer, VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.consequences import cascade
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.source import quoted

PLACEHOLDERS = ("[server_name]", "[unnamed]")
"""The names that the GUI gives to a new service and a new server."""


@rule("LVS111", "placeholder", Severity.WARNING)
def placeholder(case: Case) -> Iterator[Problem]:
    """An entry that was added in the GUI and never edited.

    What:
        A block is named `[server_name]` or `[unnamed]`, active or not.  Or an active service or real
        server has the address 0.0.0.0.

    Why:
        The GUI adds such an entry, switched off, at the press of a button.  A service that is
        switched on in this state is set up for 0.0.0.0, without a VIP.  For a real server with that
        address, nanny checks the router itself.  If the router answers, ipvsadm rejects the server,
        nanny exits, and lvsd then stops every service on this router.

    Example:
        - virtual [server_name] {
        + virtual http {
              active = 0
        -     address = 0.0.0.0 eth0:1
        +     address = 10.10.1.20 eth0:1
          }
    """
    for service in case.config.services:
        yield from _placeholder_name(service)
        for server in service.servers:
            yield from _placeholder_name(server)
    for service in case.services:
        unset = service.address is not None and service.address.address == UNSET_ADDRESS
        line = places.written(service, "address")
        if unset and line is not None and service.name not in PLACEHOLDERS:
            yield Problem(
                at=places.word(line, 2),
                message="This address was never filled in: Piranha sets up the service for 0.0.0.0 "
                "and does not bring up a VIP.",
                help="Write the VIP, or set `active = 0` until you have one.",
            )
    for virtual in case.virtual_servers:
        for server, at in case.written(case.servers(virtual), "address"):
            if server.address == UNSET_ADDRESS and server.name not in PLACEHOLDERS:
                yield Problem(
                    at=at,
                    message="This address was never filled in: nanny checks the router itself. If "
                    f"the router answers, ipvsadm fails, {cascade(case)}.",
                    help="Write the server's address, or set `active = 0` until you have one.",
                )


def _placeholder_name(block: VirtualServer | FailoverService | RealServer) -> Iterator[Problem]:
    at = places.name_of(block) if block.name in PLACEHOLDERS else None
    if at is not None:
        yield Problem(
            at=at,
            message=f"The GUI names a new entry {quoted(block.name)}: this one was never edited.",
            help="Give the block a name and an address, or remove it.",
        )


@rule("LVS120", "percent-in-name", Severity.ERROR)
def percent_in_name(case: Case) -> Iterator[Problem]:
    """A percent sign in a name, which crashes a daemon.

    What:
        The name of an active virtual server, failover service or real server contains a `%`.

    Why:
        lvsd and fos pass their messages, names included, to syslog as a format string.  `%s` or `%n`
        then reads or writes memory at random, and the daemon can crash as soon as it logs something
        about the block.

    Example:
        - virtual 50%share {
        + virtual half_share {
              active = 1
              address = 10.10.1.20 eth0:1
          }
    """
    blocks: list[VirtualServer | FailoverService | RealServer] = [*case.services]
    for virtual in case.virtual_servers:
        blocks.extend(case.servers(virtual))
    for block in blocks:
        at = places.name_of(block) if "%" in block.name else None
        if at is not None:
            yield Problem(
                at=at,
                message=f"syslog treats the `%` in {quoted(block.name)} as a format: the daemon can "
                "crash when it logs this name.",
                help="Choose a name without `%`.",
            )


RULES: tuple[CaseRule, ...] = (placeholder, percent_in_name)
