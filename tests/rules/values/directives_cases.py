"""LVS1: values.  See the package for the marks."""

from tests.builders import server, service

FIRES: list[tuple[str, str]] = [
    ("LVS101", "⟦keepalive = 6⟧\nkeepalive = 6\n"),
    ("LVS101", service("⟦port = 80⟧", "port = 81")),
    ("LVS101", service(server("⟦weight = 1⟧", "weight = 2"))),
    ("LVS102", service() + "virtual ⟦web⟧ {\nactive = 0\n}\n"),
    ("LVS102", service(server(), server(name="⟦one⟧", address="10.10.1.32"))),
    ("LVS102", "failover a {\nactive = 0\n}\nfailover ⟦a⟧ {\nactive = 0\n}\n"),
    ("LVS103", "keepalive = ⟦010⟧\n"),
    ("LVS103", service("port = ⟦0120⟧")),
    ("LVS103", service(server("weight = ⟦-010⟧"))),
    ("LVS112", "virtual ⟦web⟧ {\naddress = 10.10.1.20 eth0:1\n}\n"),
    ("LVS112", "failover ⟦db⟧ {\n}\n"),
    ("LVS112", service("server ⟦one⟧ {\naddress = 10.10.1.31\n}")),
    ("LVS116", "⟦serial_no = 1⟧\n"),
    ("LVS116", "# nothing\n⟦keepalive = 6⟧\n"),
    ("LVS116", "virtual ⟦web⟧ {\nactive = 0\n}\n"),
    ("LVS116", "virtual ⟦web⟧ {\n}\n"),
    ("LVS116", "service = ⟦fos⟧\n" + service()),
]

SILENT: list[tuple[str, str]] = [
    ("LVS101", service("port = 80") + service("port = 80", name="b")),
    ("LVS101", "keepalive = six\nkeepalive = 6\n"),
    ("LVS102", service(server()) + service(server(), name="b")),
    ("LVS102", service(server(), server())),
    ("LVS103", "keepalive = 0\ndeadtime = 07\nserial_no = 0x10\n"),
    ("LVS103", "active_cmd = 010\n"),
    ("LVS112", service(server()) + "failover a {\nactive = 0\nserver b {\n}\n}\n"),
    ("LVS112", "virtual a {\nactive = yes\n}\n"),
    ("LVS112", "virtual a {\nactve = 1\n}\n"),
    ("LVS116", service()),
    ("LVS116", "service = fos\nfailover a {\nactive = 1\n}\n"),
    ("LVS116", "service = ha\n"),
    ("LVS116", "virtual a {\nactive = yes\n}\n"),
    ("LVS116", "\0virtual a {\n"),
]  # fmt: skip

DEFECTS: list[tuple[str, str, str, str]] = [
    ("direct routing", "keepalive = 6\n", "keepalive = 6\nkeepalive = 6\n", "LVS101"),
    ("direct routing", "server two", "server one", "LVS102"),
    ("direct routing", "timeout = 6\n", "timeout = 010\n", "LVS103"),
    ("direct routing", "         active = 1\n", "", "LVS112"),
    ("direct routing", "     active = 1\n", "     active = 0\n", "LVS116"),
    ("direct routing", "     port = 80\n", "     port = 80\n     port = 81\n", "LVS101"),
]  # fmt: skip
