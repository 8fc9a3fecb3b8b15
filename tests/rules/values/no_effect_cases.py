"""Cases of the rules in `lvscf.linter.rules.values.no_effect`; see `tests.cases`."""

from tests.builders import ROUTERS, failover, server, service
from tests.cases import Defect, Defects, Texts

UPTIME = service("load_monitor = uptime", "scheduler = wlc")

FIRES: Texts = {
    "LVS114": {
        "synchronising": "⟦sync⟧ = 1\n",
        "a master": service("⟦master⟧ = 10.10.1.31"),
        "a list of an inactive virtual server": "virtual web {\nactive = 0\n⟦dirs⟧ = [ /var/www ]\n}\n",
        "a level of debugging": "debug_level = ⟦3⟧\n",
        "heartbeats without an active backup": "backup = 0.0.0.0\nbackup_active = 0\nheartbeat = ⟦1⟧\n",
        "heartbeats without a backup": "heartbeat = ⟦1⟧\n",
        "heartbeats turned off for two routers": ROUTERS + "heartbeat = ⟦0⟧\n",
        "a remote shell without a load monitor": "rsh_command = ⟦ssh⟧\n"
        + service("load_monitor = none"),
        "a remote shell with the default load monitor": "rsh_command = ⟦rsh⟧\n" + service(),
        "a remote shell for an inactive virtual server": "rsh_command = ⟦ssh⟧\nvirtual a {\nactive = 0\nload_monitor = uptime\n}\n",
    },
    "LVS115": {
        "both commands of a virtual server": service(
            '⟦start_cmd⟧ = "/bin/a"', 'stop_cmd = "/bin/b"'
        ),
        "one command of a virtual server": service('⟦stop_cmd⟧ = "/bin/b"'),
        "a regular expression": failover("⟦use_regex⟧ = 1"),
        "a mark": failover("⟦fwmark⟧ = 80"),
        "persistence": failover("⟦persistent⟧ = 300"),
        "a scheduler": failover("⟦scheduler⟧ = rr"),
        "a sorry server": failover("⟦sorry_server⟧ = 10.10.1.90"),
        "a real server": failover(server(name="⟦one⟧")),
        "the command of the active router": failover() + "⟦active_cmd⟧ = /bin/a\n",
        "connection synchronisation": failover()
        + "⟦syncdaemon⟧ = 1\nsyncd_iface = eth1\nsyncd_id = 7\n",
        "a NAT address": failover()
        + "⟦nat_router⟧ = 10.11.1.1 eth1:1\nnat_nmask = 255.255.255.0\n",
        "a kind of shutdown": failover() + "⟦hard_shutdown⟧ = 0\n",
        "a shared device of the primary": failover() + "⟦primary_shared⟧ = /dev/sdb\n",
        "a shared device of the backup": failover()
        + "⟦backup_shared⟧ = /dev/sdb\nreservation_conflict_action = preempt\n",
        "an action on conflicts": failover() + "⟦reservation_conflict_action⟧ = preempt\n",
        "shared devices for virtual servers": service()
        + "⟦primary_shared⟧ = /dev/sdb\nbackup_shared = /dev/sdb\n",
        "an action for virtual servers": service() + "⟦reservation_conflict_action⟧ = preempt\n",
    },
    "LVS117": {
        "a failover service, by default": service() + "failover ⟦db⟧ {\nactive = 1\n}\n",
        "a failover service, in words": "service = lvs\n"
        + service()
        + "failover ⟦db⟧ {\nactive = 1\n}\n",
        "a virtual server in a failover cluster": failover() + service(name="⟦web⟧"),
    },
}

