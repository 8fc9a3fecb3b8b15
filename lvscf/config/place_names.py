"""Names of places in a configuration, such as `virtual http/server web1/weight`.

A place is a directive, after the blocks around it.  A block is its keyword and its name; of several
with the same name, the second is `virtual http #2`.  Baselines use the same names.
"""

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from attrs import evolve

from lvscf.piranha.directives import BLOCKS, BY_SCOPE, Definition, Scope
from lvscf.piranha.values import AddressOnDevice
from lvscf.shared import suggestions
from lvscf.shared.records import record
from lvscf.source import quoted

_Config = TypeVar("_Config")

_FIELDS = {
    "virtual": "virtual_servers",
    "failover": "failover_services",
    "server": "servers",
}
"""The attribute that holds the blocks of a keyword."""

_INNER = {Scope.GLOBAL: Scope.SERVICE, Scope.SERVICE: Scope.SERVER}

_PART = re.compile(r"((?:[^\\/]|\\.)*)(?:/|\Z)", re.DOTALL)
_ORDINAL = re.compile(r"(.*) #([1-9][0-9]{0,8})", re.DOTALL)


def escaped(text: str) -> str:
    """A name as part of a place: a slash in it separates nothing."""
    return text.replace("\\", "\\\\").replace("/", "\\/")


def value_at(config: Any, place: str) -> Any:
    """The value at a place; see `Config.value_at`."""
    found = _found(config, place)
    return getattr(found.owner, found.definition.name)


def with_value(config: _Config, place: str, value: object) -> _Config:
    """The configuration with a value at a place; see `Config.with_value`."""
    found = _found(config, place)
    checked = _checked(found.definition, value, place)
    changed = evolve(found.owner, **{found.definition.name: checked})
    for owner, attribute, number in reversed(found.around):
        blocks = list(getattr(owner, attribute))
        blocks[number] = changed
        changed = evolve(owner, **{attribute: tuple(blocks)})
    outcome: _Config = changed
    return outcome


@record
class _Found:
    """A directive, its block, and the way to that block from the configuration."""

    owner: Any
    definition: Definition
    around: tuple[tuple[Any, str, int], ...]
    """What holds the block, in which attribute, at which index; outermost first."""


def _found(config: Any, place: str) -> _Found:
    """The directive that a place names.

    Raises:
        ValueError: there is none.
        TypeError: the place is not a text.
    """
    if not isinstance(place, str):
        raise TypeError(f"a place is a str, such as 'virtual web/port', not {type(place).__name__}")
    *blocks, name = _parts(place)
    owner = config
    scope = Scope.GLOBAL
    around: list[tuple[Any, str, int]] = []
    for block in blocks:
        attribute, number = _index(owner, scope, block, place)
        around.append((owner, attribute, number))
        owner = getattr(owner, attribute)[number]
        scope = _INNER[scope]
    definition = BY_SCOPE[scope].get(name)
    if definition is None:
        raise _unknown_directive(name, scope, place)
    return _Found(owner, definition, tuple(around))


def _parts(place: str) -> list[str]:
    """The parts of a place, still escaped.

    Raises:
        ValueError: it ends within an escape.
    """
    parts = []
    at = 0
    while True:
        found = _PART.match(place, at)
        if found is None:
            raise ValueError(f"{quoted(place)} is not a place: in a name, write a backslash as two")
        parts.append(found[1])
        if found.end() == found.end(1):  # without a slash
            return parts
        at = found.end()


def _index(owner: Any, scope: Scope, block: str, place: str) -> tuple[str, int]:
    """Where a block is that a place names: the attribute, and the index in it.

    Raises:
        ValueError: there is none.
    """
    keyword, blank, name = block.partition(" ")
    if not blank or keyword not in BLOCKS[scope]:
        raise _no_such_block(keyword, scope, place)
    attribute = _FIELDS[keyword]
    names = [escaped(one.name) for one in getattr(owner, attribute)]
    if name in names:
        return attribute, names.index(name)
    ordinal = _ORDINAL.fullmatch(name)
    if ordinal is not None:
        numbers = [number for number, one in enumerate(names) if one == ordinal[1]]
        if len(numbers) >= int(ordinal[2]):
            return attribute, numbers[int(ordinal[2]) - 1]
    raise ValueError(f"{quoted(place)}: there is no block {quoted(block)}{_hint(name, names)}")


def _hint(name: str, names: Sequence[str]) -> str:
    near = suggestions.nearest(name, names, 0.6)
    if near is not None:
        return f"; did you mean {quoted(near)}?"
    return f"; its names are {', '.join(map(quoted, names[:5]))}" if 0 < len(names) <= 5 else ""


def _no_such_block(keyword: str, scope: Scope, place: str) -> ValueError:
    inside = {Scope.GLOBAL: "At top level", Scope.SERVICE: "In a service"}.get(scope)
    if inside is None:
        return ValueError(f"{quoted(place)}: a `server` block has no blocks in it")
    expected = " or ".join(f"`{one} NAME`" for one in BLOCKS[scope])
    return ValueError(
        f"{quoted(place)}: {quoted(keyword)} is not a block. {inside}, write {expected}, then `/`"
    )


def _unknown_directive(name: str, scope: Scope, place: str) -> ValueError:
    near = suggestions.nearest(name, BY_SCOPE[scope])
    hint = f"; did you mean `{near}`?" if near else ""
    if not hint and name.partition(" ")[0] in BLOCKS[scope]:
        hint = f"; add a directive, as in {quoted(place + '/active')}"
    where = {
        Scope.GLOBAL: "at top level",
        Scope.SERVICE: "in virtual and failover blocks",
        Scope.SERVER: "in server blocks",
    }[scope]
    return ValueError(f"{quoted(place)}: there is no directive {quoted(name)} {where}{hint}")


def _checked(definition: Definition, value: object, place: str) -> object:
    """The value, if the directive can hold it.

    Raises:
        ValueError: it cannot.
    """
    kind = definition.kind
    if value is None:
        return None
    if kind.with_device:
        if isinstance(value, AddressOnDevice):
            return value
        raise ValueError(
            f"{quoted(place)}: must be an address with its device, such as "
            f"lvscf.AddressOnDevice('10.10.1.20', 'eth0:1'), not {value!r:.60}"
        )
    if not kind.fits(value):
        raise ValueError(f"{quoted(place)}: must be {kind.wanted}, not {value!r:.60}")
    return tuple(value) if isinstance(value, list) else value
