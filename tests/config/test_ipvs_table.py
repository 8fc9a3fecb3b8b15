"""The table that `ipvsadm -ln` will show."""

from hypothesis import given

import lvscf
from lvscf.config.ipvs_table import table
from lvscf.report import ipvsadm
from tests.builders import server, service
from tests.good import GOOD
from tests.strategies import FILES

TITLE = """\
IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
"""


def listing(text: str) -> str:
    shown = ipvsadm.render(table(lvscf.loads(text)))
    assert shown.startswith(TITLE)
    return shown.removeprefix(TITLE)


def missing(text: str) -> list[str]:
    return [one.reason for one in table(lvscf.loads(text)).missing]


def test_direct_routing() -> None:
    """The layout is that of ipvsadm, blanks at the ends of lines included."""
    assert listing(GOOD["direct routing"]) == (
        "TCP  10.10.1.20:80 wlc\n"
        "  -> 10.10.1.31:80                Route   1      0          0         \n"
        "  -> 10.10.1.32:80                Route   1      0          0         \n"
    )


def test_nat_sends_to_other_ports() -> None:
    """With NAT, real servers have ports of their own."""
    assert listing(GOOD["nat"]) == (
        "TCP  192.0.2.20:80 wrr\n"
        "  -> 10.11.1.31:8080              Masq    1      0          0         \n"
        "  -> 10.11.1.32:8080              Masq    1      0          0         \n"
    )


def test_marks_and_persistence() -> None:
    """A firewall mark stands for the address, and a mask is shown where it groups clients."""
    marked = service("fwmark = 0x50", "persistent = 300", server("port = 8080"))
    assert listing("network = tunnel\n" + marked) == (
        "FWM  80 wlc persistent 300\n"
        "  -> 10.10.1.31:8080              Tunnel  1      0          0         \n"
    )
    grouped = service("persistent = 60", "pmask = 255.255.255.0", "protocol = udp", "port = 53")
    assert listing(grouped) == "UDP  10.10.1.20:53 wlc persistent 60 mask 255.255.255.0\n"
    assert (
        listing(service("persistent = -1", "pmask = 255.255.255.0")) == "TCP  10.10.1.20:80 wlc\n"
    )


def test_ports_under_direct_routing_are_the_services() -> None:
    """Direct routing cannot change a port, whatever the real server says."""
    assert "10.10.1.31:80 " in listing("network = direct\n" + service(server("port = 8080")))


def test_a_router_among_the_servers_is_local() -> None:
    """A destination on the router itself is answered there."""
    both = "primary = 10.10.1.21\nnetwork = direct\n" + service(server(address="10.10.1.21"))
    assert "Local   1" in listing(both)


def test_weights() -> None:
    """Weight 0 becomes 1, and what ipvsadm refuses is not there."""
    assert "Masq    1 " in listing(service(server("weight = 0")))
    assert "Masq    300 " in listing(service(server("weight = 300")))
    assert missing(service(server("weight = 65536"))) == [
        "ipvsadm rejects it: the largest weight is 65535"
    ]


def test_order_is_that_of_ipvsadm() -> None:
    """Services go by mark, protocol, address and port, real servers by address and port."""
    text = (
        service("fwmark = 2", name="a")
        + service("protocol = udp", name="b")
        + service("port = 443", name="c")
        + service(server(address="10.10.1.33"), server(name="two", address="10.10.1.32"), name="d")
        + service("fwmark = 1", "port = 81", name="e")
    )
    assert [line.split()[1] for line in listing(text).splitlines()] == [
        "10.10.1.20:80", "10.10.1.32:80", "10.10.1.33:80", "10.10.1.20:443", "10.10.1.20:80", "1", "2",
    ]  # fmt: skip


def test_what_does_not_get_in() -> None:
    """Each refusal has its reason, and the rest of the table stays."""
    twice = service(server()) + service(server(address="10.10.1.32"), name="b")
    assert missing(twice) == ["ipvsadm rejects it: the same service already exists"]
    assert missing(service("fwmark = 1") + service("fwmark = 1", "port = 81", name="b")) == [
        "ipvsadm rejects it: the same service already exists"
    ]
    assert missing(service("fwmark = 1", server()) + service("fwmark = 2", server(), name="b")) == [
        "lvsd does not start a second monitor for the same VIP, ports and address"
    ]
    direct = "network = direct\n" + service(server("port = 81"), server("port = 82", name="two"))
    assert missing(direct) == ["ipvsadm rejects it: the service already has this destination"]
    assert missing(service("port = 0")) == ["ipvsadm rejects it: port 0 needs persistence"]
    assert missing(service("port = 70000")) == ["ipvsadm rejects it: ports are from 0 to 65535"]
    assert missing(service("persistent = 2678401")) == [
        "ipvsadm rejects it: persistence lasts at most 2678400 seconds"
    ]
    assert missing(service("fwmark = 4294967295")) == [
        "ipvsadm rejects it: the largest firewall mark is 2147483647"
    ]
    assert missing(service("server one {\nactive = 1\n}")) == [
        "ipvsadm rejects it: it has no address"
    ]
    assert missing(service(server("port = 70000"))) == [
        "ipvsadm rejects it: ports are from 0 to 65535"
    ]


def test_inactive_blocks_and_failover_services_have_no_table() -> None:
    """What Piranha does not start is not listed."""
    assert listing(GOOD["failover"]) == ""
    assert listing("virtual a {\nactive = 0\n}\n") == ""
    assert "10.10.1.26" not in listing(GOOD["several services"])


@given(FILES)
def test_any_configuration_has_a_table(text: str) -> None:
    """Whatever a file says, the table has one line per service and destination."""
    found = table(lvscf.parse(text).config)
    lines = ipvsadm.render(found).splitlines()

    assert len(lines) == 3 + sum(1 + len(one.destinations) for one in found.services)
