"""Spellings: numbers and addresses that are not written in their plain form.

The plain form is decimal digits or a dotted quad.  Rules about spelling need only the others, which
are found in one pass over the file.
"""

from collections.abc import Iterator
from typing import Any, TypeAlias

from lvscf.config.model import Config, Owner
from lvscf.piranha.directives import (
    ADDRESS,
    ADDRESS_ON_DEVICE,
    BOOLEAN,
    BY_SCOPE,
    INTEGER,
    NETMASK,
    PERSISTENCE_NETMASK,
    PLAIN_ADDRESS,
    PORT,
    PORT_NUMBER,
    ROUTER_ADDRESS,
    SECONDS,
    UNSIGNED,
    Definition,
    Scope,
)
from lvscf.syntax.nodes import Directive
from lvscf.syntax.words import Word

NUMBERS = (INTEGER, UNSIGNED, SECONDS, BOOLEAN, PORT, PORT_NUMBER)
NETMASKS = (NETMASK, PERSISTENCE_NETMASK)
ADDRESSES = (ADDRESS, ROUTER_ADDRESS, PLAIN_ADDRESS, ADDRESS_ON_DEVICE)

Peculiar: TypeAlias = tuple[Owner, Definition, Directive, Word]
"""The owner of a directive, its definition, its line, and the word that is spelt unusually."""

_SPELT = frozenset(NUMBERS + NETMASKS + ADDRESSES)


def owners(config: Config) -> Iterator[tuple[Owner, Scope]]:
    """The file itself and all its blocks, each with the scope of its directives."""
    yield config, Scope.GLOBAL
    for service in config.services:
        yield service, Scope.SERVICE
        for server in service.servers:
            yield server, Scope.SERVER


def peculiar(config: Config) -> Iterator[Peculiar]:
    """The lines in force whose number is not plain decimal, or whose address not a dotted quad."""
    for owner, scope in owners(config):
        if owner.origin is None:
            continue
        rows = BY_SCOPE[scope]
        for name, line in owner.origin.lines.items():
            definition = rows[name]
            if definition.kind not in _SPELT:
                continue
            plain = _plain(line.value)
            # Nearly every line ends like this, and need not be split into words.
            if plain is None or not line.text.endswith(f" = {plain}\n"):
                word = line.words[2]
                if plain is None or word.text != plain.partition(" ")[0]:
                    yield owner, definition, line, word


def _plain(value: Any) -> str | None:
    """The plain spelling of a value; None for a host name in place of an address."""
    if isinstance(value, int):
        return str(int(value))
    text = str(value)
    return text if text.partition(" ")[0].replace(".", "").isdecimal() else None
