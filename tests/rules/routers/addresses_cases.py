"""Cases of the rules in `lvscf.linter.rules.routers.addresses`; see `tests.cases`."""

from tests.builders import ROUTERS, service
from tests.cases import Defect, Defects, Texts

FIRES: Texts = {
    "LVS207": {
        "both routers have one address": ROUTERS.replace("10.10.1.22", "⟦10.10.1.21⟧"),
        "both routers have one name": "primary = lvs1\nbackup = ⟦lvs1⟧\nbackup_active = 1\n",
        "both private addresses are one": ROUTERS
        + "primary_private = 10.11.1.21\nbackup_private = ⟦10.11.1.21⟧\n",
        "the backup's private address is the primary's public one": ROUTERS
        + "primary_private = 10.11.1.21\nbackup_private = ⟦10.10.1.21⟧\n",
        "the backup's address is the primary's private one": (
            ROUTERS.replace("10.10.1.22", "⟦10.11.1.9⟧")
            + "primary_private = 10.11.1.9\nbackup_private = 10.11.1.8\n"
        ),
        "a VIP is the backup's address": ROUTERS + service(address="⟦10.10.1.22⟧ eth0:1"),
        "a VIP is the backup's private address": ROUTERS
        + "backup_private = 10.11.1.22\n"
        + service(address="⟦10.11.1.22⟧ eth0:1"),
        "the NAT address is the primary's": ROUTERS
        + "nat_router = ⟦10.10.1.21⟧ eth1:1\n"
        + service(),
        "two virtual servers have the primary's address": (
            ROUTERS
            + service(address="⟦10.10.1.21⟧ eth0:1")
            + service("port = 443", name="b", address="10.10.1.21 eth0:1")
        ),
        "a VIP is the address of a single router": "primary = 10.10.1.20\n"
        + service(address="⟦10.10.1.20⟧ eth0:1"),
        "a failover service has the primary's address": ROUTERS
        + "service = fos\nfailover a {\nactive = 1\naddress = ⟦10.10.1.21⟧ eth0:1\n}\n",
    },
    "LVS209": {
        "only the primary has one": ROUTERS + "primary_private = ⟦10.11.1.21⟧\n",
        "the backup's repeats its public one": ROUTERS
        + "primary_private = 10.11.1.21\nbackup_private = ⟦10.10.1.22⟧\n",
        "only the backup has one": ROUTERS + "backup_private = ⟦10.11.1.22⟧\n",
        "the primary's repeats its public one, the backup's does not": ROUTERS
        + "primary_private = ⟦10.10.1.21⟧\nbackup_private = 10.11.1.22\n",
        "the primary's repeats its public one": ROUTERS + "primary_private = ⟦10.10.1.21⟧\n",
    },
}

SILENT: Texts = {
    "LVS207": {
        "all are different": ROUTERS + service(),
        "no backup is active": "primary = 10.10.1.21\nbackup = 10.10.1.21\n",
        "private addresses that repeat the primary's public one": ROUTERS
        + "primary_private = 10.10.1.21\nbackup_private = 10.10.1.21\n",
        "a private address of the backup without one of the primary": ROUTERS
        + "backup_private = 10.10.1.21\n",
        "a virtual server that is not active": ROUTERS
        + "virtual a {\nactive = 0\naddress = 10.10.1.21 eth0:1\n}\n",
        "a NAT address that direct routing ignores": ROUTERS
        + "network = direct\nnat_router = 10.10.1.21 eth1:1\n"
        + service(),
        "different names": "primary = lvs1\nbackup = lvs2\nbackup_active = 1\n",
        "unset addresses": "backup = 0.0.0.0\n" + service(address="0.0.0.0 eth0:1"),
    },
    "LVS209": {
        "neither has one": ROUTERS,
        "both have one": ROUTERS + "primary_private = 10.11.1.21\nbackup_private = 10.11.1.22\n",
        "an unset address of the backup": ROUTERS
        + "primary_private = 10.11.1.21\nbackup_private = 0.0.0.0\n",
        "an address that Piranha refuses": ROUTERS
        + "primary_private = 10.11.1.256\nbackup_private = 10.11.1.22\n",
        "no backup": "primary = 10.10.1.21\nprimary_private = 10.11.1.21\n",
    },
}

DEFECTS: Defects = {
    "LVS207": {
        "both routers have one address": Defect(
            "direct routing", "backup = 10.10.1.22\n", "backup = 10.10.1.21\n"
        ),
        "a VIP is the backup's address": Defect("direct routing", "10.10.1.20", "10.10.1.22"),
        "a failover service has the primary's address": Defect(
            "failover", "10.10.1.20", "10.10.1.21"
        ),
        "a VIP is the address of a single router": Defect(
            "single router", "10.10.1.20", "10.10.1.21"
        ),
        "both private addresses are one": Defect(
            "nat", "backup_private = 10.11.1.12\n", "backup_private = 10.11.1.11\n"
        ),
        "the NAT address is the backup's private one": Defect(
            "nat", "nat_router = 10.11.1.1 ", "nat_router = 10.11.1.12 "
        ),
    },
    "LVS209": {
        "the backup's is removed": Defect("nat", "backup_private = 10.11.1.12\n", ""),
        "the primary's is removed": Defect("nat", "primary_private = 10.11.1.11\n", ""),
        "the primary's repeats its public one": Defect(
            "nat", "primary_private = 10.11.1.11\n", "primary_private = 192.0.2.11\n"
        ),
        "the backup's repeats its public one": Defect(
            "nat", "backup_private = 10.11.1.12\n", "backup_private = 192.0.2.12\n"
        ),
    },
}
