"""Journeys: the packets that a virtual server lives on, host by host, as iptables sees them.

A client's connection is not one packet through one chain.  Its packets come in on the LVS router,
IPVS sends them on through OUTPUT, the real server takes them in, and with NAT the replies come back
through the router's FORWARD.  nanny's checks and pulse's heartbeats are connections of their own.

What connection tracking says of each packet was measured in whole clusters on Linux 6.1; it depends
on `net.ipv4.vs.conntrack`.  RHEL 5 and 6 (Linux 2.6.18 and 2.6.32) lack that setting and work as if
it were 0, but what IPVS sends on is not UNTRACKED there.
"""

from collections.abc import Iterable
from typing import Literal

from attrs import evolve, frozen

from lvscf.firewall.firewall import Firewall
from lvscf.firewall.packets import Flags, Outcome, Packet, State, Way
from lvscf.hosts.host import Role
from lvscf.shared.records import compared

Loss = Literal["clients", "closing", "checks", "heartbeats"]
"""What a lost packet breaks.  `closing`: clients are served, but the real server never learns that
their connections have ended."""
Method = Literal["direct", "nat", "tunnel"]
Conntrack = Literal["0", "1", "absent"]
"""The value of `net.ipv4.vs.conntrack`; `absent` on kernels without it (RHEL 5 and 6)."""
IP_IN_IP = "4"
"""The protocol of the packets that carry others through a tunnel."""
TUNNEL_DEVICE = "tunl0"
_NANNYS_PORT = 45_000
"""Stands for any port from which nanny asks: the kernel takes one from 32768 to 60999."""
_CHANGED_WITH_FIN = (4, 12)
"""About the first kernel on which IPVS leaves INVALID packets INVALID."""


@compared
@frozen(eq=False, repr=False)
class Service:
    """A virtual server with one of its real servers, as far as packets show it; None: not known."""

    method: Method
    """The forwarding method."""
    protocol: str
    address: str
    """The VIP."""
    port: int | None
    server: str
    """The real server's own address."""
    server_port: int | None
    """The port at which the real server is asked: with NAT by clients, otherwise by nanny alone."""
    mark: int = 0
    client: str | None = None
    client_port: int | None = None
    router: str | None = None
    """The router's own address in the real servers' network."""
    client_device: str | None = None
    """The router's device towards the clients."""
    server_device: str | None = None
    """The router's device towards the real servers."""
    device: str | None = None
    """The real server's device towards the router."""


@compared
@frozen(eq=False, repr=False)
class Leg:
    """A stretch of a packet's journey: its way through one host."""

    role: Role
    way: Way
    packets: tuple[Packet, ...]
    """The packet as connection tracking may see it, once for each possibility; at least one."""
    words: str
    """What the packet is, for a sentence: `the client's first packet`."""
    breaks: Loss
    """What breaks if the packet is lost."""
    reply: bool = False
    """Whether the packet's receiver opened the connection."""
    later: bool = False
    """Whether it is a later packet of the connection that `packets` open."""

    @property
    def packet(self) -> Packet:
        """The packet in its most likely state."""
        return self.packets[0]

    def outcomes(
        self,
        firewall: Firewall,
        local_address: str | None = None,
        own_addresses: Iterable[str] | None = None,
    ) -> tuple[tuple[Outcome, ...], ...]:
        """What a host's rules do to the packet, for each of its states; see `Firewall.trace`."""
        own = None if own_addresses is None else tuple(own_addresses)
        return tuple(
            firewall.trace(
                packet,
                local_address,
                established=self.later,
                answering=self.reply,
                own_addresses=own,
                way=self.way,
            )
            for packet in self.packets
        )

    def loss(
        self,
        firewall: Firewall,
        local_address: str | None = None,
        own_addresses: Iterable[str] | None = None,
    ) -> Outcome | None:
        """How a host certainly loses the packet; None if it may let it pass.

        Certain means: in every state and every outcome, whatever is not known.  That the packet is
        lost for some clients only shows in `outcomes`.
        """
        found = self.outcomes(firewall, local_address, own_addresses)
        for outcomes in found:
            if any(one.accepted or not one.complete for one in outcomes):
                return None
        return found[0][0]


