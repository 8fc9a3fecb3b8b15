"""The `iptables` commands that fix what a rule found."""

from collections.abc import Iterable
from typing import Literal

from lvscf.firewall.language.values import MOST_MULTIPORT_SLOTS
from lvscf.firewall.model import Rule
from lvscf.linter.hosts.rulebook import PortRange


def port_text(port: PortRange) -> str:
    """A port or a range as iptables writes it."""
    low, high = port
    return str(low) if low == high else f"{low}:{high}"


def listed(ports: Iterable[PortRange]) -> str:
    """Ports in a sentence: `port 80`, `ports 80, 443 and 10000:20000`."""
    *most, last = [port_text(port) for port in ports]
    if most:
        return f"ports {', '.join(most)} and {last}"
    return f"ports {last}" if ":" in last else f"port {last}"


def for_ports(
    table: str, how: str, protocol: str, address: str, ports: Iterable[PortRange], target: str
) -> str:
    """The commands for some ports of an address, each in backquotes.

    Args:
        table: the table; `filter` is left out, being the default.
        how: `-A CHAIN` or `-I CHAIN`.
        protocol: `tcp` or `udp`.
        address: the destination, as written in the command.
        ports: the destination ports.
        target: what follows `-j`.
    """
    named = "" if table == "filter" else f" -t {table}"
    begin = f"iptables{named} {how} -p {protocol} -d {address}"
    commands = [f"`{begin} {match} -j {target}`" for match in _port_matches(tuple(ports))]
    return " and ".join(commands)


def matching(protocol: str, address: str, ports: Iterable[PortRange]) -> list[str]:
    """The matches of packets to some ports of an address, as many as it takes."""
    return [f"-p {protocol} -d {address} {one}" for one in _port_matches(tuple(ports))]


def accepting(rule_place: tuple[str, str], match: str) -> str:
    """The command that accepts packets before any other rule of a chain, in backquotes.

    Args:
        rule_place: table and chain.
        match: what the packets have in common, such as `-p tcp -d 10.10.1.20 --dport 80`.
    """
    table, chain = rule_place
    named = "" if table == "filter" else f" -t {table}"
    return f"`iptables{named} -I {chain} {match} -j ACCEPT`"


def ports_option(ports: Iterable[PortRange], side: Literal["--dport", "--sport"]) -> str:
    """The options that match some ports: `--dport 80`, or `-m multiport --dports 80,443`.

    Of more ports than one rule can name, it names the first.
    """
    matches = _port_matches(tuple(ports))
    return matches[0] if side == "--dport" else matches[0].replace("--dport", "--sport")


def _port_matches(ports: tuple[PortRange, ...]) -> list[str]:
    if len(ports) == 1:
        return [f"--dport {port_text(ports[0])}"]
    groups: list[list[str]] = [[]]
    room = MOST_MULTIPORT_SLOTS
    for port in ports:
        cost = 1 if port[0] == port[1] else 2
        if cost > room:
            groups.append([])
            room = MOST_MULTIPORT_SLOTS
        groups[-1].append(port_text(port))
        room -= cost
    return [f"-m multiport --dports {','.join(group)}" for group in groups]


def removal(rule: Rule) -> str:
    """The command that removes a rule, in backquotes."""
    named = "" if rule.table == "filter" else f" -t {rule.table}"
    return f"`iptables{named} -D {rule.chain} {rule.specification}`"
