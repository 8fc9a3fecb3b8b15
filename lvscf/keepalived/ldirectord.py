"""ldirectord.cf: for clusters whose manager starts ldirectord on the active router only.

ldirectord fills the IPVS table and checks the servers; the cluster manager (Pacemaker, say) moves
the addresses and starts it.  Facts: ldirectord(8) of 4.12, and its table on a kernel with IPVS
being that of Piranha.
"""

from collections.abc import Iterator

from lvscf.config.model import Config
from lvscf.document import Document
from lvscf.keepalived import check_notes, scripts, service_notes
from lvscf.keepalived.checks import Form
from lvscf.keepalived.conversion import check_addresses, in_order, readable
from lvscf.keepalived.maker import made_from
from lvscf.keepalived.notes import ERROR, INFO, WARNING, NoteMaker
from lvscf.keepalived.plan import TIMEOUTS, Options, Plan, plan
from lvscf.keepalived.provenance import Provenance, provenance
from lvscf.keepalived.router_notes import address_notes
from lvscf.keepalived.services import BalancedService
from lvscf.keepalived.targets import target
from lvscf.keepalived.values import SCRIPT_MODE, Conversion, File, Kept, Note

_FOLDER = "/etc/ha.d/checks"
_METHODS = {"nat": "masq", "direct": "gate", "tunnel": "ipip"}
_ELSEWHERE = frozenset(("N06", "N15", "N18", "N20", "N21", "N22", "N23", "N24", "N28", "N32"))
"""Notes about keepalived only, and those that are worded for it."""


def convert_to_ldirectord(document: Document | Config) -> Conversion:
    """Return ldirectord.cf and its check scripts.

    Args:
        document: the lvs.cf.

    Raises:
        RefusedError: Piranha's reader would reject the file.
        UnconvertibleError: an address in use is a host name.
        TypeError: `document` is neither a document nor a configuration.
    """
    config, source = readable(document)
    known = provenance(config, source)
    check_addresses(config, known)
    # The rules for ports are those of old releases of keepalived: marks keep theirs.
    made = plan(config, Options(target("2.0")))
    origin = made_from(known.name)
    files = {"ldirectord.cf": File("\n".join(_lines(made, known, origin)) + "\n")}
    for name, text in _scripts(made, known, origin):
        files[f"checks/{name}"] = File(text, SCRIPT_MODE)
    filename = source.filename if source is not None else known.name
    return Conversion(files, in_order(_notes(made, NoteMaker(known))), "", filename)


def _lines(made: Plan, known: Provenance, origin: str) -> Iterator[str]:
    yield f"# ldirectord.cf, {origin}"
    yield "# The cluster manager moves these addresses (parameters of ocf:heartbeat:IPaddr2) and"
    yield "# runs ldirectord where they are:"
    for one in made.addresses:
        label = f" iflabel={one.label.partition(':')[2]}" if one.label else ""
        yield f"#   ip={one.address} cidr_netmask={one.length} nic={one.device}{label}"
    yield ""
    yield "fork = yes"
    yield "autoreload = no"
    for balanced in made.services.balanced:
        yield ""
        yield f"# {known.titled(balanced.virtual)}"
        yield from _virtual(made, balanced)


def _virtual(made: Plan, one: BalancedService) -> Iterator[str]:
    virtual, entry = one.virtual, one.entry
    method = _METHODS[made.config.network or "nat"]
    timeout = virtual.timeout or 0
    head = str(entry.fwmark) if entry.fwmark else f"{entry.address}:{entry.port}"
    yield f"virtual = {head}"
    for server in one.servers:
        there = f"{server.address}:{server.port or 0}"
        yield f"\treal = {there} {method} {server.weight}"
    if one.sorry_server is not None:
        yield f"\tfallback = {one.sorry_server}:{one.sorry_port or 0} {method}"
    yield f"\tprotocol = {'fwm' if entry.fwmark else entry.protocol}"
    yield f"\tscheduler = {entry.scheduler}"
    if entry.persistent:
        yield f"\tpersistent = {entry.persistent}"
        if entry.netmask != "255.255.255.255":
            yield f"\tnetmask = {entry.netmask}"
    yield f"\tquiescent = {'yes' if virtual.quiesce_server else 'no'}"
    yield f"\tcheckinterval = {timeout}"
    yield f"\tchecktimeout = {2 * timeout + 1 if one.check.form is Form.SCRIPT else timeout}"
    if one.check.form is Form.NONE:
        yield "\tchecktype = on"
    elif one.check.script is not None:
        yield "\tchecktype = external"
        yield f'\tcheckcommand = "{_FOLDER}/{_script_name(made, one)}"'
    else:
        yield "\tchecktype = connect"
        port = _one_port(one)
        if port is not None:
            yield f"\tcheckport = {port}"


