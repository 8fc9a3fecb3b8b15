"""Style: the indentation of blocks."""

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
"""The Piranha GUI's own: 5 blanks inside a service, 9 inside a server."""


def style_of(items: Sequence[Item]) -> Style:
    """The style of a text's blocks, as far as they show one; otherwise the GUI's."""
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
    """`style`, with the indentation of the service's own servers if it has any."""
    server = _servers_of(service.items)
    return Style(style.header, style.body, *server) if server is not None else style


def indentation(line: Line) -> str:
    """The blanks at the beginning of a line."""
    return line.text[: len(line.text) - len(line.text.lstrip(words.BLANKS))]


def _servers_of(items: Sequence[Item]) -> tuple[str, str] | None:
    """The indentation of header and directives of the first server that has directives."""
    for item in items:
        if isinstance(item, Block) and (line := _directive(item)) is not None:
            return indentation(item.header), indentation(line)
    return None


def _directive(block: Block) -> Directive | None:
    for item in block.items:
        if isinstance(item, Directive) and item.value is not None:
            return item
    return None
