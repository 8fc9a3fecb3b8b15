"""Cases of the rules in `lvscf.linter.rules.ways.listening`; see `tests.cases`."""

from tests.cases import Texts
from tests.rules.ways.clusters import (
    CHECKED_ONLY_BY_PROGRAM,
    DIRECT,
    NAT,
    addresses,
    at_server,
    real,
)

HEADER = "State  Recv-Q Send-Q Local Address:Port Peer Address:Port"
HERE = at_server(DIRECT, "10.10.1.31")
UNCHECKED = at_server(DIRECT, "10.10.1.31", CHECKED_ONLY_BY_PROGRAM)
HOLDS = real(*addresses("10.10.1.20/32", eth0="10.10.1.31/24"))
REDIRECTS = real("iptables -t nat -A PREROUTING -d 10.10.1.20 -j REDIRECT")


def sockets(*bound: str) -> str:
    """The listening sockets of the real server."""
    return real(HEADER, *(f"LISTEN 0 128 {one} 0.0.0.0:*" for one in bound))


FIRES: Texts = {
    "LVS542": {
        "clients are refused": HERE + HOLDS + sockets("10.10.1.31:80"),
        "health checks are refused": HERE + HOLDS + sockets("10.10.1.20:80"),
        "the program listens on another port": UNCHECKED + HOLDS + sockets("0.0.0.0:8080"),
        "after REDIRECT, the server's own address is asked": UNCHECKED
        + REDIRECTS
        + sockets("10.10.1.20:80"),
        "with NAT, the server's own port is asked": at_server(
            NAT, "10.11.1.31", CHECKED_ONLY_BY_PROGRAM
        )
        + sockets("10.11.1.31:8080"),
    },
}

SILENT: Texts = {
    "LVS542": {
        "on all addresses": HERE + HOLDS + sockets("0.0.0.0:80"),
        "on both addresses": HERE + HOLDS + sockets("10.10.1.20:80", "10.10.1.31:80"),
        "on all addresses of IPv6, which may include the others": HERE + HOLDS + sockets("[::]:80"),
        "it is not known whether the server has the VIP": UNCHECKED + sockets("10.10.1.31:80"),
        "sockets of UDP only": HERE + HOLDS + real(HEADER, "UNCONN 0 0 0.0.0.0:53 0.0.0.0:*"),
    },
}
