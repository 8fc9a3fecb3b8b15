"""The files collected from a cluster's hosts, each read once."""

import os
from collections.abc import Callable, Iterable

from attrs import field

from lvscf.cluster import Cluster
from lvscf.files import inputs
from lvscf.files.errors import FileError
from lvscf.files.file_kinds import RULES, kind_of
from lvscf.files.host_files import HostFile
from lvscf.firewall.reader import parse
from lvscf.hosts.host import Host, of_firewall
from lvscf.hosts.reading import UnknownTextError, first_words, read
from lvscf.shared.records import record
from lvscf.source import Source, displayable


@record(frozen=False)
class Archive:
    """Reads evidence, each file once, even if several hosts or lvs.cf files share it."""

    complain: Callable[[FileError], None]
    """Called once for each unusable file."""
    _read: dict[str, Host | None] = field(init=False, factory=dict)
    _unseen: set[str] = field(init=False, factory=set)

    def cluster(self, files: Iterable[HostFile]) -> Cluster:
        """Return the cluster that the files describe; unusable files are left out.

        A file that could not even be read may hold any of its host's tables.  The rules in the
        host's other files are then incomplete evidence and are left out as well.
        """
        files = tuple(files)
        contents = [(file, self._content(file)) for file in files]
        half_known = {(file.role, file.host) for file in files if file.path in self._unseen}
        return Cluster(
            tuple(
                content.of(file.role, file.host)
                for file, content in contents
                if content is not None
                and (file.may_be_no_rules or shows_something(content))
                and not (_has_rules(content) and (file.role, file.host) in half_known)
            )
        )

    def _content(self, file: HostFile) -> Host | None:
        path = file.path
        if path not in self._read:
            self._read[path] = None
            try:
                self._unseen.add(path)
                content = inputs.read(path, "file of a host")
                self._unseen.remove(path)
                self._read[path] = understood(content, "<stdin>" if path == "-" else path)
            except FileError as error:
                self.complain(file.located(error))
        return self._read[path]


def _has_rules(host: Host) -> bool:
    return bool(host.firewalls or host.arp_filters)


def shows_something(host: Host) -> bool:
    """Whether a file shows something of its host, or is an empty one of iptables."""
    return any(
        first_words(source.text) is not None
        or "iptables" in os.path.basename(source.filename).lower()
        or "iptables" in source.text
        for source in host.sources
    )


def understood(content: bytes, name: str, table: str | None = None) -> Host:
    """The host as far as a file shows it.

    Args:
        content: the file's content.
        name: its name.
        table: the table of iptables that it lists, if another source says so.

    Raises:
        FileError: the file is nothing that lvscf reads.
    """
    try:
        host = read(content, name)
        if table is not None and any(one.tables for one in host.firewalls):
            host = of_firewall(parse(content, name, table=table))
    except UnknownTextError:
        kind = kind_of(Source.of(content).text)
        if kind is not None and kind.name != RULES:
            raise FileError(f"{displayable(name)} {kind.predicate}; {kind.as_evidence}") from None
        raise FileError(
            f"{displayable(name)} contains nothing that lvscf reads; save, for instance, the rules "
            "with `iptables-save > FILE` and the addresses with `ip addr > FILE`"
        ) from None
    if _is_something_else(host):
        kind = kind_of(host.sources[0].text)
        if kind is not None and kind.name != RULES:
            raise FileError(f"{displayable(name)} {kind.predicate}; {kind.as_evidence}")
    return host


def _is_something_else(host: Host) -> bool:
    """Whether a text was read as firewall rules, and has findings but no rules."""
    return not host.ipvs and any(
        one.findings and not one.tables and not one.arp_tables
        for one in (*host.firewalls, *host.arp_filters)
    )
