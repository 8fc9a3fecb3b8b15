"""Remedies: the commands of findings, for the host and for the place in its chain where they work.

The help of a finding names a command that is right for any host of the kind.  These are for this
host: a rule goes right before the one that decides the packets now, so that nothing else changes.
"""

from collections.abc import Iterable, Iterator
from shlex import quote
from typing import TYPE_CHECKING, Literal

from lvscf.config.model import RealServer
from lvscf.findings.command import Command
from lvscf.firewall.firewall import Firewall
from lvscf.firewall.model import Rule
from lvscf.firewall.packets import Outcome
from lvscf.firewall.saved_words import saved_words
from lvscf.linter.case import Case
from lvscf.linter.hosts import iptables_commands
from lvscf.linter.hosts.inspection import inspection_of
from lvscf.linter.hosts.rulebook import PortRange
from lvscf.linter.hosts.traffic import DROPPING

if TYPE_CHECKING:
    from lvscf.hosts.host import Host
    from lvscf.linter.hosts.traffic import Router


def on_host(host: "Host", *texts: str) -> tuple[Command, ...]:
    """Commands for a host."""
    assert host.role is not None
    return tuple(Command(host.role, host.name, text) for text in texts)


def on_server(case: Case, server: RealServer, *texts: str) -> tuple[Command, ...]:
    """Commands for a real server; none if no file of it was given."""
    cluster = case.cluster
    host = cluster.real_server(server.name, server.address or "") if cluster is not None else None
    return on_host(host, *texts) if host is not None else ()


def on_router(router: "Router", *texts: str) -> tuple[Command, ...]:
    """Commands for a router, or for each of several that share their rules."""
    hosts = {host.name: host for host in router.hosts}
    return tuple(command for host in hosts.values() for command in on_host(host, *texts))


def setting(name: str, value: int) -> str:
    """The command that gives a kernel setting a value."""
    return f"sysctl -w {quote(f'{name}={value}')}"


def commands_in(text: str) -> tuple[str, ...]:
    """The commands of a text that has them in backquotes."""
    return tuple(part for part in text.split("`")[1::2] if " -" in part)


def with_place(case: Case, text: str, deciding: Rule | None) -> tuple[str, ...]:
    """Commands in backquotes, with their rules right before the one that decides the packets now.

    Args:
        case: the case.
        text: commands that append to a chain or insert into it.
        deciding: the rule; None to leave the commands as they are.
    """
    commands = commands_in(text)
    if deciding is None:
        return commands
    return tuple(_placed(case, one, deciding) for one in commands)


def _placed(case: Case, command: str, deciding: Rule) -> str:
    words = command.split(" ")
    at = next(at for at, word in enumerate(words) if word in ("-A", "-I"))
    where = before(case, deciding).split(" ")
    return " ".join([*words[:at], *where, *words[at + 2 :]])


def before(case: Case, deciding: Rule) -> str:
    """How to put a rule before another one: `-I CHAIN N`, or `-I CHAIN` if N is not known."""
    number = case.once(_positions).get(id(deciding), 1)
    chain = quote(deciding.chain)
    return f"-I {chain} {number}" if number > 1 else f"-I {chain}"


def accepting(case: Case, outcome: Outcome, match: str) -> str:
    """The command that accepts packets where they are dropped.

    Args:
        case: the case.
        outcome: what happens to the packets.
        match: what they have in common, such as `-p tcp -d 10.10.1.20 --dport 80`.
    """
    table, chain = outcome.decided_in
    deciding = outcome.decided_by or _returning(outcome)
    named = "" if table == "filter" else f" -t {table}"
    where = f"-A {chain}" if deciding is None else before(case, deciding)
    return f"iptables{named} {where} {match} -j ACCEPT"


def _returning(outcome: Outcome) -> Rule | None:
    """The rule that ends the chain before its policy, if one does."""
    table, chain = outcome.decided_in
    found = (
        rule
        for rule in outcome.path
        if (rule.table, rule.chain) == (table, chain)
        and rule.target is not None
        and rule.target.name == "RETURN"
    )
    return next(found, None)


def _positions(case: Case) -> dict[int, int]:
    """The number of each rule in its chain, by its id; without those of scripts with branches."""
    return {
        id(rule): number
        for firewall in _firewalls(case)
        if not firewall.is_open
        for table in firewall.tables.values()
        for chain in table.chains.values()
        for number, rule in enumerate(chain.rules, 1)
    }


def _firewalls(case: Case) -> Iterable[Firewall]:
    def every() -> Iterator[Firewall]:
        inspection = inspection_of(case)
        yield from (one.firewall for one in inspection.routers)
        for host in inspection.real_hosts:
            yield from (book.firewall for book in host.rulebooks)
        if case.cluster is not None:
            for file in case.cluster.files:
                yield from file.firewalls

    return dict.fromkeys(every())


