"""The program that a configuration is for: what it does otherwise than Piranha, and its words.

Rules about the hosts hold for every program that fills the kernel's IPVS table; only their messages
name the program, its file and its directives.
"""


class Program:
    """A program that sets up IPVS, in the words of messages.

    Every run creates this class, so attrs, which would compile code for it, does not make it.
    """

    def __init__(
        self,
        file: str,
        checker: str,
        nat: str,
        nat_gateway: str,
        *,
        names_routers: bool,
        sends_heartbeats: bool,
    ) -> None:
        self.file: str = file
        """Its configuration."""
        self.checker: str = checker
        """The part of it that checks real servers."""
        self.nat: str = nat
        """How its configuration asks for NAT."""
        self.nat_gateway: str = nat_gateway
        """What its configuration calls the routers' address that real servers reply to by NAT."""
        self.names_routers: bool = names_routers
        """Whether its configuration always has the routers' addresses."""
        self.sends_heartbeats: bool = sends_heartbeats
        """Whether the routers exchange heartbeats over UDP."""


PIRANHA = Program(
    "lvs.cf",
    "nanny",
    "`network = nat`",
    "`nat_router`",
    names_routers=True,
    sends_heartbeats=True,
)
