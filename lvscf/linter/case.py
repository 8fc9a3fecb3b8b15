"""The case: what a rule looks at, with the questions that many rules ask of it."""

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import field, frozen

from lvscf import spelling
from lvscf.config import Config, FailoverService, RealServer, VirtualServer
from lvscf.linter import places
from lvscf.linter.places import Owner, Place
from lvscf.linter.releases import LATEST
from lvscf.source import Source
from lvscf.syntax.faults import FaultKind
from lvscf.syntax.nodes import Blank, Comment, Directive, Item, Unread, lines
from lvscf.syntax.reading import Reading
from lvscf.values import UNSET_ADDRESS

if TYPE_CHECKING:
    from lvscf.cluster import Cluster
    from lvscf.linter.evidence import Inspection


@frozen(eq=False, slots=False)
class Case:
    """A configuration under inspection.

    Rules judge what the writer meant; where Piranha reads another text, an LVS0 finding says so.
    """

    reading: Reading
    written: Config
    """The values as written: None where nothing is said."""
    cluster: "Cluster | None" = None
    """What was collected from the hosts; None if nothing was given."""
    target: str = LATEST
    """The Piranha release that the file is for."""
    is_foreign: bool = field(default=False, kw_only=True)
    """Whether the file is another program's: what it says means nothing here."""

    @property
    def source(self) -> Source:
        """The text, for rules that look at spelling."""
        return self.reading.source

    @cached_property
    def config(self) -> Config:
        """The values that Piranha will use, each service and server with its origin."""
        return self.written.effective

    def first_line(self) -> Place:
        """The first line that says something, for what is wrong with the file as a whole."""
        for line in lines(self.reading.items):
            if not isinstance(line, Blank | Comment | Unread):
                return places.whole(line)
        return Place(0, 0)

    @cached_property
    def is_whole(self) -> bool:
        """Whether the text was read to its end: behind a NUL, anything may stand."""
        return all(fault.kind is not FaultKind.NUL for fault in self.reading.faults)

    @cached_property
    def inspection(self) -> "Inspection":
        """What the hosts' files do to the packets of the services; asked by families 4 and 5."""
        from lvscf.linter.evidence import Inspection  # firewalls are slow to import

        return Inspection(self)

    # --- what was written ------------------------------------------------------------------------

    def items_of(self, owner: Owner) -> tuple[Item, ...]:
        """The lines and blocks of a block, or those at top level."""
        block = places.block_of(owner)
        return self.reading.items if block is None else block.items

    def is_written(self, owner: Owner, name: str) -> bool:
        """Whether a directive was written so that Piranha can read it."""
        return places.written(owner, name) is not None

    def is_spoilt(self, owner: Owner, name: str) -> bool:
        """Whether a line was meant to set `name`, but cannot be read.

        That line has a finding of its own; what it was meant to say is not known.
        """
        for item in self.items_of(owner):
            if isinstance(item, Directive) and item.value is None:
                keyword = item.name.partition("=")[0]
                if keyword == name or spelling.nearest(keyword, (name,)):
                    return True
        return False

    def is_missing(self, owner: Owner, name: str) -> bool:
        """Whether nothing was written that sets `name`, or was meant to."""
        return not self.is_written(owner, name) and not self.is_spoilt(owner, name)

    # --- what is in force ------------------------------------------------------------------------

    @cached_property
    def virtual_servers(self) -> tuple[VirtualServer, ...]:
        """The virtual servers that lvsd will start; none where the file is for `fos`."""
        if self.config.service != "lvs":
            return ()
        return tuple(virtual for virtual in self.config.virtual_servers if self.is_on(virtual))

    @cached_property
    def failover_services(self) -> tuple[FailoverService, ...]:
        """The failover services that fos will start; none where the file is for `lvs`."""
        if self.config.service != "fos":
            return ()
        return tuple(service for service in self.config.failover_services if self.is_on(service))

    @property
    def services(self) -> tuple[VirtualServer | FailoverService, ...]:
        """The services in force, of whichever kind."""
        return self.virtual_servers + self.failover_services

    def servers(self, virtual: VirtualServer) -> Iterator[RealServer]:
        """The real servers of a virtual server that are in force."""
        return (server for server in virtual.servers if self.is_on(server))

    def is_on(self, block: VirtualServer | FailoverService | RealServer) -> bool:
        """Whether a block is active; one whose `active` cannot be read gets the benefit."""
        return bool(block.active) or self.is_spoilt(block, "active")

    @property
    def backup_is_given(self) -> bool:
        """Whether there is a usable address of a backup router."""
        return self.config.backup != UNSET_ADDRESS

    @property
    def backup_in_use(self) -> bool:
        """Whether two routers watch each other."""
        return bool(self.config.backup_active) and self.backup_is_given
