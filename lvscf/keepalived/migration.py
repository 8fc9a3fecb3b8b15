"""NOTES.md: the plan of the migration, for the person who carries it out."""

from collections.abc import Iterable, Iterator

from lvscf.findings.finding import Severity
from lvscf.keepalived.plan import Plan, Role
from lvscf.keepalived.provenance import Provenance
from lvscf.keepalived.router_file import summary
from lvscf.keepalived.scripts import FOLDER
from lvscf.keepalived.values import Note
from lvscf.source import displayable

_HEADINGS = {
    Severity.ERROR: "Decide these before you migrate",
    Severity.WARNING: "Check these",
    Severity.INFO: "Good to know",
}


def text(plan: Plan, notes: Iterable[Note], known: Provenance, made_by: str) -> str:
    """The text of NOTES.md."""
    lines = ["# From Piranha to keepalived", ""]
    lines += [f"{made_by} It has {summary(plan)}.", ""]
    lines += _changes(tuple(notes), known)
    lines += _steps(plan, known)
    return "\n".join(lines).rstrip("\n") + "\n"


def _changes(notes: tuple[Note, ...], known: Provenance) -> Iterator[str]:
    yield "## What changes"
    yield ""
    if not notes:
        yield "Nothing."
        yield ""
    for severity, heading in _HEADINGS.items():
        some = [note for note in notes if note.severity is severity]
        if some:
            yield f"### {heading}"
            yield ""
            yield from (_item(note, known) for note in some)
            yield ""


def _item(note: Note, known: Provenance) -> str:
    places = [] if note.span is None else [f"`{known.name}:{note.span.line}`"]
    if note.block is not None:
        places.append(f"in {_code(note.block)}")
    where = f" ({' '.join(places)})" if places else ""
    help = f" To do: {note.help}." if note.help else ""
    return f"- **{note.code} {note.name}**{where}: {note.message}{help}"


def _code(text: str) -> str:
    """A text as code in Markdown, whatever is in it."""
    if "`" not in text:
        return f"`{text}`"
    return f"`` {text} ``"


def _steps(plan: Plan, known: Provenance) -> Iterator[str]:
    roles = plan.roles
    routers = "both routers" if plan.is_pair else "the router"
    each = "each router" if plan.is_pair else "the router"
    steps = list(_preparation(plan, known, roles, each))
    yield "## Prepare"
    yield ""
    yield from _numbered(steps)
    yield "## Switch"
    yield ""
    yield "The cluster is down from the first step to the third. Keep `lvs.cf`: it is not changed."
    yield ""
    yield from _numbered(_switch(plan, routers))
    yield "## Verify"
    yield ""
    yield from _numbered(_verification(plan, known))
    yield "## Go back"
    yield ""
    yield from _numbered(_return(routers))
    yield "## Other programs"
    yield ""
    yield (
        "HAProxy also replaces Piranha, but works differently: it ends connections itself, so real "
        "servers see the router's address unless it forwards the client's in a header, and there "
        "is neither direct routing nor a firewall mark. `lvscf convert --to ldirectord` writes "
        "ldirectord.cf, which fills the IPVS table on the active router only."
    )


