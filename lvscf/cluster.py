"""The cluster: which evidence was collected from which host.

A rule about firewall marks or redirects looks at files of four and more hosts.  Here they are held
by host; which of the hosts that lvs.cf names a file belongs to is settled once, by address or name.
"""

from typing import Literal

from attrs import frozen

from lvscf.firewall.firewall import Firewall
from lvscf.source import Source

Role = Literal["router", "real-server"]


@frozen(eq=False)
class Evidence:
    """One file that was collected from a host."""

    role: Role
    host: str | None
    """Address of the host, or its name in lvs.cf; None stands for both routers."""
    kind: Literal["firewall", "sysctl"]
    """iptables and arptables are told apart by content."""
    firewall: Firewall | None = None
    """The parsed rules, where `kind` is `firewall`."""
    source: Source | None = None
    """The text, where `kind` is `sysctl`."""


@frozen(eq=False)
class Cluster:
    """All evidence that was given with an lvs.cf, in the order in which it was given."""

    evidence: tuple[Evidence, ...] = ()

    def of_router(self, *names: str) -> tuple[Evidence, ...]:
        """What was given for a router that goes by any of `names`, or for both."""
        return tuple(
            one
            for one in self.evidence
            if one.role == "router" and (one.host is None or one.host in names)
        )

    def of_real_server(self, *names: str) -> tuple[Evidence, ...]:
        """What was given for a real server that goes by any of `names`."""
        return tuple(
            one for one in self.evidence if one.role == "real-server" and one.host in names
        )

    @property
    def sources(self) -> dict[str, Source]:
        """The text of every file, by name, for reports."""
        texts = (one.firewall.source if one.firewall else one.source for one in self.evidence)
        return {text.filename: text for text in texts if text is not None}
