"""Cases of the rules in `lvscf.linter.rules.services.server_pool`; see `tests.cases`."""

from tests.builders import server, service
from tests.cases import Defect, Defects, Texts
from tests.good import SERVERS

OFF = server().replace("active = 1", "active = 0")

SORRY = "sorry_server = ⟦10.10.1.31⟧"

VIP = "sorry_server = ⟦10.10.1.20⟧"

FIRES: Texts = {
    "LVS302": {
        "no server": service(name="⟦web⟧"),
        "no active server": service(OFF, name="⟦web⟧"),
        "a sorry server only": service(server())
        + service("sorry_server = 10.10.1.90", "port = 81", name="⟦b⟧"),
    },
    "LVS319": {
        "a real server of the pool": service(SORRY, server()),
        "a real server, whatever its port, with direct routing": "network = direct\n"
        + service(SORRY, server("port = 8080")),
        "a real server of a mark, with direct routing": "network = direct\n"
        + service(SORRY, "fwmark = 1", server("port = 80")),
        "the second of two servers": service(
            SORRY, "port = 81", server(name="a", address="10.10.1.32"), server()
        ),
        "the VIP": service(VIP, server()),
        "the VIP of a mark": service(VIP, "fwmark = 1"),
    },
}

SILENT: Texts = {
    "LVS302": {
        "one server": service(server()),
        "one of two servers is active": service(OFF, server(name="two")),
        "a switch that Piranha refuses": service(server().replace("active = 1", "active = yes")),
        "a server whose activity is not set": service("server one {\naddress = 10.10.1.31\n}"),
        "a misspelt server": service("sever one {\nactive = 1\n}"),
        "a failover cluster": "service = fos\n" + service(),
        "a virtual server that is not active": service().replace("active = 1", "active = 0"),
        "a file that ends inside the block": service().replace("}\n", "\0"),
    },
    "LVS319": {
        "another address": service("sorry_server = 10.10.1.90", server()),
        "an unset address": service("sorry_server = 0.0.0.0", server()),
        "a real server with another port, with NAT": service(
            "sorry_server = 10.10.1.31", server("port = 8080")
        ),
        "a real server of a mark with another port": "network = direct\n"
        + service("sorry_server = 10.10.1.31", "fwmark = 1", server("port = 81")),
        "a real server that is not active": service("sorry_server = 10.10.1.31", OFF),
        "a real server of another virtual server": service(server())
        + service("port = 81", "sorry_server = 10.10.1.31", name="b"),
    },
}

DEFECTS: Defects = {
    "LVS302": {
        "all servers removed": Defect("direct routing", SERVERS, ""),
    },
    "LVS319": {
        "a real server of the pool": Defect(
            "several services", "sorry_server = 10.10.1.90", "sorry_server = 10.10.1.32"
        ),
        "the VIP": Defect(
            "several services", "sorry_server = 10.10.1.90", "sorry_server = 10.10.1.25"
        ),
    },
}
