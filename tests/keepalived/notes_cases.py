"""Files with every kind of note, and files with few."""

from typing import Any

from tests.builders import ROUTERS, at, failover, server, service

PAIR = ROUTERS + "keepalive = 6\ndeadtime = 18\n"
MASK = "vip_nmask = 255.255.255.0"
QUICK = "timeout = 6\nreentry = 5"
FOS = "start_cmd = /bin/a\nstop_cmd = /bin/b"

WEB = service(MASK, QUICK, server())
"""A virtual server about which there is little to say."""


def web(*lines: str, **options: Any) -> str:
    """The same with further lines, its server last."""
    return service(MASK, QUICK, *lines, **options)


FIRES: dict[str, tuple[tuple[str, dict[str, Any], str], ...]] = {
    "N01": ((PAIR + WEB, {}, "warning"),),
    "N02": ((WEB, {}, "info"), (ROUTERS.replace("active = 1", "active = 0") + WEB, {}, "info")),
    "N03": ((PAIR + "primary_private = 10.11.1.2\nbackup_private = 10.11.1.3\n" + WEB, {}, "warning"),),
    "N04": (
        (ROUTERS + "keepalive = 6\ndeadtime = 20\n" + WEB, {}, "warning"),
        (ROUTERS + "keepalive = 4\ndeadtime = 10\n" + WEB, {}, "info"),
        (WEB, {}, "info"),
    ),
    "N05": ((PAIR + WEB, {}, "info"), ("hard_shutdown = 0\n" + WEB, {}, "info")),
    "N06": (
        (web("fwmark = 1", server("port = 81")), {}, "error"),
        (web("fwmark = 1", server()), {}, "info"),
    ),
    "N07": (
        (PAIR + "active_cmd = /bin/a\n" + WEB, {}, "info"),
        ("active_cmd = /bin/a\n" + WEB, {}, "warning"),
        (PAIR + "inactive_cmd = bin/a\n" + WEB, {}, "error"),
        (PAIR + f'active_cmd = "/bin/a{" x" * 39}"\n' + WEB, {}, "error"),
    ),
    "N08": (
        ("syncdaemon = 1\n" + WEB, {}, "info"),
        (PAIR + "syncdaemon = 1\nsyncd_id = 7\n" + WEB, {"target": "1.2"}, "info"),
        (PAIR + 'syncdaemon = 1\nsyncd_iface = "a b"\n' + WEB, {}, "warning"),
    ),
    "N09": (
        (service(QUICK, server()), {}, "warning"),
        (service(QUICK, "vip_nmask = 255.0.255.0", server()), {}, "warning"),
    ),
    "N10": ((web(server(), address="10.10.1.20 eth0"), {}, "warning"),),
    "N11": ((WEB + web("port = 81", server(), address="10.10.1.30 eth0:1"), {}, "info"),),
    "N12": ((WEB + WEB, {}, "warning"), (web("fwmark = 1", server()) * 2, {}, "warning")),
    "N13": (
        (service(MASK, "timeout = 6", "reentry = 15", server()), {}, "warning"),
        (service(MASK, server()), {}, "warning"),
        (service(MASK, "timeout = 6", "reentry = 6", server()), {}, "info"),
        (service(MASK, QUICK, server("weight = 64")), {}, "info"),
    ),
    "N14": (
        (web(server(), server("weight = 2")), {}, "warning"),
        (web("fwmark = 1", server()) + web("fwmark = 2", server()), {}, "error"),
        ("network = direct\n" + web("fwmark = 1", server(), server("port = 81")), {}, "error"),
    ),
    "N15": (
        (web("quiesce_server = 1", "persistent = 60", server()), {}, "info"),
        (web("quiesce_server = 1", server()), {}, "info"),
    ),
    "N16": (
        (web("load_monitor = rup", server("weight = 3")), {}, "warning"),
        (web("load_monitor = uptime", server()), {}, "info"),
    ),
    "N17": ((web("client_monitor = /bin/x", server()), {}, "error"),),
    "N18": (
        (PAIR + WEB, {}, "info"),
        (PAIR + "network = direct\n" + web(at("10.10.1.22")), {}, "warning"),
    ),
    "N19": (
        (web(r'expect = "a\."', 'send = "x"', server()), {}, "error"),
        (web(r'send = "a\."', server()), {}, "error"),
        (web("use_regex = 1", 'send = "x"', 'expect = "*"', server()), {}, "error"),
        (web("expect = 'HTTP x'", 'send = "x"', server()), {}, "error"),
        (web('expect = "HTTP"', server()), {}, "error"),
        (web("protocol = udp", "port = 53", server()), {}, "error"),
        (web("protocol = udp", "port = 53", 'expect = "x"', server()), {}, "error"),
        (web("send_program = /bin/x", server()), {}, "error"),
        (web('send_program = "/bin/x %h"' + "\nexpect = OK", "port = 0", server()), {}, ""),
        (web(f'send_program = "/bin/{"x" * 255}"', 'expect = "OK"', server()), {}, "error"),
        (web("send_program = '/bin/x %h'", 'expect = "OK"', server()), {}, "error"),
        (web("port = 0", "persistent = 5", server()), {}, "error"),
        (PAIR + failover(FOS, MASK, "port = 0"), {}, "error"),
    ),
    "N20": ((web("send_program = /bin/x", "expect = OK", server()), {}, "warning"),),
    "N21": (
        (WEB, {"checks": "native"}, "info"),
        (WEB, {"checks": "native", "target": "2.0"}, "info"),
    ),
    "N22": (
        (
            service(
                MASK, "timeout = 5", "reentry = 4",
                *(at(f"10.10.2.{number}", name=f"s{number}") for number in range(1, 101)),
            ),
            {}, "info",
        ),
    ),
    "N23": ((web(server(), at("10.10.1.32")), {"target": "1.2"}, "warning"),),
    "N24": (
        (failover(FOS, MASK), {}, "warning"),
        (PAIR + failover(FOS, MASK), {}, "warning"),
        (PAIR + failover(MASK), {}, "warning"),
    ),
    "N25": (
        (WEB + failover(FOS, MASK).replace("service = fos\n", ""), {}, "info"),
        (failover(FOS, MASK) + WEB, {}, "info"),
    ),
    "N26": (
        ("network = direct\nnat_router = 10.11.1.1 eth1:1\n" + WEB, {}, "info"),
        ("monitor_links = 1\n" + WEB, {}, "info"),
        (PAIR + "backup_private = 10.11.1.3\n" + WEB, {}, "info"),
        ("tcp_timeout = -1\n" + WEB, {}, "warning"),
        (web("pmask = 255.255.0.0", server()), {}, "info"),
        (web("start_cmd = /bin/a", server()), {}, "info"),
        (WEB + web("port = 81", server(), address="10.10.1.20 eth0:2"), {}, "info"),
        (failover(FOS, MASK, "reentry = 15"), {}, "info"),
    ),
    "N27": (
        (PAIR + "tcp_timeout = 60\n" + WEB, {"target": "2.0"}, "info"),
        ("tcp_timeout = 60\n" + WEB, {"target": "1.3"}, "warning"),
        (PAIR + "syncdaemon = 1\ntcp_timeout = 60\n" + WEB, {"target": "1.2"}, "info"),
    ),
    "N28": (
        (web("persistent = 5", "pmask = 255.255.0.0", server()), {"target": "1.3"}, "error"),
        (web("persistent = 5", "pmask = 255.0.255.0", server()), {}, "error"),
    ),
    "N29": (
        (web(server(), server("active = 0", name="two")), {}, "info"),
        (WEB + web("active = 0", "send_program = /bin/x", server()), {}, "info"),
    ),
    "N30": (
        ("keepalive = 6\n", {}, "error"),
        (web("port = 70000", server()), {}, "error"),
        (web("fwmark = 0x80000000", server()), {}, "error"),
        (WEB + web("port = 81"), {}, "error"),
        (f"virtual web {{\nactive = 1\n{server()}\n}}\n", {}, "error"),
    ),
    "N31": (
        (service(MASK, "timeout = 0", server()), {}, "error"),
        (web(server("weight = 65536")), {}, "error"),
        (web("server one {\nactive = 1\n}"), {}, "error"),
        (web(server("port = 70000")), {}, "error"),
        ("network = direct\n" + web(server(), server("port = 81")), {}, "error"),
        (web("sorry_server = 10.10.1.31", server()), {}, "error"),
        (PAIR + failover(FOS, MASK, "timeout = 0"), {}, "error"),
    ),
    "N32": ((service(MASK, "timeout = 3000", server()), {}, "warning"),),
    "N33": (
        (PAIR + web(server(), address="10.10.1.22 eth0:1"), {}, "error"),
        (web(server(), address='10.10.1.20 "a b"'), {}, "error"),
        (web("fwmark = 1", server()).replace("address = 10.10.1.20 eth0:1\n", ""), {}, "error"),
        ("backup = 10.10.1.22\nbackup_active = 1\n" + WEB, {}, "error"),
        ("nat_router = 10.10.1.20 eth1:1\nnat_nmask = 255.255.255.0\n" + WEB, {}, "error"),
    ),
    "N34": ((web("protocol = udp", 'send = ""', "expect = *", server()), {}, "error"),),
}  # fmt: skip
"""For each kind: a file, the options of the conversion, and the note's severity; "" for no note."""

