"""`lvscf show`: the cluster as a tree, a graph or a table."""

from argparse import ArgumentParser, Namespace

from lvscf.cli import terminal
from lvscf.cli.arguments import add_colour
from lvscf.cli.errors import CommandError
from lvscf.cli.load_document import loaded
from lvscf.document import Document
from lvscf.source import displayable


def arguments(command: ArgumentParser) -> None:
    """Add the command's arguments."""
    command.description = (
        "Show the cluster: routers, virtual IP addresses, services with their checks, real "
        "servers. Inactive parts are dimmed."
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


def run(options: Namespace) -> int:
    """Print the cluster; returns the exit status.

    Raises:
        CommandError: the file cannot be read, or Piranha would reject it.
    """
    if (options.format is not None) + options.effective + (options.table is not None) > 1:
        raise CommandError("`--format`, `--effective` and `--as` are mutually exclusive; use one")
    document = loaded(options.file)
    if options.table:
        terminal.write(_table(document))
    elif options.effective:
        terminal.write(_effective(document, options.color))
    else:
        terminal.write(_drawing(document, options.format or "tree", options.color))
    return 0


def _drawing(document: Document, form: str, colour: str) -> str:
    from lvscf.config.cluster_tree import picture
    from lvscf.report import cluster_drawing

    part = picture(document.config, document.filename)
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
