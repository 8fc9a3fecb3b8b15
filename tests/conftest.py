"""Fixtures that run lvscf as people do: as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tests.snapshots import Snapshot

pytest.register_assert_rewrite("tests.cases", "tests.processes")

# How long an example takes says more about the machine than about lvscf; see `benchmarks/`.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "direct-routing" / "lvs.cf"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--renew-snapshots`: write the files instead of comparing with them."""
    parser.addoption(
        "--renew-snapshots",
        action="store_true",
        help="write the files in tests/**/snapshots/ anew; read what changed in `git diff`",
    )


def pytest_configure(config: pytest.Config) -> None:
    """The marker of tests that plain `pytest` leaves out."""
    config.addinivalue_line(
        "markers", "slow: takes seconds and guards what other tests guard as well; run with -m slow"
    )


@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> Snapshot:
    """The snapshots beside a test."""
    renewed: bool = request.config.getoption("--renew-snapshots")
    return Snapshot(request.path.with_name("snapshots"), renewed)


@pytest.fixture
def example() -> Path:
    """The lvs.cf of the example cluster."""
    return EXAMPLE


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `lvscf` with arguments, in an empty folder; without colours unless asked for."""

    def run_lvscf(
        *arguments: str | Path,
        stdin: bytes = b"",
        environment: dict[str, str] | None = None,
        folder: Path = tmp_path,
    ) -> "subprocess.CompletedProcess[bytes]":
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name not in ("NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "PYTHONIOENCODING")
        }
        return subprocess.run(
            [sys.executable, "-m", "lvscf", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            cwd=folder,
            env=inherited | {"PYTHONUTF8": "1"} | (environment or {}),
            timeout=60,
            check=False,
        )

    return run_lvscf