def through_router(
    service: Service,
    conntrack: Conntrack | None,
    *,
    kernel: tuple[int, int] | None = None,
    returning: bool = False,
) -> tuple[Leg, ...]:
    """The legs of a client's connection on the LVS router, in the order of a connection.

    Args:
        service: the virtual server and the real server.
        conntrack: the router's `net.ipv4.vs.conntrack`; None if it is not known.
        kernel: the router's version of Linux, such as `(3, 10)`, if it is known.
        returning: whether replies come back through the router although the method is not NAT,
            because it is the real servers' gateway.
    """
    possible: tuple[Conntrack, ...] = ("0", "1", "absent") if conntrack is None else (conntrack,)
    request = Packet(
        service.protocol,
        service.address,
        service.port,
        service.client,
        service.client_device,
        service.client_port,
    )
    legs: list[Leg | None] = []
    for flags, name, breaks in _PARTS if service.protocol == "tcp" else _DATAGRAMS:
        came = [_state_in(service, each, flags, returning) for each in possible]
        legs.append(_leg("router", "input", f"the client's {name}", breaks, request, came, flags))
        left = [
            state
            for each in possible
            for state in _state_out(service, each, flags, kernel, returning)
        ]
        words = f"the client's {name}, as IPVS sends {'it' if flags in _SINGLE else 'them'} on"
        sent = _sent_on(service)
        legs.append(_leg("router", "output", words, breaks, sent, left, _carried(service, flags)))
    if service.method == "nat" or returning:
        legs.extend(_replies(service, possible))
    return tuple(leg for leg in legs if leg is not None)


def through_server(service: Service, taken: Outcome | None = None) -> tuple[Leg, ...]:
    """The legs of a client's connection on the real server, in the order of a connection.

    Args:
        service: the virtual server and the real server.
        taken: the outcome of the client's first packet there, if it is known: REDIRECT decides
            which address the replies carry in OUTPUT.
    """
    legs = []
    inside = service.device
    if service.method == "tunnel":
        outer = Packet(IP_IN_IP, service.server, None, service.router, service.device)
        words = "the tunnel's packets (protocol 4)"
        legs.append(Leg("real-server", "input", (outer,), words, "clients"))
        inside = TUNNEL_DEVICE
    address, port = service.address, service.port
    if service.method == "nat":
        address, port = service.server, service.server_port
    request = Packet(service.protocol, address, port, service.client, inside, service.client_port)
    opened: tuple[Packet, ...] = (request,)
    legs.append(Leg("real-server", "input", opened, "the client's first packet", "clients"))
    if service.protocol == "tcp":
        words = "the client's later packets"
        legs.append(Leg("real-server", "input", opened, words, "clients", later=True))
    if taken is not None and taken.translated_by is not None:
        address, port = taken.destination or service.server, taken.port
    answer = _answer(service, address, port, outgoing=None)
    words = "the real server's reply"
    legs.append(Leg("real-server", "output", (answer,), words, "clients", reply=True))
    return tuple(legs)


def checks(service: Service) -> tuple[Leg, ...]:
    """The legs of nanny's check, which asks the real server at its own address, over TCP."""
    out = Packet(
        "tcp", service.server, service.server_port, service.router, outgoing=service.server_device
    )
    arriving = evolve(out, interface=service.device, outgoing=None)
    back = Packet(
        "tcp",
        service.router,
        _NANNYS_PORT,
        service.server,
        service.server_device,
        service.server_port,
        "ESTABLISHED",
        flags="SYN-ACK",
    )
    leaving = evolve(back, interface=None)
    answer = "the real server's answer to nanny"
    return (
        Leg("router", "output", (out,), "nanny's check", "checks"),
        Leg("real-server", "input", (arriving,), "nanny's check", "checks"),
        Leg("real-server", "output", (leaving,), answer, "checks", reply=True),
        Leg("router", "input", (back,), answer, "checks", reply=True),
        Leg("router", "output", (out,), "nanny's later packets", "checks", later=True),
        Leg("real-server", "input", (arriving,), "nanny's later packets", "checks", later=True),
    )


def heartbeats(own: str, partner: str, port: int, device: str | None = None) -> tuple[Leg, ...]:
    """The legs of heartbeats on one of two LVS routers: its own, and its partner's.

    pulse sends from the port to which it sends, so each router's heartbeats may count as replies
    to those of the other.

    Args:
        own: the router's address.
        partner: the address of the other router.
        port: `heartbeat_port`.
        device: the router's device towards the other one; None if it is not known.
    """
    out = Packet("udp", partner, port, own, source_port=port, outgoing=device)
    back = Packet("udp", own, port, partner, device, source_port=port)
    return (
        Leg("router", "output", _first_or_reply(out), "its own heartbeats", "heartbeats"),
        Leg("router", "input", _first_or_reply(back), "its partner's heartbeats", "heartbeats"),
    )


def _first_or_reply(packet: Packet) -> tuple[Packet, ...]:
    return packet, evolve(packet, state="ESTABLISHED")


