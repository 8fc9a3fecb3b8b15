"""Cases of the rules in `lvscf.linter.rules.real_servers.boot`; see `tests.cases`."""

from tests.cases import Texts
from tests.hosts import DROP, MANGLE, REDIRECT, SERVED, real
from tests.rules.routers.boot_cases import OFF, ON

THERE = "--- real-server one\n"
ARP = SERVED + real(DROP, MANGLE) + THERE
SENT = SERVED + real(REDIRECT) + THERE

FIRES: Texts = {
    "LVS525": {
        "arptables_jf": ARP + OFF.format("arptables_jf"),
        "arptables": ARP + OFF.format("arptables"),
    },
    "LVS526": {
        "iptables": SENT + OFF.format("iptables"),
    },
}

SILENT: Texts = {
    "LVS525": {
        "on": ARP + ON.format("arptables_jf"),
        "not shown": ARP + OFF.format("iptables"),
        "no rules": SERVED + THERE + OFF.format("arptables_jf"),
        "NAT": ARP.replace("network = direct", "network = nat") + OFF.format("arptables_jf"),
    },
    "LVS526": {
        "on": SENT + ON.format("iptables"),
        "no REDIRECT": ARP + OFF.format("iptables"),
        "nftables is on": SENT + OFF.format("iptables") + ON.format("nftables"),
    },
}
