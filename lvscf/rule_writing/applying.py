"""A cluster as it is after some commands were run on its hosts, without running anything.

The commands are those of findings: one rule of iptables or arptables, a kernel setting, an address
or a default route.  What cannot be applied leaves the cluster as it is, so whoever lints it then
finds what is still wrong.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from shlex import join, quote, split

from attrs import evolve

from lvscf.cluster import Cluster
from lvscf.config.model import Config
from lvscf.findings.command import Command
from lvscf.firewall.firewall import Firewall
from lvscf.firewall.model import Chain, Rule, Table
from lvscf.firewall.reader import parse
from lvscf.firewall.saved_words import saved_words
from lvscf.hosts.facts import Address, KernelSetting, Route
from lvscf.hosts.host import Host, of_firewall
from lvscf.hosts.kernel_settings import KernelSettings
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared import ipv4
from lvscf.shared.records import evolved, record

_SETTING = re.compile(r"sysctl -w ([^=\s]+)=(\S+)")
_ADDRESS = re.compile(r"ip addr (add|del) ([0-9.]+)/(\d+) dev (\S+)")
_ROUTE = re.compile(r"ip route replace default via ([0-9.]+)")
_NEW_CHAINS = {"IN": "INPUT", "OUT": "OUTPUT"}
"""The chains of arptables_jf, under the names that they have in a `Firewall`."""
_MADE_FROM = "(command)"


@record
class RuleEdit:
    """A command that adds a rule to a chain or removes one."""

    family: str
    """`iptables` or `arptables`."""
    table: str
    action: str
    """`A` (append), `I` (insert) or `D` (delete)."""
    chain: str
    number: int
    """Where to insert, from 1."""
    words: tuple[str, ...]
    """The rule's matches and target."""

    @property
    def specification(self) -> str:
        """The rule as a shell reads it."""
        return join(self.words)


def rule_edit(text: str) -> RuleEdit | None:
    """A command of iptables or arptables; None for another command."""
    try:
        words = split(text)
    except ValueError:  # a quote is not closed
        return None
    if len(words) < _FEWEST_WORDS or words[0] not in ("iptables", "arptables"):
        return None
    family, table = words.pop(0), "filter"
    if words[0] == "-t":
        table = words[1]
        del words[:2]
    if len(words) < 2 or words[0] not in ("-A", "-I", "-D"):
        return None
    action, chain = words[0][1], words[1]
    del words[:2]
    number = 1
    if action == "I" and words and words[0].isdecimal():
        number = int(words.pop(0))
    if family == "arptables":
        chain = _NEW_CHAINS.get(chain, chain)
    return RuleEdit(family, table, action, chain, number, tuple(words))


_FEWEST_WORDS = 4


def applied(cluster: Cluster, config: Config, commands: Iterable[Command]) -> Cluster:
    """The cluster after the commands were run, in this order.

    Args:
        cluster: what is known of the hosts.
        config: the values of the lvs.cf, which say what the hosts are called.
        commands: the commands.
    """
    files = list(cluster.files)
    for command in commands:
        _apply(files, command, _names(config, command))
    return Cluster(tuple(files))


def is_in_force(cluster: Cluster, config: Config, command: Command) -> bool:
    """Whether a command changes nothing: a setting has its value, or a rule is not there."""
    hosts = hosts_of(cluster, config, command)
    found = _SETTING.fullmatch(command.text)
    if found is not None:
        return {host.settings.value(found[1]) for host in hosts} - {None} == {found[2]}
    edit = rule_edit(command.text)
    if edit is None or edit.action != "D":
        return False
    return not any(_has(firewall, edit) for host in hosts for firewall in host.firewalls)


def _has(firewall: Firewall, edit: RuleEdit) -> bool:
    for tables in (firewall.tables, *(state.tables for state in firewall.states)):
        table = tables.get(edit.table)
        chain = table.chains.get(edit.chain) if table is not None else None
        if chain is not None and any(_words(rule) == edit.words for rule in chain.rules):
            return True
    return False


def hosts_of(cluster: Cluster, config: Config, command: Command) -> tuple[Host, ...]:
    """What is known of a command's host, by each of its names."""
    names = _names(config, command)
    return tuple(host for host in cluster.hosts if host.role == command.role and host.name in names)


def _names(config: Config, command: Command) -> frozenset[str | None]:
    """All names that a command's host goes by."""
    name = command.host
    if name is None:
        return frozenset((None,))
    names: set[str | None] = {name}
    if command.role == "router":
        for pair in (
            (config.primary, config.primary_private),
            (config.backup, config.backup_private),
        ):
            if name in pair:
                names.update(pair)
        names.add(None)
    else:
        for virtual in config.virtual_servers:
            for server in virtual.servers:
                if name in (server.name, server.address):
                    names.update((server.name, server.address))
    return frozenset(names - {UNSET_ADDRESS})


def _apply(files: list[Host], command: Command, names: frozenset[str | None]) -> None:
    """Run a command on the files of its host."""
    at = [
        number
        for number, file in enumerate(files)
        if file.role == command.role and file.name in names
    ]
    if not at:
        return
    edit = rule_edit(command.text)
    if edit is not None:
        _edit(files, at, edit)
        return
    for pattern, change in _CHANGES.items():
        found = pattern.fullmatch(command.text)
        if found is not None:
            for number in at:
                files[number] = change(files[number], found)


