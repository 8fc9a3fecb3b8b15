"""The commands of iptables and nft that fix what a rule found."""

from collections.abc import Iterable
from typing import Literal

from lvscf.firewall.firewall import Firewall
from lvscf.firewall.language.values import MOST_MULTIPORT_SLOTS
from lvscf.firewall.model import Rule
from lvscf.firewall.tracing.hooks import base_chains
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
    table: str,
    how: str,
    protocol: str,
    address: str,
    ports: Iterable[PortRange],
    target: str,
    firewall: Firewall | None = None,
) -> str:
    """The commands for some ports of an address, each in backquotes.

    Args:
        table: the table; `filter` is left out, being the default.
        how: `-A CHAIN` or `-I CHAIN`.
        protocol: `tcp` or `udp`.
        address: the destination, as written in the command.
        ports: the destination ports.
        target: what follows `-j`.
        firewall: the host's packet filter: if it is of nftables, the command is for a base chain
            that does the same work.
    """
    operation, _, chain = how.partition(" ")
    before: tuple[str, ...] = ()
    if firewall is not None and firewall.kind == "nftables" and not is_nftables(table):
        table, chain, before = _nft_place(firewall, table, chain)
    if is_nftables(table):
        command = _nft_command((table, chain), operation, protocol, address, tuple(ports), target)
        return " and ".join((*before, command))
    named = "" if table == "filter" else f" -t {table}"
    begin = f"iptables{named} {how} -p {protocol} -d {address}"
    commands = [f"`{begin} {match} -j {target}`" for match in _port_matches(tuple(ports))]
    return " and ".join(commands)


def is_nftables(table: str) -> bool:
    """Whether a table is one of nftables, whose name begins with its family."""
    return " " in table


_NEW_TABLE = "ip lvs"


def _nft_place(firewall: Firewall, table: str, chain: str) -> tuple[str, str, tuple[str, ...]]:
    """A table and base chain of nft that do the work of one of iptables, and what makes them."""
    hook = chain.lower()
    is_nat = table == "nat"
    for base in base_chains(firewall.tables).get(hook, ()):
        if base.is_nat is is_nat and base.table.partition(" ")[0] in ("ip", "inet"):
            return base.table, base.chain, ()
    priority = {"nat": "dstnat"}.get(table, table)
    kind = "nat" if is_nat else "filter"
    place = f"{{ type {kind} hook {hook} priority {priority}; }}"
    made = f"`nft add table {_NEW_TABLE}`", f"`nft add chain {_NEW_TABLE} {hook} '{place}'`"
    return _NEW_TABLE, hook, made


_NFT_TARGETS = {"MARK --set-mark": "meta mark set", "REDIRECT --to-ports": "redirect to"}


def _nft_command(
    place: tuple[str, str],
    operation: str,
    protocol: str,
    address: str,
    ports: tuple[PortRange, ...],
    target: str,
) -> str:
    verb = "insert" if operation == "-I" else "add"
    listed_ports = [port_text(port).replace(":", "-") for port in ports]
    condition = f"ip daddr {address.removesuffix('/32')} {protocol} dport {_nft_set(listed_ports)}"
    name, _, value = target.rpartition(" ")
    action = f"{_NFT_TARGETS[name]} {value}" if name in _NFT_TARGETS else target.lower()
    if action.startswith("redirect to "):
        action = action.replace("redirect to ", "redirect to :")
    return f"`nft {verb} rule {' '.join(place)} {condition} {action}`"


def _nft_set(values: list[str]) -> str:
    return values[0] if len(values) == 1 else f"{{ {', '.join(values)} }}"


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
    if is_nftables(table):
        return f"`nft insert rule {table} {chain} {_in_nft(match)} accept`"
    named = "" if table == "filter" else f" -t {table}"
    return f"`iptables{named} -I {chain} {match} -j ACCEPT`"


def _in_nft(match: str) -> str:
    """The options of iptables that `accepting` is given, in nft's words."""
    words = match.split()
    given = dict(zip(words[::2], words[1::2], strict=True))
    protocol = given.get("-p", "")
    found = []
    for name, value in given.items():
        values = _nft_set(value.replace(":", "-").split(","))
        match name:
            case "-i":
                found.append(f'iifname "{value}"')
            case "-s" | "-d":
                found.append(f"ip {name[1]}addr {values}")
            case "--state":
                found.append(f"ct state {value.lower()}")
            case "--dport" | "--sport" | "--dports" | "--sports":
                found.append(f"{protocol} {name[2:7]} {values}")
    if not any(name.endswith(("port", "ports")) for name in given):
        found.append(f"meta l4proto {protocol}")
    return " ".join(found)


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
    if is_nftables(rule.table):
        chain = f"{rule.table} {rule.chain}"
        return f"`nft delete rule {chain} handle N` (`nft -a list chain {chain}` shows its number)"
    named = "" if rule.table == "filter" else f" -t {rule.table}"
    return f"`iptables{named} -D {rule.chain} {rule.specification}`"
