"""Clusters as people describe them in public: what was really wrong is found, and nothing else.

Each is the smallest form of a report, in words of its own.
"""

import pytest

from tests.builders import ROUTERS, server, service
from tests.clusters import findings

DIRECT = ROUTERS + "network = direct\n"
NAT = ROUTERS + "network = nat\nnat_router = 10.11.1.1 eth1:1\nnat_nmask = 255.255.255.0\n"
HTTP = (r'send = "GET / HTTP/1.0\r\n\r\n"', 'expect = "HTTP"')
ONE = server(address="10.11.1.31")
WEB = DIRECT + service(*HTTP, server())
BALANCED = NAT + service("vip_nmask = 255.255.255.0", *HTTP, ONE)
MARKED = DIRECT + service("fwmark = 5", *HTTP, server())
PREROUTING = "iptables -t mangle -A PREROUTING"
HIDING = (
    "--- real-server one sysctl\nnet.ipv4.conf.all.arp_ignore = {}\n"
    "net.ipv4.conf.all.arp_announce = 2\n"
)
STATEFUL = "-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT\n-A INPUT -i lo -j ACCEPT\n"
FIREWALLD = (
    "--- router\n*filter\n:INPUT ACCEPT [0:0]\n:ZONES - [0:0]\n:IN_public - [0:0]\n"
    ":IN_allow - [0:0]\n"
    + STATEFUL
    + "-A INPUT -j ZONES\n-A ZONES -i eth0 -g IN_public\n-A ZONES -g IN_public\n"
    "-A INPUT -m conntrack --ctstate INVALID -j DROP\n-A INPUT -j REJECT\n"
    "-A IN_public -j IN_allow\n-A IN_allow -p tcp --dport 22 -m conntrack --ctstate NEW -j ACCEPT\n"
)

REAL_SERVER_SCRIPT = """#!/bin/bash
VIP=10.10.1.20
case "$1" in
start)
    /sbin/ifconfig lo:0 $VIP netmask 255.255.255.255 broadcast $VIP up
    /sbin/route add -host $VIP dev lo:0
    for d in lo all; do
        echo "1" >/proc/sys/net/ipv4/conf/$d/arp_ignore
        echo "2" >/proc/sys/net/ipv4/conf/$d/arp_announce
    done
    ;;
stop)
    /sbin/ifconfig lo:0 down
    for d in lo all; do
        echo "0" >/proc/sys/net/ipv4/conf/$d/arp_ignore
        echo "0" >/proc/sys/net/ipv4/conf/$d/arp_announce
    done
    ;;
esac
"""
CLOSED_BY_SET = (
    "--- router\n*filter\n:INPUT DROP [0:0]\n" + STATEFUL + "-A INPUT -p udp -j ACCEPT\n"
    "-A INPUT -m set --match-set open dst -j ACCEPT\nCOMMIT\n"
)

