"""Where things come from: the lines of the lvs.cf, for comments and notes."""

import re
from collections import Counter

from attrs import field

from lvscf.config import places
from lvscf.config.model import Config, FailoverService, Owner, RealServer, VirtualServer
from lvscf.config.place_names import escaped
from lvscf.findings.place import Place
from lvscf.shared.records import record
from lvscf.source import Source, Span, displayable

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.\[\]-]+")


@record
class Provenance:
    """The text that values come from, if there is one."""

    source: Source | None
    name: str
    """The name of the lvs.cf, for comments."""
    block_names: "dict[int, str]" = field(factory=dict, repr=False)
    """Names of blocks for notes, by the identity of their origin."""

    def line_of(self, owner: Owner, directive: str | None = None) -> int | None:
        """The line of a block, or of a directive in it; None if that is unknown."""
        place = self.place_of(owner, directive) if directive else places.name_of(owner)
        if place is None or self.source is None:
            return None
        return self.source.location(place.start)[0]

    def remark(self, owner: Owner, directive: str | None = None) -> str:
        """A comment that names a line, such as `lvs.cf:12`; empty if the line is unknown."""
        line = self.line_of(owner, directive)
        return "" if line is None else f"{self.name}:{line}"

    def titled(self, owner: VirtualServer | FailoverService | RealServer) -> str:
        """A block with its line, such as `lvs.cf:12 virtual web`, for comments."""
        name = owner.name if _PLAIN_NAME.fullmatch(owner.name) else f'"{displayable(owner.name)}"'
        return f"{self.remark(owner)} {keyword_of(owner)} {name}".strip()

    def place_of(self, owner: Owner, *directives: str) -> Place | None:
        """The value of the first of these directives that is written."""
        for directive in directives:
            place = places.value_of(owner, directive)
            if place is not None:
                return place
        return None

    def span(self, owner: Owner, *directives: str) -> Span | None:
        """The place to point at: a directive, else its block, else the beginning of the file."""
        if self.source is None:
            return None
        place = self.place_of(owner, *directives) or places.name_of(owner)
        if place is None:
            end = len(self.source.line(1)) if self.source.text else 0
            return self.source.span(0, end)
        return self.source.span(place.start, place.end)

    def block_name(self, owner: Owner) -> str | None:
        """The name of a block, as places are named; None at top level."""
        return self.block_names.get(id(owner.origin)) or _plain_name(owner)


def keyword_of(owner: VirtualServer | FailoverService | RealServer) -> str:
    """The keyword that opens a block."""
    if isinstance(owner, RealServer):
        return "server"
    return "virtual" if isinstance(owner, VirtualServer) else "failover"


def provenance(config: Config, source: Source | None) -> Provenance:
    """What is known about where the values of a configuration come from."""
    name = "lvs.cf"
    if source is not None and not source.filename.startswith("<"):
        name = displayable(source.filename.rpartition("/")[2]) or name
    names: dict[int, str] = {}
    outer_counts: Counter[str] = Counter()
    for service in config.services:
        outer = _numbered(service, outer_counts)
        _keep(names, service, outer)
        counts: Counter[str] = Counter()
        for server in service.servers:
            _keep(names, server, f"{outer}/{_numbered(server, counts)}")
    return Provenance(source, name, names)


def _numbered(owner: Owner, counts: Counter[str]) -> str:
    """The name of a block; of several with the same name, ` #2` means the second."""
    name = _plain_name(owner) or ""
    counts[name] += 1
    return name if counts[name] == 1 else f"{name} #{counts[name]}"


def _plain_name(owner: Owner) -> str | None:
    return None if isinstance(owner, Config) else f"{keyword_of(owner)} {escaped(owner.name)}"


def _keep(names: dict[int, str], owner: Owner, name: str) -> None:
    if owner.origin is not None:
        names[id(owner.origin)] = displayable(name)
