"""Cases of the rules in `lvscf.linter.rules.upkeep.pair`; see `tests.cases`."""

from tests.builders import ROUTERS, server, service
from tests.cases import Defect, Defects, Texts
from tests.good import DIRECT, NAT

FOS = "service = fos\n"


def pair(here: str, there: str) -> str:
    return f"{here}--- pair\n{there}"


WEB = service("port = 80", server())

TWO = service("port = 80", server(), server(name="two", address="10.10.1.32"))


def other(text: str, before: str, after: str) -> str:
    """A pair of which the other file says something else."""
    assert before in text
    return pair(text, text.replace(before, after, 1))


FIRES: Texts = {
    "LVS217": {
        "virtual servers here, failover there": pair("service = ⟦lvs⟧\n", FOS),
        "failover here, virtual servers there": pair(
            FOS.replace("fos", "⟦fos⟧"), "service = lvs\n"
        ),
        "virtual servers by default here": pair("⟦keepalive = 6⟧\n", FOS),
        "virtual servers by default there": pair("service = ⟦fos⟧\n", "keepalive = 6\n"),
    },
    "LVS904": {
        "a value": pair("keepalive = ⟦6⟧\n", "keepalive = 7\n"),
        "a value here, the default there": pair("keepalive = ⟦6⟧\n", "# as it comes\n"),
        "the default here, another value there": pair("⟦serial_no = 6⟧\n", "keepalive = 7\n"),
        "another primary": pair("primary = ⟦10.10.1.21⟧\n", "primary = 10.10.1.20\n"),
        "another backup, in another order": pair(
            "serial_no = 1\nbackup = ⟦10.10.1.22⟧\nprimary = 10.10.1.21\n",
            "primary = 10.10.1.21\nbackup = 10.10.1.23\n",
        ),
        "a value of a virtual server": pair(
            service("scheduler = ⟦wlc⟧"), service("scheduler = rr")
        ),
        "the port of a virtual server": pair(
            service("port = ⟦80⟧", server()), service("port = 81", server())
        ),
        "the port of a virtual server by default": pair(
            service(server(), name="⟦web⟧"), service("port = 81", server())
        ),
        "the port of a real server, default there": pair(
            service("port = 80", server("port = ⟦8080⟧")), WEB
        ),
        "the port of a real server, default here": pair(
            WEB.replace("one", "⟦one⟧"), service("port = 80", server("port = 8080"))
        ),
        "a real server here only": pair(TWO.replace("two", "⟦two⟧"), WEB),
        "a real server there only": pair(WEB.replace("web", "⟦web⟧"), TWO),
        "a virtual server of another name": pair(
            WEB.replace("web", "⟦web⟧"), WEB.replace("web", "www")
        ),
        "a virtual server here only": pair(ROUTERS + WEB.replace("web", "⟦web⟧"), ROUTERS),
        "a virtual server there only": pair(
            ROUTERS.replace("primary = 10.10.1.21", "⟦primary = 10.10.1.21⟧"), ROUTERS + WEB
        ),
        "the other file is refused": pair("⟦keepalive = 6⟧\n", "keepalive = six\n"),
        "the other file is empty": pair("\n# note\n⟦keepalive = 6⟧\n", ""),
        "the other file has carriage returns": pair("⟦keepalive = 6⟧\n", "keepalive = 6\r\n"),
        "the other file ends at a NUL": pair(
            "⟦keepalive = 6⟧\n", "keepalive = 6\n\0deadtime = 18\n"
        ),
        "the other file is of keepalived": pair("⟦keepalive = 6⟧\n", "vrrp_instance a {\n}\n"),
        "a value, and one that Piranha refuses": pair(
            "keepalive = ⟦6⟧\ndeadtime = many\n", "keepalive = 7\n"
        ),
        "an empty file here": pair("⟦⟧", "keepalive = 7\n"),
    },
}

SILENT: Texts = {
    "LVS217": {
        "one file": "service = fos\n",
        "virtual servers by default and in words": pair("keepalive = 6\n", "service = lvs\n"),
        "a kind of service that Piranha refuses": pair("service = foss\n", FOS),
        "the other file is refused": pair(FOS, "service = lvs\nkeepalive = six\n"),
    },
    "LVS904": {
        "one file": "keepalive = 6\n",
        "comments and serial numbers": pair(
            "keepalive = 6\n", "# the other one\nkeepalive   =   6\nserial_no = 9\n"
        ),
        "a default, and another spelling": pair(
            "keepalive = 6\ndeadtime = 5\n", "keepalive = 06\n"
        ),
        "another kind of service: LVS217": pair("service = lvs\n", FOS),
        "no line end in the last line": pair("keepalive = 6\n", "keepalive = 6"),
        "a value here that Piranha refuses": pair("keepalive = six\n", "keepalive = 6\n"),
        "a value in both that Piranha refuses": pair("keepalive = six\n", "keepalive = six\n"),
        "carriage returns in both": pair("keepalive = 6\r\n", "keepalive = 6\r\n"),
        "carriage returns here": pair("keepalive = 6\r\n", "keepalive = 6\n"),
        "a NUL here": pair("keepalive = 6\n\0", "keepalive = 7\n"),
        "an address here that Piranha refuses": pair(
            "primary = fe80::1\n", "primary = 10.10.1.21\n"
        ),
        "a port here that Piranha refuses": pair(
            service("port = eighty", server()), service("port = 81", server())
        ),
        "a misspelt virtual server here": pair(WEB.replace("virtual", "virtaul"), WEB),
        "a file of keepalived here": pair("vrrp_instance a {\n}\n", "keepalive = 6\n"),
    },
}

DEFECTS: Defects = {
    "LVS217": {
        "virtual servers here, failover there": Defect(
            "direct routing", DIRECT, other(DIRECT, "service = lvs", "service = fos")
        ),
    },
    "LVS904": {
        "an interval": Defect(
            "direct routing", DIRECT, other(DIRECT, "keepalive = 6", "keepalive = 5")
        ),
        "a weight": Defect("direct routing", DIRECT, other(DIRECT, "weight = 1", "weight = 2")),
        "the name of a virtual server": Defect(
            "direct routing", DIRECT, other(DIRECT, "virtual web", "virtual www")
        ),
        "a scheduler that Piranha refuses": Defect(
            "direct routing", DIRECT, other(DIRECT, "scheduler = wlc", "scheduler = best")
        ),
        "a private address": Defect(
            "nat", NAT, other(NAT, "backup_private = 10.11.1.12", "backup_private = 10.11.1.13")
        ),
    },
}
