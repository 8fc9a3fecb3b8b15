"""Evidence: the files collected from a cluster's hosts, read and classified."""

import re
from collections.abc import Callable, Iterable

from attrs import field

from lvscf.cluster import Cluster, Evidence
from lvscf.files import inputs
from lvscf.files.errors import FileError
from lvscf.files.file_kinds import RULES, kind_of
from lvscf.files.host_files import HostFile
from lvscf.firewall import Firewall, parse
from lvscf.shared.records import record
from lvscf.source import Source, displayable

_SYSCTL = re.compile(r"[ \t]*-?[a-z]\w*(?:[./][\w*-]+)+[ \t]*=")
_SILENT = re.compile(r"[ \t]*(?:[#;].*)?\r?(?:\n|\Z)")


@record(frozen=False)
class Archive:
    """Reads evidence, each file once, even if several hosts or lvs.cf files share it."""

    complain: Callable[[FileError], None]
    """Called once for each unusable file."""
    _read: dict[str, Firewall | Source | None] = field(init=False, factory=dict)
    _unseen: set[str] = field(init=False, factory=set)

    def cluster(self, files: Iterable[HostFile]) -> Cluster:
        """Return the cluster that the files describe; unusable files are left out.

        A file that could not even be read may hold any of its host's tables.  The host's other
        files are then incomplete evidence and are left out as well.
        """
        files = tuple(files)
        contents = [(file, self._content(file)) for file in files]
        half_known = {(file.role, file.host) for file in files if file.path in self._unseen}
        return Cluster(
            tuple(
                _evidence(file, content)
                for file, content in contents
                if isinstance(content, Source)
                or (content is not None and (file.role, file.host) not in half_known)
            )
        )

    def _content(self, file: HostFile) -> Firewall | Source | None:
        path = file.path
        if path not in self._read:
            self._read[path] = None
            try:
                self._unseen.add(path)
                source = Source.of(inputs.read(path, "firewall file"), _name(path))
                self._unseen.remove(path)
                self._read[path] = _classified(source)
            except FileError as error:
                self.complain(file.located(error))
        return self._read[path]


def _evidence(file: HostFile, content: Firewall | Source) -> Evidence:
    if isinstance(content, Source):
        return Evidence(file.role, file.host, "sysctl", source=content)
    return Evidence(file.role, file.host, "firewall", firewall=content)


def _name(path: str) -> str:
    return "<stdin>" if path == "-" else path


def _classified(source: Source) -> Firewall | Source:
    """Rules or kernel settings, judged by the first line that is not blank or a comment.

    Shell variables have no dots in their names, and no iptables line begins like a setting.  A file
    without such a line means a host without rules, for which `iptables-save` prints nothing.  Any
    other file without rules is a mistake and must not pass for such a host.

    Raises:
        FileError: the file contains neither.
    """
    begin = _first_words(source.text)
    if begin is not None and _SYSCTL.match(source.text, begin):
        return source
    firewall = parse(source.text, source.filename)
    if begin is None or firewall.kind == "nftables" or firewall.tables or firewall.arp_tables:
        return firewall
    kind = kind_of(source.text)
    if kind is not None and kind.name != RULES:
        raise FileError(f"{displayable(source.filename)} {kind.predicate}; {kind.as_evidence}")
    if firewall.findings:
        return firewall
    raise FileError(
        f"{displayable(source.filename)} contains neither iptables, nftables or arptables rules "
        "nor kernel settings; save the rules on the host with `iptables-save > FILE`"
    )


def _first_words(text: str) -> int | None:
    """The offset of the first line that is not blank or a comment."""
    position = 0
    while position < len(text):
        silent = _SILENT.match(text, position)
        if silent is None:
            return position
        position = silent.end()
    return None
