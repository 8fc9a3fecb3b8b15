"""Which collected host is which of an lvs.cf, and which of the collected lvs.cf are linted."""

from collections.abc import Iterable, Sequence

from attrs import field

from lvscf.cluster import Cluster
from lvscf.config.differences import differences
from lvscf.document import Document, parse
from lvscf.files.archive import Archive
from lvscf.files.collected.identity import Part, is_router, parts
from lvscf.files.collected.reading import CollectedHost
from lvscf.files.errors import FileError
from lvscf.files.host_files import HostFile
from lvscf.files.inputs import as_lvs_cf
from lvscf.shared.records import record
from lvscf.source import displayable


@record
class Linted:
    """An lvs.cf to lint: one of a collected host, or one that was named itself."""

    document: Document
    owner: CollectedHost | None
    """The host that it was collected from; None for a file that was named."""
    parts: tuple[tuple[CollectedHost, Part], ...] = ()
    """The hosts of this lvs.cf that were collected."""
    pair: Document | None = None
    """The other router's lvs.cf, with which this one is compared."""

    has_copies: bool = False
    """Whether the lvs.cf of another router was collected, compared here or elsewhere."""

    def cluster(
        self, archive: Archive, named: tuple[HostFile, ...], settings: tuple[HostFile, ...]
    ) -> Cluster:
        """The cluster: what was collected, and what else was named.

        For one host, options replace what was collected, and that replaces settings.

        Args:
            archive: what reads the files.
            named: the files that options name.
            settings: the files that settings name.
        """
        replaced = {(file.role, file.host) for file in named}
        parts = [
            (host, part)
            for host, part in self.parts
            if not any((part.role, name) in replaced for name in (part.name, *part.also, None))
        ]
        taken = {(part.role, name) for _, part in parts for name in (part.name, *part.also)}
        others = tuple(
            file
            for file in settings
            if (file.role, file.host) not in taken | replaced
            and (file.role, None) not in replaced
            and not (file.host is None and any(role == file.role for role, _ in taken))
        )
        collected = (shown.of(part.role, part.name) for host, part in parts for shown in host.files)
        return Cluster((*archive.cluster((*named, *others)).files, *collected))


