"""Style: how deep the lines of blocks stand."""

from collections.abc import Sequence

from attrs import frozen

from lvscf.syntax import words
from lvscf.syntax.nodes import Block, Directive, Item, Line


@frozen
class Style:
    """The indentation of services and their servers."""

    header: str = ""
    body: str = "     "
    server_header: str = "     "
    server_body: str = "         "


GUI = Style()
"""The Piranha GUI's own: 5 blanks for what a service holds, 9 for what a server holds."""


def style_of(items: Sequence[Item]) -> Style:
    """The style of the blocks of a text, as far as they show one; else the GUI's."""
    services = [item for item in items if isinstance(item, Block) and item.keyword != "server"]
    shown = next((block for block in services if _directive(block) is not None), None)
    servers = (_servers_of(service.items) for service in services)
    server = next((found for found in servers if found is not None), None)
    if shown is None and server is None:
        return GUI
    header, body = GUI.header, GUI.body
    if shown is not None and (line := _directive(shown)) is not None:
        header, body = indentation(shown.header), indentation(line)
    if server is not None:
        return Style(header, body, *server)
    if (header, body) == (GUI.header, GUI.body):
        return GUI
    return Style(header, body, body, body + (body.removeprefix(header) or "    "))


def style_inside(service: Block, style: Style) -> Style:
    """`style`, with that of the service's own servers where it has some."""
    server = _servers_of(service.items)
    return Style(style.header, style.body, *server) if server is not None else style


def indentation(line: Line) -> str:
    """The blanks in front of a line."""
    return line.text[: len(line.text) - len(line.text.lstrip(words.BLANKS))]


def _servers_of(items: Sequence[Item]) -> tuple[str, str] | None:
    """Indentation of the header and of the directives of the first server that has any."""
    for item in items:
        if isinstance(item, Block) and (line := _directive(item)) is not None:
            return indentation(item.header), indentation(line)
    return None


def _directive(block: Block) -> Directive | None:
    for item in block.items:
        if isinstance(item, Directive) and item.value is not None:
            return item
    return None
