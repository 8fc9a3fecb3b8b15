"""Cases of the rules in `lvscf.linter.rules.services.netmasks`; see `tests.cases`."""

from tests.builders import at, failover_service, service
from tests.cases import Defect, Defects, Texts

MASK = "vip_nmask = 255.255.255.0"

DIRECT = "network = direct\n"

FIRES: Texts = {
    "LVS306": {
        "a VIP of class A": service(address="⟦10.10.1.20⟧ eth0:1"),
        "a netmask of zero": service("vip_nmask = ⟦0.0.0.0⟧"),
        "a VIP of class C": service(address="⟦192.168.1.20⟧ eth0:1"),
        "a NAT address without a netmask": "nat_router = ⟦10.11.1.1⟧ eth1:1\n",
        "a NAT address with a netmask of zero": "nat_router = 10.11.1.1 eth1:1\nnat_nmask = ⟦0⟧\n",
        "a failover service": "service = fos\n" + failover_service(address="⟦10.10.1.20⟧ eth0:1"),
        "a later virtual server has the netmask": service(address="⟦10.10.1.20⟧ eth0:1")
        + service(MASK, "port = 81", name="b"),
        "a VIP beside a NAT address with a netmask": (
            "nat_router = 10.11.1.1 eth1:1\nnat_nmask = 255.255.255.0\n"
            + service(at("10.11.1.31"), address="⟦10.10.1.20⟧ eth0:1")
        ),
    },
    "LVS324": {
        "a multicast VIP": service(address="⟦224.0.0.18⟧ eth0:1"),
        "the limited broadcast": service(address="⟦255.255.255.255⟧ eth0:1"),
        "the broadcast address of the VIP's network": service(MASK, address="⟦10.10.1.255⟧ eth0:1"),
        "the address of the VIP's network": service(
            "vip_nmask = 255.255.255.192", address="⟦10.10.1.64⟧ eth0:1"
        ),
        "a loopback address in two virtual servers": service(at("⟦127.0.0.1⟧"))
        + service(at("127.0.0.1"), name="b"),
        "a multicast address of a real server": service(at("⟦239.1.1.1⟧")),
        "a real server at the broadcast address of the VIP's network": service(
            MASK, at("⟦10.10.1.255⟧")
        ),
        "a real server at the address of the NAT network": "nat_router = 10.11.1.1 eth1:1\nnat_nmask = 255.255.255.0\n"
        + service(at("⟦10.11.1.0⟧")),
    },
}

SILENT: Texts = {
    "LVS306": {
        "a netmask": service(MASK),
        "a later virtual server without a netmask": service(MASK) + service("port = 81", name="b"),
        "a netmask that Piranha refuses": service("vip_nmask = Unused"),
        "a host name": service(address="www.example.com eth0:1"),
        "an unset address": service(address="0.0.0.0 eth0:1"),
        "a multicast address: LVS324": service(address="224.0.0.18 eth0:1"),
        "a virtual server that is not active": "virtual a {\nactive = 0\naddress = 10.10.1.20 eth0:1\n}\n",
        "a NAT address that direct routing ignores": DIRECT + "nat_router = 10.11.1.1 eth1:1\n",
    },
    "LVS324": {
        "an ordinary VIP": service(MASK),
        "a network of two addresses": service(
            "vip_nmask = 255.255.255.254", address="10.10.1.254 eth0:1"
        ),
        "a network of one address": service(
            "vip_nmask = 255.255.255.255", address="10.10.1.255 eth0:1"
        ),
        "an address in the middle of a wide network": service(
            "vip_nmask = 255.255.0.0", at("10.10.1.255"), address="10.10.1.0 eth0:1"
        ),
        "a network of unknown size": service(at("10.10.1.255"), at("web.example.com", name="b")),
        "an unset address": service(address="0.0.0.0 eth0:1"),
    },
}

DEFECTS: Defects = {
    "LVS306": {
        "the VIP's is removed": Defect("direct routing", "     vip_nmask = 255.255.255.255\n", ""),
        "the VIP's becomes zero": Defect(
            "direct routing", "vip_nmask = 255.255.255.255", "vip_nmask = 0.0.0.0"
        ),
        "the NAT address's is removed": Defect("nat", "nat_nmask = 255.255.255.0\n", ""),
        "the failover service's is removed": Defect(
            "failover", "     vip_nmask = 255.255.255.0\n", ""
        ),
    },
    "LVS324": {
        "a loopback address of a real server": Defect("direct routing", "10.10.1.31", "127.0.0.1"),
        "a multicast VIP": Defect("direct routing", "10.10.1.20 eth0:1", "239.10.1.20 eth0:1"),
        "a broadcast address of a real server": Defect("nat", "10.11.1.31", "10.11.1.255"),
        "the VIP at its network's broadcast address": Defect("nat", "192.0.2.20", "192.0.2.255"),
    },
}
