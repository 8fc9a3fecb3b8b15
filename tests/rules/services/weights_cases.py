"""Cases of the rules in `lvscf.linter.rules.services.weights`; see `tests.cases`."""

from tests.builders import server, service
from tests.cases import Defect, Defects, Texts

HEAVY = server("weight = 3", name="two", address="10.10.1.32")

RR = "scheduler = ⟦rr⟧"

LOAD = "load_monitor = uptime"

FIRES: Texts = {
    "LVS326": {
        "rr ignores weights": service(RR, server(), HEAVY),
        "lc ignores weights": service(RR.replace("rr", "lc"), server("weight = 2"), HEAVY),
        "rr ignores a load monitor": service(LOAD, RR, server()),
        "rr ignores weights and a load monitor": service(LOAD, RR, server(), HEAVY),
    },
    "LVS327": {
        "zero": service(server("weight = ⟦0⟧")),
        "negative": service(server("weight = ⟦-5⟧"), HEAVY),
    },
    "LVS328": {
        "65536": service(server("weight = ⟦65536⟧")),
        "100000 without a load monitor": service(
            "load_monitor = none", server("weight = ⟦100000⟧")
        ),
        "6554 with a load monitor": service(LOAD, server("weight = ⟦6554⟧")),
    },
}

SILENT: Texts = {
    "LVS326": {
        "all weights are the same": service("scheduler = rr", server("weight = 3"), HEAVY),
        "wrr respects weights": service("scheduler = wrr", LOAD, server(), HEAVY),
        "wlc, the default, respects weights": service(server(), HEAVY),
        "the server with another weight is not active": service(
            "scheduler = rr", server(), HEAVY.replace("active = 1", "active = 0")
        ),
        "no load monitor": service("scheduler = rr", "load_monitor = none", server()),
        "a weight of zero keeps clients away": service(
            "scheduler = rr", server("weight = 0"), server(address="10.10.1.32")
        ),
        "a weight that Piranha refuses": service("scheduler = rr", server("weight = x"), HEAVY),
    },
    "LVS327": {
        "one": service(server("weight = 1")),
        "a server that is not active": service(
            server("weight = 0").replace("active = 1", "active = 0")
        ),
        "a weight that Piranha refuses": service(server("weight = none")),
        "a failover cluster": "service = fos\n" + service(server("weight = 0")),
    },
    "LVS328": {
        "65535": service(server("weight = 65535")),
        "6554 without a load monitor": service("load_monitor = none", server("weight = 6554")),
        "6553 with a load monitor": service(LOAD, server("weight = 6553")),
    },
}

DEFECTS: Defects = {
    "LVS326": {
        "rr ignores a weight of 3": Defect("mysql", "weight = 1", "weight = 3"),
    },
    "LVS327": {
        "zero": Defect("direct routing", "weight = 1", "weight = 0"),
    },
    "LVS328": {
        "70000": Defect("direct routing", "weight = 1", "weight = 70000"),
    },
}
