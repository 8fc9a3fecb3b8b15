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
    """An address that is used twice: by both routers, or by a router and a service.

    What:
        With a backup router in use, an address of the primary router is also one of the backup
        router, private addresses included.  Or a router's address is also an active VIP, or the NAT
        router address in use.

    Why:
        A router that does not own its address in the file cannot bind its heartbeat socket, and
        pulse exits there.  The router that owns it mistakes its own heartbeats for those of an
        active partner, and announces its addresses again every `keepalive` seconds.  pulse cannot
        bring up a VIP that is a router's own address on that router, nor move it away; on the other
        router it brings up a duplicate of an address in use, and heartbeats go astray.

    Example:
          primary = 10.10.1.21
        - backup = 10.10.1.21
        + backup = 10.10.1.22
          backup_active = 1
    """
    yield from _shared_by_routers(case)
    yield from _brought_up_elsewhere(case)


def _shared_by_routers(case: Case) -> Iterator[Problem]:
    """Addresses of the primary router that are also the backup router's."""
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
        yield Problem(
            at=at,
            message=f"{address} is also `{first[address]}`, but two routers cannot share an address. "
            "pulse exits on the router that does not own it, and the other router mistakes its own "
            "heartbeats for those of an active partner.",
            help="Write the backup router's own address.",
            related=((places.value_of(case.config, first[address]), "the same address"),),
        )


def _brought_up_elsewhere(case: Case) -> Iterator[Problem]:
    """Addresses of routers that are also a VIP or the NAT router address."""
    routers = case.router_addresses
    reported: set[str] = set()
    alone = not case.backup_is_given and not case.is_unreadable(case.config, "backup")
    for owner, name, address in case.addresses_on_devices:
        line = places.written(owner, name)
        router = routers.get(address.address)
        there = places.value_of(case.config, router) if router else None
        if line is None or there is None or address.address in reported:
            continue
        reported.add(address.address)
        if alone:
            message = (
                f"{address.address} is the router's own address (`{router}`): `ifconfig` cannot "
                "bring it up a second time, and it could never move to a backup router."
            )
        else:
            message = (
                f"{address.address} is a router's own address (`{router}`). pulse cannot bring it "
                "up on that router, and on the other it brings up a duplicate of an address in use."
            )
        yield Problem(
            at=places.word(line, _ADDRESS),
            message=message,
            help="Write an address that belongs to no host: it moves between the routers.",
            related=((there, "the router's own address"),),
        )


@rule("LVS209", "half-private-heartbeat", Severity.ERROR, also=(Severity.WARNING,))
def half_private_heartbeat(case: Case) -> Iterator[Problem]:
    """A second heartbeat path of which one end is missing.

    What:
        A backup router is in use, and `primary_private` comes without `backup_private`, or with one
        that is the same as `backup`.  These are errors.  `backup_private` without `primary_private`,
        or a `primary_private` that is the same as `primary`, is a warning.

    Why:
        pulse opens a second heartbeat socket if `primary_private` differs from `primary`.  Without a
        different `backup_private`, that socket collides with the first one on the backup router, and
        pulse exits there ("Address already in use"); you notice at the first failover.  Without
        `primary_private`, `backup_private` is silently replaced by `backup`.  If `primary_private`
        is the same as `primary`, there is only one path.

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
                message="Without `primary_private`, pulse ignores `backup_private` and uses `backup`: "
                "heartbeats have only one path.",
                help="Write `primary_private = ADDRESS`, or remove this line.",
                severity=Severity.WARNING,
            )
        return
    if config.primary_private == config.primary:
        ignored = ", and pulse ignores `backup_private`" if partner else ""
        yield Problem(
            at=own,
            message="`primary_private` is the same as `primary`: heartbeats have only one path"
            f"{ignored}.",
            help="Write the primary router's address in another network, or remove the private "
            "addresses.",
            related=((places.value_of(config, "primary"), "the same address"),),
            severity=Severity.WARNING,
        )
    elif partner is None:
        if not case.is_unreadable(config, "backup_private"):
            yield Problem(
                at=own,
                message="Without `backup_private`, the second heartbeat socket collides with the first "
                'on the backup router, and pulse exits there ("Address already in use"). No router '
                "takes over when the primary fails.",
                help="Write `backup_private = ADDRESS`, the backup router's address in the same "
                "network, or remove this line.",
            )
    elif config.backup_private == config.backup:
        yield Problem(
            at=partner,
            message="`backup_private` is the same as `backup`: the second heartbeat socket collides "
            'with the first on the backup router, and pulse exits there ("Address already in use"). '
            "No router takes over when the primary fails.",
            help="Write the backup router's address in the network of `primary_private`.",
            related=((places.value_of(config, "backup"), "the same address"),),
        )


RULES: tuple[CaseRule, ...] = (same_router_address, half_private_heartbeat)
