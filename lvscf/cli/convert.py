"""`lvscf convert`: an lvs.cf as the files of another program."""

import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from lvscf.cli import terminal
from lvscf.cli.arguments import add_colour
from lvscf.cli.errors import CommandError
from lvscf.document import Document
from lvscf.shared.plurals import counted
from lvscf.source import displayable, quoted

if TYPE_CHECKING:
    from lvscf.cluster import Cluster
    from lvscf.findings.finding import Finding
    from lvscf.keepalived import Conversion

PROGRAMS = ("keepalived", "ipvsadm", "ldirectord")
RULES = ("iptables", "nftables", "firewalld")
ROUTERS = ("primary", "backup", "all")

_ONLY_KEEPALIVED = (
    ("target", "--target"),
    ("checks", "--checks"),
    ("interface", "--interface"),
    ("vrid", "--vrid"),
    ("multicast", "--multicast"),
    ("preempt", "--preempt"),
)
_ONLY_RULES = (
    ("host", "--host"),
    ("dr", "--dr"),
    ("commands", "--commands"),
    ("vrrp", "--vrrp"),
    ("real_server", "--real-server"),
)


def arguments(command: ArgumentParser) -> None:
    """Add the command's arguments."""
    command.description = (
        "Write what an lvs.cf becomes without Piranha: the files of each router for keepalived, "
        "the table for ipvsadm, or the file of ldirectord. Or write the firewall rules that it "
        "needs on each host; with files from the hosts, only what is missing there. Files go to "
        "standard output unless --output is given; what changes goes to standard error, and to "
        "NOTES.md."
    )
    command.epilog = (
        "exit status:\n"
        "  0  converted\n"
        "  1  converted, with notes at or above --fail-on\n"
        "  2  lvscf could not do its work\n\n"
        "example:\n  lvscf convert --to keepalived --target rhel9 -o keepalived lvs.cf\n"
        "  lvscf convert --to iptables --router 10.10.1.21=iptables.txt lvs.cf"
    )
    command.add_argument("file", metavar="FILE", help="an lvs.cf; - is standard input")
    command.add_argument(
        "--to",
        required=True,
        choices=(*PROGRAMS, *RULES),
        help="the program that replaces Piranha, or that filters packets",
    )
    place = command.add_mutually_exclusive_group()
    place.add_argument("-o", "--output", metavar="DIR", help="the directory to write")
    place.add_argument(
        "--stdout", action="store_true", help="print the files, each after its name (the default)"
    )
    command.add_argument(
        "--force", action="store_true",
        help="replace DIR if it exists and holds nothing but an earlier conversion",
    )  # fmt: skip
    command.add_argument(
        "--format", choices=("text", "json"), default="text",
        help="output format (default: text)",
    )  # fmt: skip
    command.add_argument(
        "--fail-on", choices=("info", "warning", "error"), default="error",
        help="the lowest severity of a note that makes the exit status 1 (default: error)",
    )  # fmt: skip
    group = command.add_argument_group("keepalived")
    group.add_argument(
        "--router", action="append", metavar="ROUTER",
        help="the router whose files are wanted: primary, backup or all (default: all); for rules, "
        "[HOST=]FILE: a file from a router, named by its address, or from both",
    )  # fmt: skip
    group.add_argument(
        "--target", metavar="VERSION",
        help="keepalived's version, such as 1.3, 2.0 or 2.2, or one of rhel6, rhel7, rhel8, rhel9 "
        "and debian12 (default: 2.2)",
    )  # fmt: skip
    group.add_argument(
        "--checks", choices=("exact", "native"),
        help="exact: scripts that check as nanny does; native: keepalived's own HTTP check where "
        "it comes close (default: exact)",
    )  # fmt: skip
    group.add_argument(
        "--interface", metavar="DEV",
        help="the interface for VRRP (default: that of the first VIP in the network of `primary`)",
    )  # fmt: skip
    group.add_argument(
        "--vrid", type=int, metavar="N", help="the virtual router id, 1 to 255 (default: 51)"
    )
    group.add_argument(
        "--multicast", action="store_true", default=None,
        help="send VRRP to the multicast group, not to the other router's address",
    )  # fmt: skip
    group.add_argument(
        "--preempt", action="store_true", default=None,
        help="let the primary router take the addresses back when it returns",
    )  # fmt: skip
    rules = command.add_argument_group("rules")
    rules.add_argument(
        "--host", metavar="HOST",
        help="the host whose rules are wanted: primary, backup, routers, real-servers, or a real "
        "server's name or address (default: all)",
    )  # fmt: skip
    rules.add_argument(
        "--dr", choices=("redirect", "arp", "arptables"),
        help="how real servers of direct routing take packets for a VIP: by REDIRECT, or by having "
        "it, hidden by kernel settings or by arptables (default: redirect)",
    )  # fmt: skip
    rules.add_argument(
        "--commands", action="store_true", default=None,
        help="iptables: write commands, not a file for iptables-restore",
    )  # fmt: skip
    rules.add_argument(
        "--vrrp", action="store_true", default=None,
        help="keepalived runs on the routers: let VRRP in, not Piranha's heartbeats",
    )  # fmt: skip
    rules.add_argument(
        "--real-server", action="append", metavar="HOST=FILE",
        help="a file from a real server, named by its address or its name in the lvs.cf; with this "
        "or --router, only what is missing is written",
    )  # fmt: skip
    add_colour(command)


