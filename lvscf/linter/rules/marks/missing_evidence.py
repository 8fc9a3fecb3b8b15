"""LVS400: what could not be checked, because firewall rules of a host were not given.

It checks every cluster, so this module does not import the firewall parser.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lvscf.config.model import VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts.named_hosts import (
    MOST_NAMED,
    NamedHost,
    direct_real_servers,
    is_given,
    listed,
    named_routers,
)
from lvscf.linter.program import PIRANHA
from lvscf.linter.rules.services.persistence import depends_on_routers
from lvscf.source import displayable

if TYPE_CHECKING:
    from lvscf.hosts.host import Host, Role


@rule("LVS400", "not-checked", Severity.INFO, about_given_files=True, never_known=True)
def not_checked(case: Case) -> Iterator[Problem]:
    """What could not be checked, because a host's firewall rules were not given.

    What:
        There is an active virtual server with a firewall mark, or one with direct routing, and the
        iptables rules of a host that it depends on were not given.  Kernel settings or arptables
        rules alone do not replace them.  Or the rules test the states of connections, but are from
        a sosreport before 3.5, which does not show the table raw.

    Why:
        The routers' firewall rules set the marks, and with direct routing each real server must
        accept packets for an address that is not its own.  Neither is in lvs.cf: a file without
        findings may belong to a cluster that serves no one.

    Example:
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              fwmark = 80
          }
        + --- router 10.10.1.21
        + iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j MARK --set-mark 80
    """
    first = next((virtual for virtual in case.virtual_servers if _depends(case, virtual)), None)
    if first is None:
        return
    routers = [one for one in named_routers(case, in_use=True) if not is_given(case, "router", one)]
    servers = [one for one in direct_real_servers(case) if not is_given(case, "real-server", one)]
    untracked = _may_be_untracked(case)
    unchecked = [
        *_open_on_routers(case, routers),
        *_open_on_real_servers(servers),
        *_open_about_states(untracked),
    ]
    routers += (host for role, host in untracked if role == "router")
    servers += (host for role, host in untracked if role == "real-server")
    if not unchecked:
        return
    any_given = case.cluster is not None and any(one.firewalls for one in case.cluster.files)
    missing = "Some firewall rules were not given" if any_given else "No firewall rules were given"
    yield Problem(
        at=case.place_of(first, "fwmark"),
        message=f"{missing}, so these were not checked: {'; '.join(unchecked)}.",
        help="Save them on each host with `iptables-save > FILE`, then add "
        f"`{_options(case, routers, servers)}`, or name the files in lvscf.toml. `lvscf collect` "
        "prints a script that saves all that lvscf reads.",
    )


def _depends(case: Case, virtual: VirtualServer) -> bool:
    """Whether a virtual server depends on the firewall rules of its hosts."""
    direct = case.config.network == "direct" and any(True for _ in case.servers(virtual))
    return bool(virtual.fwmark) or direct


def _open_on_routers(case: Case, hosts: list[NamedHost]) -> Iterator[str]:
    if not hosts and not _are_nameless(case):
        return
    marks = dict.fromkeys(virtual.fwmark for virtual in case.virtual_servers if virtual.fwmark)
    if marks:
        numbers = listed([str(mark) for mark in marks])
        duty = (
            f"packets get their {'mark' if len(marks) == 1 else 'marks'} ({numbers}) and are let in"
        )
    else:
        duty = "packets for the virtual addresses are let in"
    if case.backup_in_use and case.program.sends_heartbeats:
        duty += ", and heartbeats too"
    which = listed([host.names[0] for host in hosts]) if hosts else ""
    named = f"{'router' if len(hosts) == 1 else 'routers'} {which}" if hosts else "the routers"
    codes = "LVS4, LVS213" if case.program.sends_heartbeats else "LVS4"
    yield f"on {named}, whether {duty} ({codes})"
    loose = [virtual for virtual in case.virtual_servers if depends_on_routers(virtual)]
    if loose and case.program is PIRANHA:
        numbers = listed([*dict.fromkeys(str(virtual.fwmark) for virtual in loose)])
        yield f"whether mark {numbers} covers several ports and needs persistence (LVS315, LVS316)"


def _are_nameless(case: Case) -> bool:
    """Whether no address of a router is known, and no firewall rules of one were given."""
    if case.program.names_routers or named_routers(case, in_use=True):
        return False
    files = case.cluster.files if case.cluster is not None else ()
    return not any(one.role == "router" and one.firewalls for one in files)


def _open_on_real_servers(hosts: list[NamedHost]) -> Iterator[str]:
    if hosts:
        which = listed([host.names[0] for host in hosts])
        servers = "server" if len(hosts) == 1 else "servers"
        yield f"on real {servers} {which}, whether packets for the virtual addresses are accepted (LVS5)"


def _may_be_untracked(case: Case) -> "list[tuple[Role, NamedHost]]":
    """The hosts whose rules test states, but whose table raw, which may forgo them, is not shown."""
    if case.cluster is None:
        return []
    hosts: list[tuple[Role, NamedHost]] = []
    hosts += (("router", host) for host in named_routers(case, in_use=True))
    hosts += (("real-server", host) for host in direct_real_servers(case))
    found = []
    for role, named in hosts:
        given = (
            case.cluster.router(*named.names)
            if role == "router"
            else case.cluster.real_server(*named.names)
        )
        if given is not None and "raw" in given.unseen_tables and _tests_states(given):
            found.append((role, named))
    return found


def _tests_states(host: "Host") -> bool:
    return any(
        match.name in ("state", "conntrack")
        for firewall in host.firewalls
        for table in firewall.tables.values()
        for one in table.rules
        for match in one.matches
    )


def _open_about_states(hosts: "list[tuple[Role, NamedHost]]") -> Iterator[str]:
    if hosts:
        which = listed([host.names[0] for _, host in hosts])
        yield (
            f"on {which}, whether rules of the table raw, which older sosreports lack, exempt "
            "packets from connection tracking"
        )


def _options(case: Case, routers: list[NamedHost], servers: list[NamedHost]) -> str:
    """The options that would give the missing files, for the first few hosts."""
    options = [f"--router {host.names[0]}=FILE" for host in routers]
    if _are_nameless(case):
        options.append("--router FILE")
    options += [f"--real-server {host.names[0]}=FILE" for host in servers[:MOST_NAMED]]
    return displayable(" ".join(options)) + (" ..." if len(servers) > MOST_NAMED else "")


RULES: tuple[CaseRule, ...] = (not_checked,)
