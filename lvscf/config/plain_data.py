"""Plain data: a configuration as dictionaries, lists, strings and numbers, ready for JSON.

The format is version 1, which `lvscf.config.json_schema` describes:

    {"version": 1, "keepalive": 6, ..., "failover_services": [], "virtual_servers": [
        {"name": "web", "address": {"address": "10.10.1.20", "device": "eth0:1"}, ...,
         "servers": [{"name": "one", "address": "10.10.1.31", ...}]}]}

Later releases of lvscf will read it too; a change in its meaning gets another version.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from lvscf.config.model import Config, FailoverService, RealServer, VirtualServer, require_config
from lvscf.piranha.directives import BY_SCOPE, Definition, Scope
from lvscf.piranha.values import AddressOnDevice
from lvscf.shared import suggestions

VERSION = 1

_T = TypeVar("_T")


def to_dict(config: Config) -> dict[str, Any]:
    """Return `config` as plain data for `json.dumps`; `from_dict` reads it back.

    Keys are the directives' names; a directive that is absent is None.  An address with a device is
    `{"address": ..., "device": ...}`.  `virtual_servers` and `failover_services` are
    lists of services in the order of the file, each with its `name` and its list of `servers`.
    `to_dict(config.effective)` is what Piranha holds in memory.

    Raises:
        TypeError: `config` is not a configuration.
    """
    require_config(config)
    return {
        "version": VERSION,
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
    return {name: plain_value(getattr(values, name)) for name in BY_SCOPE[scope]}


def plain_value(value: Any) -> Any:
    """A directive's value as plain data."""
    if isinstance(value, AddressOnDevice):
        return {"address": value.address, "device": value.device}
    return list(value) if isinstance(value, tuple) else value


def from_dict(mapping: Mapping[str, Any]) -> Config:
    """Return the configuration that plain data describes: `from_dict(to_dict(config)) == config`.

    Keys may be missing, which is the same as None: the directive is absent.

    Raises:
        ValueError: the data has another format; the message says where, such as
            `virtual_servers[0].servers[1].port`, and what is expected there.
    """
    given = _object(mapping, "")
    version = given.get("version", VERSION)
    if version != VERSION or isinstance(version, bool):
        raise ValueError(f"version: this release reads version {VERSION}, not version {version!r}")
    further = ("version", "virtual_servers", "failover_services")
    return Config(
        **_read(given, Scope.GLOBAL, "", further),
        virtual_servers=_list(given, "virtual_servers", "", _reads(VirtualServer)),
        failover_services=_list(given, "failover_services", "", _reads(FailoverService)),
    )


def _reads(kind: Callable[..., _T]) -> Callable[[Any, str], _T]:
    """A function that reads a service of one kind, and its servers."""

    def read(value: Any, at: str) -> _T:
        given = _object(value, at)
        return kind(
            name=_name(given, at),
            **_read(given, Scope.SERVICE, at, ("name", "servers")),
            servers=_list(given, "servers", at, _read_server),
        )

    return read


def _read_server(value: Any, at: str) -> RealServer:
    given = _object(value, at)
    return RealServer(name=_name(given, at), **_read(given, Scope.SERVER, at, ("name",)))


def _read(given: dict[str, Any], scope: Scope, at: str, further: Iterable[str]) -> dict[str, Any]:
    """The directives among `given`, which may contain only them and `further`."""
    known = BY_SCOPE[scope]
    for key in given:
        if key not in known and key not in further:
            near = suggestions.nearest(key, (*known, *further))
            hint = f"; did you mean `{near}`?" if near else ""
            raise ValueError(f"{_joined(at, key)}: there is no such key{hint}")
    return {
        name: _value(given[name], definition, _joined(at, name))
        for name, definition in known.items()
        if given.get(name) is not None
    }


def _value(value: Any, definition: Definition, at: str) -> Any:
    kind = definition.kind
    if kind.with_device:
        pair = _object(value, at)
        if pair.keys() != {"address", "device"} or not all(map(_is_text, pair.values())):
            raise ValueError(f'{at}: must be {{"address": ..., "device": ...}}, both strings')
        return AddressOnDevice(**pair)
    if not kind.fits(value):
        raise ValueError(f"{at}: must be {kind.wanted}, not {value!r:.60}")
    return tuple(value) if kind.is_list else value


def _name(given: dict[str, Any], at: str) -> str:
    name = given.get("name")
    if not isinstance(name, str):
        raise ValueError(f"{_joined(at, 'name')}: must be a string, the name of the block")
    return name


def _list(
    given: dict[str, Any], key: str, at: str, read: Callable[[Any, str], _T]
) -> tuple[_T, ...]:
    values = given.get(key)
    if values is None:
        return ()
    if not isinstance(values, list | tuple):
        raise ValueError(f"{_joined(at, key)}: must be a list")
    return tuple(read(value, f"{_joined(at, key)}[{n}]") for n, value in enumerate(values))


def _object(value: Any, at: str) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not all(map(_is_text, value)):
        where = f"{at}: must be" if at else "a configuration is"
        raise ValueError(f"{where} an object with names as keys")
    return dict(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _joined(at: str, key: str) -> str:
    return f"{at}.{key}" if at else key
