"""The rules of all hosts as files: all that an lvs.cf needs, or what is missing."""

from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import Literal, get_args

from lvscf.cluster import Cluster
from lvscf.config.model import Config
from lvscf.document import Document
from lvscf.findings.command import Command
from lvscf.findings.finding import Finding
from lvscf.hosts.host import Host, of_firewall
from lvscf.keepalived.conversion import check_addresses, readable
from lvscf.keepalived.maker import made_from
from lvscf.keepalived.provenance import Provenance, provenance
from lvscf.keepalived.values import SCRIPT_MODE, Conversion, File, Note, UnconvertibleError
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.rule_writing import firewalld_text, iptables_text, nft_text
from lvscf.rule_writing.applying import rule_edit
from lvscf.rule_writing.direct_chains import as_direct_rules
from lvscf.rule_writing.missing import Missing, Step, judged, missing_on
from lvscf.rule_writing.real_server_needs import WAYS, needs_of_real_servers
from lvscf.rule_writing.router_needs import RouterPlan
from lvscf.rule_writing.wanted import HostNeeds
from lvscf.shared import suggestions
from lvscf.source import displayable, quoted

Form = Literal["iptables", "nftables", "firewalld"]
FORMS: tuple[Form, ...] = get_args(Form)
PARTS = ("all", "routers", "real-servers")


def write_rules(
    document: Document | Config,
    form: str = "iptables",
    *,
    host: str = "all",
    dr: str = "redirect",
    commands: bool = False,
    vrrp: bool = False,
) -> Conversion:
    """Return the rules and settings that each host of a cluster needs.

    The hosts are the routers and the real servers.  Each has a folder of its own, with its rules
    and, where it needs them, its kernel settings (`sysctl.conf`), addresses and routes
    (`addresses.sh`) and arptables rules (`arptables.sh`).  Nothing is read, written or run.

    Args:
        document: the lvs.cf, as `lvscf.parse` returns it.
        form: `iptables`, `nftables` or `firewalld`.
        host: `routers`, `real-servers`, `primary`, `backup`, or a real server's name or address;
            by default all.
        dr: how real servers of direct routing take packets for a VIP: `redirect`, `arp` or
            `arptables`.
        commands: with `iptables`, a script of commands in place of a file for iptables-restore.
        vrrp: whether keepalived runs on the routers: lets VRRP in, not heartbeats.

    Raises:
        RefusedError: Piranha's reader would reject the file.
        UnconvertibleError: an address in use is a host name, or there is no such host.
        ValueError: an argument has no such value.
        TypeError: `document` is neither a document nor a configuration.
    """
    known_form = _form(form)
    if dr not in WAYS:
        raise ValueError(f"{quoted(str(dr))} is not one of {', '.join(WAYS)}")
    config, source = readable(document)
    known = provenance(config, source)
    check_addresses(config, known)
    every = tuple(_needs(config.effective, known, dr, vrrp=vrrp))
    files: dict[str, File] = {}
    for needs in _chosen(every, host, known):
        for name, file in _files(needs, known, known_form, commands=commands):
            files[f"{needs.folder}/{name}"] = file
    filename = source.filename if source is not None else known.name
    notes = _notes(document, every, vrrp=vrrp) if isinstance(document, Document) else ()
    return Conversion(files, notes, form, filename)


def write_missing_rules(
    document: Document, cluster: Cluster, form: str = "iptables", *, host: str = "all"
) -> Conversion:
    """Return what is missing on the hosts of a cluster, as the smallest change that fixes it.

    Each host that lacks something has one script.  What the linter would still find afterwards,
    because no command fixes it, is in the notes.

    Args:
        document: the lvs.cf.
        cluster: the files of its hosts.
        form: `iptables` or `firewalld`.
        host: as for `write_rules`.

    Raises:
        RefusedError: Piranha's reader would reject the file.
        UnconvertibleError: rules of iptables were given, and `form` is `nftables`.
        ValueError: an argument has no such value.
    """
    known_form = _form(form)
    if known_form == "nftables":
        raise UnconvertibleError(
            "the files of the hosts show rules of iptables, which nft must not change; choose "
            "iptables or firewalld"
        )
    config, source = readable(document)
    known = provenance(config, source)
    found = missing_on(document, cluster)
    if known_form == "firewalld":
        found = as_direct_rules(document, cluster, found)
    by_folder: dict[str, list[Step]] = {}
    for step in found.steps:
        by_folder.setdefault(_folder(config.effective, step.command), []).append(step)
    wanted = _wanted_folders(config.effective, known, host)
    files = {
        f"{folder}/missing.sh": File(_script(folder, steps, known, known_form), SCRIPT_MODE)
        for folder, steps in by_folder.items()
        if wanted is None or folder in wanted
    }
    filename = source.filename if source is not None else known.name
    return Conversion(files, _remaining(found), form, filename)


