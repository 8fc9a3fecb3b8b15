"""The program that a configuration is for: what it does otherwise than Piranha, and its words.

Rules about the hosts hold for every program that fills the kernel's IPVS table; only their messages
name the program, its file and its directives.
"""

from attrs import field

from lvscf.shared.records import record


@record
class Program:
    """A program that sets up IPVS, in the words of messages."""

    file: str
    """Its configuration."""
    checker: str
    """The part of it that checks real servers."""
    nat: str
    """How its configuration asks for NAT."""
    nat_gateway: str
    """What its configuration calls the routers' address that real servers reply to, with NAT."""
    names_routers: bool = field(kw_only=True)
    """Whether its configuration always has the routers' addresses."""
    sends_heartbeats: bool = field(kw_only=True)
    """Whether the routers exchange heartbeats over UDP."""


PIRANHA = Program(
    "lvs.cf",
    "nanny",
    "`network = nat`",
    "`nat_router`",
    names_routers=True,
    sends_heartbeats=True,
)
