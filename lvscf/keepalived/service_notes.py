"""Notes about virtual servers and real servers."""

from collections.abc import Iterable, Iterator

from lvscf.config.health_check import DEFAULT_REENTRY
from lvscf.config.model import FailoverService, Owner, RealServer, Service, VirtualServer
from lvscf.keepalived.notes import ERROR, INFO, WARNING, NoteMaker
from lvscf.keepalived.plan import Plan
from lvscf.keepalived.router_file import granularity
from lvscf.keepalived.services import BalancedService, Omission, Reason
from lvscf.keepalived.values import Kept, Note
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared import ipv4
from lvscf.shared.plurals import counted
from lvscf.source import quoted

_SLOW_START_WEIGHT = 64
"""From this weight on, nanny starts a server with less than half of it."""


def notes(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    """All notes of this module."""
    yield from omission_notes(plan, make)
    yield from _marks(plan, make)
    yield from _readmission(plan, make)
    yield from _quiesced(plan, make)
    yield from _load(plan, make)
    yield from _both_routers(plan, make)
    yield from _unused_blocks(plan, make)
    yield from _masks(plan, make)
    yield from _without_effect(plan, make)


def omission_notes(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    """Notes about what is left out, because Piranha has no use for it either."""
    yield from _nothing(plan, make)
    yield from _left_out(plan, make)


def _nothing(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    blocks: Iterable[Service] = (
        plan.config.failover_services if plan.is_failover else plan.config.virtual_servers
    )
    if any(one.active for one in blocks):
        return
    kind = "failover service" if plan.is_failover else "virtual server"
    yield make.note(
        "N30", ERROR, plan.config, "service",
        f"There is no active {kind}, so pulse does not start and there is nothing to convert.",
        "set `active = 1` in the blocks that are needed",
        kept=Kept.DROPPED,
    )  # fmt: skip


_ABOUT: dict[Reason, tuple[str, str, str, str | None]] = {
    Reason.REJECTED: (
        "N30", "port",
        "ipvsadm rejects this service, so Piranha never loaded it, and it is left out.",
        "correct it in lvs.cf and convert again",
    ),
    Reason.NO_VIP: (
        "N30", "address",
        "A virtual server without `address` is left out: Piranha loads it for 0.0.0.0, where no "
        "client comes.",
        "add its `address`, or remove the block",
    ),
    Reason.NO_INTERVAL: (
        "N31", "timeout",
        "A virtual server is left out because of its `timeout`: with 0, nanny crashes and lvsd "
        "stops every service; with less, nanny checks each server only once.",
        "set `timeout` to some seconds and convert again",
    ),
    Reason.SAME_DESTINATION: (
        "N31", "port",
        "The virtual server has this real server already: ipvsadm rejects it, nanny ends and lvsd "
        "stops every service. It is left out.",
        "remove one of the two `server` blocks",
    ),
    Reason.SAME_WITHOUT_PORT: (
        "N14", "port",
        "This real server is left out: for a firewall mark keepalived has no ports, and the same "
        "address is there already. Under Piranha both took traffic.",
        "add its weight to that of the other one",
    ),
    Reason.NO_ADDRESS: (
        "N31", "address",
        "A real server without `address` is left out: if the router itself answers its check, "
        "ipvsadm fails and lvsd stops every service.",
        "add its `address`, or remove the block",
    ),
    Reason.PORT: (
        "N31", "port",
        "A real server is left out because its port is out of range: if its check succeeds, "
        "ipvsadm fails and lvsd stops every service.",
        "correct its `port` and convert again",
    ),
    Reason.PORT_ZERO: (
        "N19", "port",
        "A real server is left out because it is checked on port 0, where it is never up.",
        "give it the port that its service listens on",
    ),
    Reason.WEIGHT: (
        "N31", "weight",
        "A real server is left out because of its weight: ipvsadm rejects more than 65535, nanny "
        "ends and lvsd stops every service.",
        "lower the weight and convert again",
    ),
}  # fmt: skip
"""For each reason: code, directive, message and help."""


def _left_out(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    groups: dict[Reason, list[Omission]] = {}
    for one in plan.services.omitted:
        groups.setdefault(one.reason, []).append(one)
    for reason, some in groups.items():
        owners = [_owner(one) for one in some]
        if reason is Reason.SERVICE_EXISTS:
            for one in some:
                yield _second_service(one.virtual, make)
        elif reason is Reason.MONITOR_EXISTS:
            yield make.note(
                "N14", WARNING, owners[0], "address",
                f"{_these(len(some))} left out: an earlier one has the same VIP, ports and "
                "address, and lvsd does not monitor the same server twice.",
                "to use it in both services under keepalived, add it by hand",
                others=owners[1:], kept=Kept.NEAR,
            )  # fmt: skip
        elif reason is Reason.NO_SERVERS:
            yield from _without_servers(plan, [one.virtual for one in some], make)
        else:
            code, directive, message, help = _ABOUT[reason]
            if reason is Reason.REJECTED:
                directives = tuple(_rejected(some[0].virtual))
            else:
                directives = (directive,)
            yield make.note(
                code, ERROR, owners[0], directives, message, help,
                others=owners[1:], kept=Kept.DROPPED,
            )  # fmt: skip


def _these(count: int) -> str:
    return "This real server is" if count == 1 else f"{count} real servers are"


def _owner(one: Omission) -> Owner:
    return one.virtual if one.server is None else one.server


def _rejected(virtual: VirtualServer) -> Iterator[str]:
    """The directives that ipvsadm may reject, the likeliest first."""
    if virtual.fwmark:
        yield "fwmark"
    yield from ("port", "persistent")


def _second_service(virtual: VirtualServer, make: NoteMaker) -> Note:
    if virtual.fwmark:
        same = f"has the same firewall mark, {virtual.fwmark}, as an earlier one"
        directive = "fwmark"
    else:
        same = "has the same VIP, port and protocol as an earlier one"
        directive = "port"
    return make.note(
        "N12", WARNING, virtual, directive,
        f"This virtual server {same}, so Piranha ignored it, its servers and its checks. It is "
        "left out.",
        "the service of the earlier block also takes its traffic"
        if virtual.fwmark
        else "remove the block, or give it another port",
        kept=Kept.EXACT,
    )  # fmt: skip


def _without_servers(plan: Plan, virtuals: list[VirtualServer], make: NoteMaker) -> Iterator[Note]:
    doubles = {
        id(one.virtual) for one in plan.services.omitted if one.reason is Reason.MONITOR_EXISTS
    }
    for code, some in (
        ("N14", [one for one in virtuals if id(one) in doubles]),
        ("N30", [one for one in virtuals if id(one) not in doubles]),
    ):
        if some:
            yield make.note(
                code, ERROR, some[0], "active",
                "A virtual server without real servers is left out. Under Piranha its clients were "
                "refused; now the router itself answers them.",
                "add a real server, or remove the block",
                others=some[1:], kept=Kept.NEAR,
            )  # fmt: skip


def _marks(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    """NAT without persistence: Piranha's table rewrote each marked port to the server's."""
    if plan.config.network != "nat" or plan.options.target.wants_ports_with_marks:
        return
    marked = [
        one
        for one in plan.services.balanced
        if one.entry.fwmark
        and not one.entry.persistent
        and any(server.checked_port for server in one.servers)
    ]
    other: list[VirtualServer] = []
    same: list[VirtualServer] = []
    for one in marked:
        differs = any(server.checked_port != one.virtual.port for server in one.servers)
        (other if differs else same).append(one.virtual)
    if other:
        yield make.note(
            "N06", ERROR, other[0], "fwmark",
            "Packets with this mark keep the port that clients ask for, and no longer reach the "
            "real servers' own ports: for a firewall mark, keepalived sets port 0.",
            "let the real servers listen on the marked ports, or balance each port by its VIP",
            others=other[1:], kept=Kept.NEAR,
        )  # fmt: skip
    if same:
        yield make.note(
            "N06", INFO, same[0], "fwmark",
            "Packets with this mark keep the port that clients ask for. Under Piranha all marked "
            "ports reached the real servers' one port.",
            "nothing changes if only that port is marked",
            others=same[1:], kept=Kept.NEAR,
        )  # fmt: skip


def _readmission(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    virtuals = [one.virtual for one in plan.services.balanced]
    if virtuals:
        slowest = max(virtuals, key=_checks_needed)
        count = _checks_needed(slowest)
        written = [one for one in virtuals if plan.is_written(one, "reentry")]
        if count > 1 or written:
            first = written[0] if written else slowest
            if count > 1:
                severity, waited = WARNING, f"nanny waited for up to {count} of them (`reentry`)"
            else:
                severity, waited = INFO, "with this `reentry`, nanny did the same"
            yield make.note(
                "N13", severity, first, "reentry",
                f"The first good check brings a failed server back; {waited}.",
                "watch for servers that fail again and again: they get traffic in between"
                if count > 1
                else None,
                others=[one for one in virtuals if one is not first],
            )  # fmt: skip
    heavy = [
        server.server
        for one in plan.services.balanced
        for server in one.servers
        if server.weight >= _SLOW_START_WEIGHT
    ]
    if heavy:
        yield make.note(
            "N13", INFO, heavy[0], "weight",
            "A server gets its full weight at once; nanny began with a thirty-second of it and "
            "doubled it every 20 s or so.",
            others=heavy[1:], kept=Kept.NEAR,
        )  # fmt: skip


def _checks_needed(virtual: VirtualServer) -> int:
    """How many good checks in a row nanny wants before a failed server returns."""
    reentry = virtual.reentry or DEFAULT_REENTRY
    return reentry // max(1, virtual.timeout or 0)


def _quiesced(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    quiesced = [one.virtual for one in plan.quiesced]
    persistent = [one.virtual for one in plan.quiesced if one.entry.persistent]
    if persistent:
        yield make.note(
            "N15", INFO, persistent[0], "quiesce_server",
            "Persistent clients of a quiesced server stay with it, unless "
            "`net.ipv4.vs.expire_quiescent_template` is 1. `sysctl.conf` sets it.",
            "leave it out if those clients should keep waiting, as they did under Piranha by "
            "default",
            others=persistent[1:],
        )  # fmt: skip
    elif quiesced:
        yield make.note(
            "N15", INFO, quiesced[0], "quiesce_server",
            "A failed server stays in the table with weight 0 (`inhibit_on_failure`), as under "
            "Piranha. No such service is persistent, so `expire_quiescent_template` does not "
            "matter.",
            others=quiesced[1:],
        )  # fmt: skip


def _load(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    watched = [
        one for one in plan.services.balanced if one.virtual.load_monitor not in (None, "none", "")
    ]
    moved = [one for one in watched if max(server.weight for server in one.servers) > 1]
    still = [one for one in watched if max(server.weight for server in one.servers) <= 1]
    for severity, some, effect in (
        (WARNING, moved, "the weights no longer follow the servers' load"),
        (INFO, still, "nothing changes: it never moves a weight of 1"),
    ):
        if some:
            first = some[0].virtual
            yield make.note(
                "N16", severity, first, "load_monitor",
                f"`load_monitor = {first.load_monitor}` is dropped; {effect}.",
                "set weights for the servers' capacity, or use the scheduler wlc"
                if severity is WARNING
                else None,
                others=[one.virtual for one in some[1:]],
            )  # fmt: skip


def _both_routers(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    if not plan.is_pair or not plan.services.balanced:
        return
    config = plan.config
    routers = {config.primary, config.backup, config.primary_private, config.backup_private}
    local = [
        server.server
        for one in plan.services.balanced
        for server in one.servers
        if server.address in routers - {UNSET_ADDRESS}
    ]
    if local and config.network == "direct":
        yield make.note(
            "N18", WARNING, local[0], "address",
            "A real server is one of the routers, and with keepalived both routers hold the IPVS "
            "table: packets may circle between them.",
            "use separate real servers, or `lvscf convert --to ldirectord`, which fills the table "
            "of the active router only",
            others=local[1:], kept=Kept.NEAR,
        )  # fmt: skip
        return
    yield make.note(
        "N18", INFO, config, ("network", "backup_active"),
        "keepalived checks the real servers and fills the IPVS table on both routers, not only on "
        "the active one.",
        "let the real servers answer checks from both routers",
        kept=Kept.NEAR,
    )  # fmt: skip


def _unused_blocks(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    config = plan.config
    others: tuple[Service, ...] = (
        config.virtual_servers if plan.is_failover else config.failover_services
    )
    if others:
        kind = "virtual" if plan.is_failover else "failover"
        yield make.note(
            "N25", INFO, others[0], "active",
            f"{counted(len(others), f'`{kind}` block')} left out, as Piranha ignores "
            f"`{kind}` blocks with `service = {config.service}`.",
            others=others[1:], kept=Kept.EXACT,
        )  # fmt: skip
    inactive = list(_inactive(plan))
    if inactive:
        later = list(_later(inactive))
        also = f"; then also note {', '.join(later)}" if later else ""
        yield make.note(
            "N29", INFO, inactive[0], "active",
            f"{counted(len(inactive), 'inactive block')} left out; a comment names each.",
            f"convert again before you activate them{also}",
            others=inactive[1:], kept=Kept.EXACT,
        )  # fmt: skip


def _later(inactive: list[VirtualServer | FailoverService | RealServer]) -> Iterator[str]:
    """What else will change if the inactive blocks are activated."""
    services = [one for one in inactive if not isinstance(one, RealServer)]
    if any(one.send_program is not None for one in services):
        yield "N20 (`send_program`)"
    if any(one.quiesce_server for one in services):
        yield "N15 (`expire_quiescent_template`)"
    if any(one.load_monitor not in (None, "none", "") for one in services):
        yield "N16 (`load_monitor`)"


def _inactive(plan: Plan) -> Iterator[VirtualServer | FailoverService | RealServer]:
    config = plan.config
    services: tuple[Service, ...] = (
        config.failover_services if plan.is_failover else config.virtual_servers
    )
    for service in services:
        if not service.active:
            yield service
        elif not plan.is_failover:
            yield from (server for server in service.servers if not server.active)


def _masks(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    grouped = [one for one in plan.services.balanced if _groups(one)]
    holes = [one for one in grouped if granularity(plan, one) is None]
    if holes:
        first = holes[0].virtual
        yield make.note(
            "N28", ERROR, first, "pmask",
            f"Each client is on its own for persistence: keepalived rejects `pmask = "
            f"{first.pmask}`, which has holes.",
            "use a mask without holes",
            others=[one.virtual for one in holes[1:]], kept=Kept.DROPPED,
        )  # fmt: skip
    if grouped and not plan.options.target.groups_clients:
        first = grouped[0].virtual
        yield make.note(
            "N28", ERROR, first, "pmask",
            f"keepalived {plan.options.target.name} rejects `persistence_granularity` unless the "
            "distribution has patched it: each client is then on its own for persistence.",
            "use keepalived 1.4.3 or later, or check with `ipvsadm -Sn` that services have `-M`",
            others=[one.virtual for one in grouped[1:]], kept=Kept.DROPPED,
        )  # fmt: skip


def _groups(one: BalancedService) -> bool:
    return ipv4.number(one.entry.netmask) != ipv4.ALL_ONES


_UNUSED = (
    ("start_cmd", "it is only for failover services"),
    ("stop_cmd", "it is only for failover services"),
)


def _without_effect(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    if plan.is_failover:
        return
    balanced = [one.virtual for one in plan.services.balanced]
    alone = [one for one in balanced if one.pmask not in (None, UNSET_ADDRESS)]
    alone = [one for one in alone if (one.persistent or 0) <= 0]
    if alone:
        yield make.note(
            "N26", INFO, alone[0], "pmask",
            "`pmask` is left out: without `persistent` Piranha ignores it.",
            others=alone[1:], kept=Kept.EXACT,
        )  # fmt: skip
    for directive, why in _UNUSED:
        some = [one for one in balanced if getattr(one, directive) is not None]
        if some:
            yield make.note(
                "N26", INFO, some[0], directive, f"`{directive}` is left out: {why}.",
                others=some[1:], kept=Kept.EXACT,
            )  # fmt: skip
    clashing = [one.virtual for one in plan.services.balanced if one.sorry_clashes]
    if clashing:
        yield make.note(
            "N31", ERROR, clashing[0], "sorry_server",
            f"The sorry server {quoted(str(clashing[0].sorry_server))} is left out, because it is "
            "a real server of the same service. Under Piranha ipvsadm rejects one of the two, and "
            "lvsd stops every service.",
            "name another sorry server",
            others=clashing[1:], kept=Kept.DROPPED,
        )  # fmt: skip
    yield from _second_devices(plan, make)


def _second_devices(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    """VIPs that a later block has with another device or mask."""
    first = {one.address: one.owner for one in plan.addresses if one.directive == "address"}
    differing = []
    for virtual in plan.config.virtual_servers:
        there = virtual.address
        before = first.get(there.address) if virtual.active and there else None
        if not isinstance(before, VirtualServer) or before is virtual:
            continue
        if (before.address, before.vip_nmask) != (there, virtual.vip_nmask):
            differing.append(virtual)
    if differing:
        yield make.note(
            "N26", INFO, differing[0], ("address", "vip_nmask"),
            "An earlier block has the same VIP with another device or netmask. Piranha uses those "
            "of the first block, and so does the conversion.",
            others=differing[1:], kept=Kept.EXACT,
        )  # fmt: skip
