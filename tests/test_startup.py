"""What starting costs: nothing is imported that the work at hand does not need."""

import shutil
from pathlib import Path

import pytest

from tests.startup import HEAVY, imported


def test_importing_lvscf_is_cheap() -> None:
    """`import lvscf` brings in nothing but itself."""
    loaded = imported("import lvscf")

    assert not loaded & (HEAVY | {"attr", "argparse", "pathlib"})
    assert {name for name in loaded if name.startswith("lvscf")} == {"lvscf"}


def test_parsing_needs_neither_rules_nor_command_line() -> None:
    """A tool that only reads pays for reading."""
    loaded = imported("import lvscf; lvscf.parse('keepalive = 6\\n').config")

    assert not loaded & (HEAVY - {"inspect"})
    assert not {name for name in loaded if name.startswith(("lvscf.linter", "lvscf.cli"))}


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_help_and_version_are_cheap(option: str) -> None:
    """Nobody waits for them, not even for attrs."""
    loaded = imported("from lvscf.cli import main\ntry: main()\nexcept SystemExit: pass", option)

    assert not loaded & (HEAVY | {"attr"})
    assert not {name for name in loaded if name.startswith(("lvscf.files", "lvscf.document"))}


def test_completion_is_cheap() -> None:
    """A shell that sources its output at start waits for it."""
    code = (
        "import os\nfrom lvscf.cli import main\nkept = os.dup(1)\n"
        "os.dup2(os.open(os.devnull, os.O_WRONLY), 1)\nmain()\nos.dup2(kept, 1)"
    )
    loaded = imported(code, "completion", "bash")

    assert "lvscf.cli.completion" in loaded
    assert not loaded & (HEAVY | {"attr", "shtab"})


@pytest.mark.parametrize("arguments", [("lsp", "--help"), ("rules", "LVS2"), ("lint", "-q")])
def test_only_the_language_server_needs_its_libraries(
    example: Path, arguments: tuple[str, ...]
) -> None:
    """Not even its help does: the libraries are an extra, and slow to import."""
    given = (*arguments, str(example)) if "lint" in arguments else arguments
    loaded = imported("from lvscf.cli import main\ntry: main()\nexcept SystemExit: pass", *given)

    assert not loaded & {"pygls", "lsprotocol", "cattrs", "asyncio"}
    assert not {name for name in loaded if name.startswith("lvscf.language_server")}


def test_a_linted_file_costs_what_the_command_costs(example: Path, tmp_path: Path) -> None:
    """`lint_file` imports nothing of the command line, and only what the file needs."""
    alone = Path(shutil.copy(example, tmp_path / "lvs.cf"))
    loaded = imported(f"import lvscf; lvscf.lint_file({str(alone)!r})")

    assert not loaded & (HEAVY - {"inspect"})
    assert not loaded & {"tomllib", "lvscf.cluster", "lvscf.files.writing", "lvscf.files.baseline"}
    assert not {name for name in loaded if name.startswith(("lvscf.cli", "lvscf.firewall"))}


