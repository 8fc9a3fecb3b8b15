"""Cases of the rules in `lvscf.faults.unreadable`; see `tests.cases`."""

from tests.builders import server, service
from tests.cases import Defect, Defects, Texts

FIRES: Texts = {
    "LVS007": {
        "a unit": "keepalive = ⟦3s⟧\n",
        "a fraction": "keepalive = ⟦1.5⟧\n",
        "an octal number with an 8": "keepalive = ⟦08⟧\n",
        "the name of no service": "heartbeat_port = ⟦nosuch⟧\n",
        "a service name for a real server": service(server("port = ⟦http⟧")),
    },
    "LVS008": {
        "yes": "backup_active = ⟦yes⟧\n",
        "two": "backup_active = ⟦2⟧\n",
    },
    "LVS009": {
        "a byte above 255": "primary = ⟦10.10.1.256⟧\n",
        "no address for the primary": "primary = ⟦0.0.0.0⟧\n",
        "IPv6": "primary = ⟦fe80::1⟧\n",
        "a prefix length": "primary = ⟦10.10.1.21/24⟧\n",
        "a host name for a sorry server": service("sorry_server = ⟦sorry.example.com⟧"),
    },
    "LVS010": {
        "a prefix length": "nat_nmask = ⟦/24⟧\n",
        "what the GUI wrote for none": service("vip_nmask = ⟦Unused⟧"),
    },
    "LVS011": {
        "an abbreviation of direct": "network = ⟦dr⟧\n",
        "an unknown kind of service": "service = ⟦ha⟧\n",
        "a scheduler of later kernels": service("scheduler = ⟦sed⟧"),
        "capital letters": service("protocol = ⟦TCP⟧"),
        "an unknown action": "reservation_conflict_action = ⟦panic⟧\n",
    },
    "LVS012": {
        "brackets joined to the items": service("dirs = ⟦[a b]⟧"),
        "no list after the equals sign": service("dirs ⟦=⟧"),
    },
}

SILENT: Texts = {
    "LVS007": {
        "hexadecimal": "keepalive = 0x10\n",
        "the name of a service": "heartbeat_port = http\n",
    },
    "LVS008": {
        "hexadecimal one": "backup_active = 0x1\n",
    },
    "LVS009": {
        "a host name for the primary": "primary = lvs1.example.com\n",
        "no backup": "backup = 0.0.0.0\n",
        "a short form": "primary = 10.1\n",
    },
    "LVS010": {
        "with a gap": "nat_nmask = 255.0.255.0\n",
        "a prefix length for the persistence netmask": service("pmask = /24"),
    },
    "LVS011": {
        "a known scheduler and protocol": service("scheduler = lblcr", "protocol = udp"),
    },
    "LVS012": {
        "an empty list": service("dirs = [ ]"),
    },
}

DEFECTS: Defects = {
    "LVS007": {
        "a unit": Defect("direct routing", "deadtime = 18\n", "deadtime = 18s\n"),
    },
    "LVS008": {
        "on": Defect("direct routing", "backup_active = 1\n", "backup_active = on\n"),
    },
    "LVS009": {
        "a byte above 255": Defect(
            "direct routing", "primary = 10.10.1.21\n", "primary = 10.10.1.321\n"
        ),
        "a prefix length": Defect(
            "direct routing", "backup = 10.10.1.22\n", "backup = 10.10.1.22/24\n"
        ),
    },
    "LVS010": {
        "a prefix length": Defect(
            "direct routing", "vip_nmask = 255.255.255.255\n", "vip_nmask = /32\n"
        ),
    },
    "LVS011": {
        "an abbreviation of direct": Defect(
            "direct routing", "network = direct\n", "network = dr\n"
        ),
        "capital letters": Defect("direct routing", "scheduler = wlc\n", "scheduler = WLC\n"),
    },
}