CASES: dict[str, tuple[str, set[str], set[str]]] = {
    # name: text, what must be found (with the first letter of its severity), what must not
    "a script that starts and stops a real server": (
        WEB + "--- real-server one\n" + REAL_SERVER_SCRIPT,
        set(),
        {"LVS501", "LVS508", "LVS510", "LVS511", "LVS701", "LVS703"},
    ),
    "a script that starts and stops a real server, and its rules": (
        WEB
        + "--- real-server one\n"
        + REAL_SERVER_SCRIPT
        + "--- real-server one\n*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n",
        set(),
        {"LVS501"},
    ),
    "a direct rule of firewalld": (
        WEB
        + "--- real-server one\nfirewall-cmd --permanent --direct --add-rule ipv4 nat PREROUTING 0 "
        + "-d 10.10.1.20 -p tcp -m tcp --dport 80 -j REDIRECT\n",
        {"I LVS703"},
        {"LVS501"},
    ),
    "a set of open ports without the service": (
        WEB
        + CLOSED_BY_SET
        + "--- router\ncreate open bitmap:port range 0-1024\nadd open 22\nadd open 443\n",
        {"E LVS411"},
        {"LVS703"},
    ),
    "a set of open ports with the service": (
        WEB + CLOSED_BY_SET + "--- router\ncreate open bitmap:port range 0-1024\nadd open 80\n",
        set(),
        {"LVS411", "LVS703"},
    ),
    "a set that was not saved": (WEB + CLOSED_BY_SET, {"I LVS703"}, {"LVS411"}),
    "a mark without its option": (
        MARKED + f"--- router\n{PREROUTING} -d 10.10.1.20 -p tcp --dport 80 -j MARK 5\n",
        {"E LVS701", "E LVS401"},
        set(),
    ),
    "a catch-all mark before the real ones": (
        MARKED
        + f"--- router\n{PREROUTING} -d 10.10.1.0/24 -j MARK --set-mark 666\n"
        + f"{PREROUTING} -d 10.10.1.20 -p tcp --dport 80 -j MARK --set-mark 5\n",
        set(),
        {"LVS401", "LVS402", "LVS403", "LVS405"},
    ),
    "a mark in a chain that nothing jumps to": (
        MARKED
        + "--- router\n-P PREROUTING ACCEPT\n-N PUBLIC\n"
        + "-A PUBLIC -d 10.10.1.20/32 -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x5/0xffffffff\n",
        {"E LVS404"},
        {"LVS401"},
    ),
    "routers that are real servers, with REDIRECT": (
        DIRECT
        + service(*HTTP, server(address="10.10.1.21"))
        + "--- router\niptables -t nat -A PREROUTING -d 10.10.1.20 -p tcp --dport 80 -j REDIRECT\n",
        {"E LVS412", "W LVS317"},
        {"LVS411"},
    ),
    "a policy of DROP that knows ssh and heartbeats": (
        WEB + "--- router\n-P INPUT DROP\n-A INPUT -p tcp --dport 22 -j ACCEPT\n"
        "-A INPUT -p udp --dport 539 -j ACCEPT\n",
        {"E LVS411"},
        {"LVS213", "LVS416"},
    ),
    "firewalld as it was installed": (WEB + FIREWALLD + "COMMIT\n", {"E LVS411", "W LVS213"}, {"LVS416"}),
    "firewalld with the service, and heartbeats": (
        WEB
        + FIREWALLD
        + "-A IN_allow -p tcp --dport 80 -m conntrack --ctstate NEW,UNTRACKED -j ACCEPT\n"
        + "-A IN_allow -p udp --dport 539 -j ACCEPT\nCOMMIT\n",
        {"W LVS416"},
        {"LVS411", "LVS213", "LVS417"},
    ),
    "lists of tables, each in a file": (
        MARKED
        + "--- router\nChain PREROUTING (policy ACCEPT 3 packets, 180 bytes)\n"
        + " pkts bytes target     prot opt in     out     source               destination\n"
        + "    3   180 MARK       tcp  --  *      *       0.0.0.0/0            10.10.1.20"
        + "           tcp dpt:80 MARK set 0x5\n"
        + "--- router\nChain INPUT (policy ACCEPT 9 packets, 540 bytes)\n"
        + " pkts bytes target     prot opt in     out     source               destination\n",
        set(),
        {"LVS401", "LVS411", "LVS213"},
    ),
    "one address twice in a pool": (
        DIRECT + service(*HTTP, server(), server(name="two")),
        {"W LVS311"},
        {"LVS310"},
    ),
    "arptables as the manual has them": (
        WEB + "--- real-server one\n*filter\n:IN ACCEPT\n:OUT ACCEPT\n"
        "[0:0] -A IN -d 10.10.1.20 -j DROP\n"
        "[0:0] -A OUT -s 10.10.1.20 -j mangle --mangle-ip-s 10.10.1.31\n",
        set(),
        {"LVS501", "LVS508", "LVS509", "LVS510", "LVS701"},
    ),
    "shell positions for addresses": (
        WEB + "--- real-server one\nVIP=$1\narptables -A IN -d $1 -j DROP\n"
        "arptables -A OUT -s $1 -j mangle --mangle-ip-s $2\n",
        set(),
        {"LVS501", "LVS508", "LVS510"},
    ),
    "hardening sets arp_ignore to 2": (
        WEB + HIDING.format(2) + "--- real-server one\n*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n",
        set(),
        {"LVS501", "LVS508"},
    ),
    "arp_ignore where nobody asks for it": (
        WEB + "--- real-server one sysctl\nnet.ipv4.conf.lo.arp_ignore = 1\n",
        {"E LVS508"},
        {"LVS501"},
    ),
    "only the firewall of a real server was saved": (
        WEB + "--- real-server one\n*filter\n:INPUT DROP [0:0]\n" + STATEFUL
        + "-A INPUT -p tcp -m state --state NEW -m tcp --dport 80 -j ACCEPT\nCOMMIT\n",
        {"W LVS501"},
        {"LVS511"},
    ),
    "a range of ports behind NAT": (
        NAT + service("vip_nmask = 255.255.255.0", "fwmark = 5", "port = 9000", *HTTP, ONE)
        + f"--- router\n{PREROUTING} -d 10.10.1.20/32 -p tcp --dport 9000:9009 -j MARK --set-mark 5\n",
        {"E LVS315"},
        {"LVS401"},
    ),
    "a whole network by one mark, held together": (
        NAT + service("vip_nmask = 255.255.255.0", "fwmark = 5", "persistent = 600", *HTTP, ONE)
        + f"--- router\n{PREROUTING} -d 10.10.1.16/28 -j MARK --set-mark 5\n",
        {"W LVS405"},
        {"LVS315", "LVS401", "LVS402", "LVS414"},
    ),
    "NAT without a gateway": (
        "primary = 10.20.236.82\n" + service("port = 9093", *HTTP, server("port = 80", address="10.20.70.97")),
        {"W LVS320"},
        {"LVS310"},
    ),
    "a router that drops what is INVALID": (
        WEB + "--- router\n" + STATEFUL + "-A INPUT -m conntrack --ctstate INVALID -j DROP\n"
        "-A INPUT -p udp --dport 539 -j ACCEPT\n-A INPUT -p tcp --dport 80 -j ACCEPT\n-A INPUT -j REJECT\n",
        {"W LVS416"},
        {"LVS411", "LVS417"},
    ),
    "the same where the port comes first": (
        WEB + "--- router\n" + STATEFUL + "-A INPUT -p tcp --dport 80 -j ACCEPT\n"
        "-A INPUT -p udp --dport 539 -j ACCEPT\n-A INPUT -m conntrack --ctstate INVALID -j DROP\n-A INPUT -j REJECT\n",
        set(),
        {"LVS411", "LVS416", "LVS417"},
    ),
    "media over UDP, checked as a web server": (
        NAT + service("vip_nmask = 255.255.255.0", "port = 5004", "protocol = udp", *HTTP, ONE),
        {"W LVS627"},
        {"LVS605", "LVS609"},
    ),
    "the table of IPVS as the rules of a router": (
        MARKED + "--- router\n-A -f 5 -s wlc\n-a -f 5 -r 10.10.1.31:80 -g -w 1\n",
        {"I LVS400"},
        {"LVS401", "LVS701", "LVS440", "LVS441", "LVS442", "LVS444", "LVS447"},
    ),
    "a container engine closes FORWARD on a NAT router": (
        BALANCED + "--- router\n*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [9:540]\n:OUTPUT ACCEPT [0:0]\n"
        ":ENGINE - [0:0]\n-A FORWARD -j ENGINE\n-A FORWARD -o br0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
        "-A FORWARD -i br0 ! -o br0 -j ACCEPT\n-A FORWARD -i br0 -o br0 -j ACCEPT\n"
        "-A ENGINE -i br0 ! -o br0 -j RETURN\n-A ENGINE -j RETURN\nCOMMIT\n",
        {"E LVS418"},
        {"LVS411", "LVS420"},
    ),
    "the same with a rule for the real servers": (
        BALANCED + "--- router\niptables -A FORWARD -i br0 ! -o br0 -j ACCEPT\n"
        "iptables -A FORWARD -i eth1 -o eth0 -j ACCEPT\niptables -P FORWARD DROP\n",
        set(),
        {"LVS418"},
    ),
    "OUTPUT knows connections, ssh and heartbeats": (
        WEB + "--- router\n*filter\n:INPUT ACCEPT [0:0]\n:OUTPUT DROP [0:0]\n-A OUTPUT -o lo -j ACCEPT\n"
        "-A OUTPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
        "-A OUTPUT -p udp -m udp --dport 539 -j ACCEPT\n-A OUTPUT -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\n",
        {"E LVS420", "E LVS421"},
        {"LVS234", "LVS411"},
    ),
    "the kernel as it was installed, on a NAT router": (
        BALANCED + "--- router\niptables -P FORWARD ACCEPT\n"
        "--- router\n# Controls IP packet forwarding\nnet.ipv4.ip_forward = 0\nnet.ipv4.conf.default.rp_filter = 1\n",
        {"E LVS419"},
        {"LVS418"},
    ),
    "a real server with a gateway of its own": (
        BALANCED + "--- router\niptables -P FORWARD ACCEPT\n--- real-server one\n"
        "default via 10.11.1.254 dev eth0\n10.11.1.0/24 dev eth0 proto kernel scope link src 10.11.1.31\n",
        {"W LVS539"},
        {"LVS320", "LVS418"},
    ),
    "kernel settings of the routers only": (
        MARKED + "--- router 10.10.1.21 sysctl\nnet.ipv4.ip_forward = 1\n",
        {"I LVS400"},
        {"LVS401"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_was_wrong_is_found(name: str) -> None:
    """Its rules fire, as severe as they should, and rules that would mislead do not."""
    text, wanted, unwanted = CASES[name]
    found = findings(text)

    assert wanted <= {f"{one.severity.label[0].upper()} {one.code}" for one in found}
    assert not unwanted & {one.code for one in found}
    if all(one[0] != "E" for one in wanted):
        assert not [one for one in found if one.severity.label == "error"]
