"""Cases of the rules in `lvscf.linter.rules.ways.reply_routes`; see `tests.cases`."""

from tests.cases import Texts
from tests.rules.ways.clusters import (
    DIRECT,
    NAT,
    at_server,
    conntrack,
    real,
    router,
    routes,
)

OPEN = router("iptables -A INPUT -j ACCEPT")
SNAT = router("iptables -t nat -A POSTROUTING -d 10.11.1.31 -j MASQUERADE")
OUTSIDE = router(
    "default via 10.10.1.254 dev eth0",
    "10.10.1.0/24 dev eth0 proto kernel scope link src 10.10.1.21",
)
INSIDE = router("10.10.1.0/24 dev eth0 proto kernel scope link src 10.10.1.21")
HERE = at_server(DIRECT, "10.10.1.31")
ALONE = real(*routes(own="10.10.1.0/24"))

FIRES: Texts = {
    "LVS539": {
        "another gateway": at_server(NAT) + OPEN + real(*routes("default via 10.11.1.254")),
        "the router is the gateway with the larger metric": at_server(NAT)
        + OPEN
        + real(
            "default via 10.11.1.254 dev eth0 metric 50",
            "default via 10.11.1.1 dev eth0 metric 100",
            *routes(),
        ),
        "no gateway at all": at_server(NAT) + OPEN + real(*routes()),
        "MASQUERADE without connection tracking": at_server(NAT)
        + SNAT
        + conntrack(0)
        + real(*routes()),
    },
    "LVS544": {
        "the router has a default route, the real server has none": HERE + OUTSIDE + ALONE,
        "the real server knows one more network, which may be that of all clients": HERE
        + OUTSIDE
        + real(*routes("192.0.2.0/25 via 10.10.1.254", own="10.10.1.0/24")).replace(
            "192.0.2.0/25", "198.51.100.0/24"
        ),
    },
}

SILENT: Texts = {
    "LVS539": {
        "the gateway is nat_router": at_server(NAT) + OPEN + real(*routes("default via 10.11.1.1")),
        "some clients' network is behind the router": at_server(NAT)
        + OPEN
        + real(*routes("default via 10.11.1.254", "10.10.1.0/24 via 10.11.1.1")),
        "the gateway is an address that the router's files show": at_server(NAT)
        + OPEN
        + real(*routes("default via 10.11.1.2"))
        + router(
            "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN",
            "    inet 127.0.0.1/8 scope host lo",
            "2: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP",
            "    inet 10.11.1.2/24 scope global eth1",
        ),
        "the router puts its own address into the packets": at_server(NAT)
        + SNAT
        + conntrack(1)
        + real(*routes()),
        "the router's rules are not known": at_server(NAT) + real(*routes()),
        "direct routing needs no router on the way back": HERE + OPEN + ALONE,
        "policy routing": at_server(NAT)
        + OPEN
        + real(*routes(), "default via 10.11.1.1 dev eth0 table 7"),
    },
    "LVS544": {
        "both have default routes": HERE
        + OUTSIDE
        + real(*routes("default via 10.10.1.254", own="10.10.1.0/24")),
        "neither has": HERE + INSIDE + ALONE,
        "the router's routes are not known": HERE + ALONE,
    },
}