@record(frozen=False)
class CollectedHosts:
    """The hosts of a run that were collected."""

    hosts: Sequence[CollectedHost]
    linted: list[Linted] = field(factory=list)
    remarks: list[str] = field(factory=list)
    """What people should know about the choice, as sentences."""
    _older: set[int] = field(factory=set)
    """Hosts, by `id`, of which there is a newer collection."""
    _parts: dict[int, dict[Part, None]] = field(factory=dict)
    _skipped: dict[int, str] = field(factory=dict)

    def choose(self, named: Iterable[Document]) -> None:
        """Decide what is linted, and with which hosts.

        Args:
            named: the lvs.cf files that were named themselves.
        """
        copies = self._documents()
        given = [*named]
        self._forget_older(given + [document for _, document in copies])
        copies = [(host, one) for host, one in copies if id(host) not in self._older]
        routers = [(host, document) for host, document in copies if _is_router(host, document)]
        # The sample that comes with the package is on many hosts that are not routers.
        chosen = routers if routers or given else copies
        for host, _ in copies:
            if not any(host is one for one, _ in chosen):
                self._skipped[id(host)] = "not a router of its own lvs.cf, which was not read"
        seen: set[bytes] = set()
        compared: set[frozenset[str]] = set()
        candidates: list[tuple[CollectedHost | None, Document]] = [(None, one) for one in given]
        ordered = sorted(chosen, key=lambda one: _comes_later(*one))
        candidates.extend(ordered)
        for owner, document in candidates:
            if owner is not None and bytes(document) in seen:
                continue
            seen.add(bytes(document))
            pair = self._pair(document, owner, chosen)
            has_copies = pair is not None
            if pair is not None:
                both = frozenset((document.filename, pair.filename))
                if both in compared:  # its differences are reported once
                    pair = None
                compared.add(both)
            self.linted.append(Linted(document, owner, self._parts_in(document), pair, has_copies))

    def part_of(self, host: CollectedHost) -> str:
        """Which host it is, for people."""
        if id(host) in self._older:
            return "an older collection of the same host, not read"
        known = self._parts.get(id(host), {})
        if known:
            return ", ".join(part.title for part in known)
        if id(host) in self._skipped:
            return self._skipped[id(host)]
        if any(one.owner is host for one in self.linted):
            return "not known, only its lvs.cf is read"
        if host.is_cleaned:
            return "not known: its addresses were replaced, as by `sos clean`; not read"
        if host.addresses is None:
            return "not known: its addresses are missing; not read"
        return "in no lvs.cf, not read"

    def _documents(self) -> list[tuple[CollectedHost, Document]]:
        found = []
        for host in self.hosts:
            if host.lvs_cf is None:
                continue
            name = host.collection.name_of(host.lvs_cf)
            content = host.collection.files[host.lvs_cf]
            try:
                found.append((host, parse(as_lvs_cf(content, displayable(name)), name)))
            except FileError as error:
                host.complain(error)
        return found

    def _forget_older(self, documents: Iterable[Document]) -> None:
        """Note the hosts of which a newer collection was given, too.

        Virtual addresses do not tell hosts apart: routers take them over from each other, and real
        servers have them on `lo`.
        """
        shared = {
            service.address.address
            for document in documents
            for service in document.intended.services
            if service.address is not None
        }
        newest: dict[tuple[str, frozenset[str]], CollectedHost] = {}
        for host in sorted(self.hosts, key=lambda one: -one.collection.time):
            own = frozenset(host.addresses or ()) - shared
            if not own:
                continue
            other = newest.setdefault((host.host_name, own), host)
            if other is not host:
                self._older.add(id(host))
                self.remarks.append(
                    f"{displayable(host.path)} and {displayable(other.path)} are of one host; "
                    f"the newer one, {displayable(other.path)}, is used"
                )

    def _parts_in(self, document: Document) -> tuple[tuple[CollectedHost, Part], ...]:
        """The collected hosts of an lvs.cf; of two with one part, the newer one."""
        config = document.intended
        taken: dict[tuple[str, str], CollectedHost] = {}
        found = []
        for host in sorted(self.hosts, key=lambda one: -one.collection.time):
            if id(host) in self._older:
                continue
            for part in parts(config, host.addresses, host.host_name):
                other = taken.setdefault((part.role, part.name), host)
                if other is host:
                    found.append((host, part))
                    self._parts.setdefault(id(host), {})[part] = None
                else:
                    newer = displayable(other.path)
                    self.remarks.append(
                        f"{displayable(host.path)} and {newer} both have the address of "
                        f"{part.title}; the newer one, {newer}, is used"
                    )
        places = {id(host): number for number, host in enumerate(self.hosts)}
        return tuple(sorted(found, key=lambda one: places[id(one[0])]))

    def _pair(
        self,
        document: Document,
        owner: CollectedHost | None,
        copies: Iterable[tuple[CollectedHost, Document]],
    ) -> Document | None:
        """The lvs.cf of another router of this cluster; of several, the first that differs."""
        config = document.intended
        same = None
        for host, copy in copies:
            if host is owner or not is_router(config, host.addresses or ()):
                continue
            if owner is not None and not _is_other(document, owner, host):
                continue
            if copy.refusal is not None or copy.reading.misread_as is not None:
                return copy
            if differences(config, copy.intended):
                return copy
            same = same or copy
        return same


def _is_router(host: CollectedHost, document: Document) -> bool:
    """Whether a host is a router of its own lvs.cf, or may be one."""
    if host.addresses is None:
        return True
    return is_router(document.intended, host.addresses)


def _is_other(document: Document, owner: CollectedHost, host: CollectedHost) -> bool:
    """Whether two hosts are different routers of an lvs.cf."""
    titles = [
        {
            part.title
            for part in parts(document.intended, one.addresses, "")
            if part.role == "router"
        }
        for one in (owner, host)
    ]
    return not titles[0] or titles[0] != titles[1]


def _comes_later(host: CollectedHost, document: Document) -> bool:
    """Whether a copy comes after that of the primary router."""
    own = parts(document.intended, host.addresses, "")
    return not any(part.title.startswith("primary") for part in own)
