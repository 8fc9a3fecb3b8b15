"""Plain data: a configuration as dictionaries, lists, strings and numbers, ready for JSON."""

from typing import Any

from lvscf.config import Config, FailoverService, RealServer, VirtualServer
from lvscf.directives import BY_SCOPE, Scope
from lvscf.values import AddressOnDevice


def to_dict(config: Config) -> dict[str, Any]:
    """Return `config` as plain data that `json.dumps` takes.

    Keys are the directives' names; a directive that is absent is None.  Where two words are given,
    the value is `{"address": ..., "device": ...}`.  `virtual_servers` and `failover_services` are
    lists of services in the order of the file, each with its `name` and its list of `servers`.
    `to_dict(config.effective)` is what Piranha holds in memory.
    """
    return {
        **_directives(config, Scope.GLOBAL),
        "virtual_servers": [_service(service) for service in config.virtual_servers],
        "failover_services": [_service(service) for service in config.failover_services],
    }


def _service(service: VirtualServer | FailoverService) -> dict[str, Any]:
    return {
        "name": service.name,
        **_directives(service, Scope.SERVICE),
        "servers": [_server(server) for server in service.servers],
    }


def _server(server: RealServer) -> dict[str, Any]:
    return {"name": server.name, **_directives(server, Scope.SERVER)}


def _directives(values: object, scope: Scope) -> dict[str, Any]:
    return {name: _plain(getattr(values, name)) for name in BY_SCOPE[scope]}


def _plain(value: Any) -> Any:
    if isinstance(value, AddressOnDevice):
        return {"address": value.address, "device": value.device}
    return list(value) if isinstance(value, tuple) else value
