"""Who a collected host is."""

from lvscf.document import parse
from lvscf.files.collected.identity import (
    are_replaced,
    is_router,
    parts,
)

CONFIG = parse(
    """\
primary = 10.10.1.21
primary_private = 10.10.9.21
backup = 10.10.1.22
backup_private = 0.0.0.0
service = lvs
virtual web {
    address = 10.10.1.20 eth0:1
    sorry_server = 10.10.1.99
    server lvs-d03 {
        address = 10.10.1.31
    }
    server named {
        address = web4.example.com
    }
}
virtual other {
    address = 10.10.1.30 eth0:2
    server again {
        address = 10.10.1.31
    }
    server second {
        address = 10.10.2.31
    }
}
"""
).config


def titles(*addresses: str, name: str = "") -> list[str]:
    """The parts of a host with these addresses; without any, they are not known."""
    return [part.title for part in parts(CONFIG, addresses or None, name)]


def test_routers() -> None:
    """By either of their addresses; a virtual address says nothing."""
    assert titles("10.10.1.21", "10.10.1.20") == ["primary router 10.10.1.21"]
    assert titles("10.10.9.21") == ["primary router 10.10.1.21"]
    assert titles("10.10.1.22") == ["backup router 10.10.1.22"]
    assert titles("0.0.0.0", "10.10.1.20", "10.10.1.30") == []
    assert is_router(CONFIG, ("10.10.9.21",))
    assert not is_router(CONFIG, ("10.10.1.31",))


def test_real_servers() -> None:
    """By each of their addresses, with their other names; sorry servers are real servers, too."""
    assert titles("10.10.1.31") == ["real server 10.10.1.31 (lvs-d03)"]
    assert titles("10.10.1.31", "10.10.2.31") == [
        "real server 10.10.1.31 (lvs-d03)",
        "real server 10.10.2.31 (second)",
    ]
    assert parts(CONFIG, ("10.10.1.31",), "")[0].also == ("lvs-d03", "again")
    assert titles("10.10.1.99") == ["real server 10.10.1.99"]


def test_a_router_may_be_a_real_server() -> None:
    """Then it plays both parts."""
    assert titles("10.10.1.22", "10.10.1.31") == [
        "backup router 10.10.1.22",
        "real server 10.10.1.31 (lvs-d03)",
    ]


def test_names_count_where_addresses_do_not_decide() -> None:
    """Without addresses, or where lvs.cf has a host name in place of an address."""
    assert titles(name="lvs-d03") == ["real server lvs-d03"]
    assert titles(name="lvs-d03.example.com") == ["real server lvs-d03"]
    assert titles("10.10.1.77", name="lvs-d03") == []
    assert titles("10.10.1.77", name="web4.example.com") == ["real server web4.example.com (named)"]
    assert titles() == []


def test_replaced_addresses() -> None:
    """`sos clean` writes addresses of 100.0.0.0/8."""
    assert are_replaced(["100.0.0.1", "100.1.0.7"])
    assert not are_replaced(["100.0.0.1", "10.10.1.21"])
    assert not are_replaced([])
