"""What type checkers say of programs that use lvscf, and of its public interface."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

CONSUMER = ROOT / "tests" / "typing" / "consumer.py"
MISTAKES = ROOT / "tests" / "typing" / "mistakes.py"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the package, as an installed one: checkers trust what is typed."""
    folder = tmp_path_factory.mktemp("library")
    shutil.copytree(ROOT / "lvscf", folder / "lvscf", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def expected(column: int) -> dict[int, set[str]]:
    """By line of the mistakes: the errors that mypy (0) or pyright (1) must report there."""
    found = {}
    for number, line in enumerate(MISTAKES.read_text(encoding="utf-8").splitlines(), 1):
        comment = re.search(r"  # (.*), (.*)$", line)
        if comment:
            found[number] = set(comment[column + 1].split())
    assert len(found) == 20
    return found


def mypy(path: Path, library: Path) -> dict[int, set[str]]:
    pytest.importorskip("mypy", reason="mypy is not installed")
    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--follow-imports=silent",
            "--config-file=",
            str(path),
        ],
        cwd=library,
        env=os.environ | {"MYPYPATH": str(library)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode in (0, 1), result.stderr
    errors: dict[int, set[str]] = {}
    for line, code in re.findall(r":(\d+): error: .*\[([a-z-]+)\]$", result.stdout, re.MULTILINE):
        errors.setdefault(int(line), set()).add(code)
    assert bool(errors) == bool(result.returncode), result.stdout
    return errors


def pyright(library: Path, *arguments: str) -> Any:
    """What pyright reports as JSON; the test is skipped where pyright cannot run."""
    pytest.importorskip("pyright", reason="pyright is not installed")
    if shutil.which("node") is None:
        pytest.skip("pyright needs node, which is not installed")
    empty = library / "program"
    empty.mkdir(exist_ok=True)

    def asked(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "pyright", *words],
            cwd=empty,
            env=os.environ | {"PYTHONPATH": str(library)},
            capture_output=True,
            text=True,
            check=False,
        )

    if asked("--version").returncode:
        pytest.skip("pyright cannot be fetched from the npm registry")
    result = asked("--outputjson", "--pythonpath", sys.executable, *arguments)
    return json.loads(result.stdout)


def pyright_errors(path: Path, library: Path) -> dict[int, set[str]]:
    errors: dict[int, set[str]] = {}
    for found in pyright(library, str(path))["generalDiagnostics"]:
        if found["severity"] == "error":
            line = found["range"]["start"]["line"] + 1
            errors.setdefault(line, set()).add(found["rule"])
    return errors


def test_mypy_accepts_a_program(library: Path) -> None:
    assert mypy(CONSUMER, library) == {}


def test_pyright_accepts_a_program(library: Path) -> None:
    assert pyright_errors(CONSUMER, library) == {}


def test_mypy_refuses_mistakes(library: Path) -> None:
    assert mypy(MISTAKES, library) == expected(0)


def test_pyright_refuses_mistakes(library: Path) -> None:
    assert pyright_errors(MISTAKES, library) == expected(1)


def test_the_public_interface_is_typed_completely(library: Path) -> None:
    """Every symbol that a program can import has a type that all checkers agree on.

    The language server is a program and no library; its types rest on those of pygls.
    """
    report = pyright(library, "--verifytypes", "lvscf", "--ignoreexternal")["typeCompleteness"]
    unclear = [
        symbol["name"]
        for symbol in report["symbols"]
        if symbol["isExported"] and (not symbol["isTypeKnown"] or symbol["isTypeAmbiguous"])
        if not symbol["name"].startswith("lvscf.language_server.")
    ]

    assert unclear == []
    assert report["exportedSymbolCounts"]["withKnownType"] > 1000
