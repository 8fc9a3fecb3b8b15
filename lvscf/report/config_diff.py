"""The differences between two lvs.cf files, as text and as JSON."""

from typing import Any

from lvscf.config.differences import Difference, spelled
from lvscf.config.model import Owner
from lvscf.config.plain_data import plain_value
from lvscf.document import Document
from lvscf.report.page import Piece
from lvscf.source import displayable


def lines(left: Document, right: Document, found: tuple[Difference, ...]) -> list[Piece]:
    """The differences, block by block, as styled lines."""
    shown: list[Piece] = []
    if found:
        shown = [
            (f"--- {displayable(left.filename)}", "bold"),
            (f"+++ {displayable(right.filename)}", "bold"),
        ]
    heading: tuple[str, ...] = ()
    for difference in found:
        block = difference.block if difference.directive else difference.block[:-1]
        for depth, name in enumerate(block):
            if heading[: depth + 1] != block[: depth + 1]:
                shown.append((f"  {'    ' * depth}{displayable(name)}:", "bold"))
        heading = block
        shown.extend(_difference(difference, "    " * len(block)))
    return shown


def _difference(difference: Difference, margin: str) -> list[Piece]:
    if difference.kind in ("only left", "only right"):
        left = difference.kind == "only left"
        sign, style = ("-", "red") if left else ("+", "green")
        return [(f"{sign} {margin}{displayable(difference.block[-1])}", style)]
    if difference.kind == "renamed":
        old, new = difference.values
        keyword = difference.block[-1].partition(" ")[0]
        return [
            (f"- {margin}{keyword} {displayable(old)}", "red"),
            (f"+ {margin}{keyword} {displayable(new)} (the same, renamed)", "green"),
        ]
    return [
        (f"{sign} {margin}{difference.directive} = {text}", style)
        for sign, style, text in zip("-+", ("red", "green"), _sides(difference), strict=True)
    ]


def _sides(difference: Difference) -> list[str]:
    return [
        displayable(spelled(value)) + ("" if written else " (not written)")
        for value, written in zip(difference.values, difference.written, strict=True)
    ]


def plain(left: Document, right: Document, found: tuple[Difference, ...]) -> dict[str, Any]:
    """The differences as plain data, version 1."""
    return {
        "version": 1,
        "left": left.filename,
        "right": right.filename,
        "differences": [
            {
                "kind": difference.kind.replace(" ", "-"),
                "block": list(difference.block),
                "directive": difference.directive,
                "left": _side(left, difference.left, difference, 0),
                "right": _side(right, difference.right, difference, 1),
            }
            for difference in found
        ],
    }


def _side(
    document: Document, owner: Owner | None, difference: Difference, side: int
) -> dict[str, Any] | None:
    if owner is None:
        return None
    span = document.span_of(owner, difference.directive)
    return {
        "value": plain_value(difference.values[side]),
        "written": difference.written[side],
        "line": span.line if span else None,
    }
