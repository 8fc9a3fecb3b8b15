"""Cases of the rules in `lvscf.linter.rules.gui.saving`; see `tests.cases`."""

from tests.builders import server, service
from tests.cases import Defect, Defects, Texts

LONG = "x" * 70

TWO = service(server("port = 80"), server(name="two", address="10.10.1.32"))

FIRES: Texts = {
    "LVS811": {
        "a directive of 84 bytes": f"rsh_command = ⟦{LONG}⟧\n",
        "a command of a failover service": f"failover db {{\nstart_cmd = ⟦/{LONG}⟧\n}}\n",
        "the name of a virtual server": f"virtual ⟦{LONG}⟧ {{\n}}\n",
        "a string that may be longer": service(f'send = ⟦"{"x" * 286}"⟧'),
        "letters of two bytes": "debug_level = ⟦" + "é" * 33 + "⟧\n",
        "the name of a real server": service(f"server ⟦{'x' * 66}⟧ {{\n}}"),
    },
    "LVS812": {
        "after a virtual server with two servers": TWO + "failover db {\nserver ⟦stray⟧ {\n}\n}\n",
        "after a virtual server without servers": service()
        + "failover db {\nserver ⟦stray⟧ {\n}\n}\n",
        "without a virtual server": "failover db {\nserver ⟦stray⟧ {\n}\n}\n",
    },
    "LVS813": {
        "a port after a server": service(server(), "port = ⟦8080⟧"),
        "a second port between servers": service(
            "port = 81", server(), "port = ⟦80⟧", server(name="two")
        ),
    },
    "LVS814": {
        "a directive of 0.8.6-7": "⟦hard_shutdown⟧ = 0\n",
        "a directive of earlier releases": "⟦active_cmd⟧ = /bin/true\n",
        "a command in a virtual server": service('⟦start_cmd⟧ = "/bin/true"'),
        "a list": service("⟦dirs⟧ = [ a ]"),
        "a failover service": "failover db {\n⟦reentry⟧ = 5\n}\n",
    },
    "LVS815": {
        "without a failover service": "service = ⟦fos⟧\n",
    },
    "LVS816": {
        "no scheduler": "virtual ⟦web⟧ {\n}\n",
        "a load monitor that the page does not offer": service(
            "scheduler = rr", "load_monitor = ⟦uptime⟧"
        ),
        "a netmask of two addresses": service("scheduler = rr", "vip_nmask = ⟦255.255.255.254⟧"),
        "a short netmask": service("scheduler = rr", "vip_nmask = ⟦255.254.0.0⟧"),
        "a netmask in hexadecimal": service("scheduler = rr", "pmask = ⟦0xffffff00⟧"),
        "the netmask of NAT": "nat_nmask = ⟦255.0.0.0⟧\n",
    },
    "LVS817": {
        "two comments at the top": "⟦# one⟧\n# two\n",
        "an empty comment in a block": service("⟦#⟧"),
    },
    "LVS818": {
        "octal": "serial_no = ⟦010⟧\n",
        "hexadecimal": "serial_no = ⟦0x10⟧\n",
        "in quotes": 'serial_no = ⟦"5"⟧\n',
        "more than 32 bits": "serial_no = ⟦4294967296⟧\n",
    },
}

SILENT: Texts = {
    "LVS811": {
        "as long as the limit, and a directive it drops": f"rsh_command = {'x' * 65}\nactive_cmd = {LONG}\n",
        "names as long as the limit": f"virtual {'x' * 69} {{\n}}\nfailover {'x' * 68} {{\nserver {'x' * 65} {{\n}}\n}}\n",
        "a string as long as its limit": service(f'send = "{"x" * 285}"'),
        "too long for a line at all": f"rsh_command = {'é' * 2050}\n",
        "a directive that it drops": service(f'start_cmd = "{LONG}"'),
        "letters of two bytes up to the limit": "debug_level = " + "é" * 32 + "\n",
    },
    "LVS812": {
        "a failover service without servers": service(server()) + "failover db {\nactive = 0\n}\n",
        "a failover service before the virtual server": "failover db {\n}\n" + service(server()),
    },
    "LVS813": {
        "the port before the server": service("port = 8080", server()),
        "a server with a port of its own": service(server("port = 80"), "port = 8080"),
        "port 80, which is the default": service(server(), "port = 80"),
    },
    "LVS814": {
        "directives that it knows": "syncd_id = 7\ntcp_timeout = 600\nheartbeat = 1\n"
        + service("quiesce_server = 1"),
        "a failover service with its commands": 'failover db {\nstart_cmd = "/bin/true"\ntimeout = 9\n}\n',
    },
    "LVS815": {
        "virtual servers": "service = lvs\n",
        "virtual servers and a failover service": "service = lvs\nfailover db {\n}\n",
    },
    "LVS816": {
        "values that the pages offer": service(
            "scheduler = wlc", "load_monitor = rup", "vip_nmask = 255.255.254.0"
        ),
        "values that Piranha refuses or ignores": service(
            "scheduler = nosuch", "vip_nmask = 0.0.0.0"
        ),
        "a failover service": "failover db {\nvip_nmask = 255.0.0.0\n}\n",
    },
    "LVS817": {
        "no comment": "keepalive = 6\n",
        "a hash as a value": 'debug_level = "#"\n',
    },
    "LVS818": {
        "zero": "serial_no = 0\n",
        "a date": "serial_no = 2013042401\n",
    },
}

DEFECTS: Defects = {
    "LVS811": {
        "the name of a virtual server": Defect(
            "direct routing", "virtual web {", f"virtual {'x' * 70} {{"
        ),
    },
    "LVS814": {
        "a directive of 0.8.6-7": Defect(
            "direct routing", "keepalive = 6", "hard_shutdown = 1\nkeepalive = 6"
        ),
    },
    "LVS816": {
        "no scheduler": Defect("direct routing", "     scheduler = wlc\n", ""),
        "a short netmask": Defect(
            "direct routing", "vip_nmask = 255.255.255.255", "vip_nmask = 255.254.0.0"
        ),
    },
    "LVS817": {
        "a comment at the top": Defect("direct routing", "keepalive = 6", "# note\nkeepalive = 6"),
    },
    "LVS818": {
        "in quotes": Defect("direct routing", "serial_no = 7", 'serial_no = "7"'),
    },
}
