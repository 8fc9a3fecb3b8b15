"""The scripts of a router, by name."""

from collections.abc import Iterator

from lvscf.keepalived import scripts
from lvscf.keepalived.plan import TIMEOUTS, Plan
from lvscf.keepalived.provenance import Provenance
from lvscf.shared.plurals import counted

_IPVSADM = "/sbin/ipvsadm"


def role_scripts(plan: Plan, known: Provenance, origin: str) -> Iterator[tuple[str, str]]:
    """The name and the text of each script that keepalived calls, by name."""
    found = {**_checks(plan, known, origin), **_notifications(plan, known, origin)}
    for name in sorted(found):
        yield name, found[name]


def _checks(plan: Plan, known: Provenance, origin: str) -> dict[str, str]:
    users: dict[str, list[str]] = {}
    for one in plan.services.balanced:
        if one.check.script is not None:
            name = plan.scripts.names[one.check.script]
            users.setdefault(name, []).append(known.titled(one.virtual))
    for guarded in plan.guarded:
        if guarded.check.script is not None and plan.has_vrrp:
            name = plan.scripts.names[guarded.check.script]
            users.setdefault(name, []).append(known.titled(guarded.service))
    texts = {}
    for script, name in plan.scripts.names.items():
        if name not in users:
            continue
        first, *rest = users[name]
        more = f" and {counted(len(rest), 'other service')}" if rest else ""
        head = (f"Health check, {origin}", f"{first}{more}")
        prelude = (scripts.ONLY_IF_ACTIVE,) if plan.guarded else ()
        texts[name] = scripts.check(script, head, prelude)
    return texts


def _notifications(plan: Plan, known: Provenance, origin: str) -> dict[str, str]:
    if not plan.has_vrrp:
        return {}
    if plan.guarded:
        return {
            "start-services": _start(plan, known, origin),
            "stop-services": _stop(plan, known, origin),
        }
    texts = {}
    commands = plan.converted_commands
    active, inactive = commands.get("active_cmd"), commands.get("inactive_cmd")
    if plan.needs_master_script:
        lines = []
        if plan.sets_timeouts_by_script:
            seconds = " ".join(str(getattr(plan.config, name) or 0) for name in TIMEOUTS)
            program = plan.config.ipvsadm or _IPVSADM
            if not program.startswith("/"):
                program = _IPVSADM
            lines.append(f"{scripts.word(program)} --set {seconds}")
        if active is not None:
            lines.append(f"{scripts.joined(active.words)}  # active_cmd")
        texts["become-master"] = scripts.commands(
            (f"When the router becomes master, {origin}",), lines
        )
    if inactive is not None and not inactive.is_plain:
        texts["become-backup"] = scripts.commands(
            (f"When the router becomes backup, {origin}",),
            (f"{scripts.joined(inactive.words)}  # inactive_cmd",),
        )
    return texts


def _start(plan: Plan, known: Provenance, origin: str) -> str:
    lines = []
    for one in plan.guarded:
        lines += _command(known.titled(one.service), "start_cmd", one.service.start_cmd)
    lines.append(f"touch {scripts.ACTIVE_MARKER}  # from now on, the checks count")
    return scripts.commands((f"Start the failover services, {origin}",), lines)


def _stop(plan: Plan, known: Provenance, origin: str) -> str:
    lines = [f"rm -f {scripts.ACTIVE_MARKER}"]
    for one in plan.guarded:
        lines += _command(known.titled(one.service), "stop_cmd", one.service.stop_cmd)
    return scripts.commands((f"Stop the failover services, {origin}",), lines)


def _command(title: str, directive: str, command: str | None) -> list[str]:
    """A command of fos, which splits it at every single blank."""
    if command is None:
        return [f"# {title}: no {directive}"]
    plain = command.removeprefix('"').removesuffix('"')
    words = plain.split(" ")
    if not plain.startswith("/"):
        return [f"# {title}: {directive} has no absolute path, so fos cannot run it"]
    return [f"# {title}", " ".join(scripts.word(word) if word else "''" for word in words)]
