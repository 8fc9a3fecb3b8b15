"""Cases of the rules in `lvscf.linter.rules.services.failover`; see `tests.cases`."""

from tests.cases import Defect, Defects, Texts

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

MASK = "     vip_nmask = 255.255.255.0\n"

HERE = "     address = 10.10.1.20 eth0:1\n"

FIRES: Texts = {
    "LVS331": {
        "neither": FOS + failover("", name="⟦db⟧"),
        "no stop": FOS + failover('start_cmd = "/sbin/on"\n', name="⟦db⟧"),
        "no start": FOS + DB + failover('stop_cmd = "/sbin/off"\n', name="⟦b⟧"),
    },
    "LVS332": {
        "two services with two VIPs": FOS + DB + MAIL,
        "three services with three VIPs": FOS + DB + MAIL + failover(name="c", vip="10.10.1.40"),
        "a virtual server between them": FOS
        + "virtual a {\n}\n"
        + DB
        + failover(name="c", vip="10.10.1.40")
        + MAIL,
    },
    "LVS333": {
        "an inactive service with the VIP of an active one": FOS
        + failover(name="old", active="0", vip="⟦10.10.1.20⟧")
        + DB,
        "an inactive service before two active ones": FOS
        + failover(name="old", active="0", vip="⟦10.10.1.20⟧")
        + DB
        + DB,
    },
}

SILENT: Texts = {
    "LVS331": {
        "both": FOS + DB,
        "a failover service that is not in force": failover(""),
        "a failover service that is not active": FOS + failover("", active="0"),
        "commands that Piranha refuses": FOS
        + failover("start_cmd = /sbin/on now\nstop_cmd = /sbin/off\n"),
    },
    "LVS332": {
        "one service": FOS + DB,
        "two services with one VIP": FOS + DB + failover(name="c"),
        "a virtual server that is not active": FOS
        + "virtual a {\nactive = 0\n}\n"
        + DB
        + failover(name="c", vip="10.10.1.30"),
        "the second is not active": FOS + DB + failover(name="c", vip="10.10.1.30", active="0"),
        "failover services that are not in force": DB + failover(name="c", vip="10.10.1.30"),
    },
    "LVS333": {
        "the active one comes first": FOS + DB + OLD,
        "another active one comes afterwards": FOS + DB + OLD + failover(name="c"),
        "another VIP": FOS + failover(name="old", active="0", vip="10.10.1.30") + DB,
        "failover services that are not in force": OLD + DB,
        "a switch that Piranha refuses": FOS + failover(name="old", active="no") + DB,
    },
}

DEFECTS: Defects = {
    "LVS331": {
        "the stop is removed": Defect(
            "failover", '     stop_cmd = "/etc/rc.d/init.d/postgresql stop"\n', ""
        ),
        "the start is removed": Defect(
            "failover", '     start_cmd = "/etc/rc.d/init.d/postgresql start"\n', ""
        ),
    },
    "LVS332": {
        "a second service": Defect(
            "failover",
            "failover db {\n",
            failover(MASK + COMMANDS, name="mail", vip="10.10.1.30") + "failover db {\n",
        ),
    },
    "LVS333": {
        "an inactive service before the active one": Defect(
            "failover",
            "failover db {\n",
            f"failover old {{\nactive = 0\n{HERE}}}\nfailover db {{\n",
        ),
    },
}
