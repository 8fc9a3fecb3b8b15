"""`lvscf convert`: an lvs.cf as the files of another program."""

import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from lvscf.cli import terminal
from lvscf.cli.arguments import add_colour
from lvscf.cli.errors import CommandError
from lvscf.document import Document
from lvscf.shared.plurals import counted
from lvscf.source import displayable

if TYPE_CHECKING:
    from lvscf.findings.finding import Finding
    from lvscf.keepalived import Conversion

PROGRAMS = ("keepalived", "ipvsadm", "ldirectord")

_ONLY_KEEPALIVED = (
    ("router", "--router"),
    ("target", "--target"),
    ("checks", "--checks"),
    ("interface", "--interface"),
    ("vrid", "--vrid"),
    ("multicast", "--multicast"),
    ("preempt", "--preempt"),
)


def arguments(command: ArgumentParser) -> None:
    """Add the command's arguments."""
    command.description = (
        "Write what an lvs.cf becomes without Piranha: the files of each router for keepalived, "
        "the table for ipvsadm, or the file of ldirectord. The files go to standard output unless "
        "--output is given; what changes goes to standard error, and to NOTES.md."
    )
    command.epilog = (
        "exit status:\n"
        "  0  converted\n"
        "  1  converted, with notes at or above --fail-on\n"
        "  2  lvscf could not do its work\n\n"
        "example:\n  lvscf convert --to keepalived --target rhel9 -o keepalived lvs.cf"
    )
    command.add_argument("file", metavar="FILE", help="an lvs.cf; - is standard input")
    command.add_argument(
        "--to", required=True, choices=PROGRAMS, help="the program that replaces Piranha"
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
        "--router", choices=("primary", "backup", "all"),
        help="the router whose files are wanted (default: all)",
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
    if options.output is not None:
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
    from lvscf import keepalived

    chosen = {
        name: getattr(options, name)
        for name, _ in _ONLY_KEEPALIVED
        if getattr(options, name) is not None
    }
    try:
        if options.to == "keepalived":
            return keepalived.convert(document, **chosen)
        for name, option in _ONLY_KEEPALIVED:
            if name in chosen:
                raise CommandError(f"{option} is only for `--to keepalived`")
        if options.to == "ipvsadm":
            return keepalived.convert_to_ipvsadm(document)
        return keepalived.convert_to_ldirectord(document)
    except ValueError as error:
        raise CommandError(str(error)) from None


def _write(options: Namespace, conversion: "Conversion") -> None:
    from lvscf.files import output_folder
    from lvscf.source import encode

    files = {name: (encode(file.text), file.mode) for name, file in conversion.files.items()}
    output_folder.write(options.output, files, replace=options.force)


def _listing(conversion: "Conversion") -> bytes:
    """All files, each after a line with its name."""
    from lvscf.source import encode

    parts = (f"==> {name} <==\n{file.text}" for name, file in conversion.files.items())
    return encode("\n".join(parts))


def _tell(options: Namespace, document: Document, conversion: "Conversion") -> None:
    """Print the notes, and what was written, to standard error."""
    from lvscf.report import conversion_notes

    findings = conversion_notes.findings(conversion, document.source)
    if findings and options.format != "json":
        _show(options, document, findings)
    if options.output is not None:
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
