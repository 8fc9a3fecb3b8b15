"""lvs.cf(5), made from the table of directives and what is known of the daemons."""

from collections.abc import Iterator

from docs.manual_command import DATE
from docs.mdoc import escaped, literal, page, paragraphs, prose
from lvscf.piranha.directives import BY_SCOPE, UNSET, Definition, Scope
from lvscf.piranha.notes import NOTES

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

NANNY = """
The death of a single `nanny` stops the whole router. `lvsd` then removes every virtual server and
exits, and `pulse` takes the virtual IP addresses down. The router stays inactive until the other one
sends a heartbeat, so a router without a backup stays down until `pulse` is restarted. `nanny` dies if
`timeout` is 0, if `ipvsadm` rejects one of its commands, if `client_monitor` cannot be run, and if a
UDP server answers a check that has no `expect`.
"""

RELOADING = """
`service pulse reload` makes `lvsd` read the file again. Only virtual servers and real servers that
were added, activated or deactivated take effect. Changes of weight, scheduler, persistence and checks
of a virtual server that stays active do not; nor do those of addresses, devices and heartbeats, which
`pulse` reads once. If a real server is removed, its whole virtual server goes: set `active = 0`
instead. Do not reload `pulse` on an inactive router: it hangs. After any other change, restart it.
"""

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
    yield from paragraphs(NANNY)
    yield ".Sh RELOADING"
    yield from paragraphs(RELOADING)
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
