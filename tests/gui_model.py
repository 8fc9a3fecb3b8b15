"""A model of the Piranha GUI's reader and writer, from the description of what they do.

It shares no code with lvscf.  Texts are bytes taken as Latin-1, one character each.  `save` is what
a page view does to a file: load it, and write it again.
"""

from typing import Any

GLOBAL = [
    "serial_no", "primary", "primary_private", "primary_shared", "service", "rsh_command",
    "backup_active", "backup", "backup_private", "backup_shared", "heartbeat",
    "heartbeat_port", "keepalive", "deadtime", "network", "nat_router", "nat_nmask",
    "reservation_conflict_action", "debug_level", "active_cmd", "inactive_cmd",
    "monitor_links", "syncdaemon", "syncd_iface", "syncd_id", "tcp_timeout", "tcpfin_timeout",
    "udp_timeout",
]  # fmt: skip
FAILOVER = [
    "address", "vip_nmask", "active", "port", "timeout", "heartbeat", "send", "expect",
    "send_program", "expect_program", "start_cmd", "stop_cmd",
]  # fmt: skip
VIRTUAL = [
    "active", "address", "sorry_server", "vip_nmask", "fwmark", "port", "persistent", "pmask",
    "send", "expect", "use_regex", "send_program", "expect_program", "load_monitor",
    "scheduler", "protocol", "timeout", "reentry", "quiesce_server",
]  # fmt: skip
SERVER = ["address", "nmask", "active", "port", "weight"]
ROOMY = ("send", "expect", "use_regex", "send_program", "expect_program")
SINCE_0_8_6 = ("syncd_iface", "syncd_id", "tcp_timeout", "tcpfin_timeout", "udp_timeout")
UNTIL_0_8_6 = ("active_cmd", "inactive_cmd")

TREE = frozenset(GLOBAL) - frozenset(SINCE_0_8_6)
"""The global directives of the vectors' profile `tree`."""
UNION = frozenset(GLOBAL)
"""Those of their profile `0.8.6`."""
STOCK_0_8_6 = frozenset(GLOBAL) - frozenset(UNTIL_0_8_6)
"""Those that the writer of 0.8.6 is known to have."""


class Crashed(Exception):
    """The GUI does not survive the file."""


Values = dict[str, str]


class Gui:
    """A file as the GUI holds it."""

    def __init__(self, known: frozenset[str]) -> None:
        self.known = known
        self.level = 0
        self.values: Values = {}
        self.virtuals: list[Values] = []
        self.failovers: list[Values] = []
        self.pools: list[dict[int, Values]] = []
        self.here = "virtual"
        self.server = 0
        self.name = self.value = ""

    def load(self, text: str) -> None:
        for line in _lines(text):
            while line:
                self.take(line[:4095].strip(" \t\r\n\0\v"))
                line = line[4095:]

    def take(self, line: str) -> None:
        if len(line) > 4:
            words = line.split(" ")
            words += [""] * (5 - len(words))
            self.name = words[0]
            if "=" not in line:
                self.value = words[1]
            elif line.count(" ") >= 2:
                self.value = words[2]
            if words[3] not in ("", "0"):
                self.value = f"{words[2]} {words[3]}"
            if words[4] not in ("", "0"):
                start = line.find('"')
                self.value = line[start:] if start >= 0 else ""
        said = f"{self.name} {self.value}"
        if "{" in line:
            self.level += 1
            if "{" in said:
                raise Crashed
            line = said
        if "}" in line:
            self.level -= 1
            if self.level == 1:
                self.server += 1
            return
        self.apply(self.name, self.value)

    def apply(self, name: str, value: str) -> None:
        if self.level == 0:
            if name in self.known:
                self.values[name] = value
        elif self.level == 1:
            if name in ("virtual", "failover"):
                self.here, self.server = name, 0
                block = {"": value}
                if name == "virtual":
                    self.virtuals.append(block)
                    self.pools.append({})
                else:
                    self.failovers.append(block)
                return
            blocks, names = (
                (self.virtuals, VIRTUAL) if self.here == "virtual" else (self.failovers, FAILOVER)
            )
            if name in names and blocks:
                blocks[-1][name] = value
        elif self.level == 2 and self.pools and name in ("server", *SERVER):
            server = self.pools[-1].setdefault(self.server, {})
            server["" if name == "server" else name] = value

    def text(self) -> str:
        written: list[str] = []

        def line(content: str, most: int) -> None:
            written.append(f"{content}\n"[:most])

        def body(values: Values, names: list[str], indent: str, roomy: tuple[str, ...]) -> None:
            for name in names:
                if values.get(name, "") != "":
                    line(f"{indent}{name} = {values[name]}", 300 if name in roomy else 80)

        self.values.setdefault("serial_no", "1")
        self.values["serial_no"] = self.values["serial_no"] or "1"
        body(self.values, GLOBAL, "", ())
        for failover in self.failovers:
            if failover[""] == "":
                break
            line(f"failover {failover['']} {{", 80)
            body(failover, FAILOVER, " " * 5, ())
            line("}", 80)
        for number, virtual in enumerate(self.virtuals):
            if virtual[""] == "":
                break
            line(f"virtual {virtual['']} {{", 80)
            body(virtual, VIRTUAL, " " * 5, ROOMY)
            pool = self.pools[number]
            for place in range(len(pool) + self.server + 1):
                server: dict[str, Any] = pool.get(place, {})
                if server.get("", "") == "":
                    break
                if server.get("active") == "2":
                    continue
                line(f"     server {server['']} {{", 80)
                body(server, SERVER, " " * 9, ())
                line("     }", 80)
            line("}", 80)
        return "".join(written)


def _lines(text: str) -> list[str]:
    *ended, rest = text.split("\n")
    return [f"{line}\n" for line in ended] + ([rest] if rest else [])


def save(text: str, known: frozenset[str] = STOCK_0_8_6) -> str:
    """What the GUI makes of a file by loading and saving it.

    Raises:
        Crashed: it cannot load it.
    """
    gui = Gui(known)
    gui.load(text)
    return gui.text()
