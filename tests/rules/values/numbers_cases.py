"""Cases of the rules in `lvscf.linter.rules.values.numbers`; see `tests.cases`."""

from tests.builders import ROUTERS, failover, server, service
from tests.cases import Defect, Defects, Texts

FIRES: Texts = {
    "LVS104": {
        "an interval": "keepalive = ⟦4294967302⟧\n",
        "hexadecimal": "deadtime = ⟦0x100000012⟧\n",
        "a switch": "backup_active = ⟦4294967297⟧\n",
        "a port": service("port = ⟦4294967376⟧"),
        "a negative weight": service(server("weight = ⟦-9999999999⟧")),
        "a mark": service("fwmark = ⟦4294967376⟧"),
        "a virtual server that is not active": "virtual a {\nactive = 0\nport = ⟦99999999999⟧\n}\n",
        "five thousand digits": f"keepalive = ⟦{'9' * 5000}⟧\n",
    },
    "LVS105": {
        "heartbeats on port 0": ROUTERS + "heartbeat_port = ⟦0⟧\n",
        "heartbeats on port 65536": ROUTERS + "heartbeat_port = ⟦65536⟧\n",
        "heartbeats on a negative port": ROUTERS + "heartbeat_port = ⟦-1⟧\n",
        "heartbeats of a single router": "heartbeat_port = ⟦70000⟧\n",
        "a port of 65536": service("port = ⟦65536⟧"),
        "a negative port": service("port = ⟦-1⟧"),
        "a port of eleven digits": service("port = ⟦99999999999⟧"),
        "the port of a virtual server with a mark": service(
            "fwmark = 80", "port = ⟦70000⟧", server()
        ),
        "persistence of more than a month": service("persistent = ⟦2678401⟧"),
        "negative persistence": service("persistent = ⟦-1⟧"),
        "a real server's port of 65616": service(server("port = ⟦65616⟧")),
        "a real server's negative port": service(server("port = ⟦-2⟧")),
        "a real server's port that becomes the default": service(
            "port = 8080", server("port = ⟦-1⟧")
        ),
        "a failover service's port of 70000": failover("port = ⟦70000⟧"),
        "a failover service's port of ten digits": failover("port = ⟦1000000000⟧"),
        "a timeout of more than a month": "tcp_timeout = ⟦2678401⟧\n",
        "a negative timeout": "tcpfin_timeout = ⟦-1⟧\n",
        "a timeout in hexadecimal": "udp_timeout = ⟦0x7fffffff⟧\n",
        "a synchronisation id of 256": "syncdaemon = 1\nsyncd_id = ⟦256⟧\n",
    },
    "LVS106": {
        "zero": service("fwmark = ⟦0⟧"),
        "negative": service("fwmark = ⟦-1⟧"),
        "two to the 31": service("fwmark = ⟦2147483648⟧"),
        "all bits": service("fwmark = ⟦0xffffffff⟧"),
        "more than 32 bits": service("fwmark = ⟦4294967296⟧"),
    },
    "LVS110": {
        "http": service("port = ⟦http⟧"),
        "domain over UDP": service("port = ⟦domain⟧", "protocol = udp"),
        "heartbeats on ssh": "heartbeat_port = ⟦ssh⟧\n",
        "postgresql of a failover service": failover("port = ⟦postgresql⟧"),
    },
}

