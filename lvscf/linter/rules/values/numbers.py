"""LVS1: numbers that Piranha reads, and that it or ipvsadm cannot use."""

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
from lvscf.piranha.limits import LARGEST_MARK, LARGEST_PORT, LONGEST_SECONDS
from lvscf.piranha.values import written_number
from lvscf.source import quoted

BUFFER = 10
"""Bytes of the buffers into which lvsd and fos print some numbers, the closing NUL included."""


@rule("LVS104", "integer-overflow", Severity.WARNING)
def integer_overflow(case: Case) -> Iterator[Problem]:
    """A number that does not fit into 32 bits.

    What:
        A number is too large, or too far below zero, for the 32 bits in which Piranha holds it.
        Where what is left of it cannot be used, LVS105 or LVS106 says so instead.

    Why:
        Piranha keeps the low 32 bits and says nothing: `4294967302` is 6.  What is beyond 64 bits
        becomes -1 or 0.

    Example:
        - keepalive = 4294967302
        + keepalive = 6
    """
    told = None
    for _, definition, line, word in case.peculiar:
        if definition.kind not in NUMBERS or definition.unused:
            continue
        number = written_number(word.text)
        if number is None or number == line.value:
            continue
        if definition.kind is UNSIGNED and -(2**31) <= number < 0:
            continue  # a negative mark: kept as it is, and LVS106 tells what comes of it
        if told is None:
            found = (*out_of_range.check(case), *fwmark_out_of_range.check(case))
            told = {problem.at for problem in found}
        at = places.value(line)
        if at not in told:
            held = int(line.value)
            yield Problem(
                at=at,
                message=f"This number does not fit into 32 bits: Piranha takes it for {held}.",
                help=f"Write the number that was meant, or `{line.name} = {held}`.",
            )


