"""LVS3: pools of real servers, and what lvsd takes for one.  See the package for the marks."""

from tests.builders import server, service
from tests.good import SERVERS

MARK = service("fwmark = 80", server())
SORRY = "sorry_server = ⟦10.10.1.31⟧"
VIP = "sorry_server = ⟦10.10.1.20⟧"
OFF = server().replace("active = 1", "active = 0")
_SHOP = "     fwmark = 81\n     port = 81\n"

FIRES: list[tuple[str, str]] = [
    ("LVS302", service(name="⟦web⟧")),
    ("LVS302", service(OFF, name="⟦web⟧")),
    ("LVS302", service(server()) + service("sorry_server = 10.10.1.90", "port = 81", name="⟦b⟧")),
    # inside one virtual server
    ("LVS311", service(server(), server(name="two", address="⟦10.10.1.31⟧"))),
    ("LVS311", service(server(), server(name="two", address="⟦10.10.1.31⟧"), "port = 80")),
    ("LVS311", service("fwmark = 1", server(), server("weight = 2", address="⟦012.10.1.31⟧"))),
    ("LVS311", service(server("port = 80"), server("port = 0x50", address="⟦10.10.1.31⟧"))),
    # across virtual servers
    ("LVS311", MARK + service("fwmark = 443", server(), name="⟦b⟧")),
    ("LVS311", MARK + service("fwmark = 443", "port = ⟦80⟧", server(), name="b")),
    ("LVS311", MARK + service(server(name="other"), server(address="10.10.1.32"), name="⟦b⟧")),
    ("LVS311", service(server()) + service("fwmark = 1", server(), server(), name="⟦b⟧")),
    ("LVS319", service(SORRY, server())),
    ("LVS319", "network = direct\n" + service(SORRY, server("port = 8080"))),
    ("LVS319", "network = direct\n" + service(SORRY, "fwmark = 1", server("port = 80"))),
    ("LVS319", service(SORRY, "port = 81", server(name="a", address="10.10.1.32"), server())),
    ("LVS319", service(VIP, server())),
    ("LVS319", service(VIP, "fwmark = 1")),
    ("LVS330", MARK + service("fwmark = ⟦443⟧", server(address="10.10.1.32"), name="b")),
    ("LVS330", MARK + service(server(address="10.10.1.32"), name="⟦b⟧")),
    ("LVS330", service("fwmark = 80", "port = 80") + service("fwmark = ⟦81⟧", name="b")),
]  # fmt: skip

SILENT: list[tuple[str, str]] = [
    ("LVS302", service(server())),
    ("LVS302", service(OFF, server(name="two"))),
    ("LVS302", service(server().replace("active = 1", "active = yes"))),
    ("LVS302", service("server one {\naddress = 10.10.1.31\n}")),  # LVS112
    ("LVS302", service("sever one {\nactive = 1\n}")),
    ("LVS302", "service = fos\n" + service()),
    ("LVS302", service().replace("active = 1", "active = 0")),
    ("LVS302", service().replace("}\n", "\0")),
    ("LVS311", service(server(), server("port = 8080", name="two"))),
    ("LVS311", service(server(), OFF)),
    ("LVS311", service(server()) + service("protocol = udp", server(), name="b")),
    ("LVS311", service(server()) + service("port = 443", server(), name="b")),
    ("LVS311", MARK + service("fwmark = 443", "port = 443", server(), name="b")),
    ("LVS311", service(server()) + service(server(), name="b")),  # LVS307
    ("LVS311", MARK + service("fwmark = 80", server(), name="b")),  # LVS308
    ("LVS311", service(server("port = x"), server("port = y"))),
    ("LVS311", service("server one {\nactive = 1\n}", "server two {\nactive = 1\n}")),
    ("LVS319", service("sorry_server = 10.10.1.90", server())),
    ("LVS319", service("sorry_server = 0.0.0.0", server())),
    ("LVS319", service("sorry_server = 10.10.1.31", server("port = 8080"))),
    ("LVS319", "network = direct\n" + service("sorry_server = 10.10.1.31", "fwmark = 1", server("port = 81"))),
    ("LVS319", service("sorry_server = 10.10.1.31", OFF)),
    ("LVS319", service(server()) + service("port = 81", "sorry_server = 10.10.1.31", name="b")),
    ("LVS330", MARK + service("fwmark = 443", server(), name="b")),  # LVS311
    ("LVS330", MARK + service("fwmark = 443", "port = 443", name="b")),
    ("LVS330", MARK + service("fwmark = 443", "protocol = udp", name="b")),
    ("LVS330", MARK + service("fwmark = 80", name="b")),
    ("LVS330", MARK + service("fwmark = 81", name="b", address="10.10.1.25 eth0:2")),
    ("LVS330", MARK + service("fwmark = many", name="b")),
]  # fmt: skip

DEFECTS: list[tuple[str, str, str, str]] = [
    ("direct routing", SERVERS, "", "LVS302"),
    ("direct routing", "10.10.1.32", "10.10.1.31", "LVS311"),
    ("nat", "10.11.1.32", "10.11.1.31", "LVS311"),
    ("direct routing", SERVERS, SERVERS * 2, "LVS311"),
    ("two marks on one address", _SHOP, "     fwmark = 443\n", "LVS311"),
    ("several services", "sorry_server = 10.10.1.90", "sorry_server = 10.10.1.32", "LVS319"),
    ("several services", "sorry_server = 10.10.1.90", "sorry_server = 10.10.1.25", "LVS319"),
    ("marks", "virtual ", service("fwmark = 81", "persistent = 300", 'send = "quit"', 'expect = "220"', server(address="10.10.1.33"), address="10.10.1.20 eth0:1\nvip_nmask = 255.255.255.255") + "virtual ", "LVS330"),
]  # fmt: skip
