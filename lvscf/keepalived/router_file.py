"""keepalived.conf of one router."""

from collections.abc import Iterable, Iterator

from lvscf.config.model import FailoverService, RealServer, VirtualServer
from lvscf.keepalived.addresses import Address
from lvscf.keepalived.checks import LONGEST_TIMEOUT, Form
from lvscf.keepalived.directive_table import keyword, word
from lvscf.keepalived.plan import PRIORITIES, TIMEOUTS, Plan, Role
from lvscf.keepalived.provenance import Provenance
from lvscf.keepalived.scripts import FOLDER
from lvscf.keepalived.services import BalancedService, Omission, Reason, Server
from lvscf.keepalived.tree import Block, Comment, Item, Line, block
from lvscf.keepalived.tree import text as text_of
from lvscf.piranha.directives import Scope
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared import ipv4
from lvscf.shared.plurals import counted

INSTANCE = "VI_1"

FAILOVER_PRIORITY = 100
"""Of both routers: with equal ones, neither takes the services back from the other."""
FAILOVER_WEIGHT = 10
"""What a failed check costs; more than nothing is enough."""


def text(plan: Plan, role: Role, known: Provenance, head: Iterable[str]) -> str:
    """The text of the file for a router."""
    groups: list[list[Item]] = [[Comment(line) for line in head]]
    groups.append([_definitions(plan, role, known)])
    groups += _vrrp_scripts(plan, known)
    if plan.has_vrrp:
        groups.append([_instance(plan, role, known)])
    elif plan.addresses:
        held = block(
            keyword("backup_active", Scope.GLOBAL),
            [_address_line(one, known) for one in plan.addresses],
            "no backup router: keepalived itself holds the addresses",
        )
        groups.append([held])
    groups += _virtual_servers(plan, known)
    return text_of(groups)


def _definitions(plan: Plan, role: Role, known: Provenance) -> Block:
    config = plan.config
    target = plan.options.target
    lines: list[Item] = [Line(f"router_id lvs-{role}")]
    if plan.uses_scripts and target.secures_scripts:
        lines += [Line("script_user root"), Line("enable_script_security")]
    sync = plan.sync_daemon
    if sync is not None and not target.is_1_2:
        lines.append(
            Line(
                f"{keyword('syncdaemon', Scope.GLOBAL)} {sync[0]} {INSTANCE} id {sync[1]}",
                known.remark(config, "syncdaemon"),
            )
        )
    timeouts = plan.timeouts
    if timeouts and not plan.sets_timeouts_by_script:
        words = [
            f"{word(name, name, Scope.GLOBAL)} {timeouts[name]}"
            for name in TIMEOUTS
            if timeouts[name]
        ]
        first = next(name for name in TIMEOUTS if timeouts[name])
        lines.append(
            Line(f"{keyword(first, Scope.GLOBAL)} {' '.join(words)}", known.remark(config, first))
        )
    return block("global_defs", lines)


def _vrrp_scripts(plan: Plan, known: Provenance) -> Iterator[list[Item]]:
    if not plan.has_vrrp:
        return
    for number, one in enumerate(plan.guarded, 1):
        script = one.check.script
        if script is None:
            continue
        command = plan.scripts.command(script, one.vip, one.service.port or 0)
        lines = [
            Line(f'script "{command}"'),
            Line(f"interval {script.timeout}", known.remark(one.service, "timeout")),
            Line(f"timeout {script.timeout}"),
            Line("fall 2"),
            Line("rise 2"),
            Line(f"weight -{_failover_weight(plan)}"),
        ]
        title = Comment(known.titled(one.service))
        yield [title, block(f"vrrp_script check_{number}", lines)]


def _failover_weight(plan: Plan) -> int:
    """What a failed check costs: enough to fall below the other router."""
    if plan.options.does_preempt:
        return PRIORITIES["primary"] - PRIORITIES["backup"] + FAILOVER_WEIGHT
    return FAILOVER_WEIGHT


