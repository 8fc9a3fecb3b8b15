"""What the documentation shows is what happens."""

import gzip
import io
import json
import re
import tomllib
from collections import Counter
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
import sybil.document as sybil
from sybil.example import Example
from sybil.parsers.markdown import CodeBlockParser

import lvscf
from docs import console
from docs.generate import PAGES, left_over
from lvscf import testing as lvscf_testing
from lvscf.cli.arguments import COMMANDS
from lvscf.files import settings_search
from lvscf.findings.rule import Flags
from lvscf.linter import registry
from tests.conftest import ROOT, Run

README = (ROOT / "README.md").read_text(encoding="utf-8")


def fenced(language: str, text: str = README) -> list[str]:
    """The contents of fenced blocks."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


BLOCKS_THAT_DO_NOT_RUN = {
    "docs/architecture.md": 1,
    "docs/collecting.md": 1,
}
"""How many `python` and `console` blocks of each page have a reason not to run."""

PAGES_BY_NAME = {
    str(path.relative_to(ROOT)): path
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    if path.parent.name != "rules"
}
"""The README and all pages, but those of rules: their examples have tests of their own."""


def reason_not_to_run(example: Example) -> str | None:
    """Why a block does not run, as the comment above it says."""
    found = console.NOT_RUN.search(example.document.text[: example.start])
    return found[1] if found else None


def run_console(example: Example) -> str | None:
    """Run the commands of a block; returns what is shown and not printed."""
    if reason_not_to_run(example):
        return None
    printed = console.ran(example.parsed, Path.cwd())
    return None if printed == example.parsed else f"prints\n{printed}"


def run_python(example: Example) -> str | None:
    """Run a block; what it prints is in the `text` block below it."""
    if reason_not_to_run(example):
        return None
    printed = io.StringIO()
    code = compile("\n" * example.line + example.parsed, example.path, "exec", dont_inherit=True)
    with redirect_stdout(printed):
        exec(code, example.namespace)
    below = re.match(
        r"(?:```)?\n\n?```text\n(.*?)^```$", example.document.text[example.end :], re.S | re.M
    )
    shown = below[1] if below else ""
    return None if printed.getvalue() == shown else f"prints\n{printed.getvalue()}"


def blocks(page: Path) -> list[Example]:
    """The blocks of a page that run, and those that say why they do not."""
    parsers = (CodeBlockParser("python", run_python), CodeBlockParser("console", run_console))
    return list(sybil.Document.parse(str(page), *parsers))


@pytest.mark.parametrize("name", [name for name, page in PAGES_BY_NAME.items() if blocks(page)])
def test_pages_show_what_is_printed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The blocks of a page run one after the other, as a reader would, and print what is shown."""
    console.prepare(tmp_path)
    monkeypatch.chdir(tmp_path)

    for example in blocks(PAGES_BY_NAME[name]):
        example.evaluate()