@rule("LVS105", "out-of-range", Severity.ERROR, also=(Severity.WARNING,))
def out_of_range(case: Case) -> Iterator[Problem]:
    """A number outside the range in which it works.

    What:
        A port outside 0 to 65535, `heartbeat_port` 0, `persistent`, `tcp_timeout`, `tcpfin_timeout`
        or `udp_timeout` outside 0 to 2678400 seconds (31 days), or `syncd_id` outside 0 to 255.
        Only what is in force is looked at.  A server's port of -1 is a warning: it means the
        virtual server's port.

    Why:
        Piranha takes any number and hands it on.  With a bad port or a bad `persistent` ipvsadm
        refuses the virtual server: it has neither traffic nor checks, while its VIP is up.  A bad
        port of a real server is checked modulo 65536; if that port answers, ipvsadm refuses the
        server, nanny ends, and with it lvsd stops every service of the router.  A negative
        `persistent` is none.  Of three timeouts with a bad one, none is set.  `heartbeat_port` and
        `syncd_id` are taken modulo 65536 and 256; on heartbeat port 0 no heartbeat can be sent, and
        both routers become active.

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
        what = "no heartbeat can be sent to port 0, and both routers become active"
    now = case.backup_in_use
    yield Problem(
        at=at,
        message=f"`heartbeat_port` is {_shown(config, 'heartbeat_port', port)}, outside 1 to 65535: "
        f"{what}{'' if now else ' as soon as a backup router is in use'}.",
        help="Write a free UDP port, such as `heartbeat_port = 539`, Piranha's own.",
    )


def _router_numbers(case: Case) -> Iterator[Problem]:
    config = case.config
    for name in ("tcp_timeout", "tcpfin_timeout", "udp_timeout"):
        at, seconds = places.value_of(config, name), getattr(config, name)
        if at is not None and not 0 <= seconds <= LONGEST_SECONDS:
            yield Problem(
                at=at,
                message=f"`{name}` is {_shown(config, name, seconds)}, outside 0 to 2678400 seconds: "
                "ipvsadm refuses it, and lvsd sets none of `tcp_timeout`, `tcpfin_timeout` and "
                "`udp_timeout`.",
                help="Write a number of seconds within 31 days; 0 leaves the kernel's.",
            )
    at, identity = places.value_of(config, "syncd_id"), config.syncd_id or 0
    if at is not None and config.syncdaemon and not 0 <= identity <= 255:
        yield Problem(
            at=at,
            message=f"`syncd_id` is {_shown(config, 'syncd_id', identity)}, outside 0 to 255: Piranha "
            f"takes it modulo 256, as {identity & 255}"
            + ("." if identity & 255 else ", and 0 accepts the state of any pair."),
            help=f"Write `syncd_id = {identity & 255}`, or another number up to 255.",
        )


def _virtual_port(case: Case, virtual: VirtualServer) -> Iterator[Problem]:
    at, port = places.value_of(virtual, "port"), virtual.port or 0
    if at is None or 0 <= port <= LARGEST_PORT or case.is_unreadable(virtual, "fwmark"):
        return
    if not virtual.fwmark:
        what = (
            "ipvsadm refuses this virtual server. Its real servers get neither traffic nor checks, "
            "while the VIP is up"
        )
    elif any(_takes_port(case, virtual, server) for server in case.servers(virtual)):
        what = (
            f"nanny checks port {port % (LARGEST_PORT + 1)} of the servers that have no port of "
            f"their own, and if it answers, ipvsadm refuses the server, {cascade(case)}"
        )
    else:
        return  # the mark is the address, and no server takes its port from here
    yield Problem(
        at=at,
        message=f"`port` is {_shown(virtual, 'port', port)}, outside 0 to 65535: {what}.",
        help="Write the port of the service, up to 65535.",
    )


def _takes_port(case: Case, virtual: VirtualServer, server: Owner) -> bool:
    """Whether a server has its port from the virtual server."""
    return not case.is_written(server, "port") and getattr(server, "port", None) == virtual.port


def _persistence(virtual: VirtualServer) -> Iterator[Problem]:
    at, seconds = places.value_of(virtual, "persistent"), virtual.persistent or 0
    if at is None or 0 <= seconds <= LONGEST_SECONDS:
        return
    shown = _shown(virtual, "persistent", seconds)
    if seconds < 0:
        message = f"`persistent` is {shown}, and a negative number of seconds means no persistence."
    else:
        message = (
            f"`persistent` is {shown}, over 2678400 seconds (31 days): ipvsadm refuses this virtual "
            "server. Its real servers get neither traffic nor checks, while the VIP is up."
        )
        if len(str(seconds)) >= BUFFER:
            message += " So many digits also overflow a buffer in lvsd, which may crash."
    yield Problem(
        at=at,
        message=message,
        help="Write seconds, such as `persistent = 300`, or leave the line out.",
    )


def _server_ports(case: Case, virtual: VirtualServer) -> Iterator[Problem]:
    for server in case.servers(virtual):
        at, port = places.value_of(server, "port"), server.port or 0
        if at is None or 0 <= port <= LARGEST_PORT:
            continue
        shown = _shown(server, "port", port)
        if port == INHERITED_PORT:
            yield Problem(
                at=at,
                message=f"`port` is {shown}, which nanny takes for the virtual server's port, "
                f"{virtual.port}.",
                help=f"Write `port = {virtual.port}`, or leave the line out.",
                severity=Severity.WARNING,
            )
            continue
        yield Problem(
            at=at,
            message=f"`port` is {shown}, outside 0 to 65535: nanny checks port "
            f"{port % (LARGEST_PORT + 1)}, and if that answers, ipvsadm refuses the server, {cascade(case)}.",
            help="Write the port of the real server, up to 65535.",
        )


def _failover_ports(case: Case) -> Iterator[Problem]:
    for service in case.failover_services:
        at, port = places.value_of(service, "port"), service.port or 0
        if at is None or 0 <= port <= LARGEST_PORT:
            continue
        what = f"the partner checks port {port % (LARGEST_PORT + 1)} instead"
        if len(str(port)) >= BUFFER:
            what = "so many characters overflow a buffer in fos, which may crash"
        yield Problem(
            at=at,
            message=f"`port` is {_shown(service, 'port', port)}, outside 0 to 65535: {what}.",
            help="Write the port of the service, up to 65535.",
        )


@rule("LVS106", "fwmark-out-of-range", Severity.ERROR, also=(Severity.WARNING,))
def fwmark_out_of_range(case: Case) -> Iterator[Problem]:
    """A firewall mark that ipvsadm refuses, or that is none.

    What:
        An active virtual server has a `fwmark` that is negative or over 2147483647.  A warning for
        0, which means "no mark".

    Why:
        lvsd writes the mark as a signed number, and ipvsadm refuses a negative one: the virtual
        server is not set up, and its real servers are not checked, while its VIP is up.  With mark
        0 it is an ordinary service for its VIP, port and protocol.

    Example:
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
        -     fwmark = 4000000000
        +     fwmark = 80
          }
    """
    for virtual in case.virtual_servers:
        mark, at = virtual.fwmark or 0, places.value_of(virtual, "fwmark")
        if at is None or 0 < mark <= LARGEST_MARK:
            continue
        if mark:
            signed = mark - 2**32
            yield Problem(
                at=at,
                message=f"lvsd hands mark {_shown(virtual, 'fwmark', mark)} to ipvsadm as {signed}, "
                "and ipvsadm refuses it: the virtual server gets neither traffic nor checks, while "
                "its VIP is up.",
                help="Use a mark from 1 to 2147483647, here and in the routers' firewall rules.",
            )
        else:
            service = f"port {virtual.port}/{virtual.protocol} of its VIP"
            yield Problem(
                at=at,
                message=f"Mark {_shown(virtual, 'fwmark', mark)} is no mark: this is an ordinary "
                f"virtual server for {service}.",
                help="Write the mark that the routers' firewalls set, or leave the line out.",
                severity=Severity.WARNING,
            )


@rule("LVS110", "service-name-port", Severity.INFO)
def service_name_port(case: Case) -> Iterator[Problem]:
    """A port that is given by name.

    What:
        `port` of a virtual server or failover service, or `heartbeat_port`, is a service name.

    Why:
        Each router looks the name up in its own /etc/services whenever Piranha reads the file: the
        number depends on that table, and a router whose table lacks the name refuses the file.  The
        name is looked up as a TCP service, even for UDP.

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
        yield Problem(
            at=places.value(line),
            message=f"The number of {quoted(word.text)} is up to /etc/services of each router; it "
            f"usually is {line.value}. A router that does not know the name refuses the file."
            + (" It is looked up as a TCP service, although this port is UDP." if udp else ""),
            help=f"Write the number, `{line.name} = {line.value}`.",
        )


def _shown(owner: Owner, name: str, held: int) -> str:
    """A number as Piranha holds it, and as it was written where that is another."""
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
