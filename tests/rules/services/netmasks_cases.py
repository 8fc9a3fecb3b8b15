"""LVS3: addresses, devices, netmasks and networks.  See the package for the marks."""

from tests.builders import ROUTERS, server, service

MASK = "vip_nmask = 255.255.255.0"
DIRECT = "network = direct\n"


def failover(*lines: str, name: str = "db", address: str = "10.10.1.20 eth0:1") -> str:
    """A failover service, without the line that puts these in force."""
    return service(*lines, name=name, address=address).replace("virtual", "failover")


def at(address: str, *lines: str, name: str = "one") -> str:
    """A real server at an address."""
    return server(*lines, name=name, address=address)


FIRES: list[tuple[str, str]] = [
    ("LVS305", service() + service("port = 81", name="b", address="10.10.1.20 ⟦eth0:2⟧")),
    ("LVS305", service(MASK) + service("port = 81", "vip_nmask = ⟦255.255.255.255⟧", name="b")),
    (
        "LVS305",
        service() + service(name="m", address="10.10.1.30 eth0:2")
        + service("port = 81", name="b", address="10.10.1.20 ⟦eth0:2⟧"),
    ),
    (
        "LVS305",
        "service = fos\n" + failover() + failover(name="b", address="10.10.1.20 ⟦eth1:1⟧"),
    ),
    ("LVS306", service(address="⟦10.10.1.20⟧ eth0:1")),
    ("LVS306", service("vip_nmask = ⟦0.0.0.0⟧")),
    ("LVS306", service(address="⟦192.168.1.20⟧ eth0:1")),
    ("LVS306", "nat_router = ⟦10.11.1.1⟧ eth1:1\n"),
    ("LVS306", "nat_router = 10.11.1.1 eth1:1\nnat_nmask = ⟦0⟧\n"),
    ("LVS306", "service = fos\n" + failover(address="⟦10.10.1.20⟧ eth0:1")),
    (
        "LVS306",
        service(address="⟦10.10.1.20⟧ eth0:1") + service(MASK, "port = 81", name="b"),
    ),
    (
        "LVS306",
        "nat_router = 10.11.1.1 eth1:1\nnat_nmask = 255.255.255.0\n"
        + service(at("10.11.1.31"), address="⟦10.10.1.20⟧ eth0:1"),
    ),
    ("LVS317", ROUTERS + service(at("⟦10.10.1.22⟧"))),
    ("LVS317", ROUTERS + "primary_private = 10.11.1.21\n" + service(at("⟦10.11.1.21⟧"))),
    ("LVS317", ROUTERS + service(at("⟦10.10.1.21⟧")) + service(at("10.10.1.21"), name="b")),
    ("LVS317", "nat_router = 10.11.1.1 eth1:1\n" + service(at("⟦10.11.1.1⟧"))),
    ("LVS317", "primary = lvs1\n" + service(at("⟦lvs1⟧"))),
    ("LVS318", service(at("⟦10.10.1.20⟧"))),
    ("LVS318", service(at("⟦10.10.1.30⟧")) + service(name="b", address="10.10.1.30 eth0:2")),
    ("LVS320", "network = ⟦nat⟧\n" + service(server())),
    ("LVS320", "⟦serial_no = 1⟧\n" + service(server())),
    ("LVS320", "network = ⟦nat⟧\nnat_nmask = 255.255.255.0\n" + service(server())),
    ("LVS320", "nat_router = ⟦0.0.0.0 eth1:1⟧\n" + service()),
    ("LVS320", DIRECT + "nat_router = ⟦10.11.1.1 eth1:1⟧\nnat_nmask = 255.0.0.0\n" + service()),
    ("LVS320", "network = tunnel\nnat_nmask = ⟦255.255.255.0⟧\n" + service()),
    ("LVS321", service(MASK, at("10.10.1.31"), address="⟦10.10.1.20⟧ eth0:1")),
    (
        "LVS321",
        service(MASK, at("10.10.1.31"), at("10.10.1.32", name="b"), address="⟦10.10.1.20⟧ eth0:1")
        + service("port = 81", at("10.10.1.31"), name="b"),
    ),
    (
        "LVS321",
        "nat_router = 10.10.1.1 eth0:2\nnat_nmask = 255.255.255.0\n"
        + service("vip_nmask = 255.255.255.255", at("10.10.1.31"), address="⟦10.10.1.20⟧ eth0:1"),
    ),
    ("LVS322", DIRECT + ROUTERS + service(MASK, at("⟦10.10.2.31⟧"), at("10.10.1.31", name="b"))),
    ("LVS322", DIRECT + ROUTERS + service(at("⟦192.168.7.31⟧"), at("192.168.7.32", name="b"))),
    ("LVS322", DIRECT + service("vip_nmask = 255.255.255.255", at("⟦11.10.1.31⟧"))),
    ("LVS323", "nat_router = ⟦10.10.1.20⟧ eth1:1\n" + service()),
    ("LVS323", "nat_router = ⟦10.10.1.20⟧ eth0:1\n" + service() + service("port = 81", name="b")),
    ("LVS324", service(address="⟦224.0.0.18⟧ eth0:1")),
    ("LVS324", service(address="⟦255.255.255.255⟧ eth0:1")),
    ("LVS324", service(MASK, address="⟦10.10.1.255⟧ eth0:1")),
    ("LVS324", service("vip_nmask = 255.255.255.192", address="⟦10.10.1.64⟧ eth0:1")),
    ("LVS324", service(at("⟦127.0.0.1⟧")) + service(at("127.0.0.1"), name="b")),
    ("LVS324", service(at("⟦239.1.1.1⟧"))),
    ("LVS324", service(MASK, at("⟦10.10.1.255⟧"))),
    (
        "LVS324",
        "nat_router = 10.11.1.1 eth1:1\nnat_nmask = 255.255.255.0\n" + service(at("⟦10.11.1.0⟧")),
    ),
    ("LVS334", service(address="10.10.1.20 ⟦lo:1⟧")),
    ("LVS334", service(address="10.10.1.20 ⟦tunl0:1⟧")),
    ("LVS334", "nat_router = 10.11.1.1 ⟦lo:0⟧\n"),
    ("LVS340", service(address="10.10.1.20 ⟦bond0:frontend-http⟧")),
    ("LVS340", "nat_router = 10.11.1.1 ⟦v0:12345678901234⟧\n"),
]  # fmt: skip

