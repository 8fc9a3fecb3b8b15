"""LVS3: persistence, which keeps the connections of a client on one real server."""

from collections.abc import Iterable, Iterator

from lvscf.config import health_check, places
from lvscf.config.model import VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared import ipv4

MOST_NEIGHBOURS = 256
"""Addresses in a /24: a larger group of clients is too large to stay with one server."""
SHORT = 60
"""Seconds.  Below this, the next connection of a session may come too late."""
TOO_SHORT = 10
WELL_KNOWN = 1023
"""The last of the well-known ports."""
ONE_CLIENT = "255.255.255.255"
"""The `pmask` that treats each address as a client; Piranha stores it as 0.0.0.0, unset."""
_FTP = 21
_TEMPLATES = "net.ipv4.vs.expire_quiescent_template"


@rule("LVS313", "pmask-without-persistence", Severity.WARNING)
def pmask_without_persistence(case: Case) -> Iterator[Problem]:
    """A persistence netmask without persistence.

    What:
        An active virtual server has a `pmask` other than 0.0.0.0, and `persistent` is 0 or not set.

    Why:
        `pmask` defines which clients persistence treats as one.  Without `persistent`, lvsd does
        not pass it on, and each connection is balanced on its own.

    Example:
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
        +     persistent = 300
              pmask = 255.255.255.0
          }
    """
    for virtual, at in case.written(case.virtual_servers, "pmask"):
        if _is_unset(virtual) or not _is_off(case, virtual):
            continue
        yield Problem(
            at=at,
            message="`pmask` has no effect without `persistent`: each connection of a client is "
            "balanced on its own.",
            help="Add `persistent = SECONDS`, or remove `pmask`.",
            related=((places.value_of(virtual, "persistent"), "persistence is off"),),
        )


@rule("LVS314", "wide-pmask", Severity.WARNING)
def wide_pmask(case: Case) -> Iterator[Problem]:
    """A persistence netmask that groups too many clients.

    What:
        An active virtual server has persistence, and a `pmask` with fewer than 24 bits.

    Why:
        All clients in one network of this size go to the same real server.  With 255.255.240.0 that
        is 4096 addresses: an office, or the customers of a provider, all on one server while the
        others idle.

    Example:
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
              persistent = 300
        -     pmask = 255.255.240.0
        +     pmask = 255.255.255.0
          }
    """
    for virtual, at in case.written(case.virtual_servers, "pmask"):
        if (virtual.persistent or 0) <= 0 or virtual.pmask in (None, UNSET_ADDRESS):
            continue
        neighbours = _addresses_in(virtual.pmask or "")
        if neighbours is not None and neighbours > MOST_NEIGHBOURS:
            yield Problem(
                at=at,
                message=f"{virtual.pmask} treats {neighbours} neighbouring addresses as one "
                "client: all of them go to the same real server.",
                help="Write 255.255.255.0 or a longer mask, or leave out `pmask` so that each "
                "address counts alone.",
            )


@rule("LVS315", "fwmark-without-persistence", Severity.WARNING, also=(Severity.ERROR,))
def fwmark_without_persistence(case: Case) -> Iterator[Problem]:
    """A mark that bundles several ports, without persistence.

    What:
        An active virtual server has a `fwmark` but no `persistent`, and the mark is for several
        ports: the rules of a router, if given, set it for more than one port, for a range or for
        any port; or the port is 21, and FTP needs more than one.  A warning; an error with `network
        = nat` if the rules are given and name these ports (not just all ports, or all below 1024).

    Why:
        Without persistence, each connection is balanced on its own: one client's http and https, or
        the commands and data of one FTP session, go to different servers.  With NAT, the kernel
        also sends all these ports to the one port of the real server: https arrives where http is
        served, and ports 8000 to 8010 all arrive at 8000.

    Example:
          virtual ftp {
              active = 1
              address = 10.10.1.20 eth0:1
              port = 21
              fwmark = 21
        +     persistent = 900
          }
    """
    for virtual, at in case.written(_marked(case), "fwmark"):
        if not _is_off(case, virtual):
            continue
        seen = _bundle(case, virtual)
        known = seen or _session(virtual)
        if known is None:
            continue
        ports, related, named = known
        mixed = seen is not None and case.config.network == "nat"
        consequence = (
            f"without persistence, NAT sends all of them to {_arrival(case, virtual)}, which "
            "serves only one of them."
            if mixed
            else "without persistence, each connection is balanced on its own, and a client's "
            "connections go to different servers."
        )
        yield Problem(
            at=at,
            message=f"{ports}: {consequence}",
            help=_enough(virtual),
            related=((places.value_of(virtual, "persistent"), "persistence is off"), *related),
            severity=Severity.ERROR if mixed and named else None,
        )


