"""Cases of the rules in `lvscf.linter.rules.real_servers.redirect_scope`; see `tests.cases`."""

from tests.cases import Texts
from tests.hosts import BOTH, DROP, MANGLE, REDIRECT, ROUTERS, SERVED, VIP, marked, one, real

FIRES: Texts = {
    "LVS506": {
        "no address": SERVED + real("-A PREROUTING -p tcp --dport 80 -j REDIRECT"),
        "a network instead of the VIP": SERVED + real(REDIRECT.replace("1.20", "1.20/24")),
    },
    "LVS507": {
        "another address of the VIP's network": SERVED
        + real(REDIRECT, "-A PREROUTING -p tcp -d 10.10.1.77 --dport 80 -j REDIRECT"),
        "another port of the VIP": SERVED
        + real(REDIRECT, f"-A PREROUTING {VIP} --dport 25 -j REDIRECT"),
    },
    "LVS508": {
        "answers about the VIP are dropped, requests keep its address": SERVED + real(DROP),
        "requests are changed, answers stay": SERVED + real(MANGLE),
        "arp_ignore for lo only": SERVED
        + "--- real-server one sysctl\nnet.ipv4.conf.lo.arp_ignore = 1\n",
        "arp_ignore and arp_announce for lo only": SERVED
        + real("iptables -A INPUT -j ACCEPT")
        + "--- real-server one sysctl\nnet.ipv4.conf.lo.arp_ignore = 1\nnet.ipv4.conf.lo.arp_announce = 2\n",
        "arp_ignore in default, for later devices only": SERVED
        + "--- real-server one sysctl\nnet/ipv4/conf/default/arp_ignore = 1\nnet.ipv4.conf.all.arp_ignore = 0\nnet.ipv4.conf.eth0.arp_ignore = 0\n",
    },
    "LVS509": {
        "the destination is changed instead of the source": SERVED
        + real(DROP, MANGLE.replace("OUT -s", "OUT -d")),
    },
    "LVS510": {
        "changed to the VIP": SERVED + real(DROP, MANGLE.replace("10.10.1.31", "10.10.1.20")),
    },
    "LVS512": {
        "NAT": (SERVED + real(REDIRECT)).replace("network = direct", "network = nat"),
    },
}

SILENT: Texts = {
    "LVS506": {
        "the VIP": SERVED + real(REDIRECT),
        "a variable for the address": SERVED + real(REDIRECT.replace("10.10.1.20", "$VIP")),
    },
    "LVS507": {
        "the VIP and its port": SERVED + real(REDIRECT),
        "the ports of a mark": ROUTERS
        + marked("80", one())
        + real(f"-A PREROUTING {BOTH} -j REDIRECT"),
    },
    "LVS508": {
        "both rules": SERVED + real(DROP, MANGLE),
        "both rules with a variable": SERVED
        + real(DROP.replace("10.10.1.20", "$VIP"), MANGLE.replace("10.10.1.20", "$VIP")),
        "a variable for the real server": SERVED + real(DROP, MANGLE.replace("10.10.1.31", "$RIP")),
        "a redirection, and a rule for another address": SERVED
        + real(REDIRECT)
        + real("arptables -A IN -d 10.10.1.99 -j DROP"),
    },
    "LVS509": {
        "the source is changed": SERVED + real(DROP, MANGLE),
    },
    "LVS510": {
        "changed to the real server's own address": SERVED + real(DROP, MANGLE),
    },
    "LVS512": {
        "direct routing": SERVED + real(REDIRECT),
    },
}
