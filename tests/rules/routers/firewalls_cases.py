"""Cases of the rules in `lvscf.linter.rules.routers.firewalls`; see `tests.cases`."""

from tests.builders import ROUTERS
from tests.cases import Texts
from tests.hosts import CLOSED, HERE

PAIR = ROUTERS.replace("10.10.1.21", "⟦10.10.1.21⟧")

PARTNER = "iptables -A INPUT -p udp -s 10.10.1.22 --dport 539"

ONLY_ANSWERS = PAIR + HERE + "iptables -A INPUT -m state --state ESTABLISHED -j ACCEPT\n" + CLOSED

GUI = "iptables -A INPUT -p tcp --dport 3636 -j ACCEPT"

BOTH = "--- router\n"

FIRES: Texts = {
    "LVS213": {
        "a policy of DROP": PAIR + HERE + CLOSED,
        "heartbeats of the partner are dropped": PAIR + HERE + f"{PARTNER} -j DROP\n",
        "only the loopback is accepted": PAIR
        + HERE
        + "iptables -A INPUT -i lo -j ACCEPT\n"
        + CLOSED,
        "only answers are accepted": ONLY_ANSWERS,
        "another port of heartbeats is accepted": PAIR
        + "heartbeat_port = 540\n"
        + HERE
        + f"{PARTNER} -j ACCEPT\n"
        + CLOSED,
    },
    "LVS214": {
        "open to all": ROUTERS + HERE + f"⟦{GUI}⟧\n" + CLOSED,
    },
    "LVS215": {
        "TCP is accepted": ROUTERS + HERE + "⟦iptables -A INPUT -p tcp --dport 539 -j ACCEPT⟧\n",
    },
}

SILENT: Texts = {
    "LVS213": {
        "heartbeats of the partner are accepted": ROUTERS
        + HERE
        + f"{PARTNER} -j ACCEPT\n"
        + CLOSED,
        "a single router": "primary = 10.10.1.21\n" + HERE + CLOSED,
        "all of a device is accepted": ROUTERS
        + HERE
        + "iptables -A INPUT -i eth0 -j ACCEPT\n"
        + CLOSED,
        "the primary's rules, given for both": ROUTERS + BOTH + f"{PARTNER} -j ACCEPT\n" + CLOSED,
        "the backup's rules, given for both": ROUTERS
        + BOTH
        + f"{PARTNER.replace('1.22', '1.21')} -j ACCEPT\n"
        + CLOSED,
        "rules by destination, given for both": ROUTERS
        + BOTH
        + f"{PARTNER.replace('-s 10.10.1.22', '-d 10.10.1.22')} -j ACCEPT\n"
        + CLOSED,
        "rules for public and private addresses, given for both": ROUTERS
        + "primary_private = 10.11.1.21\nbackup_private = 10.11.1.22\n"
        + BOTH
        + f"{PARTNER} -j ACCEPT\n{PARTNER.replace('10.10.1.22', '10.11.1.21')} -j ACCEPT\n"
        + CLOSED,
    },
    "LVS214": {
        "open to one network": ROUTERS
        + HERE
        + GUI.replace("-p", "-s 10.10.1.0/24 -p")
        + "\n"
        + CLOSED,
        "no rule about incoming packets": ROUTERS
        + HERE
        + "iptables -t mangle -A PREROUTING -j MARK --set-mark 1\n",
    },
    "LVS215": {
        "a range of ports over TCP": ROUTERS
        + HERE
        + "iptables -A INPUT -p tcp --dport 1:1023 -j ACCEPT\n",
    },
}
