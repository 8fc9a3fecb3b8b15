"""Cases of the rules in `lvscf.linter.rules.ways.real_server_filters`; see `tests.cases`."""

from tests.cases import Texts
from tests.rules.ways.clusters import (
    CHECKED_ONLY_BY_PROGRAM,
    DIRECT,
    NAT,
    TUNNEL,
    at_server,
    real,
)

CLOSED = "iptables -P INPUT DROP"
OPEN_80 = "iptables -A INPUT -p tcp --dport 80 -j ACCEPT"
PROTOCOL_4 = "iptables -A INPUT -p 4 -j ACCEPT"
HERE = at_server(DIRECT, "10.10.1.31")
TUNNELLED = at_server(TUNNEL, "10.11.1.31", CHECKED_ONLY_BY_PROGRAM)
ADDRESSED = at_server(NAT, "10.11.1.31", CHECKED_ONLY_BY_PROGRAM)

FIRES: Texts = {
    "LVS536": {
        "only packets for the VIP are let in": HERE
        + real("iptables -A INPUT -d 10.10.1.20 -j ACCEPT", CLOSED),
        "the answers do not leave": HERE
        + real(
            "iptables -A OUTPUT -s 10.10.1.20 -j ACCEPT",
            "iptables -A OUTPUT -p tcp --sport 80 -s 10.10.1.31 -j DROP",
        ),
    },
    "LVS537": {
        "protocol 4 is not let in": TUNNELLED + real(OPEN_80, CLOSED),
        "the packet inside is not let in": TUNNELLED + real(PROTOCOL_4, CLOSED),
        "with NAT, the server's own address is asked": ADDRESSED
        + real("iptables -A INPUT -d 10.10.1.20 -j ACCEPT", CLOSED),
    },
    "LVS540": {
        "only its own address may leave": TUNNELLED
        + real("iptables -A OUTPUT -s 10.11.1.31 -j ACCEPT", "iptables -P OUTPUT DROP"),
        "with NAT, its own address may not leave": ADDRESSED
        + real("iptables -A OUTPUT -p tcp -s 10.11.1.31 --sport 80 -j DROP"),
    },
}

SILENT: Texts = {
    "LVS536": {
        "both are let in": HERE + real(OPEN_80, CLOSED),
        "a program makes the checks": at_server(DIRECT, "10.10.1.31", CHECKED_ONLY_BY_PROGRAM)
        + real("iptables -A INPUT -d 10.10.1.20 -j ACCEPT", CLOSED),
        "the checks come from an address that may be let in": HERE
        + real(
            "iptables -A INPUT -d 10.10.1.20 -j ACCEPT",
            "iptables -A INPUT -s 10.10.1.0/24 -j ACCEPT",
            CLOSED,
        ),
    },
    "LVS537": {
        "both packets are let in": TUNNELLED + real(PROTOCOL_4, OPEN_80, CLOSED),
        "direct routing has a rule of its own": HERE
        + real("iptables -A INPUT -d 10.10.1.31 -j ACCEPT", CLOSED),
    },
    "LVS540": {
        "replies leave as established connections": TUNNELLED
        + real(
            "iptables -A OUTPUT -m state --state ESTABLISHED -j ACCEPT", "iptables -P OUTPUT DROP"
        ),
    },
}
