"""ARP packets: how the rules of arptables treat a request or a reply.

A host's own requests and replies go through OUTPUT, those of others through INPUT.  A rule sees the
Ethernet addresses inside the ARP packet, not those of its frame: a request, which is broadcast, has
no target hardware address yet, so `--dst-mac ff:ff:ff:ff:ff:ff` does not match it.

Facts: arptables(8), arptables-nft(8), and the kernel's answers to packets that were really sent.
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Literal

from attrs import field, frozen

from lvscf.firewall.arp_fields import ArpChain, answer_of
from lvscf.firewall.firewall import Firewall
from lvscf.firewall.model import Chain, Network, Rule, Setting
from lvscf.firewall.packets import Assumption, dotted
from lvscf.shared import ipv4
from lvscf.shared.records import compared, evolved, record

REQUEST = 1
"""The operation of an ARP request."""
REPLY = 2
"""The operation of an ARP reply."""
NO_HARDWARE_ADDRESS = "00:00:00:00:00:00"
"""The target's hardware address in a request, which asks for it."""

_MOST_BRANCHES = 64
"""The most possibilities followed side by side; beyond, the outcomes are not complete."""
_PASSING = frozenset({"MARK", "CLASSIFY", "CONTINUE"})
"""Targets after which the next rule is looked at."""
_MOST_STEPS = 20_000
"""The most rules looked at for one packet: chains that jump to each other may multiply them."""
_MANGLED = {
    "--mangle-ip-s": ("source", "-s"),
    "--mangle-ip-d": ("destination", "-d"),
    "--mangle-mac-s": ("source_hardware", "--src-mac"),
    "--mangle-mac-d": ("destination_hardware", "--dst-mac"),
}
"""The field that an option changes, and the condition that asks about it."""


@compared
@frozen(eq=False, repr=False)
class ArpPacket:
    """An ARP packet for IPv4 over Ethernet, or all that are like it: None means any value.

    Raises:
        ValueError: an address is not an IPv4 address.
        TypeError: an address is not a str.
    """

    operation: int
    """1 for a request, 2 for a reply."""
    source: str | None = field(validator=dotted)
    """The sender's address: whoever gets the packet learns its hardware address."""
    destination: str | None = field(validator=dotted)
    """The target's address: in a request, the one that is asked for."""
    device: str | None = None
    """The device that it comes in on, or goes out on."""
    source_hardware: str | None = None
    """The sender's hardware address: six pairs of digits, separated by colons, or `ORDINARY`."""
    destination_hardware: str | None = None


@compared
@frozen(eq=False, repr=False)
class ArpOutcome:
    """One possible outcome for an ARP packet."""

    packet: ArpPacket
    """The packet after all changes."""
    accepted: bool
    decided_by: Rule | None
    """The rule that gave the verdict; None if the policy did."""
    changed_by: Rule | None = None
    """The last rule that changed the packet."""
    assumptions: tuple[Assumption, ...] = ()
    """What had to be assumed for this outcome; empty if everything was known."""
    complete: bool = True
    """False if there may be other outcomes."""


