"""The manual pages: complete, correct mdoc, and true where lvscf can tell."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import lvscf
from docs import manual_lvs_cf, mdoc
from lvscf.cli.arguments import COMMANDS
from lvscf.piranha.directives import TABLE
from tests.conftest import ROOT, Run

MAN = ROOT / "man"
PAGES = ("lvscf.1", "lvs.cf.5")


def rendered(name: str) -> str:
    """The page as text, in one long line for each paragraph."""
    if shutil.which("mandoc") is None:
        pytest.skip("mandoc is not installed")
    result = subprocess.run(
        ["mandoc", "-T", "utf8", "-O", "width=900", str(MAN / name)],
        capture_output=True,
        text=True,
        check=True,
    )
    return re.sub(".\x08", "", result.stdout)


@pytest.mark.parametrize("name", PAGES)
def test_mandoc_finds_nothing(name: str) -> None:
    """Only whether other pages are installed is the machine's business."""
    if shutil.which("mandoc") is None:
        pytest.skip("mandoc is not installed")
    result = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "style", str(MAN / name)],
        capture_output=True,
        text=True,
        check=False,
    )
    remarks = [
        line
        for line in (result.stdout + result.stderr).splitlines()
        if "referenced manual not found" not in line and "outdated mandoc.db" not in line
    ]
    assert remarks == []


def test_mandoc_would_find_something(tmp_path: Path) -> None:
    """The check above can fail."""
    if shutil.which("mandoc") is None:
        pytest.skip("mandoc is not installed")
    page = tmp_path / "lvscf.1"
    page.write_text((MAN / "lvscf.1").read_text() + ".Nonsense x\n")
    result = subprocess.run(["mandoc", "-T", "lint", page], capture_output=True, check=False)
    assert b"Nonsense" in result.stdout + result.stderr


def test_every_option_is_in_the_page(run: Run) -> None:
    page = rendered("lvscf.1")
    for command in COMMANDS:
        text = run(command, "--help").stdout.decode()
        options = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", text)) - {"-ln", "--format"}
        section = page.partition(f"\n   {command}\n")[2]
        section = re.split(r"\n   [a-z]+\n|\n[A-Z]", section)[0]
        assert section
        missing = {option for option in options if option not in section}
        assert not missing, f"{command}: {missing}"


def test_every_directive_is_in_the_page() -> None:
    page = rendered("lvs.cf.5")
    for row in TABLE:
        assert re.search(rf"^ +{row.name} = ", page, re.MULTILINE), row.name


def test_the_example_is_good() -> None:
    document = lvscf.parse(manual_lvs_cf.EXAMPLE.lstrip("\n"))
    settings = lvscf.Settings(select=("ALL",), ignore=("LVS400", "LVS8"))
    worst = [
        one for one in lvscf.lint(document, settings=settings) if one.severity > lvscf.Severity.INFO
    ]

    assert worst == []
    assert document.formatted() == document
    assert 'send = "GET / HTTP/1.0\\r\\n\\r\\n"' in rendered("lvs.cf.5").replace("“", '"')


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("A `b-c`. D", [r"A \fBb\-c\fP.", "D"]),
        ("`\\r` or `.x`", [r"\fB\er\fP or \fB\&.x\fP"]),
        (".x e.g. Y", [r"\&.x e.g. Y"]),
        ("'x", [r"\&'x"]),
    ],
)
def test_text_is_no_command(text: str, lines: list[str]) -> None:
    assert mdoc.prose(text) == lines
