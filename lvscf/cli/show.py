"""`lvscf show`: the cluster as a tree, a graph or a table."""

import os
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from lvscf.cli import terminal
from lvscf.cli.arguments import add_colour, add_evidence
from lvscf.cli.errors import CommandError
from lvscf.cli.load_document import loaded
from lvscf.document import Document
from lvscf.files import settings_search
from lvscf.files.errors import FileError
from lvscf.files.settings_file import SettingsFile
from lvscf.source import displayable

if TYPE_CHECKING:
    from lvscf.cluster import Cluster


def arguments(command: ArgumentParser) -> None:
    """Add the command's arguments."""
    command.description = (
        "Show the cluster: routers, virtual IP addresses, services with their checks, real "
        "servers. Inactive parts are dimmed. Where files of the hosts are given, by options or "
        "settings, the tree also shows what is known of each host, and what is not."
    )
    command.add_argument("file", metavar="FILE", help="an lvs.cf; - is standard input")
    command.add_argument(
        "--format", choices=("tree", "dot", "mermaid", "svg", "json"),
        help="output format (default: tree)",
    )  # fmt: skip
    command.add_argument(
        "--effective", action="store_true",
        help="show every value that Piranha will use, and where it comes from",
    )  # fmt: skip
    command.add_argument(
        "--as", dest="table", choices=("ipvsadm",),
        help="show what `ipvsadm -ln` prints once all real servers are up",
    )  # fmt: skip
    add_colour(command)
    add_evidence(command)


def run(options: Namespace) -> int:
    """Print the cluster; returns the exit status.

    Raises:
        CommandError: the file cannot be read, or Piranha would reject it.
    """
    if (options.format is not None) + options.effective + (options.table is not None) > 1:
        raise CommandError("`--format`, `--effective` and `--as` are mutually exclusive; use one")
    evidence = options.router or options.real_server or options.cluster
    if evidence and (options.effective or options.table):
        raise CommandError(
            "`--effective` and `--as` only show the lvs.cf; leave out the files of the hosts"
        )
    document = loaded(options.file)
    errors: list[FileError] = []
    if options.table:
        terminal.write(_table(document))
    elif options.effective:
        terminal.write(_effective(document, options.color))
    else:
        cluster = _cluster(options, errors)
        terminal.write(_drawing(document, cluster, options.format or "tree", options.color))
    for error in errors:
        terminal.complain(error)
    return 2 if errors else 0


def _cluster(options: Namespace, errors: list[FileError]) -> "Cluster | None":
    """The hosts' files that options and settings name; None if there are none."""
    found = _settings(options)
    if not (options.router or options.real_server or found.files):
        return None
    from lvscf.cli.evidence import combined, from_options
    from lvscf.files.archive import Archive  # brings the firewall parser with it

    given = from_options(options.router or (), options.real_server or ())
    if [options.file, *(file.path for file in given)].count("-") > 1:
        raise CommandError("standard input can be read only once; name files instead")
    return Archive(errors.append).cluster(combined(given, found.files))


def _settings(options: Namespace) -> SettingsFile:
    """The settings in force for the file."""
    if options.cluster is not None:
        return settings_search.read(options.cluster)
    return settings_search.nearest(os.path.dirname(options.file))


def _drawing(document: Document, cluster: "Cluster | None", form: str, colour: str) -> str:
    from lvscf.config.cluster_tree import picture
    from lvscf.report import cluster_drawing

    part = picture(document.config, document.filename)
    if cluster is not None:
        from lvscf.report.known_hosts import with_hosts

        part = with_hosts(part, document.config, cluster)
    if form == "dot":
        return cluster_drawing.dot(part)
    if form == "mermaid":
        return cluster_drawing.mermaid(part)
    if form == "json":
        import json

        return json.dumps({"version": 1, "picture": cluster_drawing.plain(part)}, indent=2) + "\n"
    if form == "svg":
        return cluster_drawing.svg(part)
    page = terminal.page(colour)
    cluster_drawing.tree(part, page)
    return page.text


def _effective(document: Document, colour: str) -> str:
    from lvscf.report import effective

    page = terminal.page(colour)
    lines = list(effective.lines(document))
    width = min(44, max(len(text) for text, place in lines if place))
    for text, place in lines:
        written = place.startswith("line ") or not place
        label = f"{text:<{width}}  " if place else text
        page.line((label, "" if written else "dim"), (place, "dim"))
    return page.text


def _table(document: Document) -> str:
    from lvscf.config.ipvs_table import table
    from lvscf.report import ipvsadm

    found = table(document.config)
    for one in found.missing:
        block = f"virtual server {displayable(one.virtual.name)}"
        if one.server is not None:
            block = f"real server {displayable(one.server.name)} of {block}"
        terminal.complain(CommandError(f"{block} is not in the table: {one.reason}"))
    return ipvsadm.render(found)
