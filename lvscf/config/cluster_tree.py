"""A cluster as a tree: routers, virtual IP addresses, services and real servers.

Reports draw the tree in different ways.
"""

from collections.abc import Iterable

from attrs import frozen

from lvscf.config.health_check import DEFAULT_REENTRY, HealthCheck, is_nanny
from lvscf.config.model import Config, FailoverService, RealServer, Service, VirtualServer
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared.records import compared

FORWARDING = {"direct": "direct routing", "nat": "NAT", "tunnel": "tunnelling"}


@compared
@frozen(eq=False, repr=False)
class Node:
    """One node of the tree."""

    kind: str
    """`cluster`, `router`, `vip`, `virtual server`, `failover service`, `check`, `real server` or
    `sorry server`; or `host`, with what its files show."""
    title: str
    """Empty for a part of a host that has facts alone."""
    facts: tuple[str, ...] = ()
    """Short facts about it, such as `weight 1`."""
    in_force: bool = True
    """Whether Piranha uses it: it is active, and so is everything that contains it."""
    parts: "tuple[Node, ...]" = ()


def picture(config: Config, name: str) -> Node:
    """Return the tree of a configuration.

    Args:
        config: the configuration, as written.
        name: the name of the cluster, such as that of the file.
    """
    config = config.effective
    method = FORWARDING[config.network or "nat"]
    facts = [method if config.service == "lvs" else "failover services"]
    if config.service == "lvs" and config.network == "nat" and config.nat_router:
        facts.append(f"gateway {config.nat_router.address} on {config.nat_router.device}")
    return Node("cluster", name, tuple(facts), True, (*_routers(config), *_addresses(config)))


def _routers(config: Config) -> Iterable[Node]:
    pair = config.backup != UNSET_ADDRESS
    beats = (
        f"heartbeat every {config.keepalive} s",
        f"declared dead after {config.deadtime} s",
        f"UDP port {config.heartbeat_port}",
    )
    if config.primary != UNSET_ADDRESS:
        yield Node(
            "router",
            f"primary {config.primary}",
            (
                *_private(config.primary, config.primary_private),
                *(beats if pair and config.backup_active else ()),
            ),
        )
    if pair:
        private = _private(config.backup, config.backup_private)
        yield Node("router", f"backup {config.backup}", private, bool(config.backup_active))


def _private(public: str | None, private: str | None) -> tuple[str, ...]:
    return (f"private {private}",) if private not in (public, UNSET_ADDRESS, None) else ()


def _addresses(config: Config) -> Iterable[Node]:
    """The virtual IP addresses, in the order in which they first appear in the file."""
    by_address: dict[str, list[Service]] = {}
    for service in config.services:
        vip = service.address.address if service.address else "no address"
        by_address.setdefault(vip, []).append(service)
    for vip, services in by_address.items():
        parts = tuple(_service(config, service) for service in services)
        # pulse takes device and mask from the first service in force.
        first = next(
            (one for one, part in zip(services, parts, strict=True) if part.in_force), services[0]
        )
        facts = [first.address.device] if first.address else []
        if first.vip_nmask != UNSET_ADDRESS:
            facts.append(f"netmask {first.vip_nmask}")
        yield Node("vip", vip, tuple(facts), any(part.in_force for part in parts), parts)


def _service(config: Config, service: Service) -> Node:
    is_virtual = isinstance(service, VirtualServer)
    in_force = bool(service.active) and config.service == ("lvs" if is_virtual else "fos")
    parts = list(_check(service, in_force))
    facts = [f"{service.protocol} port {service.port}"]
    if is_virtual:
        if service.fwmark:
            facts.insert(0, f"firewall mark {service.fwmark}")
        facts.append(f"scheduler {service.scheduler}")
        if service.persistent and service.persistent > 0:
            mask = "" if service.pmask in (None, UNSET_ADDRESS) else f" by {service.pmask}"
            facts.append(f"persistent for {service.persistent} s{mask}")
        if service.quiesce_server:
            facts.append("quiesces failed servers")
        parts.extend(_real_server(server, in_force) for server in service.servers)
        if service.sorry_server != UNSET_ADDRESS:
            parts.append(Node("sorry server", str(service.sorry_server), (), in_force))
    if not service.active:
        facts.append("inactive")
    elif not in_force:
        facts.append(f"not in force: service = {config.service}")
    kind = "virtual server" if is_virtual else "failover service"
    return Node(kind, service.name, tuple(facts), in_force, tuple(parts))


def _check(service: Service, in_force: bool) -> Iterable[Node]:
    """How nanny, or its replacement, checks whether a server is up."""
    facts = [f"every {service.timeout} s"]
    if isinstance(service, VirtualServer):
        facts.append(f"back after {service.reentry or DEFAULT_REENTRY} s")
    check = HealthCheck(service)
    if not is_nanny(service.client_monitor):
        title = f"by {service.client_monitor} in place of nanny"
    elif check.kind == "program":
        title = f"runs {service.send_program}"
    elif check.kind == "http":
        title = "asks for / by HTTP"
    elif check.kind == "connect":
        title = "connects"
    else:
        title = f"sends {service.send}" if service.send is not None else "sends nothing"
    if service.expect is not None:
        facts.insert(0, f"expects {service.expect}{' as a pattern' if check.is_regex else ''}")
    yield Node("check", title, tuple(facts), in_force)
    if isinstance(service, FailoverService):
        for verb, command in (("start", service.start_cmd), ("stop", service.stop_cmd)):
            if command is not None:
                yield Node(f"{verb} command", command, (), in_force)


def _real_server(server: RealServer, around: bool) -> Node:
    facts = [f"{server.address}:{server.port}", f"weight {server.weight}"]
    if not server.active:
        facts.append("inactive")
    return Node("real server", server.name, tuple(facts), around and bool(server.active))
