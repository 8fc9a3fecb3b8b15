"""Cases of the rules in `lvscf.linter.rules.marks.missing_evidence`; see `tests.cases`."""

from tests.builders import server, service
from tests.cases import Texts
from tests.hosts import DIRECT, HERE

ROUTED = "primary = 10.10.1.21\nnetwork = nat\n" + service(server())

FIRES: Texts = {
    "LVS400": {
        "a mark, and no file of a router": "primary = 10.10.1.21\n" + service("fwmark = ⟦80⟧"),
        "a real server's kernel settings, and no firewall rules": DIRECT
        + service(server()).replace(" web", " ⟦web⟧")
        + HERE
        + "--- real-server one sysctl\nnet.ipv4.conf.all.arp_ignore = 1\n",
        "a router's kernel settings, and no firewall rules": "primary = 10.10.1.21\n"
        + service("fwmark = ⟦80⟧")
        + "--- router 10.10.1.21 sysctl\nnet.ipv4.ip_forward = 1\n",
        "NAT, and only the rules of a router": ROUTED.replace("web", "⟦web⟧")
        + HERE
        + "iptables -P FORWARD ACCEPT\n",
        "NAT, and all but a real server's routes": ROUTED.replace("web", "⟦web⟧")
        + HERE
        + "iptables -P FORWARD ACCEPT\n"
        + HERE
        + "net.ipv4.ip_forward = 1\n",
        "direct routing, and no file at all": DIRECT + service(server()).replace(" web", " ⟦web⟧"),
    },
    "LVS513": {
        "an address with a digit too many": "primary = ⟦10.10.1.21⟧\n--- router 10.10.1.211\n",
        "a real server that is not in the file": "⟦primary = 10.10.1.21⟧\n--- real-server one\n",
    },
}

SILENT: Texts = {
    "LVS400": {
        "a failover service": "service = fos\n" + service("fwmark = 80"),
        "NAT without marks": "network = nat\n" + service(server()),
        "NAT with all that the way back needs": ROUTED
        + HERE
        + "iptables -P FORWARD ACCEPT\n"
        + HERE
        + "net.ipv4.ip_forward = 1\n--- real-server one\ndefault via 10.10.1.1 dev eth0\n"
        + "10.10.1.0/24 dev eth0 scope link\n",
        "NAT with MASQUERADE instead of routes": ROUTED
        + HERE
        + "iptables -t nat -A POSTROUTING -p tcp -d 10.10.1.31 -j MASQUERADE\n"
        + HERE
        + "net.ipv4.ip_forward = 1\nnet.ipv4.vs.conntrack = 1\n",
    },
    "LVS513": {
        "a real server by its address": DIRECT + service(server()) + "--- real-server 10.10.1.31\n",
    },
}