@record(slots=False)
class ArpFilter:
    """The ARP filter of a host, as one file shows it, prepared for following packets."""

    firewall: Firewall
    _followed: dict[tuple[ArpChain, ArpPacket], tuple[ArpOutcome, ...]] = field(
        init=False, factory=dict
    )

    @cached_property
    def _states(self) -> tuple["_Table", ...]:
        states = [one.arp_tables for one in self.firewall.states] or [self.firewall.arp_tables]
        tables = (tables.get("filter") for tables in states)
        return tuple(_Table({} if table is None else table.chains) for table in tables)

    @cached_property
    def _addresses(self) -> tuple[frozenset[int], tuple[Network, ...]]:
        """The single addresses that conditions name, and the networks."""
        named = [
            setting.value
            for table in self._states
            for chain in table.chains.values()
            for rule in chain.rules
            for setting in rule.settings
            if isinstance(setting.value, Network) and not setting.negated
        ]
        single = frozenset(one.address for one in named if one.single)
        return single, tuple(dict.fromkeys(one for one in named if not one.single))

    def names(self, address: int) -> bool:
        """Whether a rule is for an address, or for a network that it is in."""
        single, networks = self._addresses
        return address in single or any(address & one.mask == one.address for one in networks)

    def names_alone(self, address: int) -> bool:
        """Whether a rule is for an address alone."""
        return address in self._addresses[0]

    @cached_property
    def _written(self) -> dict[str, Rule]:
        """The first rule that is written with each of the words."""
        found: dict[str, Rule] = {}
        for table in self._states:
            for chain in table.chains.values():
                for rule in chain.rules:
                    for word in rule.text.split():
                        found.setdefault(word, rule)
        return found

    def rule_with(self, *words: str) -> Rule | None:
        """A rule that is written with one of some words, such as a chain's name; None without."""
        return next((self._written[one] for one in words if one in self._written), None)

    def follow(self, chain: ArpChain, packet: ArpPacket) -> tuple[ArpOutcome, ...]:
        """Follow an ARP packet through a chain.

        Returns:
            Every possible outcome, each once; one if everything is known.
        """
        key = (chain, packet)
        if key not in self._followed:
            found: dict[tuple[bool, ArpPacket], ArpOutcome] = {}
            for table in self._states:
                for outcome in table.outcomes(chain, packet):
                    if self.firewall.partial:
                        outcome = evolved(outcome, complete=False)
                    found.setdefault((outcome.accepted, outcome.packet), outcome)
            self._followed[key] = tuple(found.values())
        return self._followed[key]


@record
class _Indexed:
    """A chain whose rules are found by the one address that they name."""

    chain: Chain
    always: list[int]
    """Positions of the rules that name no single address."""
    by_destination: dict[int, list[int]]
    by_source: dict[int, list[int]]

    def following(self, at: int, packet: ArpPacket) -> int | None:
        """The next position, from `at` on, of a rule that may match; None if there is none."""
        if packet.source is None or packet.destination is None:
            return at if at < len(self.chain.rules) else None
        found = [
            positions[place]
            for positions in (
                self.always,
                self.by_destination.get(ipv4.number(packet.destination) or 0, ()),
                self.by_source.get(ipv4.number(packet.source) or 0, ()),
            )
            if (place := bisect_left(positions, at)) < len(positions)
        ]
        return min(found, default=None)


def _indexed(chain: Chain) -> _Indexed:
    found = _Indexed(chain, [], {}, {})
    for position, rule in enumerate(chain.rules):
        for name, index in (("-d", found.by_destination), ("-s", found.by_source)):
            setting = rule.setting(name)
            if setting is None or setting.negated or not setting.known:
                continue
            if isinstance(setting.value, Network) and setting.value.single:
                index.setdefault(setting.value.address, []).append(position)
                break
        else:
            found.always.append(position)
    return found


@record
class _Position:
    """A place in a chain, and where to go on when the chain ends."""

    chain: _Indexed
    at: int
    back: "_Position | None"


@record
class _Branch:
    """A packet, or those that fit the assumptions, and the place that it has reached."""

    packet: ArpPacket
    position: _Position | None
    answers: Mapping[tuple[str, str], bool]
    """What was assumed of conditions, by name and value."""
    assumptions: tuple[Assumption, ...] = ()
    changed_by: Rule | None = None


