"""The packet that a firewall is asked about, and the outcomes."""

from typing import Literal, get_args

from attrs import Attribute, field, frozen

from lvscf.firewall.language.names import protocol_number
from lvscf.firewall.model import Rule, Setting
from lvscf.piranha.limits import LARGEST_PORT
from lvscf.shared import ipv4
from lvscf.shared.records import compared

Way = Literal["input", "forward", "output"]
"""How a packet passes through a host: it comes in for the host itself, it comes in for another one
and is sent on, or the host sends it.  IPVS takes packets on their way in, and sends them on their
way out."""
State = Literal["NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED"]
Flags = Literal["SYN", "SYN-ACK", "ACK", "FIN", "RST"]


def _known_protocol(_packet: "Packet", _attribute: "Attribute[str]", value: str) -> None:
    if not isinstance(value, str):
        raise TypeError(f"the protocol is a str such as 'tcp', not {type(value).__name__}")
    if not protocol_number(value):
        raise ValueError(f"no such protocol: {value!r}; use 'tcp' or 'udp', for example")


def dotted(_packet: object, attribute: "Attribute[str | None]", value: str | None) -> None:
    """Check that a field is an IPv4 address, or None.

    Raises:
        TypeError: it is something other than a str.
        ValueError: it is another text.
    """
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{attribute.name} is a str or None, not {type(value).__name__}")
    if value is not None and ipv4.number(value) is None:
        raise ValueError(f"{attribute.name} must be an IPv4 address, not {value!r}")


def _port(_packet: "Packet", attribute: "Attribute[int | None]", value: int | None) -> None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise TypeError(f"{attribute.name} is an int or None, not {type(value).__name__}")
    if value is not None and not 0 <= value <= LARGEST_PORT:
        raise ValueError(f"no such {attribute.name}: {value}; ports are from 0 to {LARGEST_PORT}")


def _name(_packet: "Packet", attribute: "Attribute[str | None]", value: str | None) -> None:
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{attribute.name} is a str or None, not {type(value).__name__}")


def _state(_packet: "Packet", _attribute: "Attribute[str | None]", value: str | None) -> None:
    if value is not None and value not in get_args(State):
        raise ValueError(
            f"state must be one of {', '.join(get_args(State))} or None, not {value!r}"
        )


def _flags(_packet: "Packet", _attribute: "Attribute[str | None]", value: str | None) -> None:
    if value is not None and value not in get_args(Flags):
        raise ValueError(
            f"flags must be one of {', '.join(get_args(Flags))} or None, not {value!r}"
        )


def _mark(_packet: "Packet", _attribute: "Attribute[int]", value: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"the mark is an int, not {type(value).__name__}")
    if not 0 <= value <= ipv4.ALL_ONES:
        raise ValueError(f"no such mark: {value}; marks are from 0 to {ipv4.ALL_ONES}")


@compared
@frozen(eq=False, repr=False)
class Packet:
    """The first packet of a connection, or all that are like it: None means any value.

    It comes from a client's system: from a port above 1023, in an Ethernet frame addressed to this
    host alone; an ICMP packet is an echo request.  `state` and `flags` make it another packet.

    Raises:
        ValueError: the protocol, address, port, state or flags do not exist.
        TypeError: a value has the wrong type, such as a port that is a str.
    """

    protocol: str = field(validator=_known_protocol)
    """By name or number: `tcp`, `udp`, `6`."""
    destination: str | None = field(validator=dotted)
    port: int | None = field(validator=_port)
    """Destination port; ignored for protocols without ports."""
    source: str | None = field(default=None, validator=dotted)
    interface: str | None = field(default=None, validator=_name)
    """The interface it comes in on, as the kernel names it: never an alias such as `eth0:1`."""
    source_port: int | None = field(default=None, validator=_port)
    """None means any port above 1023, as the client's system chooses."""
    state: State | None = field(default=None, validator=_state)
    """The state that connection tracking gives it; None: it is the first packet of its connection.

    `NEW` is for a later TCP packet of a connection that connection tracking has not seen.  An
    `ESTABLISHED` packet does not pass through the nat table: what NAT did to its connection is not
    known, so give the addresses as the rules see them.  `UNTRACKED` is what Linux makes of the
    packets that IPVS sends on, unless `net.ipv4.vs.conntrack` is 1."""
    outgoing: str | None = field(default=None, validator=_name)
    """The interface it leaves by, if it leaves the host; never an alias."""
    mark: int = field(default=0, validator=_mark)
    """The mark that it has from earlier chains: what IPVS sends on keeps the mark of PREROUTING."""
    flags: Flags | None = field(default=None, validator=_flags)
    """The TCP flags; `FIN` and `RST` packets have ACK too.  None: what goes with the state, which
    is `SYN` for a first or an `UNTRACKED` packet, `ACK` for `NEW`, `FIN` for `INVALID`, and any
    but `SYN` for `ESTABLISHED`."""


