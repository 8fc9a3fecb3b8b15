"""One table describes the directives, and all else agrees with it."""

import attrs
import pytest
from hypothesis import given

import lvscf
import lvscf.directives
from lvscf.config import Config, RealServer, VirtualServer
from lvscf.directives import BY_SCOPE, TABLE, Scope
from tests.strategies import FILES

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
def test_rows_are_complete(definition: lvscf.directives.Definition) -> None:
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


def test_to_dict_has_every_directive() -> None:
    """Plain data has the directives' names as keys, and None for what is absent."""
    config = lvscf.loads(
        "nat_router = 10.11.1.1 eth1:1\n"
        "virtual a {\naddress = 10.10.1.20 eth0:1\nactive = 1\ndirs = [ x y ]\n"
        "server b {\naddress = 10.10.1.31\n}\n}\nfailover c {\n}\n"
    )
    plain = lvscf.to_dict(config)

    assert list(plain) == [*BY_SCOPE[Scope.GLOBAL], "virtual_servers", "failover_services"]
    assert plain["nat_router"] == {"address": "10.11.1.1", "device": "eth1:1"}
    assert plain["keepalive"] is None
    (virtual,) = plain["virtual_servers"]
    assert list(virtual) == ["name", *BY_SCOPE[Scope.SERVICE], "servers"]
    assert virtual["address"] == {"address": "10.10.1.20", "device": "eth0:1"}
    assert virtual["dirs"] == ["x", "y"]
    assert virtual["active"] is True
    (server,) = virtual["servers"]
    assert list(server) == ["name", *BY_SCOPE[Scope.SERVER]]
    assert plain["failover_services"][0]["name"] == "c"


@given(FILES)
def test_to_dict_is_json(text: str) -> None:
    """Whatever was read becomes JSON and comes back."""
    import json

    plain = lvscf.to_dict(lvscf.parse(text).config)

    assert json.loads(json.dumps(plain)) == plain


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
