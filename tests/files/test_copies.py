"""`lvscf lint` with the other router's file: `--pair` and the settings, as a process."""

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.good import DIRECT
from tests.processes import one_sentence, told

LINT = ("lint", "--format", "concise", "--ignore", "LVS400")
OTHER = DIRECT.replace("scheduler = wlc", "scheduler = rr")
TOML = """\
[cluster.routers."10.10.1.21"]
lvs-cf = "lvs-d01/lvs.cf"
[cluster.routers."10.10.1.22"]
lvs-cf = "lvs-d02/lvs.cf"
"""


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """The files of two routers, which differ in the scheduler."""
    for name, text in (("lvs-d01", DIRECT), ("lvs-d02", OTHER)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "lvs.cf").write_text(text)
    return tmp_path


def test_pair(run: Run, estate: Path) -> None:
    """A difference is a finding at the linted file's value; without `--pair` there is none."""
    result = run(*LINT, "lvs-d01/lvs.cf", "--pair", "lvs-d02/lvs.cf")

    line = DIRECT[: DIRECT.index("scheduler")].count("\n") + 1
    assert result.stdout.decode() == (
        f"lvs-d01/lvs.cf:{line}:18: error LVS904 routers-files-differ: `scheduler` is `wlc` here "
        "and `rr` in `lvs-d02/lvs.cf`: the cluster behaves differently depending on which router is "
        "active.\n"
    )
    assert result.returncode == 1
    assert run(*LINT, "lvs-d01/lvs.cf").returncode == 0
    assert run(*LINT, "lvs-d01/lvs.cf", "--pair", "lvs-d01/lvs.cf").returncode == 0


def test_reports_show_both_places(run: Run, estate: Path) -> None:
    """The other file's line is shown, too, also if both texts have one name."""
    shown = run("lint", "lvs-d01/lvs.cf", "--pair", "lvs-d02/lvs.cf").stdout.decode()
    assert "     scheduler = wlc\n" in shown
    assert "     scheduler = rr\n" in shown
    assert "lvs-d02/lvs.cf:" in shown

    arguments = ("lint", "--format", "json", "-", "--pair", "lvs-d02/lvs.cf")
    same_name = ("--stdin-filename", "lvs-d02/lvs.cf", "--select", "LVS904")
    short = "keepalive = 6\n"
    report = json.loads(run(*arguments, *same_name, stdin=short.encode()).stdout)
    names = {one["filename"] for finding in report["findings"] for one in finding["related"]}
    assert names == {"lvs-d02/lvs.cf (pair)"}
    shown = run("lint", *arguments[3:], *same_name, stdin=short.encode()).stdout.decode()
    assert "primary = 10.10.1.21\n" in shown


def test_refused_pair(run: Run, estate: Path) -> None:
    """A file that Piranha refuses is one finding; one that is not there is a sentence."""
    for content in (b"keepalive = six\n", b"", b"primary = 10.0.0.1\n\0", b"\xff\n"):
        (estate / "lvs-d02" / "lvs.cf").write_bytes(content)
        result = run(*LINT, "lvs-d01/lvs.cf", "--pair", "lvs-d02/lvs.cf")
        assert told(result.stdout) == ["LVS904"]
    assert "no such file" in one_sentence(run(*LINT, "lvs-d01/lvs.cf", "--pair", "nowhere.cf"))


def test_standard_input(run: Run, estate: Path) -> None:
    """Either file may come from standard input, and only one of them."""
    result = run(*LINT, "lvs-d01/lvs.cf", "--pair", "-", stdin=OTHER.encode())
    assert b"in `<stdin>`" in result.stdout
    result = run(*LINT, "-", "--pair", "lvs-d02/lvs.cf", stdin=DIRECT.encode())
    assert result.stdout.startswith(b"<stdin>:")
    assert "only once" in one_sentence(run(*LINT, "-", "--pair", "-"))


def test_pair_is_for_one_file(run: Run, estate: Path) -> None:
    """Several files have no common partner."""
    result = run(*LINT, "lvs-d01/lvs.cf", "lvs-d02/lvs.cf", "--pair", "lvs-d02/lvs.cf")
    assert "give one FILE" in one_sentence(result)