SILENT: Texts = {
    "LVS104": {
        "the largest and the smallest": "keepalive = 2147483647\ndeadtime = -2147483648\n",
        "a serial number of its own kind": "serial_no = 20130424010\n",
        "the largest mark, and a negative one": service("fwmark = 4294967295")
        + service("fwmark = -1", name="b"),
        "a port that overflows a buffer: LVS105": service("port = 99999999999"),
        "a service name, and zeros": service("port = http", "timeout = 0x0000000000006"),
        "a hexadecimal switch": "backup_active = 0x1\n",
    },
    "LVS105": {
        "heartbeats on port 65535": ROUTERS + "heartbeat_port = 65535\n",
        "the largest values": service(
            "port = 65535", "persistent = 2678400", server("port = 65535")
        ),
        "zero: other rules": service("port = 0", "persistent = 0", server("port = 0")),
        "a virtual server that is not active": "virtual a {\nactive = 0\nport = 70000\nserver b {\nport = 70000\n}\n}\n",
        "a mark, where servers have ports": service(
            "fwmark = 80", "port = 70000", server("port = 80")
        ),
        "a mark that Piranha refuses": service("fwmark = eighty", "port = 70000"),
        "a virtual server that is turned off again": service("active = 0", "persistent = -1"),
        "a failover service that is not in force": "failover a {\nactive = 1\nport = 70000\n}\n",
        "a failover service's largest port": failover("port = 65535", "persistent = -1"),
        "the largest timeouts": "tcp_timeout = 2678400\ntcpfin_timeout = 0\nudp_timeout = 300\n",
        "timeouts of a failover cluster": "service = fos\ntcp_timeout = -1\n",
        "a synchronisation id that is not used": "syncd_id = 256\n",
        "the largest synchronisation id": "syncdaemon = 1\nsyncd_id = 255\n",
        "negative times: other rules": "keepalive = -1\ndeadtime = -1\n"
        + service("timeout = -1", "reentry = -1"),
    },
    "LVS106": {
        "the smallest and the largest": service("fwmark = 1")
        + service("fwmark = 2147483647", name="b"),
        "a virtual server that is not active": "virtual a {\nactive = 0\nfwmark = 0\n}\n",
        "a failover service": failover("fwmark = 0"),
    },
    "LVS110": {
        "numbers": service("port = 80", server("port = 0x50")),
        "a name that is no service: LVS007": service("port = nosuch"),
        "a number in quotes": service('port = "80"'),
    },
}

DEFECTS: Defects = {
    "LVS104": {
        "a number of seconds": Defect("direct routing", "reentry = 15\n", "reentry = 4294967311\n"),
    },
    "LVS105": {
        "heartbeats on port 0": Defect(
            "direct routing", "heartbeat_port = 539\n", "heartbeat_port = 0\n"
        ),
        "heartbeats on port 66075": Defect(
            "direct routing", "heartbeat_port = 539\n", "heartbeat_port = 66075\n"
        ),
        "two ports run together": Defect("direct routing", "port = 80\n", "port = 80443\n"),
        "persistence that overflows a buffer": Defect(
            "direct routing", "port = 80\n", "port = 80\n     persistent = 99999999999\n"
        ),
        "negative persistence": Defect(
            "direct routing", "port = 80\n", "port = 80\n     persistent = -300\n"
        ),
        "a timeout of more than a month": Defect(
            "direct routing", "syncdaemon = 0\n", "syncdaemon = 0\ntcp_timeout = 3000000\n"
        ),
        "a synchronisation id of 1024": Defect("nat", "syncd_id = 7\n", "syncd_id = 1024\n"),
        "a real server's port of 80800": Defect("nat", "port = 8080\n", "port = 80800\n"),
        "a real server's negative port": Defect("nat", "port = 8080\n", "port = -1\n"),
        "a failover service's port of 65536": Defect("failover", "port = 5432\n", "port = 65536\n"),
    },
    "LVS106": {
        "zero": Defect("marks", "fwmark = 80\n", "fwmark = 0\n"),
        "negative": Defect("marks", "fwmark = 80\n", "fwmark = -80\n"),
        "more than two to the 31": Defect("marks", "fwmark = 80\n", "fwmark = 3000000000\n"),
    },
    "LVS110": {
        "http": Defect("direct routing", "port = 80\n", "port = http\n"),
        "domain": Defect("dns over udp", "port = 53\n", "port = domain\n"),
    },
}
