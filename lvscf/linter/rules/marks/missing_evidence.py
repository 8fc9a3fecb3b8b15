"""LVS400: what could not be checked, because files of a host were not given.

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
    active_real_servers,
    direct_real_servers,
    given_of,
    is_given,
    listed,
    named_routers,
)
from lvscf.linter.program import PIRANHA
from lvscf.linter.rules.services.persistence import depends_on_routers
from lvscf.source import displayable

if TYPE_CHECKING:
    from lvscf.hosts.host import Host, Role

_ANY_ROUTER = NamedHost((), None)
"""Stands for the routers where the configuration does not name them."""


@rule("LVS400", "not-checked", Severity.INFO, about_given_files=True, never_known=True)
def not_checked(case: Case) -> Iterator[Problem]:
    """What could not be checked, because files of a host were not given.

    What:
        There is an active virtual server with a firewall mark, or one with direct routing, and the
        iptables rules of a host that it depends on were not given.  Kernel settings or arptables
        rules alone do not replace them.  Where any file of a host was given for a cluster with
        `network = nat`, what is missing for the way back is named as well: the routers' rules and
        their `net.ipv4.ip_forward`, and the real servers' routes.  Or the rules test the states of
        connections, but are from a sosreport before 3.5, which does not show the table raw.

    Why:
        The routers' firewall rules set the marks, and with direct routing each real server must
        accept packets for an address that is not its own, and hide it from ARP.  With NAT the
        replies have to find the router, which has to let them through.  None of this is in lvs.cf:
        a file without findings may belong to a cluster that serves no one.

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
    if _are_nameless(case):
        routers = [_ANY_ROUTER]
    untracked = _may_be_untracked(case)
    returning = case.cluster is not None and case.config.network == "nat"
    closed = _without_forwarding(case) if returning else []
    lost = _without_routes(case) if returning else []
    unchecked = [
        *_open_on_routers(case, routers, closed),
        *_open_for_replies([] if _same(closed, routers) else closed, lost),
        *_open_on_real_servers(case, servers),
        *_open_about_states(untracked),
    ]
    routers += (host for role, host in untracked if role == "router")
    servers += (host for role, host in untracked if role == "real-server")
    if not unchecked:
        return
    any_given = case.cluster is not None and any(one.firewalls for one in case.cluster.files)
    missing = "Some firewall rules were not given" if any_given else "No firewall rules were given"
    if not routers and not servers:
        missing = "Some files of the hosts were not given"
    commands = [
        f"`{command} > FILE`"
        for command, hosts in (
            ("iptables-save", [*routers, *servers]),
            ("sysctl -a", closed),
            ("ip route", lost),
        )
        if hosts
    ]
    yield Problem(
        at=case.place_of(first, "fwmark"),
        message=f"{missing}, so these were not checked: {'; '.join(unchecked)}.",
        help=f"Save them on each host with {_in_words(commands)}, then add "
        f"`{_options(_distinct(routers, closed), _distinct(servers, lost))}`, or name the files in "
        "lvscf.toml. `lvscf collect` prints a script that saves all that lvscf reads.",
    )


def _are_nameless(case: Case) -> bool:
    """Whether no address of a router is known, and no firewall rules of one were given."""
    if case.program.names_routers or named_routers(case, in_use=True):
        return False
    files = case.cluster.files if case.cluster is not None else ()
    return not any(one.role == "router" and one.firewalls for one in files)


def _depends(case: Case, virtual: VirtualServer) -> bool:
    """Whether a virtual server depends on what only its hosts' files show."""
    if virtual.fwmark:
        return True
    if not any(True for _ in case.servers(virtual)):
        return False
    method = case.config.network
    # Without any file of a host, all NAT clusters would have this finding.
    return method == "direct" or (method == "nat" and case.cluster is not None)


