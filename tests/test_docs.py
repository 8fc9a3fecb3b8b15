"""What the documentation shows is what happens."""

import re
from pathlib import Path
from typing import Any

import pytest

import lvscf
from docs.generate import PAGES, left_over
from lvscf import testing as lvscf_testing
from lvscf.files import settings_search
from lvscf.linter import registry
from tests.builders import server, service
from tests.conftest import ROOT, Run

README = (ROOT / "README.md").read_text(encoding="utf-8")


def fenced(language: str, text: str = README) -> list[str]:
    """The contents of fenced blocks."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def test_readme_shows_what_is_printed(run: Run, tmp_path: Path) -> None:
    """The report in the README is that of a file with one trailing comment."""
    (console,) = fenced("console")
    command, _, output = console.partition("\n")
    good = "primary = 10.10.1.21\nbackup = 10.10.1.22\nbackup_active = 1\nkeepalive = 6 # seconds\n"
    web = service("vip_nmask = 255.255.255.255", server())
    (tmp_path / "lvs.cf").write_text(
        good + "deadtime = 18\nnat_router = 10.11.1.1 eth1:1\nnat_nmask = 255.255.255.0\n" + web
    )

    assert command == "$ lvscf lint lvs.cf"
    assert run("lint", "lvs.cf").stdout.decode() == output


def test_readme_code_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, example: Path) -> None:
    """The Python of the README works as it stands."""
    (code,) = fenced("python")
    (tmp_path / "lvs.cf").write_bytes(example.read_bytes())
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, Any] = {}

    exec(code, namespace)
    assert isinstance(namespace["config"], lvscf.Config)


def test_editing_works_as_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python of the section about editing works as it stands."""
    page = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    section = page.partition("## Editing\n")[2].partition("\n## ")[0]
    examples = fenced("python", section)
    namespace: dict[str, Any] = {}

    monkeypatch.chdir(tmp_path)
    assert len(examples) == 3
    for code in examples:
        exec(code, namespace)
    assert lvscf.load("lvs.cf") == namespace["document"].config


def test_linting_and_testing_work_as_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """So does that of the sections about linting a file and about strategies."""
    page = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lvs.cf").write_text("keepalve = 6\n")
    (linting, *_) = fenced("python", page.partition("## Linting\n")[2])
    (testing,) = fenced("python", page.partition("## Testing your own tools\n")[2])
    namespace: dict[str, Any] = {"lvscf": lvscf}

    exec(linting, namespace)
    assert "1 error LVS001" in capsys.readouterr().out
    exec(testing, namespace)
    namespace["test_my_tool_keeps_the_ports"]()


def test_what_is_public_is_documented() -> None:
    """The page about stability has the names that can be imported, and no others."""
    page = (ROOT / "docs" / "stability.md").read_text(encoding="utf-8")
    names = page.partition("The names in `lvscf`:")[2].partition("Not public")[0]
    library = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")

    assert set(re.findall(r"`(\w+)`", names)) - {"lvscf"} == set(lvscf.__all__)
    assert set(lvscf_testing.__all__) <= set(re.findall(r"`(\w+)\(", library))


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_up_to_date(name: str) -> None:
    """`python -m docs.generate` has been run since the code changed."""
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == PAGES[name]()


def test_every_rule_has_a_page_and_a_line() -> None:
    """The index links to the page of every rule, and there are no pages of rules that are no more."""
    index = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    pages = re.findall(r"\]\(rules/(LVS[0-9]{3})\.md\)", index)

    assert sorted(pages) == [rule.code for rule in registry.rules()]
    assert left_over() == []


def test_page_of_a_rule_that_is_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such a page is stale, and goes when the pages are made."""
    from docs import generate

    (tmp_path / "docs" / "rules").mkdir(parents=True)
    (tmp_path / "lvscf").mkdir()
    monkeypatch.setattr(generate, "FOLDER", tmp_path / "docs")
    assert generate.main(check=True) == 1
    assert generate.main(check=False) == 0
    assert generate.main(check=True) == 0

    (tmp_path / "docs" / "rules" / "LVS999.md").touch()
    assert generate.main(check=True) == 1
    assert generate.main(check=False) == 0
    assert not (tmp_path / "docs" / "rules" / "LVS999.md").exists()


def test_settings_shown_are_good(tmp_path: Path) -> None:
    """The settings that the documentation shows can be read."""
    page = (ROOT / "docs" / "linting.md").read_text(encoding="utf-8")
    shown = fenced("toml", page)

    for text in shown:
        (tmp_path / "lvscf.toml").write_text(text, encoding="utf-8")
        settings_search.read(str(tmp_path / "lvscf.toml"))
    assert "per-file-ignores" in "".join(shown)


def test_fixes_that_change_values_are_documented() -> None:
    """The manual gives for each of these rules the reason that the code has."""
    manual = (ROOT / "docs" / "linting.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (LVS\d+) [a-z-]+ \| (.+) \|$", manual, re.MULTILINE)

    assert dict(rows) == {
        rule.code: rule.changes_memory for rule in registry.rules() if rule.changes_memory
    }


def test_all_options_are_documented(run: Run) -> None:
    """The page about linting knows every option of `lvscf lint`."""
    page = (ROOT / "docs" / "linting.md").read_text(encoding="utf-8")
    options = set(re.findall(r"--[a-z-]+", run("lint", "--help").stdout.decode()))

    assert options - {"--help"} <= set(re.findall(r"--[a-z-]+", page))


def test_links_lead_somewhere() -> None:
    """Relative links in the README and the documentation name files that exist."""
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