@rule("LVS316", "short-persistence", Severity.WARNING, also=(Severity.INFO,))
def short_persistence(case: Case) -> Iterator[Problem]:
    """Persistence that is too short for a session.

    What:
        An active virtual server has a `fwmark` for several ports (see LVS315), and its `persistent`
        is below 10 seconds: a warning.  From 10 to 59 seconds it is a note.

    Why:
        A client stays with its server until its connections are closed and this many seconds have
        passed.  A customer who fills a basket over http and pays over https, or pauses before the
        next transfer, needs longer.

    Example:
          virtual ftp {
              active = 1
              address = 10.10.1.20 eth0:1
              port = 21
              fwmark = 21
        -     persistent = 1
        +     persistent = 900
          }
    """
    for virtual, at in case.written(_marked(case), "persistent"):
        seconds = virtual.persistent or 0
        if not 0 < seconds < SHORT:
            continue
        known = _bundle(case, virtual) or _session(virtual)
        if known is None or not known[2]:
            continue
        ports, related, _ = known
        yield Problem(
            at=at,
            message=f"{ports}, and their connections belong together. {seconds} s after the last "
            "one, a client may be sent to another server.",
            help="Write 300 or more"
            + (" (900 is usual for FTP)." if virtual.port == _FTP else "."),
            related=related,
            severity=None if seconds < TOO_SHORT else Severity.INFO,
        )


@rule("LVS325", "persistence-quiesce", Severity.WARNING)
def persistence_quiesce(case: Case) -> Iterator[Problem]:
    """A failed server that keeps its clients.

    What:
        An active virtual server has `quiesce_server = 1` and persistence.  Not reported if the
        routers' sysctl files are given and set `net.ipv4.vs.expire_quiescent_template` to 1.

    Why:
        With `quiesce_server`, a failed server stays in the table with weight 0.  That keeps new
        clients away, but persistence keeps sending existing clients to it, and each attempt renews
        their persistence: they see a dead service until they give up.

    Example:
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
              persistent = 300
        -     quiesce_server = 1
        +     quiesce_server = 0
          }
    """
    affected = [
        virtual
        for virtual in case.virtual_servers
        if virtual.quiesce_server and (virtual.persistent or 0) > 0
    ]
    if not affected or _templates_expire(case):
        return
    for virtual, at in case.written(affected, "quiesce_server"):
        yield Problem(
            at=at,
            message="A failed server keeps its entry with weight 0, and persistence keeps sending "
            "existing clients to it: for them the service is down.",
            help=f"Write `quiesce_server = 0`, or set `{_TEMPLATES} = 1` on both routers (and give "
            "their sysctl files with `--router`).",
            related=((places.value_of(virtual, "persistent"), "keeps clients on their server"),),
        )


def _is_unset(virtual: VirtualServer) -> bool:
    """Whether `pmask` sets no netmask; 255.255.255.255 does, although Piranha stores 0.0.0.0."""
    line = places.written(virtual, "pmask")
    return virtual.pmask == UNSET_ADDRESS and (line is None or line.words[2].text != ONE_CLIENT)


def depends_on_routers(virtual: VirtualServer) -> bool:
    """Whether only the routers' rules can show if a mark has enough persistence."""
    persistent = virtual.persistent or 0
    return bool(virtual.fwmark) and 0 <= persistent < SHORT and _session(virtual) is None


