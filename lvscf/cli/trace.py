"""`lvscf trace`: follow a packet through the firewall rules of a host."""

import re
from argparse import ArgumentParser, Namespace
from typing import get_args

from attrs import evolve

from lvscf.cli import terminal
from lvscf.cli.arguments import add_colour
from lvscf.cli.errors import CommandError
from lvscf.files import one_host
from lvscf.files.file_kinds import RULES, kind_of
from lvscf.firewall import Firewall, Packet
from lvscf.firewall.firewall import together
from lvscf.firewall.packets import State, Way
from lvscf.hosts.discards import discards, forwarding_off
from lvscf.hosts.host import Host
from lvscf.hosts.routing import way_to
from lvscf.report import concise
from lvscf.report.route import Route, Turn
from lvscf.source import displayable, quoted

_TO = re.compile(r"([^:/]*)(?::([^:/]*))?(?:/([^:/]*))?")
_FROM = re.compile(r"([^:/]*)(?::([^:/]*))?")


def arguments(command: ArgumentParser) -> None:
    """Add the command's arguments."""
    command.description = (
        "Follow a packet through the saved firewall rules of a host, as its kernel would: through "
        "PREROUTING and INPUT by default, through FORWARD with --out, through OUTPUT with "
        "--from-host. If the result depends on something that was not given, all possible ways are "
        "shown. The host's addresses, routes and kernel settings narrow them down."
    )
    command.epilog = (
        "examples:\n"
        "  lvscf trace lvs-d01/iptables --to 10.10.1.20:80/tcp --in eth0\n"
        "  lvscf trace lvs-d01/ --to 10.10.1.31:80 --from-host --state UNTRACKED\n"
        "  lvscf trace lvs-d01/iptables --from 10.11.0.31:80 --to 192.0.2.7 --out eth0 --reply"
    )
    command.add_argument(
        "files", nargs="+", metavar="FILE",
        help="files of one host: saved iptables rules, or a script of iptables lines, and perhaps "
        "the output of `ip addr`, `ip route` and `sysctl -a`; a directory means all files in it; "
        "- is standard input",
    )  # fmt: skip
    command.add_argument(
        "--to", required=True, metavar="ADDR[:PORT][/PROTOCOL]",
        help="the packet's destination (default protocol: tcp)",
    )  # fmt: skip
    command.add_argument("--from", dest="origin", metavar="ADDR[:PORT]", help="its source")
    command.add_argument(
        "--in", dest="interface", metavar="INTERFACE", help="the interface that it arrives on"
    )
    command.add_argument(
        "--out", dest="outgoing", metavar="INTERFACE",
        help="the interface that it leaves by; without --from-host, it is forwarded",
    )  # fmt: skip
    command.add_argument(
        "--from-host", action="store_true", help="the host sends it, or IPVS sends it on"
    )
    command.add_argument(
        "--local",
        metavar="ADDR",
        help="that interface's own address, which REDIRECT and MASQUERADE use",
    )
    turn = command.add_mutually_exclusive_group()
    turn.add_argument(
        "--established", action="store_const", dest="turn", const="later", default="first",
        help="follow a later packet of the connection that the packet opens",
    )  # fmt: skip
    turn.add_argument(
        "--reply", action="store_const", dest="turn", const="reply",
        help="the packet is a reply: its receiver opened the connection",
    )  # fmt: skip
    turn.add_argument(
        "--state", choices=get_args(State),
        help="what connection tracking says of the packet, such as INVALID",
    )  # fmt: skip
    command.add_argument(
        "--format", choices=("full", "json"), default="full",
        help="output format (default: full)",
    )  # fmt: skip
    add_colour(command)


def run(options: Namespace) -> int:
    """Print the way of a packet; returns the exit status.

    Raises:
        CommandError: the packet or the firewall file is not valid.
    """
    packet = _packet(options)
    local = options.local
    if local is not None and _asked(local, None) is None:
        raise CommandError(
            f"--local {quoted(local)} is not an IPv4 address; write it as 10.10.1.21"
        )
    if options.files.count("-") > 1:
        raise CommandError("standard input can be read only once; name files instead")
    host, errors = one_host.read(options.files)
    for error in errors:
        terminal.complain(error)
    firewall = _firewall(host)
    way: Way = "output" if options.from_host else "forward" if options.outgoing else "input"
    if way == "output" and packet.outgoing is None:
        packet = evolve(packet, outgoing=_device_towards(host, packet.destination))
    if local is None:
        local = _address_on(host, packet.interface if way == "input" else packet.outgoing)
    turn: Turn = options.turn
    outcomes = firewall.trace(
        packet,
        local,
        established=turn == "later",
        answering=turn == "reply",
        own_addresses=host.own_addresses,
        way=way,
    )
    route = Route(
        firewall,
        packet,
        local,
        outcomes,
        way,
        turn,
        tuple(discards(host, packet, way)),
        tuple(forwarding_off(host)),
        _is_foreign(host, packet, way),
    )
    if options.format == "json":
        from lvscf.report import trace_json

        terminal.write(trace_json.render(route))
        return 2 if errors else 0
    from lvscf.report import trace_text

    terminal.write_aside(concise.lines(firewall.findings))
    page = terminal.page(options.color)
    trace_text.render(route, page)
    terminal.write(page.text)
    return 2 if errors else 0