# --- marks ---------------------------------------------------------------------------------------


def marking(
    case: Case,
    outcome: Outcome,
    protocol: str,
    address: str,
    ports: Iterable[PortRange],
    mark: int,
) -> tuple[str, ...]:
    """The commands that give packets their mark, where nothing keeps them from it or changes it.

    Args:
        case: the case.
        outcome: what happens to the packets now.
        protocol: `tcp` or `udp`.
        address: the VIP.
        ports: its ports.
        mark: the mark.
    """
    several = tuple(ports)
    met = _before_input(outcome)
    texts: list[str] = []
    deciding = outcome.decided_by
    table, chain = outcome.decided_in
    is_dropped = not outcome.accepted and chain == "PREROUTING" and deciding is not None
    if is_dropped:
        accepting = iptables_commands.for_ports(
            table, "-A PREROUTING", protocol, f"{address}/32", several, "ACCEPT"
        )
        texts += with_place(case, accepting, deciding)
        if table != "mangle":
            return tuple(texts)
    last = met[-1] if met else None
    decides = last is not None and last.target is not None and last.target.name in _DECIDING
    command = iptables_commands.for_ports(
        "mangle", "-A PREROUTING", protocol, f"{address}/32", several, f"MARK --set-mark {mark}"
    )
    return (*texts, *with_place(case, command, last if decides else None))


_DECIDING = ("ACCEPT", "RETURN", *DROPPING)
"""Targets with which a packet leaves a chain."""


def _before_input(outcome: Outcome) -> list[Rule]:
    """The rules of table mangle that a packet met before INPUT."""
    met = []
    for rule in outcome.path:
        if rule.chain == "INPUT":
            break
        if rule.table == "mangle":
            met.append(rule)
    return met


def changes_mark_late(outcome: Outcome, rule: Rule) -> bool:
    """Whether a rule changes the mark of packets in INPUT, behind all that is put in PREROUTING."""
    return all(one is not rule for one in _before_input(outcome))


def removing(rule: Rule) -> tuple[str, ...]:
    """The command that removes a rule."""
    return (_command(rule, "-D", rule.specification),)


def _command(rule: Rule, how: str, specification: str) -> str:
    """A command for the chain of a rule, whose words a shell reads as they are."""
    named = "" if rule.table == "filter" else f" -t {rule.table}"
    words = saved_words(specification, 0, len(specification))
    return f"{rule.family}{named} {how} {' '.join(map(quote, (rule.chain, *words)))}"


def replacing(case: Case, old: Rule, *new: str) -> tuple[str, ...]:
    """The commands that put rules, written with `-A CHAIN`, in the place of another one."""
    placed = tuple(_placed(case, one, old) for one in new)
    return (*reversed(placed), *removing(old))


def with_target(rule: Rule, target: str) -> str:
    """The command that appends a rule like another one, but with another target."""
    parts = [*map(str, rule.general), *map(str, rule.matches)]
    return _command(rule, "-A", " ".join([*parts, "-j", target]))


# --- lost legs -----------------------------------------------------------------------------------

Peer = tuple[str, str, PortRange | None]
"""Protocol, address and ports of one end of packets; None for packets without ports."""


def single(port: int | None) -> PortRange | None:
    """A port as a range; None if there is none."""
    return (port, port) if port else None


def matches(side: Literal["source", "destination"], peers: Iterable[Peer]) -> list[str]:
    """What packets from or to some addresses have in common, as rules match it.

    Each address has its own, because iptables of RHEL 5 takes no lists of addresses.
    """
    ports: dict[tuple[str, str], set[PortRange]] = {}
    for protocol, address, port in peers:
        found = ports.setdefault((protocol, address), set())
        if port is not None:
            found.add(port)
    option = "-s" if side == "source" else "-d"
    made: list[str] = []
    for (protocol, address), several in ports.items():
        if not several:
            made.append(f"-p {protocol} {option} {address}")
            continue
        for match in iptables_commands.matching(protocol, address, sorted(several)):
            if side == "source":
                match = match.replace(" -d ", " -s ").replace("--dport", "--sport")
            made.append(match)
    return made


# --- real servers that hold a VIP ----------------------------------------------------------------


def hiding() -> tuple[str, ...]:
    """The commands of the kernel settings that hide a VIP on `lo`."""
    return (
        setting("net.ipv4.conf.all.arp_ignore", 1),
        setting("net.ipv4.conf.all.arp_announce", 2),
    )