def _is_off(case: Case, virtual: VirtualServer) -> bool:
    """Whether persistence was not requested; a negative number requests it (see LVS105)."""
    return virtual.persistent == 0 and not case.is_unreadable(virtual, "persistent")


def _addresses_in(netmask: str) -> int | None:
    """How many addresses a network of this mask has; None if the mask has holes."""
    number = 0
    for part in netmask.split("."):
        number = number * 256 + int(part)
    addresses = (number ^ ipv4.ALL_ONES) + 1
    return None if addresses & (addresses - 1) else addresses


def _marked(case: Case) -> Iterable[VirtualServer]:
    """The virtual servers with firewall marks: of several with the same mark, the first."""
    if case.cluster is not None:
        from lvscf.linter.hosts.inspection import inspection_of

        return [virtual for virtual in inspection_of(case).receiving if virtual.fwmark]
    first: dict[int, VirtualServer] = {}
    for virtual in case.virtual_servers:
        if virtual.fwmark:
            first.setdefault(virtual.fwmark, virtual)
    return first.values()


_Bundle = tuple[str, tuple[tuple[Place, str], ...], bool]
"""A clause about the ports of a mark, the routers' rules it is from, and whether they name these
ports: a rule for all ports, or all below 1024, may be meant for one."""


def _bundle(case: Case, virtual: VirtualServer) -> _Bundle | None:
    """The ports of a mark, if a router whose rules were given sets it for several."""
    if case.cluster is None:
        return None
    from lvscf.linter.hosts import iptables_commands
    from lvscf.linter.hosts.inspection import inspection_of
    from lvscf.linter.hosts.rulebook import ALL_PORTS
    from lvscf.linter.hosts.traffic import mark_of, place

    for router in inspection_of(case).routers:
        ports = inspection_of(case).bundled_ports(router, virtual)
        if len(ports) > 1 or any(low < high for low, high in ports):
            rules = router.rulebook.marking.get(mark_of(virtual), ())
            named = not any(low <= 1 and high >= WELL_KNOWN for low, high in ports)
            which = "all ports" if ports == [ALL_PORTS] else iptables_commands.listed(ports)
            return (
                f"On {router.name}, mark {mark_of(virtual)} is for {which}",
                tuple((place(one), "sets the mark") for one in rules),
                named,
            )
    return None


def _arrival(case: Case, virtual: VirtualServer) -> str:
    """Where NAT sends all packets with the mark of a virtual server without persistence."""
    ports = {health_check.port_of(virtual, server) for server in case.servers(virtual)}
    if len(ports) == 1:
        return f"port {ports.pop()} of the real server"
    return "the one port of each real server"


def _session(virtual: VirtualServer) -> _Bundle | None:
    """What is known without the routers' rules: FTP always uses several ports."""
    if virtual.port != _FTP or virtual.protocol != "tcp":
        return None
    return "FTP uses one port for commands and others for data", (), True


def _enough(virtual: VirtualServer) -> str:
    """The help: how long persistence should be."""
    usual = "900, the usual time for FTP" if virtual.port == _FTP else "300"
    return f"Write `persistent = SECONDS`, such as {usual}."


def _templates_expire(case: Case) -> bool:
    """Whether each router whose sysctl files were given lets go of a quiesced server's clients."""
    if case.cluster is None:
        return False
    config = case.config
    pairs = ((config.primary, config.primary_private), (config.backup, config.backup_private))
    values = []
    for addresses in pairs:
        names = [name for name in addresses if name and name != UNSET_ADDRESS]
        router = case.cluster.router(*names) if names else None
        if router is not None and router.settings:
            values.append(router.settings.value(_TEMPLATES))
    return bool(values) and all(value == "1" for value in values)


RULES: tuple[CaseRule, ...] = (
    pmask_without_persistence,
    wide_pmask,
    fwmark_without_persistence,
    short_persistence,
    persistence_quiesce,
)
