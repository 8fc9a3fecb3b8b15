"""Values by their places: `Config.value_at`, `Config.with_value` and `Document.with_value`."""

from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import lvscf
from lvscf import AddressOnDevice, Config, RealServer, VirtualServer, testing
from lvscf.config.place_names import escaped
from lvscf.linter.baseline import Places
from lvscf.piranha.directives import BY_SCOPE, Scope

WEB = """\
keepalive = 6
virtual web {
  # the public service
  port = 80
  server one {
    weight = 1
  }
}
"""


def labels(blocks: tuple[Any, ...], keyword: str) -> list[str]:
    """What the blocks are called in a place."""
    names = [escaped(one.name) for one in blocks]
    found = []
    for number, name in enumerate(names):
        before = names[:number].count(name)
        found.append(f"{keyword} {name}" + (f" #{before + 1}" if before else ""))
    return found


@st.composite
def changes(draw: st.DrawFn) -> tuple[Config, str, Any, Config]:
    """A configuration, a place and a value for it, and the same change made by hand."""
    config = draw(testing.configs())
    services = [("virtual_servers", "virtual"), ("failover_services", "failover")]
    attribute, keyword = draw(st.sampled_from(services))
    blocks = getattr(config, attribute)
    if not blocks or draw(st.booleans()):
        name = draw(st.sampled_from(list(BY_SCOPE[Scope.GLOBAL])))
        value = draw(st.none() | testing.values(name))
        changed_value: dict[str, Any] = {name: value}
        return config, name, value, evolve(config, **changed_value)
    index = draw(st.integers(0, len(blocks) - 1))
    service = blocks[index]
    place = labels(blocks, keyword)[index]
    if service.servers and draw(st.booleans()):
        number = draw(st.integers(0, len(service.servers) - 1))
        name = draw(st.sampled_from(list(BY_SCOPE[Scope.SERVER])))
        value = draw(st.none() | testing.values(name, "server"))
        servers = list(service.servers)
        servers[number] = evolve(servers[number], **{name: value})
        changed = evolve(service, servers=tuple(servers))
        place = f"{place}/{labels(service.servers, 'server')[number]}/{name}"
    else:
        name = draw(st.sampled_from(list(BY_SCOPE[Scope.SERVICE])))
        value = draw(st.none() | testing.values(name, keyword))
        changed = evolve(service, **{name: value})
        place = f"{place}/{name}"
    several = list(blocks)
    several[index] = changed
    by_hand: dict[str, Any] = {attribute: tuple(several)}
    return config, place, value, evolve(config, **by_hand)


@given(changes())
def test_a_change_by_place_is_the_change_by_hand(change: tuple[Config, str, Any, Config]) -> None:
    config, place, value, by_hand = change

    assert config.with_value(place, value) == by_hand
    assert by_hand.value_at(place) == value
    assert config.with_value(place, config.value_at(place)) == config


@given(changes())
def test_documents_change_likewise(change: tuple[Config, str, Any, Config]) -> None:
    config, place, value, by_hand = change
    document = lvscf.parse(lvscf.dumps(config))
    by_hand = document.config.with_value(place, value)

    assert bytes(document.with_value(place, value)) == bytes(document.replace(by_hand))


@given(testing.configs())
def test_places_are_those_of_baselines(config: Config) -> None:
    """The place that a baseline writes down can be looked up."""
    document = lvscf.parse(lvscf.dumps(config))
    places = Places(document.reading)
    for virtual in document.config.virtual_servers:
        span = document.span_of(virtual, "port")
        if span is not None:
            assert document.config.value_at(places.name(span.start)) == virtual.port


def test_only_the_value_changes() -> None:
    document = lvscf.parse(WEB)

    after = document.with_value("virtual web/server one/weight", 3)
    assert str(after) == WEB.replace("weight = 1", "weight = 3")
    assert str(after.with_value("virtual web/port", None)) == (
        "keepalive = 6\nvirtual web {\n  server one {\n    weight = 3\n  }\n}\n"
    )


