"""Cases of the rules in `lvscf.linter.rules.routers.rule_copies`; see `tests.cases`."""

from tests.builders import ROUTERS, service
from tests.cases import Texts
from tests.hosts import DIRECT, HERE, marked

BACKUP = "--- router 10.10.1.22\n"
PREROUTING = "*mangle\n:PREROUTING ACCEPT [0:0]\n{}COMMIT\n"
RULE = "-A PREROUTING -d 10.10.1.20/32 -p tcp -m tcp --dport {} -j MARK --set-mark 80\n"
BOTH = PREROUTING.format(RULE.format(80) + RULE.format(443))
ONE = PREROUTING.format(RULE.format(80))
NONE = PREROUTING.format("")
MARK = DIRECT + marked("⟦80⟧")
PAIR = ROUTERS + marked("⟦80⟧")
OPEN = "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n"
CLOSED = "*filter\n:INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\nCOMMIT\n"
SOME = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT\nCOMMIT\n"
VIP = DIRECT + service(address="⟦10.10.1.20 eth0:1⟧")

FIRES: Texts = {
    "LVS227": {
        "one lacks the mark": MARK + HERE + ONE + HERE + NONE,
        "one marks another port, too": MARK + HERE + BOTH + HERE + ONE,
        "one marks with another mark": MARK + HERE + ONE + HERE + ONE.replace("mark 80", "mark 81"),
        "one drops": VIP + HERE + OPEN + HERE + CLOSED.replace("-A INPUT -i lo -j ACCEPT\n", ""),
        "tables that only one has do not count": MARK + HERE + ONE + OPEN + HERE + NONE,
    },
}

SILENT: Texts = {
    "LVS227": {
        "the same rules": MARK + HERE + BOTH + HERE + BOTH.replace("[0:0]", "[5:300]"),
        "the same in other words": MARK
        + HERE
        + ONE
        + HERE
        + ONE.replace("--set-mark 80", "--set-xmark 0x50/0xffffffff"),
        "other tables": MARK + HERE + ONE + HERE + OPEN,
        "one file": MARK + HERE + ONE,
        "files that may be of two routers": PAIR + "--- router\n" + BOTH + "--- router\n" + ONE,
        "two routers": PAIR + HERE + BOTH + BACKUP + ONE,
        "services are treated alike": VIP + HERE + OPEN + HERE + SOME,
    },
}
