"""What a release consists of, made by `release/build` as the release workflow makes it."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from lvscf import __version__
from release import pyz
from tests.conftest import EXAMPLE, ROOT, TOOL_PATH, git, tool, without_git_settings

slow = pytest.mark.slow


def release(repository: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run `release/build` in a clone."""
    tool("bash")
    inherited = without_git_settings()
    for name in ("GITHUB_REF_NAME", "SOURCE_DATE_EPOCH"):
        inherited.pop(name, None)
    return subprocess.run(
        [repository / "release" / "build"],
        env=inherited | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def dated(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose changelog dates the version, if the project's own does not do so yet."""
    folder = tmp_path_factory.mktemp("dated") / "lvscf"
    git("clone", "-q", str(published), str(folder), folder=published)
    changelog = folder / "CHANGELOG.md"
    text = changelog.read_text(encoding="utf-8")
    if f"## [{__version__}]" not in text:
        text += f"\n## [{__version__}] - 2026-01-01\n"
        changelog.write_text(text, encoding="utf-8")
        git("commit", "-qam", "Date the version", folder=folder)
    return folder


@pytest.fixture(scope="module")
def released(dated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone with the files of a release: `dist/` and `lvscf.pyz`."""
    folder = tmp_path_factory.mktemp("released") / "lvscf"
    git("clone", "-q", str(dated), str(folder), folder=dated)
    result = release(folder, GITHUB_REF_NAME=f"v{__version__}")
    assert result.returncode == 0, result.stdout
    return folder


def files(folder: Path) -> dict[str, bytes]:
    """The files of a release, by name."""
    paths = [*(folder / "dist").iterdir(), folder / "lvscf.pyz"]
    return {path.name: path.read_bytes() for path in paths}


@slow
def test_a_release_has_three_files(released: Path) -> None:
    """A wheel, an sdist and the pyz; `release/build` has let twine and check-wheel-contents check them."""
    assert sorted(files(released)) == [
        f"lvscf-{__version__}-py3-none-any.whl",
        f"lvscf-{__version__}.tar.gz",
        "lvscf.pyz",
    ]


@slow
def test_two_builds_are_byte_identical(dated: Path, released: Path, tmp_path: Path) -> None:
    """Neither time, place, umask, time zone nor hash seed gets into the files."""
    again = tmp_path / "elsewhere" / "clone"
    git("clone", "-q", str(dated), str(again), folder=dated)
    for number, path in enumerate(sorted(again.rglob("*"))):
        if ".git" not in path.parts:
            os.utime(path, (1_000_000_000 + number, 1_000_000_000 + number))
            path.chmod(path.stat().st_mode & ~0o077)
    result = release(again, TZ="Pacific/Kiritimati", PYTHONHASHSEED="7", LC_ALL="C")
    assert result.returncode == 0, result.stdout

    first, second = files(released), files(again)
    assert first.keys() == second.keys()
    for name in first:
        assert first[name] == second[name], name


@slow
def test_files_are_dated_by_the_commit(dated: Path, released: Path) -> None:
    """The date in the packages is the commit's, not that of the build."""
    epoch = int(git("log", "-1", "--format=%ct", folder=dated).stdout)
    date = zipfile.ZipInfo("", pyz.date_of(epoch)).date_time[:5]
    for path in (released / "lvscf.pyz", *(released / "dist").glob("*.whl")):
        with zipfile.ZipFile(path) as archive:
            assert {entry.date_time[:5] for entry in archive.infolist()} == {date}, path.name


def test_a_wrong_tag_is_refused(dated: Path) -> None:
    """A tag of another version builds nothing."""
    result = release(dated, GITHUB_REF_NAME="v9.9.9")

    assert result.returncode == 1
    assert result.stdout == f"the tag is v9.9.9, the version {__version__}\n"
    assert not (dated / "dist").exists()


def test_a_changelog_without_the_version_is_refused(dated: Path, tmp_path: Path) -> None:
    """Users learn from the changelog what a release brings: it has to be there, with its date."""
    copy = Path(shutil.copytree(dated, tmp_path / "copy"))
    changelog = copy / "CHANGELOG.md"
    text = changelog.read_text(encoding="utf-8")
    changelog.write_text(text.replace(f"## [{__version__}]", "## [Unreleased]"), encoding="utf-8")
    result = release(copy)

    assert result.returncode == 1
    assert result.stdout == f"CHANGELOG.md has no dated section for {__version__}\n"


def test_an_earlier_build_is_not_released_again(dated: Path, tmp_path: Path) -> None:
    """What lies in dist/ would be checked and uploaded along with the new files."""
    copy = Path(shutil.copytree(dated, tmp_path / "copy"))
    (copy / "dist").mkdir()
    (copy / "dist" / "lvscf-0.0.1.tar.gz").touch()
    result = release(copy)

    assert result.returncode == 1
    assert result.stdout == "dist/ is not empty\n"


def test_the_changelog_dates_this_version() -> None:
    """The version that the code has is one that the changelog describes."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert re.search(rf"^## \[{re.escape(__version__)}\] - \d{{4}}-\d\d-\d\d$", text, re.MULTILINE)


@slow
def test_uv_runs_the_wheel(released: Path, tmp_path: Path) -> None:
    """`uv tool run --from WHEEL lvscf` needs no installation."""
    (wheel,) = (released / "dist").glob("*.whl")
    folders = {"UV_TOOL_DIR": str(tmp_path / "tools"), "UV_CACHE_DIR": str(tmp_path / "cache")}
    result = subprocess.run(
        [tool("uv"), "tool", "run", "--from", wheel, "lvscf", "--version"],
        cwd=tmp_path,
        env=os.environ | folders | {"PATH": TOOL_PATH},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stderr
    assert result.stdout == f"lvscf {__version__}\n"


class Pyz:
    """`lvscf.pyz`, run by a Python that sees neither the environment nor the source tree."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path = path
        self.folder = folder

    def run(
        self, *arguments: str, environment: dict[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run it as a command."""
        return self.python("-I", str(self.path), *arguments, environment=environment)

    def python(
        self, *arguments: str, environment: dict[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run a Python that has no packages of its own."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name not in ("GITHUB_ACTIONS", "LVSCF_FORMAT", "NO_COLOR", "FORCE_COLOR")
        }
        return subprocess.run(
            [sys.executable, "-S", *arguments],
            cwd=self.folder,
            env=inherited | (environment or {}),
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def lvscf_pyz(released: Path, tmp_path: Path) -> Pyz:
    """The pyz alone, in an empty folder."""
    return Pyz(Path(shutil.copy(released / "lvscf.pyz", tmp_path)), tmp_path)


@slow
def test_pyz_keeps_exit_statuses(lvscf_pyz: Pyz) -> None:
    """0 for a clean file, 1 for findings, 2 if lvscf could not do its work."""
    shutil.copy(EXAMPLE, lvscf_pyz.folder / "good.cf")
    (lvscf_pyz.folder / "bad.cf").write_text("keepalve = 6\n", encoding="utf-8")
    good, bad, missing = (
        lvscf_pyz.run("lint", f"{name}.cf") for name in ("good", "bad", "missing")
    )

    assert good.returncode == 0, good.stderr
    assert bad.returncode == 1
    assert "LVS001" in bad.stdout
    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr == "lvscf: missing.cf: there is no such file\n"
    assert lvscf_pyz.run("nonsense").returncode == 2
    version = lvscf_pyz.run("--version")
    assert (version.returncode, version.stdout) == (0, f"lvscf {__version__}\n")


@slow
def test_pyz_holds_all_dependencies(lvscf_pyz: Pyz) -> None:
    """Colours need rich, YAML needs PyYAML, and the parser's tables come without Lark."""
    shutil.copy(EXAMPLE, lvscf_pyz.folder / "lvs.cf")
    coloured = lvscf_pyz.run("lint", "--format", "full", "lvs.cf", environment={"FORCE_COLOR": "1"})
    assert "\x1b[" in coloured.stdout, coloured.stderr
    dumped = lvscf_pyz.run("dump", "--format", "yaml", "lvs.cf")
    assert "deadtime: 18" in dumped.stdout, dumped.stderr

    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from lvscf.syntax import parser\n"
        "built = parser.tables()\n"
        "assert 'lark' not in sys.modules\n"
        "parser._built_tables = lambda: None\n"
        "assert parser.tables() == built\n"
        "assert 'lark' in sys.modules\n"
        "import importlib.resources\n"
        "schema = importlib.resources.files('lvscf') / 'settings.schema.json'\n"
        "assert schema.read_text('utf-8').startswith('{')\n"
    )
    result = lvscf_pyz.python("-I", "-c", code, str(lvscf_pyz.path))
    assert result.returncode == 0, result.stderr


@slow
def test_pyz_holds_python_and_licences(lvscf_pyz: Pyz) -> None:
    """No machine code, so that it runs everywhere; each package with its licence."""
    with zipfile.ZipFile(lvscf_pyz.path) as archive:
        names = archive.namelist()
    packages = {name.partition("/")[0] for name in names if ".dist-info/" in name}
    licensed = {name.partition("/")[0] for name in names if "licen" in name.lower()}

    assert lvscf_pyz.path.read_bytes().startswith(b"#!/usr/bin/env python3\n")
    assert names == sorted(names)
    assert not [name for name in names if name.endswith((".so", ".pyd", ".dll", ".dylib", ".pyc"))]
    assert len(packages) >= 5
    assert packages <= licensed


def test_pyz_refuses_an_old_python(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence, and the status for "could not do its work"; no traceback."""
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(SystemExit) as ended:
        exec(pyz.MAIN, {})

    assert ended.value.code == 2
    assert capsys.readouterr().err == "lvscf needs Python 3.11 or newer; this is Python 3.9\n"


def test_requirements_of_the_pyz_are_complete() -> None:
    """Every dependency is pinned, with hashes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split(r"[^\w-]", one)[0].lower() for one in project["dependencies"]}
    blocks = re.split(r"\n(?=\S)", pyz.REQUIREMENTS.read_text(encoding="utf-8"))
    pinned = {
        match[1]
        for block in blocks
        if (match := re.match(r"([\w-]+)==[\w.]+ (?:; [^\\]+)?\\\n    --hash=sha256:", block))
    }

    assert needed <= pinned
    assert len(pinned) == len([block for block in blocks if not block.startswith("#")])