def test_names_with_slashes_and_backslashes() -> None:
    names = ["a/b", "a\\", "a\\/b", "x #2", "x", "x"]
    config = Config(virtual_servers=tuple(VirtualServer(name) for name in names))
    places = [r"virtual a\/b", "virtual a\\\\", r"virtual a\\\/b", "virtual x #2", "virtual x"]

    for number, place in enumerate(places):
        changed = config.with_value(f"{place}/port", 81)
        assert [one.port for one in changed.virtual_servers].index(81) == number
    assert config.with_value("virtual x #2/port", 81).virtual_servers[3].port == 81


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ("keepalvie", 6, "`keepalvie`: there is no directive `keepalvie` at top level; did you mean"
         " `keepalive`?"),
        ("", 6, "there is no directive `` at top level"),
        ("virtual web", 6, "add a directive, as in `virtual web/active`"),
        ("virtual wbe/port", 6, "there is no block `virtual wbe`; did you mean `web`?"),
        ("virtual nonsense/port", 6, "there is no block `virtual nonsense`; its names are `web`"),
        ("virtual web #2/port", 6, "there is no block `virtual web #2`"),
        ("failover web/port", 6, "there is no block `failover web`"),
        ("server one/port", 6, "`server` is not a block. At top level, write `virtual NAME` or "
         "`failover NAME`, then `/`"),
        ("virtual web/one/weight", 6, "`one` is not a block. In a service, write `server NAME`"),
        ("virtual web/server one/server one/weight", 6, "a `server` block has no blocks in it"),
        ("virtual web/weight", 6, "no directive `weight` in virtual and failover blocks"),
        ("virtual web/server one/wieght", 6, "did you mean `weight`?"),
        ("virtual web/name", "x", "no directive `name`"),
        ("virtual web\\", 6, "in a name, write a backslash as two"),
        ("keepalive", "6", "`keepalive`: must be an integer from -2147483648 to 2147483647, not '6'"),
        ("keepalive", True, "must be an integer"),
        ("keepalive", 2**31, "must be an integer"),
        ("backup_active", 1, "must be true or false, not 1"),
        ("network", "dr", "must be one of direct, nat, tunnel, not 'dr'"),
        ("virtual web/address", "10.10.1.20", "must be an address with its device, such as"),
        ("virtual web/dirs", "a", "must be a list of strings"),
    ],
)  # fmt: skip
def test_mistakes(place: str, value: Any, message: str) -> None:
    config = lvscf.loads(WEB)

    with pytest.raises(ValueError) as raised:
        config.with_value(place, value)
    assert message in str(raised.value)


def test_a_place_is_a_text() -> None:
    with pytest.raises(TypeError, match="a place is a str"):
        Config().value_at(5)  # type: ignore[arg-type]


PARTS = st.sampled_from(
    ["virtual we", "server on", "port", "active", "we", "virtual", "#2", "", " ", "x\\", "\n", "é"]
)


@given(st.lists(PARTS, max_size=4).map("/".join))
def test_any_place_has_a_value_or_a_sentence(place: str) -> None:
    config = Config(virtual_servers=(VirtualServer("we", servers=(RealServer("on"),)),))
    known = ("virtual we/", "virtual we/server on/")
    if place in [f"{around}{name}" for around in known for name in ("port", "active")]:
        assert config.value_at(place) is None
    else:
        with pytest.raises(ValueError, match=r"^`.*`.*") as raised:
            config.value_at(place)
        assert "\n" not in str(raised.value)


def test_values_may_be_addresses_and_lists() -> None:
    vip = AddressOnDevice("10.10.1.20", "eth0:1")
    document = lvscf.parse(WEB).with_value("virtual web/address", vip)

    assert document.config.value_at("virtual web/address") == vip
    assert document.config.with_value("virtual web/dirs", ("a", "b")).virtual_servers[0].dirs == (
        "a",
        "b",
    )
