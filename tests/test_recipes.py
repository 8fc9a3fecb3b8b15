"""The workflows, the action, and the recipes in docs/how-to: each is checked by the tools that read it."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import EXAMPLE, ROOT, Run, tool, without_git_settings
from tests.recipes import FOLDER, RECIPES, VERSION, VERSIONS, Recipe, on_page

YAML = [recipe for recipe in RECIPES if recipe.language == "yaml"]
OWN_YAML = [
    "action.yml",
    ".pre-commit-hooks.yaml",
    *(str(path.relative_to(ROOT)) for path in sorted((ROOT / ".github").rglob("*.yml"))),
]
WORKFLOWS = [name for name in OWN_YAML if name.startswith(".github/workflows/")]

SCHEMAS = {
    ".github/workflows/": "vendor.github-workflows",
    ".github/dependabot.yml": "vendor.dependabot",
    "action.yml": "vendor.github-actions",
    ".gitlab-ci.yml": "vendor.gitlab-ci",
}

HOSTILE = '"; touch hacked; "\n$(touch hacked)\n`touch hacked`\n${IFS}\n*\n'
"""What an input could contain to become a command, or several."""


def run_tool(*command: str | Path, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=without_git_settings() | {"NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def check(path: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Check a YAML file, at `path` in `folder`, against what its reader accepts."""
    if path.startswith(".pre-commit"):
        kind = "validate-manifest" if "hooks" in path else "validate-config"
        return run_tool(tool("pre-commit"), kind, path, folder=folder)
    (schema,) = (name for prefix, name in SCHEMAS.items() if path.startswith(prefix))
    command = [tool("check-jsonschema"), "--builtin-schema", schema, path]
    return run_tool(*command, folder=folder)


