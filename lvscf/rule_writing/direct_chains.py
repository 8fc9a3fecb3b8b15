"""What is missing, as direct rules of firewalld.

firewalld keeps its own chains; what an administrator adds goes to chains such as INPUT_direct,
which packets meet before them.  So the place of a rule among firewalld's own is not needed.
"""

from collections.abc import Iterable, Iterator, Mapping
from shlex import quote

from lvscf.cluster import Cluster
from lvscf.config.model import Config
from lvscf.document import Document
from lvscf.findings.command import Command
from lvscf.firewall.model import Table
from lvscf.hosts.host import Host
from lvscf.rule_writing.applying import BUILT_IN, hosts_of, rule_edit
from lvscf.rule_writing.firewalld_text import DIRECT_CHAIN
from lvscf.rule_writing.missing import Missing, judged_after
from lvscf.shared.records import evolved


def as_direct_rules(document: Document, cluster: Cluster, found: Missing) -> Missing:
    """The same changes in the chains for direct rules, and what remains after them.

    A rule outside of these chains cannot be removed with firewall-cmd: it stays, and so does what
    is found about it.

    Args:
        document: the lvs.cf.
        cluster: the hosts as they are now.
        found: what is missing.
    """
    config = document.config.effective
    steps = tuple(
        evolved(step, command=command)
        for step in found.steps
        if (command := _direct(cluster, config, step.command)) is not None
    )
    remaining, after = judged_after(document, cluster, (step.command for step in steps))
    return Missing(steps, remaining, after)


def _direct(cluster: Cluster, config: Config, command: Command) -> Command | None:
    """A command for the chain of direct rules; None if there is no such command."""
    edit = rule_edit(command.text)
    if edit is None or edit.family != "iptables":
        return command
    tables = list(_tables(hosts_of(cluster, config, command), edit.table))
    chain = edit.chain
    if edit.action == "D":
        return command if chain.endswith(DIRECT_CHAIN) else None
    base = chain.removesuffix(DIRECT_CHAIN)
    if base not in BUILT_IN:
        base = next((one for table in tables if (one := _entrance(table, chain))), "INPUT")
    direct = base + DIRECT_CHAIN
    named = "" if edit.table == "filter" else f" -t {edit.table}"
    has_direct = any(direct in table.chains for table in tables)
    where = f"-A {quote(direct)}" if has_direct else f"-I {base}"
    text = f"iptables{named} {where} {edit.specification}"
    return Command(command.role, command.host, text)


def _tables(hosts: Iterable[Host], name: str) -> Iterator[Table]:
    for host in hosts:
        for firewall in host.firewalls:
            if name in firewall.tables:
                yield firewall.tables[name]


def _entrance(table: Table, chain: str) -> str | None:
    """The base chain from which packets reach a chain."""
    callers: Mapping[str, list[str]] = _callers(table)
    waiting, seen = [chain], {chain}
    while waiting:
        for caller in callers.get(waiting.pop(), ()):
            if caller in BUILT_IN:
                return caller
            if caller not in seen:
                seen.add(caller)
                waiting.append(caller)
    return None


def _callers(table: Table) -> dict[str, list[str]]:
    """The chains with rules that lead to each chain."""
    found: dict[str, list[str]] = {}
    for rule in table.rules:
        if rule.target is not None and rule.target.name in table.chains:
            found.setdefault(rule.target.name, []).append(rule.chain)
    return found