def _ports(one: BalancedService) -> set[int]:
    """The ports of checks that are not those of the real servers."""
    return {server.checked_port for server in one.servers if server.connect_port is not None}


def _one_port(one: BalancedService) -> int | None:
    """The port for all checks of a service, if it is not that of the real servers."""
    ports = {server.checked_port for server in one.servers}
    return ports.pop() if len(ports) == 1 and _ports(one) else None


def _script_name(made: Plan, one: BalancedService) -> str:
    if one.check.script is None:
        return ""
    name = made.scripts.names[one.check.script]
    port = _one_port(one)
    return name if port is None else f"{name}-port-{port}"


def _scripts(made: Plan, known: Provenance, origin: str) -> Iterator[tuple[str, str]]:
    found: dict[str, str] = {}
    for one in made.services.balanced:
        name = _script_name(made, one)
        if one.check.script is None or name in found:
            continue
        port = _one_port(one)
        head = (f"Health check, {origin}", known.titled(one.virtual))
        prelude = ["shift 2  # ldirectord also gives the VIP and its port, before these"]
        if port is not None:
            prelude.append(f'set -- "$1" {port}  # the port to check')
        found[name] = scripts.check(one.check.script, head, prelude)
    yield from sorted(found.items())


def _notes(made: Plan, make: NoteMaker) -> Iterator[Note]:
    config = made.config
    yield make.note(
        "N02", INFO, config, ("backup_active", "primary"),
        "ldirectord does not move addresses: a cluster manager must bring up the ones listed in "
        "ldirectord.cf, and start ldirectord on the same router.",
        kept=Kept.NEAR,
    )  # fmt: skip
    yield from address_notes(made, make)
    for module in (service_notes, check_notes):
        for note in module.notes(made, make):
            if note.code not in _ELSEWHERE:
                yield note
    quiesced = [one.virtual for one in made.quiesced if one.entry.persistent]
    if quiesced:
        yield make.note(
            "N15",
            INFO,
            quiesced[0],
            "quiesce_server",
            "Persistent clients of a quiesced server stay with it, unless "
            "`net.ipv4.vs.expire_quiescent_template` is 1.",
            "set it on both routers, if those clients should move",
            others=quiesced[1:],
        )
    if made.is_failover:
        yield make.note(
            "N24", ERROR, config, "service",
            "ldirectord has no failover services (`service = fos`): let the cluster manager start "
            "and watch them.",
            kept=Kept.DROPPED,
        )  # fmt: skip
    if made.timeouts:
        seconds = " ".join(str(made.timeouts[name]) for name in TIMEOUTS)
        yield make.note(
            "N27", WARNING, config, TIMEOUTS,
            "ldirectord sets no IPVS timeouts.",
            f"run `ipvsadm --set {seconds}` on both routers when they boot",
            kept=Kept.DROPPED,
        )  # fmt: skip
    if config.syncdaemon and not made.is_failover:
        yield make.note(
            "N08", WARNING, config, "syncdaemon",
            "ldirectord starts no sync daemon.",
            "let the cluster manager run `ipvsadm --start-daemon`",
            kept=Kept.DROPPED,
        )  # fmt: skip
    programs = [
        one.virtual
        for one in made.services.balanced
        if one.check.script is not None and one.check.script.words
    ]
    if programs:
        yield make.note(
            "N20", WARNING, programs[0], "send_program",
            "A `send_program` that is missing or exits with another status than 0 now means that "
            "the server is down; nanny counted it as up.",
            others=programs[1:], kept=Kept.NEAR,
        )  # fmt: skip
    mixed = [
        one.virtual
        for one in made.services.balanced
        if _ports(one) and _one_port(one) is None and one.check.form is not Form.NONE
    ]
    if mixed:
        yield make.note(
            "N19", ERROR, mixed[0], "port",
            "The real servers are checked on the port of the virtual server: ldirectord has one "
            "check port for all of them, and these have several.",
            others=mixed[1:], kept=Kept.DROPPED,
        )  # fmt: skip