def test_settings_name_the_routers_files(run: Run, estate: Path) -> None:
    """Each router's file is compared with the other's, from wherever lvscf is run."""
    (estate / "lvscf.toml").write_text(TOML)
    both = ("lvs-d01/lvs.cf", "lvs-d02/lvs.cf")
    result = run(*LINT, *both)
    assert told(result.stdout) == ["LVS904", "LVS904"]
    assert b"in `lvs-d02/lvs.cf`" in result.stdout.splitlines()[0]
    assert b"in `lvs-d01/lvs.cf`" in result.stdout.splitlines()[1]
    assert told(run(*LINT, "lvs.cf", folder=estate / "lvs-d02").stdout) == ["LVS904"]

    named = ("--stdin-filename", "lvs-d02/lvs.cf")
    assert run(*LINT, "-", *named, stdin=DIRECT.encode()).stdout == b""
    # What is given counts in place of the settings.
    assert run(*LINT, both[0], "--pair", both[0]).returncode == 0
    (estate / "lvs-d02" / "lvs.cf").write_text(DIRECT)
    assert run(*LINT, *both).returncode == 0


def test_settings_and_a_third_file(run: Run, estate: Path) -> None:
    """A file that is no router's copy is compared with the first copy that differs."""
    (estate / "lvscf.toml").write_text(TOML)
    (estate / "lvs.cf").write_text(DIRECT)
    result = run(*LINT, "lvs.cf")
    assert told(result.stdout) == ["LVS904"]
    assert b"in `lvs-d02/lvs.cf`" in result.stdout

    (estate / "lvs-d02" / "lvs.cf").write_text(DIRECT)
    assert run(*LINT, "lvs.cf").stdout == b""


def test_settings_that_name_no_pair(run: Run, estate: Path) -> None:
    """One copy alone has no partner; real servers have none; a file must be there."""
    one = TOML[: TOML.index('[cluster.routers."10.10.1.22"]')]
    (estate / "lvscf.toml").write_text(one)
    assert run(*LINT, "lvs-d01/lvs.cf").stdout == b""
    (estate / "lvscf.toml").write_text("[cluster.real-servers.one]\nlvs-cf = 'lvs.cf'\n")
    assert "lvscf.toml:2: unknown setting `lvs-cf`" in one_sentence(run(*LINT, "lvs-d01/lvs.cf"))
    (estate / "lvscf.toml").write_text(TOML.replace("lvs-d02", "lvs-d03"))
    assert "lvs-d03/lvs.cf: there is no such file" in one_sentence(run(*LINT, "lvs-d01/lvs.cf"))


def test_fixes_are_made_although_the_pair_differs_then(run: Run, estate: Path) -> None:
    """Equal files can be mended one by one; the other one is never written."""
    first, second = (estate / name / "lvs.cf" for name in ("lvs-d01", "lvs-d02"))
    bad = DIRECT.replace('expect = "HTTP"', "expect = 'HTTP'")
    first.write_text(bad)
    second.write_text(bad)
    for file, other, codes in ((first, second, ["LVS904"]), (second, first, [])):
        result = run(*LINT, "--fix", file, "--pair", other)
        assert told(b"\n".join(result.stdout.splitlines()[:-2]) or result.stdout) == codes
    assert first.read_text() == second.read_text() != bad


def test_baseline_of_a_pair(run: Run, estate: Path) -> None:
    """A difference can be known; entries of the other file are its own."""
    (estate / "lvscf.toml").write_text(TOML)
    both = ("lvs-d01/lvs.cf", "lvs-d02/lvs.cf")
    run(*LINT, *both, "--write-baseline", "known.json")
    entries = json.loads((estate / "known.json").read_text())["findings"]
    assert [(one["file"], one["place"], one["code"]) for one in entries] == [
        (name, "virtual web/scheduler", "LVS904") for name in both
    ]
    for files in (both, both[:1], both[1:]):
        result = run(*LINT, *files, "--baseline", "known.json")
        assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
    (estate / "lvscf.toml").unlink()  # not compared any more, which is not the same as fixed
    assert run(*LINT, *both, "--baseline", "known.json").stderr == b""
