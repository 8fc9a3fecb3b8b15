"""Fixtures that run lvscf as people do: as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says more about the machine than about lvscf; see `benchmarks/`.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]

_ABOUT_OUTPUT = {
    "NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "PYTHONIOENCODING", "LVSCF_FORMAT", "GITHUB_ACTIONS",
}  # fmt: skip

EXAMPLE = Path(__file__).parent.parent / "examples" / "direct-routing" / "lvs.cf"


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
        inherited = {name: value for name, value in os.environ.items() if name not in _ABOUT_OUTPUT}
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
