"""The question put to a firewall, and its answers."""

from typing import Literal

from attrs import Attribute, field, frozen

from lvscf.firewall.language.names import protocol_number
from lvscf.firewall.model import Rule, Setting
from lvscf.shared import ipv4


def _known_protocol(_packet: "Packet", _attribute: "Attribute[str]", value: str) -> None:
    if not isinstance(value, str):
        raise TypeError(f"the protocol is a str such as 'tcp', not {type(value).__name__}")
    if not protocol_number(value):
        raise ValueError(f"no such protocol: {value!r}; write 'tcp' or 'udp', for instance")


def _dotted(_packet: "Packet", attribute: "Attribute[str | None]", value: str | None) -> None:
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{attribute.name} is a str or None, not {type(value).__name__}")
    if value is not None and ipv4.number(value) is None:
        raise ValueError(f"{attribute.name} must be an IPv4 address, not {value!r}")


def _port(_packet: "Packet", attribute: "Attribute[int | None]", value: int | None) -> None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise TypeError(f"{attribute.name} is an int or None, not {type(value).__name__}")
    if value is not None and not 0 <= value <= 65535:
        raise ValueError(f"no such {attribute.name}: {value}; ports are from 0 to 65535")


def _name(_packet: "Packet", attribute: "Attribute[str | None]", value: str | None) -> None:
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{attribute.name} is a str or None, not {type(value).__name__}")


def _state(_packet: "Packet", _attribute: "Attribute[str | None]", value: str | None) -> None:
    if value not in (None, "NEW", "INVALID"):
        raise ValueError(f"state is not NEW, INVALID or None: {value!r}")


@frozen
class Packet:
    """The first packet of a connection, or all that are like it: None is "any".

    A client's system has sent it: to this host's own address in an Ethernet frame of its own, from
    a port above 1023, and an ICMP packet is an echo request.

    Raises:
        ValueError: there is no such protocol, address, port or state.
        TypeError: a value is of another type, such as a port that is a str.
    """

    protocol: str = field(validator=_known_protocol)
    """By name or number: `tcp`, `udp`, `6`."""
    destination: str | None = field(validator=_dotted)
    port: int | None = field(validator=_port)
    """Destination port; without meaning for protocols that have none."""
    source: str | None = field(default=None, validator=_dotted)
    interface: str | None = field(default=None, validator=_name)
    """The interface it comes in by, as the kernel names it: never an alias such as `eth0:1`."""
    source_port: int | None = field(default=None, validator=_port)
    """None is any port above 1023: which one, the client's system decides."""
    state: Literal["NEW", "INVALID"] | None = field(default=None, validator=_state)
    """For a later TCP packet of a connection that connection tracking has not seen: what it takes
    the packet for.  `NEW` has the flag ACK, `INVALID` has FIN and ACK; None: the first packet."""


@frozen
class Assumption:
    """Something a trace could not know and followed both ways: here, it `holds` or not."""

    rule: Rule
    setting: Setting | None
    """The condition in question; None if it is the target that cannot be followed (NFQUEUE)."""
    holds: bool
    cause: Literal["packet", "rule"]
    """`packet`: the packet's field was not given; `rule`: only the running kernel can tell."""

    def __str__(self) -> str:
        if self.setting is None:
            name = self.rule.target.name if self.rule.target else "the target"
            return f"{name} lets it {'pass' if self.holds else 'go no further'}"
        text = str(self.setting)
        return text if self.holds else f"not ({text})"


@frozen
class Outcome:
    """One way a packet can go, and what it is at the end of it."""

    mark: int
    """The mark IPVS would see; that of the moment it was dropped, if it was.

    See `mark_known`."""
    destination: str | None
    """After NAT; None where that cannot be told."""
    port: int | None
    """Destination port after NAT; None where that cannot be told."""
    accepted: bool
    """Whether it came through filter INPUT: False for what is dropped, and what is forwarded."""
    path: tuple[Rule, ...] = field(repr=False)
    """The rules that matched, in order."""
    verdict: str
    """`ACCEPT`, `DROP`, `REJECT` or another target that ended the way; `FORWARD` if forwarded."""
    decided_by: Rule | None
    """The rule that gave the verdict; None if a chain's policy did or nothing stood in the way."""
    decided_in: tuple[str, str]
    """Table and base chain of the verdict: `("filter", "INPUT")` if it came all the way."""
    assumptions: tuple[Assumption, ...] = ()
    """What had to be assumed to come this way; empty if all was known."""
    translated_by: Rule | None = None
    """The REDIRECT or DNAT rule that changed the destination."""
    complete: bool = True
    """False if there were more ways than could be followed: there may be other outcomes."""
    forwarded: bool = False
    """Whether DNAT sent it to another host: it goes to FORWARD, and never comes to INPUT or IPVS.

    Where only the host knows if the new destination is one of its own addresses, there are two
    outcomes, one of each kind.
    """
    mark_known: bool = True
    """False if only the running kernel knows the mark (`-j HMARK`): `mark` is then one of many,
    and `complete` is False."""

    @property
    def uncertain(self) -> bool:
        """Whether it depends on something that no packet's fields decide, such as `-m limit`."""
        return not self.complete or any(a.cause == "rule" for a in self.assumptions)

    @property
    def conditions(self) -> tuple[str, ...]:
        """The assumptions in words, such as `-s 10.0.0.0/8` and `not (-i eth0)`."""
        return tuple(map(str, self.assumptions))