def _instance(plan: Plan, role: Role, known: Provenance) -> Block:
    config, options = plan.config, plan.options
    lines: list[Item] = [Line("state BACKUP")]
    priority = PRIORITIES[role]
    if not options.does_preempt:
        if plan.is_failover:
            priority = FAILOVER_PRIORITY
        else:
            lines.append(Line("nopreempt", "pulse does not fail back"))
    lines += [
        Line(f"interface {plan.interface}"),
        Line(f"virtual_router_id {options.vrid}"),
        Line(f"priority {priority}"),
        Line(f"{keyword('keepalive', Scope.GLOBAL)} {plan.advert_interval}", _interval(plan)),
        Line("garp_master_delay 1"),
    ]
    sync = plan.sync_daemon
    if sync is not None and options.target.is_1_2:
        lines.append(Line(f"lvs_sync_daemon_interface {sync[0]}"))
    other: Role = "backup" if role == "primary" else "primary"
    own, peer = (getattr(config, one) for one in (role, other))
    if not options.is_multicast and UNSET_ADDRESS not in (own, peer):
        lines += [
            Line(f"{keyword('primary', Scope.GLOBAL)} {own}", known.remark(config, role)),
            block("unicast_peer", [Line(peer, known.remark(config, other))]),
        ]
    if plan.tracked:
        lines.append(
            block(
                keyword("monitor_links", Scope.GLOBAL),
                map(Line, plan.tracked),
                known.remark(config, "monitor_links"),
            )
        )
    checked = [
        Line(f"check_{number}")
        for number, one in enumerate(plan.guarded, 1)
        if one.check.script is not None
    ]
    if checked:
        lines.append(block("track_script", checked))
    lines += _addresses(plan, known)
    lines += _notifications(plan, known)
    return block(f"vrrp_instance {INSTANCE}", lines)


def _interval(plan: Plan) -> str:
    config = plan.config
    return f"keepalive = {config.keepalive}, deadtime = {config.deadtime}"


def _addresses(plan: Plan, known: Provenance) -> Iterator[Item]:
    lines = [_address_line(one, known) for one in plan.addresses]
    most = plan.options.target.most_addresses or len(lines)
    if lines:
        yield block(keyword("address"), lines[:most])
    if lines[most:]:
        yield block(
            "virtual_ipaddress_excluded", lines[most:], "an advertisement holds 20 addresses"
        )


def _address_line(one: Address, known: Provenance) -> Line:
    label = f" label {one.label}" if one.label else ""
    return Line(
        f"{one.address}/{one.length} dev {one.device}{label}",
        known.remark(one.owner, one.directive),
    )


def _notifications(plan: Plan, known: Provenance) -> Iterator[Item]:
    """The programs that keepalived calls when the router becomes active or inactive."""
    if plan.guarded:
        yield Line(f'notify_master "{FOLDER}/start-services"')
        for event in ("backup", "fault", "stop"):
            yield Line(f'notify_{event} "{FOLDER}/stop-services"')
        return
    commands = plan.converted_commands
    active = commands.get("active_cmd")
    if plan.needs_master_script:
        yield Line(
            f'{keyword("active_cmd", Scope.GLOBAL)} "{FOLDER}/become-master"',
            known.remark(plan.config, "active_cmd"),
        )
    elif active is not None:
        yield Line(
            f'{keyword("active_cmd", Scope.GLOBAL)} "{" ".join(active.words)}"',
            known.remark(plan.config, "active_cmd"),
        )
    inactive = commands.get("inactive_cmd")
    if inactive is not None:
        command = " ".join(inactive.words) if inactive.is_plain else f"{FOLDER}/become-backup"
        for event in ("notify_backup", "notify_fault", "notify_stop"):
            yield Line(f'{event} "{command}"', known.remark(plan.config, "inactive_cmd"))


# --- virtual servers ------------------------------------------------------------------------------


def _virtual_servers(plan: Plan, known: Provenance) -> list[list[Item]]:
    balanced = {id(one.virtual): one for one in plan.services.balanced}
    last = plan.safe_last
    blocks: list[list[Item]] = []
    delayed: list[list[Item]] = []
    for virtual in plan.config.virtual_servers:
        one = balanced.get(id(virtual))
        if one is not None:
            both: list[Item] = [Comment(known.titled(virtual)), _virtual_server(plan, one, known)]
            (delayed if one is last else blocks).append(both)
        elif id(virtual) in plan.omissions:
            blocks.append(
                [Comment(f"{known.titled(virtual)}: left out, {_why(plan.omissions[id(virtual)])}")]
            )
        else:
            blocks.append([Comment(f"{known.titled(virtual)}: left out, {_unused(plan, virtual)}")])
    blocks += [
        [Comment(f"{known.titled(failover)}: left out, {_unused(plan, failover)}")]
        for failover in plan.config.failover_services
        if not (plan.is_failover and failover.active)
    ]
    return blocks + delayed


def _unused(plan: Plan, service: VirtualServer | FailoverService) -> str:
    if isinstance(service, FailoverService) != plan.is_failover:
        return f"service = {plan.config.service}"
    return "active = 0"


def head_of(one: BalancedService) -> str:
    """The head of a block: the packets that it balances."""
    if one.entry.fwmark:
        return f"{keyword('fwmark')} {one.entry.fwmark}"
    return f"{keyword('port')} {one.entry.address} {one.entry.port}"