def audit(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Let zizmor look for what makes workflows and actions unsafe."""
    options = ["--offline", "--no-config", "--strict-collection", "--collect=all"]
    return run_tool(tool("zizmor"), *options, ".", folder=folder)


def put(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text, encoding="utf-8")


def test_every_recipe_names_its_file() -> None:
    """A reader knows where to put each block; commands for a shell need no file."""
    shells = ("sh", "console")

    assert len({recipe.page for recipe in RECIPES if recipe.path}) > 5
    assert [str(one) for one in RECIPES if not one.path and one.language not in shells] == []


@pytest.mark.parametrize("path", OWN_YAML)
def test_own_files_fit_their_schemas(path: str) -> None:
    """GitHub and pre-commit can read the files of this repository."""
    result = check(path, ROOT)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("recipe", YAML, ids=str)
def test_recipes_fit_their_schemas(recipe: Recipe, tmp_path: Path) -> None:
    """GitHub, GitLab and pre-commit can read what the pages show."""
    put(tmp_path, recipe.path, recipe.text)
    result = check(recipe.path, tmp_path)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".github/workflows/a.yml", "on: push\njobs: {a: {steps: [{run: ls}]}}\n"),
        (".gitlab-ci.yml", "a: {script: [ls], artifacts: {reports: [junit]}}\n"),
        ("action.yml", "name: a\ndescription: a\nruns: {using: composite, steps: [{run: ls}]}\n"),
        (".pre-commit-config.yaml", "repos: [{repo: a, hooks: [{id: a}]}]\n"),
    ],
)
def test_schemas_refuse_mistakes(path: str, text: str, tmp_path: Path) -> None:
    """The checks above can fail."""
    put(tmp_path, path, text)

    assert check(path, tmp_path).returncode == 1


def test_own_files_are_safe(tmp_path: Path) -> None:
    """There is nothing that zizmor reports in the workflows, the action, and the hooks."""
    for path in OWN_YAML:
        put(tmp_path, path, (ROOT / path).read_text(encoding="utf-8"))
    result = audit(tmp_path)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    "recipe", [one for one in YAML if one.path.startswith(".github/")], ids=str
)
def test_recipes_are_safe(recipe: Recipe, tmp_path: Path) -> None:
    """There is nothing that zizmor reports in the workflows that the pages show."""
    put(tmp_path, recipe.path, recipe.text)
    result = audit(tmp_path)

    assert result.returncode == 0, result.stdout


def test_zizmor_refuses_an_input_in_a_script(tmp_path: Path) -> None:
    """The audits above can fail: they notice when an input becomes part of a command."""
    action = (ROOT / "action.yml").read_text(encoding="utf-8")
    put(
        tmp_path,
        "action.yml",
        action.replace('lint "${arguments', 'lint ${{ inputs.files }} "${arguments'),
    )
    result = audit(tmp_path)

    assert result.returncode > 10
    assert "template-injection" in result.stdout


def steps_of(document: Any) -> list[dict[str, Any]]:
    """All steps of a workflow or of a composite action."""
    jobs = document["jobs"].values() if "jobs" in document else [document["runs"]]
    return [step for job in jobs for step in job["steps"]]


def workflows_and_action() -> dict[str, Any]:
    own = {path: (ROOT / path).read_text(encoding="utf-8") for path in [*WORKFLOWS, "action.yml"]}
    shown = {str(one): one.text for one in YAML if one.path.startswith(".github/workflows/")}
    return {name: yaml.safe_load(text) for name, text in (own | shown).items()}


def test_scripts_contain_no_expressions() -> None:
    """Values reach scripts as variables only; GitHub would paste an expression into the script."""
    for name, document in workflows_and_action().items():
        for step in steps_of(document):
            assert "${{" not in step.get("run", ""), name


def test_actions_are_pinned_alike() -> None:
    """Each action is at a commit, the same one everywhere, with its version in a comment."""
    texts = [(ROOT / path).read_text(encoding="utf-8") for path in WORKFLOWS]
    texts += [one.text for one in YAML if one.path.startswith(".github/workflows/")]
    pins: dict[str, set[str]] = {}
    for line in re.findall(r"uses: (.*)", "\n".join(texts)):
        pin = re.fullmatch(r"([\w/-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)", line)
        assert pin is not None, line
        pins.setdefault(pin[1], set()).add(pin[2])

    assert pins
    assert {action for action, versions in pins.items() if len(versions) > 1} == set()


def test_workflows_have_no_permissions_but_those_of_their_jobs() -> None:
    """A job that is added later has none until someone grants them."""
    for name, document in workflows_and_action().items():
        if "jobs" in document:
            assert document["permissions"] == {}, name
            assert all("permissions" in job for job in document["jobs"].values()), name


def test_who_publishes_runs_nothing_of_the_repository() -> None:
    """The job that can publish has no checkout and no script; the job that builds cannot publish."""
    release = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8"))
    build, publish = release["jobs"]["build"], release["jobs"]["publish"]

    assert build["permissions"] == {"contents": "read"}
    assert publish["permissions"] == {"id-token": "write"}
    assert publish["environment"] == "pypi"
    assert [step["uses"].partition("@")[0] for step in publish["steps"]] == [
        "actions/download-artifact",
        "pypa/gh-action-pypi-publish",
    ]
    for step in release["jobs"]["publish"]["steps"]:
        assert "password" not in step.get("with", {})


def test_pages_name_this_version() -> None:
    """Snippets install the version that they are documented with."""
    text = "\n".join(
        page.read_text(encoding="utf-8") for page in [*FOLDER.glob("*.md"), ROOT / "README.md"]
    )
    named = {version for groups in VERSIONS.findall(text) for version in groups if version}

    assert named == {VERSION}


class Action:
    """The scripts of action.yml, run with bash as GitHub runs them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        document = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
        self._defaults = {name: one["default"] for name, one in document["inputs"].items()}
        self._steps = document["runs"]["steps"]
        self.temporary = folder / "temporary"
        self.workspace = folder / "workspace"
        self.temporary.mkdir()
        self.workspace.mkdir()

    def run(self, step: int, **inputs: str) -> "subprocess.CompletedProcess[str]":
        """Run a step with the given inputs, in the folder `workspace`."""
        values = self._defaults | inputs
        variables = {
            name: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda match: values[match[1]], value)
            for name, value in self._steps[step]["env"].items()
        }
        script = self.folder / "script.sh"
        script.write_text(self._steps[step]["run"], encoding="utf-8")
        github = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ROOT),
            "RUNNER_TEMP": str(self.temporary),
        }
        return subprocess.run(
            [tool("bash"), "--noprofile", "--norc", "-e", "-o", "pipefail", script],
            cwd=self.workspace,
            env=os.environ | github | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


@pytest.fixture
def action(tmp_path: Path) -> Action:
    """The action, with the lvscf of this environment in place of one that it installs."""
    made = Action(tmp_path)
    (made.temporary / "lvscf" / "bin").mkdir(parents=True)
    (made.temporary / "lvscf" / "bin" / "lvscf").symlink_to(tool("lvscf"))
    return made


@pytest.mark.slow
def test_action_installs_lvscf(tmp_path: Path) -> None:
    """The first step installs the commit that the workflow names, beside the job's own Python."""
    action = Action(tmp_path)
    result = action.run(0)
    assert result.returncode == 0, result.stdout

    shutil.copy(EXAMPLE, action.workspace / "lvs.cf")
    result = action.run(1)
    assert result.returncode == 0, result.stdout


def test_action_fails_for_findings(action: Action) -> None:
    """By default it lints every lvs.cf of the workspace."""
    (action.workspace / "lvs1").mkdir()
    (action.workspace / "lvs1" / "lvs.cf").write_text("keepalve = 6\n", encoding="utf-8")
    result = action.run(1)

    assert result.returncode == 1
    assert "LVS001" in result.stdout


def test_action_passes_options_and_files(action: Action) -> None:
    """Options and files are split at line ends, and nowhere else."""
    (action.workspace / "two words.cf").write_text("keepalve = 6\n", encoding="utf-8")
    result = action.run(
        1, files="two words.cf\n", options="--format\nconcise\n--exit-zero\n--ignore=LVS400"
    )

    assert result.returncode == 0
    assert "two words.cf:1:1: error LVS001" in result.stdout
    assert "LVS400" not in result.stdout


def test_action_writes_reports(action: Action) -> None:
    """`reports` are `--report` options, one per line."""
    shutil.copy(EXAMPLE, action.workspace / "lvs.cf")
    result = action.run(1, reports="sarif=lvscf.sarif\njunit=two words.xml\n")

    assert result.returncode == 0, result.stdout
    assert (action.workspace / "lvscf.sarif").is_file()
    assert (action.workspace / "two words.xml").is_file()


@pytest.mark.parametrize("name", ["files", "options", "reports"])
def test_action_runs_no_input(action: Action, name: str) -> None:
    """Inputs are never part of a command, whatever they contain."""
    shutil.copy(EXAMPLE, action.workspace / "lvs.cf")
    result = action.run(1, **{name: HOSTILE})

    assert result.returncode == 2
    assert sorted(path.name for path in action.workspace.iterdir()) == ["lvs.cf"]


def test_action_takes_files_for_files(action: Action) -> None:
    """A file cannot be an option, such as one that fixes files."""
    (action.workspace / "lvs.cf").write_text("keepalve = 6\n", encoding="utf-8")
    result = action.run(1, files="--fix\nlvs.cf")

    assert result.returncode == 2
    assert "--fix: there is no such file" in result.stdout


def lint_commands() -> list[tuple[str, str]]:
    """Each `lvscf lint` of the pages, with the page that it is on."""
    found = [
        (recipe.page, match)
        for recipe in RECIPES
        if recipe.language != "console"  # those run with the pages
        for match in re.findall(r"(?:lvscf|lvscf\.pyz) (lint(?: [^'\n&#>]+)?)", recipe.text)
    ]
    return list(dict.fromkeys(found))


@pytest.mark.parametrize(("page", "command"), lint_commands())
def test_commands_of_the_pages_work(page: str, command: str, run: Run, tmp_path: Path) -> None:
    """The pages show options that lvscf understands, and reports that it writes."""
    for name in ("lvs.cf", "srv/lvs/lvs.cf", "etc/sysconfig/ha/lvs.cf"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(EXAMPLE, tmp_path / name)
    arguments = [f".{word}" if word.startswith("/") else word for word in shlex.split(command)]
    result = run(*arguments)

    assert result.returncode == 0, result.stderr
    for report in re.findall(r"--report \w+=(\S+)", command):
        assert (tmp_path / report).stat().st_size > 0


def test_reports_that_are_uploaded_are_written() -> None:
    """Where a recipe uploads a report, the name is that of a `--report` or of the action's input."""
    for recipe in RECIPES:
        uploaded = re.findall(r"(?:sarif_file:|codequality:|junit:|junit) '?([\w.-]+)", recipe.text)
        written = re.findall(r"(?:sarif|gitlab|junit)=([\w.-]+)", recipe.text)

        assert set(uploaded) == set(written), str(recipe)


def test_units_load(tmp_path: Path) -> None:
    """No line of the units is unknown to systemd."""
    program = tool("systemd-analyze")
    units = [recipe for recipe in on_page("systemd.md") if recipe.language == "ini"]
    names = [recipe.path.rpartition("/")[2] for recipe in units]
    assert names == ["lvscf.path", "lvscf.service"]
    for name, unit in zip(names, units, strict=True):
        text = unit.text.replace("/opt/lvscf/bin/lvscf", tool("lvscf"))
        (tmp_path / name).write_text(text, encoding="utf-8")

    def verify() -> str:
        options = ["--man=no", "--recursive-errors=no"]
        paths = [f"./{name}" for name in names]
        result = run_tool(program, "verify", *options, *paths, folder=tmp_path)
        return "\n".join(line for line in result.stdout.splitlines() if "lvscf." in line)

    assert verify() == ""
    (tmp_path / "lvscf.service").write_text(units[1].text.replace("DynamicUser", "DynamcUser"))
    assert "DynamcUser" in verify()


def test_crontab_is_complete() -> None:
    """Five fields for the time, a user, and a command with its full path and without `%`."""
    (crontab,) = (recipe for recipe in on_page("cron.md") if recipe.language == "crontab")
    assert crontab.path.startswith("/etc/cron.d/")
    *_, job = crontab.text.splitlines()
    fields = job.split(maxsplit=6)

    assert all(re.fullmatch(r"[\d*,/-]+", field) for field in fields[:5])
    assert fields[5] == "lvscf"
    assert fields[6].startswith("/")
    assert "%" not in job
    assert crontab.text.endswith("\n")


def test_a_quiet_run_without_findings_prints_nothing(run: Run, tmp_path: Path) -> None:
    """No mail from cron means no findings; a mail has one line per finding."""
    shutil.copytree(EXAMPLE.parent, tmp_path / "lvs")
    (settings,) = (tmp_path / "lvs").glob("*.toml")
    settings.rename(tmp_path / "lvs" / "lvscf.toml")
    arguments = ("lint", "--quiet", "--format", "concise", "lvs")
    result = run(*arguments)
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")

    (tmp_path / "lvs" / "lvs-d03" / "iptables").write_text("")
    result = run(*arguments)
    assert result.returncode == 1
    assert b"LVS5" in result.stdout
