"""Named hosts: the routers and real servers in lvs.cf, and whether files were given for them.

Rules ask this of every cluster, even of one for which nothing was given, so this module does not
import the firewall parser.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from lvscf.config import places
from lvscf.config.model import RealServer
from lvscf.findings.place import Place
from lvscf.linter.case import Case
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.source import displayable

if TYPE_CHECKING:
    from lvscf.hosts.host import Host, Role

MOST_NAMED = 4
"""Hosts that a message names; of more, it says how many."""


class NamedHost:
    """A host that lvs.cf names.

    `names` are the addresses and names it goes by, the first being the one that messages use;
    `place` is where lvs.cf names it.
    """

    def __init__(self, names: tuple[str, ...], place: Place | None) -> None:
        self.names = names
        self.place = place


def listed(names: list[str]) -> str:
    """Names for a sentence; of many, the first few and how many more there are."""
    shown = [displayable(name) for name in names]
    if len(shown) > MOST_NAMED:
        shown[MOST_NAMED - 1 :] = [f"{len(names) - MOST_NAMED + 1} more"]
    *most, last = shown
    return f"{', '.join(most)} and {last}" if most else last


def named_routers(case: Case, *, in_use: bool) -> list[NamedHost]:
    """The routers, each with all its addresses; `in_use` leaves out a backup that is not active."""
    config = case.config
    hosts = []
    for role in ("primary", "backup") if case.backup_in_use or not in_use else ("primary",):
        addresses = (getattr(config, role), getattr(config, f"{role}_private"))
        names = tuple(name for name in addresses if name and name != UNSET_ADDRESS)
        if names:
            hosts.append(NamedHost(names, places.value_of(config, role)))
    return hosts


def direct_real_servers(case: Case) -> list[NamedHost]:
    """The active real servers with direct routing, which must accept packets for the VIPs."""
    return active_real_servers(case) if case.config.network == "direct" else []


def active_real_servers(case: Case) -> list[NamedHost]:
    """The active real servers of active virtual servers."""
    servers = [server for virtual in case.virtual_servers for server in case.servers(virtual)]
    return _distinct(server for server in servers if server.address)


def all_real_servers(case: Case) -> list[NamedHost]:
    """All real servers, active or not, and the sorry servers."""
    hosts = _distinct(server for virtual in case.config.services for server in virtual.servers)
    for virtual in case.config.services:
        if virtual.sorry_server and virtual.sorry_server != UNSET_ADDRESS:
            at = places.value_of(virtual, "sorry_server")
            hosts.append(NamedHost((virtual.sorry_server,), at))
    return hosts


def _distinct(servers: Iterable[RealServer]) -> list[NamedHost]:
    """Real servers as hosts: one host may serve several virtual servers."""
    known = {(server.name, server.address): server for server in reversed([*servers])}
    hosts = (
        NamedHost(tuple(one for one in key if one and one != UNSET_ADDRESS), places.name_of(server))
        for key, server in reversed(known.items())
    )
    return [host for host in hosts if host.names]


def given_of(case: Case, role: "Role", host: NamedHost) -> "Host | None":
    """What the files that were given show of a host; None if none was given."""
    if case.cluster is None:
        return None
    of_role = case.cluster.router if role == "router" else case.cluster.real_server
    return of_role(*host.names)


def is_given(case: Case, role: "Role", host: NamedHost) -> bool:
    """Whether a host's iptables rules were given: no other file shows what it accepts."""
    given = given_of(case, role, host)
    return given is not None and bool(given.firewalls)


def are_all_given(case: Case) -> bool:
    """Whether iptables rules were given for every host that rules about the hosts examine."""
    return (
        case.cluster is not None
        and all(is_given(case, "router", host) for host in named_routers(case, in_use=True))
        and all(is_given(case, "real-server", host) for host in direct_real_servers(case))
    )
