"""Cases of the rules in `lvscf.linter.rules.ways.sending`; see `tests.cases`."""

from tests.cases import Texts
from tests.hosts import one
from tests.rules.ways.clusters import (
    BESIDE,
    CHECKED_ONLY_BY_PROGRAM,
    DIRECT,
    NAT,
    TUNNEL,
    conntrack,
    real,
    router,
    routes,
    served,
)

PROGRAM = CHECKED_ONLY_BY_PROGRAM
ESTABLISHED = "iptables -A FORWARD -m state --state RELATED,ESTABLISHED -j ACCEPT"
CLOSED_FORWARD = "iptables -P FORWARD DROP"
CLOSED_OUTPUT = "iptables -P OUTPUT DROP"
TRACKED = "iptables -A OUTPUT -m state --state NEW,ESTABLISHED,RELATED -j ACCEPT"

FIRES: Texts = {
    "LVS418": {
        "the policy drops replies": served(NAT, name="⟦web⟧") + router(CLOSED_FORWARD),
        "only established connections are accepted, and IPVS keeps out of connection tracking": served(
            NAT, name="⟦web⟧"
        )
        + router(ESTABLISHED, CLOSED_FORWARD)
        + conntrack(0),
        "only established connections are accepted, and the setting is not known": served(
            NAT, name="⟦web⟧"
        )
        + router(ESTABLISHED, CLOSED_FORWARD),
        "the rule for packets from the VIP": served(NAT)
        + router("iptables -A FORWARD -s 10.10.1.20 -j ACCEPT", "⟦iptables -A FORWARD -j REJECT⟧"),
        "INVALID packets are dropped": served(NAT)
        + router("⟦iptables -A FORWARD -m state --state INVALID -j DROP⟧")
        + conntrack(0),
        "only the last packets of connections": served(NAT)
        + router(
            "⟦iptables -A FORWARD -p tcp --tcp-flags FIN FIN -m state --state INVALID -j DROP⟧"
        )
        + conntrack(0),
        "the router is the gateway of a real server": served(DIRECT, BESIDE)
        + router("⟦iptables -A FORWARD -j DROP⟧")
        + real(*routes("default via 10.10.1.21", own="10.10.1.0/24")),
        "a rule of table mangle": served(NAT)
        + router("⟦iptables -t mangle -A FORWARD -s 10.11.1.0/24 -j DROP⟧"),
    },
    "LVS420": {
        "the policy drops everything": served(DIRECT, BESIDE, "⟦web⟧", PROGRAM)
        + router(CLOSED_OUTPUT),
        "packets of IPVS are neither new nor established": served(DIRECT, BESIDE, "⟦web⟧")
        + router(TRACKED, CLOSED_OUTPUT)
        + conntrack(0),
        "the same, and the setting is not known": served(DIRECT, BESIDE, "⟦web⟧")
        + router(TRACKED, CLOSED_OUTPUT),
        "with NAT, the destination is the real server": served(NAT, name="⟦web⟧")
        + router(
            "iptables -A OUTPUT -d 10.10.1.20 -j ACCEPT",
            "iptables -A OUTPUT -p tcp --dport 80 -m state --state NEW,ESTABLISHED -j ACCEPT",
            CLOSED_OUTPUT,
        )
        + conntrack(0),
        "a tunnel is protocol 4": served(TUNNEL)
        + router("iptables -A OUTPUT -p tcp -j ACCEPT", "⟦iptables -A OUTPUT -j REJECT⟧"),
        "only FIN and RST are lost": served(DIRECT, BESIDE)
        + router("⟦iptables -A OUTPUT -m state --state INVALID -j DROP⟧")
        + router("Red Hat Enterprise Linux Server release 8.9 (Ootpa)")
        + conntrack(0),
    },
    "LVS421": {
        "the policy drops checks": served(DIRECT, BESIDE, "⟦web⟧")
        + router("iptables -A OUTPUT -d 10.10.1.20 -j ACCEPT", CLOSED_OUTPUT),
        "the answers are not let in": served(DIRECT, BESIDE, "⟦web⟧")
        + router("iptables -A INPUT -d 10.10.1.20 -j ACCEPT", "iptables -P INPUT DROP")
        + router(*routes(own="10.10.1.0/24")),
        "only VIP and port are let in, and nanny's own port is another": served(
            DIRECT, BESIDE, "⟦web⟧"
        )
        + router("iptables -A INPUT -p tcp --dport 80 -j ACCEPT", "iptables -P INPUT DROP"),
        "a rule drops new connections": served(NAT, one("10.11.1.31", "port = 8080"))
        + router("⟦iptables -A OUTPUT -p tcp --dport 8080 --syn -m state --state NEW -j DROP⟧")
        + conntrack(0),
    },
}

