"""Cases of the rules in `lvscf.linter.rules.services.nat`; see `tests.cases`."""

from tests.builders import ROUTERS, at, failover_service, server, service
from tests.cases import Defect, Defects, Texts

DIRECT = "network = direct\n"

MASK = "vip_nmask = 255.255.255.0"

FIRES: Texts = {
    "LVS320": {
        "no NAT address": "network = ⟦nat⟧\n" + service(server()),
        "no NAT address, and the kind of forwarding by default": "⟦serial_no = 1⟧\n"
        + service(server()),
        "a netmask without an address": "network = ⟦nat⟧\nnat_nmask = 255.255.255.0\n"
        + service(server()),
        "an unset address": "nat_router = ⟦0.0.0.0 eth1:1⟧\n" + service(),
        "an address that direct routing ignores": DIRECT
        + "nat_router = ⟦10.11.1.1 eth1:1⟧\nnat_nmask = 255.0.0.0\n"
        + service(),
        "a netmask that tunnelling ignores": "network = tunnel\nnat_nmask = ⟦255.255.255.0⟧\n"
        + service(),
    },
    "LVS321": {
        "in the VIP's network": service(MASK, at("10.10.1.31"), address="⟦10.10.1.20⟧ eth0:1"),
        "two servers, and two virtual servers": (
            service(
                MASK, at("10.10.1.31"), at("10.10.1.32", name="b"), address="⟦10.10.1.20⟧ eth0:1"
            )
            + service("port = 81", at("10.10.1.31"), name="b")
        ),
        "in the network of the NAT address": (
            "nat_router = 10.10.1.1 eth0:2\nnat_nmask = 255.255.255.0\n"
            + service(
                "vip_nmask = 255.255.255.255", at("10.10.1.31"), address="⟦10.10.1.20⟧ eth0:1"
            )
        ),
    },
    "LVS323": {
        "the VIP of one virtual server": "nat_router = ⟦10.10.1.20⟧ eth1:1\n" + service(),
        "the VIP of two virtual servers, on one device": "nat_router = ⟦10.10.1.20⟧ eth0:1\n"
        + service()
        + service("port = 81", name="b"),
    },
    "LVS335": {
        "the port of a real server": "network = nat\nnat_router = 10.11.1.1 eth1:1\n"
        + service("fwmark = 80", "port = 80", "persistent = 300", server("port = ⟦8080⟧")),
    },
}

SILENT: Texts = {
    "LVS320": {
        "a NAT address": "nat_router = 10.11.1.1 eth1:1\n" + service(server()),
        "no real server": "network = nat\n" + service(),
        "direct routing": DIRECT + service(server()),
        "a kind of forwarding that Piranha refuses": "network = dr\n" + service(server()),
        "an address without a device": "nat_router = 10.11.1.1\n" + service(server()),
        "a failover cluster": "service = fos\n" + failover_service(),
    },
    "LVS321": {
        "direct routing": DIRECT + service(MASK, at("10.10.1.31")),
        "another network": service(MASK, at("10.11.1.31")),
        "a netmask of one address": service("vip_nmask = 255.255.255.255", at("10.10.1.31")),
        "no netmask": service(at("10.10.1.31")),
        "a netmask with gaps": service("vip_nmask = 255.0.255.0", at("10.10.1.31")),
        "a host name": service(MASK, at("web1.example.com")),
        "addresses of the cluster itself": ROUTERS
        + service(MASK, at("10.10.1.20"), at("10.10.1.21", name="b")),
        "the VIP is the NAT address": "nat_router = 10.10.1.20 eth1:1\n"
        + service(MASK, at("10.10.1.31")),
    },
    "LVS323": {
        "another address": "nat_router = 10.11.1.1 eth1:1\n" + service(),
        "direct routing": DIRECT + "nat_router = 10.10.1.20 eth1:1\n" + service(),
        "unset addresses": "nat_router = 0.0.0.0 eth1:1\n" + service(address="0.0.0.0 eth0:1"),
    },
    "LVS335": {
        "the same port": service(
            "fwmark = 80", "port = 80", "persistent = 300", server("port = 80")
        ),
        "no persistence": service("fwmark = 80", "port = 80", server("port = 8080")),
        "no mark": service("port = 80", "persistent = 300", server("port = 8080")),
        "direct routing": DIRECT
        + service("fwmark = 80", "port = 80", "persistent = 300", server("port = 8080")),
    },
}

DEFECTS: Defects = {
    "LVS320": {
        "the address is removed": Defect("nat", "nat_router = 10.11.1.1 eth1:1\n", ""),
        "the address is unset": Defect(
            "nat", "nat_router = 10.11.1.1 eth1:1\n", "nat_router = 0.0.0.0 eth1:1\n"
        ),
        "a netmask for direct routing": Defect(
            "direct routing", "network = direct\n", "network = direct\nnat_nmask = 255.0.0.0\n"
        ),
    },
    "LVS321": {
        "in the VIP's network": Defect("nat", "10.11.1.31", "192.0.2.31"),
    },
    "LVS323": {
        "the NAT address becomes the VIP": Defect(
            "nat", "nat_router = 10.11.1.1 eth1:1", "nat_router = 192.0.2.20 eth1:1"
        ),
        "the VIP becomes the NAT address": Defect("nat", "192.0.2.20", "10.11.1.1"),
    },
}
