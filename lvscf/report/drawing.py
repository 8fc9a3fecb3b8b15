"""A picture of a cluster, as a tree, a graph for Graphviz or Mermaid, an SVG image or JSON."""

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lvscf.picture import Part
from lvscf.source import displayable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree

_STYLES = {
    "cluster": "bold",
    "vip": "bold cyan",
    "virtual server": "bold",
    "failover service": "bold",
}
_NAMES = {"cluster": "", "vip": "VIP "}


def tree(part: Part) -> "Tree":
    """The picture as a tree for rich."""
    from rich.tree import Tree

    drawn = Tree(_label(part), guide_style="dim")
    for inner in part.parts:
        drawn.add(tree(inner))
    return drawn


def _label(part: Part) -> "Text":
    from rich.text import Text

    style = _STYLES.get(part.kind, "")
    kind = _NAMES.get(part.kind, f"{part.kind} ")
    label = Text.assemble((kind, style or "dim"), (displayable(part.title), style))
    if part.facts:
        label.append(f"  {displayable(', '.join(part.facts))}")
    if not part.in_force:
        label.stylize("dim")
        label.stylize("not bold")
    return label


def svg(part: Part, console: "Console") -> str:
    """The tree as an image; `console` is one that records."""
    console.print(tree(part))
    return console.export_svg(title=displayable(part.title), code_format=_SVG)


_SVG = """\
<svg class="rich-terminal" viewBox="0 0 {terminal_width} {terminal_height}" \
xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
    font-family: monospace; font-size: {char_height}px; line-height: {line_height}px;
    font-variant-east-asian: full-width;
}}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>{lines}</defs>
<rect fill="#292929" width="{terminal_width}" height="{terminal_height}" rx="8"/>
<g transform="translate(9, 9)">{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""
"""Like rich's own, without a font from elsewhere: nothing is fetched when the image is shown."""


def dot(part: Part) -> str:
    """The picture as a graph in Graphviz' language."""
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


def mermaid(part: Part) -> str:
    """The picture as a flow chart in Mermaid's language."""
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


def _numbered(part: Part) -> Iterator[tuple[int, Part, int | None]]:
    """All parts but checks and commands, numbered, each with the number of the part around it."""
    waiting: deque[tuple[Part, int | None]] = deque([(part, None)])
    number = 0
    while waiting:
        inner, above = waiting.popleft()
        yield number, inner, above
        waiting.extend(
            (one, number)
            for one in inner.parts
            if one.kind != "check" and not one.kind.endswith("command")
        )
        number += 1


def _lines(part: Part) -> Iterator[str]:
    yield f"{_NAMES.get(part.kind, part.kind + ' ')}{part.title}"
    yield from part.facts


def plain(part: Part) -> dict[str, Any]:
    """The picture as plain data."""
    return {
        "kind": part.kind,
        "title": part.title,
        "facts": list(part.facts),
        "in_force": part.in_force,
        "parts": [plain(inner) for inner in part.parts],
    }
