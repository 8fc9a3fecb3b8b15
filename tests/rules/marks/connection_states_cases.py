"""Cases of the rules in `lvscf.linter.rules.marks.connection_states`; see `tests.cases`."""

from tests.builders import server, service
from tests.cases import Texts
from tests.hosts import CLOSED, DIRECT, HERE, INVALID, NEW, WEB

FIRES: Texts = {
    "LVS416": {
        "INVALID is dropped": WEB + HERE + f"⟦{INVALID} -j DROP⟧\n",
        "INVALID is rejected, by the older match": WEB
        + HERE
        + f"⟦{INVALID.replace('conntrack --ctstate', 'state --state')} -j REJECT⟧\n",
        "everything but NEW and ESTABLISHED is rejected": WEB
        + HERE
        + f"iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT\n{NEW} -j ACCEPT\n⟦iptables -A INPUT -j REJECT⟧\n",
        "a policy of DROP, and only NEW is accepted": DIRECT
        + service(server()).replace(" web", " ⟦web⟧")
        + HERE
        + f"{NEW} -j ACCEPT\n{CLOSED}",
        "everything but NEW and ESTABLISHED, with a negated match": WEB
        + HERE
        + "⟦iptables -A INPUT -p tcp -m conntrack ! --ctstate NEW,ESTABLISHED -j DROP⟧\n",
        "in a chain of the user's": WEB
        + HERE
        + "iptables -N IN\niptables -A INPUT -j IN\n⟦iptables -A IN -m state --state INVALID -j DROP⟧\niptables -A IN -j ACCEPT\n",
        "in mangle PREROUTING": WEB
        + HERE
        + "⟦iptables -t mangle -A PREROUTING -m conntrack --ctstate INVALID -j DROP⟧\n",
        "tunnelling": WEB.replace("direct", "tunnel") + HERE + f"⟦{INVALID} -j DROP⟧\n",
        "NAT with conntrack of IPVS turned off": WEB.replace("direct", "nat")
        + HERE
        + f"⟦{INVALID} -j DROP⟧\n--- router 10.10.1.21 sysctl\nnet.ipv4.vs.conntrack = 0\n",
        "only NEW is marked": DIRECT
        + service("fwmark = 80", server()).replace(" web", " ⟦web⟧")
        + HERE
        + "iptables -t mangle -A PREROUTING -d 10.10.1.20 -p tcp --dport 80 -m state --state NEW -j MARK --set-mark 80\n",
    },
    "LVS417": {
        "NEW without SYN is dropped": WEB
        + HERE
        + "⟦iptables -A INPUT -p tcp ! --syn -m state --state NEW -j DROP⟧\n",
        "INVALID is dropped, with conntrack of IPVS turned on": WEB
        + HERE
        + f"⟦{INVALID} -j DROP⟧\n--- router 10.10.1.21 sysctl\nnet.ipv4.vs.conntrack = 1\n",
    },
}

SILENT: Texts = {
    "LVS416": {
        "the service is accepted first": WEB
        + HERE
        + "iptables -A INPUT -p tcp -d 10.10.1.20 --dport 80 -j ACCEPT\n"
        + f"{INVALID} -j DROP\n",
        "only for the router's own address": WEB
        + HERE
        + f"{INVALID.replace('-m', '-d 10.10.1.21 -m')} -j DROP\n",
        "only on another device": WEB + HERE + f"{INVALID.replace('-m', '-i eth1 -m')} -j DROP\n",
        "only over UDP": WEB + HERE + f"{INVALID.replace('-m', '-p udp -m')} -j DROP\n",
        "in a chain that nothing jumps to": WEB
        + HERE
        + "iptables -N IN\niptables -A IN -m state --state INVALID -j DROP\n",
        "only beyond a limit": WEB + HERE + f"{INVALID} -m limit --limit 5/s -j DROP\n",
        "INVALID is logged": WEB + HERE + f"{INVALID} -j LOG\n",
        "connections of the VIP are not tracked": WEB
        + HERE
        + "iptables -t raw -A PREROUTING -d 10.10.1.20 -j CT --notrack\n"
        + f"{INVALID} -j DROP\n",
        "by flags of TCP": WEB
        + HERE
        + "iptables -A INPUT -p tcp --tcp-flags FIN,ACK FIN -j DROP\n",
        "NAT with conntrack of IPVS turned on": WEB.replace("direct", "nat")
        + HERE
        + f"{INVALID} -j DROP\n--- router 10.10.1.21 sysctl\nnet.ipv4.vs.conntrack = 1\n",
        "a service over UDP": DIRECT
        + service("protocol = udp", server())
        + HERE
        + f"{INVALID} -j DROP\n",
        "nothing is served at all: LVS417": WEB
        + HERE
        + "iptables -A INPUT -p tcp ! --syn -j DROP\n",
        "nothing comes in at all: LVS411": WEB + HERE + CLOSED,
    },
    "LVS417": {
        "INVALID is dropped: LVS416": WEB + HERE + f"{INVALID} -j DROP\n",
        "ESTABLISHED without SYN is dropped": WEB
        + HERE
        + "iptables -A INPUT -p tcp ! --syn -m state --state ESTABLISHED -j DROP\n",
        "NEW without SYN is dropped, with conntrack of IPVS turned on": WEB
        + HERE
        + "iptables -A INPUT -p tcp ! --syn -m state --state NEW -j DROP\n--- router 10.10.1.21 sysctl\nnet.ipv4.vs.conntrack = 1\n",
    },
}