FORMATS = ["full", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson"]

REPORTS = {
    "lvscf.report.full", "lvscf.report.page", "lvscf.report.concise", "lvscf.report.json",
    "lvscf.report.json_list", "lvscf.report.sarif", "lvscf.report.github", "lvscf.report.gitlab",
    "lvscf.report.junit", "lvscf.report.rdjson", "lvscf.report.file_names", "lvscf.report.columns",
    "lvscf.report.fingerprints", "lvscf.report.rule_pages", "lvscf.report.manual_markdown",
    "lvscf.linter.manual", "lvscf.linter.baseline", "hashlib",
}  # fmt: skip
"""What only reports need, and each only some of it."""

NEEDED = {
    "full": {"lvscf.report.full", "lvscf.report.page"},
    "concise": {"lvscf.report.concise"},
    "json": {"lvscf.report.json", "lvscf.report.rule_pages"},
    "sarif": REPORTS - {
        "lvscf.report.full", "lvscf.report.page", "lvscf.report.concise", "lvscf.report.json",
        "lvscf.report.github", "lvscf.report.gitlab", "lvscf.report.junit", "lvscf.report.rdjson",
    },
    "github": {"lvscf.report.github", "lvscf.report.file_names"},
    "gitlab": {
        "lvscf.report.gitlab", "lvscf.report.json_list", "lvscf.report.file_names",
        "lvscf.report.fingerprints", "lvscf.linter.baseline", "hashlib",
    },
    "junit": {
        "lvscf.report.junit", "lvscf.report.concise", "lvscf.report.file_names",
        "lvscf.report.fingerprints", "lvscf.linter.baseline", "hashlib",
    },
    "rdjson": {
        "lvscf.report.rdjson", "lvscf.report.json_list", "lvscf.report.file_names",
        "lvscf.report.columns", "lvscf.report.rule_pages",
    },
}  # fmt: skip


@pytest.mark.parametrize("format", FORMATS)
def test_formats_import_what_they_need(example: Path, tmp_path: Path, format: str) -> None:
    """A report brings in its own module and what that is made of, and no library for XML or URLs."""
    alone = str(shutil.copy(example, tmp_path / "lvs.cf"))
    loaded = imported("from lvscf.cli import main; main()", "lint", "--format", format, alone)

    assert loaded & REPORTS == NEEDED[format]
    assert not loaded & {"xml", "urllib", "lvscf.files.writing", "lvscf.report.json_schema"}


@pytest.mark.parametrize("format", FORMATS)
def test_linting_imports_what_it_needs(example: Path, tmp_path: Path, format: str) -> None:
    """A clean file in a commit hook pays neither for rich nor for Lark, nor for unused rules.

    Nor, where there is neither evidence nor settings, for the firewall parser and TOML.
    """
    code = "from lvscf.cli import main; main()"
    alone = Path(shutil.copy(example, tmp_path / "lvs.cf"))
    (tmp_path / "pyproject.toml").write_text("[tool.other]\nname = 'lvscf'\n")
    loaded = imported(code, "lint", "--format", format, str(alone))

    needed = {"inspect"} | (set() if format in ("full", "concise", "github") else {"json"})
    assert not loaded & (HEAVY - needed)
    assert not {name for name in loaded if name.startswith("lvscf.firewall")}
    assert not loaded & {"tomllib", "lvscf.cluster", "lvscf.faults.explain"}
    assert not loaded & {"lvscf.cli.fixes", "lvscf.files.writing", "lvscf.linter.fixing"}
    assert not loaded & {"lvscf.files.settings_reader", "lvscf.linter.suppression"}
    assert not loaded & {
        "lvscf.files.copies",
        "lvscf.linter.rules.upkeep.pair",
        "lvscf.config.differences",
    }
    assert "pathlib" not in loaded


def test_the_default_format_costs_no_more_than_concise(example: Path, tmp_path: Path) -> None:
    """With nothing to show, a run in the default format loads what any run loads."""
    code = "from lvscf.cli import main; assert main() == 0"
    alone = str(shutil.copy(example, tmp_path / "lvs.cf"))
    arguments = ("lint", "--ignore", "LVS400", alone)
    full, concise = (imported(code, *arguments, "--format", name) for name in ("full", "concise"))

    assert not {name for name in full - concise if name.startswith("lvscf")}
    assert not full & {"lvscf.report.full", "lvscf.report.page"}


def test_reports_are_cheap(example: Path, tmp_path: Path) -> None:
    """Findings in the default format need no library for terminals, unless there are colours."""
    code = "from lvscf.cli import main; main()"
    alone = str(shutil.copy(example, tmp_path / "lvs.cf"))
    loaded = imported(code, "lint", alone)

    assert "lvscf.report.full" in loaded
    assert not loaded & (HEAVY - {"inspect"})


def test_nothing_is_loaded_before_an_interrupt_has_a_handler() -> None:
    """The command line itself imports nothing: Ctrl-C in between would be a traceback."""
    loaded = imported("import lvscf.cli")

    assert {name for name in loaded if name.startswith("lvscf")} == {"lvscf", "lvscf.cli"}
    assert not loaded & {"typing", "argparse", "signal"}


def test_comments_that_are_needed_are_cheap(example: Path, tmp_path: Path) -> None:
    """A comment that silences something brings in no rules that do not run anyway."""
    text = example.read_text().replace("deadtime = 18", "# lvscf: ignore[LVS2] why\ndeadtime = 6")
    (tmp_path / "lvs.cf").write_text(text)
    code = "from lvscf.cli import main; assert main() == 0"
    loaded = imported(code, "lint", "--format", "concise", str(tmp_path / "lvs.cf"))

    assert "lvscf.linter.suppression" in loaded
    assert not loaded & {"lvscf.faults.explain", "lvscf.linter.rules.upkeep.silencing", "tomllib"}
    assert not {name for name in loaded if name.startswith("lvscf.firewall")}


def test_settings_are_cheap(example: Path, tmp_path: Path) -> None:
    """Settings that name codes bring in no rules that do not run anyway, and no JSON."""
    (tmp_path / "lvs.cf").write_bytes(example.read_bytes())
    (tmp_path / "lvscf.toml").write_text(
        "ignore = ['LVS201']\nseverity = { LVS3 = 'info' }\ntarget = '0.8.6-3'\n"
    )
    code = "from lvscf.cli import main; assert main() == 0"
    loaded = imported(code, "lint", "--format", "concise", str(tmp_path / "lvs.cf"))

    assert not loaded & (HEAVY - {"inspect"})
    assert not loaded & {"lvscf.faults.explain", "lvscf.files.baseline"}
    assert not {name for name in loaded if name.startswith("lvscf.firewall")}


def test_public_names_are_there() -> None:
    """Everything that the package promises can be imported from it."""
    import lvscf

    for name in lvscf.__all__:
        assert getattr(lvscf, name) is not None
        assert name in dir(lvscf)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        getattr(lvscf, "nonsense")  # noqa: B009
