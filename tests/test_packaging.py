"""The package as it is shipped."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


def test_grammar_is_there_once(checkout: Path) -> None:
    """`grammar/` holds the only copy of the grammar; nothing generated is in the repository."""
    assert [path.relative_to(checkout) for path in checkout.rglob("*.lark")] == [
        Path("grammar/lvs_cf.lark")
    ]
    assert not list(checkout.rglob("_generated.py"))


@pytest.mark.slow
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
        "lvscf/report.schema.json",
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