QUIET: tuple[tuple[str, dict[str, Any], set[str]], ...] = (
    (PAIR + WEB, {"interface": "eth0"}, {"N05", "N13", "N18"}),
    (PAIR + "network = tunnel\n" + web("fwmark = 1", server("port = 81")), {"interface": "eth0"},
     {"N05", "N13", "N18"}),
    (web("fwmark = 1", "persistent = 5", server("port = 81")), {}, {"N02", "N04", "N13"}),
    (web("fwmark = 1", server("port = 81")), {"target": "2.0"}, {"N02", "N04", "N13"}),
    (web("persistent = 5", "pmask = 255.255.0.0", server()), {"target": "1.4.3"}, {"N02", "N04", "N13"}),
    (web("persistent = 5", "pmask = 255.0.255.0", server()), {"target": "1.2"}, {"N02", "N04", "N13"}),
    (web('send = "x"', server(), at("10.10.1.32")), {"target": "1.2"}, {"N02", "N04", "N13"}),
    (PAIR + "syncdaemon = 1\nsyncd_id = 51\n" + WEB, {"target": "1.2", "interface": "eth0"},
     {"N05", "N13", "N18"}),
    (web("sorry_server = 10.10.1.31", server("port = 81")), {}, {"N02", "N04", "N13"}),
    (web("load_monitor = none", "port = 8080", server()), {}, {"N02", "N04", "N13"}),
)  # fmt: skip
"""Files with all the notes that they have."""
