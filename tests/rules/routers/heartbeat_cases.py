"""Cases of the rules in `lvscf.linter.rules.routers.heartbeat`; see `tests.cases`."""

from tests.builders import ROUTERS, service
from tests.cases import Defect, Defects, Texts

FIRES: Texts = {
    "LVS201": {
        "shorter than the interval": ROUTERS + "keepalive = 30\ndeadtime = ⟦18⟧\n",
        "as long as the interval": ROUTERS + "keepalive = 6\ndeadtime = ⟦6⟧\n",
        "shorter than the default interval": ROUTERS + "deadtime = ⟦2⟧\n",
        "an interval longer than the default": ROUTERS + "keepalive = ⟦5⟧\n",
        "hexadecimal, in a failover cluster": ROUTERS
        + "service = fos\nkeepalive = 7\ndeadtime = ⟦0x6⟧\n",
    },
    "LVS202": {
        "not twice the interval": ROUTERS + "keepalive = 10\ndeadtime = ⟦19⟧\n",
        "twice the interval": ROUTERS + "keepalive = 10\ndeadtime = ⟦20⟧\n",
        "one second more than the default interval": ROUTERS + "deadtime = ⟦3⟧\n",
    },
    "LVS203": {
        "an interval of zero": "keepalive = ⟦0⟧\n",
        "a negative deadtime": "deadtime = ⟦-1⟧\n",
    },
    "LVS204": {
        "not set": "backup = ⟦10.10.1.22⟧\n",
        "turned off": "backup = 10.10.1.22\nbackup_active = ⟦0⟧\n",
    },
    "LVS205": {
        "no backup": "backup_active = ⟦1⟧\n",
        "an unset backup": "backup = ⟦0.0.0.0⟧\nbackup_active = 1\n",
    },
    "LVS208": {
        "a backup only": "⟦backup = 10.10.1.22⟧\n",
        "a virtual server only": service().replace("virtual web {", "⟦virtual web {⟧"),
    },
    "LVS903": {
        "a comment and a primary": "# a comment\n⟦primary = 10.10.1.21⟧\n",
    },
}

SILENT: Texts = {
    "LVS201": {
        "three times the interval": ROUTERS + "keepalive = 6\ndeadtime = 18\n",
        "both defaults": ROUTERS,
        "a single router": "keepalive = 30\ndeadtime = 18\n",
        "an interval that Piranha refuses": ROUTERS + "keepalive = 3s\ndeadtime = 1\n",
        "zero: LVS203": ROUTERS + "keepalive = 6\ndeadtime = 0\n",
    },
    "LVS202": {
        "three times the interval": ROUTERS + "keepalive = 6\ndeadtime = 18\n",
        "both defaults": ROUTERS,
        "shorter than the interval: LVS201": ROUTERS + "keepalive = 30\ndeadtime = 18\n",
        "a single router": "keepalive = 10\ndeadtime = 15\n",
    },
    "LVS203": {
        "one second each": "keepalive = 1\ndeadtime = 1\n",
    },
    "LVS204": {
        "turned on": ROUTERS,
        "no backup": "backup = 0.0.0.0\n",
        "a value that Piranha refuses": "backup = 10.10.1.22\nbackup_active = yes\n",
    },
    "LVS205": {
        "a backup": ROUTERS,
        "turned off": "backup_active = 0\n",
        "an address that Piranha refuses": "backup = 10.10.1.256\nbackup_active = 1\n",
    },
    "LVS208": {
        "a primary": ROUTERS,
        "an address that Piranha refuses": "primary = 10.10.1.256\n",
    },
    "LVS903": {
        "zero": "serial_no = 0\n",
        "a value that Piranha refuses": "primary = 10.10.1.21\nserial_no = one\n",
    },
}

DEFECTS: Defects = {
    "LVS201": {
        "an interval longer than deadtime": Defect(
            "direct routing", "keepalive = 6\n", "keepalive = 20\n"
        ),
    },
    "LVS202": {
        "an interval of more than half": Defect(
            "direct routing", "keepalive = 6\n", "keepalive = 10\n"
        ),
    },
    "LVS203": {
        "an interval of zero": Defect("direct routing", "keepalive = 6\n", "keepalive = 0\n"),
    },
    "LVS204": {
        "the switch is removed": Defect("direct routing", "backup_active = 1\n", ""),
    },
    "LVS205": {
        "the backup is removed": Defect("direct routing", "backup = 10.10.1.22\n", ""),
    },
    "LVS208": {
        "the primary is removed": Defect("direct routing", "primary = 10.10.1.21\n", ""),
    },
}