def run(options: Namespace) -> int:
    """Convert an lvs.cf; returns the exit status.

    Raises:
        CommandError: the file cannot be read or converted, or the files cannot be written.
        FileError: the same.
    """
    from lvscf.findings.finding import Severity

    document = _loaded(options)
    conversion = _converted(options, document)
    if options.output is not None and conversion.files:
        _write(options, conversion)
    _tell(options, document, conversion)
    if options.format == "json":
        import json

        from lvscf.report import conversion_json

        terminal.write(json.dumps(conversion_json.plain(conversion), indent=2) + "\n")
    elif options.output is None:
        terminal.write_bytes(_listing(conversion))
    worst = Severity[options.fail_on.upper()]
    return int(any(note.severity >= worst for note in conversion.notes))


def _loaded(options: Namespace) -> Document:
    """The document; the findings about it are printed if Piranha would reject it.

    Raises:
        CommandError: Piranha would reject it.
    """
    from lvscf.document import parse
    from lvscf.files.inputs import STANDARD_INPUT, read

    path = options.file
    document = parse(read(path), STANDARD_INPUT if path == "-" else path)
    if document.refusal is not None:
        _show(options, document, document.findings)
        raise CommandError(
            f"{displayable(document.filename)} is not converted, because Piranha rejects it; fix "
            "the errors above first"
        )
    if document.reading.misread_as is not None:
        terminal.note(
            f"{displayable(document.filename)}: Piranha does not read this file as written; what "
            "it does read is converted; run `lvscf lint` for details"
        )
    return document


def _converted(options: Namespace, document: Document) -> "Conversion":
    """The files and the notes.

    Raises:
        CommandError: an option is of no use with the others, or the file cannot be converted.
    """
    try:
        if options.to in RULES:
            _refuse(options, _ONLY_KEEPALIVED, "`--to keepalived`")
            return _rules(options, document)
        _refuse(options, _ONLY_RULES, f"`--to {'`, `--to '.join(RULES)}`")
        if options.to == "keepalived":
            return _keepalived(options, document)
        _refuse(options, (("router", "--router"), *_ONLY_KEEPALIVED), "`--to keepalived`")
        from lvscf import keepalived

        if options.to == "ipvsadm":
            return keepalived.convert_to_ipvsadm(document)
        return keepalived.convert_to_ldirectord(document)
    except ValueError as error:
        raise CommandError(str(error)) from None