# --- rules ---------------------------------------------------------------------------------------


def _edit(files: list[Host], at: list[int], edit: RuleEdit) -> None:
    if edit.family == "arptables":
        concerned = [number for number in at if files[number].arp_filters]
        if not concerned:
            made = parse(f"arptables {_appending(edit)}\n", _MADE_FROM)
            files.append(evolve(of_firewall(made), role=files[at[0]].role, name=files[at[0]].name))
            return
    else:
        concerned = [number for number in at if files[number].firewalls]
    firewalls = [one for number in concerned for one in files[number].firewalls]
    tables = [name for one in firewalls for name in one.tables]
    # Files with the same tables are copies of the host's rules, others are parts of them.
    are_copies = len(set(tables)) < len(tables)
    makes_table = edit.family == "iptables" and (are_copies or edit.table not in tables)
    for number in concerned:
        file = files[number]
        changed = []
        for firewall in file.firewalls:
            changed.append(_edited(firewall, edit, creates=makes_table))
            makes_table = makes_table and are_copies
        by_old = dict(zip(file.firewalls, changed, strict=True))
        arp = tuple(
            by_old[one] if one in by_old else _edited(one, edit, creates=False)
            for one in file.arp_filters
        )
        files[number] = evolve(file, firewalls=tuple(changed), arp_filters=arp)


def _appending(edit: RuleEdit) -> str:
    table = "" if edit.family == "arptables" else f"-t {edit.table} "
    return f"{table}-A {quote(edit.chain)} {edit.specification}"


def _edited(firewall: Firewall, edit: RuleEdit, *, creates: bool) -> Firewall:
    """A firewall after an edit, in all states that its script may leave."""
    made = _rules(edit)

    def change(tables: Mapping[str, Table]) -> Mapping[str, Table]:
        return _with_edit(tables, edit, made, creates=creates)

    if edit.family == "arptables":
        states = tuple(evolved(one, arp_tables=change(one.arp_tables)) for one in firewall.states)
        return evolve(firewall, arp_tables=change(firewall.arp_tables), states=states)
    states = tuple(evolved(one, tables=change(one.tables)) for one in firewall.states)
    return evolve(firewall, tables=change(firewall.tables), states=states)


_ORDER = ("raw", "mangle", "nat", "filter", "security")
BUILT_IN = ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING")


def _with_edit(
    tables: Mapping[str, Table], edit: RuleEdit, made: tuple[Rule, ...], *, creates: bool
) -> Mapping[str, Table]:
    table = tables.get(edit.table)
    if table is None:
        if not creates or edit.action == "D":
            return tables
        table = Table(edit.table, {})
    chain = table.chains.get(edit.chain)
    if chain is None:
        if edit.chain not in BUILT_IN:
            return tables
        chain = Chain(edit.chain, "ACCEPT")
    rules = list(chain.rules)
    if edit.action == "D":
        found = next((one for one in rules if _words(one) == edit.words), None)
        if found is None:
            return tables
        rules = [one for one in rules if one is not found]
    else:
        position = len(rules) if edit.action == "A" else edit.number - 1
        # Of a command for several addresses, iptables inserts each at the same place.
        rules[position:position] = made if edit.action == "A" else reversed(made)
    chains = {**table.chains, edit.chain: evolve(chain, rules=tuple(rules))}
    together = {**tables, edit.table: evolve(table, chains=chains)}
    if edit.family == "arptables":
        return together
    return {name: together[name] for name in sorted(together, key=_ORDER.index)}


def _words(rule: Rule) -> tuple[str, ...]:
    text = rule.specification
    return tuple(saved_words(text, 0, len(text)))


def _rules(edit: RuleEdit) -> tuple[Rule, ...]:
    """The rules that a command adds: one for each of several addresses."""
    if edit.action == "D":
        return ()
    new = (
        "" if edit.chain in BUILT_IN else f"{edit.family} -t {edit.table} -N {quote(edit.chain)}\n"
    )
    read = parse(f"{new}{edit.family} {_appending(edit)}\n", _MADE_FROM)
    tables = read.arp_tables if edit.family == "arptables" else read.tables
    return tuple(rule for table in tables.values() for rule in table.rules)


# --- other facts ---------------------------------------------------------------------------------


def _set(host: Host, found: "re.Match[str]") -> Host:
    line = KernelSetting(found[1], found[2])
    return evolve(host, settings=KernelSettings((*host.settings.lines, line)))


def _address(host: Host, found: "re.Match[str]") -> Host:
    action, address, prefix, device = found.groups()
    one = Address(address, int(prefix), device, device)
    if action == "add":
        return evolve(host, addresses=(*host.addresses, one))
    left = (
        kept
        for kept in host.addresses
        if (kept.address, kept.prefix, kept.device) != (address, one.prefix, device)
    )
    return evolve(host, addresses=tuple(left))


def _route(host: Host, found: "re.Match[str]") -> Host:
    gateway = found[1]
    number = ipv4.number(gateway)
    near = (one.device for one in host.routes if ipv4.contains(one.destination, number))
    left = tuple(one for one in host.routes if not one.is_default)
    return evolve(host, routes=(*left, Route((0, 0), gateway, next(near, None))))


_CHANGES: dict["re.Pattern[str]", Callable[[Host, "re.Match[str]"], Host]] = {
    _SETTING: _set,
    _ADDRESS: _address,
    _ROUTE: _route,
}
