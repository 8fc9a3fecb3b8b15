"""Cases of the rules in `lvscf.linter.rules.marks.way_to_ipvs`; see `tests.cases`."""

from tests.cases import Texts
from tests.hosts import HERE, INVALID, REDIRECT, ROUTERS, SET, TO_80, WEB, marked, plain, router

FIRES: Texts = {
    "LVS411": {
        "a policy of DROP": ROUTERS
        + plain().replace("http", "⟦http⟧")
        + router("iptables -P INPUT DROP"),
        "a rule that rejects the port, after the mark": ROUTERS
        + marked().replace("web", "⟦web⟧")
        + router(SET, "iptables -A INPUT -p tcp --dport 80 -j REJECT"),
    },
    "LVS412": {
        "redirected on the router": ROUTERS
        + plain().replace("http", "⟦http⟧")
        + router(f"iptables -t nat {REDIRECT}"),
        "another destination": ROUTERS
        + plain().replace("http", "⟦http⟧")
        + router(f"iptables -t nat -A PREROUTING {TO_80} -j DNAT --to 10.10.1.9"),
    },
}

SILENT: Texts = {
    "LVS411": {
        "one client is dropped": ROUTERS
        + plain()
        + router("iptables -A INPUT -s 198.51.100.7 -j DROP"),
        "a policy of DROP, and a network is accepted": ROUTERS
        + plain()
        + router("iptables -P INPUT DROP", "iptables -A INPUT -s 10.10.1.0/24 -j ACCEPT"),
        "INVALID is dropped: LVS416": WEB + HERE + f"{INVALID} -j DROP\n",
        "NEW without SYN is dropped: LVS417": WEB
        + HERE
        + "iptables -A INPUT -p tcp ! --syn -m state --state NEW -j DROP\n",
    },
    "LVS412": {
        "another address is redirected": ROUTERS
        + plain()
        + router("iptables -t nat -A PREROUTING -p tcp -d 10.10.1.99 --dport 80 -j REDIRECT"),
    },
}
