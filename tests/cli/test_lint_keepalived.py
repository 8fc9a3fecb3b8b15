"""`lvscf lint --as keepalived`, as a process."""

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.keepalived.linting.configurations import (
    MARKED,
    MARKING,
    NOTHING,
    PLAIN,
    REDIRECTING,
    ROUTER,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A configuration with an included file, and the rules of its hosts."""
    (tmp_path / "keepalived.conf").write_text(MARKED + "include more.conf\n")
    more = PLAIN.partition("virtual_server")[2].replace(" 80 {", " 81 {")
    (tmp_path / "more.conf").write_text(f"virtual_server{more}")
    (tmp_path / "router.txt").write_text(ROUTER.format(MARKING))
    (tmp_path / "good.txt").write_text(
        REDIRECTING.replace("--dport 80", "-m multiport --dports 80,81")
    )
    (tmp_path / "bad.txt").write_text(NOTHING)
    return tmp_path


def given(server: str) -> list[str]:
    return ["--router", "router.txt", "--real-server", f"10.10.1.31={server}.txt"]


def test_good_cluster(run: Run, folder: Path) -> None:
    """No findings, exit status 0, and how many packets were followed."""
    done = run("lint", "--as", "keepalived", "keepalived.conf", *given("good"), folder=folder)

    assert (done.returncode, done.stderr) == (0, b"")
    assert b"No findings in 1 file; followed " in done.stdout


def test_findings_of_all_files(run: Run, folder: Path) -> None:
    """Each is shown with the line of its own file, in every format."""
    command = ["lint", "--as", "keepalived", "keepalived.conf", *given("bad")]

    done = run(*command, folder=folder)
    assert done.returncode == 1
    assert b"--> keepalived.conf:13:17\n" in done.stdout
    assert b"--> more.conf:4:17\n" in done.stdout
    assert b"4 |     real_server 10.10.1.31 81 {\n" in done.stdout
    found = json.loads(run(*command, "--format", "json", folder=folder).stdout)
    assert {one["code"] for one in found["findings"]} == {"LVS501"}
    for name in ("concise", "github", "gitlab", "sarif", "junit", "rdjson"):
        done = run(*command, "--format", name, folder=folder)
        assert (done.returncode, done.stderr) == (1, b"")
        assert b"more.conf" in done.stdout


def test_options_of_selection(run: Run, folder: Path) -> None:
    """`--ignore`, `--fail-on` and `--exit-zero` are those of any file."""
    command = ["lint", "--as", "keepalived", "keepalived.conf", *given("bad")]

    assert run(*command, "--ignore", "LVS501", folder=folder).returncode == 0
    assert run(*command, "--exit-zero", folder=folder).returncode == 0
    assert run(*command, "--select", "LVS999", folder=folder).returncode == 2


def test_what_is_not_read_is_told(run: Run) -> None:
    """With its line, on standard error."""
    text = f"{PLAIN}include more.conf\n@main static_ipaddress {{\n}}\n"

    done = run("lint", "--as", "keepalived", "-", stdin=text.encode())

    lines = done.stderr.decode().splitlines()
    assert done.returncode == 0
    assert len(lines) == 3
    assert lines[0].startswith("lvscf: <stdin>:19:9: `more.conf` is not read: the folder")
    assert lines[1].startswith("lvscf: <stdin>:20:1: which lines hold depends on the config id")
    known = run("lint", "--as", "keepalived", "--config-id", "main", "-", stdin=text.encode())
    assert len(known.stderr.splitlines()) == 1


def test_many_gaps_are_counted(run: Run) -> None:
    """A file of another kind does not fill the terminal."""
    done = run("lint", "--as", "keepalived", "-", stdin=b"primary = 10.0.0.1\n" * 50)

    lines = done.stderr.decode().splitlines()
    assert len(lines) == 22
    assert lines[20] == "lvscf: 30 more parts were not read"


def test_file_without_virtual_servers(run: Run) -> None:
    """It is no error, but nothing was checked."""
    done = run("lint", "--as", "keepalived", "-", stdin=b"global_defs {\n}\n")

    assert done.returncode == 0
    assert b"<stdin> has no virtual server, so there is nothing to check" in done.stderr


@pytest.mark.parametrize(
    "options",
    [
        ["--fix"],
        ["--diff"],
        ["--pair", "other.cf"],
        ["--target", "0.8.6-3"],
        ["--baseline", "known.json"],
        ["--write-baseline", "known.json"],
    ],
)
def test_options_for_an_lvs_cf(run: Run, folder: Path, options: list[str]) -> None:
    """They are refused in a sentence."""
    done = run("lint", "--as", "keepalived", "keepalived.conf", *options, folder=folder)

    assert (done.returncode, done.stdout) == (2, b"")
    assert f"{options[0]} is for an lvs.cf" in done.stderr.decode()


def test_files_that_cannot_be_used(run: Run, folder: Path) -> None:
    """A folder, a missing file, and an option for a keepalived.conf with an lvs.cf."""
    assert (
        b"is a directory; name the keepalived.conf in it"
        in run("lint", "--as", "keepalived", ".", folder=folder).stderr
    )
    missing = run("lint", "--as", "keepalived", "none.conf", "keepalived.conf", folder=folder)
    assert missing.returncode == 2
    assert b"LVS400" in missing.stdout
    assert run("lint", "--config-id", "main", "keepalived.conf", folder=folder).returncode == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("network = direkt\nvirtual web {\n}\n", "is an lvs.cf, not a keepalived.conf; lint it"),
        ('{"virtual_servers": []}\n', "contains JSON, not a keepalived.conf"),
    ],
)
def test_another_kind_of_file(run: Run, tmp_path: Path, text: str, sentence: str) -> None:
    """It is not clean, but in the wrong place, also if Piranha rejects it."""
    (tmp_path / "other").write_text(text)
    done = run("lint", "--as", "keepalived", "other", folder=tmp_path)

    assert (done.returncode, done.stdout) == (2, b"")
    assert sentence in done.stderr.decode()
