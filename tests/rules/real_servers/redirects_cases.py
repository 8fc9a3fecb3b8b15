"""Cases of the rules in `lvscf.linter.rules.real_servers.redirects`; see `tests.cases`."""

from tests.cases import Texts
from tests.hosts import (
    BOTH,
    DROP,
    MANGLE,
    QUIET,
    REDIRECT,
    ROUTERS,
    SERVED,
    SET,
    TO_80,
    VIP,
    marked,
    one,
    plain,
    real,
    router,
)

FIRES: Texts = {
    "LVS501": {
        "no redirection": SERVED + real("iptables -A INPUT -j ACCEPT"),
        "UDP is redirected": SERVED + real(REDIRECT.replace("tcp", "udp")),
        "in a chain that nothing jumps to": SERVED
        + real("-N VIP", REDIRECT.replace("PREROUTING", "VIP")),
        "one of two marked ports is redirected": ROUTERS
        + marked("80", one("⟦10.10.1.31⟧"))
        + router(f"-A PREROUTING {BOTH} -j MARK --set-mark 80")
        + real(REDIRECT),
        "the passive ports of FTP are not redirected": ROUTERS
        + marked("21", "port = 21", one("⟦10.10.1.31⟧"))
        + router(f"-A PREROUTING {VIP} -m multiport --dports 21,10000:20000 -j MARK --set-mark 21")
        + real(f"-A PREROUTING {VIP} --dport 21 -j REDIRECT"),
        "no redirection, and kernel settings about something else": SERVED
        + real("iptables -A INPUT -j ACCEPT")
        + "--- real-server one sysctl\nnet.ipv4.ip_forward = 0\n",
        "no redirection, and half of the ARP settings": SERVED
        + real("iptables -A INPUT -j ACCEPT")
        + "--- real-server one sysctl\nnet.ipv4.conf.all.arp_ignore = 0\nnet.ipv4.conf.all.arp_announce = 2\n",
    },
    "LVS502": {
        "another port than the server's": SERVED + real(REDIRECT + " --to-ports 8080"),
    },
    "LVS503": {
        "an earlier rule accepts": SERVED + real("-A PREROUTING -d 10.10.1.20 -j ACCEPT", REDIRECT),
        "an earlier rule has another destination": SERVED
        + real(f"-A PREROUTING {TO_80} -j DNAT --to 10.10.1.9", REDIRECT),
    },
    "LVS504": {
        "a digit too many": SERVED + real(REDIRECT.replace("1.20", "1.200")),
    },
    "LVS505": {
        "one client only": SERVED + real(f"-A PREROUTING {TO_80} -s 10.10.1.101 -j REDIRECT"),
        "one device only": SERVED + real(f"-A PREROUTING {TO_80} -i eth1 -j REDIRECT"),
        "one client is accepted first": SERVED
        + real("-A PREROUTING -s 10.10.1.103 -j ACCEPT", REDIRECT),
    },
    "LVS511": {
        "a policy of DROP": SERVED + real(REDIRECT, "iptables -P INPUT DROP"),
        "a policy of DROP, and NEW is accepted": SERVED
        + real(
            REDIRECT, "iptables -P INPUT DROP", "iptables -A INPUT -m state --state NEW -j ACCEPT"
        ),
    },
}

SILENT: Texts = {
    "LVS501": {
        "redirected": SERVED + real(REDIRECT),
        "rules of the router only": SERVED + router(SET),
        "the VIP is hidden from ARP": SERVED + real(DROP, MANGLE),
        "the VIP is hidden from ARP, with rules for packets": SERVED
        + real(DROP, MANGLE, "iptables -A INPUT -j ACCEPT"),
        "ARP settings of the kernel": SERVED
        + real("iptables -A INPUT -j ACCEPT")
        + "--- real-server one sysctl\n"
        + QUIET,
        "tunnelling": (SERVED + real("iptables -A INPUT -j ACCEPT")).replace(
            "= direct", "= tunnel"
        ),
        "a real server that is not active": SERVED.replace(
            "active = 1\naddress = ⟦10.10.1.31", "active = 0\naddress = ⟦10.10.1.31"
        )
        + real("iptables -A INPUT -j ACCEPT"),
        "a range of ports that may have other services": ROUTERS
        + marked("80", one())
        + router(f"-A PREROUTING {VIP} --dport 1:1023 -j MARK --set-mark 80")
        + real(REDIRECT),
        "another way to take the VIP": SERVED
        + real(f"-A PREROUTING {TO_80} -j DNAT --to 10.10.1.31"),
    },
    "LVS502": {
        "the server's own port": ROUTERS
        + plain(one("10.10.1.31", "port = 8080"))
        + real(REDIRECT + " --to-ports 8080"),
    },
    "LVS503": {
        "a later rule accepts": SERVED + real(REDIRECT, "-A PREROUTING -d 10.10.1.20 -j ACCEPT"),
    },
    "LVS504": {
        "another address beside the VIP": SERVED
        + real(REDIRECT, "-A PREROUTING -p tcp -d 10.10.1.99 --dport 80 -j REDIRECT"),
    },
    "LVS505": {
        "the device of the VIP": SERVED + real(f"-A PREROUTING {TO_80} -i eth0 -j REDIRECT"),
        "a whole network": SERVED + real(f"-A PREROUTING {TO_80} -s 10.10.1.0/24 -j REDIRECT"),
    },
    "LVS511": {
        "the port is accepted": SERVED
        + real(REDIRECT, "iptables -P INPUT DROP", "iptables -A INPUT -p tcp --dport 80 -j ACCEPT"),
    },
}
