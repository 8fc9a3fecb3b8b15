"""Who a collected host is: its addresses and its name, and which host of an lvs.cf has them."""

from collections.abc import Collection as Several
from collections.abc import Iterable, Iterator

from attrs import frozen

from lvscf.config.model import Config, RealServer
from lvscf.hosts.host import Role
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared import ipv4
from lvscf.shared.records import compared


def are_replaced(addresses: Iterable[str]) -> bool:
    """Whether addresses may be those that `sos clean` writes in place of the real ones."""
    numbers = [*addresses]
    return bool(numbers) and all(one.startswith("100.") for one in numbers)


@compared
@frozen(eq=False, repr=False)
class Part:
    """The part that a host plays in an lvs.cf."""

    role: Role
    name: str
    """The address or name by which lvs.cf calls it."""
    title: str
    """For people: `primary router 10.10.1.21`."""
    also: tuple[str, ...] = ()
    """Its other names in the lvs.cf."""


def parts(config: Config, addresses: Several[str] | None, host_name: str) -> tuple[Part, ...]:
    """The parts that a host plays in an lvs.cf; none if it does not occur there.

    Args:
        config: the lvs.cf.
        addresses: the host's addresses; None if they are not known.  Then real servers are
            recognised by the name of the host.
        host_name: what the host calls itself; empty if it is not known.
    """
    found = dict.fromkeys((*_as_router(config, addresses or ()),))
    names = {host_name, host_name.partition(".")[0]} - {""}
    servers: dict[str, list[str]] = {}
    for server in _servers(config):
        name = _matching(server, addresses, names)
        if name is not None:
            servers.setdefault(name, []).append(server.name)
    for address in _sorry_servers(config):
        if address in (addresses or ()):
            servers.setdefault(address, [])
    for name, called in servers.items():
        others = tuple(dict.fromkeys(one for one in called if one and one != name))
        shown = f" ({others[0]})" if others else ""
        found[Part("real-server", name, f"real server {name}{shown}", others)] = None
    return tuple(found)


def is_router(config: Config, addresses: Several[str]) -> bool:
    """Whether a host is one of the routers of an lvs.cf."""
    return any(True for _ in _as_router(config, addresses))


def _as_router(config: Config, addresses: Several[str]) -> Iterator[Part]:
    for which in ("primary", "backup"):
        pair = (getattr(config, which), getattr(config, f"{which}_private"))
        names = [name for name in pair if name and name != UNSET_ADDRESS]
        if any(name in addresses for name in names):
            yield Part("router", names[0], f"{which} router {names[0]}", tuple(names[1:]))


def _servers(config: Config) -> Iterator[RealServer]:
    for service in config.services:
        yield from service.servers


def _sorry_servers(config: Config) -> Iterator[str]:
    for service in config.services:
        if service.sorry_server and service.sorry_server != UNSET_ADDRESS:
            yield service.sorry_server


def _matching(server: RealServer, addresses: Several[str] | None, names: set[str]) -> str | None:
    """By which of its names a real server is this host; None if it is another one."""
    address = server.address
    if address and ipv4.number(address) is not None and addresses is not None:
        return address if address in addresses else None
    if address and ipv4.number(address) is None:
        return address if address in names else None
    return server.name if server.name in names else None