def _virtual_server(plan: Plan, one: BalancedService, known: Provenance) -> Block:
    virtual, entry = one.virtual, one.entry

    def line(directive: str, value: object, scope: Scope = Scope.SERVICE) -> Line:
        owner = virtual if scope is Scope.SERVICE else plan.config
        return Line(f"{keyword(directive, scope)} {value}", known.remark(owner, directive))

    lines: list[Item] = [
        line("timeout", virtual.timeout),
        line("scheduler", word("scheduler", entry.scheduler)),
        line(
            "network",
            word("network", plan.config.network or "nat", Scope.GLOBAL),
            Scope.GLOBAL,
        ),
    ]
    if entry.persistent:
        lines.append(line("persistent", entry.persistent))
        mask = granularity(plan, one)
        if mask is not None:
            lines.append(line("pmask", mask))
    if not entry.fwmark:
        lines.append(line("protocol", word("protocol", entry.protocol)))
    if one.sorry_server is not None:
        port = "" if one.sorry_port is None else f" {one.sorry_port}"
        lines.append(line("sorry_server", f"{one.sorry_server}{port}"))
    kept = {id(server.server): server for server in one.servers}
    for server in virtual.servers:
        if id(server) in kept:
            lines.append(_real_server(plan, one, kept[id(server)], known))
        else:
            lines.append(Comment(_left_out(server, plan.omissions.get(id(server)), known)))
    return block(head_of(one), lines)


def granularity(plan: Plan, one: BalancedService) -> str | None:
    """The mask that groups clients, as keepalived can take it; None if there is none."""
    mask = one.entry.netmask
    number = ipv4.number(mask) or 0
    if number == ipv4.ALL_ONES:
        return None
    has_holes = number != ipv4.mask_of(number.bit_count())
    return None if has_holes and not plan.options.target.takes_masks_with_holes else mask


def _left_out(server: RealServer, omission: Omission | None, known: Provenance) -> str:
    why = "active = 0" if omission is None else _why(omission)
    return f"{known.titled(server)}: left out, {why}"


def _why(omission: Omission) -> str:
    if omission.reason is Reason.REJECTED:
        return omission.detail
    return str(omission.reason.value)


def _real_server(plan: Plan, one: BalancedService, server: Server, known: Provenance) -> Block:
    port = "" if server.port is None else f" {server.port}"
    lines: list[Item] = [
        Line(f"{keyword('weight', Scope.SERVER)} {server.weight}", _weight_remark(server)),
    ]
    if one.virtual.quiesce_server:
        lines.append(Line(keyword("quiesce_server")))
    lines += _checker(plan, one, server)
    return block(
        f"{keyword('address', Scope.SERVER)} {server.address}{port}",
        lines,
        known.titled(server.server),
    )


def _weight_remark(server: Server) -> str:
    written = server.server.weight
    return "" if written == server.weight else f"weight = {written}, which Piranha raises to 1"


def _checker(plan: Plan, one: BalancedService, server: Server) -> Iterator[Item]:
    check, target = one.check, plan.options.target
    timeout = one.virtual.timeout or 0
    if check.form is Form.NONE:
        yield Comment("no check: see the notes")
        return
    lines: list[Item] = []
    if check.script is not None and check.form is Form.SCRIPT:
        command = plan.scripts.command(check.script, server.address, server.checked_port)
        lines = [
            Line(f'misc_path "{command}"'),
            Line(f"misc_timeout {min(2 * timeout + 1, LONGEST_TIMEOUT)}"),
        ]
        yield block(check.form.value, lines)
        return
    if check.http is not None:
        lines.append(Line(f"http_protocol {check.http.protocol}"))
        if check.http.host is not None:
            lines.append(Line(f"virtualhost {check.http.host}"))
    if server.connect_port is not None:
        lines.append(Line(f"connect_port {server.connect_port}"))
    lines.append(Line(f"connect_timeout {min(timeout, LONGEST_TIMEOUT)}"))
    if target.retries_tcp:
        lines.append(Line("retry 0"))
    if check.http is not None:
        url = [Line(f"path {check.http.path}"), Line(f"status_code {check.http.status}")]
        lines.append(block("url", url))
    yield block(check.form.value, lines)


def summary(plan: Plan) -> str:
    """What the files hold, in a clause."""
    parts = [counted(len(plan.addresses), "address", "addresses")]
    if plan.is_failover:
        parts.append(counted(len(plan.guarded), "failover service"))
    else:
        servers = sum(len(one.servers) for one in plan.services.balanced)
        parts.append(counted(len(plan.services.balanced), "virtual server"))
        parts.append(counted(servers, "real server"))
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