def _form(form: str) -> Form:
    for known in FORMS:
        if form == known:
            return known
    raise ValueError(f"{quoted(str(form))} is not one of {', '.join(FORMS)}")


_RESTORED = (
    "iptables-restore replaces the rules of these tables.",
    "Policies are ACCEPT: rules that drop packets belong below the ones for the same chain.",
)


def _wrapped(*sentences: str) -> list[str]:
    """Sentences as lines of comments."""
    return [line for one in sentences for line in wrap(one, _WIDTH, break_long_words=False)]


_WIDTH = 96


# --- all rules -----------------------------------------------------------------------------------


def _needs(config: Config, known: Provenance, dr: str, *, vrrp: bool) -> Iterator[HostNeeds]:
    plan = RouterPlan(config, known, vrrp)
    yield plan.needs("primary")
    if config.backup not in (None, UNSET_ADDRESS):
        yield plan.needs("backup")
    yield from needs_of_real_servers(config, known, dr)


def _chosen(every: tuple[HostNeeds, ...], host: str, known: Provenance) -> tuple[HostNeeds, ...]:
    """The hosts that are wanted.

    Raises:
        UnconvertibleError: there are none.
    """
    if host == "all":
        return every
    if host in PARTS:
        role = "router" if host == "routers" else "real-server"
        return tuple(one for one in every if one.role == role)
    found = tuple(one for one in every if host in one.names)
    if not found:
        names = [name for one in every for name in one.names]
        near = suggestions.nearest(host, names)
        hint = f"; did you mean {quoted(near)}?" if near else ""
        raise UnconvertibleError(f"{known.name} has no active host {quoted(host)}{hint}")
    return found


def _files(
    needs: HostNeeds, known: Provenance, form: Form, *, commands: bool
) -> Iterator[tuple[str, File]]:
    what = displayable(f"{needs.title}, {made_from(known.name)}")
    head = (f"Rules of the {what}", *_wrapped(*needs.remarks))
    if form == "iptables":
        if commands:
            yield "iptables.sh", File(iptables_text.commands(needs, head), SCRIPT_MODE)
        else:
            yield (
                "iptables.rules",
                File(iptables_text.restore_file(needs, (*head, *_wrapped(*_RESTORED)))),
            )
    elif form == "nftables":
        more = (
            "What these chains accept, a chain of another table may still drop: put the rules of "
            "input, forward and output before what drops there."
        )
        yield "lvs.nft", File(nft_text.script(needs, (*head, *_wrapped(more))), SCRIPT_MODE)
    else:
        more = (
            "Where firewalld uses nftables (RHEL 8 and later), it still drops FIN and RST packets "
            "as INVALID: clients are served, but connections linger."
        )
        shown = (*head, *_wrapped(more)) if needs.role == "router" else head
        yield "firewalld.sh", File(firewalld_text.script(needs, shown), SCRIPT_MODE)
    if needs.settings:
        lines = [f"# Kernel settings of the {what}"]
        for name, value, why in needs.settings:
            lines += [f"# {why}", f"{name} = {value}"]
        yield "sysctl.conf", File("\n".join(lines) + "\n")
    for name, listed in (("addresses.sh", needs.commands), ("arptables.sh", needs.arp_rules)):
        if listed:
            title = "Addresses and routes" if name == "addresses.sh" else "ARP rules"
            lines = ["#!/bin/sh", f"# {title} of the {what}"]
            for command, why in listed:
                lines += [f"# {why}", command] if why else [command]
            yield name, File("\n".join(lines) + "\n", SCRIPT_MODE)


