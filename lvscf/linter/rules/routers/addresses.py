"""LVS2: the addresses of the two routers."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule

_ADDRESS = 2
"""Which word of `address = 10.10.1.20 eth0:1` is the address."""


@rule("LVS207", "same-router-address", Severity.ERROR)
def same_router_address(case: Case) -> Iterator[Problem]:
    """An address that two routers, or a router and a service, are to have.

    What:
        With a backup router in use, an address of the primary router is also one of the backup
        router, private ones included.  Or a router's address is also an active VIP, or the NAT
        router address in use.

    Why:
        A router that does not own the address that the file gives it cannot bind its heartbeat
        socket: pulse exits.  The one that owns both takes its own heartbeats for those of an active
        partner, and announces its addresses again every `keepalive` seconds.  A VIP that a router
        already has cannot be brought up there, nor move away; on the other router it makes a second copy of an
        address that is in use, and the heartbeats go astray.

    Example:
          primary = 10.10.1.21
        - backup = 10.10.1.21
        + backup = 10.10.1.22
          backup_active = 1
    """
    yield from _shared_by_routers(case)
    yield from _brought_up_elsewhere(case)


def _shared_by_routers(case: Case) -> Iterator[Problem]:
    """Addresses of the primary router that the backup router has, too."""
    if not case.backup_in_use:
        return
    private = case.config.primary_private != case.config.primary
    own = ("primary", "primary_private") if private else ("primary",)
    partner = ("backup", "backup_private") if private else ("backup",)
    first: dict[str, str] = {}
    for name in own:
        if case.is_written(case.config, name):
            first.setdefault(getattr(case.config, name), name)
    for name in partner:
        at = places.value_of(case.config, name)
        address = getattr(case.config, name)
        if at is None or address not in first:
            continue
        there = places.value_of(case.config, first[address])
        yield Problem(
            at=at,
            message=f"{address} is `{first[address]}`, too: two routers cannot have one address. "
            "pulse exits on the router that does not own it, and the other takes its own heartbeats "
            "for those of an active partner.",
            help="Write the address that the backup router has of its own.",
            related=((there, "the same address"),) if there else (),
        )


def _brought_up_elsewhere(case: Case) -> Iterator[Problem]:
    """Addresses of routers that pulse shall bring up as a VIP or as the NAT router address."""
    routers = case.router_addresses
    told: set[str] = set()
    alone = not case.backup_is_given and not case.is_unreadable(case.config, "backup")
    for owner, name, address in case.addresses_on_devices:
        line = places.written(owner, name)
        router = routers.get(address.address)
        there = places.value_of(case.config, router) if router else None
        if line is None or there is None or address.address in told:
            continue
        told.add(address.address)
        if alone:
            message = (
                f"{address.address} is the router's own address (`{router}`): `ifconfig` fails to "
                "bring it up a second time, and it could never move to a backup router."
            )
        else:
            message = (
                f"{address.address} is the address of a router (`{router}`): there pulse cannot "
                "bring it up, and on the other router it brings up a second copy of an address that "
                "is in use."
            )
        yield Problem(
            at=places.word(line, _ADDRESS),
            message=message,
            help="Write an address that no host has; it moves between the routers.",
            related=((there, "the router's own address"),),
        )


@rule("LVS209", "half-private-heartbeat", Severity.ERROR, also=(Severity.WARNING,))
def half_private_heartbeat(case: Case) -> Iterator[Problem]:
    """A second path for heartbeats of which one end is missing.

    What:
        With a backup router in use: `primary_private` without `backup_private`, or with a
        `backup_private` that is `backup` itself (errors); `backup_private` without
        `primary_private`, or a `primary_private` that is `primary` itself (warnings).

    Why:
        pulse opens a second heartbeat socket if `primary_private` differs from `primary`.  Without a
        `backup_private` of its own, that socket collides with the first one on the backup router:
        «Address already in use», and pulse exits there, which shows at the first failover.  Without
        `primary_private`, `backup_private` is silently replaced by `backup`; and where
        `primary_private` is `primary`, there is one path only.

    Example:
          primary = 10.10.1.21
          primary_private = 10.11.1.21
          backup = 10.10.1.22
        + backup_private = 10.11.1.22
          backup_active = 1
    """
    config = case.config
    own = places.value_of(config, "primary_private")
    partner = places.value_of(config, "backup_private")
    if not case.backup_in_use or not case.is_written(config, "primary"):
        return
    if own is None:
        if partner and not case.is_unreadable(config, "primary_private"):
            yield Problem(
                at=partner,
                message="`backup_private` without `primary_private` is ignored: pulse uses `backup` "
                "instead, and heartbeats take one path only.",
                help="Write `primary_private = ADDRESS`, or remove this line.",
                severity=Severity.WARNING,
            )
        return
    if config.primary_private == config.primary:
        public = places.value_of(config, "primary")
        lost = " `backup_private` is ignored." if partner else ""
        yield Problem(
            at=own,
            message="`primary_private` is `primary` itself: there is no second path for "
            f"heartbeats.{lost}",
            help="Write an address of the primary router in another network, or leave the private "
            "addresses out.",
            related=((public, "the same address"),) if public else (),
            severity=Severity.WARNING,
        )
    elif partner is None:
        if not case.is_unreadable(config, "backup_private"):
            yield Problem(
                at=own,
                message="`primary_private` without `backup_private`: on the backup router the second "
                "heartbeat socket collides with the first, and pulse exits with «Address already in "
                "use». It shows when the primary fails.",
                help="Write `backup_private = ADDRESS`, the backup router's address in the same "
                "network, or remove this line.",
            )
    elif config.backup_private == config.backup:
        public = places.value_of(config, "backup")
        yield Problem(
            at=partner,
            message="`backup_private` is `backup` itself, but `primary_private` is an address of "
            "its own: on the backup router the second heartbeat socket collides with the first, "
            "and pulse exits with «Address already in use».",
            help="Write the backup router's address in the network of `primary_private`.",
            related=((public, "the same address"),) if public else (),
        )


RULES: tuple[CaseRule, ...] = (same_router_address, half_private_heartbeat)
