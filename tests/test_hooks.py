"""Hooks for commits, as pre-commit and prek run them."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import EXAMPLE, ROOT, TOOL_PATH, git, tool, without_git_settings
from tests.recipes import on_page

pytestmark = pytest.mark.slow

BOTH, OPTIONS, EVERYTHING = (recipe.text for recipe in on_page("pre-commit.md"))

Estate = Callable[[str], "Repository"]


class Repository:
    """A repository of someone who uses the hooks; its commits run them."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self._environment = environment

    def commit(self) -> tuple[bool, str]:
        """Commit everything: whether the hooks let it pass, and what they printed."""
        git("add", "-A", folder=self.folder)
        result = subprocess.run(
            ["git", "commit", "-m", "Change"],
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        return result.returncode == 0, result.stdout


@pytest.fixture(scope="module", params=["pre-commit", "prek"])
def runner(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, dict[str, str]]:
    """The program that runs the hooks, and its environment: it installs lvscf once per module."""
    program = tool(request.param)
    home = str(tmp_path_factory.mktemp(request.param))
    homes = {"PRE_COMMIT_HOME": home, "PREK_HOME": home}
    return program, without_git_settings() | {"PATH": TOOL_PATH, "NO_COLOR": "1"} | homes


@pytest.fixture
def estate(published: Path, runner: tuple[str, dict[str, str]], tmp_path: Path) -> Estate:
    """Make a repository with the given configuration of hooks, and install them."""
    program, environment = runner

    def make(config: str) -> Repository:
        folder = tmp_path / "estate"
        folder.mkdir()
        git("init", "-q", folder=folder)
        text = config.replace("<URL of this repository>", str(published))
        (folder / ".pre-commit-config.yaml").write_text(text, encoding="utf-8")
        subprocess.run(
            [program, "install"], cwd=folder, env=environment, capture_output=True, check=True
        )
        return Repository(folder, environment)

    return make


def canonical(path: Path) -> str:
    """The file as `lvscf fmt` lays it out."""
    result = subprocess.run(
        [sys.executable, "-m", "lvscf", "fmt", "-"],
        input=path.read_bytes(),
        capture_output=True,
        check=True,
    )
    return result.stdout.decode()


def test_a_bad_file_stops_the_commit_and_a_fixed_one_passes(estate: Estate) -> None:
    """Only files that are called lvs.cf count, whatever directory they are in."""
    repository = estate(BOTH)
    lvs_cf = repository.folder / "lvs1" / "lvs.cf"
    lvs_cf.parent.mkdir()
    lvs_cf.write_text("keepalve = 6\n", encoding="utf-8")
    (repository.folder / "lvs.cf.txt").write_text("not for Piranha\n", encoding="utf-8")

    passed, output = repository.commit()
    assert not passed
    assert "lvs1/lvs.cf:1:1: error LVS001 unknown-directive" in output
    assert "lvs.cf.txt" not in output

    lvs_cf.write_text(canonical(EXAMPLE), encoding="utf-8")
    passed, output = repository.commit()
    assert passed, output


def test_the_configuration_of_the_readme(estate: Estate) -> None:
    """It works on a clone, both hooks stop a bad file, and other names need `files`."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(
        r"^```yaml\n# \.pre-commit-config\.yaml\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE
    )
    (wider,) = re.findall(r"^```yaml\n( +- id: lvscf\n +files: .*\n)```$", readme, re.MULTILINE)
    assert "/path/to/lvscf #" in shown
    both = shown.replace("/path/to/lvscf #", "<URL of this repository> #")
    repository = estate(both)
    lvs_cf = repository.folder / "lvs.cf"
    lvs_cf.write_text("keepalve = 6\n", encoding="utf-8")
    other = repository.folder / "clusters" / "web.cf"
    other.parent.mkdir()
    other.write_text("keepalve = 7\n", encoding="utf-8")

    passed, output = repository.commit()
    assert not passed
    assert "lvs.cf:1:1: error LVS001 unknown-directive" in output
    assert "lvs.cf was not formatted" in output
    assert "web.cf" not in output

    config = repository.folder / ".pre-commit-config.yaml"
    text = config.read_text(encoding="utf-8")
    assert "      - id: lvscf\n" in text
    config.write_text(text.replace("      - id: lvscf\n", wider), encoding="utf-8")
    passed, output = repository.commit()
    assert not passed
    assert "clusters/web.cf:1:1: error LVS001 unknown-directive" in output


def test_other_files_run_no_hook(estate: Estate) -> None:
    """A commit without an lvs.cf is not delayed."""
    repository = estate(BOTH)
    (repository.folder / "lvs.cf.txt").write_text("keepalve = 6\n", encoding="utf-8")

    passed, output = repository.commit()
    assert passed, output
    assert output.count("no files to check") == 2


def test_fmt_changes_the_file_and_stops_the_commit_once(estate: Estate) -> None:
    """What the hook has written passes when it is added."""
    repository = estate(BOTH)
    lvs_cf = repository.folder / "lvs.cf"
    lvs_cf.write_text(canonical(EXAMPLE).replace("deadtime = ", "deadtime  =  "), encoding="utf-8")

    passed, output = repository.commit()
    assert not passed
    assert "files were modified by this hook" in output
    assert lvs_cf.read_text(encoding="utf-8") == canonical(EXAMPLE)

    passed, output = repository.commit()
    assert passed, output


def test_options_reach_lvscf(estate: Estate) -> None:
    """`args` follow the hook's own arguments."""
    repository = estate(OPTIONS)
    lvs_cf = repository.folder / "lvs.cf"
    text = EXAMPLE.read_text(encoding="utf-8")
    lvs_cf.write_text(text.replace("deadtime = 18", "deadtime = 7"), encoding="utf-8")

    passed, output = repository.commit()
    assert passed, output  # a warning, which stops commits by default

    lvs_cf.write_text("keepalve = 6\n", encoding="utf-8")
    passed, output = repository.commit()
    assert not passed
    assert "LVS001" in output
    assert "LVS400" not in output


def example_cluster(folder: Path) -> None:
    """Put the example cluster, its hosts' files and its settings into `folder`."""
    shutil.copytree(EXAMPLE.parent, folder, dirs_exist_ok=True)


def test_a_change_of_a_hosts_rules_stops_the_commit(estate: Estate) -> None:
    """The recipe lints everything when any of the cluster's files changes."""
    repository = estate(EVERYTHING)
    example_cluster(repository.folder)
    passed, output = repository.commit()
    assert passed, output

    (repository.folder / "notes.txt").write_text("not for Piranha\n", encoding="utf-8")
    passed, output = repository.commit()
    assert passed, output
    assert "no files to check" in output

    (repository.folder / "lvs-d03" / "iptables").write_text("", encoding="utf-8")
    passed, output = repository.commit()
    assert not passed
    assert "error LVS5" in output


def test_a_change_of_the_settings_stops_the_commit(estate: Estate) -> None:
    """The recipe covers lvscf.toml: settings that lvscf cannot read are found at once."""
    repository = estate(EVERYTHING)
    example_cluster(repository.folder)
    settings = repository.folder / "lvscf.toml"
    settings.write_text("target = 'nonsense'\n" + settings.read_text(encoding="utf-8"))

    passed, output = repository.commit()
    assert not passed
    assert "lvscf.toml:1" in output


def test_the_plain_hook_does_not_notice_a_hosts_rules(estate: Estate) -> None:
    """This is what the recipe is for."""
    repository = estate(BOTH)
    example_cluster(repository.folder)
    (repository.folder / "lvs.cf").write_text(canonical(EXAMPLE), encoding="utf-8")
    passed, output = repository.commit()
    assert passed, output

    (repository.folder / "lvs-d03" / "iptables").write_text("", encoding="utf-8")
    passed, output = repository.commit()
    assert passed, output
