"""`lvscf trace`: follow a packet through the firewall rules of a host."""

import re
from argparse import ArgumentParser, Namespace
from typing import get_args

from lvscf.cli import terminal
from lvscf.cli.arguments import add_colour
from lvscf.cli.errors import CommandError
from lvscf.files import inputs
from lvscf.files.file_kinds import RULES, kind_of
from lvscf.firewall import Firewall, Packet, parse
from lvscf.firewall.packets import State, Way
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
        "shown."
    )
    command.epilog = (
        "examples:\n"
        "  lvscf trace lvs-d01/iptables --to 10.10.1.20:80/tcp --in eth0\n"
        "  lvscf trace lvs-d01/iptables --to 10.10.1.31:80 --from-host --state UNTRACKED\n"
        "  lvscf trace lvs-d01/iptables --from 10.11.0.31:80 --to 192.0.2.7 --out eth0 --reply"
    )
    command.add_argument(
        "firewall", metavar="FIREWALL",
        help="saved iptables or nftables rules, or a script of iptables lines; - is standard input",
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
    firewall = _firewall(options.firewall)
    way: Way = "output" if options.from_host else "forward" if options.outgoing else "input"
    turn: Turn = options.turn
    outcomes = firewall.trace(
        packet, local, established=turn == "later", answering=turn == "reply", way=way
    )
    route = Route(firewall, packet, local, outcomes, way, turn)
    if options.format == "json":
        from lvscf.report import trace_json

        terminal.write(trace_json.render(route))
        return 0
    from lvscf.report import trace_text

    terminal.write_aside(concise.lines(firewall.findings))
    page = terminal.page(options.color)
    trace_text.render(route, page)
    terminal.write(page.text)
    return 0


def _firewall(path: str) -> Firewall:
    firewall = parse(inputs.read(path, "firewall file"), "<stdin>" if path == "-" else path)
    if firewall.kind == "arptables":
        raise CommandError(
            f"{displayable(path)} contains arptables rules, which only apply to ARP; give "
            "the host's iptables or nftables rules"
        )
    readable = firewall.tables or firewall.kind == "nftables"
    kind = None if readable else kind_of(firewall.source.text)
    if kind is not None and kind.name != RULES:
        raise CommandError(f"{displayable(path)} {kind.predicate}; {kind.as_evidence}")
    if firewall.kind != "nftables" and not firewall.tables and not firewall.findings:
        raise CommandError(f"{displayable(path)} contains no iptables or nftables rules")
    return firewall


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
