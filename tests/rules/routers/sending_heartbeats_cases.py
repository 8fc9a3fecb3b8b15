"""Cases of the rules in `lvscf.linter.rules.routers.sending_heartbeats`; see `tests.cases`."""

from tests.builders import ROUTERS
from tests.cases import Texts
from tests.hosts import HERE
from tests.rules.routers.firewalls_cases import BOTH, PAIR

SEALED = "iptables -P OUTPUT DROP\n"
PARTNER = "iptables -A OUTPUT -p udp -d 10.10.1.22 --dport 539"
ANSWERS = "iptables -A OUTPUT -m state --state ESTABLISHED -j ACCEPT\n"
SECOND_PATH = "primary_private = 10.11.1.21\nbackup_private = 10.11.1.22\n"

FIRES: Texts = {
    "LVS234": {
        "a policy of DROP": PAIR + HERE + SEALED,
        "a rule that drops them": PAIR + HERE + f"{PARTNER} -j DROP\n",
        "dropped after routing": PAIR
        + HERE
        + "iptables -t mangle -A POSTROUTING -p udp --dport 539 -j DROP\n",
        "only the loopback is accepted": PAIR
        + HERE
        + "iptables -A OUTPUT -o lo -j ACCEPT\n"
        + SEALED,
        "TCP only": PAIR + HERE + "iptables -A OUTPUT -p tcp -j ACCEPT\n" + SEALED,
        "only answers are accepted": PAIR + HERE + ANSWERS + SEALED,
        "another port is accepted": PAIR
        + "heartbeat_port = 540\n"
        + HERE
        + f"{PARTNER} -j ACCEPT\n"
        + SEALED,
        "another device is accepted, and the routes are known": PAIR
        + HERE
        + "iptables -A OUTPUT -o eth1 -j ACCEPT\n"
        + SEALED
        + HERE
        + "10.10.1.0/24 dev eth0 proto kernel scope link src 10.10.1.21\n",
        "only the other path is open": ROUTERS.replace("= 10.10.1.21", "= ⟦10.10.1.21⟧")
        + SECOND_PATH
        + HERE
        + PARTNER.replace("10.10.1.22", "10.11.1.22")
        + " -j ACCEPT\n"
        + SEALED,
    },
}

SILENT: Texts = {
    "LVS234": {
        "they are accepted": ROUTERS + HERE + f"{PARTNER} -j ACCEPT\n" + SEALED,
        "no rule about outgoing packets": ROUTERS + HERE + "iptables -P INPUT DROP\n",
        "a single router": "primary = 10.10.1.21\n" + HERE + SEALED,
        "all of a device is accepted": ROUTERS
        + HERE
        + "iptables -A OUTPUT -o eth0 -j ACCEPT\n"
        + SEALED,
        "new connections are accepted": ROUTERS
        + HERE
        + "iptables -A OUTPUT -m state --state NEW,ESTABLISHED -j ACCEPT\n"
        + SEALED,
        "the primary's rules, given for both": ROUTERS + BOTH + f"{PARTNER} -j ACCEPT\n" + SEALED,
        "the backup's rules, given for both": ROUTERS
        + BOTH
        + f"{PARTNER.replace('1.22', '1.21')} -j ACCEPT\n"
        + SEALED,
        "rules of a script that may not run": ROUTERS
        + HERE
        + f'if [ -n "$PAIR" ]; then {PARTNER} -j ACCEPT; fi\n'
        + SEALED,
    },
}
