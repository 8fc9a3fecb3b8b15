"""Cases of the rules in `lvscf.linter.rules.ways.tunnels`; see `tests.cases`."""

from tests.cases import Texts
from tests.rules.ways.clusters import (
    DIRECT,
    TUNNEL,
    addresses,
    at_server,
    real,
    router,
    routes,
)

HERE = at_server(TUNNEL)
ROUTES = real(*routes("default via 10.11.1.254"))
RULES = real("iptables -A INPUT -j ACCEPT")


def source_check(common: int, own: int) -> str:
    """`rp_filter` of the real server, for all devices and for tunl0."""
    return real(f"net.ipv4.conf.all.rp_filter = {common}", f"net.ipv4.conf.tunl0.rp_filter = {own}")


TUNL0_DOWN = "3: tunl0: <NOARP> mtu 1480 qdisc noop state DOWN"
TUNL0_UP = "3: tunl0: <NOARP,UP,LOWER_UP> mtu 1480 qdisc noqueue state UNKNOWN"

FIRES: Texts = {
    "LVS538": {
        "strict on tunl0": HERE + ROUTES + source_check(0, 1),
        "strict everywhere": HERE + ROUTES + source_check(1, 0),
        "strict, and clients are in the server's own network": HERE
        + real(*routes())
        + source_check(0, 1),
        "loose, and tunl0 has no address": HERE
        + ROUTES
        + source_check(0, 2)
        + real(*addresses("10.10.1.20/32")),
    },
    "LVS541": {
        "all addresses are known": HERE + RULES + real(*addresses()),
        "its rules are not known": HERE + real(*addresses()),
    },
    "LVS545": {
        "tunl0 is down": HERE + real(*addresses("10.10.1.20/32"), TUNL0_DOWN),
        "there is no tunl0": HERE + real(*addresses("10.10.1.20/32")),
    },
    "LVS543": {
        "Ethernet": at_server(TUNNEL, "10.10.1.31")
        + router(*addresses(eth0="10.10.1.21/24"))
        + router("10.10.1.0/24 dev eth0 proto kernel scope link src 10.10.1.21"),
        "the router drops its own ICMP messages": at_server(TUNNEL, "10.10.1.31")
        + router("iptables -A OUTPUT -p icmp -j DROP")
        + router(*addresses(eth0="10.10.1.21/24"))
        + router(
            "default via 10.10.1.254 dev eth0",
            "10.10.1.0/24 dev eth0 proto kernel scope link src 10.10.1.21",
        ),
    },
}

SILENT: Texts = {
    "LVS538": {
        "off": HERE + ROUTES + source_check(0, 0),
        "the routes are not known": HERE + source_check(1, 1),
        "the setting of tunl0 is not known": HERE
        + ROUTES
        + real("net.ipv4.conf.all.rp_filter = 0"),
        "direct routing": at_server(DIRECT) + ROUTES + source_check(1, 1),
    },
    "LVS541": {
        "it has the VIP": HERE + RULES + real(*addresses("10.10.1.20/32")),
        "its addresses are not known": HERE + RULES,
        "it redirects the VIP": HERE
        + real("iptables -t nat -A PREROUTING -d 10.10.1.20 -j REDIRECT")
        + real(*addresses()),
    },
    "LVS545": {
        "tunl0 is up": HERE + real(*addresses("10.10.1.20/32"), TUNL0_UP),
        "another device may be the tunnel": HERE
        + real(*addresses("10.10.1.20/32"), TUNL0_DOWN.replace("tunl0", "mytun")),
        "nothing is known of the devices": HERE + RULES,
    },
    "LVS543": {
        "large frames": at_server(TUNNEL, "10.10.1.31")
        + router(*addresses(eth0="10.10.1.21/24", mtu=9000))
        + router("10.10.1.0/24 dev eth0 proto kernel scope link src 10.10.1.21"),
        "nothing is known of the router": HERE,
    },
}
