"""How a real server hides a VIP that it has itself from ARP, and what is wrong if it does not.

With direct routing, every real server may have the VIP as long as only the router answers ARP
requests for it.  There are two ways: arptables drops the requests and rewrites those that the host
sends, or the kernel settings `arp_ignore` and `arp_announce` do.
"""

from typing import Literal

from lvscf.findings.place import Place
from lvscf.firewall.model import Network, Rule
from lvscf.linter.hosts.rulebook import is_known
from lvscf.linter.hosts.traffic import RealHost, address_of
from lvscf.shared import ipv4
from lvscf.shared.records import record

Fault = Literal["IN", "OUT", "OUT -d", "source"]

_QUIET = (1, 2, 8)
"""Values of `arp_ignore` with which eth0 does not answer for an address of lo."""
_OWN_ADDRESS = 2
"""The value of `arp_announce` with which requests never carry the VIP."""


@record
class ArpFault:
    """What is wrong with the arptables rules for a VIP."""

    fault: Fault
    host: RealHost
    rule: Rule | None = None


def is_hidden(host: RealHost) -> bool:
    """Whether the evidence shows that a host does not answer ARP requests for its VIP.

    Rules that are wrong count too: they have findings of their own.
    """
    return _sysctl_hides(host) or any(_of_vip(host))


def _sysctl_hides(host: RealHost) -> bool:
    settings = arp_settings(host)
    devices = {device for device, _ in settings} - {"lo", "default"}
    return any(
        _effective(settings, device, "arp_ignore") in _QUIET
        and _effective(settings, device, "arp_announce") == _OWN_ADDRESS
        for device in devices
    )


def ineffective_sysctl(host: RealHost) -> tuple[str, Place] | None:
    """The device and the line of an `arp_ignore` that has no effect, if there is no other.

    `default` is for devices that are added later, so it may be in force for those without a
    setting of their own.
    """
    settings = arp_settings(host)
    devices = {device for device, name in settings if name == "arp_ignore"}
    real = devices - {"lo", "default"}
    if is_hidden(host) or any(_effective(settings, one, "arp_ignore") for one in real):
        return None
    for device, enough in (("lo", True), ("default", bool(real - {"all"}))):
        setting = settings.get((device, "arp_ignore"))
        if setting is not None and setting[0] and enough:
            return device, setting[1]
    return None


_Settings = dict[tuple[str, str], tuple[int, Place]]


def arp_settings(host: RealHost) -> _Settings:
    """The values of `arp_ignore` and `arp_announce`, by device and name; the last one counts."""
    found: _Settings = {}
    for line in host.host.settings.lines:
        device, _, name = line.name.removeprefix("net.ipv4.conf.").rpartition(".")
        if name in ("arp_ignore", "arp_announce") and line.value.isdecimal() and line.place:
            found[device, name] = (int(line.value), line.place)
    return found


def _effective(settings: _Settings, device: str, name: str) -> int:
    """The value in force for a device: the larger of its own value and that of `all`."""
    return max(settings[one, name][0] if (one, name) in settings else 0 for one in (device, "all"))


def arp_faults(host: RealHost) -> list[ArpFault]:
    """What is wrong with the arptables rules that were given for a host.

    Nothing is reported if a shell variable or a host name stands for an address, which may be the
    right one, nor if the host may have other rules as well.
    """
    if any(firewall.is_open for firewall in host.host.arp_filters):
        return []
    rules = _rules(host, "INPUT") + _rules(host, "OUTPUT")
    if not all(is_known(rule) and _target_is_known(rule) for rule in rules):
        return []
    faults = []
    if not _drops_requests(host):
        faults.append(ArpFault("IN", host))
    mangling = [rule for rule in _rules(host, "OUTPUT") if _mangled(rule) is not None]
    meant = [rule for rule in mangling if _fits(rule, "-s", host)]
    misdirected = [rule for rule in mangling if _names(rule, "-d", host) and rule not in meant]
    own = ipv4.number(host.address)
    if meant:
        if _mangled(meant[0]) != own:
            faults.append(ArpFault("source", host, meant[0]))
    elif misdirected:
        faults.append(ArpFault("OUT -d", host, misdirected[0]))
    elif not any(_fits(rule, "-s", host) and _drops(rule) for rule in _rules(host, "OUTPUT")):
        faults.append(ArpFault("OUT", host))
    return faults


def _target_is_known(rule: Rule) -> bool:
    return rule.target is None or all(one.known for one in rule.target.settings)


def _drops_requests(host: RealHost) -> bool:
    for firewall in host.host.arp_filters:
        for table in firewall.arp_tables.values():
            chain = table.chains.get("INPUT")
            if chain is not None and chain.policy == "DROP":
                return True
    for rule in _rules(host, "INPUT"):
        if _fits(rule, "-d", host) and rule.setting("-s") is None and rule.target is not None:
            return _drops(rule)
    return False


def _drops(rule: Rule) -> bool:
    return rule.target is not None and rule.target.name == "DROP"


def _mangled(rule: Rule) -> int | None:
    """The source address that a rule gives to ARP packets."""
    setting = rule.target.setting("--mangle-ip-s") if rule.target else None
    return setting.value.address if setting and isinstance(setting.value, Network) else None


def _fits(rule: Rule, side: str, host: RealHost) -> bool:
    """Whether a rule matches packets from (`-s`) or for (`-d`) the VIP."""
    other = rule.setting("-d" if side == "-s" else "-s")
    if rule.setting(side) is None:
        return other is None
    return _names(rule, side, host)


def _names(rule: Rule, side: str, host: RealHost) -> bool:
    setting = rule.setting(side)
    if setting is None or not isinstance(setting.value, Network):
        return False
    number = ipv4.number(address_of(host.virtual)) or 0
    return (number & setting.value.mask == setting.value.address) is not setting.negated


def _rules(host: RealHost, chain: str) -> list[Rule]:
    return [
        rule
        for firewall in host.host.arp_filters
        for table in firewall.arp_tables.values()
        if chain in table.chains
        for rule in table.chains[chain].rules
    ]


def _of_vip(host: RealHost) -> list[Rule]:
    """The arptables rules that name the VIP."""
    return [
        rule
        for rule in _rules(host, "INPUT") + _rules(host, "OUTPUT")
        if _names(rule, "-d", host) or _names(rule, "-s", host)
    ]