def _without_forwarding(case: Case) -> list[NamedHost]:
    """The routers of which it is not known whether they forward packets."""
    if case.is_unreadable(case.config, "network") or not active_real_servers(case):
        return []
    found = []
    for router in named_routers(case, in_use=True):
        given = given_of(case, "router", router)
        if given is None or given.settings.value("net.ipv4.ip_forward") is None:
            found.append(router)
    return found


def _without_routes(case: Case) -> list[NamedHost]:
    """The real servers whose routes were not given, although their replies depend on them."""
    from lvscf.linter.hosts.lost_legs import rewritten_servers  # evidence was given

    if case.is_unreadable(case.config, "network"):
        return []
    found = []
    rewritten = rewritten_servers(case)
    for server in active_real_servers(case):
        given = given_of(case, "real-server", server)
        if given is not None and "routes" in given.complete:
            continue
        if rewritten.isdisjoint(server.names) and case.router_addresses.keys().isdisjoint(
            server.names
        ):
            found.append(server)
    return found


def _open_on_routers(case: Case, hosts: list[NamedHost], closed: list[NamedHost]) -> Iterator[str]:
    if not hosts:
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
    codes = "LVS4, LVS213" if case.program.sends_heartbeats else "LVS4"
    if case.config.network == "nat" and case.cluster is not None:
        duty += ", and replies are forwarded"
        codes += ", LVS418, LVS419" if _same(closed, hosts) else ", LVS418"
    yield f"{_on('router', hosts)}, whether {duty} ({codes})"
    loose = [virtual for virtual in case.virtual_servers if depends_on_routers(virtual)]
    if loose and case.program is PIRANHA:
        numbers = listed([*dict.fromkeys(str(virtual.fwmark) for virtual in loose)])
        yield f"whether mark {numbers} covers several ports and needs persistence (LVS315, LVS316)"


def _open_for_replies(routers: list[NamedHost], servers: list[NamedHost]) -> Iterator[str]:
    """What is not known of the way back, with NAT."""
    if routers:
        yield f"{_on('router', routers)}, whether `ip_forward` is on (LVS419)"
    if servers:
        routes = "its routes lead" if len(servers) == 1 else "their routes lead"
        yield f"{_on('real server', servers)}, whether {routes} back to the router (LVS539)"


def _open_on_real_servers(case: Case, hosts: list[NamedHost]) -> Iterator[str]:
    if not hosts:
        return
    given = [given_of(case, "real-server", host) for host in hosts]
    unknown = []
    if any(one is None or "addresses" not in one.complete for one in given):
        unknown.append("held")
    if any(one is None or not (one.settings or one.arp_filters) for one in given):
        unknown.append("hidden from ARP")
    duty = "packets for the virtual addresses are accepted"
    if unknown:
        duty = f"the virtual addresses are {' and '.join(unknown)}, and packets for them accepted"
    yield f"{_on('real server', hosts)}, whether {duty} (LVS5)"


def _on(kind: str, hosts: list[NamedHost]) -> str:
    """Hosts for a part of the message: `on real servers one and two`."""
    if _ANY_ROUTER in hosts:
        return "on the routers"
    return f"on {kind}{'' if len(hosts) == 1 else 's'} {listed([host.names[0] for host in hosts])}"


def _in_words(parts: list[str]) -> str:
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def _same(some: list[NamedHost], others: list[NamedHost]) -> bool:
    return {host.names for host in some} == {host.names for host in others}


def _distinct(*several: list[NamedHost]) -> list[NamedHost]:
    """Hosts of several lists, each once."""
    return list({host.names: host for hosts in several for host in hosts}.values())


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


def _options(routers: list[NamedHost], servers: list[NamedHost]) -> str:
    """The options that would give the missing files, for the first few hosts."""
    options = [
        f"--router {host.names[0]}=FILE" if host.names else "--router FILE" for host in routers
    ]
    options += [f"--real-server {host.names[0]}=FILE" for host in servers[:MOST_NAMED]]
    return displayable(" ".join(options)) + (" ..." if len(servers) > MOST_NAMED else "")


RULES: tuple[CaseRule, ...] = (not_checked,)
