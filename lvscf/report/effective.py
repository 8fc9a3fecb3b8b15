"""Every value that Piranha will use, and its origin."""

from collections.abc import Iterator
from typing import Any

from lvscf.config.differences import spelled
from lvscf.config.model import Config, Owner, RealServer, VirtualServer
from lvscf.document import Document
from lvscf.piranha.directives import BY_SCOPE, Scope
from lvscf.source import displayable

_PRIVATE = {"primary_private": "primary", "backup_private": "backup"}


def lines(document: Document) -> Iterator[tuple[str, str]]:
    """Lines as in lvs.cf, in canonical order, each with the origin of its value.

    Lines that open and close blocks have an empty origin.
    """
    config = document.config.effective
    yield from _values(document, config, Scope.GLOBAL, "")
    for service in config.services:
        keyword = "virtual" if isinstance(service, VirtualServer) else "failover"
        yield f"{keyword} {displayable(service.name)} {{", ""
        yield from _values(document, service, Scope.SERVICE, "     ")
        for server in service.servers:
            yield f"     server {displayable(server.name)} {{", ""
            yield from _values(document, server, Scope.SERVER, "         ")
            yield "     }", ""
        yield "}", ""


def _values(
    document: Document, owner: Owner, scope: Scope, margin: str
) -> Iterator[tuple[str, str]]:
    for name in BY_SCOPE[scope]:
        value: Any = getattr(owner, name)
        if value is not None:
            text = f"{margin}{name} = {displayable(spelled(value))}"
            yield text, _origin(document, owner, name)


def _origin(document: Document, owner: Owner, name: str) -> str:
    span = document.span_of(owner, name)
    copied = (
        isinstance(owner, Config)
        and name in _PRIVATE
        and document.span_of(owner, "primary") is not None
        and document.span_of(owner, "primary_private") is None
    )
    if copied:
        return f"same as {_PRIVATE[name]}: there is no primary_private"
    if span is not None:
        return f"line {span.line}"
    if isinstance(owner, RealServer) and name == "port":
        return "port of the virtual server at that line"
    return "Piranha's default"
