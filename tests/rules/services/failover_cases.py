"""LVS3: failover services.  See the package for the marks."""

FOS = "service = fos\n"
COMMANDS = 'start_cmd = "/sbin/on"\nstop_cmd = "/sbin/off"\n'


def failover(
    commands: str = COMMANDS, *, name: str = "db", vip: str = "10.10.1.20", active: str = "1"
) -> str:
    """A failover service that is in order."""
    return f"failover {name} {{\nactive = {active}\naddress = {vip} eth0:{name}\n{commands}}}\n"


DB = failover()
MAIL = failover(name="mail", vip="⟦10.10.1.30⟧")
OLD = failover(name="old", active="0")

FIRES: list[tuple[str, str]] = [
    ("LVS331", FOS + failover("", name="⟦db⟧")),
    ("LVS331", FOS + failover('start_cmd = "/sbin/on"\n', name="⟦db⟧")),
    ("LVS331", FOS + DB + failover('stop_cmd = "/sbin/off"\n', name="⟦b⟧")),
    ("LVS332", FOS + DB + MAIL),
    ("LVS332", FOS + DB + MAIL + failover(name="c", vip="10.10.1.40")),
    ("LVS332", FOS + "virtual a {\n}\n" + DB + failover(name="c", vip="10.10.1.40") + MAIL),
    ("LVS333", FOS + failover(name="old", active="0", vip="⟦10.10.1.20⟧") + DB),
    ("LVS333", FOS + failover(name="old", active="0", vip="⟦10.10.1.20⟧") + DB + DB),
]  # fmt: skip

SILENT: list[tuple[str, str]] = [
    ("LVS331", FOS + DB),
    ("LVS331", failover("")),
    ("LVS331", FOS + failover("", active="0")),
    ("LVS331", FOS + failover("start_cmd = /sbin/on now\nstop_cmd = /sbin/off\n")),
    ("LVS332", FOS + DB),
    ("LVS332", FOS + DB + failover(name="c")),
    ("LVS332", FOS + "virtual a {\nactive = 0\n}\n" + DB + failover(name="c", vip="10.10.1.30")),
    ("LVS332", FOS + DB + failover(name="c", vip="10.10.1.30", active="0")),
    ("LVS332", DB + failover(name="c", vip="10.10.1.30")),
    ("LVS333", FOS + DB + OLD),
    ("LVS333", FOS + DB + OLD + failover(name="c")),
    ("LVS333", FOS + failover(name="old", active="0", vip="10.10.1.30") + DB),
    ("LVS333", OLD + DB),
    ("LVS333", FOS + failover(name="old", active="no") + DB),
]  # fmt: skip

_MASK = "     vip_nmask = 255.255.255.0\n"
_HERE = "     address = 10.10.1.20 eth0:1\n"

DEFECTS: list[tuple[str, str, str, str]] = [
    ("failover", '     stop_cmd = "/etc/rc.d/init.d/postgresql stop"\n', "", "LVS331"),
    ("failover", '     start_cmd = "/etc/rc.d/init.d/postgresql start"\n', "", "LVS331"),
    ("failover", "failover db {\n", failover(_MASK + COMMANDS, name="mail", vip="10.10.1.30") + "failover db {\n", "LVS332"),
    ("failover", "failover db {\n", f"failover old {{\nactive = 0\n{_HERE}}}\nfailover db {{\n", "LVS333"),
]  # fmt: skip
