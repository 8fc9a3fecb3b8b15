"""`lvscf lint` with settings, comments and baselines, as a process."""

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import EXAMPLE, Run
from tests.good import DIRECT
from tests.processes import one_sentence, substitute, told

LINT = ("lint", "--format", "concise", "--ignore", "LVS400")
BAD = DIRECT.replace("deadtime = 18", "deadtime = 10").replace("timeout = 6", "timeout = 010")
"""A pair whose deadtime is tight (LVS202), and a virtual server with an octal number (LVS103)."""


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """A folder of two clusters, of which nobody has taken care."""
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "lvs.cf").write_text(BAD)
    return tmp_path


# --- settings and options -----------------------------------------------------------------------


def test_settings_of_a_file(run: Run, estate: Path) -> None:
    """Patterns are relative to the settings file, wherever lvscf is run."""
    (estate / "lvscf.toml").write_text(
        "ignore = ['LVS400']\nper-file-ignores = { 'old/*.cf' = ['LVS2'] }\n"
        "severity = { LVS1 = 'info', octal-integer = 'error' }\n"
    )
    for folder, old, new in ((estate, "old/lvs.cf", "new/lvs.cf"), (estate / "old", "lvs.cf", "../new/lvs.cf")):  # fmt: skip
        result = run("lint", "--format", "concise", old, folder=folder)
        assert (result.returncode, told(result.stdout)) == (1, ["LVS103"])
        assert b": error LVS103 " in result.stdout
        assert told(run("lint", "--format", "concise", new, folder=folder).stdout) == [
            "LVS202", "LVS103",
        ]  # fmt: skip


def test_severity_counts_for_the_exit_status(run: Run, estate: Path) -> None:
    """What settings call a note does not fail a run."""
    (estate / "lvscf.toml").write_text("[severity]\nALL = 'info'\n")
    assert run(*LINT, "old/lvs.cf").returncode == 0
    assert run(*LINT, "old/lvs.cf", "--fail-on", "info").returncode == 1


def test_extend_select_and_target(run: Run, estate: Path) -> None:
    """The options add to the settings, or take their place."""
    (estate / "lvscf.toml").write_text("select = ['LVS103']\nextend-select = ['LVS202']\n")
    substitute(estate / "old" / "lvs.cf", "serial_no", "#")

    assert told(run(*LINT, "old/lvs.cf").stdout) == ["LVS202", "LVS103"]
    more = run(*LINT, "old/lvs.cf", "--extend-select", "serial-missing")
    assert told(more.stdout) == ["LVS903", "LVS202", "LVS103"]
    only = run(*LINT, "old/lvs.cf", "--select", "LVS103", "--extend-select", "LVS903")
    assert told(only.stdout) == ["LVS903", "LVS103"]

    assert run(*LINT, "old/lvs.cf", "--target", "0.8.4").returncode == 1
    wrong = run(*LINT, "old/lvs.cf", "--target", "piranha-0.8.6-4.el6")
    assert one_sentence(wrong) == (
        "lvscf: --target: `piranha-0.8.6-4.el6` is not a Piranha release; did you mean `0.8.6-4`?"
    )
    assert "--extend-select names no rule" in one_sentence(
        run(*LINT, "old/lvs.cf", "--extend-select", "")
    )


def test_target_of_settings_reaches_the_rules(run: Run, estate: Path) -> None:
    """A wrong one is told with its line, a right one is taken."""
    (estate / "lvscf.toml").write_text("[severity]\n# target\n[cluster]\n")
    assert run(*LINT, "old/lvs.cf").returncode == 1
    (estate / "lvscf.toml").write_text("# target\n\ntarget = '0.8.6-x'\n")
    assert one_sentence(run(*LINT, "old/lvs.cf")).startswith("lvscf: lvscf.toml:3: `0.8.6-x` is no")


# --- comments -----------------------------------------------------------------------------------


def test_show_suppressed(run: Run, estate: Path) -> None:
    """Suppressed findings are shown where asked for, with the reason, and count for nothing."""
    path = estate / "old" / "lvs.cf"
    substitute(path, "deadtime", "# lvscf: ignore[LVS202] since 2014\ndeadtime")
    substitute(path, "     timeout", "# lvscf: ignore[LVS1]\n     timeout")

    result = run("lint", "--ignore", "LVS400", path)
    assert (result.returncode, result.stdout) == (0, b"No findings in 1 file (2 suppressed).\n")
    assert run(*LINT, path).stdout == b""

    concise = run(*LINT, "--show-suppressed", path)
    assert concise.returncode == 0
    assert [line.partition(" ")[2][:70] for line in concise.stdout.decode().splitlines()] == [
        "warning LVS202 deadtime-too-tight: (suppressed by the comment on line 9"[:70],
        "warning LVS103 octal-integer: (suppressed by the comment on line 26) T"[:70],
    ]  # fmt: skip
    full = run("lint", "--ignore", "LVS400", "--show-suppressed", path).stdout.decode()
    assert full.startswith("suppressed warning[LVS202 deadtime-too-tight]: ")
    assert "   = suppressed: by the comment on line 9: since 2014.\n" in full


