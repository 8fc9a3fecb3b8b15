"""LVS513: files that were given for hosts which lvs.cf does not have.

It checks every cluster, so this module does not import the firewall parser.
"""

from collections.abc import Iterator

from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts.named_hosts import NamedHost, all_real_servers, listed, named_routers
from lvscf.shared import suggestions
from lvscf.source import quoted

_IN_WORDS = {"router": "router", "real-server": "real server"}


@rule("LVS513", "unknown-host", Severity.ERROR)
def unknown_host(case: Case) -> Iterator[Problem]:
    """Files were given for a host that lvs.cf does not have.

    What:
        The name or address that was given with `--router`, `--real-server` or in lvscf.toml does
        not belong to any such host in lvs.cf.

    Why:
        Its files are not used, and those of the host that was meant are missing.

    Example:
          primary = 10.10.1.21
        - --- router 10.10.1.12
        + --- router 10.10.1.21
          iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j MARK --set-mark 80
    """
    if case.cluster is None:
        return
    file = case.program.file
    hosts: dict[str, list[NamedHost]] = {
        "router": named_routers(case, in_use=False),
        "real-server": all_real_servers(case),
    }
    given = dict.fromkeys((one.role, one.name) for one in case.cluster.files)
    for role, name in given:
        if role is None or name is None or any(name in host.names for host in hosts[role]):
            continue
        other = "real-server" if role == "router" else "router"
        elsewhere = next((host for host in hosts[other] if name in host.names), None)
        if elsewhere is not None:
            yield Problem(
                at=elsewhere.place or case.first_line(),
                message=f"{quoted(name)} is a {_IN_WORDS[other]}, but its files were given as those "
                f"of a {_IN_WORDS[role]}: they are not used.",
                help=f"Give them with `--{other} {name}=FILE`.",
            )
            continue
        near = suggestions.nearest(name, (known for host in hosts[role] for known in host.names))
        meant = next((host for host in hosts[role] if near in host.names), None)
        names = [host.names[0] for host in hosts[role]]
        yield Problem(
            at=meant.place if meant and meant.place else case.first_line(),
            message=f"Files were given for the {_IN_WORDS[role]} {quoted(name)}, but "
            f"{file} has no such host: they are not used.",
            help=f"Did you mean {quoted(near)}?"
            if near
            else f"{file} has {listed(names)}."
            if names
            else f"{file} has no {_IN_WORDS[role]}.",
        )


RULES: tuple[CaseRule, ...] = (unknown_host,)