_PARTS: tuple[tuple[Flags | None, str, Loss], ...] = (
    ("SYN", "first packet (SYN)", "clients"),
    ("ACK", "later packets (ACK)", "clients"),
    ("FIN", "last packet (FIN)", "closing"),
    ("RST", "reset (RST)", "closing"),
)
"""The packets of a TCP connection; each has its own state."""
_DATAGRAMS: tuple[tuple[Flags | None, str, Loss], ...] = ((None, "packets", "clients"),)
_SINGLE = ("SYN", "FIN", "RST")

_Seen = State | Literal["first", "not measured"]


def _state_in(
    service: Service, conntrack: Conntrack, flags: Flags | None, returning: bool
) -> _Seen:
    """What connection tracking says of a client's packet in PREROUTING and INPUT."""
    if flags in (None, "SYN"):
        return "first"
    if conntrack != "1":  # IPVS makes conntrack forget each packet
        return "NEW" if flags == "ACK" else "INVALID"
    if service.method == "nat":
        return "ESTABLISHED"
    if returning or flags == "RST":
        return "not measured"
    return "INVALID"  # it never sees the replies, so that it still waits for one to the SYN


def _state_out(
    service: Service,
    conntrack: Conntrack,
    flags: Flags | None,
    kernel: tuple[int, int] | None,
    returning: bool,
) -> tuple[_Seen, ...]:
    """What connection tracking may say of it in OUTPUT, after IPVS."""
    if service.method == "tunnel":
        if conntrack == "1":
            return ("first",)  # the tunnel is a connection, and never answers
        if flags in ("FIN", "RST"):
            return ("not measured",)
    if conntrack != "0":
        return (_state_in(service, conntrack, flags, returning),)
    if flags not in ("FIN", "RST"):
        return ("UNTRACKED",)
    if kernel is None:
        return "INVALID", "UNTRACKED"
    return ("INVALID",) if kernel >= _CHANGED_WITH_FIN else ("UNTRACKED",)


def _sent_on(service: Service) -> Packet:
    """What IPVS sends to the real server; it keeps the client's mark."""
    if service.method == "tunnel":
        return Packet(
            IP_IN_IP,
            service.server,
            None,
            service.router,
            outgoing=service.server_device,
            mark=service.mark,
        )
    nat = service.method == "nat"
    return Packet(
        service.protocol,
        service.server if nat else service.address,
        service.server_port if nat else service.port,
        service.client,
        source_port=service.client_port,
        outgoing=service.server_device,
        mark=service.mark,
    )


def _carried(service: Service, flags: Flags | None) -> Flags | None:
    """The TCP flags that rules can see: not those of a packet inside another one."""
    return None if service.method == "tunnel" else flags


def _replies(service: Service, possible: tuple[Conntrack, ...]) -> list[Leg | None]:
    """The legs of the real server's replies through the router's FORWARD.

    Before IPVS puts the VIP there, the source is still the real server.
    """
    source, port = service.address, service.port
    if service.method == "nat":
        source, port = service.server, service.server_port
    packet = evolve(
        _answer(service, source, port, outgoing=service.client_device),
        interface=service.server_device,
    )
    known = all(each == "1" for each in possible)
    if service.protocol != "tcp":
        seen: list[_Seen] = ["ESTABLISHED" if each == "1" else "first" for each in possible]
        words = "the real server's replies"
        return [_leg("router", "forward", words, "clients", packet, seen, None, reply=known)]
    parts: tuple[tuple[Flags, str, Loss, _Seen], ...] = (
        ("SYN-ACK", "reply (SYN-ACK)", "clients", "INVALID"),
        ("ACK", "later replies (ACK)", "clients", "NEW"),
        ("FIN", "last packet (FIN)", "closing", "INVALID"),
    )
    return [
        _leg(
            "router",
            "forward",
            f"the real server's {name}",
            breaks,
            packet,
            ["ESTABLISHED" if each == "1" else untracked for each in possible],
            flags,
            reply=known,
        )
        for flags, name, breaks, untracked in parts
    ]


def _answer(service: Service, source: str, port: int | None, outgoing: str | None) -> Packet:
    """A reply of the real server to the client."""
    return Packet(
        service.protocol,
        service.client,
        service.client_port,
        source,
        source_port=port,
        state="ESTABLISHED",
        outgoing=outgoing,
        flags="SYN-ACK" if service.protocol == "tcp" else None,
    )


def _leg(
    role: Role,
    way: Way,
    words: str,
    breaks: Loss,
    packet: Packet,
    seen: Iterable[_Seen],
    flags: Flags | None,
    *,
    reply: bool = False,
) -> Leg | None:
    """A leg with a packet for each state; None if one of its states was never measured."""
    packets = []
    for state in dict.fromkeys(seen):
        if state == "not measured":
            return None
        packets.append(evolve(packet, state=None if state == "first" else state, flags=flags))
    return Leg(role, way, tuple(packets), words, breaks, reply=reply)
