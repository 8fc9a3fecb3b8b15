"""Pieces of clusters: an lvs.cf, and the files of its routers and real servers.

The token of lvs.cf that a rule underlines is marked `⟦token⟧`.
"""

from tests.builders import server, service

ROUTERS = "primary = 10.10.1.21\nbackup = 10.10.1.22\nbackup_active = 1\nnetwork = direct\n"


def marked(mark: str = "80", *lines: str, vip: str = "10.10.1.20", name: str = "web") -> str:
    """A virtual server with a firewall mark."""
    body = "".join(f"{line}\n" for line in lines)
    return (
        f"virtual {name} {{\nactive = 1\naddress = {vip} eth0:1\nfwmark = {mark}\n"
        f"persistent = 300\n{body}}}\n"
    )


def plain(*lines: str, vip: str = "10.10.1.20", name: str = "http") -> str:
    """A virtual server without a mark."""
    body = "".join(f"{line}\n" for line in lines)
    return f"virtual {name} {{\nactive = 1\naddress = {vip} eth0:1\n{body}}}\n"


def one(address: str = "10.10.1.31", *lines: str) -> str:
    """The real server `one`."""
    return "\n".join(["server one {", "active = 1", f"address = {address}", *lines, "}"])


def router(*rules: str, host: str = "") -> str:
    """The rules of a router, `-A CHAIN` first; without a table they are for mangle."""
    lines = (
        line if line.startswith("iptables") else f"iptables -t mangle {line}" for line in rules
    )
    return f"--- router {host}".rstrip() + "\n" + "".join(f"{line}\n" for line in lines)


def real(*rules: str) -> str:
    """The rules of the real server `one`, `-A CHAIN` first; without a table they are for nat."""
    lines = (
        line if line.startswith(("iptables", "arptables")) else f"iptables -t nat {line}"
        for line in rules
    )
    return "--- real-server one\n" + "".join(f"{line}\n" for line in lines)


VIP = "-p tcp -d 10.10.1.20"
TO_80 = f"{VIP} --dport 80"
BOTH = f"{VIP} -m multiport --dports 80,443"
SET = f"-A PREROUTING {TO_80} -j MARK --set-mark 80"
REDIRECT = f"-A PREROUTING {TO_80} -j REDIRECT"
MARK = ROUTERS + marked("⟦80⟧")
SERVED = ROUTERS + plain(one("⟦10.10.1.31⟧"))
DROP = "arptables -A IN -d 10.10.1.20 -j DROP"
MANGLE = "arptables -A OUT -s 10.10.1.20 -j mangle --mangle-ip-s 10.10.1.31"


QUIET = "net.ipv4.conf.all.arp_ignore = 1\nnet.ipv4.conf.all.arp_announce = 2\n"
OFF = MARK.replace("active = 1\naddress", "active = 0\naddress")

DIRECT = "primary = 10.10.1.21\nnetwork = direct\n"
WEB = DIRECT + service(server())
HERE = "--- router 10.10.1.21\n"
CLOSED = "iptables -P INPUT DROP\n"
INVALID = "iptables -A INPUT -m conntrack --ctstate INVALID"
NEW = "iptables -A INPUT -p tcp --dport 80 -m state --state NEW"

HOST_FILES = {
    "rules": "iptables -A INPUT -j ACCEPT\niptables -t nat -A PREROUTING -j ACCEPT\n",
    "ip-addr": "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN\n"
    "    inet 127.0.0.1/8 scope host lo\n"
    "2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP\n"
    "    inet 10.10.1.21/24 scope global eth0\n    inet 10.10.1.20/32 scope global eth0:1\n",
    "ip-route": "default via 10.10.1.254 dev eth0\n10.10.1.0/24 dev eth0 scope link\n",
    "sysctl": "net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 1\n"
    "net.ipv4.conf.eth0.rp_filter = 2\n",
    "release": "CentOS release 5.11 (Final)\n",
}
"""The files of an LVS router, by name."""
