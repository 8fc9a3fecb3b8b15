"""The directives of lvs.cf: THE table, from which everything else derives.

One row describes one directive: where it may stand, what its value is, what Piranha uses when it is
absent, and what it means.  The order of the rows is the canonical order, the one in which the
Piranha GUI writes them.  Facts: lvs.cf(5), and measurements on Piranha's reader where it differs.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any

from attrs import field

from lvscf.piranha import values
from lvscf.shared.records import record


class Scope(Enum):
    """Where a directive may stand.  `failover` blocks take what `virtual` blocks take."""

    GLOBAL = "global"
    SERVICE = "virtual or failover"
    SERVER = "server"


@record
class Kind:
    """A kind of value: how many words it takes, and how the reader takes the first of them."""

    name: str
    """What people call it; reference documentation and messages use this."""
    read: Callable[[str], Any]
    """Takes one word without quotes; raises `values.Unreadable`."""
    with_device: bool = False
    """A second word, a network device, follows."""
    is_list: bool = False
    """Words between brackets that are words of their own."""
    keeps_quotes: bool = False
    """The value holds the quotes that it was written with."""
    choices: tuple[str, ...] = ()
    """The only words that are accepted, if they are few."""
    numbers: tuple[int, int] | None = None
    """The least and the greatest value, where values are integers."""
    is_boolean: bool = False

    @property
    def words(self) -> int:
        """How many words stand behind the `=` (of a list: at least)."""
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
            return "a list of texts"
        return self.name if self.choices else "a text"


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
    """What Piranha uses when the directive is absent; None where it uses nothing."""
    meaning: str
    unused: bool = field(default=False, kw_only=True)
    """Read, and then never looked at by any daemon."""
    since: str | None = field(default=None, kw_only=True)
    """The first Piranha release that knows it; None where every release of 0.8 does."""


UNSET = values.UNSET_ADDRESS

TABLE: tuple[Definition, ...] = (
    # --- global ---------------------------------------------------------------------------------
    Definition(
        Scope.GLOBAL, "serial_no", INTEGER, 0,
        "Counter that the GUI raises when it saves; no daemon reads it.", unused=True,
    ),
    Definition(
        Scope.GLOBAL, "primary", ROUTER_ADDRESS, UNSET,
        "Address of the primary LVS router; the node that owns it is the master.",
    ),
    Definition(
        Scope.GLOBAL, "primary_private", ROUTER_ADDRESS, UNSET,
        "Second heartbeat address of the primary LVS router; as `primary` when absent.",
    ),
    Definition(
        Scope.GLOBAL, "primary_shared", TEXT, None,
        "Shared disk as the primary router sees it (service = fos).",
    ),
    Definition(
        Scope.GLOBAL, "service", SERVICE, "lvs",
        "Whether `virtual` blocks (lvs) or `failover` blocks (fos) are in force.",
    ),
    Definition(
        Scope.GLOBAL, "rsh_command", TEXT, "rsh",
        "Command with which nanny asks for load, where `load_monitor = uptime`.",
    ),
    Definition(
        Scope.GLOBAL, "backup_active", BOOLEAN, False,
        "Whether a backup LVS router takes part; heartbeats are sent only then.",
    ),
    Definition(
        Scope.GLOBAL, "backup", ADDRESS, UNSET,
        "Address of the backup LVS router; 0.0.0.0 means that there is none.",
    ),
    Definition(
        Scope.GLOBAL, "backup_private", ROUTER_ADDRESS, UNSET,
        "Second heartbeat address of the backup LVS router; as `backup` when absent.",
    ),
    Definition(
        Scope.GLOBAL, "backup_shared", TEXT, None,
        "Shared disk as the backup router sees it (service = fos).",
    ),
    Definition(
        Scope.GLOBAL, "heartbeat", BOOLEAN, False,
        "Read and never used: `backup_active` decides about heartbeats.", unused=True,
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
        "Seconds without a heartbeat after which the partner is taken for dead.",
    ),
    Definition(
        Scope.GLOBAL, "network", NETWORK, "nat",
        "Forwarding method for all real servers: direct routing, NAT or tunnelling.",
    ),
    Definition(
        Scope.GLOBAL, "nat_router", ADDRESS_ON_DEVICE, None,
        "Floating gateway address of the real servers, and its device (network = nat).",
    ),
    Definition(
        Scope.GLOBAL, "nat_nmask", NETMASK, UNSET,
        "Netmask of `nat_router`; the classful mask when unset.",
    ),
    Definition(
        Scope.GLOBAL, "reservation_conflict_action", CONFLICT_ACTION, None,
        "What pulse does on a reservation conflict of the shared disks (service = fos).",
    ),
    Definition(
        Scope.GLOBAL, "debug_level", TEXT, "NONE",
        "Read and never used.", unused=True,
    ),
    Definition(
        Scope.GLOBAL, "active_cmd", TEXT, None,
        "Command that pulse runs when the node becomes active; no shell, absolute path.",
    ),
    Definition(
        Scope.GLOBAL, "inactive_cmd", TEXT, None,
        "Command that pulse runs when the node becomes inactive, starts or stops.",
    ),
    Definition(
        Scope.GLOBAL, "monitor_links", INTEGER, 0,
        "Other than 0: stop services while the router's link is down.",
    ),
    Definition(
        Scope.GLOBAL, "syncdaemon", BOOLEAN, False,
        "Whether connection state is sent to the backup router.",
    ),
    Definition(
        Scope.GLOBAL, "syncd_iface", TEXT, "eth0",
        "Device for the connection state's multicast.", since="0.8.6",
    ),
    Definition(
        Scope.GLOBAL, "syncd_id", INTEGER, 0,
        "Identity of the synchronised pair, modulo 256.", since="0.8.6",
    ),
    Definition(
        Scope.GLOBAL, "tcp_timeout", SECONDS, 0,
        "Timeout of idle TCP connections; 0 leaves the kernel's.", since="0.8.6",
    ),
    Definition(
        Scope.GLOBAL, "tcpfin_timeout", SECONDS, 0,
        "Timeout of TCP connections after a FIN; 0 leaves the kernel's.", since="0.8.6",
    ),
    Definition(
        Scope.GLOBAL, "udp_timeout", SECONDS, 0,
        "Timeout of UDP exchanges; 0 leaves the kernel's.", since="0.8.6",
    ),
    Definition(
        Scope.GLOBAL, "hard_shutdown", BOOLEAN, True,
        "Whether the death of one nanny ends every service of the router.", since="0.8.6",
    ),
    Definition(
        Scope.GLOBAL, "ipvsadm", TEXT, "/sbin/ipvsadm",
        "Path of the ipvsadm program.",
    ),
    Definition(
        Scope.GLOBAL, "sync", BOOLEAN, False,
        "Read and never used.", unused=True,
    ),
    # --- virtual, failover ----------------------------------------------------------------------
    Definition(
        Scope.SERVICE, "active", BOOLEAN, False,
        "Whether the block is in force at all.",
    ),
    Definition(
        Scope.SERVICE, "address", ADDRESS_ON_DEVICE, None,
        "The virtual IP address (VIP) and the alias device that carries it.",
    ),
    Definition(
        Scope.SERVICE, "sorry_server", PLAIN_ADDRESS, UNSET,
        "Server that gets the traffic while no real server is up.",
    ),
    Definition(
        Scope.SERVICE, "vip_nmask", NETMASK, UNSET,
        "Netmask of the VIP; the classful mask when unset.",
    ),
    Definition(
        Scope.SERVICE, "fwmark", UNSIGNED, 0,
        "Firewall mark of the packets to balance, instead of VIP, protocol and port.",
    ),
    Definition(
        Scope.SERVICE, "port", PORT, 80,
        "Port of the virtual server, and of the servers that follow without a port of their own.",
    ),
    Definition(
        Scope.SERVICE, "persistent", SECONDS, 0,
        "Seconds for which a client stays with its real server; 0 is off.",
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
        "What the answer must begin with, or match, or what send_program must print.",
    ),
    Definition(
        Scope.SERVICE, "use_regex", BOOLEAN, False,
        "Whether `expect` is a POSIX extended regular expression.",
    ),
    Definition(
        Scope.SERVICE, "send_program", QUOTED_TEXT, None,
        "Program that checks a server; `%h` is its address, `%p` its port.",
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
        "Seconds for which a failed server must be well before it is used again.",
    ),
    Definition(
        Scope.SERVICE, "quiesce_server", BOOLEAN, False,
        "Whether a failed server gets weight 0 instead of being removed.",
    ),
    Definition(
        Scope.SERVICE, "client_monitor", TEXT, "/usr/sbin/nanny",
        "Program that checks the servers.",
    ),
    Definition(
        Scope.SERVICE, "master", ADDRESS, None,
        "Read and never used.", unused=True,
    ),
    Definition(
        Scope.SERVICE, "dirs", LIST, None,
        "Read and never used.", unused=True,
    ),
    Definition(
        Scope.SERVICE, "start_cmd", QUOTED_TEXT, None,
        "Command that starts a failover service; no shell, absolute path.",
    ),
    Definition(
        Scope.SERVICE, "stop_cmd", QUOTED_TEXT, None,
        "Command that stops a failover service; no shell, absolute path.",
    ),
    # --- server ---------------------------------------------------------------------------------
    Definition(
        Scope.SERVER, "address", ADDRESS, UNSET,
        "Address of the real server.",
    ),
    Definition(
        Scope.SERVER, "active", BOOLEAN, False,
        "Whether the real server is in force at all.",
    ),
    Definition(
        Scope.SERVER, "port", PORT_NUMBER, None,
        "Port of the real server; the virtual server's `port` so far when absent.",
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
"""What a virtual server's port is until its block says another."""

BLOCKS: dict[Scope, tuple[str, ...]] = {
    Scope.GLOBAL: ("virtual", "failover"),
    Scope.SERVICE: ("server",),
    Scope.SERVER: (),
}
"""The keywords that open a block, by the scope in which they may stand."""

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

It is the order of the table, but for `failover` blocks, which the Piranha GUI begins in another.
"""
