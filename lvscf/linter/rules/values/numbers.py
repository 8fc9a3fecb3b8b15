"""LVS1: numbers that Piranha accepts, but that it or ipvsadm cannot use."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.config.health_check import INHERITED_PORT
from lvscf.config.model import Owner, VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.consequences import cascade
from lvscf.linter.spellings import NUMBERS
from lvscf.piranha.directives import UNSIGNED
from lvscf.piranha.limits import (
    LARGEST_MARK,
    LARGEST_PORT,
    LARGEST_SYNC_ID,
    LONGEST_SECONDS,
    NUMBER_BUFFER,
)
from lvscf.piranha.values import written_number
from lvscf.source import quoted

_PORTS = f"0 to {LARGEST_PORT}"
_DAYS = LONGEST_SECONDS // 86400


@rule("LVS104", "integer-overflow", Severity.WARNING)
def integer_overflow(case: Case) -> Iterator[Problem]:
    """A number that does not fit into 32 bits.

    What:
        A number is too large, or too far below zero, for the 32 bits that Piranha uses.  If what is
        left of it is out of range, LVS105 or LVS106 reports that instead.

    Why:
        Piranha silently keeps the low 32 bits: `4294967302` is 6.  Numbers beyond 64 bits become -1
        or 0.

    Example:
        - keepalive = 4294967302
        + keepalive = 6
    """
    reported = None
    for _, definition, line, word in case.peculiar:
        if definition.kind not in NUMBERS or definition.unused:
            continue
        number = written_number(word.text)
        if number is None or number == line.value:
            continue
        if definition.kind is UNSIGNED and -(2**31) <= number < 0:
            continue  # a negative mark, which Piranha keeps and LVS106 reports
        if reported is None:
            found = (*out_of_range.check(case), *fwmark_out_of_range.check(case))
            reported = {problem.at for problem in found}
        at = places.value(line)
        if at not in reported:
            held = int(line.value)
            yield Problem(
                at=at,
                message=f"This number does not fit into 32 bits: Piranha reads it as {held}.",
                help=f"Write a number that fits, or `{line.name} = {held}` to keep what is in force.",
            )


@rule("LVS105", "out-of-range", Severity.ERROR, also=(Severity.WARNING,))
def out_of_range(case: Case) -> Iterator[Problem]:
    """A number that is out of range.

    What:
        A port is outside 0 to 65535, or `heartbeat_port` is 0.  Or `persistent`, `tcp_timeout`,
        `tcpfin_timeout` or `udp_timeout` is outside 0 to 2678400 seconds (31 days), or `syncd_id`
        outside 0 to 255.  Only values in force are checked.  These are errors.  The port -1 of a
        real server is a warning: nanny reads it as the virtual server's port.

    Why:
        Piranha accepts any number and passes it on.  ipvsadm rejects a virtual server with a bad
        port or a bad `persistent`: its VIP is up, but it has no traffic and no checks.  For a bad
        port of a real server, nanny checks the port modulo 65536; if that answers, ipvsadm rejects
        the server, nanny exits, and lvsd then stops every service on this router.  A negative
        `persistent` means no persistence.  If one of the three timeouts is bad, none is set.
        `heartbeat_port` and `syncd_id` are used modulo 65536 and 256.  To heartbeat port 0 no
        heartbeat can be sent, and both routers become active.

    Example:
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
        -     port = 80443
        +     port = 8443
          }
    """
    yield from _heartbeat_port(case)
    if case.config.service == "lvs":
        yield from _router_numbers(case)
    for virtual in case.virtual_servers:
        yield from _virtual_port(case, virtual)
        yield from _persistence(virtual)
        yield from _server_ports(case, virtual)
    yield from _failover_ports(case)


def _heartbeat_port(case: Case) -> Iterator[Problem]:
    config = case.config
    at, port = places.value_of(config, "heartbeat_port"), config.heartbeat_port or 0
    if at is None or 0 < port <= LARGEST_PORT:
        return
    used = port % (LARGEST_PORT + 1)
    what = f"pulse uses UDP port {used} instead"
    if not used:
        what = "pulse cannot send heartbeats to port 0, and both routers become active"
    now = case.backup_in_use
    yield Problem(
        at=at,
        message=f"`heartbeat_port` is {_shown(config, 'heartbeat_port', port)}, outside 1 to "
        f"{LARGEST_PORT}: {what}{'' if now else ', as soon as a backup router is in use'}.",
        help="Write a free UDP port, such as `heartbeat_port = 539`, Piranha's default.",
    )


def _router_numbers(case: Case) -> Iterator[Problem]:
    config = case.config
    for name in ("tcp_timeout", "tcpfin_timeout", "udp_timeout"):
        at, seconds = places.value_of(config, name), getattr(config, name)
        if at is not None and not 0 <= seconds <= LONGEST_SECONDS:
            yield Problem(
                at=at,
                message=f"`{name}` is {_shown(config, name, seconds)}, outside 0 to "
                f"{LONGEST_SECONDS} seconds: ipvsadm rejects it, and lvsd sets none of `tcp_timeout`, "
                "`tcpfin_timeout` and `udp_timeout`.",
                help=f"Write a number of seconds up to {LONGEST_SECONDS} ({_DAYS} days), or 0 to keep "
                "the kernel's timeout.",
            )
    at, identity = places.value_of(config, "syncd_id"), config.syncd_id or 0
    if at is not None and config.syncdaemon and not 0 <= identity <= LARGEST_SYNC_ID:
        used = identity & LARGEST_SYNC_ID
        yield Problem(
            at=at,
            message=f"`syncd_id` is {_shown(config, 'syncd_id', identity)}, outside 0 to "
            f"{LARGEST_SYNC_ID}: Piranha uses it modulo {LARGEST_SYNC_ID + 1}, as {used}"
            + ("." if used else ", which accepts the state of any pair."),
            help=f"Write `syncd_id = {used}`, or another number up to {LARGEST_SYNC_ID}.",
        )


def _virtual_port(case: Case, virtual: VirtualServer) -> Iterator[Problem]:
    at, port = places.value_of(virtual, "port"), virtual.port or 0
    if at is None or 0 <= port <= LARGEST_PORT or case.is_unreadable(virtual, "fwmark"):
        return
    if not virtual.fwmark:
        what = (
            "ipvsadm rejects this virtual server. The VIP is up, but the real servers get no traffic "
            "and no checks"
        )
    elif any(_takes_port(case, virtual, server) for server in case.servers(virtual)):
        what = (
            f"nanny checks port {port % (LARGEST_PORT + 1)} of the servers without a port of their "
            f"own. If one answers, ipvsadm rejects it, {cascade(case)}"
        )
    else:
        return  # the mark identifies the service, and no server uses this port
    yield Problem(
        at=at,
        message=f"`port` is {_shown(virtual, 'port', port)}, outside {_PORTS}: {what}.",
        help=f"Write the port of the service, up to {LARGEST_PORT}.",
    )


def _takes_port(case: Case, virtual: VirtualServer, server: Owner) -> bool:
    """Whether a server inherits its port from the virtual server."""
    return not case.is_written(server, "port") and getattr(server, "port", None) == virtual.port


def _persistence(virtual: VirtualServer) -> Iterator[Problem]:
    at, seconds = places.value_of(virtual, "persistent"), virtual.persistent or 0
    if at is None or 0 <= seconds <= LONGEST_SECONDS:
        return
    shown = _shown(virtual, "persistent", seconds)
    if seconds < 0:
        message = f"`persistent` is {shown}: a negative number of seconds means no persistence."
    else:
        overflow = len(str(seconds)) >= NUMBER_BUFFER
        message = (
            f"`persistent` is {shown}, over {LONGEST_SECONDS} seconds ({_DAYS} days): ipvsadm rejects "
            "this virtual server"
            + (", and lvsd may crash because the digits overflow a buffer. " if overflow else ". ")
            + "The VIP is up, but the real servers get no traffic and no checks."
        )
    yield Problem(
        at=at,
        message=message,
        help="Write seconds, such as `persistent = 300`, or remove the line.",
    )


def _server_ports(case: Case, virtual: VirtualServer) -> Iterator[Problem]:
    for server, at in case.written(case.servers(virtual), "port"):
        port = server.port or 0
        if 0 <= port <= LARGEST_PORT:
            continue
        shown = _shown(server, "port", port)
        if port == INHERITED_PORT:
            yield Problem(
                at=at,
                message=f"`port` is {shown}, which nanny reads as the virtual server's port, "
                f"{virtual.port}.",
                help=f"Write `port = {virtual.port}`, or remove the line.",
                severity=Severity.WARNING,
            )
            continue
        yield Problem(
            at=at,
            message=f"`port` is {shown}, outside {_PORTS}: nanny checks port "
            f"{port % (LARGEST_PORT + 1)}. If that answers, ipvsadm rejects the server, "
            f"{cascade(case)}.",
            help=f"Write the port of the real server, up to {LARGEST_PORT}.",
        )


def _failover_ports(case: Case) -> Iterator[Problem]:
    for service, at in case.written(case.failover_services, "port"):
        port = service.port or 0
        if 0 <= port <= LARGEST_PORT:
            continue
        what = f"the partner checks port {port % (LARGEST_PORT + 1)} instead"
        if len(str(port)) >= NUMBER_BUFFER:
            what = "its characters overflow a buffer in fos, which may crash"
        yield Problem(
            at=at,
            message=f"`port` is {_shown(service, 'port', port)}, outside {_PORTS}: {what}.",
            help=f"Write the port of the service, up to {LARGEST_PORT}.",
        )


@rule("LVS106", "fwmark-out-of-range", Severity.ERROR, also=(Severity.WARNING,))
def fwmark_out_of_range(case: Case) -> Iterator[Problem]:
    """A firewall mark that ipvsadm rejects, or 0, which means no mark.

    What:
        An active virtual server has a `fwmark` that is negative or over 2147483647.  This is an
        error.  A `fwmark` of 0, which means no mark, is a warning.

    Why:
        lvsd writes the mark as a signed number, and ipvsadm rejects a negative one: the VIP is up,
        but the virtual server is not set up, and its real servers are not checked.  With mark 0 it
        is an ordinary service for its VIP, port and protocol.

    Example:
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
        -     fwmark = 4000000000
        +     fwmark = 80
          }
    """
    for virtual, at in case.written(case.virtual_servers, "fwmark"):
        mark = virtual.fwmark or 0
        if 0 < mark <= LARGEST_MARK:
            continue
        if mark:
            signed = mark - 2**32
            yield Problem(
                at=at,
                message=f"lvsd passes mark {_shown(virtual, 'fwmark', mark)} to ipvsadm as {signed}, "
                "and ipvsadm rejects it. The VIP is up, but the virtual server gets no traffic and no "
                "checks.",
                help=f"Use a mark from 1 to {LARGEST_MARK}, here and in the routers' firewall rules.",
            )
        else:
            service = f"port {virtual.port}/{virtual.protocol} of its VIP"
            yield Problem(
                at=at,
                message=f"Mark {_shown(virtual, 'fwmark', mark)} means no mark: this is an ordinary "
                f"virtual server for {service}.",
                help="Write the mark that the routers' firewalls set, or remove the line.",
                severity=Severity.WARNING,
            )


@rule("LVS110", "service-name-port", Severity.INFO)
def service_name_port(case: Case) -> Iterator[Problem]:
    """A port that is given by name.

    What:
        `port` of a virtual server or failover service, or `heartbeat_port`, is a service name.

    Why:
        Each router looks the name up in its own /etc/services whenever Piranha reads the file.  The
        number depends on that table, and Piranha rejects the file on a router whose table does not
        have the name.  The name is looked up as a TCP service, even for UDP.

    Example:
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
        -     port = http
        +     port = 80
          }
    """
    for owner, definition, line, word in case.peculiar:
        if definition.kind not in NUMBERS or written_number(word.text) is not None:
            continue
        udp = line.name == "heartbeat_port" or getattr(owner, "protocol", None) == "udp"
        as_tcp = ", and as a TCP service although this port is UDP" if udp else ""
        yield Problem(
            at=places.value(line),
            message=f"{quoted(word.text)} is looked up in each router's /etc/services (usually "
            f"{line.value}){as_tcp}. A router without an entry for it rejects the file.",
            help=f"Write the number: `{line.name} = {line.value}`.",
        )


def _shown(owner: Owner, name: str, held: int) -> str:
    """A number as Piranha holds it, and as written if that differs."""
    line = places.written(owner, name)
    word = line.words[2].text if line else ""
    number = written_number(word)
    if number is None or number == held:
        return str(held)
    return f"{held} ({quoted(word)} does not fit)"


RULES: tuple[CaseRule, ...] = (
    integer_overflow,
    out_of_range,
    fwmark_out_of_range,
    service_name_port,
)
