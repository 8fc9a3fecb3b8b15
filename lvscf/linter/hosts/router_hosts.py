"""The routers of lvs.cf that files were given for, each with its own files alone."""

from collections.abc import Iterator
from typing import Literal

from lvscf.hosts.facts import Address
from lvscf.hosts.host import Host, joined
from lvscf.linter.case import Case
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared.records import record


@record
class RouterHost:
    """What files show of a router."""

    role: Literal["primary", "backup"] | None
    """None if the files were given for both routers: which one they are of is not known."""
    host: Host

    @property
    def name(self) -> str:
        """For sentences: `router 10.10.1.21`, or `the router`."""
        return f"router {self.host.name}" if self.host.name else "the router"

    @property
    def directive(self) -> Literal["primary", "backup"]:
        """The directive that names it."""
        return self.role or "primary"


def router_hosts(case: Case) -> tuple[RouterHost, ...]:
    """The routers of a case, the primary first; shared by all rules."""
    return case.once(_router_hosts)


def _router_hosts(case: Case) -> tuple[RouterHost, ...]:
    return tuple(_found(case))


def _found(case: Case) -> Iterator[RouterHost]:
    if case.cluster is None:
        return
    config = case.config
    routers = [one for one in case.cluster.hosts if one.role == "router"]
    roles: tuple[tuple[Literal["primary", "backup"], tuple[str | None, str | None]], ...] = (
        ("primary", (config.primary, config.primary_private)),
        ("backup", (config.backup, config.backup_private)),
    )
    unnamed = [one for one in routers if one.name is None]
    for role, addresses in roles:
        names = {one for one in addresses if one not in (None, UNSET_ADDRESS)}
        parts = [one for one in routers if one.name in names]
        if role == "primary" and not case.backup_is_given:
            parts += unnamed
            unnamed = []
        if parts:
            yield RouterHost(role, joined(parts))
    yield from (RouterHost(None, one) for one in unnamed)


def held_by(host: Host) -> dict[str, Address]:
    """The addresses that a host has on its network, as pulse brings up VIPs.

    An address on `lo` or a device of that kind is that of a real server: with direct routing, a
    router may be one as well.
    """
    found: dict[str, Address] = {}
    for one in host.present_addresses:
        if not is_quiet(one.device):
            found.setdefault(one.address, one)
    return found


def is_quiet(device: str) -> bool:
    """Whether a device has no neighbours."""
    return device.startswith(("lo", "dummy", "tunl"))


def starts_at_boot(host: Host, *services: str) -> bool | None:
    """Whether any of these services starts at boot; None if the files do not show it."""
    found = [one.enabled for one in host.boot_services if one.name in services]
    if True in found:
        return True
    if None in found:
        return None
    return False if found or "boot services" in host.complete else None
