"""Cases of the rules in `lvscf.linter.rules.services.server_addresses`; see `tests.cases`."""

from tests.builders import ROUTERS, at, service
from tests.cases import Defect, Defects, Texts

DIRECT = "network = direct\n"

MASK = "vip_nmask = 255.255.255.0"

FIRES: Texts = {
    "LVS317": {
        "the backup's address": ROUTERS + service(at("⟦10.10.1.22⟧")),
        "the primary's private address": ROUTERS
        + "primary_private = 10.11.1.21\n"
        + service(at("⟦10.11.1.21⟧")),
        "the primary's address in two virtual servers": ROUTERS
        + service(at("⟦10.10.1.21⟧"))
        + service(at("10.10.1.21"), name="b"),
        "the NAT address": "nat_router = 10.11.1.1 eth1:1\n" + service(at("⟦10.11.1.1⟧")),
        "a host name": "primary = lvs1\n" + service(at("⟦lvs1⟧")),
    },
    "LVS318": {
        "the VIP of its own virtual server": service(at("⟦10.10.1.20⟧")),
        "the VIP of another virtual server": service(at("⟦10.10.1.30⟧"))
        + service(name="b", address="10.10.1.30 eth0:2"),
    },
    "LVS322": {
        "one of two servers": DIRECT
        + ROUTERS
        + service(MASK, at("⟦10.10.2.31⟧"), at("10.10.1.31", name="b")),
        "two servers": DIRECT
        + ROUTERS
        + service(at("⟦192.168.7.31⟧"), at("192.168.7.32", name="b")),
        "no routers": DIRECT + service("vip_nmask = 255.255.255.255", at("⟦11.10.1.31⟧")),
    },
}

SILENT: Texts = {
    "LVS317": {
        "another address": ROUTERS + service(at("10.10.1.31")),
        "a server that is not active": ROUTERS
        + service(at("10.10.1.21").replace("active = 1", "active = 0")),
        "unset addresses": "backup = 0.0.0.0\n" + service(at("0.0.0.0")),
        "a NAT address that direct routing ignores": DIRECT
        + "nat_router = 10.11.1.1 eth1:1\n"
        + service(at("10.11.1.1")),
    },
    "LVS318": {
        "another address": service(at("10.10.1.31")),
        "the primary's address: LVS317": "primary = 10.10.1.20\n" + service(at("10.10.1.20")),
        "the VIP of a virtual server that is not active": (
            service(at("10.10.1.30")) + "virtual b {\nactive = 0\naddress = 10.10.1.30 eth0:2\n}\n"
        ),
    },
    "LVS322": {
        "in the VIP's network": DIRECT + ROUTERS + service(MASK, at("10.10.1.31")),
        "a netmask of one address": DIRECT
        + ROUTERS
        + service("vip_nmask = 255.255.255.255", at("10.99.1.31")),
        "in the network of a private address": DIRECT
        + ROUTERS
        + "primary_private = 192.168.1.1\n"
        + service(MASK, at("192.168.7.31")),
        "a router with a name": DIRECT + "primary = lvs1\n" + service(MASK, at("192.168.7.31")),
        "a server with a name": DIRECT + ROUTERS + service(MASK, at("web1.example.com")),
        "tunnelling": "network = tunnel\n" + ROUTERS + service(MASK, at("192.168.7.31")),
    },
}

DEFECTS: Defects = {
    "LVS317": {
        "the backup's address": Defect("direct routing", "10.10.1.31", "10.10.1.22"),
        "the NAT address": Defect("nat", "10.11.1.31", "10.11.1.1"),
        "the primary's address": Defect("nat", "10.11.1.31", "192.0.2.11"),
    },
    "LVS318": {
        "the VIP, with direct routing": Defect("direct routing", "10.10.1.31", "10.10.1.20"),
        "the VIP, with NAT": Defect("nat", "10.11.1.31", "192.0.2.20"),
    },
    "LVS322": {
        "one of two servers": Defect("direct routing", "10.10.1.31", "192.168.10.31"),
    },
}