SILENT: Texts = {
    "LVS114": {
        "ordinary values": "serial_no = 3\ndebug_level = NONE\n",
        "heartbeats of two routers": ROUTERS + "heartbeat = 1\n",
        "heartbeats turned off for one router": "backup = 0.0.0.0\nheartbeat = 0\n",
        "a backup whose switch is not set": "backup = 10.10.1.22\nheartbeat = 1\n",
        "a switch without a backup": "backup_active = 1\nheartbeat = 1\n",
        "a backup that Piranha refuses": "backup = 10.10.1.256\nbackup_active = no\nheartbeat = 1\n",
        "a remote shell with a load monitor": "rsh_command = ssh\n" + UPTIME,
    },
    "LVS115": {
        "commands of a failover service": failover(
            'start_cmd = "/bin/a"', 'stop_cmd = "/bin/b"', "protocol = udp"
        ),
        "values that are turned off": failover(
            "use_regex = 0", "quiesce_server = 0", "load_monitor = none"
        ),
        "defaults": failover("reentry = 180", "scheduler = wlc", "pmask = 255.255.255.255"),
        "top-level values that are turned off": failover()
        + "network = direct\nsyncdaemon = 0\nmonitor_links = 1\n",
        "a device and a remote shell": failover() + "syncd_iface = eth1\nrsh_command = rsh\n",
        "both shared devices": failover() + "primary_shared = /dev/sdb\nbackup_shared = /dev/sdb\n",
        "an action that is the default": failover() + "reservation_conflict_action = nothing\n",
        "defaults for virtual servers": service()
        + 'reservation_conflict_action = nothing\nprimary_shared = ""\n',
        "a virtual server that is not active": 'virtual a {\nactive = 0\nstart_cmd = "/bin/a"\n}\n',
        "a failover service that is not in force": service()
        + "failover a {\nactive = 1\nuse_regex = 1\n}\n",
        "a kind of service that Piranha refuses": "service = ha\nactive_cmd = /bin/a\nprimary_shared = /dev/sdb\n",
    },
    "LVS117": {
        "failover services that are not active": service()
        + "failover a {\nactive = 0\n}\nfailover b {\n}\n",
        "no failover service: LVS116": "service = fos\n" + service(),
        "a kind of service that Piranha refuses": "service = ha\n"
        + service()
        + "failover a {\nactive = 1\n}\n",
        "a virtual server that is not active": failover() + "virtual a {\nactive = 0\n}\n",
    },
}

DEFECTS: Defects = {
    "LVS114": {
        "synchronising": Defect("direct routing", "syncdaemon = 0\n", "syncdaemon = 0\nsync = 1\n"),
        "a level of debugging": Defect(
            "direct routing", "debug_level = NONE\n", "debug_level = ALL\n"
        ),
        "heartbeats turned off for two routers": Defect(
            "direct routing", "heartbeat = 1\n", "heartbeat = 0\n"
        ),
        "heartbeats of a single router": Defect(
            "single router", "heartbeat = 0\n", "heartbeat = 1\n"
        ),
        "a remote shell": Defect(
            "direct routing", "syncdaemon = 0\n", "syncdaemon = 0\nrsh_command = ssh\n"
        ),
    },
    "LVS115": {
        "a command of a virtual server": Defect(
            "direct routing", "port = 80\n", 'port = 80\n     start_cmd = "/bin/a"\n'
        ),
        "a shared device for virtual servers": Defect(
            "direct routing", "syncdaemon = 0\n", "syncdaemon = 0\nbackup_shared = /dev/sdb\n"
        ),
        "a regular expression of a failover service": Defect(
            "failover", "port = 5432\n", "port = 5432\n     use_regex = 1\n"
        ),
        "connection synchronisation of a failover cluster": Defect(
            "failover", "deadtime = 18\n", "deadtime = 18\nsyncdaemon = 1\n"
        ),
        "one of two shared devices": Defect(
            "failover", "deadtime = 18\n", "deadtime = 18\nprimary_shared = /dev/sdb\n"
        ),
    },
    "LVS117": {
        "a virtual server in a failover cluster": Defect(
            "failover",
            "failover db {",
            "virtual web {\n     active = 1\n     address = 10.10.1.25 eth0:2\n}\nfailover db {",
        ),
    },
}
