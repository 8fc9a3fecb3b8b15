"""The cluster: its hosts, as far as the files that were collected there show them.

A rule about firewall marks or redirects reads files of four or more hosts.  This module holds them
by host, and matches each file to a host of lvs.cf by address or name.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Literal

from attrs import field, frozen

from lvscf.firewall.firewall import Firewall
from lvscf.hosts.host import Host, Role, joined, of_firewall
from lvscf.source import Source

_ROLES = ("router", "real-server")
_KINDS = ("firewall", "sysctl")


def _role(_instance: object, _attribute: object, role: object) -> None:
    if role not in _ROLES:
        raise ValueError(f"the role of evidence is 'router' or 'real-server', not {role!r}")


def _host(instance: "Evidence", _attribute: object, host: str | None) -> None:
    if host is None and instance.role == "real-server":
        raise ValueError("evidence from a real server needs its host: an address or a name")
    if host is not None and not isinstance(host, str):
        raise TypeError(f"the host of evidence is a str or None, not {type(host).__name__}")


def _kind(_instance: object, _attribute: object, kind: object) -> None:
    if kind not in _KINDS:
        raise ValueError(
            f"the kind of evidence is 'firewall' (rules of iptables or arptables) or 'sysctl', "
            f"not {kind!r}"
        )


def _content(instance: "Evidence", _attribute: object, source: Source | None) -> None:
    """Check the content; both fields are set by now."""
    if instance.kind == "firewall" and not isinstance(instance.firewall, Firewall):
        raise TypeError(
            "evidence of the kind 'firewall' needs parsed rules: "
            "Evidence(role, host, 'firewall', firewall=lvscf.firewall.parse(text, filename))"
        )
    if instance.kind == "sysctl" and not isinstance(source, Source):
        raise TypeError(
            "evidence of the kind 'sysctl' needs a source text: "
            "Evidence(role, host, 'sysctl', source=lvscf.source.Source(text, filename))"
        )


@frozen(eq=False)
class Evidence:
    """Parsed firewall rules or the text of kernel settings, with the host that they come from.

    `lvscf.hosts.read(text, filename).of(role, host)` reads these and every other kind of file.

    Raises:
        ValueError: the role or kind does not exist, or a real server has no host.
        TypeError: the content is not what the kind needs.
    """

    role: Role = field(validator=_role)
    host: str | None = field(validator=_host)
    """Address of the host, or its name in lvs.cf; None means both routers."""
    kind: Literal["firewall", "sysctl"] = field(validator=_kind)
    """For `firewall`, the text itself decides between iptables and arptables."""
    firewall: Firewall | None = None
    """The parsed rules, if `kind` is `firewall`."""
    source: Source | None = field(default=None, validator=_content)
    """The text, if `kind` is `sysctl`."""

    def shown(self) -> Host:
        """The host, as far as this shows it."""
        if self.firewall is not None:
            return of_firewall(self.firewall).of(self.role, self.host)
        from lvscf.hosts.kernel_setting_lines import read

        assert self.source is not None
        return read(self.source).of(self.role, self.host)


def _files(value: "Iterable[Host | Evidence]") -> tuple[Host, ...]:
    """Make a tuple of hosts, given in any iterable.

    Raises:
        TypeError: the value is something else.
        ValueError: a host has no role.
    """
    if isinstance(value, Host | Evidence):
        raise TypeError("a cluster takes several hosts: Cluster((host,))")
    several = value if isinstance(value, Iterable) and not isinstance(value, str) else (value,)
    hosts: list[Host] = []
    for one in several:
        if isinstance(one, Evidence):
            one = one.shown()
        if not isinstance(one, Host):
            raise TypeError(f"a cluster is made of hosts or Evidence, not {type(one).__name__}")
        if one.role is None:
            raise ValueError(
                "a host in a cluster needs its role and name: host.of('router', '10.10.1.21')"
            )
        hosts.append(one)
    return tuple(hosts)


@frozen(eq=False, slots=False)
class Cluster:
    """What was given with an lvs.cf, in that order: each file as the host that it shows in part.

    Raises:
        TypeError: something other than several hosts was given.
        ValueError: a host has no role.
    """

    files: tuple[Host, ...] = field(default=(), converter=_files)

    @cached_property
    def hosts(self) -> tuple[Host, ...]:
        """The hosts, each with all its files; one without a name stands for both routers."""
        parts: dict[tuple[Role | None, str | None], list[Host]] = {}
        for file in self.files:
            parts.setdefault((file.role, file.name), []).append(file)
        return tuple(map(joined, parts.values()))

    def router(self, *names: str) -> Host | None:
        """A router by any of its names, with the files for both routers; None without files."""
        return self._host("router", (*names, None))

    def real_server(self, *names: str) -> Host | None:
        """A real server by any of its names; None if no file of it was given."""
        return self._host("real-server", names)

    def _host(self, role: Role, names: tuple[str | None, ...]) -> Host | None:
        """A host by any of its names, with its files in the order in which they were given."""
        key = (role, frozenset(names))
        if key not in self._known:
            found = {at for name in key[1] for at in self._positions.get((role, name), ())}
            parts = [self.files[at] for at in sorted(found)]
            self._known[key] = joined(parts) if parts else None
        return self._known[key]

    @cached_property
    def _known(self) -> dict[tuple[Role, frozenset[str | None]], Host | None]:
        """The hosts that were asked for: rules ask for the same ones, for each service again."""
        return {}

    @cached_property
    def _positions(self) -> dict[tuple[Role | None, str | None], list[int]]:
        """The positions of a host's files, by its role and name."""
        found: dict[tuple[Role | None, str | None], list[int]] = {}
        for at, file in enumerate(self.files):
            found.setdefault((file.role, file.name), []).append(at)
        return found

    @property
    def sources(self) -> dict[str, Source]:
        """The text of every file, by file name, for reports."""
        return {text.filename: text for file in self.files for text in file.sources}