def _firewall(host: Host) -> Firewall:
    """The packet filter of a host.

    Raises:
        CommandError: the files do not show it, or show it twice.
    """
    name = displayable(host.sources[0].filename)
    firewalls = together(host.firewalls)
    if not firewalls and host.arp_filters:
        raise CommandError(
            f"{displayable(host.arp_filters[0].source.filename)} contains arptables rules, which "
            "only apply to ARP; give the host's iptables rules"
        )
    if not firewalls:
        kind = kind_of(host.sources[0].text)
        if len(host.sources) == 1 and kind is not None and kind.name != RULES:
            raise CommandError(f"{name} {kind.predicate}; {kind.as_evidence}")
        others = ", nor do the other files" if len(host.sources) > 1 else ""
        raise CommandError(
            f"{name} contains no iptables rules{others}; save them on the host with "
            "`iptables-save > FILE`"
        )
    if len(firewalls) > 1:
        first, second = (displayable(one.source.filename) for one in firewalls[:2])
        raise CommandError(
            f"{first} and {second} hold rules of the same table; give only one of them"
        )
    (firewall,) = firewalls
    if not firewall.tables and not firewall.findings and len(host.sources) == 1:
        raise CommandError(f"{name} contains no iptables rules")
    return firewall


def _device_towards(host: Host, destination: str | None) -> str | None:
    """The device by which the host's packets to an address leave, if its routes show it."""
    way = way_to(host, destination) if destination is not None else None
    if way is None or not way.certain:
        return None
    devices = {"lo" if route.kind == "local" else route.device for route in way.routes}
    return devices.pop() if len(devices) == 1 else None


def _address_on(host: Host, interface: str | None) -> str | None:
    """The address that REDIRECT and MASQUERADE use on a device: its first one."""
    if interface is None or "addresses" not in host.complete:
        return None
    return next((one.address for one in host.present_addresses if one.device == interface), None)


def _is_foreign(host: Host, packet: Packet, way: Way) -> bool:
    """Whether a packet that is assumed to be for the host is for another address."""
    address = packet.destination
    return way == "input" and address is not None and host.has_address(address) is False


def _packet(options: Namespace) -> Packet:
    found = _TO.fullmatch(options.to)
    packet = _asked(found[1], found[2], found[3] or "tcp") if found else None
    if packet is None or (found and found[3] == ""):
        raise CommandError(
            f"--to {quoted(options.to)} is not a valid destination; write it as 10.10.1.20:80/tcp"
        )
    origin = _FROM.fullmatch(options.origin) if options.origin is not None else None
    source = _asked(origin[1], origin[2]) if origin else None
    if options.origin is not None and source is None:
        raise CommandError(
            f"--from {quoted(options.origin)} is not a valid source; write it as 192.0.2.7, or "
            "with its port as 192.0.2.7:40000"
        )
    if options.from_host and options.interface is not None:
        raise CommandError(
            "a packet that the host sends arrives on no interface; leave out --in, or --from-host"
        )
    for option, name, does in (
        ("--in", options.interface, "arrive on"), ("--out", options.outgoing, "leave by")
    ):  # fmt: skip
        if name is not None and ":" in name:
            raise CommandError(
                f"{option} {quoted(name)} is an alias; packets {does} the device itself, "
                f"{quoted(name.partition(':')[0])}"
            )
    return Packet(
        packet.protocol,
        packet.destination,
        packet.port,
        source=source.destination if source else None,
        interface=options.interface,
        source_port=source.port if source else None,
        state=options.state,
        outgoing=options.outgoing,
    )


def _asked(address: str, port: str | None, protocol: str = "tcp") -> Packet | None:
    """A packet to an address and port as typed; None if they are not valid."""
    if port is not None and not (port.isascii() and port.isdecimal() and len(port) <= 5):
        return None
    try:
        return Packet(protocol, address, None if port is None else int(port))
    except ValueError:
        return None
