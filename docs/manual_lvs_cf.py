"""lvs.cf(5), made from the table of directives and what is known of the daemons."""

from collections.abc import Iterator

from docs.manual_command import DATE
from docs.mdoc import escaped, literal, page, paragraphs, prose
from lvscf.piranha.directives import BY_SCOPE, UNSET, Definition, Scope

_DESCRIPTION = """
`lvs.cf` configures the daemons of Piranha, Red Hat's manager of Linux Virtual Server (LVS) clusters.
`pulse` sends heartbeats between the two LVS routers and brings up the virtual IP addresses on one of
them. There it starts `lvsd`, which fills the IPVS table with `ipvsadm` and starts one `nanny` per real
server. `nanny` checks its server and adds it to the table or removes it. With `service = fos`, `pulse`
starts `fos` instead, which moves services from one node to the other.

This page describes what the daemons of Piranha 0.8.6 do, which is not always what Piranha's own manual
page says.
"""

_FORMAT = """
The file is read line by line, and nothing continues a line. A line is made of words separated by
spaces or tabs. An empty line, and a line whose first character after blanks is `#`, is ignored.
Anywhere else, `#` is an ordinary character: a comment after a value is an error.

A directive is `name = value`. The equals sign is a word of its own: `keepalive=6` is an error. Names
are case-sensitive. If a directive is given twice, the last one counts.

Lines end with a line feed. With the line ends of Windows (CRLF), Piranha reads the first line, skips
all others without a message, and runs on its defaults.

A word that begins with a single or double quote ends at the next quote of that kind, and may contain
blanks. Leave no blank at the end of a line after a quoted word that contains none: Piranha then misses
the closing quote of `"HTTP"`. There are no escapes.

A block begins with `virtual NAME {`, `failover NAME {` or, inside either, `server NAME {`, all on one
line. It ends at a line whose first word is `}`. A missing `}` at the end of the file is not noticed.

If anything is wrong, the daemon logs the line and does not start. An empty file is an error; a file of
comments is not.
"""

_VALUES = (
    (
        "integer",
        "A number as in C: `0x10` is 16, and `010` is 8. Of a number over 32 bits, only the low 32 "
        "bits are kept.",
    ),
    ("boolean", "`0` or `1`. The words yes, no, true and on are errors."),
    (
        "address",
        "An IPv4 address, or a host name that is looked up whenever a daemon reads the file. "
        "`10.1` is 10.0.0.1, and `010.1.1.1` is 8.1.1.1.",
    ),
    (
        "netmask",
        "A mask such as `255.255.255.0`. A prefix length such as `24` is read as the address 0.0.0.24.",
    ),
    (
        "address and device",
        "Two words: an address, and the alias of a network device that carries it, such as "
        "`10.10.1.20 eth0:1`. Give each address an alias of its own. Without an alias, the device "
        "loses its own address, and is shut down when the router becomes inactive.",
    ),
    ("port", "An integer, or the name of a TCP service in /etc/services where the text says so."),
    (
        "text",
        "One word, or several in quotes. `send`, `expect`, `send_program`, `start_cmd` and "
        "`stop_cmd` keep their quotes, of which the daemons remove double ones only: single quotes "
        "become part of the value.",
    ),
    ("list", "Words between brackets that are words of their own: `[ a b ]`."),
)

_NANNY = """
The death of a single `nanny` stops the whole router. `lvsd` then removes every virtual server and
exits, and `pulse` takes the virtual IP addresses down. The router stays inactive until the other one
sends a heartbeat, so a router without a backup stays down until `pulse` is restarted. `nanny` dies if
`timeout` is 0, if `ipvsadm` rejects one of its commands, if `client_monitor` cannot be run, and if a
UDP server answers a check that has no `expect`.
"""

_RELOADING = """
`service pulse reload` makes `lvsd` read the file again. Only virtual servers and real servers that
were added, activated or deactivated take effect. Changes of weight, scheduler, persistence and checks
of a virtual server that stays active do not; nor do those of addresses, devices and heartbeats, which
`pulse` reads once. If a real server is removed, its whole virtual server goes: set `active = 0`
instead. Do not reload `pulse` on an inactive router: it hangs. After any other change, restart it.
"""

