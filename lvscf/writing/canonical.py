"""Canonical text: a configuration as the Piranha GUI writes it."""

from collections.abc import Iterator

from lvscf.config.model import (
    Config,
    FailoverService,
    Owner,
    RealServer,
    VirtualServer,
    require_config,
)
from lvscf.piranha.directives import ORDER
from lvscf.writing import wording
from lvscf.writing.style import GUI, Style
from lvscf.writing.wording import Path


def dumps(config: Config) -> str:
    """Return the canonical text of `config`: `lvscf.loads` of it is `config` again.

    This is what the Piranha GUI would write: its order of directives (failover services before
    virtual servers), its indentation, no empty lines.  Values that were read and have not changed
    keep their words (`http`, `0x50`, quotes), as they do in the GUI.  An empty configuration
    becomes an empty line, since Piranha rejects an empty file.

    Raises:
        ValueError: a value or name cannot be written so that Piranha reads it back; or the
            configuration is from a document that Piranha rejects, and the rejected lines would be
            lost.
        TypeError: `config` is not a configuration.
    """
    require_config(config)
    refusal = config.origin.refusal if config.origin is not None else None
    if refusal is not None and refusal.line:  # an empty file is rejected, but has nothing to lose
        raise ValueError(
            f"this configuration is from a file that Piranha rejects at line {refusal.line} "
            f"({refusal.message}); fix the file first, as the meaning of that line is unknown"
        )
    lines = list(_directives("", config, "", ()))
    for keyword, services in _services(config):
        for service in services:
            lines += service_lines(keyword, service, GUI)
    return "".join(lines) or "\n"


def _services(
    config: Config,
) -> tuple[tuple[str, tuple[VirtualServer | FailoverService, ...]], ...]:
    """The services in canonical order, by keyword."""
    require_kinds(config)
    return ("failover", config.failover_services), ("virtual", config.virtual_servers)


def require_kinds(config: Config) -> None:
    """Check that every block in `config` has the right type for its place.

    Raises:
        ValueError: a block does not.
    """
    for field, kind in (("virtual_servers", VirtualServer), ("failover_services", FailoverService)):
        _require_all(f"config.{field}", getattr(config, field), kind)
    for service in config.services:
        _require_all("servers", service.servers, RealServer)


def _require_all(field: str, blocks: object, kind: type) -> None:
    if not isinstance(blocks, tuple) or any(type(block) is not kind for block in blocks):
        raise ValueError(f"{field} cannot be written: it must be a tuple of {kind.__name__}")


def service_lines(
    keyword: str, service: VirtualServer | FailoverService, style: Style
) -> Iterator[str]:
    """The lines of a `virtual` or `failover` block, its directives in canonical order."""
    path: Path = (service,)
    name = wording.name_word(keyword, service.name, (), _name_as_written(service))
    yield f"{style.header}{keyword} {name} {{\n"
    yield from _directives(keyword, service, style.body, path)
    for server in service.servers:
        yield from server_lines(server, style, path)
    yield f"{style.header}}}\n"


def server_lines(server: RealServer, style: Style, path: Path) -> Iterator[str]:
    """The lines of a `server` block; `path` is its service."""
    name = wording.name_word("server", server.name, path, _name_as_written(server))
    yield f"{style.server_header}server {name} {{\n"
    yield from _directives("server", server, style.server_body, (*path, server))
    yield f"{style.server_header}}}\n"


def _directives(keyword: str, owner: Owner, indentation: str, path: Path) -> Iterator[str]:
    lines = owner.origin.lines if owner.origin is not None else {}
    for definition in ORDER[keyword]:
        name = definition.name
        value = getattr(owner, name)
        if value is not None:
            like = wording.as_written(lines.get(name), definition)
            said = " ".join(wording.words_for(definition, value, path, like))
            yield f"{indentation}{name} = {said}\n"


def _name_as_written(owner: VirtualServer | FailoverService | RealServer) -> str:
    """The name with the quotes it was read with."""
    block = owner.origin.block if owner.origin is not None else None
    found = block.header.words if block is not None else ()
    return found[1].as_written if len(found) > 1 else ""
