"""Cases of the rules in `lvscf.linter.rules.routers.boot`; see `tests.cases`."""

from tests.builders import ROUTERS, service
from tests.cases import Texts
from tests.hosts import DIRECT, HERE, marked
from tests.rules.routers.own_addresses_cases import PUBLIC, VIP

PRIMARY = DIRECT.replace("10.10.1.21", "⟦10.10.1.21⟧")
ON = "{0:<15}\t0:off\t1:off\t2:on\t3:on\t4:on\t5:on\t6:off\n"
OFF = "{0:<15}\t0:off\t1:off\t2:off\t3:off\t4:off\t5:off\t6:off\n"
PULSE, NO_PULSE = ON.format("pulse"), OFF.format("pulse")
MARK = DIRECT + marked("⟦80⟧")
NO_RULES = OFF.format("iptables")
MODULES = "Module                  Size  Used by\nipv6                  317340  28\n"

FIRES: Texts = {
    "LVS223": {
        "off": PRIMARY + service() + HERE + NO_PULSE,
        "the backup": ROUTERS.replace("10.10.1.22", "⟦10.10.1.22⟧")
        + service()
        + HERE
        + PULSE
        + "--- router 10.10.1.22\n"
        + NO_PULSE,
        "systemd": PRIMARY + service() + HERE + "pulse.service  disabled\n",
        "a failover cluster": PRIMARY
        + "service = fos\n"
        + service().replace("virtual", "failover")
        + HERE
        + NO_PULSE,
    },
    "LVS224": {
        "off": MARK + HERE + NO_RULES + PULSE,
        "firewalld is off, too": MARK + HERE + NO_RULES + OFF.format("firewalld"),
    },
    "LVS225": {
        "on": PRIMARY + service() + HERE + ON.format("ipvsadm") + PULSE,
    },
    "LVS226": {
        "not active": PRIMARY + service() + HERE + MODULES,
        "active": PRIMARY + service() + HERE + MODULES + HERE + PUBLIC + VIP,
    },
}

SILENT: Texts = {
    "LVS223": {
        "on": PRIMARY + service() + HERE + PULSE,
        "not shown": PRIMARY + service() + HERE + ON.format("sshd") + NO_RULES,
        "nothing is active": PRIMARY + HERE + NO_PULSE,
    },
    "LVS224": {
        "on": MARK + HERE + ON.format("iptables"),
        "firewalld is on": MARK + HERE + NO_RULES + ON.format("firewalld"),
        "no marks": PRIMARY + service() + HERE + NO_RULES,
        "not shown": MARK + HERE + PULSE,
    },
    "LVS225": {
        "off": PRIMARY + service() + HERE + OFF.format("ipvsadm"),
    },
    "LVS226": {
        "there": PRIMARY + service() + HERE + MODULES + "ip_vs                 115643  0\n",
        "there is a table": PRIMARY
        + service()
        + HERE
        + MODULES
        + HERE
        + "-A -t 10.10.1.20:80 -s wlc\n",
        "not all modules": PRIMARY + service() + HERE + "nf_conntrack  96343  2\nxt_mark 1 0\n",
    },
}