NOTES: dict[tuple[Scope, str], str] = {
    (Scope.GLOBAL, "primary"): """
        A node is the primary if one of its network devices has exactly this address as its first
        one; an alias does not count. Both routers use the same file. If neither `primary` nor
        `backup` is an address of the node, `pulse` exits.""",
    (Scope.GLOBAL, "primary_private"): """
        A heartbeat on either path counts. Without `backup_private`, `pulse` cannot start on the
        backup router.""",
    (Scope.GLOBAL, "backup_private"): """
        Without `primary_private`, it is ignored.""",
    (Scope.GLOBAL, "service"): """
        Blocks of the other kind are ignored. Both routers must agree: otherwise they ignore each
        other's heartbeats, and both become active.""",
    (Scope.GLOBAL, "primary_shared"): """
        Shared disks are used only if `backup_shared` is given, too.""",
    (Scope.GLOBAL, "backup_shared"): """
        Shared disks are used only if `primary_shared` is given, too.""",
    (Scope.GLOBAL, "rsh_command"): """
        `nanny` adds the word `uptime` only to exactly `rsh` or `ssh`; with any other command, the
        load is never read.""",
    (Scope.GLOBAL, "backup_active"): """
        Without it, `pulse` exits on the backup router. Without `backup`, it counts as
        0.""",
    (Scope.GLOBAL, "heartbeat_port"): """
        Both routers bind it. With 0, no heartbeat is sent, and both routers become active.""",
    (Scope.GLOBAL, "keepalive"): """
        With 0 or less, `pulse` floods the network with heartbeats, hears none, and ignores
        SIGTERM.""",
    (Scope.GLOBAL, "deadtime"): """
        Missed heartbeats are not counted: only the time since the last one is. Make it at least
        twice `keepalive`, better three times: at or below `keepalive`, the routers take over from
        each other again and again. A router without a partner becomes active this long after it
        started. With 0 or less, `pulse` uses 100 % CPU and ignores SIGTERM.""",
    (Scope.GLOBAL, "network"): """
        It also applies to `sorry_server`. Virtual servers cannot differ.""",
    (Scope.GLOBAL, "nat_router"): """
        It is ignored unless `network = nat`.""",
    (Scope.GLOBAL, "nat_nmask"): """
        The classful mask of 10.0.0.1 is 255.0.0.0.""",
    (Scope.GLOBAL, "reservation_conflict_action"): """
        Without it, `pulse` crashes at a reservation conflict.""",
    (Scope.GLOBAL, "active_cmd"): """
        It is split at blanks and run without a shell, before `lvsd` starts, and again at each
        heartbeat of a partner that is active, too. Its outcome is ignored. At most 39 words.""",
    (Scope.GLOBAL, "inactive_cmd"): """
        It is split at blanks and run without a shell, and its outcome is ignored.""",
    (Scope.GLOBAL, "monitor_links"): """
        It checks the devices that carry the heartbeats, not those of virtual IP addresses, and has
        no effect without a backup router.""",
    (Scope.GLOBAL, "syncdaemon"): """
        Used with `service = lvs` only.""",
    (Scope.GLOBAL, "syncd_iface"): """
        Without the device, nothing is synchronised, and nothing is logged.""",
    (Scope.GLOBAL, "tcp_timeout"): """
        From 0 to 2678400. If any of the three timeouts is out of range, none is set.""",
    (Scope.GLOBAL, "tcpfin_timeout"): """
        From 0 to 2678400. If any of the three timeouts is out of range, none is set.""",
    (Scope.GLOBAL, "udp_timeout"): """
        From 0 to 2678400. If any of the three timeouts is out of range, none is set.""",
    (Scope.GLOBAL, "hard_shutdown"): """
        0 has an effect since 0.8.6-7 only: then the server of the dead `nanny` is no longer checked,
        until someone acts.""",
    (Scope.GLOBAL, "ipvsadm"): """
        If it cannot be run, the virtual IP addresses are up without any service.""",
    (Scope.SERVICE, "active"): """
        Without the line, the block is inactive, and no message says so. If no block is active,
        `pulse` exits.""",
    (Scope.SERVICE, "address"): """
        Needed with `fwmark`, too. If several blocks have the same address, the device and the
        netmask of the first active one are used.""",
    (Scope.SERVICE, "sorry_server"): """
        It gets the port of the virtual server. It does not work before 0.8.6-3. If it is also an
        active real server, `nanny` dies at start.""",
    (Scope.SERVICE, "vip_nmask"): """
        The classful mask of 10.10.1.20 is 255.0.0.0, which also adds a route for all of
        10.0.0.0/8.""",
    (Scope.SERVICE, "fwmark"): """
        The mark is set on the routers by `iptables`, in PREROUTING of the table mangle. `port` and
        `protocol` then decide about the check only. 0 means no mark; over 2147483647, `ipvsadm`
        rejects the service. If two services have the same mark, the second is not
        added.""",
    (Scope.SERVICE, "port"): """
        Write it before the `server` blocks: one after it does not reach them, and they keep 80.
        0 means all ports, and needs `persistent`.""",
    (Scope.SERVICE, "persistent"): """
        At most 2678400; `ipvsadm` rejects the service if it is more.""",
    (Scope.SERVICE, "pmask"): """
        Without `persistent`, it is ignored. What is not a mask is silently ignored.""",
    (Scope.SERVICE, "send"): r"""
        `nanny` writes it once after it has connected. It understands `\r`, `\n`, `\t`, `\\`, `\'`
        and `\"`; at any other backslash it hangs, at 100 % CPU, and the server is never added.""",
    (Scope.SERVICE, "expect"): r"""
        Without `use_regex`, the answer must begin with it: of the first packet, up to 254 bytes are
        compared. `*` alone accepts any answer. With `send_program`, it is the whole output of the
        program without its last character, which should be a newline. Backslashes are those of
        `send`: in a regular expression, write `\\.` for a dot. For UDP, it is required.""",
    (Scope.SERVICE, "use_regex"): """
        It may match anywhere in the first 254 bytes. With `send_program`, it has no effect.""",
    (Scope.SERVICE, "send_program"): """
        It is split at blanks and run without a shell. `%h` and `%p` must be words of their own.
        The server is down only if the program exits with 0 and prints something else than
        `expect`: if it fails, or cannot be run, the server counts as up. There is no timeout, and
        without `expect` the server is never up. `send` is then ignored. Less than 255
        characters.""",
    (Scope.SERVICE, "load_monitor"): """
        Without it, the weight is not adjusted. The weight rises to at most ten times its value and
        never falls below it; a weight of 1 is never adjusted. Any other word is run as a
        program.""",
    (Scope.SERVICE, "scheduler"): """
        `rr` and `lc` ignore weights.""",
    (Scope.SERVICE, "timeout"): """
        With 0, `nanny` crashes. It is also the limit for connecting and for reading, so a server
        that hangs is noticed after up to three times as long.""",
    (Scope.SERVICE, "reentry"): """
        0 counts as 180. Below `timeout`, the first good check is enough.""",
    (Scope.SERVICE, "quiesce_server"): """
        With `persistent`, clients that are known go on to the failed server.""",
    (Scope.SERVICE, "client_monitor"): """
        An absolute path.""",
    (Scope.SERVICE, "protocol"): """
        With `udp`, give both `send` and `expect`.""",
    (Scope.SERVICE, "start_cmd"): """
        In `virtual` blocks it is ignored. It is split at every space. If it is missing, `fos` runs
        something undefined.""",
    (Scope.SERVICE, "stop_cmd"): """
        In `virtual` blocks it is ignored. It also runs whenever `fos` starts. If it is missing,
        `fos` runs something undefined.""",
    (Scope.SERVER, "address"): """
        A server with the same address and port as another one of the same virtual IP address, port
        and protocol is silently skipped, even if their virtual servers have different
        firewall marks.""",
    (Scope.SERVER, "active"): """
        Without the line, the server is skipped, and no message says so.""",
    (Scope.SERVER, "port"): """
        A number, not a service name. With direct routing and tunnelling, traffic goes to the port
        of the virtual server whatever is written here, but this one is checked. With 0, the server
        is never up.""",
    (Scope.SERVER, "weight"): """
        0 or less counts as 1 and does not drain the server: set `active = 0`. A server starts
        with 1/32 of its weight, which then doubles at most every 20 seconds or each check. Over
        65535, `ipvsadm` rejects it and `nanny` dies.""",
}
"""What the daemons do with a directive, beyond its line in the table."""

