"""Cases of the rules in `lvscf.linter.rules.marks.mark_scope`; see `tests.cases`."""

from tests.cases import Texts
from tests.hosts import BOTH, MARK, ROUTERS, SET, TO_80, VIP, marked, plain, router

FIRES: Texts = {
    "LVS405": {
        "a network instead of the VIP": MARK
        + router(f"-A PREROUTING {VIP}/24 --dport 80 -j MARK --set-mark 80"),
        "no address": MARK + router("-A PREROUTING -p tcp --dport 80 -j MARK --set-mark 80"),
        "no port": MARK + router(f"-A PREROUTING {VIP} -j MARK --set-mark 80"),
    },
    "LVS407": {
        "a mark for another port of the VIP": "⟦primary = 10.10.1.21⟧\n"
        + plain()
        + router(f"-A PREROUTING {VIP} --dport 443 -j MARK --set-mark 7"),
    },
    "LVS408": {
        "the mark covers the port of another virtual server": ROUTERS
        + marked()
        + plain("port = 443").replace("http", "⟦http⟧")
        + router(f"-A PREROUTING {BOTH} -j MARK --set-mark 80"),
    },
    "LVS409": {
        "the backup marks one port more": MARK
        + router(SET, host="10.10.1.21")
        + router(f"-A PREROUTING {BOTH} -j MARK --set-mark 80", host="10.10.1.22"),
    },
    "LVS413": {
        "FTP without its data port": ROUTERS
        + marked("⟦21⟧", "port = 21")
        + router(f"-A PREROUTING {VIP} --dport 21 -j MARK --set-mark 21"),
    },
    "LVS415": {
        "a mask after the mark": MARK + router(SET + "/0xff"),
    },
}

SILENT: Texts = {
    "LVS405": {
        "the VIP and its port": MARK + router(SET),
        "a variable for the address": MARK + router(SET.replace("10.10.1.20", "$VIP")),
        "a variable for the port": MARK + router(SET.replace("--dport 80", "--dport $PORT")),
        "a host name": MARK + router(SET.replace("10.10.1.20", "vip.example.com")),
        "a set of addresses": MARK
        + router(SET.replace("-d 10.10.1.20", "-m set --match-set vips dst")),
        "a chain that a variable leads to": MARK
        + router(
            "-N L", "-A PREROUTING -d $VIP -j L", "-A L -p tcp --dport 80 -j MARK --set-mark 80"
        ),
        "a chain that the VIP and its port lead to": MARK
        + router("-N L", f"-A PREROUTING {TO_80} -j L", "-A L -j MARK --set-mark 80"),
    },
    "LVS407": {
        "the mark of a virtual server": MARK + router(SET),
        "a mark for a port that has a virtual server": MARK
        + router(
            *(f"-A PREROUTING {VIP} --dport {port} -j MARK --set-mark 7" for port in (80, 443))
        ),
        "another device": MARK + router(SET, "-A PREROUTING -i eth2 -j MARK --set-mark 7"),
        "marks that are saved for connections": MARK
        + router(
            SET,
            f"-A PREROUTING {VIP} --dport 25 -j MARK --set-mark 7",
            "-A PREROUTING -j CONNMARK --save-mark",
        ),
    },
    "LVS408": {
        "the mark covers its own port": ROUTERS + marked() + plain("port = 443") + router(SET),
    },
    "LVS409": {
        "the same rules on both": MARK
        + router(SET, host="10.10.1.21")
        + router(SET, host="10.10.1.22"),
        "rules of one router only": MARK + router(SET, host="10.10.1.21"),
        "two files of one router": MARK
        + router(SET, host="10.10.1.21")
        + router(f"-A PREROUTING {BOTH} -j MARK --set-mark 80", host="10.10.1.21"),
    },
    "LVS413": {
        "FTP with its data port": ROUTERS
        + marked("21", "port = 21")
        + router(f"-A PREROUTING {VIP} -m multiport --dports 20,21 -j MARK --set-mark 21"),
    },
    "LVS415": {
        "no mask": MARK + router(SET),
    },
}
