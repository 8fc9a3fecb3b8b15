"""Cases of families LVS4 and LVS5: an lvs.cf with files of hosts, as in `tests.rules.cases`.

The token of lvs.cf that a rule underlines is marked `⟦token⟧`.
"""

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

FIRES: list[tuple[str, str]] = [
    # --- LVS4 -----------------------------------------------------------------------------------
    ("LVS401", MARK + router("-A PREROUTING -p tcp -d 10.10.1.99 --dport 80 -j MARK --set-mark 80")),
    ("LVS401", MARK + router(f"-A PREROUTING {VIP} --dport 81 -j MARK --set-mark 80")),
    ("LVS401", MARK + router("iptables -A INPUT -j ACCEPT")),
    ("LVS401", MARK + router(SET, host="10.10.1.21") + router("-P INPUT ACCEPT", host="10.10.1.22")),
    ("LVS402", MARK + router(f"-A PREROUTING {TO_80} -j MARK --set-mark 50")),
    ("LVS402", MARK + router(f"-A PREROUTING {TO_80} -j MARK --set-mark 0x80")),
    ("LVS402", MARK + router(f"-A PREROUTING {TO_80} -j MARK --set-mark 7")),
    ("LVS402", MARK + router(SET, f"-A PREROUTING {VIP} --dport 443 -j MARK --set-mark 50")),
    ("LVS403", MARK + router(SET, "-A PREROUTING -d 10.10.1.20 -j MARK --set-mark 1")),
    ("LVS403", MARK + router("-A PREROUTING -d 10.10.1.20 -j ACCEPT", SET)),
    ("LVS403", MARK + router("-A PREROUTING -d 10.10.1.20 -j RETURN", SET)),
    ("LVS403", MARK + router("-A PREROUTING -p tcp --dport 80 -j DROP", SET)),
    ("LVS404", MARK + router("-N LVS", SET.replace("PREROUTING", "LVS"))),
    ("LVS404", MARK + router(SET.replace("PREROUTING", "OUTPUT"))),
    ("LVS404", MARK + router(f"iptables -t nat {SET}")),
    ("LVS405", MARK + router(f"-A PREROUTING {VIP}/24 --dport 80 -j MARK --set-mark 80")),
    ("LVS405", MARK + router("-A PREROUTING -p tcp --dport 80 -j MARK --set-mark 80")),
    ("LVS405", MARK + router(f"-A PREROUTING {VIP} -j MARK --set-mark 80")),
    ("LVS406", MARK + router(f"-A PREROUTING {TO_80} -s 10.10.1.101 -j MARK --set-mark 80")),
    ("LVS406", MARK + router(f"-A PREROUTING {TO_80} -i eth1 -j MARK --set-mark 80")),
    ("LVS406", MARK + router(f"-A PREROUTING {TO_80} -m state --state ESTABLISHED -j MARK --set-mark 80")),
    ("LVS406", MARK + router("-A PREROUTING -s 10.10.1.103 -j RETURN", SET)),
    ("LVS407", "⟦primary = 10.10.1.21⟧\n" + plain() + router(f"-A PREROUTING {VIP} --dport 443 -j MARK --set-mark 7")),
    ("LVS408", ROUTERS + marked() + plain("port = 443").replace("http", "⟦http⟧") + router(f"-A PREROUTING {BOTH} -j MARK --set-mark 80")),
    ("LVS409", MARK + router(SET, host="10.10.1.21") + router(f"-A PREROUTING {BOTH} -j MARK --set-mark 80", host="10.10.1.22")),
    ("LVS410", MARK + router(f"-A PREROUTING {TO_80} -i eth0:1 -j MARK --set-mark 80")),
    ("LVS411", ROUTERS + plain().replace("http", "⟦http⟧") + router("iptables -P INPUT DROP")),
    ("LVS411", ROUTERS + marked().replace("web", "⟦web⟧") + router(SET, "iptables -A INPUT -p tcp --dport 80 -j REJECT")),
    ("LVS412", ROUTERS + plain().replace("http", "⟦http⟧") + router(f"iptables -t nat {REDIRECT}")),
    ("LVS412", ROUTERS + plain().replace("http", "⟦http⟧") + router(f"iptables -t nat -A PREROUTING {TO_80} -j DNAT --to 10.10.1.9")),
    ("LVS413", ROUTERS + marked("⟦21⟧", "port = 21") + router(f"-A PREROUTING {VIP} --dport 21 -j MARK --set-mark 21")),
    ("LVS414", MARK + router(SET.replace("tcp", "udp"))),
    ("LVS415", MARK + router(SET + "/0xff")),
    # --- LVS5 -----------------------------------------------------------------------------------
    ("LVS501", SERVED + real("iptables -A INPUT -j ACCEPT")),
    ("LVS501", SERVED + real(REDIRECT.replace("tcp", "udp"))),
    ("LVS501", SERVED + real("-N VIP", REDIRECT.replace("PREROUTING", "VIP"))),
    ("LVS501", ROUTERS + marked("80", one("⟦10.10.1.31⟧")) + router(f"-A PREROUTING {BOTH} -j MARK --set-mark 80") + real(REDIRECT)),
    ("LVS501", ROUTERS + marked("21", "port = 21", one("⟦10.10.1.31⟧")) + router(f"-A PREROUTING {VIP} -m multiport --dports 21,10000:20000 -j MARK --set-mark 21") + real(f"-A PREROUTING {VIP} --dport 21 -j REDIRECT")),
    ("LVS501", SERVED + real("iptables -A INPUT -j ACCEPT") + "--- real-server one sysctl\nnet.ipv4.ip_forward = 0\n"),
    ("LVS501", SERVED + real("iptables -A INPUT -j ACCEPT") + "--- real-server one sysctl\nnet.ipv4.conf.all.arp_ignore = 0\nnet.ipv4.conf.all.arp_announce = 2\n"),
    ("LVS502", SERVED + real(REDIRECT + " --to-ports 8080")),
    ("LVS503", SERVED + real("-A PREROUTING -d 10.10.1.20 -j ACCEPT", REDIRECT)),
    ("LVS503", SERVED + real(f"-A PREROUTING {TO_80} -j DNAT --to 10.10.1.9", REDIRECT)),
    ("LVS504", SERVED + real(REDIRECT.replace("1.20", "1.200"))),
    ("LVS505", SERVED + real(f"-A PREROUTING {TO_80} -s 10.10.1.101 -j REDIRECT")),
    ("LVS505", SERVED + real(f"-A PREROUTING {TO_80} -i eth1 -j REDIRECT")),
    ("LVS505", SERVED + real("-A PREROUTING -s 10.10.1.103 -j ACCEPT", REDIRECT)),
    ("LVS506", SERVED + real("-A PREROUTING -p tcp --dport 80 -j REDIRECT")),
    ("LVS506", SERVED + real(REDIRECT.replace("1.20", "1.20/24"))),
    ("LVS507", SERVED + real(REDIRECT, "-A PREROUTING -p tcp -d 10.10.1.77 --dport 80 -j REDIRECT")),
    ("LVS507", SERVED + real(REDIRECT, f"-A PREROUTING {VIP} --dport 25 -j REDIRECT")),
    ("LVS508", SERVED + real(DROP)),
    ("LVS508", SERVED + real(MANGLE)),
    ("LVS508", SERVED + "--- real-server one sysctl\nnet.ipv4.conf.lo.arp_ignore = 1\n"),
    ("LVS508", SERVED + real("iptables -A INPUT -j ACCEPT") + "--- real-server one sysctl\nnet.ipv4.conf.lo.arp_ignore = 1\nnet.ipv4.conf.lo.arp_announce = 2\n"),
    ("LVS508", SERVED + "--- real-server one sysctl\nnet/ipv4/conf/default/arp_ignore = 1\nnet.ipv4.conf.all.arp_ignore = 0\nnet.ipv4.conf.eth0.arp_ignore = 0\n"),
    ("LVS509", SERVED + real(DROP, MANGLE.replace("OUT -s", "OUT -d"))),
    ("LVS510", SERVED + real(DROP, MANGLE.replace("10.10.1.31", "10.10.1.20"))),
    ("LVS511", SERVED + real(REDIRECT, "iptables -P INPUT DROP")),
    ("LVS511", SERVED + real(REDIRECT, "iptables -P INPUT DROP", "iptables -A INPUT -m state --state NEW -j ACCEPT")),
    ("LVS512", (SERVED + real(REDIRECT)).replace("network = direct", "network = nat")),
]  # fmt: skip

