"""Pages: styled text, wrapped as terminals need it, and the SVG that is drawn from one."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lvscf
from lvscf.config.cluster_tree import Node, picture
from lvscf.report import cluster_drawing
from lvscf.report.page import Page, _narrow_breaks, _wide_breaks, cells, prose
from tests.good import DIRECT


def wrapped(text: str, columns: int) -> list[str]:
    page = Page(columns)
    page.prose((text, ""))
    return page.text.splitlines()


def test_wrapping() -> None:
    """Between words; a word that is too long stays whole."""
    assert wrapped("one two three four", 9) == ["one two", "three", "four"]
    assert wrapped("a /very/long/path b", 6) == ["a", "/very/long/path", "b"]
    assert wrapped("one\n  two three", 8) == ["one", "  two", "three"]
    assert wrapped("", 8) == [""]


@pytest.mark.parametrize("unit", ["300 / s", "300 s", "12 ms", "5 %", "32 MiB", "30 seconds"])
def test_a_value_and_its_unit_stay_together(unit: str) -> None:
    """Wherever the end of the line is."""
    for columns in range(8, 40):
        assert unit in "\n".join(wrapped(f"the limit is {unit} for every client", columns))


@given(st.text("ab 日\n12s%/", max_size=60), st.integers(1, 30))
def test_wrapping_loses_nothing(text: str, columns: int) -> None:
    """All words come, in order; no line is too long that could be broken."""
    lines = wrapped(text, columns)

    assert " ".join(lines).split() == text.split()
    for line in lines:
        assert cells(line) <= columns or "  " in line or len(line.split()) == 1 or line[0] == " " or any(
            character in "12" for character in line
        )  # fmt: skip


@given(st.text("ab é\n12s%/", max_size=60), st.integers(-3, 30), st.integers(-3, 30))
def test_both_ways_of_wrapping_agree(text: str, first: int, rest: int) -> None:
    """Where each character takes a cell, lines are found faster, and break at the same places."""
    for paragraph in text.split("\n"):
        narrow, wide = (
            [*breaks(paragraph, first, rest)] for breaks in (_narrow_breaks, _wide_breaks)
        )
        assert narrow == wide


@pytest.mark.parametrize("character", [*map(chr, range(0xA1, 0x100))])
def test_latin_characters_take_a_cell(character: str) -> None:
    """As rich counts them; a soft hyphen never gets on a page."""
    from rich.cells import cell_len

    assert not character.isprintable() or cells(character) == cell_len(character) == 1


def test_styles() -> None:
    """A style goes on where a line is broken, and none is written where colours are off."""
    for coloured, expected in (
        (True, "\x1b[1mone two\x1b[0m\n\x1b[1;36m`code`\x1b[0m\n"),
        (False, "one two\n`code`\n"),
    ):
        page = Page(10, coloured)
        page.prose(*prose("one two `code`", "bold"))
        assert page.text == expected


def test_links() -> None:
    """A link goes on where a line is broken; where colours are off, there is none."""
    address = "https://docs.example.com/LVS201.html"
    page = Page(10, coloured=True)
    page.prose(("[LVS201 deadtime]", f"red link {address}"))
    first, second = page.text.splitlines()
    plain = Page(10)
    plain.prose(("[LVS201 deadtime]", f"red link {address}"))

    assert first == f"\x1b]8;;{address}\x1b\\\x1b[31m[LVS201\x1b[0m\x1b]8;;\x1b\\"
    assert second == f"\x1b]8;;{address}\x1b\\\x1b[31mdeadtime]\x1b[0m\x1b]8;;\x1b\\"
    assert plain.text == "[LVS201\ndeadtime]\n"


def test_svg_shows_every_line() -> None:
    """The canvas ends just below the last line, and just after the longest one."""
    image = ElementTree.fromstring(cluster_drawing.svg(picture(lvscf.loads(DIRECT), "x & <y>")))
    space = "{http://www.w3.org/2000/svg}"
    rows = image.findall(f"{space}text")
    spans = [span for row in rows for span in row.findall(f"{space}tspan")]
    right = max(float(span.attrib["x"]) + float(span.attrib["textLength"]) for span in spans)

    assert 4 <= float(image.attrib["height"]) - float(rows[-1].attrib["y"]) <= 30
    assert 4 <= float(image.attrib["width"]) - right <= 30
    assert [float(row.attrib["y"]) for row in rows] == sorted(
        float(row.attrib["y"]) for row in rows
    )
    page = Page(1000)
    cluster_drawing.tree(picture(lvscf.loads(DIRECT), "x & <y>"), page)
    assert len(rows) == len(page.text.splitlines())


def test_svg_of_a_small_cluster_is_small() -> None:
    """Its size is that of what it shows."""
    small, large = (
        ElementTree.fromstring(cluster_drawing.svg(Node("cluster", name)))
        for name in ("x", "x" * 80)
    )

    assert float(small.attrib["width"]) < 60
    assert float(large.attrib["width"]) > 700
