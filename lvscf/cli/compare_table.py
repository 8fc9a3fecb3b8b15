"""`lvscf compare-table`: whether an IPVS table is the one that an lvs.cf asks for."""

import re
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from lvscf.cli import gaps as unread
from lvscf.cli import terminal
from lvscf.cli.arguments import add_colour
from lvscf.cli.errors import CommandError
from lvscf.cli.load_document import loaded
from lvscf.source import Source, displayable

if TYPE_CHECKING:
    from lvscf.hosts.facts import IpvsListing
    from lvscf.keepalived.reading.statements import Gap

_KEEPALIVED = re.compile(
    r"^[ \t]*(?:@\S+[ \t]+)?(?:virtual_server|virtual_server_group|vrrp_instance|vrrp_sync_group"
    r"|global_defs|static_ipaddress|include\w?)\b",
    re.MULTILINE,
)


def arguments(command: ArgumentParser) -> None:
    """Add the command's arguments."""
    command.description = (
        "Compare an IPVS table with the one that Piranha sets up for an lvs.cf once all real "
        "servers are up: a table saved on a router, or the one that keepalived sets up for a "
        "keepalived.conf."
    )
    command.epilog = (
        "exit status:\n"
        "  0  the tables are equal\n"
        "  1  differences\n"
        "  2  lvscf could not do its work\n\n"
        "example:\n  ipvsadm -Sn > before.txt; lvscf compare-table lvs.cf before.txt"
    )
    command.add_argument("lvs_cf", metavar="LVS.CF", help="an lvs.cf; - is standard input")
    command.add_argument(
        "file", metavar="FILE",
        help="a table saved with `ipvsadm -Sn` or `ipvsadm -Ln`, a copy of /proc/net/ip_vs, or a "
        "keepalived.conf; - is standard input",
    )  # fmt: skip
    command.add_argument(
        "--down", action="store_true",
        help="accept what real servers that are down explain: a server that is missing, or has "
        "weight 0 where `quiesce_server = 1`, and the sorry server in their place",
    )  # fmt: skip
    command.add_argument(
        "--config-id", metavar="ID",
        help="what keepalived gets with -i, for the lines of a keepalived.conf that begin with @",
    )  # fmt: skip
    command.add_argument(
        "--format", choices=("text", "json"), default="text",
        help="output format (default: text)",
    )  # fmt: skip
    add_colour(command)


def run(options: Namespace) -> int:
    """Print the differences; returns the exit status.

    Raises:
        CommandError: a file cannot be read, is of another kind or does not show everything, or
            Piranha would reject the lvs.cf.
        FileError: the same.
    """
    if options.lvs_cf == options.file == "-":
        raise CommandError("standard input can be read only once; name a file instead")
    from lvscf.config import ipvs_table
    from lvscf.hosts.table_differences import table_differences
    from lvscf.report import table_differences as report

    document = loaded(options.lvs_cf)
    if document.config.effective.service != "lvs":
        raise CommandError(
            f"{displayable(document.filename)} has `service = fos`, so Piranha sets up no IPVS "
            "table for it"
        )
    source, found, gaps = _found(options)
    wanted = ipvs_table.table(document.config)
    differences = table_differences(wanted, found)
    if options.down:
        differences = tuple(one for one in differences if not one.is_down)
    unread.tell(gaps)
    doubt = _doubt(source, found, gaps)
    if options.format == "json" and (differences or doubt is None):
        import json

        terminal.write(json.dumps(report.plain(document, source, differences), indent=2) + "\n")
    elif differences:
        page = terminal.page(options.color)
        for line in report.lines(document, source, differences):
            page.line(line)
        terminal.write(page.text)
    if doubt is not None and (not differences or any(not gap.is_ignored for gap in gaps)):
        raise CommandError(doubt)
    if any(one.is_down for one in differences):
        terminal.note(
            "real servers that are down may explain some differences; --down leaves those out"
        )
    if differences:
        return 1
    if options.format == "text":
        terminal.write(_equal(len(wanted.services), sum(map(_count, wanted.services))))
    return 0


def _doubt(source: Source, found: "IpvsListing", gaps: "tuple[Gap, ...]") -> str | None:
    """Why the tables may differ in more than was found, as a sentence; None if they cannot."""
    from lvscf.hosts.table_differences import hides_times

    name = displayable(source.filename)
    if any(not gap.is_ignored for gap in gaps):
        return f"not all of {name} was read, so the tables cannot be compared as a whole"
    if hides_times(found):
        return (
            f"{name} does not show how long persistence lasts, and no other difference was found; "
            "save the table with `ipvsadm -Sn > FILE`"
        )
    return None


def _count(service: object) -> int:
    return len(getattr(service, "destinations", ()))


def _equal(services: int, servers: int) -> str:
    from lvscf.shared.plurals import counted

    return (
        f"The tables are equal: {counted(services, 'virtual server')} with "
        f"{counted(servers, 'real server')}.\n"
    )


def _found(options: Namespace) -> "tuple[Source, IpvsListing, tuple[Gap, ...]]":
    """The text of the other table, the table, and what could not be read of it.

    Raises:
        CommandError: the file holds no table.
        FileError: the file cannot be read.
    """
    from lvscf.files import keepalived_files
    from lvscf.files.inputs import STANDARD_INPUT, read

    is_stream = options.file == "-"
    name = STANDARD_INPUT if is_stream else options.file
    source = Source.of(read(options.file, "IPVS table"), name)
    if _KEEPALIVED.search(source.text):
        from lvscf.keepalived.reading import table

        configuration = keepalived_files.parsed(source, options.config_id, is_stream)
        return source, table.listing(configuration), configuration.gaps
    return source, _listed(source), ()


def _listed(source: Source) -> "IpvsListing":
    from lvscf.hosts import ipvs_listings
    from lvscf.hosts.table_differences import hides

    name = displayable(source.filename)
    tables = ipvs_listings.read(source).ipvs
    if len(tables) != 1:
        count = f"{len(tables)} IPVS tables" if tables else "no IPVS table"
        raise CommandError(
            f"{name} holds {count}; save the router's with `ipvsadm -Sn > FILE`, or name a "
            "keepalived.conf"
        )
    (found,) = tables
    if hides(found):
        raise CommandError(
            f"{name} does not show the whole table in numbers; save it with `ipvsadm -Sn > FILE`"
        )
    return found