def _notes(document: Document, every: Iterable[HostNeeds], *, vrrp: bool) -> tuple[Note, ...]:
    """What the linter finds on hosts that have all this: the lvs.cf contradicts itself."""
    found = judged(document, as_cluster(every))
    expected = ("LVS213", "LVS513") if vrrp else ("LVS513",)
    return tuple(_note(one) for one in found if one.code not in expected)


def as_cluster(every: Iterable[HostNeeds]) -> Cluster:
    """The hosts as they are once they have what they need."""
    from lvscf.firewall.reader import parse
    from lvscf.hosts.kernel_setting_lines import read
    from lvscf.source import Source

    files: list[Host] = []
    for needs in every:
        host = None if needs.address == UNSET_ADDRESS else needs.address
        texts = [iptables_text.restore_file(needs, ())]
        texts += ["".join(f"{one}\n" for one, _ in needs.arp_rules)] if needs.arp_rules else []
        files += [
            of_firewall(parse(text, f"{needs.folder}/rules")).of(needs.role, host) for text in texts
        ]
        if needs.settings:
            lines = "".join(f"{name} = {value}\n" for name, value, _ in needs.settings)
            files.append(read(Source(lines, f"{needs.folder}/sysctl.conf")).of(needs.role, host))
    return Cluster(tuple(files))


# --- missing rules -------------------------------------------------------------------------------


def _folder(config: Config, command: Command) -> str:
    """The folder of the host on which a command is run."""
    if command.role == "router":
        for role in ("primary", "backup"):
            if command.host in (getattr(config, role), getattr(config, f"{role}_private")):
                return role
        return "routers" if command.host is None else f"routers/{_safe(command.host)}"
    for virtual in config.virtual_servers:
        for server in virtual.servers:
            if command.host in (server.name, server.address) and server.address:
                return f"real-servers/{server.address}"
    return f"real-servers/{_safe(command.host or '')}"


def _safe(name: str) -> str:
    """A name as that of a folder."""
    kept = "".join(one if one.isalnum() or one in "-_." else "_" for one in displayable(name))
    return kept.strip(".") or "_"


def _wanted_folders(config: Config, known: Provenance, host: str) -> set[str] | None:
    """The folders of the hosts that are wanted; None for all."""
    if host == "all":
        return None
    every = tuple(_needs(config, known, WAYS[0], vrrp=False))
    chosen = {one.folder for one in _chosen(every, host, known)}
    routers = any(one in chosen for one in ("primary", "backup"))
    return chosen | {"routers"} if routers else chosen


def _script(folder: str, steps: list[Step], known: Provenance, form: Form) -> str:
    host = {"routers": "both routers"}.get(folder, folder.rpartition("/")[2])
    if folder in ("primary", "backup"):
        host = f"the {folder} router"
    elif folder.startswith("real-servers/"):
        host = f"real server {host}"
    lines = ["#!/bin/sh", f"# What is missing on {displayable(host)}, {made_from(known.name)}"]
    is_saved = False
    for finding in dict.fromkeys(step.finding for step in steps):
        lines.append("")
        why = f"{finding.code} ({_where(finding)}): {finding.message}"
        lines += [f"# {line}" for line in _wrapped(why)]
        for step in steps:
            if step.finding is not finding:
                continue
            edit = rule_edit(step.command.text)
            if form == "firewalld" and edit is not None and edit.family == "iptables":
                lines.append(firewalld_text.command(edit))
                is_saved = True
            else:
                lines.append(step.command.text)
    if is_saved:
        lines += ["", "firewall-cmd --reload"]
    else:
        lines += ["", "# These change the running host: save them so that they survive a reboot."]
    return "\n".join(lines) + "\n"


def _where(finding: Finding) -> str:
    """The line that a finding is about."""
    return f"{displayable(finding.span.filename.rpartition('/')[2])}:{finding.span.line}"


def _remaining(found: Missing) -> tuple[Note, ...]:
    return tuple(_note(one) for one in found.remaining)


def _note(finding: Finding) -> Note:
    return Note(
        code=finding.code,
        name=finding.name,
        severity=finding.severity,
        message=finding.message,
        help=finding.help,
        span=finding.span,
        related=finding.related,
    )
