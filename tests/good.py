"""Configurations as people run them: nothing is wrong with any of them."""

ROUTERS = """\
serial_no = 7
primary = 10.10.1.21
service = lvs
backup_active = 1
backup = 10.10.1.22
heartbeat = 1
heartbeat_port = 539
keepalive = 6
deadtime = 18
network = direct
debug_level = NONE
monitor_links = 0
syncdaemon = 0
"""
"""A pair of routers, as the GUI writes it."""

SERVERS = """\
     server one {
         address = 10.10.1.31
         active = 1
         weight = 1
     }
     server two {
         address = 10.10.1.32
         active = 1
         weight = 1
     }
"""

DIRECT = f"""\
{ROUTERS}virtual web {{
     active = 1
     address = 10.10.1.20 eth0:1
     vip_nmask = 255.255.255.255
     port = 80
     send = "GET / HTTP/1.0\\r\\n\\r\\n"
     expect = "HTTP"
     use_regex = 0
     load_monitor = none
     scheduler = wlc
     protocol = tcp
     timeout = 6
     reentry = 15
     quiesce_server = 0
{SERVERS}}}
"""

NAT = f"""\
serial_no = 112
primary = 192.0.2.11
primary_private = 10.11.1.11
service = lvs
backup_active = 1
backup = 192.0.2.12
backup_private = 10.11.1.12
heartbeat = 1
heartbeat_port = 539
keepalive = 6
deadtime = 18
network = nat
nat_router = 10.11.1.1 eth1:1
nat_nmask = 255.255.255.0
debug_level = NONE
monitor_links = 1
syncdaemon = 1
syncd_iface = eth1
syncd_id = 7
virtual web {{
     active = 1
     address = 192.0.2.20 eth0:1
     vip_nmask = 255.255.255.0
     port = 80
     send = "GET /alive HTTP/1.0\\r\\n\\r\\n"
     expect = "HTTP/1.1 200 OK"
     scheduler = wrr
     protocol = tcp
     timeout = 6
     reentry = 15
{SERVERS.replace("10.10.", "10.11.").replace("weight = 1", "port = 8080", 1).replace("weight = 1", "port = 8080")}}}
"""

MARKS = DIRECT.replace(
    "     port = 80\n", "     fwmark = 80\n     port = 80\n     persistent = 300\n"
).replace("virtual web", "virtual web_and_tls")

TUNNEL = (
    DIRECT.replace("network = direct", "network = tunnel")
    .replace("10.10.1.31", "198.51.100.31")
    .replace("10.10.1.32", "203.0.113.32")
)

DNS = (
    DIRECT.replace("virtual web", "virtual dns")
    .replace(
        """\
     port = 80
     send = "GET / HTTP/1.0\\r\\n\\r\\n"
     expect = "HTTP"
     use_regex = 0
""",
        """\
     port = 53
     send_program = "/usr/local/bin/check_dns %h"
     expect = "OK"
     use_regex = 0
""",
    )
    .replace("protocol = tcp", "protocol = udp")
)

SIP = (
    DIRECT.replace("virtual web", "virtual sip")
    .replace(
        """\
     port = 80
     send = "GET / HTTP/1.0\\r\\n\\r\\n"
     expect = "HTTP"
""",
        """\
     port = 5060
     send = "OPTIONS sip:check@10.10.1.20 SIP/2.0\\r\\n\\r\\n"
     expect = "SIP/2.0"
""",
    )
    .replace("protocol = tcp", "protocol = udp")
)

FTP = DIRECT.replace("virtual web", "virtual ftp").replace(
    """\
     port = 80
     send = "GET / HTTP/1.0\\r\\n\\r\\n"
     expect = "HTTP"
""",
    """\
     fwmark = 21
     port = 21
     persistent = 900
     send = "quit\\r\\n"
     expect = "220"
""",
)

MYSQL = (
    DIRECT.replace("virtual web", "virtual mysql")
    .replace(
        """\
     port = 80
     send = "GET / HTTP/1.0\\r\\n\\r\\n"
     expect = "HTTP"
""",
        """\
     port = 3306
     send_program = "/usr/local/bin/check_mysql %h 3306"
     expect = "OK"
""",
    )
    .replace("scheduler = wlc", "scheduler = lc")
)

SINGLE = DIRECT.replace(
    "backup_active = 1\nbackup = 10.10.1.22\nheartbeat = 1\nheartbeat_port = 539\n",
    "backup_active = 0\nbackup = 0.0.0.0\nheartbeat = 0\nheartbeat_port = 539\n",
)

FAILOVER = """\
serial_no = 3
primary = 10.10.1.21
service = fos
backup_active = 1
backup = 10.10.1.22
heartbeat = 1
keepalive = 6
deadtime = 18
failover db {
     address = 10.10.1.20 eth0:1
     vip_nmask = 255.255.255.0
     active = 1
     port = 5432
     timeout = 6
     start_cmd = "/etc/rc.d/init.d/postgresql start"
     stop_cmd = "/etc/rc.d/init.d/postgresql stop"
}
"""

SEVERAL = f"""\
{DIRECT}virtual mail {{
     active = 1
     address = 10.10.1.25 eth0:2
     vip_nmask = 255.255.255.255
     port = 25
     persistent = 60
     pmask = 255.255.255.255
     send = "quit\\r\\n"
     expect = "220"
     scheduler = rr
     protocol = tcp
     timeout = 10
     reentry = 60
     sorry_server = 10.10.1.90
{SERVERS}}}
virtual retired {{
     active = 0
     address = 10.10.1.26 eth0:3
     port = 25
}}
"""

TWO_MARKS = MARKS + MARKS[MARKS.index("virtual ") :].replace("web_and_tls", "shop").replace(
    "     fwmark = 80\n     port = 80\n", "     fwmark = 81\n     port = 81\n"
)

GOOD: dict[str, str] = {
    "direct routing": DIRECT,  # everything at the GUI's defaults
    "nat": NAT,
    "marks": MARKS,
    "two marks on one address": TWO_MARKS,
    "tunnel": TUNNEL,
    "dns over udp": DNS,
    "sip over udp": SIP,
    "ftp with a mark": FTP,
    "mysql": MYSQL,
    "single router": SINGLE,
    "failover": FAILOVER,
    "several services": SEVERAL,
}

NOTED: dict[str, set[str]] = {
    "dns over udp": {"LVS620"},
    "mysql": {"LVS620"},
    "failover": {"LVS623"},
}
"""Notes (severity info) that are worth having about a configuration that is in order."""