def _numbered(steps: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Numbered steps, each a sentence and its commands."""
    for number, (sentence, commands) in enumerate(steps, 1):
        yield f"{number}. {sentence}"
        if commands:
            yield ""
            yield "   ```sh"
            yield from (f"   {line}" for line in commands.splitlines())
            yield "   ```"
        yield ""


def _preparation(
    plan: Plan, known: Provenance, roles: tuple[Role, ...], each: str
) -> Iterator[tuple[str, str]]:
    config = plan.config
    yield (
        f"Install keepalived and ipvsadm on {each}. Do not start keepalived yet.",
        "yum install keepalived ipvsadm    # on Debian: apt-get install keepalived ipvsadm",
    )
    copies = []
    for role in roles:
        host = config.primary if role == "primary" else config.backup
        copies.append(f"scp -r {role}/. root@{host}:/etc/keepalived/")
    yield "Copy each folder to its router as it is.", "\n".join(copies)
    if plan.kernel_settings:
        settings = " and ".join(f"`{name}`" for name in plan.kernel_settings)
        yield (
            f"Set {settings} on {each}; `ip_vs` must be loaded for settings of `net.ipv4.vs`.",
            "modprobe ip_vs\ncp /etc/keepalived/sysctl.conf /etc/sysctl.d/60-lvs.conf\n"
            "sysctl -p /etc/keepalived/sysctl.conf",
        )
    if plan.uses_scripts:
        yield (
            "Give the scripts to root, and let SELinux know them. keepalived refuses a script if "
            "someone else can write to it or to a folder above it.",
            f"chown -R root:root {FOLDER}\nchmod -R go-w {FOLDER}\n"
            "semanage fcontext -a -t keepalived_unconfined_script_exec_t "
            f"'{FOLDER}(/.*)?'\nrestorecon -R {FOLDER}",
        )
    if plan.has_vrrp:
        peers = ", ".join(
            f"{config.backup if role == 'primary' else config.primary} on the {role}"
            for role in ("primary", "backup")
        )
        yield (
            f"Let the firewall of both routers accept VRRP from the other one ({peers}), and save "
            "the rules.",
            f"iptables -I INPUT -p vrrp -s {config.backup} -j ACCEPT    # on the primary\n"
            f"iptables -I INPUT -p vrrp -s {config.primary} -j ACCEPT    # on the backup",
        )
    marked = any(one.entry.fwmark for one in plan.services.balanced)
    if marked:
        yield (
            "Keep the rules that set firewall marks (`iptables -t mangle`): keepalived needs them "
            "as Piranha did.",
            "",
        )
    if plan.options.target.tests_files:
        yield (
            f"Test the file on {each}. No output and the status 0 mean that it is valid.",
            "keepalived -t -f /etc/keepalived/keepalived.conf; echo $?",
        )
    else:
        yield (
            f"keepalived {displayable(plan.options.target.name)} cannot test its file: read its "
            "log after the start, where it names lines that it does not understand.",
            "",
        )
    yield (
        f"Save the present table of the active router, and compare it with `{known.name}`. "
        "A server that is down now is missing in it.",
        "ipvsadm -Sn | sort > before",
    )


def _switch(plan: Plan, routers: str) -> Iterator[tuple[str, str]]:
    both = " first" if plan.is_pair else ""
    yield (
        f"Stop pulse on {routers}{both}: two programs must not own the addresses and the table.",
        "service pulse stop\nchkconfig pulse off",
    )
    yield (
        "Remove what pulse may have left: the table, and addresses.",
        "ipvsadm -C\nip addr show    # no VIP may be left: ip addr del VIP/LENGTH dev DEVICE",
    )
    yield (
        "Start keepalived, on the router that should be active first.",
        "service keepalived start    # or: systemctl start keepalived",
    )
    if plan.is_pair:
        yield (
            "Wait until the addresses are up, then start keepalived on the other router.",
            "service keepalived start",
        )
    yield (
        f"Let keepalived start at boot on {routers}.",
        "chkconfig keepalived on    # or: systemctl enable keepalived",
    )


def _verification(plan: Plan, known: Provenance) -> Iterator[tuple[str, str]]:
    yield (
        "Compare the table with Piranha's. Nothing differs once all servers are up"
        + (
            ", except that destinations of firewall marks have port 0."
            if any(one.entry.fwmark for one in plan.services.balanced)
            and not plan.options.target.wants_ports_with_marks
            else "."
        ),
        "ipvsadm -Sn | sort | diff before -\n"
        f"lvscf convert --to ipvsadm {known.name}    # what the table should be",
    )
    yield "See that the active router, and only it, has the addresses.", "ip addr show"
    yield "Ask each service as a client does, from another host.", ""
    if plan.is_pair:
        yield (
            "Move the addresses once: stop keepalived on the active router, ask each service "
            "again, and start keepalived. The addresses stay where they are.",
            "service keepalived stop",
        )


def _return(routers: str) -> Iterator[tuple[str, str]]:
    yield (
        f"Stop keepalived on {routers}.",
        "service keepalived stop\nchkconfig keepalived off",
    )
    yield "Empty the table.", "ipvsadm -C"
    yield (
        f"Start pulse on {routers}, with the `lvs.cf` that is still there. Its heartbeats need the "
        "old firewall rule.",
        "service pulse start\nchkconfig pulse on",
    )
