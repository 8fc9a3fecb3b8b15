"""Cases of the rules in `lvscf.linter.rules.values.directives`; see `tests.cases`."""

from tests.builders import server, service
from tests.cases import Defect, Defects, Texts

FIRES: Texts = {
    "LVS101": {
        "the same value twice": "⟦keepalive = 6⟧\nkeepalive = 6\n",
        "two ports of a virtual server": service("⟦port = 80⟧", "port = 81"),
        "two weights of a real server": service(server("⟦weight = 1⟧", "weight = 2")),
    },
    "LVS102": {
        "virtual servers": service() + "virtual ⟦web⟧ {\nactive = 0\n}\n",
        "real servers": service(server(), server(name="⟦one⟧", address="10.10.1.32")),
        "failover services": "failover a {\nactive = 0\n}\nfailover ⟦a⟧ {\nactive = 0\n}\n",
    },
    "LVS103": {
        "at the top": "keepalive = ⟦010⟧\n",
        "a port": service("port = ⟦0120⟧"),
        "a negative weight": service(server("weight = ⟦-010⟧")),
    },
    "LVS112": {
        "a virtual server": "virtual ⟦web⟧ {\naddress = 10.10.1.20 eth0:1\n}\n",
        "a failover service": "failover ⟦db⟧ {\n}\n",
        "a real server": service("server ⟦one⟧ {\naddress = 10.10.1.31\n}"),
    },
    "LVS116": {
        "nothing but a serial number": "⟦serial_no = 1⟧\n",
        "a comment and a directive": "# nothing\n⟦keepalive = 6⟧\n",
        "a virtual server that is not active": "virtual ⟦web⟧ {\nactive = 0\n}\n",
        "a virtual server without a switch": "virtual ⟦web⟧ {\n}\n",
        "a failover cluster with a virtual server": "service = ⟦fos⟧\n" + service(),
    },
}

SILENT: Texts = {
    "LVS101": {
        "one each in two virtual servers": service("port = 80") + service("port = 80", name="b"),
        "the first is refused": "keepalive = six\nkeepalive = 6\n",
    },
    "LVS102": {
        "one name in two virtual servers": service(server()) + service(server(), name="b"),
        "the same server twice: LVS311": service(server(), server()),
    },
    "LVS103": {
        "numbers that are the same in octal, and hexadecimal": "keepalive = 0\ndeadtime = 07\nserial_no = 0x10\n",
        "a command": "active_cmd = 010\n",
    },
    "LVS112": {
        "blocks that need no switch": service(server())
        + "failover a {\nactive = 0\nserver b {\n}\n}\n",
        "a switch that Piranha refuses": "virtual a {\nactive = yes\n}\n",
        "a misspelt switch": "virtual a {\nactve = 1\n}\n",
    },
    "LVS116": {
        "a virtual server": service(),
        "a failover cluster": "service = fos\nfailover a {\nactive = 1\n}\n",
        "a kind of service that Piranha refuses": "service = ha\n",
        "a switch that Piranha refuses": "virtual a {\nactive = yes\n}\n",
        "nothing is read": "\0virtual a {\n",
    },
}

DEFECTS: Defects = {
    "LVS101": {
        "the same value twice": Defect(
            "direct routing", "keepalive = 6\n", "keepalive = 6\nkeepalive = 6\n"
        ),
        "two ports of a virtual server": Defect(
            "direct routing", "     port = 80\n", "     port = 80\n     port = 81\n"
        ),
    },
    "LVS102": {
        "real servers": Defect("direct routing", "server two", "server one"),
    },
    "LVS103": {
        "a timeout": Defect("direct routing", "timeout = 6\n", "timeout = 010\n"),
    },
    "LVS112": {
        "a virtual server's is removed": Defect("direct routing", "         active = 1\n", ""),
    },
    "LVS116": {
        "the virtual server is turned off": Defect(
            "direct routing", "     active = 1\n", "     active = 0\n"
        ),
        "a failover service among virtual servers": Defect(
            "failover", "service = fos\n", "service = lvs\n"
        ),
        "a virtual server in a failover cluster": Defect(
            "direct routing", "service = lvs\n", "service = fos\n"
        ),
    },
}
