"""Cases of the rules in `lvscf.linter.rules.services.definitions`; see `tests.cases`."""

from tests.builders import server, service
from tests.cases import Defect, Defects, Texts

FIRES: Texts = {
    "LVS301": {
        "a virtual server": "virtual ⟦web⟧ {\nactive = 1\n}\n",
        "a real server": service("server ⟦one⟧ {\nactive = 1\n}"),
        "a failover service": "service = fos\nfailover ⟦db⟧ {\nactive = 1\n}\n",
    },
    "LVS307": {
        "the same port in hexadecimal": service() + service("port = 0x50", name="⟦web2⟧"),
        "the same port over UDP": service("protocol = udp") + service("protocol = udp", name="⟦b⟧"),
    },
    "LVS308": {
        "the same mark in hexadecimal": service("fwmark = 80")
        + service("fwmark = ⟦0x50⟧", name="b"),
        "the same mark, and another scheduler": service("fwmark = 80")
        + service("fwmark = ⟦80⟧", "scheduler = rr", name="b"),
    },
}

SILENT: Texts = {
    "LVS301": {
        "a virtual server that is not active": "virtual a {\n}\n",
        "an address": service(server()),
        "a real server of a virtual server that is not active": "virtual a {\nactive = 0\nserver b {\nactive = 1\n}\n}\n",
        "a failover service that is not in force": "failover a {\nactive = 1\n}\n",
        "an address without a device": "virtual a {\nactive = 1\naddress = 10.10.1.20\n}\n",
    },
    "LVS307": {
        "another protocol": service() + service("protocol = udp", name="b"),
        "another port": service() + service("port = 443", name="b"),
        "a mark": service() + service("fwmark = 1", name="b"),
        "a port that Piranha refuses": service() + service("port = nosuch", name="b"),
    },
    "LVS308": {
        "another mark": service("fwmark = 80") + service("fwmark = 81", name="b"),
        "zero: LVS106": service("fwmark = 0") + service("fwmark = 0", "port = 81", name="b"),
    },
}

DEFECTS: Defects = {
    "LVS301": {
        "a virtual server's is removed": Defect(
            "direct routing", "     address = 10.10.1.20 eth0:1\n", ""
        ),
        "a real server's is removed": Defect(
            "direct routing", "         address = 10.10.1.31\n", ""
        ),
    },
}
