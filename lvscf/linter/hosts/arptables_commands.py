"""Commands of arptables that hide a VIP, as a remedy."""

from lvscf.firewall.model import Rule
from lvscf.linter.hosts.arp_defects import ArpCase

_FIRST_RELEASE_WITHOUT_IN = 7
"""The first major release of Red Hat Enterprise Linux whose arptables has INPUT and OUTPUT only."""


def dropping(one: ArpCase) -> str:
    """The command that drops requests for the VIP."""
    return f"`arptables {_where(one, 'INPUT')} -d {one.vip} -j DROP`"


def mangling(one: ArpCase) -> str:
    """The command that gives requests from the VIP the server's own address."""
    return (
        f"`arptables {_where(one, 'OUTPUT')} -s {one.vip} -j mangle "
        f"--mangle-ip-s {one.real.address}`"
    )


def _where(one: ArpCase, chain: str) -> str:
    """How to add a rule to a chain: first where others are, which may decide before it."""
    how = "-A" if next(one.rules(chain), None) is None else "-I"
    name = chain if has_new_chains(one) else chain.removesuffix("PUT")
    return f"{how} {name}"


def has_new_chains(one: ArpCase) -> bool:
    """Whether the host's arptables has INPUT and OUTPUT, as far as the files show it."""
    release = one.host.release
    if release is not None and (release.major or 0) >= _FIRST_RELEASE_WITHOUT_IN:
        return True
    return rule_for(one, "INPUT", "OUTPUT") is not None


def rule_for(one: ArpCase, *names: str) -> Rule | None:
    """The first rule of the host that is written with one of these names of a chain."""
    found = (each.rule_with(*names) for each in one.arp.filters)
    return next((rule for rule in found if rule is not None), None)
