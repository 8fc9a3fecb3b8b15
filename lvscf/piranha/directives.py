"""The directives of lvs.cf: the table from which everything else is derived.

One row describes one directive: where it is allowed, what its value is, what Piranha uses when it
is absent, and what it means.  The order of the rows is the canonical order, in which the Piranha
GUI writes them.  Facts: lvs.cf(5), and measurements on Piranha's reader where it differs.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any

from attrs import field

from lvscf.piranha import values
from lvscf.shared.records import record


class Scope(Enum):
    """Where a directive is allowed; `failover` blocks accept what `virtual` blocks accept."""

    GLOBAL = "global"
    SERVICE = "virtual or failover"
    SERVER = "server"


@record
class Kind:
    """A kind of value: how many words it has, and how Piranha reads the first one."""

    name: str
    """The name for documentation and messages."""
    read: Callable[[str], Any]
    """Reads one word without quotes; raises `values.Unreadable`."""
    with_device: bool = False
    """A second word, a network device, follows."""
    is_list: bool = False
    """The value is a list in brackets; each bracket is a word of its own."""
    keeps_quotes: bool = False
    """The value includes the quotes that it was written with."""
    choices: tuple[str, ...] = ()
    """The only words that are accepted, if there is such a list."""
    numbers: tuple[int, int] | None = None
    """The smallest and the largest value, for integers."""
    is_boolean: bool = False

    @property
    def words(self) -> int:
        """The number of words after the `=` (for a list, the least)."""
        return 2 if self.with_device else 1

    def fits(self, value: object) -> bool:
        """Whether a value, other than an address with its device, has the right type and range."""
        if self.is_boolean:
            return isinstance(value, bool)
        if self.numbers:
            low, high = self.numbers
            return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        if self.is_list:
            return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
        return isinstance(value, str) and (not self.choices or value in self.choices)

    @property
    def wanted(self) -> str:
        """What such a value must be, for messages."""
        if self.is_boolean:
            return "true or false"
        if self.numbers:
            return f"an integer from {self.numbers[0]} to {self.numbers[1]}"
        if self.is_list:
            return "a list of strings"
        return self.name if self.choices else "a string"


def _choice(*words: str) -> Kind:
    allowed = frozenset(words)

    def read(word: str) -> str:
        if word not in allowed:
            raise values.Unreadable(values.Complaint.INVALID_ARGUMENT)
        return word

    return Kind("one of " + ", ".join(words), read, choices=words)


_SIGNED = (-(2**31), 2**31 - 1)

INTEGER = Kind("integer", values.integer, numbers=_SIGNED)
UNSIGNED = Kind("integer", values.unsigned, numbers=(0, 2**32 - 1))
SECONDS = Kind("integer, in seconds", values.integer, numbers=_SIGNED)
BOOLEAN = Kind("boolean, 0 or 1", values.boolean, is_boolean=True)
ADDRESS = Kind("address", values.address)
ROUTER_ADDRESS = Kind("address, not 0.0.0.0", values.router_address)
PLAIN_ADDRESS = Kind("address, no host name", values.plain_address)
ADDRESS_ON_DEVICE = Kind("address and device", values.address, with_device=True)
NETMASK = Kind("netmask", values.netmask)
PERSISTENCE_NETMASK = Kind("netmask", values.persistence_netmask)
PORT = Kind("port number or TCP service name", values.port, numbers=_SIGNED)
PORT_NUMBER = Kind("port number", values.integer, numbers=_SIGNED)
TEXT = Kind("text", str)
QUOTED_TEXT = Kind("text, usually quoted", str, keeps_quotes=True)
LIST = Kind("list, [ a b ]", str, is_list=True)
NETWORK = _choice("direct", "nat", "tunnel")
SERVICE = _choice("lvs", "fos")
CONFLICT_ACTION = _choice("nothing", "preempt")
PROTOCOL = _choice("tcp", "udp")
SCHEDULER = _choice("lc", "rr", "wlc", "wrr", "lblc", "lblcr", "dh", "sh")


@record
class Definition:
    """One directive: a row of the table."""

    scope: Scope
    name: str
    kind: Kind
    default: Any
    """What Piranha uses when the directive is absent; None if it uses nothing."""
    meaning: str
    unused: bool = field(default=False, kw_only=True)
    """Piranha reads it, but no daemon uses it."""
    since: str | None = field(default=None, kw_only=True)
    """The first Piranha release that knows it; None if every release of 0.8 does."""


UNSET = values.UNSET_ADDRESS

TABLE: tuple[Definition, ...] = (
    # --- global ---------------------------------------------------------------------------------
    Definition(
        Scope.GLOBAL, "serial_no", INTEGER, 0,
        "Counter that the GUI increments when it saves; no daemon uses it.", unused=True,
    ),
    Definition(
        Scope.GLOBAL, "primary", ROUTER_ADDRESS, UNSET,
        "Address of the primary LVS router; the router that owns it is the master.",
    ),
    Definition(
        Scope.GLOBAL, "primary_private", ROUTER_ADDRESS, UNSET,
        "Second heartbeat address of the primary LVS router; the same as `primary` if absent.",
    ),
    Definition(
        Scope.GLOBAL, "primary_shared", TEXT, None,
        "Device name of the shared disk on the primary router (with `service = fos`).",
    ),
    Definition(
        Scope.GLOBAL, "service", SERVICE, "lvs",
        "Whether Piranha uses the `virtual` blocks (lvs) or the `failover` blocks (fos).",
    ),
    Definition(
        Scope.GLOBAL, "rsh_command", TEXT, "rsh",
        "Command by which nanny asks real servers for their load, with `load_monitor = uptime`.",
    ),
    Definition(
        Scope.GLOBAL, "backup_active", BOOLEAN, False,
        "Whether there is a backup LVS router; only then are heartbeats sent.",
    ),
    Definition(
        Scope.GLOBAL, "backup", ADDRESS, UNSET,
        "Address of the backup LVS router; 0.0.0.0 means no backup router.",
    ),
    Definition(
        Scope.GLOBAL, "backup_private", ROUTER_ADDRESS, UNSET,
        "Second heartbeat address of the backup LVS router; the same as `backup` if absent.",
    ),
    Definition(
        Scope.GLOBAL, "backup_shared", TEXT, None,
        "Device name of the shared disk on the backup router (with `service = fos`).",
    ),
    Definition(
        Scope.GLOBAL, "heartbeat", BOOLEAN, False,
        "Never used: `backup_active` decides whether heartbeats are sent.", unused=True,
    ),
    Definition(
        Scope.GLOBAL, "heartbeat_port", PORT, 539,
        "UDP port of the heartbeats.",
    ),
    Definition(
        Scope.GLOBAL, "keepalive", SECONDS, 2,
        "Seconds between two heartbeats.",
    ),
    Definition(
        Scope.GLOBAL, "deadtime", SECONDS, 5,
        "Seconds without a heartbeat after which the partner is declared dead.",
    ),
    Definition(
        Scope.GLOBAL, "network", NETWORK, "nat",
        "Forwarding method for all real servers: direct routing, NAT or tunnelling.",
    ),
    Definition(
        Scope.GLOBAL, "nat_router", ADDRESS_ON_DEVICE, None,
        "Floating gateway address of the real servers, and its device (with `network = nat`).",
    ),
    Definition(
        Scope.GLOBAL, "nat_nmask", NETMASK, UNSET,
        "Netmask of `nat_router`; the classful mask if unset.",
    ),
    Definition(
        Scope.GLOBAL, "reservation_conflict_action", CONFLICT_ACTION, None,
        "What pulse does if the other router has reserved the shared disk (with `service = fos`).",
    ),
    Definition(
        Scope.GLOBAL, "debug_level", TEXT, "NONE",
        "Never used.", unused=True,
    ),
    Definition(
        Scope.GLOBAL, "active_cmd", TEXT, None,
        "Command that pulse runs when the router becomes active; absolute path, no shell.",
    ),
    Definition(
        Scope.GLOBAL, "inactive_cmd", TEXT, None,
        "Command that pulse runs when the router becomes inactive, and when pulse starts or stops; "
        "absolute path, no shell.",
    ),
    Definition(
        Scope.GLOBAL, "monitor_links", INTEGER, 0,
        "If not 0, stop services while the router's link is down.",
    ),
    Definition(
        Scope.GLOBAL, "syncdaemon", BOOLEAN, False,
        "Whether to send the connection state to the backup router.",
    ),
    Definition(
        Scope.GLOBAL, "syncd_iface", TEXT, "eth0",
        "Device for the multicast of the connection state.", since="0.8.6",
    ),
    Definition(
        Scope.GLOBAL, "syncd_id", INTEGER, 0,
        "Id of the synchronised pair, modulo 256.", since="0.8.6",
    ),
    Definition(
        Scope.GLOBAL, "tcp_timeout", SECONDS, 0,
        "Timeout of idle TCP connections; 0 keeps the kernel's.", since="0.8.6",
    ),
    Definition(
        Scope.GLOBAL, "tcpfin_timeout", SECONDS, 0,
        "Timeout of TCP connections after a FIN; 0 keeps the kernel's.", since="0.8.6",
    ),
    Definition(
        Scope.GLOBAL, "udp_timeout", SECONDS, 0,
        "Timeout of UDP exchanges; 0 keeps the kernel's.", since="0.8.6",
    ),
    Definition(
        Scope.GLOBAL, "hard_shutdown", BOOLEAN, True,
        "Whether lvsd stops every service on the router when one nanny exits.", since="0.8.6",
    ),
    Definition(
        Scope.GLOBAL, "ipvsadm", TEXT, "/sbin/ipvsadm",
        "Path of the ipvsadm program.",
    ),
    Definition(
        Scope.GLOBAL, "sync", BOOLEAN, False,
        "Never used.", unused=True,
    ),
    # --- virtual, failover ----------------------------------------------------------------------
    Definition(
        Scope.SERVICE, "active", BOOLEAN, False,
        "Whether Piranha uses the block.",
    ),
    Definition(
        Scope.SERVICE, "address", ADDRESS_ON_DEVICE, None,
        "The virtual IP address (VIP) and the alias device that carries it.",
    ),
    Definition(
        Scope.SERVICE, "sorry_server", PLAIN_ADDRESS, UNSET,
        "Server that gets the traffic while no real server is up (the sorry server).",
    ),
    Definition(
        Scope.SERVICE, "vip_nmask", NETMASK, UNSET,
        "Netmask of the VIP; the classful mask if unset.",
    ),
    Definition(
        Scope.SERVICE, "fwmark", UNSIGNED, 0,
        "Firewall mark of the packets to balance, instead of VIP, protocol and port; 0 means none.",
    ),
    Definition(
        Scope.SERVICE, "port", PORT, 80,
        "Port of the virtual server, and of the servers after it that have no port of their own.",
    ),
    Definition(
        Scope.SERVICE, "persistent", SECONDS, 0,
        "Seconds for which a client stays with its real server; 0 means no persistence.",
    ),
    Definition(
        Scope.SERVICE, "pmask", PERSISTENCE_NETMASK, UNSET,
        "Netmask by which clients are grouped for persistence.",
    ),
    Definition(
        Scope.SERVICE, "send", QUOTED_TEXT, None,
        "What nanny sends to check a server.",
    ),
    Definition(
        Scope.SERVICE, "expect", QUOTED_TEXT, None,
        "What the answer must begin with or match, or what `send_program` must print.",
    ),
    Definition(
        Scope.SERVICE, "use_regex", BOOLEAN, False,
        "Whether `expect` is a POSIX extended regular expression.",
    ),
    Definition(
        Scope.SERVICE, "send_program", QUOTED_TEXT, None,
        "Program that checks a server; `%h` becomes its address, `%p` its port.",
    ),
    Definition(
        Scope.SERVICE, "load_monitor", TEXT, None,
        "How nanny asks a server for its load: none, uptime, rup or ruptime.",
    ),
    Definition(
        Scope.SERVICE, "scheduler", SCHEDULER, "wlc",
        "IPVS scheduling algorithm.",
    ),
    Definition(
        Scope.SERVICE, "protocol", PROTOCOL, "tcp",
        "Protocol of the virtual server.",
    ),
    Definition(
        Scope.SERVICE, "timeout", SECONDS, 10,
        "Seconds between two checks of a server, and the limit of one check.",
    ),
    Definition(
        Scope.SERVICE, "reentry", SECONDS, 180,
        "Seconds for which a failed server must be up before it gets traffic again.",
    ),
    Definition(
        Scope.SERVICE, "quiesce_server", BOOLEAN, False,
        "Whether to set the weight of a failed server to 0 instead of removing it.",
    ),
    Definition(
        Scope.SERVICE, "client_monitor", TEXT, "/usr/sbin/nanny",
        "Program that checks the servers.",
    ),
    Definition(
        Scope.SERVICE, "master", ADDRESS, None,
        "Never used.", unused=True,
    ),
    Definition(
        Scope.SERVICE, "dirs", LIST, None,
        "Never used.", unused=True,
    ),
    Definition(
        Scope.SERVICE, "start_cmd", QUOTED_TEXT, None,
        "Command that starts a failover service; absolute path, no shell.",
    ),
    Definition(
        Scope.SERVICE, "stop_cmd", QUOTED_TEXT, None,
        "Command that stops a failover service; absolute path, no shell.",
    ),
    # --- server ---------------------------------------------------------------------------------
    Definition(
        Scope.SERVER, "address", ADDRESS, UNSET,
        "Address of the real server.",
    ),
    Definition(
        Scope.SERVER, "active", BOOLEAN, False,
        "Whether Piranha uses the real server.",
    ),
    Definition(
        Scope.SERVER, "port", PORT_NUMBER, None,
        "Port of the real server; if absent, the virtual server's `port` as set above it.",
    ),
    Definition(
        Scope.SERVER, "weight", INTEGER, 1,
        "Share of the traffic that the real server gets.",
    ),
)  # fmt: skip

BY_SCOPE: dict[Scope, dict[str, Definition]] = {
    scope: {row.name: row for row in TABLE if row.scope is scope} for scope in Scope
}

DEFAULTS: dict[Scope, dict[str, Any]] = {
    scope: {row.name: row.default for row in rows.values() if row.default is not None}
    for scope, rows in BY_SCOPE.items()
}

DEFAULT_PORT: int = DEFAULTS[Scope.SERVICE]["port"]
"""The port of a virtual server whose block does not set one."""

BLOCKS: dict[Scope, tuple[str, ...]] = {
    Scope.GLOBAL: ("virtual", "failover"),
    Scope.SERVICE: ("server",),
    Scope.SERVER: (),
}
"""The keywords that open a block, by the scope in which they are allowed."""

_FAILOVER_BEGINS = (
    "address", "vip_nmask", "active", "port", "timeout", "send", "expect", "send_program",
)  # fmt: skip


def _failover_order() -> tuple[Definition, ...]:
    rows = BY_SCOPE[Scope.SERVICE]
    first = tuple(rows[name] for name in _FAILOVER_BEGINS)
    return (*first, *(row for row in rows.values() if row not in first))


ORDER: dict[str, tuple[Definition, ...]] = {
    "": tuple(BY_SCOPE[Scope.GLOBAL].values()),
    "virtual": tuple(BY_SCOPE[Scope.SERVICE].values()),
    "failover": _failover_order(),
    "server": tuple(BY_SCOPE[Scope.SERVER].values()),
}
"""The canonical order by the keyword of the block, "" for the global directives.

It is the order of the table, except in `failover` blocks, where the Piranha GUI starts differently.
"""