_SECTIONS = (
    (
        Scope.GLOBAL,
        "GLOBAL DIRECTIVES",
        "They are outside of all blocks. Their order makes no difference.",
    ),
    (
        Scope.SERVICE,
        "DIRECTIVES IN VIRTUAL AND FAILOVER BLOCKS",
        "`failover` blocks take all of them, but `fos` uses only `active`, `address`, `vip_nmask`, "
        "`port`, `protocol`, `timeout`, `send`, `expect`, `send_program`, `client_monitor`, "
        "`start_cmd` and `stop_cmd`.",
    ),
    (
        Scope.SERVER,
        "DIRECTIVES IN SERVER BLOCKS",
        "A `server` block describes one real server of the virtual server around it.",
    ),
)

EXAMPLE = """
serial_no = 1
primary = 10.10.1.21
service = lvs
backup_active = 1
backup = 10.10.1.22
heartbeat = 1
heartbeat_port = 539
keepalive = 6
deadtime = 18
network = direct
virtual web {
     active = 1
     address = 10.10.1.20 eth0:1
     vip_nmask = 255.255.255.255
     port = 80
     send = "GET / HTTP/1.0\\r\\n\\r\\n"
     expect = "HTTP"
     scheduler = wlc
     protocol = tcp
     timeout = 6
     reentry = 15
     server www1 {
         address = 10.10.1.31
         active = 1
         weight = 1
     }
     server www2 {
         address = 10.10.1.32
         active = 1
         weight = 1
     }
}
"""

