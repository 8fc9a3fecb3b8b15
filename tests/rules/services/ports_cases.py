"""LVS3: the ports of virtual servers and real servers.  See the package for the marks."""

from tests.builders import server, service

DIRECT = "network = direct\n"
OTHER = server("port = 8080", name="two")

FIRES: list[tuple[str, str]] = [
    ("LVS309", service(server(), "port = ⟦8080⟧")),
    ("LVS309", service("port = 81", server(), "port = ⟦80⟧")),
    ("LVS310", "network = direct\n" + service(server("port = ⟦8080⟧"))),
    ("LVS310", "network = tunnel\n" + service("port = 81", server("port = ⟦80⟧"))),
    ("LVS312", DIRECT + service(server(), server("port = ⟦8080⟧", name="two"))),
    ("LVS312", DIRECT + service(server("port = ⟦8080⟧", name="two"), server())),
    ("LVS312", "network = tunnel\n" + service(server("port = 81"), server("port = ⟦82⟧", name="b"))),
    ("LVS312", DIRECT + service("port = 8080", server(address="⟦10.10.1.31⟧"), "port = 80", server())),
    ("LVS329", service("port = ⟦0⟧")),
    ("LVS329", service("port = ⟦0⟧", "persistent = 0", server())),
    ("LVS329", service("port = ⟦0⟧", "persistent = 300", server(), server(name="b"))),
    ("LVS329", service("port = ⟦0x0⟧", "fwmark = 1", server(), server("port = 80", name="b"))),
    ("LVS329", service(server("port = ⟦0⟧"))),
    ("LVS329", service("port = 0", "fwmark = 1", server("port = ⟦0⟧"))),
]  # fmt: skip

SILENT: list[tuple[str, str]] = [
    ("LVS309", service("port = 8080", server())),
    ("LVS309", service(server(), "port = 80")),
    ("LVS309", service(server("port = 80"), "port = 8080")),
    ("LVS310", "network = direct\n" + service("port = 8080", server("port = 8080"))),
    ("LVS310", "network = nat\n" + service(server("port = 8080"))),
    ("LVS310", "network = direct\n" + service("fwmark = 1", server("port = 8080"))),
    ("LVS310", "network = dr\n" + service(server("port = 8080"))),
    ("LVS310", DIRECT + service(server(), OTHER)),
    ("LVS310", DIRECT + service(server("port = -1"))),
    ("LVS310", DIRECT + service(server("port = 0"))),
    ("LVS312", service(server(), OTHER)),
    ("LVS312", DIRECT + service("fwmark = 1", server(), OTHER)),
    ("LVS312", DIRECT + service(server(), server(name="two"))),
    ("LVS312", DIRECT + service(server(), server("port = -1", name="two"))),
    ("LVS312", DIRECT + service(server(), OTHER.replace("active = 1", "active = 0"))),
    ("LVS312", DIRECT + service(server(), server("port = 80a", name="two"))),
    ("LVS329", service("port = 0", "persistent = 300", server("port = 80"))),
    ("LVS329", service("port = 0", "persistent = 300", 'send_program = "/bin/check %h"', server())),
    ("LVS329", service("port = 0", "fwmark = 1", server("port = 80"))),
    ("LVS329", service("port = 0", "persistent = 5m", server("port = 80"))),
    ("LVS329", service("port = 0", "active = 0")),
]  # fmt: skip

_TWO = "10.10.1.32\n         active = 1\n"

DEFECTS: list[tuple[str, str, str, str]] = [
    ("direct routing", _TWO, _TWO + "         port = 8080\n", "LVS310"),
    ("direct routing", _TWO, "10.10.1.31\n         active = 1\n         port = 8080\n", "LVS312"),
    ("tunnel", "203.0.113.32\n", "198.51.100.31\n         port = 8080\n", "LVS312"),
    ("direct routing", "port = 80\n", "port = 0\n", "LVS329"),
    ("direct routing", _TWO, _TWO + "         port = 0\n", "LVS329"),
    ("nat", "port = 8080", "port = 0", "LVS329"),
]  # fmt: skip
