"""Cases of the rules in `lvscf.linter.rules.routers.own_addresses`; see `tests.cases`."""

from tests.builders import ROUTERS, failover, server, service
from tests.cases import Texts
from tests.hosts import DIRECT, HERE

BACKUP = "--- router 10.10.1.22\n"
LO = (
    "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN\n"
    "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n"
    "    inet 127.0.0.1/8 scope host lo\n"
)
MAC = "    link/ether 02:00:00:00:00:0{0} brd ff:ff:ff:ff:ff:ff\n"
ETH0 = "2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP\n" + MAC.format(
    1
)
ETH1 = "3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP\n" + MAC.format(
    2
)
OWN = "    inet 10.10.1.21/24 brd 10.10.1.255 scope global eth0\n"
PRIVATE = "    inet 10.11.1.21/24 brd 10.11.1.255 scope global eth1\n"
VIP = "    inet 10.10.1.20/32 scope global eth0:1\n"
PUBLIC = LO + ETH0 + OWN
BOTH = PUBLIC + ETH1 + PRIVATE
PATHS = (
    "primary = 10.10.1.21\nprimary_private = 10.11.1.21\nbackup = 10.10.1.22\n"
    "backup_private = 10.11.1.22\nbackup_active = 1\n"
)
LOCAL = "10.10.1.0/24 dev eth0 proto kernel scope link src 10.10.1.21\n"
OTHER = "10.11.1.0/24 dev eth1 proto kernel scope link src 10.11.1.21\n"
NAT = "primary = ⟦10.10.1.21⟧\nnetwork = nat\n"
IFCFG = "DEVICE=eth0:1\nIPADDR=10.10.1.20\nNETMASK=255.255.255.255\nONBOOT=yes\n"


def at(device: str) -> str:
    """A cluster whose VIP is on a device."""
    return DIRECT + service(address=f"10.10.1.20 {device}")


def held_by(backup: str) -> str:
    """A pair of which the primary has the VIP, and the addresses of its backup."""
    pair = ROUTERS + service(address="⟦10.10.1.20⟧ eth0:1") + HERE + PUBLIC + VIP + BACKUP
    return pair + (PUBLIC + backup).replace("10.10.1.21", "10.10.1.22")


FIRES: Texts = {
    "LVS218": {
        "the primary has another": PATHS.replace("10.10.1.21", "⟦10.10.1.23⟧")
        + "--- router 10.11.1.21\n"
        + BOTH,
        "the backup has another": PATHS.replace("10.10.1.22", "⟦10.10.1.23⟧")
        + "--- router 10.11.1.22\n"
        + BOTH.replace("1.21", "1.22"),
        "an alias": DIRECT.replace("10.10.1.21", "⟦10.10.1.25⟧")
        + "--- router 10.10.1.25\n"
        + PUBLIC
        + "    inet 10.10.1.25/24 scope global secondary eth0:9\n",
        "a secondary address": DIRECT.replace("10.10.1.21", "⟦10.10.1.25⟧")
        + "--- router 10.10.1.25\n"
        + PUBLIC
        + "    inet 10.10.1.25/24 scope global secondary eth0\n",
        "files of the other router": ROUTERS.replace("10.10.1.21", "⟦10.10.1.21⟧")
        + HERE
        + PUBLIC.replace("10.10.1.21", "10.10.1.22"),
        "a single router without a name": DIRECT.replace("10.10.1.21", "⟦10.10.1.23⟧")
        + "--- router\n"
        + PUBLIC,
    },
    "LVS219": {
        "the primary": PATHS.replace("10.11.1.21", "⟦10.11.1.23⟧") + HERE + BOTH,
        "the backup": PATHS.replace("10.11.1.22", "⟦10.11.1.23⟧")
        + BACKUP
        + BOTH.replace("1.21", "1.22"),
    },
    "LVS220": {
        "a VIP": at("⟦eth2:1⟧") + HERE + BOTH,
        "the NAT router address": DIRECT.replace("direct", "nat")
        + "nat_router = 10.11.1.1 ⟦eth2:1⟧\n"
        + HERE
        + BOTH,
        "on both": ROUTERS
        + service(address="10.10.1.20 ⟦eth2:1⟧")
        + HERE
        + BOTH
        + BACKUP
        + BOTH.replace("1.21", "1.22"),
    },
    "LVS221": {
        "a VIP": at("⟦eth1:1⟧") + HERE + BOTH,
        "a VIP that is up": at("⟦eth1:1⟧") + HERE + BOTH + VIP.replace("eth0", "eth1"),
        "the NAT router address": DIRECT.replace("direct", "nat")
        + "nat_router = 10.11.1.1 ⟦eth0:1⟧\n"
        + HERE
        + BOTH,
        "a device without an address": at("⟦eth1:1⟧") + HERE + PUBLIC + ETH1,
    },
    "LVS222": {
        "NAT": NAT + service() + HERE + LOCAL + OTHER,
        "a failover cluster": "primary = ⟦10.10.1.21⟧\n" + failover() + HERE + LOCAL + OTHER,
    },
    "LVS229": {
        "the VIP": DIRECT + service(address="⟦10.10.1.20⟧ eth0:1") + HERE + IFCFG,
    },
    "LVS230": {
        "the VIP": held_by(VIP),
        "with another prefix": held_by(VIP.replace("/32", "/24")),
    },
}

