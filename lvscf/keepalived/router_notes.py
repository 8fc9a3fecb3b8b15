"""Notes about the routers: addresses, failover, the sync daemon, commands."""

from collections.abc import Iterator

from lvscf.keepalived.addresses import Address, Omitted, Unfit
from lvscf.keepalived.notes import ERROR, INFO, WARNING, NoteMaker
from lvscf.keepalived.plan import TIMEOUTS, Plan
from lvscf.keepalived.values import Kept, Note
from lvscf.piranha.limits import LONGEST_SECONDS
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared.plurals import counted
from lvscf.source import quoted


def notes(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    """All notes of this module."""
    yield from _interface(plan, make)
    yield from _pair(plan, make)
    yield from _failover_time(plan, make)
    yield from _heartbeats(plan, make)
    yield from _commands(plan, make)
    yield from _sync_daemon(plan, make)
    yield from _timeouts(plan, make)
    yield from address_notes(plan, make)
    yield from _without_effect(plan, make)


def _interface(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    if not plan.has_vrrp or plan.options.interface is not None:
        return
    why = (
        "no VIP is in the network of `primary`, so it is the device of the first VIP"
        if plan.is_guess
        else "a VIP on it is in the network of `primary`"
    )
    yield make.note(
        "N01", WARNING, plan.config, "primary",
        f"The routers send VRRP on `{plan.interface}`, which lvs.cf does not name: {why}.",
        "if the routers' addresses are on another interface, convert with `--interface`",
        kept=Kept.NEAR,
    )  # fmt: skip


def _pair(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    config = plan.config
    if not plan.is_pair:
        yield make.note(
            "N02", INFO, config, ("backup_active", "backup", "primary"),
            "The backup router is inactive or missing, so keepalived holds the addresses without "
            "VRRP. They stay on the router if keepalived is killed.",
            kept=Kept.EXACT,
        )  # fmt: skip
        return
    if config.primary == UNSET_ADDRESS:
        yield make.note(
            "N33", ERROR, config, ("backup", "primary"),
            "There is no `primary`, so the routers cannot address each other and VRRP uses "
            "multicast. Under Piranha, neither router is the master.",
            "add `primary = ADDRESS` to lvs.cf and convert again",
        )  # fmt: skip
    private = config.primary_private
    if private not in (None, UNSET_ADDRESS, config.primary):
        yield make.note(
            "N03", WARNING, config, ("primary_private", "backup_private"),
            "VRRP has one path between the routers, so the private heartbeat path is dropped. If "
            f"the network of `{plan.interface}` fails, both routers become active.",
            "if the private network is the more reliable one, convert with `--interface` and set "
            "the private addresses as `unicast_src_ip` and `unicast_peer`",
        )  # fmt: skip


def _failover_time(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    config = plan.config
    keepalive, deadtime = config.keepalive or 0, config.deadtime or 0
    if not plan.is_pair:
        yield make.note(
            "N04", INFO, config, ("deadtime", "keepalive"),
            f"pulse became active {deadtime} s after its start (`deadtime`); keepalived sets up "
            "addresses and services at once.",
            kept=Kept.DROPPED,
        )  # fmt: skip
        return
    if deadtime == 3 * keepalive and plan.advert_interval == keepalive:
        return
    seconds = plan.takeover_seconds
    differs = abs(seconds - deadtime) > 1
    yield make.note(
        "N04", WARNING if differs else INFO, config, ("deadtime", "keepalive"),
        f"The backup router takes over after {seconds:.1f} s without advertisements; under Piranha "
        f"`deadtime` was {deadtime} s. VRRP always waits for three intervals (`advert_int "
        f"{plan.advert_interval}`) and a moment.",
        "change `advert_int` in both files if this is too slow or too fast" if differs else None,
        kept=Kept.NEAR,
    )  # fmt: skip


def _heartbeats(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    config = plan.config
    if plan.is_pair:
        yield make.note(
            "N05", INFO, config, ("heartbeat_port", "heartbeat", "backup_active"),
            f"VRRP (IP protocol 112) replaces the heartbeat on udp/{config.heartbeat_port}.",
            f"let both routers accept `-p vrrp` from each other, and remove the rule for "
            f"udp/{config.heartbeat_port}",
            kept=Kept.DROPPED,
        )  # fmt: skip
    if config.hard_shutdown is False:
        yield make.note(
            "N05", INFO, config, "hard_shutdown",
            "`hard_shutdown = 0` has no counterpart, and needs none: if a process of keepalived "
            "dies, it is started again.",
        )  # fmt: skip


def _commands(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    converted = plan.converted_commands
    for command in plan.commands:
        name = command.directive
        if command.trouble is not None:
            yield make.note(
                "N07", ERROR, plan.config, name,
                f"`{name}` is not converted: {command.trouble}, so pulse could not run it either.",
                "call a script by its whole path, and convert again",
                kept=Kept.DROPPED,
            )  # fmt: skip
    usable = [one.directive for one in plan.commands if one.trouble is None]
    if usable and not converted:
        yield make.note(
            "N07", WARNING, plan.config, usable,
            "Without a backup router there is no VRRP to run "
            f"{' and '.join(f'`{name}`' for name in usable)}.",
            "run what is still needed from the service that starts keepalived",
            kept=Kept.DROPPED,
        )  # fmt: skip
    if not converted:
        return
    first = next(iter(converted))
    yield make.note(
        "N07", INFO, plan.config, first,
        "keepalived runs `active_cmd` when the router becomes master and `inactive_cmd` when it "
        "becomes backup, fails or stops. As under pulse, `inactive_cmd` also runs at the start, "
        "because the router enters the backup state.",
        "keepalived only runs programs that no one but root can change",
    )  # fmt: skip


def _sync_daemon(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    config = plan.config
    if not config.syncdaemon or plan.is_failover:
        return
    if not plan.is_pair:
        yield make.note(
            "N08", INFO, config, "syncdaemon",
            "Without a backup router no one receives the connections of `syncdaemon`, so it is "
            "left out.",
            kept=Kept.DROPPED,
        )  # fmt: skip
    elif plan.sync_daemon is None:
        yield make.note(
            "N08", WARNING, config, ("syncd_iface", "syncdaemon"),
            f"The sync daemon is left out: {quoted(config.syncd_iface or '')} is not the name of a "
            "device.",
            kept=Kept.DROPPED,
        )  # fmt: skip
    elif plan.options.target.is_1_2 and plan.sync_daemon[1] != plan.options.vrid & 255:
        yield make.note(
            "N08", INFO, config, ("syncd_id", "syncdaemon"),
            f"keepalived 1.2 synchronises connections with the id {plan.options.vrid}, its "
            f"`virtual_router_id`, instead of {plan.sync_daemon[1]}.",
            "do not mix routers with Piranha and keepalived: they would not understand each other",
            kept=Kept.NEAR,
        )  # fmt: skip


def _timeouts(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    config = plan.config
    if plan.is_failover:
        return
    values = [getattr(config, name) or 0 for name in TIMEOUTS]
    bad = [name for name in TIMEOUTS if not 0 <= (getattr(config, name) or 0) <= LONGEST_SECONDS]
    if bad:
        yield make.note(
            "N26", WARNING, config, bad[0],
            f"No IPVS timeout is set: ipvsadm rejects all three because of `{bad[0]}`, which must "
            f"be from 0 to {LONGEST_SECONDS}.",
            "correct it in lvs.cf and convert again, or remove it",
            kept=Kept.DROPPED,
        )  # fmt: skip
    if not plan.sets_timeouts_by_script:
        return
    command = f"ipvsadm --set {' '.join(map(str, values))}"
    if plan.has_vrrp:
        yield make.note(
            "N27", INFO, config, TIMEOUTS,
            f"keepalived {plan.options.target.name} does not apply `lvs_timeouts` here, so "
            f"`notify_master` runs `{command}`.",
            "install ipvsadm on both routers",
            kept=Kept.NEAR,
        )  # fmt: skip
    else:
        yield make.note(
            "N27", WARNING, config, TIMEOUTS,
            f"The IPVS timeouts are not set: keepalived {plan.options.target.name} does not apply "
            "`lvs_timeouts` here, and without VRRP it runs no script.",
            f"run `{command}` when the router boots",
            kept=Kept.DROPPED,
        )  # fmt: skip


def address_notes(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    """Notes about addresses, and those that are left out."""
    yield from _addresses(plan, make)
    yield from _omitted(plan, make)


def _addresses(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    classful = [one for one in plan.addresses if one.is_classful]
    if classful:
        first = classful[0]
        yield make.note(
            "N09", WARNING, first.owner, (_mask_of(first), first.directive),
            f"`{first.address}` has no usable netmask, so it keeps the prefix length of its class, "
            f"/{first.length}, as under Piranha.",
            "check that this is what you want; a wide mask adds a route that may hide others",
            others=[one.owner for one in classful[1:]],
        )  # fmt: skip
    plain = [one for one in plan.addresses if one.label is None]
    if plain:
        first = plain[0]
        yield make.note(
            "N10", WARNING, first.owner, first.directive,
            f"`{first.alias}` is not an alias: Piranha replaced the interface's own address with "
            f"`{first.address}`. Now the address is added, and the other one stays.",
            others=[one.owner for one in plain[1:]],
            kept=Kept.NEAR,
        )  # fmt: skip
    labels: dict[str, list[Address]] = {}
    for one in plan.addresses:
        if one.label is not None:
            labels.setdefault(one.label, []).append(one)
    for label, sharing in labels.items():
        if len(sharing) > 1:
            yield make.note(
                "N11", INFO, sharing[1].owner, sharing[1].directive,
                f"{counted(len(sharing), 'address', 'addresses')} have the alias `{label}`; under "
                "Piranha only one of them survived. keepalived brings up all of them.",
                others=[sharing[0].owner],
                kept=Kept.NEAR,
            )  # fmt: skip


def _mask_of(one: Address) -> str:
    return "nat_nmask" if one.directive == "nat_router" else "vip_nmask"


_WHY = {
    Unfit.MISSING: "has no address, so there is nothing to bring up",
    Unfit.OF_A_ROUTER: "is a router's own address, which must not move",
    Unfit.DEVICE: "is on a device whose name no kernel accepts",
    Unfit.SAME_AS_VIP: "is a VIP already",
}


def _omitted(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    groups: dict[Unfit, list[Omitted]] = {}
    for one in plan.omitted_addresses:
        groups.setdefault(one.why, []).append(one)
    for why, some in groups.items():
        first = some[0]
        name = "The block" if why is Unfit.MISSING else f"`{first.address}`"
        yield make.note(
            "N33", ERROR, first.owner, first.directive,
            f"{name} {_WHY[why]}; the address is left out.",
            "correct it in lvs.cf and convert again",
            others=[one.owner for one in some[1:]],
            kept=Kept.DROPPED,
        )  # fmt: skip


def _without_effect(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    config, written = plan.config, plan.written
    if plan.is_failover:
        return
    if config.network != "nat" and written.nat_router is not None:
        yield make.note(
            "N26", INFO, config, "nat_router",
            f"`nat_router` is left out: with `network = {config.network}` Piranha ignores it.",
            kept=Kept.DROPPED,
        )  # fmt: skip
    if config.monitor_links and not plan.is_pair:
        yield make.note(
            "N26", INFO, config, "monitor_links",
            "`monitor_links` is left out: without a backup router Piranha ignores it.",
            kept=Kept.DROPPED,
        )  # fmt: skip
    if plan.is_pair and written.backup_private and not written.primary_private:
        yield make.note(
            "N26", INFO, config, "backup_private",
            "`backup_private` is left out: without `primary_private` Piranha ignores it.",
            kept=Kept.DROPPED,
        )  # fmt: skip