def test_blocks_that_do_not_run_say_why() -> None:
    """They are counted, so that there are not more of them every month."""
    reasons = {
        name: [reason for one in blocks(page) if (reason := reason_not_to_run(one))]
        for name, page in PAGES_BY_NAME.items()
    }

    assert {name: len(some) for name, some in reasons.items() if some} == BLOCKS_THAT_DO_NOT_RUN
    assert all(len(reason.split()) > 3 for some in reasons.values() for reason in some)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("```console\n$ echo a\nb\n```\n", "prints"),
        ("```console\n$ false\n$ echo $?\n0\n```\n", "prints"),
        ("```console\necho a\n```\n", "begins with"),
        ("```python\nprint(1)\n```\n\n```text\n2\n```\n", "prints"),
        ("```python\nprint(1)\n```\n", "prints"),
        ("```python\nassert 1 == 2\n```\n", "^$"),
    ],
)
def test_wrong_blocks_are_noticed(
    text: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that shows something else fails."""
    (tmp_path / "page.md").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (example,) = blocks(tmp_path / "page.md")

    with pytest.raises((AssertionError, ValueError), match=complaint):
        example.evaluate()


def judgements(name: str) -> list[dict[str, Any]]:
    """The judgements in a file of the tests' data."""
    path, *_ = (ROOT / "tests").rglob(f"{name}.jsonl.gz")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def test_readme_figures_are_those_of_the_tests() -> None:
    """The numbers of judgements are counted in the tests' data."""
    section = README.partition("## How its verdicts are checked\n")[2].partition("\n## ")[0]
    words = " ".join(section.split())
    texts = len(judgements("lvs_cf")) + len(judgements("lvs_cf_hard"))
    rulesets, listings = judgements("firewall"), judgements("listings")
    alone, hard = (sum(len(one["packets"]) for one in some) for some in (rulesets, listings))
    first = Counter(cluster["label"] for cluster in judgements("live_clusters"))
    second = Counter(cluster["label"] for cluster in judgements("live_clusters2"))
    saves = len(judgements("gui")) + len(judgements("gui_saves"))

    for figures in (
        f"its verdict on {texts:,} texts",
        f"{alone + hard:,} packets, sent through {len(rulesets) + len(listings)} rulesets",
        f"For {alone:,} of them",
        f"The other {hard:,} met",
        f"{first.total() + second.total()} clusters",
        f"set of {first.total()} ({first['unclear']} of them inconclusive)",
        f"exactly the {first['broken']} that failed",
        f"set of {second.total()}, it reports no error in any of the {second['works']} that work",
        f"{saves} files, as it saved them",
    ):
        assert figures in words


def test_what_is_public_is_documented() -> None:
    """The page about stability has the names that can be imported, and no others."""
    page = (ROOT / "docs" / "stability.md").read_text(encoding="utf-8")
    names = page.partition("The names in `lvscf`:")[2].partition("Not public")[0]
    library = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")

    assert set(re.findall(r"`(\w+)`", names)) - {"lvscf"} == set(lvscf.__all__)
    assert set(lvscf_testing.__all__) <= set(re.findall(r"`(\w+)\(", library))


def test_reference_has_all_that_is_public() -> None:
    """The page with the docstrings has every public name, in its module."""
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    listed: dict[str, set[str]] = {}
    module = ""
    for found in re.finditer(r"^\.\. (currentmodule|auto\w+):: ([\w.]+)", page, re.MULTILINE):
        if found[1] == "currentmodule":
            module = found[2]
        else:
            listed.setdefault(module, set()).add(found[2])
    modules = {"firewall", "hosts", "keepalived", "rule_writing"}

    assert listed["lvscf"] == set(lvscf.__all__) - modules
    for name in modules:
        assert listed[f"lvscf.{name}"] == set(getattr(lvscf, name).__all__)


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
    monkeypatch.setattr(generate, "PAGES", {"rules/LVS001.md": PAGES["rules/LVS001.md"]})
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


def test_every_command_has_its_exit_statuses() -> None:
    """The page about exit statuses has a row that names each command."""
    page = (ROOT / "docs" / "exit-status.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| ((?:`[\w-]+`(?:, )?)+) \|", page, re.MULTILINE)

    assert {one for row in named for one in re.findall(r"[\w-]+", row)} == set(COMMANDS)


def floors_by_contract() -> list[list[str]]:
    """The floors that import-linter checks, from the top: the folders and modules on each."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (
        one for one in settings["tool"]["importlinter"]["contracts"] if one["type"] == "layers"
    )
    assert contract["exhaustive"]
    return [layer.split(" | ") for layer in contract["layers"]]


def test_architecture_shows_the_house_as_it_is() -> None:
    """Table and picture have the floors of the contract, which are all folders that exist."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (?:\[)?`(\w+)`", page, re.MULTILINE)
    picture = page.partition("## The house\n")[2].partition("```\n")[2].partition("```")[0]
    drawn = re.findall(r"^ +(\w+(?: │ \w+)*)(?:   |$)", picture, re.MULTILINE)
    package = ROOT / "lvscf"
    there = {path.parent.name for path in package.glob("*/__init__.py")}
    there |= {path.stem for path in package.glob("*.py") if path.stem != "__init__"}

    floors: dict[int, list[str]] = {}
    for number, name in rows:
        floors.setdefault(int(number), []).append(name)
    assert list(floors) == list(range(1, len(floors) + 1))
    assert list(floors.values()) == floors_by_contract()
    assert [floor.split(" │ ") for floor in drawn] == floors_by_contract()
    assert {name for _, name in rows} == there


def test_every_flag_of_a_rule_is_documented() -> None:
    """The page about architecture has a row for each flag of the decorator."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^\| `(\w+)=", page, re.MULTILINE)) == set(Flags.__annotations__)


def anchors(page: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}


def test_links_lead_somewhere() -> None:
    """Relative links in the README and the documentation name files and headings that exist."""
    for page in PAGES_BY_NAME.values():
        text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
        for target, heading in re.findall(r"\]\(([^)#:]*)#?([^):]*)\)", text):
            there = page.parent / target if target else page
            assert there.exists(), f"{page.name}: {target}"
            if heading:
                assert heading in anchors(there.read_text(encoding="utf-8")), (
                    f"{page.name}: {heading}"
                )
