"""Cases of the rules in `lvscf.linter.rules.running_table.services`; see `tests.cases`."""

from tests.builders import ROUTERS, server, service
from tests.cases import Texts
from tests.hosts import DIRECT, HERE, marked

BACKUP = "--- router 10.10.1.22\n"
EMPTY = (
    "IP Virtual Server version 1.2.1 (size=4096)\n"
    "Prot LocalAddress:Port Scheduler Flags\n"
    "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n"
)
WEB = "-A -t 10.10.1.20:80 -s wlc\n"
SHOP = "-A -t 10.10.1.20:443 -s wlc\n"
TWO = DIRECT + service() + service("port = ⟦443⟧", name="shop")
NO_VIP = (
    "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n"
    "2: eth0: <BROADCAST,UP,LOWER_UP> mtu 1500\n    inet 10.10.1.22/24 scope global eth0\n"
)

FIRES: Texts = {
    "LVS440": {
        "one of two": TWO + HERE + WEB,
        "a listing": TWO + HERE + EMPTY + "TCP  10.10.1.20:80 wlc\n",
        "another protocol": TWO + HERE + WEB + SHOP.replace("-t", "-u"),
        "another mark": DIRECT + marked("⟦80⟧") + HERE + "-A -f 443 -s wlc -p 300\n",
        "an address in place of the mark": DIRECT + marked("⟦80⟧") + HERE + WEB,
        "all of several": DIRECT
        + service("port = ⟦80⟧")
        + service("port = 443", name="shop")
        + HERE
        + "-A -t 10.10.1.25:80 -s wlc\n",
        "the table of the backup": TWO.replace(DIRECT, ROUTERS) + BACKUP + WEB,
        "a mark that two have": DIRECT
        + marked("80")
        + marked("80", name="⟦shop⟧")
        + HERE
        + "-A -f 80 -s wlc -p 300\n",
        "an address that two have": DIRECT + service() + service(name="⟦shop⟧") + HERE + WEB,
    },
    "LVS441": {
        "an unknown port": DIRECT + service() + HERE + WEB + f"⟦{SHOP.strip()}⟧\n",
        "an unknown mark": DIRECT + service() + HERE + WEB + "⟦-A -f 443 -s wlc⟧\n",
        "an inactive virtual server": DIRECT
        + service()
        + service("port = 443", name="shop").replace("active = 1", "active = ⟦0⟧")
        + HERE
        + WEB
        + SHOP,
        "many": DIRECT
        + service()
        + HERE
        + WEB
        + "⟦-A -t 10.10.1.20:1 -s wlc⟧\n"
        + "".join(f"-A -t 10.10.1.20:{port} -s wlc\n" for port in (2, 3, 4, 5, 6)),
    },
    "LVS445": {
        "another scheduler": DIRECT
        + service("scheduler = ⟦wlc⟧")
        + HERE
        + WEB.replace("wlc", "rr"),
        "not the default": DIRECT + service(name="⟦web⟧") + HERE + WEB.replace("wlc", "rr"),
        "in a script": DIRECT
        + service("scheduler = ⟦wlc⟧")
        + HERE
        + "ipvsadm -C\nipvsadm -A -t 10.10.1.20:80 -s rr\n",
    },
    "LVS446": {
        "another time": DIRECT + service("persistent = ⟦300⟧") + HERE + WEB[:-1] + " -p 360\n",
        "not persistent": DIRECT + service("persistent = ⟦300⟧") + HERE + WEB,
        "persistent": DIRECT + service(name="⟦web⟧") + HERE + WEB[:-1] + " -p 360\n",
        "another mask": DIRECT
        + service("persistent = 300", "pmask = ⟦255.255.255.0⟧")
        + HERE
        + WEB[:-1]
        + " -p 300\n",
        "a mask that the kernel's file shows": DIRECT
        + service("persistent = 300", name="⟦web⟧")
        + HERE
        + EMPTY.replace("           Forward", " Forward")
        + "TCP  0A0A0114:0050 wlc persistent 300000 FFFFFF00\n",
    },
    "LVS448": {
        "a single router": DIRECT.replace("10.10.1.21", "⟦10.10.1.21⟧") + service() + HERE + EMPTY,
        "one of a pair": ROUTERS.replace("10.10.1.21", "⟦10.10.1.21⟧") + service() + HERE + EMPTY,
        "both of a pair": ROUTERS.replace("10.10.1.21", "⟦10.10.1.21⟧")
        + service()
        + HERE
        + EMPTY
        + BACKUP
        + EMPTY,
        "left over on the inactive router": ROUTERS.replace("10.10.1.22", "⟦10.10.1.22⟧")
        + service()
        + HERE
        + WEB
        + BACKUP
        + WEB.replace("wlc", "rr")
        + BACKUP
        + NO_VIP,
        "both have services": ROUTERS.replace("10.10.1.22", "⟦10.10.1.22⟧")
        + service()
        + HERE
        + WEB
        + BACKUP
        + WEB,
    },
}

ONE = server()
SILENT: Texts = {
    "LVS440": {
        "all are there": TWO + HERE + WEB + SHOP,
        "the table is not given": TWO + HERE + "iptables -P INPUT DROP\n",
        "an empty table": TWO + HERE + EMPTY,
        "a script may not be all": TWO + HERE + f"ipvsadm {WEB}",
        "names may be anything": TWO + HERE + "-A -t lvs.example.com:80 -s wlc\n",
        "inactive": TWO.replace("active = 1", "active = 0")
        + HERE
        + EMPTY
        + "TCP  10.10.1.25:80 wlc\n",
        "lvs.cf cannot be read": TWO.replace("port = ", "port = x") + HERE + WEB,
        "an unknown router": TWO + "--- router 10.10.1.29\n" + WEB,
    },
    "LVS441": {
        "all are known": TWO + HERE + WEB + SHOP,
        "the table of an inactive router": ROUTERS
        + service()
        + BACKUP
        + WEB
        + SHOP
        + BACKUP
        + NO_VIP,
        "a name may be any address": DIRECT
        + service(address="lvs.example.com eth0:1")
        + HERE
        + WEB,
    },
    "LVS445": {
        "the same": DIRECT + service("scheduler = rr") + HERE + WEB.replace("wlc", "rr"),
        "not shown": DIRECT
        + service()
        + HERE
        + "Prot LocalAddress:Port   Conns InPkts OutPkts InBytes OutBytes\n"
        + "TCP  10.10.1.20:80 0 0 0 0 0\n",
    },
    "LVS446": {
        "the same": DIRECT
        + service("persistent = 300", "pmask = 255.255.255.0")
        + HERE
        + WEB[:-1]
        + " -p 300 -M 255.255.255.0\n",
        "the length is not shown": DIRECT
        + service("persistent = 300")
        + HERE
        + EMPTY.replace("           Forward", " Forward")
        + "TCP  0A0A0114:0050 wlc persistent 360000 FFFFFFFF\n",
    },
    "LVS448": {
        "the primary is active": ROUTERS + service() + HERE + WEB + BACKUP + EMPTY,
        "the backup is active": ROUTERS + service() + HERE + EMPTY + BACKUP + WEB,
        "no service is active": DIRECT + HERE + EMPTY,
    },
}
