"""Cases of the rules in `lvscf.linter.rules.values.optional_notes`; see `tests.cases`."""

from tests.builders import server, service
from tests.cases import Texts

FIRES: Texts = {
    "LVS113": {
        "a virtual server and its server": "virtual web {\nactive = ⟦0⟧\nserver one {\nactive = 0\n}\n}\n",
        "a real server": service(server().replace("active = 1", "active = ⟦0⟧")),
        "a failover service": "failover db {\nactive = ⟦0⟧\n}\n",
    },
    "LVS123": {
        "an interval": "keepalive = ⟦2⟧\n",
        "an unset backup": "backup = ⟦0.0.0.0⟧\n",
        "a scheduler": service("scheduler = ⟦wlc⟧"),
        "a weight in hexadecimal": service(server("weight = ⟦0x1⟧")),
    },
}

SILENT: Texts = {
    "LVS113": {
        "a block without a switch": service(server()) + "virtual b {\n}\n",
        "a switch that Piranha refuses": "virtual a {\nactive = off\n}\n",
    },
    "LVS123": {
        "values that are not the defaults": "keepalive = 6\ndeadtime = 18\ndebug_level = NONE\nheartbeat = 0\n",
        "a virtual server that is not active": 'virtual a {\nactive = 0\nscheduler = rr\nsend = ""\n}\n',
        "strings that nanny needs": service("load_monitor = none", server("port = 80")),
    },
}