def test_suppressed_in_json(run: Run, estate: Path) -> None:
    """Programs get kind, reason and place, and the number in any case."""
    path = estate / "old" / "lvs.cf"
    substitute(path, "deadtime", "# lvscf: ignore[LVS202] since 2014\ndeadtime")
    options = ("lint", "--format", "json", "--ignore", "LVS400,LVS103", path)

    report = json.loads(run(*options).stdout)
    assert (report["findings"], report["summary"]["suppressed"]) == ([], 1)
    (finding,) = json.loads(run(*options, "--show-suppressed").stdout)["findings"]
    assert finding["suppressed"] == {
        "kind": "comment",
        "reason": "since 2014",
        "filename": str(path),
        "location": {"row": 9, "column": 3},
    }


# --- baselines ----------------------------------------------------------------------------------

FILES = ("old/lvs.cf", "new/lvs.cf")


def entries(path: Path) -> list[tuple[str, str, str, int]]:
    found = json.loads(path.read_text())["findings"]
    return [tuple(entry.values()) for entry in found]


def test_adopting_a_baseline(run: Run, estate: Path) -> None:
    """What there is today is written down; from then on only what is new is heard."""
    written = run(*LINT, *FILES, "--write-baseline", "known.json")
    assert (written.returncode, written.stdout) == (0, b"")
    assert written.stderr == b"lvscf: known.json now contains 4 findings\n"
    assert entries(estate / "known.json") == [
        ("new/lvs.cf", "deadtime", "LVS202", 1),
        ("new/lvs.cf", "virtual web/timeout", "LVS103", 1),
        ("old/lvs.cf", "deadtime", "LVS202", 1),
        ("old/lvs.cf", "virtual web/timeout", "LVS103", 1),
    ]

    again = run(*LINT, *FILES, "--baseline", "known.json")
    assert (again.returncode, again.stdout, again.stderr) == (0, b"", b"")
    substitute(estate / "old" / "lvs.cf", "deadtime", "\n# why\ndeadtime")
    substitute(estate / "new" / "lvs.cf", "virtual web", "virtual www")
    changed = run(*LINT, *FILES, "--baseline", "known.json")
    assert (changed.returncode, told(changed.stdout)) == (1, ["LVS103"])
    assert changed.stderr == (
        b"lvscf: 1 entry of known.json is fixed; `--write-baseline known.json` removes it\n"
    )


def test_baseline_in_settings(run: Run, estate: Path) -> None:
    """The setting is relative to its file, and so are the files that the baseline names."""
    (estate / "lvscf.toml").write_text("baseline = 'known.json'\nignore = ['LVS400']\n")
    assert "known.json: there is no such file" in one_sentence(run("lint", *FILES))

    folder = estate / "old"
    assert run("lint", "lvs.cf", "--write-baseline", "../known.json", folder=folder).returncode == 0
    assert [file for file, *_ in entries(estate / "known.json")] == ["old/lvs.cf"] * 2
    for where, name in ((folder, "lvs.cf"), (estate, "old/lvs.cf"), (Path("/"), folder / "lvs.cf")):
        result = run("lint", name, folder=where)
        assert (result.returncode, result.stdout, result.stderr) == (
            0, b"No findings in 1 file (2 suppressed).\n", b"",
        )  # fmt: skip
    shown = run("lint", "--format", "json", "--show-suppressed", "old/lvs.cf")
    assert json.loads(shown.stdout)["findings"][0]["suppressed"] == {
        "kind": "baseline", "reason": None, "filename": None, "location": None,
    }  # fmt: skip


def test_what_was_not_looked_at_stays(run: Run, estate: Path) -> None:
    """Other files and rules that did not run are neither fixed nor forgotten."""
    run(*LINT, *FILES, "--write-baseline", "known.json")
    whole = (estate / "known.json").read_bytes()
    substitute(estate / "old" / "lvs.cf", "deadtime = 10", "deadtime = 18")

    for options in (("new/lvs.cf",), (*FILES, "--select", "LVS103")):
        assert run(*LINT, *options, "--baseline", "known.json").stderr == b""
        run(*LINT, *options, "--write-baseline", "known.json")
        assert (estate / "known.json").read_bytes() == whole

    run(*LINT, "old/lvs.cf", "--write-baseline", "known.json")
    assert len(entries(estate / "known.json")) == 3
    shutil.rmtree(estate / "new")
    run(*LINT, "old/lvs.cf", "--write-baseline", "known.json")
    assert len(entries(estate / "known.json")) == 1