SILENT: Texts = {
    "LVS418": {
        "replies are accepted in any state": served(NAT)
        + router("iptables -A FORWARD -s 10.11.1.0/24 -j ACCEPT", CLOSED_FORWARD),
        "IPVS uses connection tracking": served(NAT)
        + router(ESTABLISHED, CLOSED_FORWARD)
        + conntrack(1),
        "direct routing, and the gateway is another": served(DIRECT, BESIDE)
        + router(CLOSED_FORWARD)
        + real(*routes("default via 10.10.1.254", own="10.10.1.0/24")),
        "direct routing, and the gateway is not known": served(DIRECT, BESIDE)
        + router(CLOSED_FORWARD),
        "some packets only, as only the kernel knows": served(NAT)
        + router("iptables -A FORWARD -m limit --limit 5/s -j DROP"),
        "some clients only": served(NAT) + router("iptables -A FORWARD -d 192.0.2.0/24 -j DROP"),
        "a script with a variable for the address": served(NAT)
        + router("iptables -A FORWARD -s $NET -j ACCEPT", CLOSED_FORWARD),
        "the real server is the router itself": served(NAT, one("10.10.1.21"))
        + router(CLOSED_FORWARD),
    },
    "LVS420": {
        "the way to the VIP is open": served(DIRECT, BESIDE)
        + router("iptables -A OUTPUT -d 10.10.1.20 -j ACCEPT", CLOSED_OUTPUT),
        "UNTRACKED packets are accepted": served(DIRECT, BESIDE)
        + router(
            "iptables -A OUTPUT -m state --state NEW,ESTABLISHED,UNTRACKED,INVALID -j ACCEPT",
            CLOSED_OUTPUT,
        )
        + conntrack(0),
        "IPVS uses connection tracking": served(DIRECT, BESIDE)
        + router(
            "iptables -A OUTPUT -m state --state NEW,ESTABLISHED,INVALID -j ACCEPT", CLOSED_OUTPUT
        )
        + conntrack(1),
        "the rule is for another way out": served(DIRECT, BESIDE)
        + router("iptables -A OUTPUT -d 192.0.2.0/24 -j DROP"),
    },
    "LVS421": {
        "checks and answers pass": served(DIRECT, BESIDE)
        + router(
            "iptables -A INPUT -m state --state ESTABLISHED -j ACCEPT",
            "iptables -A INPUT -d 10.10.1.20 -j ACCEPT",
            "iptables -P INPUT DROP",
        ),
        "a program makes the checks": served(DIRECT, BESIDE, "web", PROGRAM)
        + router("iptables -A INPUT -d 10.10.1.20 -j ACCEPT", "iptables -P INPUT DROP"),
        "UDP is not checked by connections": served(DIRECT, BESIDE, "web", "protocol = udp")
        + router("iptables -A INPUT -d 10.10.1.20 -j ACCEPT", "iptables -P INPUT DROP"),
        "answers to high ports are let in": served(DIRECT, BESIDE)
        + router(
            "iptables -A INPUT -p tcp --dport 80 -j ACCEPT",
            "iptables -A INPUT -p tcp --dport 1024:65535 -j ACCEPT",
            "iptables -P INPUT DROP",
        ),
    },
}
