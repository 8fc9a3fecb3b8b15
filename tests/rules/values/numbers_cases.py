"""LVS1: numbers.  See the package for the marks."""

from tests.builders import ROUTERS, server, service


def failover(*lines: str) -> str:
    """A failover service that is in order, with further lines, under `service = fos`."""
    return "service = fos\n" + service(*lines, name="db").replace("virtual", "failover")


FIRES: list[tuple[str, str]] = [
    ("LVS104", "keepalive = ⟦4294967302⟧\n"),
    ("LVS104", "deadtime = ⟦0x100000012⟧\n"),
    ("LVS104", "backup_active = ⟦4294967297⟧\n"),
    ("LVS104", service("port = ⟦4294967376⟧")),
    ("LVS104", service(server("weight = ⟦-9999999999⟧"))),
    ("LVS104", service("fwmark = ⟦4294967376⟧")),
    ("LVS104", "virtual a {\nactive = 0\nport = ⟦99999999999⟧\n}\n"),
    ("LVS104", f"keepalive = ⟦{'9' * 5000}⟧\n"),
    ("LVS105", ROUTERS + "heartbeat_port = ⟦0⟧\n"),
    ("LVS105", ROUTERS + "heartbeat_port = ⟦65536⟧\n"),
    ("LVS105", ROUTERS + "heartbeat_port = ⟦-1⟧\n"),
    ("LVS105", "heartbeat_port = ⟦70000⟧\n"),
    ("LVS105", service("port = ⟦65536⟧")),
    ("LVS105", service("port = ⟦-1⟧")),
    ("LVS105", service("port = ⟦99999999999⟧")),
    ("LVS105", service("fwmark = 80", "port = ⟦70000⟧", server())),
    ("LVS105", service("persistent = ⟦2678401⟧")),
    ("LVS105", service("persistent = ⟦-1⟧")),
    ("LVS105", service(server("port = ⟦65616⟧"))),
    ("LVS105", service(server("port = ⟦-2⟧"))),
    ("LVS105", service("port = 8080", server("port = ⟦-1⟧"))),
    ("LVS105", failover("port = ⟦70000⟧")),
    ("LVS105", failover("port = ⟦1000000000⟧")),
    ("LVS105", "tcp_timeout = ⟦2678401⟧\n"),
    ("LVS105", "tcpfin_timeout = ⟦-1⟧\n"),
    ("LVS105", "udp_timeout = ⟦0x7fffffff⟧\n"),
    ("LVS105", "syncdaemon = 1\nsyncd_id = ⟦256⟧\n"),
    ("LVS106", service("fwmark = ⟦0⟧")),
    ("LVS106", service("fwmark = ⟦-1⟧")),
    ("LVS106", service("fwmark = ⟦2147483648⟧")),
    ("LVS106", service("fwmark = ⟦0xffffffff⟧")),
    ("LVS106", service("fwmark = ⟦4294967296⟧")),
    ("LVS110", service("port = ⟦http⟧")),
    ("LVS110", service("port = ⟦domain⟧", "protocol = udp")),
    ("LVS110", "heartbeat_port = ⟦ssh⟧\n"),
    ("LVS110", failover("port = ⟦postgresql⟧")),
]

SILENT: list[tuple[str, str]] = [
    ("LVS104", "keepalive = 2147483647\ndeadtime = -2147483648\n"),
    ("LVS104", "serial_no = 20130424010\n"),  # no daemon looks at it
    ("LVS104", service("fwmark = 4294967295") + service("fwmark = -1", name="b")),
    ("LVS104", service("port = 99999999999")),
    ("LVS104", service("port = http", "timeout = 0x0000000000006")),
    ("LVS104", "backup_active = 0x1\n"),
    ("LVS105", ROUTERS + "heartbeat_port = 65535\n"),
    ("LVS105", service("port = 65535", "persistent = 2678400", server("port = 65535"))),
    ("LVS105", service("port = 0", "persistent = 0", server("port = 0"))),
    ("LVS105", "virtual a {\nactive = 0\nport = 70000\nserver b {\nport = 70000\n}\n}\n"),
    ("LVS105", service("fwmark = 80", "port = 70000", server("port = 80"))),
    ("LVS105", service("fwmark = eighty", "port = 70000")),
    ("LVS105", service("active = 0", "persistent = -1")),
    ("LVS105", "failover a {\nactive = 1\nport = 70000\n}\n"),
    ("LVS105", failover("port = 65535", "persistent = -1")),
    ("LVS105", "tcp_timeout = 2678400\ntcpfin_timeout = 0\nudp_timeout = 300\n"),
    ("LVS105", "service = fos\ntcp_timeout = -1\n"),
    ("LVS105", "syncd_id = 256\n"),
    ("LVS105", "syncdaemon = 1\nsyncd_id = 255\n"),
    ("LVS105", "keepalive = -1\ndeadtime = -1\n" + service("timeout = -1", "reentry = -1")),
    ("LVS106", service("fwmark = 1") + service("fwmark = 2147483647", name="b")),
    ("LVS106", "virtual a {\nactive = 0\nfwmark = 0\n}\n"),
    ("LVS106", failover("fwmark = 0")),
    ("LVS110", service("port = 80", server("port = 0x50"))),
    ("LVS110", service("port = nosuch")),
    ("LVS110", service('port = "80"')),
]  # fmt: skip

DEFECTS: list[tuple[str, str, str, str]] = [
    ("direct routing", "reentry = 15\n", "reentry = 4294967311\n", "LVS104"),
    ("direct routing", "heartbeat_port = 539\n", "heartbeat_port = 0\n", "LVS105"),
    ("direct routing", "heartbeat_port = 539\n", "heartbeat_port = 66075\n", "LVS105"),
    ("direct routing", "port = 80\n", "port = 80443\n", "LVS105"),
    ("direct routing", "port = 80\n", "port = 80\n     persistent = 99999999999\n", "LVS105"),
    ("direct routing", "port = 80\n", "port = 80\n     persistent = -300\n", "LVS105"),
    ("direct routing", "syncdaemon = 0\n", "syncdaemon = 0\ntcp_timeout = 3000000\n", "LVS105"),
    ("nat", "syncd_id = 7\n", "syncd_id = 1024\n", "LVS105"),
    ("nat", "port = 8080\n", "port = 80800\n", "LVS105"),
    ("nat", "port = 8080\n", "port = -1\n", "LVS105"),
    ("failover", "port = 5432\n", "port = 65536\n", "LVS105"),
    ("marks", "fwmark = 80\n", "fwmark = 0\n", "LVS106"),
    ("marks", "fwmark = 80\n", "fwmark = -80\n", "LVS106"),
    ("marks", "fwmark = 80\n", "fwmark = 3000000000\n", "LVS106"),
    ("direct routing", "port = 80\n", "port = http\n", "LVS110"),
    ("dns over udp", "port = 53\n", "port = domain\n", "LVS110"),
]  # fmt: skip
