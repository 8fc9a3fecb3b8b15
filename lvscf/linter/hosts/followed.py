"""What was followed: the packets that an examination traced, and the hosts they passed through."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from lvscf.linter.hosts.inspection import inspection_of
from lvscf.linter.hosts.named_hosts import named_routers
from lvscf.shared.records import compared

if TYPE_CHECKING:
    from lvscf.hosts.host import Host
    from lvscf.linter.case import Case


@compared
@frozen(eq=False, repr=False)
class Followed:
    """Packets that were followed through the hosts' rules."""

    packets: frozenset[object] = frozenset()
    """The packets, each with the rules that it was followed through."""
    hosts: frozenset[tuple[str, str]] = frozenset()
    """Role and address of the hosts that these rules come from."""


def together(parts: Iterable[Followed]) -> Followed:
    """Join what was followed in several examinations, which may share hosts."""
    listed = list(parts)
    return Followed(
        frozenset().union(*(one.packets for one in listed)),
        frozenset().union(*(one.hosts for one in listed)),
    )


def followed(case: "Case") -> Followed:
    """What has been followed in a case so far; asking follows nothing new."""
    if case.cluster is None:
        return Followed()
    inspection = inspection_of(case)
    asked = inspection.followed
    # By their text: rules that know the sets of their host are another value than those of a file.
    through = {firewall.source for firewall, _ in asked}
    for files, wholes in inspection.joined.items():
        if not through.isdisjoint(one.source for one in wholes):
            through.update(one.source for one in files)
    names = _Names(case)
    hosts: set[tuple[str, str]] = set()
    for file in case.cluster.files:
        if not through.isdisjoint(one.source for one in file.firewalls):
            hosts.update(names.of(file))
    packets = frozenset((firewall.source.filename, packet) for firewall, packet in asked)
    return Followed(packets, frozenset(hosts))


class _Names:
    """The hosts of a case, by all their names."""

    def __init__(self, case: "Case") -> None:
        self._routers: dict[str, set[str]] = {}
        for router in named_routers(case, in_use=False):
            for name in router.names:
                self._routers.setdefault(name, set()).add(router.names[0])
        self._servers: dict[str, set[str]] = {}
        for virtual in case.virtual_servers:
            for server in case.servers(virtual):
                for name in filter(None, (server.name, server.address)):
                    self._servers.setdefault(name, set()).add(server.address or "")

    def of(self, file: "Host") -> Iterator[tuple[str, str]]:
        """The hosts that a file comes from, by role and address."""
        role, host = file.role or "", file.name
        known = self._routers if role == "router" else self._servers
        if host is None:
            addresses = {one for found in known.values() for one in found} or {""}
        else:
            addresses = known.get(host, {host})
        return ((role, address) for address in addresses)