def _refuse(options: Namespace, several: tuple[tuple[str, str], ...], program: str) -> None:
    """Check that no option of another program is given.

    Raises:
        CommandError: one is.
    """
    for name, option in several:
        if getattr(options, name) is not None:
            raise CommandError(f"{option} is only for {program}")


def _keepalived(options: Namespace, document: Document) -> "Conversion":
    from lvscf import keepalived

    routers = options.router or ["all"]
    if len(routers) > 1 or routers[0] not in ROUTERS:
        given = quoted(routers[-1])
        raise CommandError(f"--router {given} is not one of {', '.join(ROUTERS)}")
    chosen = {
        name: getattr(options, name)
        for name, _ in _ONLY_KEEPALIVED
        if getattr(options, name) is not None
    }
    return keepalived.convert(document, router=routers[0], **chosen)


def _rules(options: Namespace, document: Document) -> "Conversion":
    """All rules, or those that are missing where files of hosts are given."""
    from lvscf import rule_writing

    host = options.host or "all"
    if options.to != "iptables" and options.commands:
        raise CommandError("--commands is only for `--to iptables`")
    if not options.router and not options.real_server:
        return rule_writing.write_rules(
            document,
            options.to,
            host=host,
            dr=options.dr or "redirect",
            commands=bool(options.commands),
            vrrp=bool(options.vrrp),
        )
    for name, option in (("dr", "--dr"), ("commands", "--commands"), ("vrrp", "--vrrp")):
        if getattr(options, name) is not None:
            raise CommandError(
                f"{option} has no use with files of hosts: they show what is there, and only what "
                "is missing is written"
            )
    return rule_writing.write_missing_rules(document, _cluster(options), options.to, host=host)


def _cluster(options: Namespace) -> "Cluster":
    """The files of the hosts.

    Raises:
        CommandError: one of them cannot be used.
    """
    from lvscf.cli.evidence import from_options
    from lvscf.files.archive import Archive

    files = from_options(options.router or (), options.real_server or ())
    if [options.file, *(file.path for file in files)].count("-") > 1:
        raise CommandError("standard input can be read only once; name files instead")
    problems: list[str] = []
    cluster = Archive(lambda error: problems.append(str(error))).cluster(files)
    if problems:
        raise CommandError(problems[0])
    return cluster


def _write(options: Namespace, conversion: "Conversion") -> None:
    from lvscf.files import output_folder
    from lvscf.source import encode

    files = {name: (encode(file.text), file.mode) for name, file in conversion.files.items()}
    output_folder.write(options.output, files, replace=options.force)


def _listing(conversion: "Conversion") -> bytes:
    """All files, each after a line with its name; one host's rules alone are without it."""
    from lvscf.source import encode

    if conversion.target in RULES and len(conversion.files) == 1:
        return encode(next(iter(conversion.files.values())).text)
    parts = (f"==> {name} <==\n{file.text}" for name, file in conversion.files.items())
    return encode("\n".join(parts))


def _tell(options: Namespace, document: Document, conversion: "Conversion") -> None:
    """Print the notes, and what was written, to standard error."""
    from lvscf.report import conversion_notes

    findings = conversion_notes.findings(conversion, document.source)
    if findings and options.format != "json":
        _show(options, document, findings)
    if not conversion.files:
        more = " that a command fixes" if findings else ""
        terminal.note(f"nothing{more} is missing in the files of these hosts")
    elif options.output is not None:
        written = counted(len(conversion.files), "file")
        terminal.note(f"wrote {written} to {displayable(options.output)}")


def _show(options: Namespace, document: Document, findings: "tuple[Finding, ...]") -> None:
    """Print findings as `lvscf lint` does, to standard error."""
    from lvscf.report import full
    from lvscf.report.result import FileResult, Result

    if sys.stderr is None:
        return
    result = Result((FileResult(document.source, findings),))
    page = terminal.page(options.color, sys.stderr)
    full.render(result, page)
    terminal.write_aside(f"{page.text}\n")
