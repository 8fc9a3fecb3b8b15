"""`lvscf.testing` draws what it promises."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lvscf
from lvscf import firewall, testing


@given(testing.configs())
def test_configs_can_be_written(config: lvscf.Config) -> None:
    assert lvscf.loads(lvscf.dumps(config)) == config


@given(testing.sound_texts())
def test_sound_texts_are_loaded_as_written(text: str) -> None:
    document = lvscf.parse(text)
    assert document.refusal is None
    assert document.config == document.intended


@given(st.data())
def test_values_and_changes_can_be_written(data: st.DataObject) -> None:
    config = data.draw(testing.configs())
    changed = data.draw(testing.changed(config))
    weight = data.draw(testing.values("weight", "server"))
    server = lvscf.RealServer("a", weight=weight)

    assert lvscf.loads(lvscf.dumps(changed)) == changed
    assert lvscf.dumps(lvscf.Config(virtual_servers=(lvscf.VirtualServer("x", servers=(server,)),)))


@given(testing.rulesets(), testing.packets())
@settings(max_examples=50)
def test_rulesets_are_understood(text: str, packet: firewall.Packet) -> None:
    found = firewall.parse(text)
    assert "mangle" in found.tables
    assert found.trace(packet)


@given(testing.any_texts(), testing.lvs_cf_texts(), testing.firewall_texts())
def test_any_text_is_parsed(text: str, near: str, rules: str) -> None:
    assert str(lvscf.parse(text)) == text
    assert str(lvscf.parse(near)) == near
    assert firewall.parse(rules).source.text == rules


@given(testing.virtual_servers(), testing.failover_services(), testing.real_servers())
def test_blocks_are_of_their_kind(
    virtual: lvscf.VirtualServer, failover: lvscf.FailoverService, server: lvscf.RealServer
) -> None:
    kinds = (type(virtual), type(failover), type(server))
    assert kinds == (lvscf.VirtualServer, lvscf.FailoverService, lvscf.RealServer)


@pytest.mark.parametrize(
    ("directive", "block"), [("nonsense", ""), ("weight", "virtual"), ("port", "x")]
)
def test_there_are_only_values_of_directives(directive: str, block: str) -> None:
    with pytest.raises(ValueError, match="there is no directive"):
        testing.values(directive, block)
