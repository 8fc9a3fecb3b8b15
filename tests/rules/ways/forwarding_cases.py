"""Cases of the rules in `lvscf.linter.rules.ways.forwarding`; see `tests.cases`."""

from tests.cases import Texts
from tests.rules.ways.clusters import BESIDE, DIRECT, NAT, conntrack, real, router, routes, served

OFF = router("net.ipv4.ip_forward = 0")
MASQUERADE = "iptables -t nat -A POSTROUTING -d 10.11.1.0/24 -j MASQUERADE"
MARKED_NAT = NAT.replace("network = nat", "network = ⟦nat⟧")
MARKED_DIRECT = DIRECT.replace("network = direct", "network = ⟦direct⟧")
GATEWAY = real(*routes("default via 10.10.1.21", own="10.10.1.0/24"))
FACING = router("10.10.1.0/24 dev eth0 proto kernel scope link src 10.10.1.21")
AT_SERVER = served(DIRECT, BESIDE.replace("10.10.1.31", "⟦10.10.1.31⟧"))


def settings(local: int, rp_filter: int) -> str:
    """The router's settings for packets that seem to come from itself."""
    return router(
        f"net.ipv4.conf.all.accept_local = {local}",
        "net.ipv4.conf.eth0.accept_local = 0",
        f"net.ipv4.conf.all.rp_filter = {rp_filter}",
        "net.ipv4.conf.eth0.rp_filter = 0",
    )


ON_ETH1 = AT_SERVER.replace("eth0:1", "eth1:1")

FIRES: Texts = {
    "LVS419": {
        "with NAT": served(MARKED_NAT) + OFF,
        "in sysctl.conf": served(MARKED_NAT)
        + router("# Controls IP packet forwarding", "net.ipv4.ip_forward = 0"),
        "the router is the gateway of a real server": served(MARKED_DIRECT, BESIDE) + OFF + GATEWAY,
    },
    "LVS422": {
        "accept_local is off": AT_SERVER + GATEWAY + FACING + settings(0, 0),
        "accept_local is on, and a strict rp_filter expects the VIP elsewhere": ON_ETH1
        + GATEWAY
        + FACING
        + settings(1, 1),
    },
    "LVS423": {
        "IPVS keeps out of connection tracking": served(NAT)
        + router(f"⟦{MASQUERADE}⟧")
        + conntrack(0),
        "SNAT": served(NAT)
        + router("⟦iptables -t nat -A POSTROUTING -d 10.11.1.31 -j SNAT --to-source 10.11.1.1⟧")
        + conntrack(0),
    },
}

SILENT: Texts = {
    "LVS419": {
        "it is on": served(NAT) + router("net.ipv4.ip_forward = 1"),
        "a later line turns it on": served(NAT)
        + router("net.ipv4.ip_forward = 0", "net.ipv4.ip_forward = 1"),
        "direct routing does not need it": served(DIRECT, BESIDE) + OFF,
        "the gateway is another host": served(DIRECT, BESIDE)
        + OFF
        + real(*routes("default via 10.10.1.254", own="10.10.1.0/24")),
    },
    "LVS422": {
        "accept_local is on": AT_SERVER + GATEWAY + FACING + settings(1, 0),
        "a strict rp_filter, and the VIP is on the same device": AT_SERVER
        + GATEWAY
        + FACING
        + settings(1, 1),
        "a loose rp_filter": ON_ETH1 + GATEWAY + FACING + settings(1, 2),
        "the settings are not known": AT_SERVER + GATEWAY + FACING,
        "the gateway is another host": AT_SERVER
        + real(*routes("default via 10.10.1.254", own="10.10.1.0/24"))
        + FACING
        + settings(0, 0),
    },
    "LVS423": {
        "IPVS uses connection tracking": served(NAT) + router(MASQUERADE) + conntrack(1),
        "the setting is not known": served(NAT) + router(MASQUERADE),
        "the rule is for packets to the clients": served(NAT)
        + router("iptables -t nat -A POSTROUTING -d 192.0.2.0/24 -j MASQUERADE")
        + conntrack(0),
    },
}
