"""Commands that fix what a finding is about, each with the host on which it is run.

They have a module of their own, because only findings about hosts have commands.
"""

from typing import Literal

from attrs import field, frozen

from lvscf.shared.records import compared
from lvscf.source import displayable


@compared
@frozen(eq=False, repr=False)
class Command:
    """A command for a shell of one host: `iptables`, `arptables`, `sysctl` or `ip`.

    It changes the running host.  One that inserts a rule counts the rules as the host's file shows
    them; after other insertions into the same chain, it works as well, only earlier in the chain.
    """

    role: Literal["router", "real-server"]
    host: str | None
    """The host as it was named when its files were given; None means both routers."""
    text: str = field(converter=displayable)
    """Such as `iptables -I INPUT 5 -p tcp -d 10.10.1.20 --dport 80 -j ACCEPT`."""