_WITHOUT_CHECK = """
Without `send`, `expect` and `send_program`, a TCP server is up if it accepts a connection; but if the
virtual server's port is 80, `nanny` sends an HTTP request and expects an answer that begins with
`HTTP`. There is no check by TLS.
"""


def text() -> str:
    """The page."""
    return page(_lines())


def _lines() -> Iterator[str]:
    yield f".Dd {DATE}"
    yield ".Dt LVS.CF 5"
    yield ".Os"
    yield ".Sh NAME"
    yield ".Nm lvs.cf"
    yield ".Nd configuration of Piranha, the manager of Linux Virtual Server clusters"
    yield ".Sh SYNOPSIS"
    yield ".Pa /etc/sysconfig/ha/lvs.cf"
    yield ".Sh DESCRIPTION"
    yield from paragraphs(_DESCRIPTION)
    yield ".Sh FORMAT"
    yield from paragraphs(_FORMAT)
    yield ".Sh VALUES"
    yield ".Bl -tag -width Ds"
    for name, words in _VALUES:
        yield f".It {name}"
        yield from prose(words)
    yield ".El"
    for scope, title, words in _SECTIONS:
        yield f".Sh {title}"
        yield from prose(words)
        yield ".Bl -tag -width Ds"
        for row in BY_SCOPE[scope].values():
            yield from _directive(row)
        yield ".El"
    yield ".Sh HEALTH CHECKS"
    yield from paragraphs(_WITHOUT_CHECK)
    yield ".Ss When nanny dies"
    yield from paragraphs(_NANNY)
    yield ".Sh RELOADING"
    yield from paragraphs(_RELOADING)
    yield ".Sh FILES"
    yield ".Pa /etc/sysconfig/ha/lvs.cf"
    yield ".Sh EXAMPLES"
    yield "Two LVS routers and two web servers, with direct routing:"
    yield from literal(EXAMPLE)
    yield ".Sh SEE ALSO"
    yield ".Xr lvscf 1 ,"
    yield ".Xr iptables 8 ,"
    yield ".Xr ipvsadm 8"


def _directive(row: Definition) -> Iterator[str]:
    yield rf".It Ic {escaped(row.name)} No = Ar {_operand(row)}"
    yield from prose(row.meaning)
    note = NOTES.get((row.scope, row.name))
    if note:
        yield from prose(note)
    if row.since:
        yield from prose(f"Since Piranha {row.since}.")
    yield from prose(f"Value: {row.kind.name}; {_default(row)}.")


def _operand(row: Definition) -> str:
    kind = row.kind
    if kind.with_device:
        return "address device"
    if kind.is_boolean:
        return "0 No or Ar 1"
    if kind.is_list:
        return r"\&[ word ... \&]"
    if kind.choices:
        return "word"
    name = kind.name.partition(",")[0]
    return {
        "integer": "seconds" if "seconds" in kind.name else "number",
        "port number or TCP service name": "port",
        "port number": "port",
    }.get(name, name)


def _default(row: Definition) -> str:
    if row.default in (None, UNSET):
        return "not set by default"
    default = int(row.default) if isinstance(row.default, bool) else row.default
    return f"default `{default}`"
