"""Cases of the rules in `lvscf.linter.rules.real_servers.rule_copies`; see `tests.cases`."""

from tests.cases import Texts
from tests.hosts import SERVED

THERE = "--- real-server one\n"
NAT = "*nat\n:PREROUTING ACCEPT [0:0]\n{}COMMIT\n"
SENT = NAT.format("-A PREROUTING -d 10.10.1.20/32 -p tcp -m tcp --dport 80 -j REDIRECT\n")
NOT_SENT = NAT.format("")
OPEN = "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n"
CLOSED = "*filter\n:INPUT DROP [0:0]\nCOMMIT\n"

FIRES: Texts = {
    "LVS527": {
        "one lacks the REDIRECT": SERVED + THERE + SENT + THERE + NOT_SENT,
        "one sends them to another port": SERVED
        + THERE
        + SENT
        + THERE
        + SENT.replace("REDIRECT", "REDIRECT --to-ports 8080"),
        "one drops": SERVED + THERE + OPEN + THERE + CLOSED,
    },
}

SILENT: Texts = {
    "LVS527": {
        "the same": SERVED + THERE + SENT + THERE + SENT.replace("[0:0]", "[9:540]"),
        "other tables": SERVED + THERE + SENT + THERE + OPEN,
        "NAT": SERVED.replace("network = direct", "network = nat")
        + THERE
        + SENT
        + THERE
        + NOT_SENT,
    },
}
