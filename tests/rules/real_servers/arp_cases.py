"""Cases of the rules in `lvscf.linter.rules.real_servers.arp`; see `tests.cases`."""

from tests.cases import Texts
from tests.hosts import DROP, MANGLE, REDIRECT, SERVED, real
from tests.rules.real_servers.held_vips_cases import NO_HIDING, addresses, settings

FIRES: Texts = {
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
        "an earlier rule accepts the requests": SERVED
        + real("arptables -A IN -j ACCEPT", DROP, MANGLE.replace("OUT", "OUT --opcode 1")),
        "the VIP is on lo, and nothing hides it": SERVED + addresses("lo") + NO_HIDING,
        "the VIP is on lo, and arp_ignore hides addresses of scope host only": SERVED
        + addresses("lo")
        + settings(ignore=3, announce=2),
        "the VIP is on eth0, where arp_ignore does not hide it": SERVED
        + addresses("eth0")
        + settings(ignore=1, announce=2),
        "the VIP is on eth0, and a rule is for another device": SERVED
        + addresses("eth0")
        + NO_HIDING
        + real(DROP.replace("-d", "-i eth1 -d"), MANGLE.replace("OUT", "OUT --opcode 1")),
        "the VIP is on lo, and only the answers are changed": SERVED
        + addresses("lo")
        + NO_HIDING
        + real(MANGLE),
    },
    "LVS509": {
        "the destination is changed instead of the source": SERVED
        + real(DROP, MANGLE.replace("OUT -s", "OUT -d")),
    },
    "LVS510": {
        "changed to the VIP": SERVED + real(DROP, MANGLE.replace("10.10.1.31", "10.10.1.20")),
        "changed to another host's address": SERVED
        + addresses("lo")
        + NO_HIDING
        + real(DROP, MANGLE.replace("10.10.1.31", "10.10.1.32")),
    },
}

SILENT: Texts = {
    "LVS508": {
        "both rules": SERVED + real(DROP, MANGLE),
        "both rules with a variable": SERVED
        + real(DROP.replace("10.10.1.20", "$VIP"), MANGLE.replace("10.10.1.20", "$VIP")),
        "a variable for the real server": SERVED + real(DROP, MANGLE.replace("10.10.1.31", "$RIP")),
        "a redirection, and a rule for another address": SERVED
        + real(REDIRECT)
        + real("arptables -A IN -d 10.10.1.99 -j DROP"),
        "a rule for one device, and no file shows which one is asked": SERVED
        + real(DROP.replace("-d", "-i eth1 -d"), MANGLE),
        "a chain of its own": SERVED
        + real("arptables -N VIPS", "arptables -A IN -j VIPS", DROP.replace("IN", "VIPS"), MANGLE),
        "an ARP filter without rules": SERVED + real("arptables -P IN ACCEPT"),
        "settings hide it, and rules are for another address": SERVED
        + real("arptables -A IN -d 10.10.1.99 -j DROP")
        + settings(ignore=1, announce=2),
        "the VIP is on lo, and settings hide it": SERVED
        + addresses("lo")
        + settings(ignore=1, announce=2),
        "the VIP is on eth0, and rules hide it": SERVED
        + addresses("eth0")
        + NO_HIDING
        + real(DROP, MANGLE),
        "the VIP is on lo, and no file shows more": SERVED + addresses("lo"),
        "no VIP": SERVED + addresses() + NO_HIDING + real("arptables -A IN -d 10.10.1.99 -j DROP"),
        "NAT": (SERVED + addresses("lo") + NO_HIDING).replace("= direct", "= nat"),
        "a router that is a real server too": SERVED.replace("⟦10.10.1.31⟧", "10.10.1.22")
        + addresses("eth0").replace("10.10.1.31", "10.10.1.22")
        + NO_HIDING,
    },
    "LVS509": {
        "the source is changed": SERVED + real(DROP, MANGLE),
    },
    "LVS510": {
        "changed to the real server's own address": SERVED + real(DROP, MANGLE),
        "changed to another address that it has": SERVED
        + addresses("lo")
        + "--- real-server one\n3: eth1    inet 10.10.9.31/24 scope global eth1\n"
        + NO_HIDING
        + real(DROP, MANGLE.replace("10.10.1.31", "10.10.9.31")),
    },
}
