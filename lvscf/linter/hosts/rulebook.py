"""A rulebook: the rules of a firewall, indexed by what they do.

A trace shows what happens to a packet.  If that is not what was intended, this module finds the
rule that was meant to do it, and checks on its own whether it would have matched.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice

from attrs import evolve

from lvscf.firewall.firewall import Firewall
from lvscf.firewall.model import Bits, Chain, Network, Ranges, Rule, Table
from lvscf.firewall.packets import Outcome, Packet
from lvscf.piranha.limits import LARGEST_PORT
from lvscf.shared.records import record

PortRange = tuple[int, int]

ALL_PORTS: PortRange = (0, LARGEST_PORT)
_MOST_GUESSES = 32
"""Rules for other addresses that are checked for having been meant for this one."""
_PORT_SETTINGS = ("--dport", "--dports", "--ports")
_CONNECTIONS = ("state", "conntrack", "connmark")
"""Matches on a packet's connection."""
_ENTRANCES: Mapping[str, tuple[str, ...]] = {
    "raw": ("PREROUTING",),
    "mangle": ("PREROUTING", "INPUT"),
    "nat": ("PREROUTING",),
    "filter": ("INPUT",),
    "security": ("INPUT",),
}
"""Where packets for this host enter a table."""


@record(slots=False)
class Rulebook:
    """The rules of one firewall."""

    firewall: Firewall

    @cached_property
    def marking(self) -> dict[int, list[Rule]]:
        """The MARK rules of all tables, by the mark they give to an unmarked packet."""
        found: dict[int, list[Rule]] = {}
        for rule in self._rules():
            bits = bits_set(rule)
            if bits is not None:
                found.setdefault(bits.value, []).append(rule)
        return found

    @cached_property
    def names_icmp_types(self) -> bool:
        """Whether any rule is about certain types of ICMP messages."""
        return any(
            setting.name == "--icmp-type" and setting.text not in ("any", "255")
            for rule in self._rules()
            for match in rule.matches
            for setting in match.settings
        )

    @cached_property
    def redirecting(self) -> tuple[Rule, ...]:
        """The REDIRECT rules."""
        return tuple(
            rule for rule in self._rules() if rule.target and rule.target.name == "REDIRECT"
        )

    @cached_property
    def _redirecting_to(self) -> dict[int | None, list[Rule]]:
        """The REDIRECT rules by the one address they match; None for several."""
        found: dict[int | None, list[Rule]] = {}
        for rule in self.redirecting:
            network = destination(rule)
            single = network.address if network is not None and network.single else None
            found.setdefault(single, []).append(rule)
        return found

    def redirecting_for(self, address: int) -> list[Rule]:
        """The REDIRECT rules that may match an address."""
        by_address = self._redirecting_to
        return by_address.get(address, []) + by_address.get(None, [])

    def redirecting_others(self, port: int) -> Iterator[Rule]:
        """Some of the REDIRECT rules that match one address each and name a port."""
        yield from islice(self._redirecting_port.get(port, ()), _MOST_GUESSES)

    @cached_property
    def _redirecting_port(self) -> dict[int, list[Rule]]:
        found: dict[int, list[Rule]] = {}
        for rule in self.redirecting:
            network = destination(rule)
            if network is None or not network.single:
                continue
            for low, high in self.ports(rule):
                for port in {low, high}:
                    found.setdefault(port, []).append(rule)
        return found

    @cached_property
    def keeps_marks(self) -> bool:
        """Whether marks have other uses here: rules save, restore or match them."""
        return any(
            rule.setting("--mark") is not None
            or (rule.target is not None and rule.target.name in ("CONNMARK", "CONNSECMARK"))
            for rule in self._rules()
        )

    @cached_property
    def distinguishes_packets(self) -> bool:
        """Whether any rule treats the packets of one connection differently."""
        return any(
            rule.setting("--tcp-flags") is not None
            or any(match.name in _CONNECTIONS for match in rule.matches)
            or (rule.target is not None and rule.target.name == "CONNMARK")
            for rule in self._rules()
        )

    @cached_property
    def _callers(self) -> dict[tuple[str, str], list[Rule]]:
        """The rules that jump to a user-defined chain, by table and chain."""
        found: dict[tuple[str, str], list[Rule]] = {}
        for table in self.firewall.tables.values():
            for rule in table.rules:
                if rule.target and rule.target.name in table.chains:
                    found.setdefault((table.name, rule.target.name), []).append(rule)
        return found

    @cached_property
    def _reached(self) -> set[tuple[str, str]]:
        """Table and name of the chains that packets for this host can reach."""
        waiting = [(table, chain) for table, chains in _ENTRANCES.items() for chain in chains]
        found: set[tuple[str, str]] = set()
        while waiting:
            table, name = waiting.pop()
            held = self.firewall.tables.get(table)
            if (table, name) in found or held is None or name not in held.chains:
                continue
            found.add((table, name))
            targets = (rule.target for rule in held.chains[name].rules)
            waiting.extend((table, target.name) for target in targets if target)
        return found

    def _rules(self) -> Iterator[Rule]:
        for table in self.firewall.tables.values():
            yield from table.rules

    def is_reached(self, rule: Rule) -> bool:
        """Whether packets for this host can reach the chain of a rule at all."""
        return (rule.table, rule.chain) in self._reached

    def jumps_to(self, rule: Rule) -> Iterator[Rule]:
        """The rules that lead to the chain of a rule, directly or through other chains."""
        waiting = [(rule.table, rule.chain)]
        seen: set[tuple[str, str]] = set()
        while waiting:
            chain = waiting.pop()
            if chain in seen:
                continue
            seen.add(chain)
            for caller in self._callers.get(chain, ()):
                yield caller
                waiting.append((caller.table, caller.chain))

    def ports(self, rule: Rule) -> tuple[PortRange, ...]:
        """The ports that a rule names, or else those named in the jumps to its chain."""
        own = named_ports(rule)
        if own:
            return own
        return tuple(part for caller in self.jumps_to(rule) for part in named_ports(caller))

    def is_known(self, rule: Rule) -> bool:
        """Whether the file shows which packets a rule matches, and which reach its chain."""
        return is_known(rule) and all(map(is_known, self.jumps_to(rule)))

    def destinations(self, rule: Rule) -> tuple[Network, ...]:
        """The destinations that a rule matches, or else those of the jumps to its chain.

        Empty if it matches any address.
        """
        own = destination(rule)
        if own is not None:
            return (own,)
        callers = self._callers.get((rule.table, rule.chain), [])
        found = [destination(caller) for caller in callers]
        return () if None in found else tuple(one for one in found if one is not None)