QUIET = "net.ipv4.conf.all.arp_ignore = 1\nnet.ipv4.conf.all.arp_announce = 2\n"
OFF = MARK.replace("active = 1\naddress", "active = 0\naddress")

SILENT: list[tuple[str, str]] = [
    # --- LVS4 -----------------------------------------------------------------------------------
    ("LVS401", MARK + router(SET)),
    ("LVS401", MARK + router(SET.replace("80 -j MARK --set-mark 80", "80 -j MARK --set-mark 0120"))),
    ("LVS401", OFF + router("-P INPUT ACCEPT")),
    ("LVS401", MARK + real(REDIRECT)),
    ("LVS401", MARK + router(SET.replace("--set-mark 80", "--set-mark $MARK"))),
    ("LVS401", MARK + router(SET.replace("10.10.1.20", "$VIP"))),
    ("LVS401", MARK + router(SET.replace("PREROUTING", "INPUT"))),
    ("LVS402", ROUTERS + marked("0x50") + router(SET)),
    ("LVS402", MARK + router(SET.replace("-mark 80", "-mark 0x50"))),
    ("LVS403", MARK + router(SET, "-A PREROUTING -d 10.10.1.20 -j ACCEPT")),
    ("LVS403", MARK + router(SET, f"-A PREROUTING {VIP} --dport 443 -j MARK --set-mark 7")),
    ("LVS404", MARK + router("-N LVS", "-A PREROUTING -j LVS", SET.replace("PREROUTING", "LVS"))),
    ("LVS405", MARK + router(SET)),
    # The file does not show what these stand for.
    ("LVS405", MARK + router(SET.replace("10.10.1.20", "$VIP"))),
    ("LVS405", MARK + router(SET.replace("--dport 80", "--dport $PORT"))),
    ("LVS405", MARK + router(SET.replace("10.10.1.20", "vip.example.com"))),
    ("LVS405", MARK + router(SET.replace("-d 10.10.1.20", "-m set --match-set vips dst"))),
    ("LVS405", MARK + router("-N L", "-A PREROUTING -d $VIP -j L", "-A L -p tcp --dport 80 -j MARK --set-mark 80")),
    ("LVS405", MARK + router("-N L", f"-A PREROUTING {TO_80} -j L", "-A L -j MARK --set-mark 80")),
    ("LVS406", MARK + router(f"-A PREROUTING {TO_80} -s 10.10.1.0/24 -j MARK --set-mark 80")),
    ("LVS406", MARK + router(f"-A PREROUTING {TO_80} -i eth0 -j MARK --set-mark 80")),
    ("LVS406", MARK + router(f"-A PREROUTING {TO_80} -m limit --limit 5/s -j MARK --set-mark 80")),
    ("LVS407", MARK + router(SET)),
    # LVS402 reports all ports that get the wrong mark.
    ("LVS407", MARK + router(*(f"-A PREROUTING {VIP} --dport {port} -j MARK --set-mark 7" for port in (80, 443)))),
    ("LVS407", MARK + router(SET, "-A PREROUTING -i eth2 -j MARK --set-mark 7")),
    ("LVS407", MARK + router(SET, f"-A PREROUTING {VIP} --dport 25 -j MARK --set-mark 7", "-A PREROUTING -j CONNMARK --save-mark")),
    ("LVS408", ROUTERS + marked() + plain("port = 443") + router(SET)),
    ("LVS409", MARK + router(SET, host="10.10.1.21") + router(SET, host="10.10.1.22")),
    ("LVS409", MARK + router(SET, host="10.10.1.21")),
    ("LVS410", MARK + router(f"-A PREROUTING {TO_80} -i eth0 -j MARK --set-mark 80")),
    ("LVS411", ROUTERS + plain() + router("iptables -A INPUT -s 198.51.100.7 -j DROP")),
    ("LVS411", ROUTERS + plain() + router("iptables -P INPUT DROP", "iptables -A INPUT -s 10.10.1.0/24 -j ACCEPT")),
    ("LVS412", ROUTERS + plain() + router("iptables -t nat -A PREROUTING -p tcp -d 10.10.1.99 --dport 80 -j REDIRECT")),
    ("LVS413", ROUTERS + marked("21", "port = 21") + router(f"-A PREROUTING {VIP} -m multiport --dports 20,21 -j MARK --set-mark 21")),
    ("LVS414", MARK + router(SET)),
    ("LVS415", MARK + router(SET)),
    # --- LVS5 -----------------------------------------------------------------------------------
    ("LVS501", SERVED + real(REDIRECT)),
    ("LVS501", SERVED + router(SET)),
    ("LVS501", SERVED + real(DROP, MANGLE)),
    ("LVS501", SERVED + real(DROP, MANGLE, "iptables -A INPUT -j ACCEPT")),
    ("LVS501", SERVED + real("iptables -A INPUT -j ACCEPT") + "--- real-server one sysctl\n" + QUIET),
    ("LVS501", (SERVED + real("iptables -A INPUT -j ACCEPT")).replace("= direct", "= tunnel")),
    ("LVS501", SERVED.replace("active = 1\naddress = ⟦10.10.1.31", "active = 0\naddress = ⟦10.10.1.31") + real("iptables -A INPUT -j ACCEPT")),
    ("LVS501", ROUTERS + marked("80", one()) + router(f"-A PREROUTING {VIP} --dport 1:1023 -j MARK --set-mark 80") + real(REDIRECT)),
    ("LVS501", SERVED + real(f"-A PREROUTING {TO_80} -j DNAT --to 10.10.1.31")),
    ("LVS502", ROUTERS + plain(one("10.10.1.31", "port = 8080")) + real(REDIRECT + " --to-ports 8080")),
    ("LVS503", SERVED + real(REDIRECT, "-A PREROUTING -d 10.10.1.20 -j ACCEPT")),
    ("LVS504", SERVED + real(REDIRECT, "-A PREROUTING -p tcp -d 10.10.1.99 --dport 80 -j REDIRECT")),
    ("LVS505", SERVED + real(f"-A PREROUTING {TO_80} -i eth0 -j REDIRECT")),
    ("LVS505", SERVED + real(f"-A PREROUTING {TO_80} -s 10.10.1.0/24 -j REDIRECT")),
    ("LVS506", SERVED + real(REDIRECT)),
    ("LVS506", SERVED + real(REDIRECT.replace("10.10.1.20", "$VIP"))),
    ("LVS507", SERVED + real(REDIRECT)),
    ("LVS507", ROUTERS + marked("80", one()) + real(f"-A PREROUTING {BOTH} -j REDIRECT")),
    ("LVS508", SERVED + real(DROP, MANGLE)),
    ("LVS508", SERVED + real(DROP.replace("10.10.1.20", "$VIP"), MANGLE.replace("10.10.1.20", "$VIP"))),
    ("LVS508", SERVED + real(DROP, MANGLE.replace("10.10.1.31", "$RIP"))),
    ("LVS508", SERVED + real(REDIRECT) + real("arptables -A IN -d 10.10.1.99 -j DROP")),
    ("LVS509", SERVED + real(DROP, MANGLE)),
    ("LVS510", SERVED + real(DROP, MANGLE)),
    ("LVS511", SERVED + real(REDIRECT, "iptables -P INPUT DROP", "iptables -A INPUT -p tcp --dport 80 -j ACCEPT")),
    ("LVS512", SERVED + real(REDIRECT)),
]  # fmt: skip
