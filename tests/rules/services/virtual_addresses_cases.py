"""Cases of the rules in `lvscf.linter.rules.services.virtual_addresses`; see `tests.cases`."""

from tests.builders import failover_service, service
from tests.cases import Defect, Defects, Texts

MASK = "vip_nmask = 255.255.255.0"

FIRES: Texts = {
    "LVS303": {
        "of a virtual server": service(address="10.10.1.20 ⟦eth0⟧"),
        "of the NAT address": "nat_router = 10.11.1.1 ⟦eth1⟧\n",
        "of a failover service": "service = fos\nfailover a {\nactive = 1\naddress = 10.10.1.20 ⟦bond0⟧\n}\n",
    },
    "LVS304": {
        "two VIPs": service() + service(name="mail", address="10.10.1.30 ⟦eth0:1⟧"),
        "the NAT address and a VIP": "nat_router = 10.11.1.1 eth0:1\n"
        + service(address="10.10.1.20 ⟦eth0:1⟧"),
        "labels that are the same when cut": (
            service(address="10.10.1.20 v0:1234567890123")
            + service(name="mail", address="10.10.1.30 ⟦v0:1234567890129⟧")
        ),
    },
    "LVS305": {
        "another label": service() + service("port = 81", name="b", address="10.10.1.20 ⟦eth0:2⟧"),
        "another netmask": service(MASK)
        + service("port = 81", "vip_nmask = ⟦255.255.255.255⟧", name="b"),
        "another label, and one of another VIP between": (
            service()
            + service(name="m", address="10.10.1.30 eth0:2")
            + service("port = 81", name="b", address="10.10.1.20 ⟦eth0:2⟧")
        ),
        "failover services": "service = fos\n"
        + failover_service()
        + failover_service(name="b", address="10.10.1.20 ⟦eth1:1⟧"),
    },
    "LVS334": {
        "the loopback of a VIP": service(address="10.10.1.20 ⟦lo:1⟧"),
        "a tunnel of a VIP": service(address="10.10.1.20 ⟦tunl0:1⟧"),
        "the loopback of the NAT address": "nat_router = 10.11.1.1 ⟦lo:0⟧\n",
    },
    "LVS340": {
        "of a VIP": service(address="10.10.1.20 ⟦bond0:frontend-http⟧"),
        "of the NAT address": "nat_router = 10.11.1.1 ⟦v0:12345678901234⟧\n",
    },
}

SILENT: Texts = {
    "LVS303": {
        "a label": service(),
        "a NAT address that direct routing ignores": "network = direct\nnat_router = 10.11.1.1 eth1\n",
        "a virtual server that is not active": "virtual a {\nactive = 0\naddress = 10.10.1.20 eth0\n}\n",
        "a second virtual server on the VIP": service()
        + service(name="b", address="10.10.1.20 eth0"),
    },
    "LVS304": {
        "one VIP": service() + service("port = 443", name="b"),
        "a virtual server that is not active": service()
        + "virtual b {\nactive = 0\naddress = 10.10.1.30 eth0:1\n}\n",
        "another label": service() + service(name="b", address="10.10.1.30 eth0:2"),
        "one VIP with two labels: LVS305": (
            service()
            + service("port = 81", name="b", address="10.10.1.20 eth0:2")
            + service(name="m", address="10.10.1.30 eth0:2")
        ),
    },
    "LVS305": {
        "the same netmask": service(MASK) + service(MASK, "port = 81", name="b"),
        "a netmask in the first only": service(MASK) + service("port = 81", name="b"),
        "no netmask in the first": service("vip_nmask = 0.0.0.0")
        + service(MASK, "port = 81", name="b"),
        "a netmask that Piranha refuses": service(MASK)
        + service("vip_nmask = /24", "port = 81", name="b"),
        "a virtual server that is not active": service()
        + service(name="b", address="10.10.1.20 eth0:2").replace("tive = 1", "tive = 0"),
        "unset addresses": service(address="0.0.0.0 eth0:1")
        + service(name="b", address="0.0.0.0 eth0:2"),
    },
    "LVS334": {
        "a device of a similar name": service(address="10.10.1.20 loft0:1"),
        "no label: LVS303": service(address="10.10.1.20 lo"),
    },
    "LVS340": {
        "as long as the limit": service(address="10.10.1.20 v0:123456789012"),
        "two labels that are the same when cut: LVS304": (
            service(address="10.10.1.20 v0:1234567890123")
            + service(name="mail", address="10.10.1.30 v0:1234567890129")
        ),
    },
}

DEFECTS: Defects = {
    "LVS303": {
        "the label is removed": Defect("direct routing", "eth0:1", "eth0"),
    },
    "LVS305": {
        "another label": Defect(
            "several services",
            "virtual mail {\n     active = 1\n     address = 10.10.1.25 eth0:2",
            "virtual mail {\n     active = 1\n     address = 10.10.1.20 eth0:2",
        ),
        "another netmask": Defect(
            "several services",
            "address = 10.10.1.25 eth0:2\n     vip_nmask = 255.255.255.255",
            "address = 10.10.1.20 eth0:1\n     vip_nmask = 255.255.255.0",
        ),
    },
    "LVS334": {
        "the loopback of a VIP": Defect("direct routing", "eth0:1", "lo:1"),
    },
    "LVS340": {
        "of a VIP": Defect("direct routing", "eth0:1", "bond0:web-frontend"),
    },
}
