"""Cases of the rules in `lvscf.linter.rules.values.addresses`; see `tests.cases`."""

from tests.builders import server, service
from tests.cases import Defect, Defects, Texts

INACTIVE = "virtual web {\nactive = 0\n"

FIRES: Texts = {
    "LVS107": {
        "two numbers": "primary = ⟦10.1⟧\n",
        "leading zeros in a backup": "backup = ⟦010.1.1.1⟧\n",
        "zero": "backup = ⟦0⟧\n",
        "hexadecimal in the NAT address": "nat_router = ⟦0x0a.0.0.1⟧ eth0:1\n",
        "one number": service(server().replace("10.10.1.31", "⟦167772161⟧")),
        "leading zeros in a sorry server": service("sorry_server = ⟦10.10.1.070⟧"),
        "a comment in the quotes": service('sorry_server = ⟦"10.10.1.90 # sorry"⟧'),
        "a netmask in hexadecimal": service("vip_nmask = ⟦0xffffff00⟧"),
        "a virtual server that is not active": INACTIVE + "address = ⟦10.10.20⟧ eth0:1\n}\n",
    },
    "LVS108": {
        "a prefix length": service("vip_nmask = ⟦24⟧"),
        "three numbers": service("vip_nmask = ⟦255.255.255⟧"),
        "inverted": service("vip_nmask = ⟦0.0.0.255⟧"),
        "a gap in the NAT netmask": "nat_router = 10.11.1.1 eth1:1\nnat_nmask = ⟦255.0.255.0⟧\n",
        "a prefix length for persistence": service("persistent = 300", "pmask = ⟦24⟧"),
        "a prefix length with a slash for persistence": service(
            "persistent = 300", "pmask = ⟦/24⟧"
        ),
        "what the GUI wrote for none": service("pmask = 255.255.255.0", "pmask = ⟦Unused⟧"),
        "a failover service": "service = fos\n"
        + service("vip_nmask = ⟦16⟧").replace("virtual", "failover"),
    },
    "LVS109": {
        "the primary": "primary = ⟦lvs1.example.com⟧\n",
        "a private address": "backup_private = ⟦lvs2⟧\n",
        "a VIP": service(address="⟦www.example.com⟧ eth0:1"),
        "a real server of a virtual server that is not active": INACTIVE
        + "server one {\naddress = ⟦web1⟧\n}\n}\n",
        "a directive without effect": service("master = ⟦web1⟧"),
    },
}

SILENT: Texts = {
    "LVS107": {
        "four numbers, and unset": "primary = 10.10.1.21\nbackup = 0.0.0.0\n",
        "a host name, and a number that is too large": "primary = lvs1.example.com\nbackup = 10.10.1.256\n",
        "quotes and tabs": 'backup\t=\t"10.10.1.22"\n',
        "values that other rules are about": service("vip_nmask = 24", "master = 10.1"),
        "address and device in quotes": service('address = "10.10.1.20" "eth0:1"'),
    },
    "LVS108": {
        "zero and all bits": service("vip_nmask = 0.0.0.0", "pmask = 255.255.255.255"),
        "20 and 31 bits": service("vip_nmask = 255.255.240.0", "pmask = 255.255.255.254"),
        "1 and 30 bits": service(
            "vip_nmask = 128.0.0.0", "persistent = 9", "pmask = 255.255.255.252"
        ),
        "a virtual server that is not active": INACTIVE + "vip_nmask = 24\npmask = /24\n}\n",
        "direct routing": "network = direct\nnat_router = 10.11.1.1 eth1:1\nnat_nmask = 24\n",
        "no NAT address": "nat_nmask = 24\n",
        "no persistence": service("pmask = 24"),
        "a prefix length that Piranha refuses": service("vip_nmask = /24"),
        "values that Piranha refuses": service("pmask = /24 # mask", 'pmask = "/24', "pmask /24"),
    },
    "LVS109": {
        "short forms": "primary = 10.1\nbackup = 167772161\n",
        "a sorry server, which Piranha refuses": service(
            "sorry_server = sorry", "load_monitor = uptime"
        ),
        "a device": "primary_shared = web1\n",
    },
}

DEFECTS: Defects = {
    "LVS107": {
        "a leading zero in the primary": Defect(
            "direct routing", "primary = 10.10.1.21\n", "primary = 10.10.1.021\n"
        ),
        "a leading zero in a real server": Defect(
            "direct routing", "address = 10.10.1.31\n", "address = 10.010.1.31\n"
        ),
        "a note in the quotes": Defect(
            "direct routing", "backup = 10.10.1.22\n", 'backup = "10.10.1.22 (rack 2)"\n'
        ),
    },
    "LVS108": {
        "a gap": Defect(
            "direct routing", "vip_nmask = 255.255.255.255\n", "vip_nmask = 255.255.0.255\n"
        ),
        "a prefix length": Defect(
            "direct routing", "vip_nmask = 255.255.255.255\n", "vip_nmask = 32\n"
        ),
        "inverted": Defect("nat", "nat_nmask = 255.255.255.0\n", "nat_nmask = 0.0.0.255\n"),
        "bits at the end": Defect(
            "several services", "pmask = 255.255.255.255\n", "pmask = 255.255.255.15\n"
        ),
        "a prefix length with a slash": Defect(
            "several services", "pmask = 255.255.255.255\n", "pmask = /32\n"
        ),
    },
    "LVS109": {
        "the primary": Defect("direct routing", "primary = 10.10.1.21\n", "primary = lvs1\n"),
        "a real server": Defect(
            "direct routing", "address = 10.10.1.31\n", "address = web1.example.com\n"
        ),
    },
}