def test_baseline_of_hosts(run: Run, tmp_path: Path) -> None:
    """Findings in hosts' files are known by their lines; what was not checked is told for ever."""
    cluster = Path(shutil.copytree(EXAMPLE.parent, tmp_path / "cluster"))
    rules = cluster / "lvs-d03" / "iptables"
    substitute(rules, "--dport 22", "-dport 22")
    lint = ("lint", "--format", "concise", "lvs.cf")
    assert told(run(*lint, folder=cluster).stdout) == ["LVS701"]

    run(*lint, "--write-baseline", "known.json", folder=cluster)
    assert entries(cluster / "known.json")[0][0] == "lvs-d03/iptables"
    rules.write_text("# new\n" + rules.read_text())
    known = run(*lint, "--baseline", "known.json", folder=cluster)
    assert (known.returncode, known.stdout, known.stderr) == (0, b"", b"")

    (cluster / "lvscf.toml").unlink()
    blind = run(*lint, "--baseline", "known.json", folder=cluster)
    assert (told(blind.stdout), blind.stderr) == (["LVS400"], b"")
    run(*lint, "--write-baseline", "other.json", folder=cluster)
    assert entries(cluster / "other.json") == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "known.json: there is no such file"),
        (b"keepalive = 6\n", "known.json is not a baseline file: it is not JSON"),
        (b"{}", "known.json is not a baseline file: it has no list of `findings`"),
        (b"\0\1\2\3" * 9, "known.json is a binary file; a baseline is text"),
    ],
)
def test_baselines_that_cannot_be_read(
    run: Run, estate: Path, content: bytes | None, message: str
) -> None:
    """Each is told in one sentence; what is no baseline is not overwritten either."""
    path = estate / "known.json"
    if content is not None:
        path.write_bytes(content)
        assert message in one_sentence(run(*LINT, *FILES, "--write-baseline", "known.json"))
        assert path.read_bytes() == content
    assert message in one_sentence(run(*LINT, *FILES, "--baseline", "known.json"))


def test_reason_for_silence_about_a_host(run: Run, tmp_path: Path) -> None:
    """A comment that covers the files of hosts is named with its own file."""
    (tmp_path / "lvs.cf").write_text(DIRECT + "# lvscf: ignore-file[LVS701] a typo\n")
    (tmp_path / "rules").write_text("iptables -A INPUT -p tcp -dport 80 -j ACCEPT\n")
    result = run(*LINT, "--select", "LVS7", "--show-suppressed", "lvs.cf", "--router", "rules")

    assert result.returncode == 0
    number = DIRECT.count("\n") + 1
    assert result.stdout.decode().startswith(
        f"rules:1:26: error LVS701 firewall-syntax: (suppressed by the comment on line {number} of "
        "lvs.cf: a typo) "
    )


def test_odd_names(run: Run, estate: Path) -> None:
    """Names that are none are no trouble."""
    (estate / "lvscf.toml").write_text("per-file-ignores = { 'x/*' = ['LVS1'], '[' = ['LVS2'] }\n")
    nameless = run(*LINT, "-", "--stdin-filename", "", stdin=BAD.encode())
    assert told(nameless.stdout) == ["LVS202", "LVS103"]
    for option in ("--baseline", "--write-baseline"):
        for name in ("", "-"):
            assert "the baseline must be a file" in one_sentence(run(*LINT, *FILES, option, name))


def test_baselines_that_cannot_be_written(run: Run, estate: Path) -> None:
    """A missing folder, and files that could not be linted: nothing is left behind."""
    before = sorted(estate.iterdir())
    assert "nowhere/known.json cannot be written (No such file or directory)" in one_sentence(
        run(*LINT, *FILES, "--write-baseline", "nowhere/known.json")
    )
    partly = run(*LINT, *FILES, "nowhere.cf", "--write-baseline", "known.json")
    assert partly.returncode == 2
    assert b"the baseline was not written, because not all files could be read" in partly.stderr
    assert sorted(estate.iterdir()) == before


def test_fix_leaves_alone_what_the_baseline_knows(run: Run, estate: Path) -> None:
    """What is known stays as it is; what is new is fixed."""
    file = estate / "old" / "lvs.cf"
    old = DIRECT.replace("keepalive = 6\n", "keepalive = 6 # seconds\n")
    file.write_text(old)
    run(*LINT, "old/lvs.cf", "--write-baseline", "known.json")
    known = ("--baseline", "known.json")

    result = run(*LINT, "--fix", "old/lvs.cf", *known)
    assert (result.returncode, file.read_text()) == (0, old)
    result = run("lint", "--fix", "--format", "full", "old/lvs.cf", *known)
    assert b"Fixed nothing.\n" in result.stdout
    assert run(*LINT, "--diff", "old/lvs.cf", *known).stdout == b""

    file.write_text(old.replace("deadtime = 18\n", "deadtime = 18 # seconds\n"))
    result = run(*LINT, "--fix", "old/lvs.cf", *known)
    mended = old.replace("deadtime = 18\n", "# seconds\ndeadtime = 18\n")
    assert (result.returncode, file.read_text()) == (0, mended)

    # A baseline that is written anew holds what cannot be fixed.
    run(*LINT, "--fix", "old/lvs.cf", "--write-baseline", "known.json")
    assert "# seconds\nkeepalive = 6\n" in file.read_text()
    assert entries(estate / "known.json") == []
