"""LVS217 and LVS904: the lvs.cf of the other router."""

from tests.builders import ROUTERS, server, service
from tests.good import DIRECT, NAT

FOS = "service = fos\n"
WEB = service("port = 80", server())
TWO = service("port = 80", server(), server(name="two", address="10.10.1.32"))


def pair(here: str, there: str) -> str:
    return f"{here}--- pair\n{there}"


def other(text: str, before: str, after: str) -> str:
    """A pair of which the other file says something else."""
    assert before in text
    return pair(text, text.replace(before, after, 1))


FIRES: list[tuple[str, str]] = [
    ("LVS217", pair("service = ⟦lvs⟧\n", FOS)),
    ("LVS217", pair(FOS.replace("fos", "⟦fos⟧"), "service = lvs\n")),
    ("LVS217", pair("⟦keepalive = 6⟧\n", FOS)),
    ("LVS217", pair("service = ⟦fos⟧\n", "keepalive = 6\n")),
    ("LVS904", pair("keepalive = ⟦6⟧\n", "keepalive = 7\n")),
    ("LVS904", pair("keepalive = ⟦6⟧\n", "# as it comes\n")),
    ("LVS904", pair("⟦serial_no = 6⟧\n", "keepalive = 7\n")),
    ("LVS904", pair("primary = ⟦10.10.1.21⟧\n", "primary = 10.10.1.20\n")),
    ("LVS904", pair("serial_no = 1\nbackup = ⟦10.10.1.22⟧\nprimary = 10.10.1.21\n", "primary = 10.10.1.21\nbackup = 10.10.1.23\n")),
    ("LVS904", pair(service("scheduler = ⟦wlc⟧"), service("scheduler = rr"))),
    ("LVS904", pair(service("port = ⟦80⟧", server()), service("port = 81", server()))),
    ("LVS904", pair(service(server(), name="⟦web⟧"), service("port = 81", server()))),
    ("LVS904", pair(service("port = 80", server("port = ⟦8080⟧")), WEB)),
    ("LVS904", pair(WEB.replace("one", "⟦one⟧"), service("port = 80", server("port = 8080")))),
    ("LVS904", pair(TWO.replace("two", "⟦two⟧"), WEB)),
    ("LVS904", pair(WEB.replace("web", "⟦web⟧"), TWO)),
    ("LVS904", pair(WEB.replace("web", "⟦web⟧"), WEB.replace("web", "www"))),
    ("LVS904", pair(ROUTERS + WEB.replace("web", "⟦web⟧"), ROUTERS)),
    ("LVS904", pair(ROUTERS.replace("primary = 10.10.1.21", "⟦primary = 10.10.1.21⟧"), ROUTERS + WEB)),
    ("LVS904", pair("⟦keepalive = 6⟧\n", "keepalive = six\n")),
    ("LVS904", pair("\n# note\n⟦keepalive = 6⟧\n", "")),
    ("LVS904", pair("⟦keepalive = 6⟧\n", "keepalive = 6\r\n")),
    ("LVS904", pair("⟦keepalive = 6⟧\n", "keepalive = 6\n\0deadtime = 18\n")),
    ("LVS904", pair("⟦keepalive = 6⟧\n", "vrrp_instance a {\n}\n")),
    ("LVS904", pair("keepalive = ⟦6⟧\ndeadtime = many\n", "keepalive = 7\n")),
    ("LVS904", pair("⟦⟧", "keepalive = 7\n")),
]  # fmt: skip

SILENT: list[tuple[str, str]] = [
    ("LVS217", "service = fos\n"),
    ("LVS217", pair("keepalive = 6\n", "service = lvs\n")),
    ("LVS217", pair("service = foss\n", FOS)),
    ("LVS217", pair(FOS, "service = lvs\nkeepalive = six\n")),
    ("LVS904", "keepalive = 6\n"),
    ("LVS904", pair("keepalive = 6\n", "# the other one\nkeepalive   =   6\nserial_no = 9\n")),
    ("LVS904", pair("keepalive = 6\ndeadtime = 5\n", "keepalive = 06\n")),
    ("LVS904", pair("service = lvs\n", FOS)),
    ("LVS904", pair("keepalive = 6\n", "keepalive = 6")),
    # What cannot be read has a finding of its own; nobody knows what it was meant to say.
    ("LVS904", pair("keepalive = six\n", "keepalive = 6\n")),
    ("LVS904", pair("keepalive = six\n", "keepalive = six\n")),
    ("LVS904", pair("keepalive = 6\r\n", "keepalive = 6\r\n")),
    ("LVS904", pair("keepalive = 6\r\n", "keepalive = 6\n")),
    ("LVS904", pair("keepalive = 6\n\0", "keepalive = 7\n")),
    ("LVS904", pair("primary = fe80::1\n", "primary = 10.10.1.21\n")),
    ("LVS904", pair(service("port = eighty", server()), service("port = 81", server()))),
    ("LVS904", pair(WEB.replace("virtual", "virtaul"), WEB)),
    ("LVS904", pair("vrrp_instance a {\n}\n", "keepalive = 6\n")),
]  # fmt: skip

DEFECTS: list[tuple[str, str, str, str]] = [
    ("direct routing", DIRECT, other(DIRECT, "service = lvs", "service = fos"), "LVS217"),
    ("direct routing", DIRECT, other(DIRECT, "keepalive = 6", "keepalive = 5"), "LVS904"),
    ("direct routing", DIRECT, other(DIRECT, "weight = 1", "weight = 2"), "LVS904"),
    ("direct routing", DIRECT, other(DIRECT, "virtual web", "virtual www"), "LVS904"),
    ("direct routing", DIRECT, other(DIRECT, "scheduler = wlc", "scheduler = best"), "LVS904"),
    ("nat", NAT, other(NAT, "backup_private = 10.11.1.12", "backup_private = 10.11.1.13"), "LVS904"),
]  # fmt: skip
