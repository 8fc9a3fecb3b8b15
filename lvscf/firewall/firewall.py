"""Firewall: the rules of one host, and the way of a packet through them."""

from collections.abc import Mapping, Set
from typing import Literal

from attrs import field, frozen

from lvscf.findings import Finding
from lvscf.firewall.model import Table
from lvscf.firewall.packets import Outcome, Packet
from lvscf.firewall.trace import Tracer
from lvscf.source import Source


@frozen(eq=False)
class Firewall:
    """What one file says of a host's packet filter."""

    source: Source
    kind: Literal["iptables", "arptables"]
    """`arptables` if the file is for arptables only."""
    tables: Mapping[str, Table]
    """iptables' tables that the file speaks of, by name, in the order packets meet them."""
    arp_tables: Mapping[str, Table] = field(factory=dict)
    """The same of arptables."""
    findings: tuple[Finding, ...] = ()
    """What iptables would refuse, and what cannot be told from the text: family LVS7."""
    _tracers: list[Tracer] = field(init=False, factory=list, repr=False)
    _followed: set[tuple[object, ...]] = field(init=False, factory=set, repr=False)

    def __str__(self) -> str:
        tables = self.arp_tables if self.kind == "arptables" else self.tables
        return "".join(map(str, tables.values()))

    @property
    def followed(self) -> Set[tuple[object, ...]]:
        """The packets that were followed so far, each once; for reports."""
        return self._followed

    def trace(
        self,
        packet: Packet,
        local_address: str | None = None,
        *,
        established: bool = False,
        answering: bool = False,
    ) -> tuple[Outcome, ...]:
        """Follow a packet through raw, mangle and nat PREROUTING, mangle and filter INPUT.

        Args:
            packet: the packet; its fields that are None are followed both ways by every rule
                that tests them, and so is what only a running kernel can tell (`-m limit`).
            local_address: the address of the incoming interface, where REDIRECT sends packets.
            established: a later packet of a connection that the given one has opened, instead of
                that first packet itself.
            answering: a packet of a connection that this host has opened.

        Returns:
            Every way the packet can go; one if all is known.  Ways that had to assume less come
            first.

        Raises:
            TypeError: `packet` is something else.
        """
        if not isinstance(packet, Packet):
            raise TypeError(f"a Packet is followed, not {type(packet).__name__}")
        self._followed.add((packet, local_address, established, answering))
        if not self._tracers:
            self._tracers.append(Tracer(self.tables))
        return self._tracers[0].trace(
            packet, local_address, established=established, answering=answering
        )
