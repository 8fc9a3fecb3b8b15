"""Cases of the rules in `lvscf.linter.rules.running_table.real_servers`; see `tests.cases`."""

from tests.builders import ROUTERS, server, service
from tests.cases import Texts
from tests.hosts import DIRECT, HERE, marked

WEB = "-A -t 10.10.1.20:80 -s wlc\n"
ONE = "-a -t 10.10.1.20:80 -r 10.10.1.31:80 -g -w 1\n"
TWO = ONE.replace("31", "32")
BOTH = server() + "\n" + server(name="two", address="⟦10.10.1.32⟧")
MARKED = DIRECT + marked("80", server("port = ⟦80⟧")) + HERE + "-A -f 80 -s wlc -p 300\n"


def weighted(weight: str, there: int, *lines: str) -> str:
    """A real server with a weight in lvs.cf and one in the table."""
    text = DIRECT + service(*lines, server(f"weight = {weight}")) + HERE
    return text + WEB + ONE.replace("-w 1", f"-w {there}")


FIRES: Texts = {
    "LVS442": {
        "one of two": DIRECT + service(BOTH) + HERE + WEB + ONE,
        "quiesced servers stay": DIRECT + service("quiesce_server = 1", BOTH) + HERE + WEB + ONE,
        "all": DIRECT + service(BOTH.replace("⟦", "").replace("⟧", ""), name="⟦web⟧") + HERE + WEB,
        "all but the sorry server": DIRECT
        + service("sorry_server = 10.10.1.39", BOTH.replace("⟦", "").replace("⟧", ""), name="⟦web⟧")
        + HERE
        + WEB
        + ONE.replace("31", "39"),
        "another port": MARKED + "-a -f 80 -r 10.10.1.31:8080 -g -w 1\n",
        "the table of the backup": ROUTERS + service(BOTH) + "--- router 10.10.1.22\n" + WEB + ONE,
        "a duplicate": DIRECT
        + marked("80", server())
        + marked("443", server(address="⟦10.10.1.31⟧"), name="shop")
        + HERE
        + "-A -f 80 -s wlc -p 300\n-a -f 80 -r 10.10.1.31:80 -g -w 1\n-A -f 443 -s wlc -p 300\n",
    },
    "LVS443": {
        "unknown": DIRECT + service(server(), name="⟦web⟧") + HERE + WEB + ONE + TWO,
        "inactive": DIRECT
        + service(server(), server(name="two", address="10.10.1.32").replace("1\na", "⟦0⟧\na", 1))
        + HERE
        + WEB
        + ONE
        + TWO,
    },
    "LVS444": {
        "another weight": weighted("⟦1⟧", 3),
        "more than nanny gives": weighted("⟦100⟧", 200),
        "between the steps": weighted("⟦100⟧", 50),
        "quiesced by hand": weighted("⟦1⟧", 0),
        "quiesced by hand under rr": weighted("⟦1⟧", 0, "scheduler = rr"),
        "ignored": weighted("⟦1⟧", 3, "scheduler = rr"),
        "less than load monitoring gives": weighted("⟦100⟧", 99, "load_monitor = rup"),
    },
    "LVS447": {
        "NAT": DIRECT.replace("direct", "⟦direct⟧")
        + service(server())
        + HERE
        + WEB
        + ONE.replace("-g", "-m"),
        "several": DIRECT.replace("direct", "⟦direct⟧")
        + service(BOTH.replace("⟦", "").replace("⟧", ""))
        + HERE
        + WEB
        + (ONE + TWO).replace("-g", "-i"),
    },
}

SILENT: Texts = {
    "LVS442": {
        "both": DIRECT + service(BOTH) + HERE + WEB + ONE + TWO,
        "the virtual server is not there": DIRECT + service(BOTH) + HERE + "-A -f 80 -s wlc\n",
        "a name": DIRECT + service(server(address="web1.example.com")) + HERE + WEB + ONE,
    },
    "LVS443": {
        "the sorry server": DIRECT
        + service("sorry_server = 10.10.1.32", server())
        + HERE
        + WEB
        + TWO,
        "a name may be any address": DIRECT
        + service(server(address="web1.example.com"))
        + HERE
        + WEB
        + ONE,
        "another port of a known one": MARKED.replace("⟦", "").replace("⟧", "")
        + "-a -f 80 -r 10.10.1.31:8080 -g -w 1\n",
    },
    "LVS444": {
        "the same": weighted("3", 3),
        "weight 0 means 1": weighted("0", 1),
        "slow start": weighted("100", 3),
        "slow start goes on": weighted("100", 96),
        "quiesced by its check": weighted("1", 0, "quiesce_server = 1"),
        "load monitoring": weighted("100", 640, "load_monitor = rup"),
    },
    "LVS447": {
        "the same": DIRECT + service(server()) + HERE + WEB + ONE,
        "the router itself": DIRECT.replace("direct", "nat")
        + service(server(address="10.10.1.21"))
        + HERE
        + WEB
        + ONE.replace("31", "21"),
    },
}
