"""Cases of the rules in `lvscf.linter.rules.health_checks.timing`; see `tests.cases`."""

from tests.builders import failover, server, service
from tests.cases import Defect, Defects, Texts
from tests.rules.health_checks.directives import TWO

FIRES: Texts = {
    "LVS606": {
        "zero": service("timeout = ⟦0⟧"),
        "negative": service("timeout = ⟦-5⟧"),
        "more than nanny holds": service("timeout = ⟦2147484⟧"),
        "more than a minute": service("timeout = ⟦61⟧"),
        "hexadecimal zero in a failover service": failover("timeout = ⟦0x0⟧"),
    },
    "LVS607": {
        "zero": service("reentry = ⟦0⟧"),
        "one second less than the timeout": service("timeout = 6", "reentry = ⟦5⟧"),
        "negative": service("reentry = ⟦-1⟧"),
    },
    "LVS616": {
        "an unknown monitor": service("load_monitor = ⟦snmp⟧"),
        "an option": service('load_monitor = ⟦"rup -x"⟧'),
        "rup for servers of one weight": service("load_monitor = ⟦rup⟧", *TWO),
        "ruptime for a server of weight 2": service(
            "load_monitor = ⟦ruptime⟧", server("weight = 2")
        ),
        "a path to ssh": "rsh_command = ⟦/usr/bin/ssh⟧\n" + service("load_monitor = uptime"),
        "ssh with an option, for two virtual servers": (
            'rsh_command = ⟦"ssh -q"⟧\n'
            + service("load_monitor = uptime", server("weight = 9"))
            + service("load_monitor = uptime", name="b")
        ),
    },
    "LVS625": {
        "uptime": service("load_monitor = ⟦uptime⟧"),
        "rup in quotes": service('load_monitor = ⟦"rup"⟧'),
    },
}

SILENT: Texts = {
    "LVS606": {
        "one second and one minute": service("timeout = 1") + service("timeout = 60", name="b"),
        "another program monitors the service": service(
            "timeout = 0", "client_monitor = /opt/check"
        ),
        "a unit that Piranha refuses": service("timeout = 0s"),
    },
    "LVS607": {
        "as long as the timeout": service("timeout = 6", "reentry = 6"),
        "the default, and a longer timeout": service("timeout = 300"),
        "a timeout that Piranha refuses": service("timeout = 5s", "reentry = 5"),
        "a timeout of zero": service("timeout = 0", "reentry = 15"),
        "a failover service": failover("reentry = 0"),
    },
    "LVS616": {
        "none": service("load_monitor = none", *TWO),
        "one server with a weight": service("load_monitor = rup", server("weight = 3")),
        "round robin": service("load_monitor = rup", "scheduler = rr", *TWO),
        "a weight that is no number": service("load_monitor = rup", server("weight = heavy")),
        "ssh": "rsh_command = ssh\n" + service("load_monitor = uptime"),
        "a remote shell that rup does not need": "rsh_command = /bin/x\n"
        + service("load_monitor = rup"),
        "a failover service": failover("load_monitor = snmp"),
    },
    "LVS625": {
        "none": service("load_monitor = none"),
        "a program of one's own": service("load_monitor = /opt/load"),
        "a failover service": failover("load_monitor = rup"),
    },
}

DEFECTS: Defects = {
    "LVS606": {
        "zero": Defect("nat", "timeout = 6", "timeout = 0"),
        "negative": Defect("nat", "timeout = 6", "timeout = -6"),
        "more than nanny holds": Defect("nat", "timeout = 6", "timeout = 9999999"),
        "more than a minute": Defect(
            "nat", "timeout = 6\n     reentry = 15", "timeout = 90\n     reentry = 270"
        ),
        "zero in a failover service": Defect("failover", "timeout = 6", "timeout = 0"),
    },
    "LVS607": {
        "zero": Defect("nat", "reentry = 15", "reentry = 0"),
        "less than the timeout": Defect("nat", "reentry = 15", "reentry = 5"),
    },
    "LVS616": {
        "a letter missing": Defect("direct routing", "load_monitor = none", "load_monitor = non"),
    },
}
