"""What keepalived.conf says of virtual servers, real servers and addresses, as values."""

from typing import Literal

from attrs import field

from lvscf.findings.place import Place
from lvscf.keepalived.reading.statements import Gap, Statement
from lvscf.keepalived.reading.words import Word
from lvscf.shared.records import record
from lvscf.source import Source

Method = Literal["direct", "nat", "tunnel"]


@record
class Target:
    """What packets a virtual server balances."""

    address: str
    """Empty with a firewall mark."""
    port: int
    """0 for all ports, and with a firewall mark."""
    fwmark: int
    """0 if packets are selected by address, port and protocol."""
    place: Place


@record
class CheckedPort:
    """A port that a health check connects to."""

    port: int
    place: Place


@record
class Destination:
    """A `real_server` block, or a `sorry_server`."""

    statement: Statement
    address: str
    port: int | None
    """None if it is not written."""
    weight: int
    method: Method | None = None
    """If it differs from that of the virtual server."""
    inhibited: bool = False
    """Whether its weight becomes 0 when it fails, and it stays in the table."""
    checked: tuple[CheckedPort, ...] = ()
    is_connected_to: bool = False
    """Whether keepalived itself connects to it with TCP, to check it."""


@record
class Balanced:
    """A `virtual_server` block: one service in the table, or one for each member of its group."""

    statement: Statement
    targets: tuple[Target, ...]
    protocol: str
    """`tcp`, `udp` or `sctp`; empty if it is not written, which means none for firewall marks."""
    scheduler: str
    """With its flags, such as `sh sh-port`."""
    method: Method
    persistent: int
    """Seconds; 0 means no persistence."""
    netmask: str
    one_packet: bool
    delay: int | None
    """Seconds between two checks; None if it is not written."""
    sorry_server: Destination | None
    servers: tuple[Destination, ...]
    lines: dict[str, Statement] = field(factory=dict)
    """The statements in force inside, by keyword; of two with one meaning, by the usual one."""


@record
class HeldAddress:
    """An address that keepalived brings up."""

    address: str
    prefix: int
    device: str | None
    label: str | None
    is_virtual: bool
    """Whether VRRP moves it; a static one stays."""
    place: Place


@record
class Router:
    """What a `vrrp_instance` says of the routers."""

    own: Word | None
    """`unicast_src_ip`."""
    peers: tuple[Word, ...]
    interface: str | None


@record
class KeepalivedConf:
    """A keepalived.conf, with the files that it includes."""

    sources: tuple[Source, ...]
    """The file itself comes first."""
    statements: tuple[Statement, ...]
    virtual_servers: tuple[Balanced, ...]
    addresses: tuple[HeldAddress, ...]
    routers: tuple[Router, ...]
    gaps: tuple[Gap, ...]
    """What could not be read, in the order of the text."""

    @property
    def source(self) -> Source:
        """The file itself."""
        return self.sources[0]
