"""LVS400 and LVS513: whether what was collected from the hosts fits the hosts of lvs.cf.

These look at every cluster, also at those of which nothing was collected, and so keep away from the
firewall parser.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lvscf.config import places
from lvscf.config.model import RealServer, VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.rules.services.persistence import depends_on_routers
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared import suggestions
from lvscf.source import displayable, quoted

if TYPE_CHECKING:
    from lvscf.cluster import Role

MOST_NAMED = 4
"""Hosts that a message names; of more, it says how many."""
_SPOKEN = {"router": "router", "real-server": "real server"}


class _Host:
    """A host that lvs.cf speaks of.

    `names` are what it may be called, the first is what messages call it; `place` is where lvs.cf
    names it.
    """

    def __init__(self, names: tuple[str, ...], place: Place | None) -> None:
        self.names = names
        self.place = place


@rule("LVS400", "not-checked", Severity.INFO, about_given_files=True, never_known=True)
def not_checked(case: Case) -> Iterator[Problem]:
    """What could not be checked, because a host's firewall rules were not given.

    What:
        There is an active virtual server with a firewall mark, or one of direct routing, and the
        saved iptables rules of a host that it depends on were not given.  Kernel settings or
        arptables rules alone do not replace them.

    Why:
        Marks are set by the routers' firewall rules, and with direct routing each real server must
        take packets for an address that is not its own.  Neither is in lvs.cf: a file without
        findings may belong to a cluster that serves nobody.

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
    routers = [host for host in _routers(case, in_use=True) if not _is_given(case, "router", host)]
    servers = [host for host in _real_servers(case) if not _is_given(case, "real-server", host)]
    unchecked = [*_open_on_routers(case, routers), *_open_on_real_servers(servers)]
    if not unchecked:
        return
    yield Problem(
        at=case.place_of(first, "fwmark"),
        message=f"Not checked, as firewall rules were not given: {'; '.join(unchecked)}.",
        help="Save them on each host with `iptables-save > FILE`, and give "
        f"`{_options(routers, servers)}`, or name the files in lvscf.toml.",
    )


@rule("LVS513", "unknown-host", Severity.ERROR)
def unknown_host(case: Case) -> Iterator[Problem]:
    """Firewall rules were given for a host that lvs.cf does not have.

    What:
        A router or real server of `--router`, `--real-server` or lvscf.toml goes by a name that
        is neither an address nor a name of such a host in lvs.cf.

    Why:
        Its rules are compared with nothing, and those of the host that was meant are missing.

    Example:
          primary = 10.10.1.21
        - --- router 10.10.1.12
        + --- router 10.10.1.21
          iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j MARK --set-mark 80
    """
    if case.cluster is None:
        return
    hosts: dict[str, list[_Host]] = {
        "router": _routers(case, in_use=False),
        "real-server": _known_real_servers(case),
    }
    given = dict.fromkeys((one.role, one.host) for one in case.cluster.evidence)
    for role, name in given:
        if name is None or any(name in host.names for host in hosts[role]):
            continue
        other = "real-server" if role == "router" else "router"
        elsewhere = next((host for host in hosts[other] if name in host.names), None)
        if elsewhere is not None:
            yield Problem(
                at=elsewhere.place or case.first_line(),
                message=f"{quoted(name)} is a {_SPOKEN[other]}, and its files were given as those of "
                f"a {_SPOKEN[role]}: they are compared with nothing.",
                help=f"Give them with `--{other} {name}=FILE`.",
            )
            continue
        near = _nearest(name, hosts[role])
        meant = next((host for host in hosts[role] if near in host.names), None)
        names = [host.names[0] for host in hosts[role]]
        yield Problem(
            at=meant.place if meant and meant.place else case.first_line(),
            message=f"Files were given for a {_SPOKEN[role]} {quoted(name)}, which lvs.cf does not "
            "have: they are compared with nothing.",
            help=f"Did you mean {quoted(near)}?"
            if near
            else f"It has {_listed(names)}."
            if names
            else f"It has no {_SPOKEN[role]}.",
        )


def is_complete(case: Case) -> bool:
    """Whether files were given of every host that rules about the hosts look at."""
    return (
        case.cluster is not None
        and all(_is_given(case, "router", host) for host in _routers(case, in_use=True))
        and all(_is_given(case, "real-server", host) for host in _real_servers(case))
    )


def _depends(case: Case, virtual: VirtualServer) -> bool:
    """Whether a virtual server depends on the firewall rules of its hosts."""
    direct = case.config.network == "direct" and any(True for _ in case.servers(virtual))
    return bool(virtual.fwmark) or direct


