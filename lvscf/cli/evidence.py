"""Evidence: the files collected from a cluster's hosts, read and classified."""

import re
from collections.abc import Callable, Iterable

from attrs import field

from lvscf.cli import inputs
from lvscf.cli.errors import CommandError
from lvscf.cli.file_kinds import RULES, kind_of
from lvscf.cli.host_files import HostFile
from lvscf.cluster import Cluster, Evidence
from lvscf.firewall import Firewall, parse
from lvscf.shared.records import record
from lvscf.source import Source, displayable, quoted

_SYSCTL = re.compile(r"[ \t]*-?[a-z]\w*(?:[./][\w*-]+)+[ \t]*=")
_SILENT = re.compile(r"[ \t]*(?:[#;].*)?\r?(?:\n|\Z)")
_EXAMPLES = {"router": "10.10.1.21=iptables.txt", "real-server": "lvs-d03=iptables.txt"}


def from_options(routers: Iterable[str], real_servers: Iterable[str]) -> tuple[HostFile, ...]:
    """The files that `--router` and `--real-server` name.

    Raises:
        CommandError: an option lacks its file or its host.
    """
    files = []
    for option in routers:
        host, path = _divided(option)
        if not path or host == "":
            raise _unusable("router", option)
        files.append(HostFile("router", host, path))
    for option in real_servers:
        host, path = _divided(option)
        if not path or not host:
            raise _unusable("real-server", option)
        files.append(HostFile("real-server", host, path))
    return tuple(files)


def combined(options: tuple[HostFile, ...], settings: tuple[HostFile, ...]) -> tuple[HostFile, ...]:
    """The files of both; options for a host replace its settings."""
    given = {(file.role, file.host) for file in options}
    return options + tuple(
        file
        for file in settings
        if (file.role, file.host) not in given and (file.role, None) not in given
    )


@record(frozen=False)
class Archive:
    """Reads evidence, each file once, even if several hosts or lvs.cf files share it."""

    complain: Callable[[CommandError], None]
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
            except CommandError as error:
                self.complain(file.located(error))
        return self._read[path]


def _evidence(file: HostFile, content: Firewall | Source) -> Evidence:
    if isinstance(content, Source):
        return Evidence(file.role, file.host, "sysctl", source=content)
    return Evidence(file.role, file.host, "firewall", firewall=content)


def _divided(option: str) -> tuple[str | None, str]:
    """`HOST=FILE`, split; a `=` after a slash is part of the file's name."""
    host, equals, path = option.partition("=")
    return (host, path) if equals and "/" not in host else (None, option)


def _unusable(name: str, option: str) -> CommandError:
    return CommandError(
        f"--{name} {quoted(option)} needs a host and a file; write `--{name} {_EXAMPLES[name]}`"
    )


def _name(path: str) -> str:
    return "<stdin>" if path == "-" else path


def _classified(source: Source) -> Firewall | Source:
    """Rules or kernel settings, judged by the first line that is not blank or a comment.

    Shell variables have no dots in their names, and no iptables line begins like a setting.  A file
    without such a line means a host without rules, for which `iptables-save` prints nothing.  Any
    other file without rules is a mistake and must not pass for such a host.

    Raises:
        CommandError: the file contains neither.
    """
    begin = _first_words(source.text)
    if begin is not None and _SYSCTL.match(source.text, begin):
        return source
    firewall = parse(source.text, source.filename)
    if begin is None or firewall.tables or firewall.arp_tables:
        return firewall
    kind = kind_of(source.text)
    if kind is not None and kind.name != RULES:
        raise CommandError(f"{displayable(source.filename)} {kind.predicate}; {kind.as_evidence}")
    if firewall.findings:
        return firewall
    raise CommandError(
        f"{displayable(source.filename)} contains neither iptables or arptables rules "
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