@record(slots=False)
class _Table:
    """The chains of one state of the filter."""

    chains: Mapping[str, Chain]
    _indexes: dict[str, _Indexed] = field(init=False, factory=dict)

    def _chain(self, name: str) -> _Indexed:
        if name not in self._indexes:
            self._indexes[name] = _indexed(self.chains[name])
        return self._indexes[name]

    def outcomes(self, name: ArpChain, packet: ArpPacket) -> Iterator[ArpOutcome]:
        """Follow a packet through a base chain, and all possibilities that arise on its way."""
        if name not in self.chains:
            yield ArpOutcome(packet, True, None)
            return
        policy = self.chains[name].policy != "DROP"
        waiting = deque([_Branch(packet, _Position(self._chain(name), 0, None), {})])
        started, steps = 1, 0
        while waiting:
            branch = waiting.popleft()
            position = branch.position
            while True:
                steps += 1
                rule, position = _next(position, branch.packet)
                if rule is None:
                    yield _ended(branch, policy, None)
                    break
                if steps > _MOST_STEPS or started > _MOST_BRANCHES:
                    yield evolved(_ended(branch, True, None), complete=False)
                    yield evolved(_ended(branch, False, None), complete=False)
                    break
                open_conditions = _open_conditions(rule, branch, name)
                if open_conditions is None:
                    continue
                branch = evolved(branch, position=position)
                for setting in open_conditions:
                    waiting.append(_supposing(branch, rule, setting, False))
                    branch = _supposing(branch, rule, setting, True)
                    started += 1
                ends = self._met(rule, branch)
                yield from (end for end in ends if isinstance(end, ArpOutcome))
                ways = [end for end in ends if isinstance(end, _Branch)]
                if not ways:
                    break
                branch = ways[0]
                position = branch.position

    def _met(self, rule: Rule, branch: _Branch) -> tuple[ArpOutcome | _Branch, ...]:
        """What becomes of a packet that a rule matches."""
        target = rule.target
        if target is None or target.name in _PASSING:
            return (branch,)
        if target.name in ("ACCEPT", "DROP"):
            return (_ended(branch, target.name == "ACCEPT", rule),)
        position = branch.position
        back = position.back if position is not None else None
        if target.name == "RETURN":
            return (evolved(branch, position=back),)
        if target.name in self.chains:
            to = _Position(self._chain(target.name), 0, back if target.goto else position)
            return (evolved(branch, position=to),)
        if target.name == "mangle":
            changed = _changed(rule, branch)
            then = target.setting("--mangle-target")
            verdict = then.text.upper() if then is not None else "ACCEPT"
            return (changed if verdict == "CONTINUE" else _ended(changed, verdict != "DROP", rule),)
        # A program decides: the packet may go on, or end here.
        lost, passes = (Assumption(rule, None, holds, "rule") for holds in (False, True))
        return (
            _ended(evolved(branch, assumptions=(*branch.assumptions, lost)), False, rule),
            evolved(branch, assumptions=(*branch.assumptions, passes)),
        )


def _next(position: _Position | None, packet: ArpPacket) -> tuple[Rule | None, _Position | None]:
    """The next rule that may match, and the place behind it; None at the end of the base chain."""
    while position is not None:
        chain = position.chain
        at = chain.following(position.at, packet)
        if at is not None:
            return chain.chain.rules[at], _Position(chain, at + 1, position.back)
        position = position.back
    return None, None


def _open_conditions(rule: Rule, branch: _Branch, chain: ArpChain) -> list[Setting] | None:
    """The conditions of a rule of which it is not known whether they hold; None if one does not."""
    found = []
    for setting in rule.settings:
        answer = answer_of(setting, branch.packet, chain) if setting.known else None
        if answer is None:
            answer = branch.answers.get((setting.name, setting.text))
        if answer is None:
            found.append(setting)
        elif answer is setting.negated:
            return None
    return found


def _ended(branch: _Branch, accepted: bool, rule: Rule | None) -> ArpOutcome:
    return ArpOutcome(branch.packet, accepted, rule, branch.changed_by, branch.assumptions)


def _supposing(branch: _Branch, rule: Rule, setting: Setting, holds: bool) -> _Branch:
    """The branch in which a condition holds, or does not."""
    cause: Literal["packet", "rule"] = "packet" if setting.known else "rule"
    return evolved(
        branch,
        answers={**branch.answers, (setting.name, setting.text): holds is not setting.negated},
        assumptions=(*branch.assumptions, Assumption(rule, setting, holds, cause)),
    )


def _changed(rule: Rule, branch: _Branch) -> _Branch:
    """The branch after a mangle rule; what the file does not show becomes unknown."""
    assert rule.target is not None
    changes: dict[str, str | None] = {}
    forgotten = set()
    for setting in rule.target.settings:
        if setting.name not in _MANGLED:
            continue
        name, condition = _MANGLED[setting.name]
        forgotten.add(condition)
        value = setting.value
        if isinstance(value, Network):
            changes[name] = ipv4.dotted(value.address)
        else:
            changes[name] = setting.text if setting.known and isinstance(value, str) else None
    return evolved(
        branch,
        packet=evolved(branch.packet, **changes),
        answers={key: held for key, held in branch.answers.items() if key[0] not in forgotten},
        changed_by=rule,
    )