SILENT: list[tuple[str, str]] = [
    ("LVS303", service() + service(name="b", address="10.10.1.20 eth0")),
    (
        "LVS304",
        service() + service("port = 81", name="b", address="10.10.1.20 eth0:2")
        + service(name="m", address="10.10.1.30 eth0:2"),
    ),
    ("LVS305", service(MASK) + service(MASK, "port = 81", name="b")),
    ("LVS305", service(MASK) + service("port = 81", name="b")),
    ("LVS305", service("vip_nmask = 0.0.0.0") + service(MASK, "port = 81", name="b")),
    ("LVS305", service(MASK) + service("vip_nmask = /24", "port = 81", name="b")),
    (
        "LVS305",
        service() + service(name="b", address="10.10.1.20 eth0:2").replace("tive = 1", "tive = 0"),
    ),
    ("LVS305", service(address="0.0.0.0 eth0:1") + service(name="b", address="0.0.0.0 eth0:2")),
    ("LVS306", service(MASK)),
    ("LVS306", service(MASK) + service("port = 81", name="b")),
    ("LVS306", service("vip_nmask = Unused")),
    ("LVS306", service(address="www.example.com eth0:1")),
    ("LVS306", service(address="0.0.0.0 eth0:1")),
    ("LVS306", service(address="224.0.0.18 eth0:1")),
    ("LVS306", "virtual a {\nactive = 0\naddress = 10.10.1.20 eth0:1\n}\n"),
    ("LVS306", DIRECT + "nat_router = 10.11.1.1 eth1:1\n"),
    ("LVS317", ROUTERS + service(at("10.10.1.31"))),
    ("LVS317", ROUTERS + service(at("10.10.1.21").replace("active = 1", "active = 0"))),
    ("LVS317", "backup = 0.0.0.0\n" + service(at("0.0.0.0"))),
    ("LVS317", DIRECT + "nat_router = 10.11.1.1 eth1:1\n" + service(at("10.11.1.1"))),
    ("LVS318", service(at("10.10.1.31"))),
    ("LVS318", "primary = 10.10.1.20\n" + service(at("10.10.1.20"))),
    (
        "LVS318",
        service(at("10.10.1.30"))
        + "virtual b {\nactive = 0\naddress = 10.10.1.30 eth0:2\n}\n",
    ),
    ("LVS320", "nat_router = 10.11.1.1 eth1:1\n" + service(server())),
    ("LVS320", "network = nat\n" + service()),
    ("LVS320", DIRECT + service(server())),
    ("LVS320", "network = dr\n" + service(server())),
    ("LVS320", "nat_router = 10.11.1.1\n" + service(server())),
    ("LVS320", "service = fos\n" + failover()),
    ("LVS321", DIRECT + service(MASK, at("10.10.1.31"))),
    ("LVS321", service(MASK, at("10.11.1.31"))),
    ("LVS321", service("vip_nmask = 255.255.255.255", at("10.10.1.31"))),
    ("LVS321", service(at("10.10.1.31"))),
    ("LVS321", service("vip_nmask = 255.0.255.0", at("10.10.1.31"))),
    ("LVS321", service(MASK, at("web1.example.com"))),
    ("LVS321", ROUTERS + service(MASK, at("10.10.1.20"), at("10.10.1.21", name="b"))),
    ("LVS321", "nat_router = 10.10.1.20 eth1:1\n" + service(MASK, at("10.10.1.31"))),
    ("LVS322", DIRECT + ROUTERS + service(MASK, at("10.10.1.31"))),
    ("LVS322", DIRECT + ROUTERS + service("vip_nmask = 255.255.255.255", at("10.99.1.31"))),
    (
        "LVS322",
        DIRECT + ROUTERS + "primary_private = 192.168.1.1\n" + service(MASK, at("192.168.7.31")),
    ),
    ("LVS322", DIRECT + "primary = lvs1\n" + service(MASK, at("192.168.7.31"))),
    ("LVS322", DIRECT + ROUTERS + service(MASK, at("web1.example.com"))),
    ("LVS322", "network = tunnel\n" + ROUTERS + service(MASK, at("192.168.7.31"))),
    ("LVS323", "nat_router = 10.11.1.1 eth1:1\n" + service()),
    ("LVS323", DIRECT + "nat_router = 10.10.1.20 eth1:1\n" + service()),
    ("LVS323", "nat_router = 0.0.0.0 eth1:1\n" + service(address="0.0.0.0 eth0:1")),
    ("LVS324", service(MASK)),
    ("LVS324", service("vip_nmask = 255.255.255.254", address="10.10.1.254 eth0:1")),
    ("LVS324", service("vip_nmask = 255.255.255.255", address="10.10.1.255 eth0:1")),
    ("LVS324", service("vip_nmask = 255.255.0.0", at("10.10.1.255"), address="10.10.1.0 eth0:1")),
    ("LVS324", service(at("10.10.1.255"), at("web.example.com", name="b"))),
    ("LVS324", service(address="0.0.0.0 eth0:1")),
    ("LVS334", service(address="10.10.1.20 loft0:1")),
    ("LVS334", service(address="10.10.1.20 lo")),
    ("LVS340", service(address="10.10.1.20 v0:123456789012")),
    (
        "LVS340",
        service(address="10.10.1.20 v0:1234567890123")
        + service(name="mail", address="10.10.1.30 v0:1234567890129"),
    ),
]  # fmt: skip

