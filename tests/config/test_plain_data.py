"""Configurations as plain data, and back."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lvscf
from lvscf.piranha.directives import BY_SCOPE, Scope
from tests.good import GOOD
from tests.strategies import FILES

VALIDATOR = jsonschema.Draft202012Validator(lvscf.json_schema())


def test_to_dict_has_every_directive() -> None:
    """Plain data has the directives' names as keys, and None for what is absent."""
    config = lvscf.loads(
        "nat_router = 10.11.1.1 eth1:1\n"
        "virtual a {\naddress = 10.10.1.20 eth0:1\nactive = 1\ndirs = [ x y ]\n"
        "server b {\naddress = 10.10.1.31\n}\n}\nfailover c {\n}\n"
    )
    plain = lvscf.to_dict(config)

    assert list(plain) == [
        "version",
        *BY_SCOPE[Scope.GLOBAL],
        "virtual_servers",
        "failover_services",
    ]
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
    plain = lvscf.to_dict(lvscf.parse(text).config)

    assert json.loads(json.dumps(plain)) == plain


@given(FILES)
def test_nothing_is_lost(text: str) -> None:
    """Plain data comes back as the same configuration, after a journey through JSON, too."""
    config = lvscf.parse(text).config
    sent = json.loads(json.dumps(lvscf.to_dict(config)))

    assert lvscf.from_dict(sent) == config
    assert lvscf.from_dict(lvscf.to_dict(config.effective)) == config.effective


@given(FILES)
def test_schema_takes_what_is_made(text: str) -> None:
    """The schema validates every configuration, as written and in force."""
    config = lvscf.parse(text).config

    VALIDATOR.validate(lvscf.to_dict(config))
    VALIDATOR.validate(lvscf.to_dict(config.effective))


def test_schema_is_a_schema() -> None:
    """The schema follows the standard that it names, and describes every directive."""
    schema = lvscf.json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)

    assert schema["properties"]["deadtime"]["default"] == 5
    assert set(BY_SCOPE[Scope.SERVER]) < set(schema["$defs"]["server"]["properties"])


def test_absent_and_null_are_the_same() -> None:
    """What is not there is absent."""
    assert lvscf.from_dict({}) == lvscf.Config()
    short = {"virtual_servers": [{"name": "web", "port": 80}]}
    assert lvscf.from_dict(short) == lvscf.loads("virtual web {\nport = 80\n}\n")


WRONG: list[tuple[Any, str]] = [
    ([], "a configuration is an object with names as keys"),
    ({1: 2}, "a configuration is an object with names as keys"),
    ({"version": 2}, "version: this release reads version 1, not version 2"),
    ({"keepalve": 6}, "keepalve: there is no such key; did you mean `keepalive`?"),
    ({"nonsense": 6}, "nonsense: there is no such key"),
    ({"keepalive": "6"}, "keepalive: must be an integer from -2147483648 to 2147483647, not '6'"),
    ({"keepalive": True}, "keepalive: must be an integer from -2147483648 to 2147483647, not True"),
    ({"keepalive": 2**31}, "keepalive: must be an integer from"),
    ({"heartbeat": 1}, "heartbeat: must be true or false, not 1"),
    ({"network": "dr"}, "network: must be one of direct, nat, tunnel, not 'dr'"),
    ({"primary": 10}, "primary: must be a string, not 10"),
    ({"nat_router": "10.0.0.1 eth1"}, "nat_router: must be an object"),
    (
        {"nat_router": {"address": "10.0.0.1"}},
        'nat_router: must be {"address": ..., "device": ...}',
    ),
    ({"virtual_servers": {}}, "virtual_servers: must be a list"),
    ({"virtual_servers": [{}]}, "virtual_servers[0].name: must be a string, the name of the block"),
    ({"virtual_servers": [7]}, "virtual_servers[0]: must be an object with names as keys"),
    (
        {"failover_services": [{"name": "a", "dirs": "x"}]},
        "failover_services[0].dirs: must be a list of strings, not 'x'",
    ),
    (
        {"virtual_servers": [{"name": "a", "servers": [{"name": "b"}, {"name": "c", "port": ""}]}]},
        "virtual_servers[0].servers[1].port: must be an integer",
    ),
    (
        {"virtual_servers": [{"name": "a", "servers": [{"name": "b", "fwmark": 1}]}]},
        "virtual_servers[0].servers[0].fwmark: there is no such key",
    ),
]


@pytest.mark.parametrize(("data", "message"), WRONG)
def test_wrong_data_is_refused(data: Any, message: str) -> None:
    """Data of another form raises a sentence that says where; the schema refuses it, too."""
    with pytest.raises(ValueError) as error:
        lvscf.from_dict(data)

    assert str(error.value).startswith(message)
    if data != {1: 2}:  # no JSON
        assert not VALIDATOR.is_valid(data)


def _places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = data.items() if isinstance(data, dict) else enumerate(data)
    found = [path]
    for key, value in items:
        if isinstance(value, dict | list):
            found += _places(value, (*path, key))
        else:
            found.append((*path, key))
    return found


SCRAP = st.sampled_from([None, True, 0, -5, 2**31, 2**32, "x", "lvs", [], ["a"], [1], {}, {"a": 1}])


@given(st.sampled_from(sorted(GOOD)), st.data())
def test_schema_and_reader_agree(name: str, draw: st.DataObject) -> None:
    """Whatever is put in somewhere, the schema refuses exactly what `from_dict` refuses."""
    data = json.loads(json.dumps(lvscf.to_dict(lvscf.loads(GOOD[name]))))
    path = draw.draw(st.sampled_from(_places(data)[1:]))
    inner: Any = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = draw.draw(SCRAP)
    if draw.draw(st.integers(0, 9)) == 0:
        inner[path[-1] if isinstance(inner, list) else "surplus"] = 1

    try:
        lvscf.from_dict(data)
    except ValueError:
        assert not VALIDATOR.is_valid(data)
    else:
        VALIDATOR.validate(data)
