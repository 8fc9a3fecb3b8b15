"""Cases of the rules in `lvscf.linter.rules.marks.missing_marks`; see `tests.cases`."""

from tests.cases import Texts
from tests.hosts import MARK, OFF, REDIRECT, ROUTERS, SET, TO_80, VIP, marked, real, router

FIRES: Texts = {
    "LVS401": {
        "a rule for another address": MARK
        + router("-A PREROUTING -p tcp -d 10.10.1.99 --dport 80 -j MARK --set-mark 80"),
        "a rule for another port": MARK
        + router(f"-A PREROUTING {VIP} --dport 81 -j MARK --set-mark 80"),
        "no rule that marks": MARK + router("iptables -A INPUT -j ACCEPT"),
        "no rule on the backup": MARK
        + router(SET, host="10.10.1.21")
        + router("-P INPUT ACCEPT", host="10.10.1.22"),
    },
    "LVS402": {
        "the digits of the mark's hexadecimal form": MARK
        + router(f"-A PREROUTING {TO_80} -j MARK --set-mark 50"),
        "hexadecimal digits for a decimal mark": MARK
        + router(f"-A PREROUTING {TO_80} -j MARK --set-mark 0x80"),
        "another mark": MARK + router(f"-A PREROUTING {TO_80} -j MARK --set-mark 7"),
        "another mark for another port": MARK
        + router(SET, f"-A PREROUTING {VIP} --dport 443 -j MARK --set-mark 50"),
    },
    "LVS403": {
        "a later rule sets another mark": MARK
        + router(SET, "-A PREROUTING -d 10.10.1.20 -j MARK --set-mark 1"),
        "an earlier rule accepts": MARK + router("-A PREROUTING -d 10.10.1.20 -j ACCEPT", SET),
        "an earlier rule returns": MARK + router("-A PREROUTING -d 10.10.1.20 -j RETURN", SET),
        "an earlier rule drops": MARK + router("-A PREROUTING -p tcp --dport 80 -j DROP", SET),
    },
    "LVS404": {
        "a chain that nothing jumps to": MARK + router("-N LVS", SET.replace("PREROUTING", "LVS")),
        "OUTPUT": MARK + router(SET.replace("PREROUTING", "OUTPUT")),
        "the table nat": MARK + router(f"iptables -t nat {SET}"),
    },
    "LVS406": {
        "one client only": MARK
        + router(f"-A PREROUTING {TO_80} -s 10.10.1.101 -j MARK --set-mark 80"),
        "one device only": MARK + router(f"-A PREROUTING {TO_80} -i eth1 -j MARK --set-mark 80"),
        "established connections only": MARK
        + router(f"-A PREROUTING {TO_80} -m state --state ESTABLISHED -j MARK --set-mark 80"),
        "one client returns first": MARK + router("-A PREROUTING -s 10.10.1.103 -j RETURN", SET),
    },
    "LVS410": {
        "a label for a device": MARK
        + router(f"-A PREROUTING {TO_80} -i eth0:1 -j MARK --set-mark 80"),
    },
    "LVS414": {
        "UDP for a service over TCP": MARK + router(SET.replace("tcp", "udp")),
    },
}

SILENT: Texts = {
    "LVS401": {
        "a rule for the VIP and its port": MARK + router(SET),
        "the mark in octal": MARK
        + router(SET.replace("80 -j MARK --set-mark 80", "80 -j MARK --set-mark 0120")),
        "a virtual server that is not active": OFF + router("-P INPUT ACCEPT"),
        "rules of a real server only": MARK + real(REDIRECT),
        "a variable for the mark": MARK + router(SET.replace("--set-mark 80", "--set-mark $MARK")),
        "a variable for the address": MARK + router(SET.replace("10.10.1.20", "$VIP")),
        "in mangle INPUT": MARK + router(SET.replace("PREROUTING", "INPUT")),
    },
    "LVS402": {
        "hexadecimal in lvs.cf": ROUTERS + marked("0x50") + router(SET),
        "hexadecimal in the rules": MARK + router(SET.replace("-mark 80", "-mark 0x50")),
    },
    "LVS403": {
        "a later rule accepts": MARK + router(SET, "-A PREROUTING -d 10.10.1.20 -j ACCEPT"),
        "a later mark for another port": MARK
        + router(SET, f"-A PREROUTING {VIP} --dport 443 -j MARK --set-mark 7"),
    },
    "LVS404": {
        "a chain that PREROUTING jumps to": MARK
        + router("-N LVS", "-A PREROUTING -j LVS", SET.replace("PREROUTING", "LVS")),
    },
    "LVS406": {
        "a whole network": MARK
        + router(f"-A PREROUTING {TO_80} -s 10.10.1.0/24 -j MARK --set-mark 80"),
        "the device of the VIP": MARK
        + router(f"-A PREROUTING {TO_80} -i eth0 -j MARK --set-mark 80"),
        "up to a limit": MARK
        + router(f"-A PREROUTING {TO_80} -m limit --limit 5/s -j MARK --set-mark 80"),
    },
    "LVS410": {
        "a device": MARK + router(f"-A PREROUTING {TO_80} -i eth0 -j MARK --set-mark 80"),
    },
    "LVS414": {
        "the protocol of the service": MARK + router(SET),
    },
}
