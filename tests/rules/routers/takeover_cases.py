"""Cases of the rules in `lvscf.linter.rules.routers.takeover`; see `tests.cases`."""

from tests.builders import ROUTERS, service
from tests.cases import Defect, Defects, Texts

SHARED = "service = fos\nprimary_shared = ⟦/dev/sda⟧\nbackup_shared = /dev/sdb\n"

FIRES: Texts = {
    "LVS206": {
        "half a minute and more": "deadtime = ⟦31⟧\n",
        "two minutes, the backup turned off": "backup = 0.0.0.0\nbackup_active = 0\ndeadtime = ⟦120⟧\n",
    },
    "LVS210": {
        "on without a device": ROUTERS + "syncdaemon = ⟦1⟧\n",
        "on for a single router": "syncdaemon = ⟦1⟧\nsyncd_iface = eth1\n",
        "on without device and backup": "syncdaemon = ⟦1⟧\n",
        "off with a device": ROUTERS + "syncdaemon = 0\nsyncd_iface = ⟦eth1⟧\nsyncd_id = 3\n",
        "an id alone": ROUTERS + "syncd_id = ⟦3⟧\n",
    },
    "LVS211": {
        "a single router": "monitor_links = ⟦1⟧\n",
        "a negative number and an unset backup": "backup = 0.0.0.0\nmonitor_links = ⟦-1⟧\n",
        "a bonded device of a VIP": ROUTERS
        + "monitor_links = ⟦1⟧\n"
        + service(address="10.10.1.20 bond0:1"),
        "a bonded device of the NAT address": ROUTERS
        + "monitor_links = ⟦1⟧\nnat_router = 10.11.1.1 bond1:1\n",
    },
    "LVS212": {
        "a path": "inactive_cmd = ⟦/sbin/a⟧\n",
        "a path with an option": ROUTERS + 'active_cmd = ⟦"/sbin/a -b"⟧\n',
    },
    "LVS216": {
        "no action": SHARED,
        "no action, and a command": f"{SHARED}active_cmd = /sbin/a\n",
    },
}

SILENT: Texts = {
    "LVS206": {
        "half a minute": "deadtime = 30\n",
        "a pair of routers": ROUTERS + "deadtime = 60\n",
        "a failover cluster": "service = fos\ndeadtime = 60\n",
        "a backup that is not active": "backup = 10.10.1.22\ndeadtime = 60\n",
        "an address that Piranha refuses": "backup = 10.10.1.256\ndeadtime = 60\n",
        "the interval": "keepalive = 60\n",
    },
    "LVS210": {
        "on with a device": ROUTERS + "syncdaemon = 1\nsyncd_iface = eth1\n",
        "off": ROUTERS + "syncdaemon = 0\n",
        "a failover cluster": ROUTERS + "service = fos\nsyncdaemon = 1\n",
        "a value that Piranha refuses": ROUTERS + "syncdaemon = on\nsyncd_iface = eth1\n",
        "a device without a value": ROUTERS + "syncdaemon = 1\nsyncd_iface =\n",
        "a backup that is not active": "backup = 10.10.1.22\nsyncdaemon = 1\nsyncd_iface = eth1\n",
    },
    "LVS211": {
        "plain devices": ROUTERS + "monitor_links = 1\n" + service(),
        "off": "monitor_links = 0\n",
        "a backup that is not given": "backup_active = 1\nmonitor_links = 1\n",
        "a bonded device, and links are not monitored": ROUTERS
        + "monitor_links = 0\n"
        + service(address="10.10.1.20 bond0:1"),
    },
    "LVS212": {
        "the other command alone, without a backup": "active_cmd = /sbin/a\n",
        "a failover cluster": "service = fos\ninactive_cmd = /sbin/a\n",
        "no command": 'inactive_cmd = ""\n',
        "a path that is not absolute": "inactive_cmd = bin/a\n",
    },
    "LVS216": {
        "virtual servers": SHARED.replace("fos", "lvs"),
        "the action is nothing": SHARED + "reservation_conflict_action = nothing\n",
        "an action that Piranha refuses": SHARED + "reservation_conflict_action = panic\n",
        "one device only": "service = fos\nprimary_shared = /dev/sda\n",
    },
}

DEFECTS: Defects = {
    "LVS206": {
        "one minute for a single router": Defect(
            "single router", "deadtime = 18\n", "deadtime = 60\n"
        ),
    },
    "LVS210": {
        "on without a device": Defect("direct routing", "syncdaemon = 0\n", "syncdaemon = 1\n"),
        "on for a single router": Defect("single router", "syncdaemon = 0\n", "syncdaemon = 1\n"),
        "a device alone": Defect("direct routing", "syncdaemon = 0\n", "syncd_iface = eth1\n"),
    },
    "LVS211": {
        "a single router": Defect("single router", "monitor_links = 0\n", "monitor_links = 1\n"),
        "a bonded device": Defect("nat", "eth0:1", "bond0:1"),
    },
    "LVS212": {
        "the command of the inactive router": Defect(
            "direct routing", "debug_level = NONE\n", "inactive_cmd = /sbin/a\n"
        ),
        "the command of the active router": Defect(
            "direct routing", "debug_level = NONE\n", "active_cmd = /sbin/a\n"
        ),
    },
    "LVS216": {
        "no action": Defect(
            "failover", "heartbeat = 1\n", "primary_shared = a\nbackup_shared = b\n"
        ),
    },
}
