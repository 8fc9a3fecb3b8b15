"""Cases of the rules in `lvscf.linter.rules.services.ports`; see `tests.cases`."""

from tests.builders import server, service
from tests.cases import Defect, Defects, Texts

DIRECT = "network = direct\n"

OTHER = server("port = 8080", name="two")

TWO = "10.10.1.32\n         active = 1\n"

FIRES: Texts = {
    "LVS309": {
        "8080 after a server": service(server(), "port = ⟦8080⟧"),
        "back to 80 after a server": service("port = 81", server(), "port = ⟦80⟧"),
    },
    "LVS310": {
        "direct routing": "network = direct\n" + service(server("port = ⟦8080⟧")),
        "tunnelling": "network = tunnel\n" + service("port = 81", server("port = ⟦80⟧")),
    },
    "LVS312": {
        "the second has another port": DIRECT
        + service(server(), server("port = ⟦8080⟧", name="two")),
        "the first has another port": DIRECT
        + service(server("port = ⟦8080⟧", name="two"), server()),
        "both have other ports, with tunnelling": "network = tunnel\n"
        + service(server("port = 81"), server("port = ⟦82⟧", name="b")),
        "the virtual server's port changes between them": DIRECT
        + service("port = 8080", server(address="⟦10.10.1.31⟧"), "port = 80", server()),
    },
    "LVS329": {
        "without persistence": service("port = ⟦0⟧"),
        "persistence turned off": service("port = ⟦0⟧", "persistent = 0", server()),
        "with persistence, for two servers": service(
            "port = ⟦0⟧", "persistent = 300", server(), server(name="b")
        ),
        "with a mark, for one of two servers": service(
            "port = ⟦0x0⟧", "fwmark = 1", server(), server("port = 80", name="b")
        ),
        "of a real server": service(server("port = ⟦0⟧")),
        "of a real server with a mark": service("port = 0", "fwmark = 1", server("port = ⟦0⟧")),
    },
}

SILENT: Texts = {
    "LVS309": {
        "before the server": service("port = 8080", server()),
        "the default": service(server(), "port = 80"),
        "the server has a port of its own": service(server("port = 80"), "port = 8080"),
    },
    "LVS310": {
        "the same port": "network = direct\n" + service("port = 8080", server("port = 8080")),
        "NAT": "network = nat\n" + service(server("port = 8080")),
        "a mark": "network = direct\n" + service("fwmark = 1", server("port = 8080")),
        "a kind of forwarding that Piranha refuses": "network = dr\n"
        + service(server("port = 8080")),
        "one address with two ports: LVS312": DIRECT + service(server(), OTHER),
        "a negative port: LVS105": DIRECT + service(server("port = -1")),
        "port 0: LVS329": DIRECT + service(server("port = 0")),
    },
    "LVS312": {
        "NAT": service(server(), OTHER),
        "a mark": DIRECT + service("fwmark = 1", server(), OTHER),
        "the same port: LVS311": DIRECT + service(server(), server(name="two")),
        "a negative port: LVS105": DIRECT + service(server(), server("port = -1", name="two")),
        "one is not active": DIRECT + service(server(), OTHER.replace("active = 1", "active = 0")),
        "a port that Piranha refuses": DIRECT + service(server(), server("port = 80a", name="two")),
    },
    "LVS329": {
        "with persistence, where servers have ports": service(
            "port = 0", "persistent = 300", server("port = 80")
        ),
        "with persistence and a program that checks": service(
            "port = 0", "persistent = 300", 'send_program = "/bin/check %h"', server()
        ),
        "with a mark, where servers have ports": service(
            "port = 0", "fwmark = 1", server("port = 80")
        ),
        "a timeout that Piranha refuses": service(
            "port = 0", "persistent = 5m", server("port = 80")
        ),
        "a virtual server that is not active": service("port = 0", "active = 0"),
    },
}

DEFECTS: Defects = {
    "LVS310": {
        "another port of one server": Defect("direct routing", TWO, TWO + "         port = 8080\n"),
    },
    "LVS312": {
        "direct routing": Defect(
            "direct routing", TWO, "10.10.1.31\n         active = 1\n         port = 8080\n"
        ),
        "tunnelling": Defect("tunnel", "203.0.113.32\n", "198.51.100.31\n         port = 8080\n"),
    },
    "LVS329": {
        "of a virtual server": Defect("direct routing", "port = 80\n", "port = 0\n"),
        "of a real server": Defect("direct routing", TWO, TWO + "         port = 0\n"),
        "of a real server with NAT": Defect("nat", "port = 8080", "port = 0"),
    },
}