SILENT: Texts = {
    "LVS218": {
        "both addresses": PATHS + HERE + BOTH + BACKUP + BOTH.replace("1.21", "1.22"),
        "not all addresses are shown": DIRECT.replace("1.21", "1.23") + "--- router\n" + ETH0 + OWN,
        "which router it is, is not known": ROUTERS.replace("1.21", "1.23")
        + "--- router\n"
        + PUBLIC,
        "the backup's address may be an alias": ROUTERS
        + BACKUP
        + PUBLIC
        + "    inet 10.10.1.22/24 scope global secondary eth0:9\n",
        "the VIP is up": DIRECT + service() + HERE + PUBLIC + VIP,
    },
    "LVS219": {
        "both": PATHS + HERE + BOTH + BACKUP + BOTH.replace("1.21", "1.22"),
        "one path": ROUTERS + HERE + PUBLIC,
        "no backup in use": PATHS.replace("10.11.1.21", "10.11.1.23").replace(
            "active = 1", "active = 0"
        )
        + HERE
        + BOTH,
    },
    "LVS220": {
        "an alias of a device": at("eth0:1") + HERE + BOTH,
        "not all devices are shown": at("eth2:1") + HERE + ETH0 + OWN,
        "inactive": at("eth2:1").replace("active = 1", "active = 0") + HERE + BOTH,
    },
    "LVS221": {
        "its network": at("eth0:1") + HERE + BOTH,
        "a network that no device has": at("eth0:1").replace("10.10.1.20", "192.0.2.20")
        + HERE
        + BOTH,
        "a network on two devices": at("eth1:1")
        + HERE
        + BOTH
        + OWN.replace("21", "29").replace("eth0", "eth1"),
    },
    "LVS222": {
        "there is one": NAT + service() + HERE + "default via 10.10.1.1 dev eth0\n" + LOCAL + OTHER,
        "direct routing": DIRECT + service() + HERE + LOCAL + OTHER,
    },
    "LVS229": {
        "its own address": DIRECT + service() + HERE + IFCFG.replace("1.20", "1.21"),
        "on the loopback device": DIRECT + service() + HERE + IFCFG.replace("eth0", "lo"),
        "not at boot": DIRECT + service() + HERE + PUBLIC + VIP,
    },
    "LVS230": {
        "only the primary": held_by(""),
        "a script of the backup that may bring it up": held_by("")
        + BACKUP
        + "#!/bin/sh\n/sbin/ifconfig eth0:1 10.10.1.20 netmask 255.255.255.255 up\n",
        "not all addresses are shown": held_by(VIP).replace(LO, ""),
        "on the loopback device of a router that is a real server": held_by(
            "    inet 10.10.1.20/32 scope global lo:0\n"
        ).replace("virtual web {\n", f"virtual web {{\n{server(address='10.10.1.22')}\n"),
        "on the loopback device": (LO + "    inet 10.10.1.20/32 scope global lo:0\n").join(
            held_by("").rsplit(LO, 1)
        ),
    },
}