@compared
@frozen(eq=False, repr=False)
class Assumption:
    """Something that a trace could not know and followed both ways: here, it `holds` or not."""

    rule: Rule
    setting: Setting | None
    """The condition in question; None if the target cannot be followed (NFQUEUE)."""
    holds: bool
    cause: Literal["packet", "rule"]
    """`packet`: the packet's field was not given; `rule`: only the running kernel knows."""

    def __str__(self) -> str:
        if self.setting is None:
            name = self.rule.target.name if self.rule.target else "the target"
            return f"{name} lets it {'pass' if self.holds else 'go no further'}"
        text = str(self.setting)
        return text if self.holds else f"not ({text})"


@compared
@frozen(eq=False, repr=False)
class Outcome:
    """One possible outcome for a packet: where it ends, and what has been changed in it."""

    mark: int
    """The mark that IPVS would see, or the packet had when it was dropped; see `mark_known`."""
    destination: str | None
    """After NAT; None if not known."""
    port: int | None
    """Destination port after NAT; None if not known."""
    accepted: bool
    """Whether it passed all hooks of its way: False if it was dropped, or NAT changed its way."""
    path: tuple[Rule, ...] = field(repr=False)
    """The rules that matched, in order."""
    verdict: str
    """`ACCEPT`, `DROP`, `REJECT` or another target that ended its path; `FORWARD` if forwarded,
    `INPUT` if delivered."""
    decided_by: Rule | None
    """The rule that gave the verdict; None if a policy did, or no rule stopped the packet."""
    decided_in: tuple[str, str]
    """Table and base chain of the verdict.  If it passed all of them, table filter and the chain of
    its way: `INPUT`, `FORWARD` or `OUTPUT`."""
    assumptions: tuple[Assumption, ...] = ()
    """What had to be assumed for this outcome; empty if everything was known."""
    translated_by: Rule | None = None
    """The REDIRECT or DNAT rule that changed the destination."""
    complete: bool = True
    """False if not every branch could be followed, so that there may be other outcomes."""
    forwarded: bool = False
    """Whether DNAT sent it to another host: it goes to FORWARD, never to INPUT and IPVS.

    If only the host knows whether the new destination is one of its own addresses, there are two
    outcomes, one of each kind.
    """
    mark_known: bool = True
    """False if only the running kernel knows the mark (`-j HMARK`): `mark` is then one of many, and
    `complete` is False."""
    hook: str = "input"
    """The hook at which the verdict fell: `ingress`, `prerouting`, `input`, `forward`, `output` or
    `postrouting`; if it passed all of them, the one that is named as its way."""
    source: str | None = None
    """After the NAT of POSTROUTING; None if not known."""
    source_port: int | None = None
    """Source port after the NAT of POSTROUTING; None if not known.  SNAT and MASQUERADE keep it,
    unless another connection has it."""
    source_translated_by: Rule | None = None
    """The SNAT, MASQUERADE or NETMAP rule of POSTROUTING that changed the source."""
    delivered: bool = False
    """Of a packet that was to be forwarded: whether REDIRECT or DNAT sent it to this host, so that
    it goes to INPUT and never to FORWARD."""

    @property
    def uncertain(self) -> bool:
        """Whether it depends on something other than the packet's fields, such as `-m limit`."""
        return not self.complete or any(a.cause == "rule" for a in self.assumptions)

    @property
    def conditions(self) -> tuple[str, ...]:
        """The assumptions in words, such as `-s 10.0.0.0/8` and `not (-i eth0)`."""
        return tuple(map(str, self.assumptions))