def _open_on_routers(case: Case, hosts: list[_Host]) -> Iterator[str]:
    if not hosts:
        return
    marks = dict.fromkeys(virtual.fwmark for virtual in case.virtual_servers if virtual.fwmark)
    if marks:
        numbers = _listed([str(mark) for mark in marks])
        duty = f"packets get their {'mark' if len(marks) == 1 else 'marks'} ({numbers}) and come in"
    else:
        duty = "packets for the virtual addresses come in"
    if case.backup_in_use:
        duty += ", and heartbeats, too"
    which = _listed([host.names[0] for host in hosts])
    yield f"whether, on {'router' if len(hosts) == 1 else 'routers'} {which}, {duty} (LVS4, LVS213)"
    loose = [virtual for virtual in case.virtual_servers if depends_on_routers(virtual)]
    if loose:
        numbers = _listed([*dict.fromkeys(str(virtual.fwmark) for virtual in loose)])
        yield f"whether mark {numbers} is for several ports and needs persistence (LVS315, LVS316)"


def _open_on_real_servers(hosts: list[_Host]) -> Iterator[str]:
    if hosts:
        which = _listed([host.names[0] for host in hosts])
        servers = "server" if len(hosts) == 1 else "servers"
        yield f"whether, on real {servers} {which}, packets for the virtual addresses are taken (LVS5)"


def _options(routers: list[_Host], servers: list[_Host]) -> str:
    """The options that would give what is missing, of some hosts."""
    options = [f"--router {host.names[0]}=FILE" for host in routers]
    options += [f"--real-server {host.names[0]}=FILE" for host in servers[:MOST_NAMED]]
    return displayable(" ".join(options)) + (" ..." if len(servers) > MOST_NAMED else "")


def _listed(names: list[str]) -> str:
    """Names as a sentence has them; of many, the first and how many more there are."""
    shown = [displayable(name) for name in names]
    if len(shown) > MOST_NAMED:
        shown[MOST_NAMED - 1 :] = [f"{len(names) - MOST_NAMED + 1} more"]
    *most, last = shown
    return f"{', '.join(most)} and {last}" if most else last


def _nearest(name: str, hosts: list[_Host]) -> str | None:
    """The name that was meant."""
    return suggestions.nearest(name, (known for host in hosts for known in host.names))


# --- the hosts that lvs.cf speaks of ----------------------------------------------------------


def _routers(case: Case, *, in_use: bool) -> list[_Host]:
    """The routers, each by all its addresses."""
    config = case.config
    hosts = []
    for role in ("primary", "backup") if case.backup_in_use or not in_use else ("primary",):
        addresses = (getattr(config, role), getattr(config, f"{role}_private"))
        names = tuple(name for name in addresses if name and name != UNSET_ADDRESS)
        if names:
            hosts.append(_Host(names, places.value_of(config, role)))
    return hosts


def _real_servers(case: Case) -> list[_Host]:
    """The real servers that must take packets for addresses which are not their own."""
    if case.config.network != "direct":
        return []
    servers = [server for virtual in case.virtual_servers for server in case.servers(virtual)]
    return _distinct(server for server in servers if server.address)


def _known_real_servers(case: Case) -> list[_Host]:
    """All real servers, switched on or not, and the servers that say sorry."""
    hosts = _distinct(server for virtual in case.config.services for server in virtual.servers)
    for virtual in case.config.services:
        if virtual.sorry_server and virtual.sorry_server != UNSET_ADDRESS:
            hosts.append(_Host((virtual.sorry_server,), places.value_of(virtual, "sorry_server")))
    return hosts


def _distinct(servers: Iterable[RealServer]) -> list[_Host]:
    """Real servers as hosts: a host serves in several virtual servers."""
    known = {(server.name, server.address): server for server in reversed([*servers])}
    hosts = (
        _Host(tuple(one for one in key if one and one != UNSET_ADDRESS), places.name_of(server))
        for key, server in reversed(known.items())
    )
    return [host for host in hosts if host.names]


def _is_given(case: Case, role: "Role", host: _Host) -> bool:
    """Whether a host's iptables rules were given: no other file says what it lets in."""
    if case.cluster is None:
        return False
    of_role = case.cluster.of_router if role == "router" else case.cluster.of_real_server
    given = of_role(*host.names)
    return any(one.firewall is not None and one.firewall.kind == "iptables" for one in given)


RULES: tuple[CaseRule, ...] = (not_checked, unknown_host)
