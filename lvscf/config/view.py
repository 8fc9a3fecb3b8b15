"""The view: the values of the lines of a document."""

from typing import Any

from lvscf.config.model import Config, FailoverService, Origin, RealServer, VirtualServer
from lvscf.piranha.directives import DEFAULT_PORT
from lvscf.syntax.faults import Refusal
from lvscf.syntax.nodes import Block, Directive, Item


def get(items: tuple[Item, ...], refusal: Refusal | None = None) -> Config:
    """The configuration in `items`, without faulty lines.

    `refusal` is Piranha's verdict on the document, if it rejects it.
    """
    virtual_servers = []
    failover_services = []
    for item in items:
        if isinstance(item, Block):
            if item.keyword == "virtual":
                virtual_servers.append(VirtualServer(**_service(item)))
            elif item.keyword == "failover":
                failover_services.append(FailoverService(**_service(item)))
    values, origin = _values(items, None, refusal)
    return Config(
        virtual_servers=tuple(virtual_servers),
        failover_services=tuple(failover_services),
        origin=origin,
        **values,
    )


def _values(
    items: tuple[Item, ...], block: Block | None, refusal: Refusal | None = None
) -> tuple[dict[str, Any], Origin]:
    """The values of the directives among `items`; the last one of each name is in force."""
    lines: dict[str, Directive] = {}
    repeated: list[tuple[Directive, Directive]] = []
    for item in items:
        if type(item) is Directive and item.value is not None:
            name = item.name
            if name in lines:
                repeated.append((lines[name], item))
            lines[name] = item
    values = {name: line.value for name, line in lines.items()}
    return values, Origin(block, lines, tuple(repeated), refusal)


def _service(block: Block) -> dict[str, Any]:
    values, origin = _values(block.items, block)
    values["name"] = block.name
    values["origin"] = origin
    values["servers"] = tuple(_servers(block, values.get("port", DEFAULT_PORT)))
    return values


def _servers(service: Block, final_port: int) -> list[RealServer]:
    servers = []
    port_so_far = DEFAULT_PORT
    for item in service.items:
        if type(item) is Directive:
            if item.name == "port" and item.value is not None:
                port_so_far = item.value
        elif isinstance(item, Block) and item.keyword == "server":
            values, origin = _values(item.items, item)
            if port_so_far != final_port:
                values.setdefault("port", port_so_far)
            servers.append(RealServer(name=item.name, origin=origin, **values))
    return servers