DEFECTS: list[tuple[str, str, str, str]] = [
    (
        "several services",
        "virtual mail {\n     active = 1\n     address = 10.10.1.25 eth0:2",
        "virtual mail {\n     active = 1\n     address = 10.10.1.20 eth0:2",
        "LVS305",
    ),
    (
        "several services",
        "address = 10.10.1.25 eth0:2\n     vip_nmask = 255.255.255.255",
        "address = 10.10.1.20 eth0:1\n     vip_nmask = 255.255.255.0",
        "LVS305",
    ),
    ("direct routing", "     vip_nmask = 255.255.255.255\n", "", "LVS306"),
    ("direct routing", "vip_nmask = 255.255.255.255", "vip_nmask = 0.0.0.0", "LVS306"),
    ("nat", "nat_nmask = 255.255.255.0\n", "", "LVS306"),
    ("failover", "     vip_nmask = 255.255.255.0\n", "", "LVS306"),
    ("direct routing", "10.10.1.31", "10.10.1.22", "LVS317"),
    ("nat", "10.11.1.31", "10.11.1.1", "LVS317"),
    ("direct routing", "10.10.1.31", "10.10.1.20", "LVS318"),
    ("nat", "10.11.1.31", "192.0.2.11", "LVS317"),
    ("nat", "10.11.1.31", "192.0.2.20", "LVS318"),
    ("nat", "nat_router = 10.11.1.1 eth1:1\n", "", "LVS320"),
    ("nat", "nat_router = 10.11.1.1 eth1:1\n", "nat_router = 0.0.0.0 eth1:1\n", "LVS320"),
    ("direct routing", "network = direct\n", "network = direct\nnat_nmask = 255.0.0.0\n", "LVS320"),
    ("nat", "10.11.1.31", "192.0.2.31", "LVS321"),
    ("direct routing", "10.10.1.31", "192.168.10.31", "LVS322"),
    ("nat", "nat_router = 10.11.1.1 eth1:1", "nat_router = 192.0.2.20 eth1:1", "LVS323"),
    ("nat", "192.0.2.20", "10.11.1.1", "LVS323"),
    ("direct routing", "10.10.1.31", "127.0.0.1", "LVS324"),
    ("direct routing", "10.10.1.20 eth0:1", "239.10.1.20 eth0:1", "LVS324"),
    ("nat", "10.11.1.31", "10.11.1.255", "LVS324"),
    ("nat", "192.0.2.20", "192.0.2.255", "LVS324"),
    ("direct routing", "eth0:1", "lo:1", "LVS334"),
    ("direct routing", "eth0:1", "bond0:web-frontend", "LVS340"),
]
