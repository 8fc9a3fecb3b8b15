"""The package as it is shipped, and the hook as it is used."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What git would give to somebody who clones the project as it is now."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is not a git checkout")
    folder = tmp_path_factory.mktemp("checkout") / "lvscf"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
    return folder


def test_grammar_is_there_once(checkout: Path) -> None:
    """`grammar/` holds the only copy of the grammar; nothing generated is in the repository."""
    assert [path.relative_to(checkout) for path in checkout.rglob("*.lark")] == [
        Path("grammar/lvs_cf.lark")
    ]
    assert not list(checkout.rglob("_generated.py"))


def test_wheel_holds_what_it_needs(checkout: Path, tmp_path: Path) -> None:
    """A wheel that is built from a clone holds the grammar, the tables made of it, and types."""
    pytest.importorskip("build", reason="the project is not installed with its [dev] extra")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "build",
            "--wheel",
            "--no-isolation",
            "--outdir",
            tmp_path,
            checkout,
        ],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {
        "lvscf/grammar/lvs_cf.lark",
        "lvscf/syntax/_generated.py",
        "lvscf/py.typed",
        "lvscf/settings.schema.json",
        "lvscf/faults/__init__.py",
    } <= names
    assert {
        "lvscf/completions/lvscf.bash",
        "lvscf/completions/_lvscf",
        "lvscf/completions/lvscf.fish",
        "lvscf/testing/__init__.py",
    } <= names
    assert {name.partition(".data/data/")[2] for name in names if ".data/data/" in name} == {
        "share/bash-completion/completions/lvscf",
        "share/fish/vendor_completions.d/lvscf.fish",
        "share/man/man1/lvscf.1",
        "share/man/man5/lvs.cf.5",
        "share/zsh/site-functions/_lvscf",
    }
    assert not [name for name in names if name.startswith(("tests/", "docs/", "examples/"))]


def test_pre_commit_hook(checkout: Path, tmp_path: Path) -> None:
    """pre-commit installs the hook from the repository, and it stops a bad lvs.cf, and nothing else."""
    pytest.importorskip("pre_commit", reason="pre-commit is not installed")

    def git(*arguments: str, folder: Path) -> None:
        identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
        subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)

    git("init", "-q", folder=checkout)
    git("add", "-A", folder=checkout)
    git("commit", "-qm", "Everything", folder=checkout)
    estate = tmp_path / "estate"
    (estate / "lvs1").mkdir(parents=True)
    git("init", "-q", folder=estate)
    (estate / "lvs1" / "lvs.cf").write_text("keepalve = 6\n")
    (estate / "lvs.cf.txt").write_text("not for Piranha\n")
    git("add", "-A", folder=estate)

    result = subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", str(checkout), "lvscf", "--all-files"],
        cwd=estate,
        env=os.environ | {"PRE_COMMIT_HOME": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "lvs1/lvs.cf:1:1: error LVS001 unknown-directive" in result.stdout
    assert "lvs.cf.txt" not in result.stdout
