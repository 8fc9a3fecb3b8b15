"""A cluster drawn as a tree, a Graphviz or Mermaid graph, an SVG image, or as JSON."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from lvscf.config.cluster_tree import Node
from lvscf.report.page import Page, Piece, cells
from lvscf.source import displayable

_STYLES = {
    "cluster": "bold",
    "vip": "bold cyan",
    "virtual server": "bold",
    "failover service": "bold",
    "host": "bold",
}
_NAMES = {"cluster": "", "vip": "VIP ", "host": ""}

_GUIDES = ("├── ", "└── ", "│   ")
_ASCII_GUIDES = ("+-- ", "`-- ", "|   ")
"""A branch, the last branch, and the line past other parts to the next branch."""

_CELL_WIDTH = 9.6
_LINE_HEIGHT = 20
"""The size of a character in a monospaced font, in pixels."""


def tree(part: Node, page: Page) -> None:
    """Draw the cluster as a tree on `page`."""
    branch, last, trunk = _GUIDES if page.can_draw else _ASCII_GUIDES
    for level, one in _levels(part):
        margin = "".join("    " if is_last else trunk for is_last in level[:-1])
        first = margin + (last if level[-1] else branch) if level else ""
        rest = margin + ("    " if level[-1] else trunk) if level else ""
        below = rest + (trunk if one.parts else "    ")
        page.prose(*_label(one), first=((first, "dim"),), rest=((below, "dim"),))


def _levels(part: Node, level: tuple[bool, ...] = ()) -> Iterator[tuple[tuple[bool, ...], Node]]:
    """All parts, top down; for each level, whether the part is the last one there."""
    yield level, part
    for number, inner in enumerate(part.parts, start=1):
        yield from _levels(inner, (*level, number == len(part.parts)))


def _label(part: Node) -> tuple[Piece, ...]:
    style = _STYLES.get(part.kind, "")
    kind = _NAMES.get(part.kind, f"{part.kind} " if part.title else part.kind)
    pieces = [(kind, style or "dim"), (displayable(part.title), style)]
    if part.facts:
        pieces.append((f"  {displayable(', '.join(part.facts))}", ""))
    return tuple((text, look if part.in_force else "dim") for text, look in pieces)


def svg(part: Node) -> str:
    """The tree as an image as wide as its longest line, without external resources."""
    page = _Canvas()
    tree(part, page)
    width = round((max(page.widths) + 3) * _CELL_WIDTH)
    height = round((len(page.widths) + 1) * _LINE_HEIGHT)
    rows = "".join(
        f'<text y="{(number + 1) * _LINE_HEIGHT:.1f}">{row}</text>\n'
        for number, row in enumerate(page.rows)
    )
    return _SVG.format(
        width=width, height=height, title=_xml_text(displayable(part.title)), rows=rows
    )


class _Canvas(Page):
    """A page whose lines become the rows of an image."""

    def __init__(self) -> None:
        super().__init__(columns=10_000)
        self.rows: list[str] = []
        self.widths: list[int] = []

    def add(self, pieces: Iterable[Piece]) -> None:
        """Place every piece at its column, whatever font the image is shown in."""
        row, at = [], 0
        for text, style in pieces:
            inner = text.lstrip(" ")
            start = at + len(text) - len(inner)
            at += cells(text)
            inner = inner.rstrip(" ")
            if inner:
                look = f' class="{style}"' if style else ""
                x, length = (count * _CELL_WIDTH for count in (start + 1, cells(inner)))
                row.append(
                    f'<tspan x="{x:.1f}" textLength="{length:.1f}"{look}>{_xml_text(inner)}</tspan>'
                )
        self.rows.append("".join(row))
        self.widths.append(at)


_SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" \
viewBox="0 0 {width} {height}">
<title>{title}</title>
<style>
text {{ font: 16px monospace; fill: #c5c8c6; }}
.bold {{ font-weight: bold; }}
.dim {{ fill: #868887; }}
.cyan {{ fill: #68a0b3; }}
</style>
<rect width="{width}" height="{height}" rx="8" fill="#292929"/>
{rows}</svg>
"""


def _xml_text(text: str) -> str:
    """Text for XML, with non-breaking blanks so that none collapse."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return safe.replace(" ", "\u00a0")


def dot(part: Node) -> str:
    """The cluster as a graph in the Graphviz language."""
    lines = ["digraph cluster {", "    rankdir=LR;", '    node [shape=box, fontname="sans-serif"];']
    for number, inner, above in _numbered(part):
        look = "" if inner.in_force else ", style=dashed, color=gray, fontcolor=gray"
        label = "\\n".join(_dot_text(line) for line in _lines(inner))
        lines.append(f'    n{number} [label="{label}"{look}];')
        if above is not None:
            lines.append(f"    n{above} -> n{number};")
    return "\n".join([*lines, "}", ""])


def _dot_text(line: str) -> str:
    return displayable(line).replace("\\", "\\\\").replace('"', '\\"')


def mermaid(part: Node) -> str:
    """The cluster as a flow chart in the Mermaid language."""
    lines = ["flowchart LR"]
    faded = []
    for number, inner, above in _numbered(part):
        label = "<br>".join(_mermaid_text(line) for line in _lines(inner))
        lines.append(f'    n{number}["{label}"]')
        if above is not None:
            lines.append(f"    n{above} --> n{number}")
        if not inner.in_force:
            faded.append(f"n{number}")
    if faded:
        lines.append("    classDef inactive stroke-dasharray: 4,color:#888")
        lines.append(f"    class {','.join(faded)} inactive")
    return "\n".join([*lines, ""])


def _mermaid_text(line: str) -> str:
    safe = ".,:;/-+_=()*% "
    return "".join(c if c.isalnum() or c in safe else f"#{ord(c)};" for c in displayable(line))


def _numbered(part: Node) -> Iterator[tuple[int, Node, int | None]]:
    """All parts except checks, commands and hosts' files, numbered, with their parent's number."""
    waiting: deque[tuple[Node, int | None]] = deque([(part, None)])
    number = 0
    while waiting:
        inner, above = waiting.popleft()
        yield number, inner, above
        waiting.extend(
            (one, number)
            for one in inner.parts
            if one.kind not in ("check", "host") and not one.kind.endswith("command")
        )
        number += 1


def _lines(part: Node) -> Iterator[str]:
    yield f"{_NAMES.get(part.kind, part.kind + ' ')}{part.title}"
    yield from part.facts


def plain(part: Node) -> dict[str, Any]:
    """The cluster as plain data."""
    return {
        "kind": part.kind,
        "title": part.title,
        "facts": list(part.facts),
        "in_force": part.in_force,
        "parts": [plain(inner) for inner in part.parts],
    }
