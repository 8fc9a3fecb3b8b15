"""Fixtures that run lvscf as people do: as a process of its own."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from lvscf import __version__
from tests.snapshots import Snapshot

pytest.register_assert_rewrite("tests.cases", "tests.processes")

# A shell's background job ignores SIGINT, and so would every process that a test starts and interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says more about the machine than about lvscf; see `benchmarks/`.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]

_ABOUT_OUTPUT = {
    "NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "PYTHONIOENCODING", "LVSCF_FORMAT", "GITHUB_ACTIONS",
    "LVSCF_DOCS",
}  # fmt: skip

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


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that git would give to someone who clones the project as it is now."""
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


@pytest.fixture(scope="session")
def published(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A git repository of the project, with the tag of its version."""
    folder = tmp_path_factory.mktemp("published") / "lvscf"
    shutil.copytree(checkout, folder)
    git("init", "-q", folder=folder)
    git("add", "-A", folder=folder)
    git("commit", "-qm", "Everything", folder=folder)
    git("tag", f"v{__version__}", folder=folder)
    return folder


def git(*arguments: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run git in `folder`, without the settings of this machine; it has to succeed."""
    return subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=without_git_settings(),
        capture_output=True,
        text=True,
        check=True,
    )


def without_git_settings() -> dict[str, str]:
    """This environment, with an identity for commits and without what git is told in it."""
    names = {
        f"GIT_{role}_{what}": f"test{at}"
        for role in ("AUTHOR", "COMMITTER")
        for what, at in (("NAME", ""), ("EMAIL", "@example.com"))
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return inherited | names | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


TOOL_PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
"""Where tools are looked for: in the environment that runs the tests, then in PATH."""


def tool(name: str) -> str:
    """The path of a program; skips the test where it is missing."""
    found = shutil.which(name, path=TOOL_PATH)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found
