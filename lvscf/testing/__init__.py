"""Hypothesis strategies for programs that work with lvs.cf files: `pip install lvscf[testing]`.

    from hypothesis import given
    from lvscf import testing

    @given(testing.lvs_cf_texts())
    def test_my_tool_survives_anything(text: str) -> None: ...

lvscf's own laws are tested with them.
"""

from typing import Any

from hypothesis import strategies as st

from lvscf.config.model import Config, FailoverService, RealServer, VirtualServer
from lvscf.firewall import Packet
from lvscf.piranha.directives import BY_SCOPE, Scope
from lvscf.testing import configs as _configs
from lvscf.testing import firewalls as _firewalls
from lvscf.testing import texts as _texts

__all__ = [
    "any_texts",
    "changed",
    "configs",
    "failover_services",
    "firewall_texts",
    "lvs_cf_texts",
    "packets",
    "real_servers",
    "rulesets",
    "sound_texts",
    "values",
    "virtual_servers",
]


def any_texts() -> st.SearchStrategy[str]:
    """Any text at all, and often one that is nearly an lvs.cf, or has odd line ends or a NUL."""
    return _texts.ANYTHING


def lvs_cf_texts() -> st.SearchStrategy[str]:
    """Texts that look like an lvs.cf; Piranha rejects most of them."""
    return _texts.FILES


def sound_texts() -> st.SearchStrategy[str]:
    """Texts that Piranha loads and reads as they are written, in anything but canonical form."""
    return _configs.sound_texts()


def configs() -> st.SearchStrategy[Config]:
    """Configurations that `lvscf.dumps` can write; few of them would make a working cluster."""
    return _configs.CONFIGS


def virtual_servers() -> st.SearchStrategy[VirtualServer]:
    """Virtual servers, with their real servers."""
    return _configs.VIRTUAL_SERVERS


def failover_services() -> st.SearchStrategy[FailoverService]:
    """Failover services."""
    return _configs.FAILOVER_SERVICES


def real_servers() -> st.SearchStrategy[RealServer]:
    """Real servers."""
    return _configs.SERVERS


def changed(config: Config) -> st.SearchStrategy[Config]:
    """A configuration with some changes: values and blocks that come, go, move or get a new name."""
    return _configs.changed(config)


def values(directive: str, block: str = "") -> st.SearchStrategy[Any]:
    """Values of a directive that can be written.

    Args:
        directive: its name.
        block: `virtual`, `failover` or `server`; nothing for the directives at top level.

    Raises:
        ValueError: there is no such directive there.
    """
    scopes = {
        "": Scope.GLOBAL,
        "virtual": Scope.SERVICE,
        "failover": Scope.SERVICE,
        "server": Scope.SERVER,
    }
    definition = BY_SCOPE[scopes[block]].get(directive) if block in scopes else None
    if definition is None:
        where = f"in a block {block!r}" if block else "at top level"
        raise ValueError(f"there is no directive {directive!r} {where}")
    return _configs.values(definition)


def rulesets() -> st.SearchStrategy[str]:
    """Firewall rules that lvscf understands: a script of iptables lines, or what was saved."""
    return _firewalls.RULESETS


def firewall_texts() -> st.SearchStrategy[str]:
    """Texts that look like firewall rules; hardly any of them is sound."""
    return _firewalls.LINES


def packets() -> st.SearchStrategy[Packet]:
    """Packets, often with parts left open."""
    return _firewalls.PACKETS
