"""Cases of the rules in `lvscf.linter.rules.services.duplicates`; see `tests.cases`."""

from tests.builders import server, service
from tests.cases import Defect, Defects, Texts
from tests.good import SERVERS

MARK = service("fwmark = 80", server())

OFF = server().replace("active = 1", "active = 0")

SHOP = "     fwmark = 81\n     port = 81\n"

FIRES: Texts = {
    "LVS311": {
        "the same address": service(server(), server(name="two", address="⟦10.10.1.31⟧")),
        "the same address, and the port after it": service(
            server(), server(name="two", address="⟦10.10.1.31⟧"), "port = 80"
        ),
        "another spelling of the address": service(
            "fwmark = 1", server(), server("weight = 2", address="⟦012.10.1.31⟧")
        ),
        "another spelling of the port": service(
            server("port = 80"), server("port = 0x50", address="⟦10.10.1.31⟧")
        ),
        "in a virtual server with a mark and one with another": MARK
        + service("fwmark = 443", server(), name="⟦b⟧"),
        "in two virtual servers with marks, and one has port 80": MARK
        + service("fwmark = 443", "port = ⟦80⟧", server(), name="b"),
        "in virtual servers with and without a mark": MARK
        + service(server(name="other"), server(address="10.10.1.32"), name="⟦b⟧"),
        "twice in a virtual server that shares it": service(server())
        + service("fwmark = 1", server(), server(), name="⟦b⟧"),
    },
    "LVS330": {
        "two marks, and other servers": MARK
        + service("fwmark = ⟦443⟧", server(address="10.10.1.32"), name="b"),
        "a mark, and the port it covers": MARK + service(server(address="10.10.1.32"), name="⟦b⟧"),
        "port 80 in words and by default": service("fwmark = 80", "port = 80")
        + service("fwmark = ⟦81⟧", name="b"),
    },
}

SILENT: Texts = {
    "LVS311": {
        "another port": service(server(), server("port = 8080", name="two")),
        "one of them is not active": service(server(), OFF),
        "another protocol": service(server()) + service("protocol = udp", server(), name="b"),
        "another port of the virtual server": service(server())
        + service("port = 443", server(), name="b"),
        "another port of a virtual server with a mark": MARK
        + service("fwmark = 443", "port = 443", server(), name="b"),
        "one port of one address: LVS307": service(server()) + service(server(), name="b"),
        "one mark: LVS308": MARK + service("fwmark = 80", server(), name="b"),
        "ports that Piranha refuses": service(server("port = x"), server("port = y")),
        "no addresses": service("server one {\nactive = 1\n}", "server two {\nactive = 1\n}"),
    },
    "LVS330": {
        "shared servers: LVS311": MARK + service("fwmark = 443", server(), name="b"),
        "another port": MARK + service("fwmark = 443", "port = 443", name="b"),
        "another protocol": MARK + service("fwmark = 443", "protocol = udp", name="b"),
        "one mark: LVS308": MARK + service("fwmark = 80", name="b"),
        "another address": MARK + service("fwmark = 81", name="b", address="10.10.1.25 eth0:2"),
        "a mark that Piranha refuses": MARK + service("fwmark = many", name="b"),
    },
}

DEFECTS: Defects = {
    "LVS311": {
        "in a pool for direct routing": Defect("direct routing", "10.10.1.32", "10.10.1.31"),
        "in a pool for NAT": Defect("nat", "10.11.1.32", "10.11.1.31"),
        "the whole pool is repeated": Defect("direct routing", SERVERS, SERVERS * 2),
        "in virtual servers with marks": Defect(
            "two marks on one address", SHOP, "     fwmark = 443\n"
        ),
    },
    "LVS330": {
        "a second mark for the address": Defect(
            "marks",
            "virtual ",
            service(
                "fwmark = 81",
                "persistent = 300",
                'send = "quit"',
                'expect = "220"',
                server(address="10.10.1.33"),
                address="10.10.1.20 eth0:1\nvip_nmask = 255.255.255.255",
            )
            + "virtual ",
        ),
    },
}
