"""The cluster: the evidence that was collected from its hosts.

A rule about firewall marks or redirects reads files of four or more hosts.  This module holds them
by host, and matches each file to a host of lvs.cf by address or name.
"""

from collections.abc import Iterable
from typing import Literal

from attrs import field, frozen

from lvscf.firewall.firewall import Firewall
from lvscf.source import Source

Role = Literal["router", "real-server"]


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
    """One file that was collected from a host.

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


def _evidence(value: "Iterable[Evidence]") -> "tuple[Evidence, ...]":
    """Make a tuple of several pieces of evidence, given in any iterable.

    Raises:
        TypeError: the value is something else.
    """
    if isinstance(value, Evidence):
        raise TypeError("a cluster takes several pieces of Evidence: Cluster((evidence,))")
    several = value if isinstance(value, Iterable) and not isinstance(value, str) else (value,)
    pieces: list[Evidence] = []
    for one in several:
        if not isinstance(one, Evidence):
            raise TypeError(f"a cluster is made of Evidence, not {type(one).__name__}")
        pieces.append(one)
    return tuple(pieces)


@frozen(eq=False)
class Cluster:
    """All evidence that was given with an lvs.cf, in that order.

    Raises:
        TypeError: something other than pieces of evidence was given.
    """

    evidence: tuple[Evidence, ...] = field(default=(), converter=_evidence)

    def of_router(self, *names: str) -> tuple[Evidence, ...]:
        """The evidence for a router with any of these names, and that for both routers."""
        return tuple(
            one
            for one in self.evidence
            if one.role == "router" and (one.host is None or one.host in names)
        )

    def of_real_server(self, *names: str) -> tuple[Evidence, ...]:
        """The evidence for a real server with any of these names."""
        return tuple(
            one for one in self.evidence if one.role == "real-server" and one.host in names
        )

    @property
    def sources(self) -> dict[str, Source]:
        """The text of every file, by file name, for reports."""
        texts = (one.firewall.source if one.firewall else one.source for one in self.evidence)
        return {text.filename: text for text in texts if text is not None}
