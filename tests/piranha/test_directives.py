"""One table describes the directives, and all else agrees with it."""

import attrs
import pytest

import lvscf
import lvscf.piranha.directives
from lvscf.config.model import Config, RealServer, VirtualServer
from lvscf.piranha.directives import BY_SCOPE, TABLE, Scope

CLASSES = [(Scope.GLOBAL, Config), (Scope.SERVICE, VirtualServer), (Scope.SERVER, RealServer)]
STRUCTURE = {"name", "servers", "virtual_servers", "failover_services", "origin"}


@pytest.mark.parametrize(("scope", "cls"), CLASSES)
def test_fields_are_the_directives_in_canonical_order(
    scope: Scope, cls: type[attrs.AttrsInstance]
) -> None:
    """The typed view has a field for each row of the table, in its order, absent by default."""
    fields = [field for field in attrs.fields(cls) if field.name not in STRUCTURE]

    assert [field.name for field in fields] == list(BY_SCOPE[scope])
    assert all(field.default is None for field in fields)


@pytest.mark.parametrize("definition", TABLE, ids=lambda row: f"{row.scope.name}-{row.name}")
def test_rows_are_complete(definition: lvscf.piranha.directives.Definition) -> None:
    """A row says what the directive means, and its default is a value of its kind."""
    assert definition.meaning.endswith(".")
    assert BY_SCOPE[definition.scope][definition.name] is definition
    assert definition.default is None or isinstance(definition.default, bool | int | str)


def test_effective_leaves_nothing_open_that_has_a_default() -> None:
    """Of an empty configuration, the effective values are the table's defaults."""
    config = Config(virtual_servers=(VirtualServer("a", servers=(RealServer("b"),)),))
    effective = config.effective

    for row in TABLE:
        owner: object = effective
        if row.scope is Scope.SERVICE:
            owner = effective.virtual_servers[0]
        elif row.scope is Scope.SERVER:
            owner = effective.virtual_servers[0].servers[0]
        expected = 80 if (row.scope, row.name) == (Scope.SERVER, "port") else row.default
        assert getattr(owner, row.name) == expected


def test_values_are_frozen() -> None:
    """Values cannot be changed, only replaced."""
    config = Config(keepalive=6)

    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        config.keepalive = 7  # type: ignore[misc]
    assert attrs.evolve(config, keepalive=7).keepalive == 7
    virtual = VirtualServer("a")
    assert attrs.evolve(virtual, port=81) == VirtualServer("a", port=81)
    assert type(attrs.evolve(virtual, port=81)) is VirtualServer
    other: object = lvscf.FailoverService("a")
    assert virtual != other