def is_known(rule: Rule) -> bool:
    """Whether the file shows which packets a rule matches.

    It does not if a shell variable, a host name or an ipset stands for addresses or ports.
    """
    return all(one.known for one in rule.settings) and all(
        match.name != "set" for match in rule.matches
    )


def sets_unknown_mark(rule: Rule) -> bool:
    """Whether a rule sets a mark that the file does not show."""
    target = rule.target
    return (
        target is not None
        and target.name == "MARK"
        and not all(one.known for one in target.settings)
    )


def bits_set(rule: Rule) -> Bits | None:
    """The bits that a MARK rule sets; None for other rules, and if the value is not known."""
    if rule.target is None or rule.target.name != "MARK":
        return None
    for setting in rule.target.settings:
        if isinstance(setting.value, Bits) and setting.known:
            return setting.value
    return None


def named_ports(rule: Rule) -> tuple[PortRange, ...]:
    """The destination ports that a rule names."""
    for setting in rule.settings:
        if setting.name in _PORT_SETTINGS and not setting.negated:
            return setting.value.ranges if isinstance(setting.value, Ranges) else ()
    return ()


def destination(rule: Rule) -> Network | None:
    """The destination that a rule matches; None if it names none or excludes one."""
    setting = rule.setting("-d")
    if setting is None or setting.negated or not isinstance(setting.value, Network):
        return None
    return setting.value


def alone(rule: Rule, table: str, packet: Packet, local_address: str | None) -> tuple[Outcome, ...]:
    """What a rule would do to a packet as the only rule in PREROUTING of `table`."""
    moved = evolve(rule, table=table, chain="PREROUTING")
    chain = Chain("PREROUTING", "ACCEPT", (moved,))
    firewall = Firewall(rule.source, "iptables", {table: Table(table, {"PREROUTING": chain})})
    return firewall.trace(packet, local_address)
