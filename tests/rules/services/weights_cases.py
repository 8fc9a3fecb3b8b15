"""LVS3: weights.  See the package for the marks."""

from tests.builders import server, service

RR = "scheduler = ⟦rr⟧"
LOAD = "load_monitor = uptime"
HEAVY = server("weight = 3", name="two", address="10.10.1.32")

FIRES: list[tuple[str, str]] = [
    ("LVS326", service(RR, server(), HEAVY)),
    ("LVS326", service(RR.replace("rr", "lc"), server("weight = 2"), HEAVY)),
    ("LVS326", service(LOAD, RR, server())),
    ("LVS326", service(LOAD, RR, server(), HEAVY)),
    ("LVS327", service(server("weight = ⟦0⟧"))),
    ("LVS327", service(server("weight = ⟦-5⟧"), HEAVY)),
    ("LVS328", service(server("weight = ⟦65536⟧"))),
    ("LVS328", service("load_monitor = none", server("weight = ⟦100000⟧"))),
    ("LVS328", service(LOAD, server("weight = ⟦6554⟧"))),
]  # fmt: skip

SILENT: list[tuple[str, str]] = [
    ("LVS326", service("scheduler = rr", server("weight = 3"), HEAVY)),
    ("LVS326", service("scheduler = wrr", LOAD, server(), HEAVY)),
    ("LVS326", service(server(), HEAVY)),
    ("LVS326", service("scheduler = rr", server(), HEAVY.replace("active = 1", "active = 0"))),
    ("LVS326", service("scheduler = rr", "load_monitor = none", server())),
    ("LVS326", service("scheduler = rr", server("weight = 0"), server(address="10.10.1.32"))),
    ("LVS326", service("scheduler = rr", server("weight = x"), HEAVY)),
    ("LVS327", service(server("weight = 1"))),
    ("LVS327", service(server("weight = 0").replace("active = 1", "active = 0"))),
    ("LVS327", service(server("weight = none"))),
    ("LVS327", "service = fos\n" + service(server("weight = 0"))),
    ("LVS328", service(server("weight = 65535"))),
    ("LVS328", service("load_monitor = none", server("weight = 6554"))),
    ("LVS328", service(LOAD, server("weight = 6553"))),
]  # fmt: skip

DEFECTS: list[tuple[str, str, str, str]] = [
    ("mysql", "weight = 1", "weight = 3", "LVS326"),
    ("direct routing", "weight = 1", "weight = 0", "LVS327"),
    ("direct routing", "weight = 1", "weight = 70000", "LVS328"),
]  # fmt: skip
