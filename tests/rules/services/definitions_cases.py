"""LVS3: virtual servers.  See the package for the marks."""

from tests.builders import server, service

FIRES: list[tuple[str, str]] = [
    ("LVS301", "virtual ⟦web⟧ {\nactive = 1\n}\n"),
    ("LVS301", service("server ⟦one⟧ {\nactive = 1\n}")),
    ("LVS301", "service = fos\nfailover ⟦db⟧ {\nactive = 1\n}\n"),
    ("LVS303", service(address="10.10.1.20 ⟦eth0⟧")),
    ("LVS303", "nat_router = 10.11.1.1 ⟦eth1⟧\n"),
    ("LVS303", "service = fos\nfailover a {\nactive = 1\naddress = 10.10.1.20 ⟦bond0⟧\n}\n"),
    ("LVS304", service() + service(name="mail", address="10.10.1.30 ⟦eth0:1⟧")),
    ("LVS304", "nat_router = 10.11.1.1 eth0:1\n" + service(address="10.10.1.20 ⟦eth0:1⟧")),
    (
        "LVS304",
        service(address="10.10.1.20 v0:1234567890123")
        + service(name="mail", address="10.10.1.30 ⟦v0:1234567890129⟧"),
    ),
    ("LVS307", service() + service("port = 0x50", name="⟦web2⟧")),
    ("LVS307", service("protocol = udp") + service("protocol = udp", name="⟦b⟧")),
    ("LVS308", service("fwmark = 80") + service("fwmark = ⟦0x50⟧", name="b")),
    ("LVS308", service("fwmark = 80") + service("fwmark = ⟦80⟧", "scheduler = rr", name="b")),
]

SILENT: list[tuple[str, str]] = [
    ("LVS301", "virtual a {\n}\n"),
    ("LVS301", service(server())),
    ("LVS301", "virtual a {\nactive = 0\nserver b {\nactive = 1\n}\n}\n"),
    ("LVS301", "failover a {\nactive = 1\n}\n"),
    ("LVS301", "virtual a {\nactive = 1\naddress = 10.10.1.20\n}\n"),
    ("LVS303", service()),
    ("LVS303", "network = direct\nnat_router = 10.11.1.1 eth1\n"),
    ("LVS303", "virtual a {\nactive = 0\naddress = 10.10.1.20 eth0\n}\n"),
    ("LVS304", service() + service("port = 443", name="b")),
    ("LVS304", service() + "virtual b {\nactive = 0\naddress = 10.10.1.30 eth0:1\n}\n"),
    ("LVS304", service() + service(name="b", address="10.10.1.30 eth0:2")),
    ("LVS307", service() + service("protocol = udp", name="b")),
    ("LVS307", service() + service("port = 443", name="b")),
    ("LVS307", service() + service("fwmark = 1", name="b")),
    ("LVS307", service() + service("port = nosuch", name="b")),
    ("LVS308", service("fwmark = 80") + service("fwmark = 81", name="b")),
    ("LVS308", service("fwmark = 0") + service("fwmark = 0", "port = 81", name="b")),
]  # fmt: skip

DEFECTS: list[tuple[str, str, str, str]] = [
    ("direct routing", "     address = 10.10.1.20 eth0:1\n", "", "LVS301"),
    ("direct routing", "         address = 10.10.1.31\n", "", "LVS301"),
    ("direct routing", "eth0:1", "eth0", "LVS303"),
]  # fmt: skip
